/**
 * Stock of a unit by lot: movements that are only ever added, and the balance that they make, kept in the same transaction and
 * never below zero. The lot's row is locked by whoever moves it, so two who take the last box do not both get it.
 */
import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { refusal } from '../../kernel/asking.ts';

/** Whose ledger of a unit: each user of the room has one of its own. */
export type Category = 'medicine' | 'vaccine';

export interface LotKey {
  category: Category;
  unit: string;
  /** Code by which the user of the ledger names it. */
  item: string;
  lot: string;
}

/** Who does it and when: instant. */
export interface By {
  who: string;
  now: Date;
}

export interface Lot extends LotKey {
  /** ISO day. */
  expires: string;
  gtin: string;
  /** Amount in what is opened at once (doses of a vial); 1 = each by itself. */
  pack: number;
  balance: number;
  hold: string;
  /** Bought to be sold; else of the State, for which nobody pays. */
  paid: boolean;
}

/** By hand: receipt, issue, waste, count, hold, release; by the record: the words of the user of the ledger. */
export type MovementKind =
  | 'receipt'
  | 'issue'
  | 'waste'
  | 'count'
  | 'hold'
  | 'release'
  | 'dose'
  | 'dose-void'
  | 'dispense'
  | 'dispense-void';

export interface Receipt extends LotKey {
  expires: string;
  gtin: string;
  pack: number;
  amount: number;
  from: string;
  paid: boolean;
}

/** @throws Failure `business-rule` when the lot stands there with another expiry, pack or payer */
export async function receive(client: PoolClient, receipt: Receipt, by: By): Promise<Lot> {
  const { unit, category, item, lot, expires, gtin, pack, amount, from, paid } = receipt;
  await client.query(
    `insert into stock.lot (unit, category, item, lot, expires, gtin, pack, balance, hold, paid, since)
      values ($1, $2, $3, $4, $5, $6, $7, 0, '', $8, $9) on conflict (unit, category, item, lot) do nothing`,
    [unit, category, item, lot, expires, gtin, pack, paid, by.now],
  );
  const known = await lockLot(client, receipt);
  refuseOther(known, receipt);
  return move(client, known, { kind: 'receipt', amount, why: from }, by);
}

function refuseOther(known: Lot, { lot, expires, pack, paid }: Receipt): void {
  if (known.expires !== expires)
    throw refusal(
      'expires',
      `Lô ${lot} đã nhập với hạn dùng ${known.expires.split('-').reverse().join('/')}: xem lại nhãn.`,
      `Lot ${lot} stands there with the expiry ${known.expires}.`,
    );
  if (known.pack !== pack)
    throw refusal(
      'pack',
      `Lô ${lot} đã nhập với ${known.pack} liều một lọ: xem lại nhãn.`,
      `Lot ${lot} stands there with ${known.pack} in a package.`,
    );
  if (known.paid !== paid)
    throw refusal(
      'paid',
      `Lô ${lot} đã nhập là ${known.paid ? 'hàng dịch vụ, để bán' : 'hàng của chương trình, không thu tiền'}: xem lại phiếu nhập.`,
      `Lot ${lot} stands there as ${known.paid ? 'bought to be sold' : 'of the programme'}.`,
    );
}

/** The lot, for whoever is about to move it. @throws Failure `business-rule` when the unit has none of it */
export async function lockLot(client: PoolClient, key: LotKey): Promise<Lot> {
  const found = await findLot(client, key);
  if (found) return found;
  throw refusal('lot', `Kho không có lô ${key.lot}.`, `There is no lot ${key.lot} in stock.`);
}

const LOT = `select unit, category, item, lot, expires::text as expires, gtin, pack, balance, hold, paid from stock.lot
  where unit = $1 and category = $2 and item = $3 and lot = $4`;

/** Locked until the transaction ends. */
export async function findLot(client: PoolClient, key: LotKey): Promise<Lot | null> {
  const { rows } = await client.query<Lot>(`${LOT} for update`, [key.unit, key.category, key.item, key.lot]);
  return rows[0] ?? null;
}

/** As it stands, without a lock. */
export async function readLot(pool: Pool, { unit, category, item, lot }: LotKey): Promise<Lot | null> {
  const { rows } = await pool.query<Lot>(LOT, [unit, category, item, lot]);
  return rows[0] ?? null;
}

export interface Movement {
  kind: MovementKind;
  /** What the balance changes by. */
  amount: number;
  why: string;
  /** What was opened of the lot; none unless said. */
  package?: string | null;
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
  const { unit, category, item } = lot;
  const { kind, amount, why, package: opened = null } = movement;
  await client.query(
    `insert into stock.movement (unit, id, category, item, lot, kind, amount, at, who, why, package)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [unit, randomUUID(), category, item, lot.lot, kind, amount, by.now, by.who, why, opened],
  );
  await client.query(
    'update stock.lot set balance = $5 where unit = $1 and category = $2 and item = $3 and lot = $4',
    [unit, category, item, lot.lot, balance],
  );
  return { ...lot, balance };
}

/** Nothing is given of a lot on hold (recall, reaction, broken cold chain, wrong storage); '' frees it. */
export async function holdLot(client: PoolClient, key: LotKey, why: string, by: By): Promise<void> {
  const lot = await lockLot(client, key);
  await client.query(
    'update stock.lot set hold = $5 where unit = $1 and category = $2 and item = $3 and lot = $4',
    [key.unit, key.category, key.item, key.lot, why],
  );
  await move(client, lot, { kind: why === '' ? 'release' : 'hold', amount: 0, why }, by);
}

/** @throws Failure `business-rule` for a lot that is expired or on hold */
export function refuseUnusable(lot: Pick<Lot, 'lot' | 'expires' | 'hold'>, today: string): void {
  if (lot.hold !== '')
    throw refusal(
      'lot',
      `Lô ${lot.lot} đang bị giữ: ${lot.hold}. Không được dùng.`,
      `Lot ${lot.lot} is on hold: ${lot.hold}.`,
    );
  if (lot.expires < today) throw refusal('lot', `Lô ${lot.lot} đã hết hạn.`, `Lot ${lot.lot} is expired.`);
}
