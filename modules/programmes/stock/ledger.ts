/**
 * Stock of a unit by lot: movements that are only ever added, and the balance that they make, kept in the same transaction and
 * never below zero. The lot's row is locked by whoever moves it, so two who take the last dose do not both get it.
 */
import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { Failure } from '../../../kernel/failure.ts';

export interface LotKey {
  unit: string;
  /** `system|code`. */
  product: string;
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
  vial: number;
  balance: number;
  hold: string;
  /** Bought to be sold; else of the State, for which nobody pays. */
  paid: boolean;
}

export interface Vial extends LotKey {
  id: string;
  doses: number;
  given: number;
  openedAt: string;
  discardAt: string;
}

export type MovementKind =
  | 'receipt'
  | 'issue'
  | 'waste'
  | 'count'
  | 'dose'
  | 'dose-void'
  | 'hold'
  | 'release';

const refusal = (expression: string, vi: string, en: string) =>
  new Failure('business-rule', vi, { textEn: en, expression });

export interface Receipt extends LotKey {
  expires: string;
  gtin: string;
  /** Doses of a vial, and vials. */
  vial: number;
  vials: number;
  from: string;
  paid: boolean;
}

/** @throws Failure `business-rule` when the lot stands there with another expiry, size or payer */
export async function receive(client: PoolClient, receipt: Receipt, by: By): Promise<Lot> {
  const { unit, product, lot, expires, gtin, vial, vials, from, paid } = receipt;
  const doses = vial * vials;
  await client.query(
    `insert into programmes.lot (unit, product, lot, expires, gtin, vial, balance, hold, since, paid)
      values ($1, $2, $3, $4, $5, $6, 0, '', $7, $8) on conflict (unit, product, lot) do nothing`,
    [unit, product, lot, expires, gtin, vial, by.now, paid],
  );
  const known = await lockLot(client, receipt);
  if (known.expires !== expires)
    throw refusal(
      'expires',
      `Lô ${lot} đã nhập với hạn dùng ${known.expires}: xem lại nhãn.`,
      `Lot ${lot} stands there with the expiry ${known.expires}.`,
    );
  if (known.vial !== vial)
    throw refusal(
      'vial',
      `Lô ${lot} đã nhập với ${known.vial} liều một lọ.`,
      `Lot ${lot} stands there with ${known.vial} doses a vial.`,
    );
  if (known.paid !== paid)
    throw refusal(
      'paid',
      `Lô ${lot} đã nhập là ${known.paid ? 'vắc xin dịch vụ' : 'vắc xin của chương trình'}: xem lại phiếu nhập.`,
      `Lot ${lot} stands there as ${known.paid ? 'bought to be sold' : 'of the programme'}.`,
    );
  return move(client, known, { kind: 'receipt', doses, why: from }, by);
}

/** The lot, for whoever is about to move it. @throws Failure `business-rule` when the unit has none of it */
export async function lockLot(client: PoolClient, key: LotKey): Promise<Lot> {
  const found = await findLot(client, key);
  if (found) return found;
  throw refusal('lot', `Kho không có lô ${key.lot}.`, `There is no lot ${key.lot} in stock.`);
}

export async function findLot(client: PoolClient, { unit, product, lot }: LotKey): Promise<Lot | null> {
  const { rows } = await client.query<Lot>(
    `select unit, product, lot, expires::text as expires, gtin, vial, balance, hold, paid from programmes.lot
      where unit = $1 and product = $2 and lot = $3 for update`,
    [unit, product, lot],
  );
  return rows[0] ?? null;
}

export interface Movement {
  kind: MovementKind;
  /** What the balance changes by. */
  doses: number;
  why: string;
  vial?: string;
}

