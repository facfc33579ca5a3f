/**
 * Stock of a unit by lot: movements that are only ever added, and the balance that they make, kept in the same transaction and
 * never below zero. The lot's row is locked by whoever moves it, so two who take the last box do not both get it.
 */
import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { refusal } from './asking.ts';

export interface LotKey {
  unit: string;
  /** Code of the list of medicines. */
  medicine: string;
  lot: string;
}

/** Who does it and when: instant. */
export interface By {
  who: string;
  now: Date;
}

export interface Lot extends LotKey {
  expires: string;
  gtin: string;
  balance: number;
  hold: string;
}

export type MovementKind =
  | 'receipt'
  | 'issue'
  | 'waste'
  | 'count'
  | 'dispense'
  | 'dispense-void'
  | 'hold'
  | 'release';

export interface Receipt extends LotKey {
  expires: string;
  gtin: string;
  amount: number;
  from: string;
}

/** @throws Failure `business-rule` when the lot stands there with another expiry */
export async function receive(client: PoolClient, receipt: Receipt, by: By): Promise<Lot> {
  const { unit, medicine, lot, expires, gtin, amount, from } = receipt;
  await client.query(
    `insert into medicines.lot (unit, medicine, lot, expires, gtin, balance, hold, since)
      values ($1, $2, $3, $4, $5, 0, '', $6) on conflict (unit, medicine, lot) do nothing`,
    [unit, medicine, lot, expires, gtin, by.now],
  );
  const known = await lockLot(client, receipt);
  if (known.expires !== expires)
    throw refusal(
      'expires',
      `Lô ${lot} đã nhập với hạn dùng ${known.expires.split('-').reverse().join('/')}: xem lại nhãn.`,
      `Lot ${lot} stands there with the expiry ${known.expires}.`,
    );
  return move(client, known, { kind: 'receipt', amount, why: from }, by);
}

/** The lot, for whoever is about to move it. @throws Failure `business-rule` when the unit has none of it */
export async function lockLot(client: PoolClient, key: LotKey): Promise<Lot> {
  const found = await findLot(client, key);
  if (found) return found;
  throw refusal('lot', `Kho không có lô ${key.lot}.`, `There is no lot ${key.lot} in stock.`);
}

export async function findLot(client: PoolClient, { unit, medicine, lot }: LotKey): Promise<Lot | null> {
  const { rows } = await client.query<Lot>(
    `select unit, medicine, lot, expires::text as expires, gtin, balance, hold from medicines.lot
      where unit = $1 and medicine = $2 and lot = $3 for update`,
    [unit, medicine, lot],
  );
  return rows[0] ?? null;
}

export interface Movement {
  kind: MovementKind;
  /** What the balance changes by. */
  amount: number;
  why: string;
}

/** @throws Failure `business-rule` for more than there is */
export async function move(client: PoolClient, lot: Lot, movement: Movement, by: By): Promise<Lot> {
  const balance = lot.balance + movement.amount;
  if (balance < 0)
    throw refusal(
      'amount',
      `Lô ${lot.lot} chỉ còn ${lot.balance.toLocaleString('vi-VN')}.`,
      `Only ${lot.balance} are left of lot ${lot.lot}.`,
    );
  await client.query(
    `insert into medicines.movement (unit, id, medicine, lot, kind, amount, at, who, why)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      lot.unit,
      randomUUID(),
      lot.medicine,
      lot.lot,
      movement.kind,
      movement.amount,
      by.now,
      by.who,
      movement.why,
    ],
  );
  await client.query('update medicines.lot set balance = $4 where unit = $1 and medicine = $2 and lot = $3', [
    lot.unit,
    lot.medicine,
    lot.lot,
    balance,
  ]);
  return { ...lot, balance };
}

/** Nothing is handed out of a lot on hold (recall, broken package, wrong storage); '' frees it. */
export async function holdLot(client: PoolClient, key: LotKey, why: string, by: By): Promise<void> {
  const lot = await lockLot(client, key);
  await client.query('update medicines.lot set hold = $4 where unit = $1 and medicine = $2 and lot = $3', [
    key.unit,
    key.medicine,
    key.lot,
    why,
  ]);
  await move(client, lot, { kind: why === '' ? 'release' : 'hold', amount: 0, why }, by);
}