/** @throws Failure `business-rule` for more than there is */
export async function move(client: PoolClient, lot: Lot, movement: Movement, by: By): Promise<Lot> {
  const balance = lot.balance + movement.doses;
  if (balance < 0)
    throw refusal(
      'doses',
      `Lô ${lot.lot} chỉ còn ${lot.balance} liều.`,
      `Only ${lot.balance} doses are left of lot ${lot.lot}.`,
    );
  await client.query(
    `insert into programmes.movement (unit, id, product, lot, kind, doses, at, who, why, vial)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      lot.unit,
      randomUUID(),
      lot.product,
      lot.lot,
      movement.kind,
      movement.doses,
      by.now,
      by.who,
      movement.why,
      movement.vial ?? null,
    ],
  );
  await client.query('update programmes.lot set balance = $4 where unit = $1 and product = $2 and lot = $3', [
    lot.unit,
    lot.product,
    lot.lot,
    balance,
  ]);
  return { ...lot, balance };
}

/** Nothing is given of a lot on hold (reaction, broken cold chain, vial monitor); '' frees it. */
export async function holdLot(client: PoolClient, key: LotKey, why: string, by: By): Promise<void> {
  const lot = await lockLot(client, key);
  await client.query('update programmes.lot set hold = $4 where unit = $1 and product = $2 and lot = $3', [
    key.unit,
    key.product,
    key.lot,
    why,
  ]);
  await move(client, lot, { kind: why === '' ? 'release' : 'hold', doses: 0, why }, by);
}

/**
 * Opens a vial of the lot. Whole vials are what the balance has beside the vials that stand open.
 * @throws Failure `business-rule` when the lot is expired, on hold, or has no whole vial left
 */
export async function openVial(
  client: PoolClient,
  key: LotKey,
  discardAt: Date,
  today: string,
  by: By,
): Promise<Vial> {
  const lot = await lockLot(client, key);
  refuseUnusable(lot, today);
  const open = await openVials(client, key);
  const inOpen = open.reduce((all, { doses, given }) => all + doses - given, 0);
  if (lot.balance - inOpen < lot.vial)
    throw refusal(
      'lot',
      `Lô ${lot.lot} không còn lọ nguyên nào.`,
      `No whole vial is left of lot ${lot.lot}.`,
    );
  const id = randomUUID();
  await client.query(
    `insert into programmes.vial (unit, id, product, lot, doses, given, opened_at, discard_at, who)
      values ($1, $2, $3, $4, $5, 0, $6, $7, $8)`,
    [key.unit, id, key.product, key.lot, lot.vial, by.now, discardAt, by.who],
  );
  return {
    ...key,
    id,
    doses: lot.vial,
    given: 0,
    openedAt: by.now.toISOString(),
    discardAt: discardAt.toISOString(),
  };
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

const VIAL = `unit, id, product, lot, doses, given, opened_at as "openedAt", discard_at as "discardAt"`;

/** Open vials of a lot, the one to be thrown away first before the others. */
export async function openVials(client: Pool | PoolClient, { unit, product, lot }: LotKey): Promise<Vial[]> {
  const { rows } = await client.query<Vial>(
    `select ${VIAL} from programmes.vial where unit = $1 and product = $2 and lot = $3 and closed_at is null
      order by discard_at, opened_at, id`,
    [unit, product, lot],
  );
  return rows;
}

/** Throws away what is left of a vial; nothing when it was closed already. @returns doses that were lost */
export async function discardVial(
  client: PoolClient,
  unit: string,
  id: string,
  why: string,
  by: By,
): Promise<number> {
  const { rows } = await client.query<Vial>(
    `select ${VIAL} from programmes.vial where unit = $1 and id = $2 and closed_at is null`,
    [unit, id],
  );
  const [found] = rows;
  if (!found) throw refusal('vial', 'Lọ này không còn mở.', 'This vial is not open.');
  const lot = await lockLot(client, found);
  const closed = await client.query<{ given: number }>(
    'update programmes.vial set closed_at = $3 where unit = $1 and id = $2 and closed_at is null returning given',
    [unit, id, by.now],
  );
  // A count may have found less than the vials should hold.
  const left = closed.rows[0] ? Math.min(found.doses - closed.rows[0].given, lot.balance) : 0;
  if (left > 0) await move(client, lot, { kind: 'waste', doses: -left, why, vial: id }, by);
  return left;
}

/**
 * Takes one dose out of the stock: of a vial that stands open and is not over, else a vial is opened.
 * @param discardAt when a vial that is opened now is over
 * @returns null when there is none: the dose was given, the stock says otherwise
 */
export async function takeDose(
  client: PoolClient,
  lot: Lot,
  at: Date,
  discardAt: Date,
  by: By,
): Promise<{ vial: string | null } | null> {
  if (lot.balance < 1) return null;
  const vial = lot.vial === 1 ? null : await vialFor(client, lot, at, discardAt, by);
  if (vial !== null)
    await client.query('update programmes.vial set given = given + 1 where unit = $1 and id = $2', [
      lot.unit,
      vial,
    ]);
  await move(client, lot, { kind: 'dose', doses: -1, why: '', ...(vial === null ? {} : { vial }) }, by);
  if (vial !== null)
    await client.query(
      'update programmes.vial set closed_at = $3 where unit = $1 and id = $2 and given = doses and closed_at is null',
      [lot.unit, vial, at],
    );
  return { vial };
}

async function vialFor(
  client: PoolClient,
  lot: Lot,
  at: Date,
  discardAt: Date,
  by: By,
): Promise<string | null> {
  const open = await openVials(client, lot);
  const usable = open.find(
    ({ openedAt, discardAt: end, doses, given }) =>
      new Date(openedAt) <= at && at <= new Date(end) && given < doses,
  );
  if (usable) return usable.id;
  const inOpen = open.reduce((all, { doses, given }) => all + doses - given, 0);
  // Less than a vial: what a count found, without a vial of its own.
  if (lot.balance - inOpen < lot.vial) return null;
  const id = randomUUID();
  await client.query(
    `insert into programmes.vial (unit, id, product, lot, doses, given, opened_at, discard_at, who)
      values ($1, $2, $3, $4, $5, 0, $6, $7, $8)`,
    [lot.unit, id, lot.product, lot.lot, lot.vial, at, discardAt, by.who],
  );
  return id;
}
