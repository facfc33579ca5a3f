/**
 * Vials of several doses that were opened: what is left of them is thrown away when they are over, at the latest with their session.
 * What the unit has of a lot says the one ledger (modules/stock); its lot is locked by whoever opens or empties a vial.
 */
import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { refusal } from '../../../kernel/asking.ts';
import {
  type By,
  type Lot,
  type LotKey,
  lockLot,
  move,
  type Packages,
  refuseUnusable,
} from '../../stock/index.ts';
import { vaccinesOf } from './keeper.ts';

export interface Vial {
  id: string;
  /** `system|code`. */
  item: string;
  lot: string;
  doses: number;
  given: number;
  openedAt: string;
  discardAt: string;
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
  if (isWithoutWhole(lot, await openVials(client, key)))
    throw refusal(
      'lot',
      `Lô ${lot.lot} không còn lọ nguyên nào.`,
      `No whole vial is left of lot ${lot.lot}.`,
    );
  return writeOpened(client, lot, by.now, discardAt, by);
}

/** Whether less is left beside the vials that stand open than one vial holds. */
const isWithoutWhole = (lot: Lot, open: readonly Vial[]) =>
  lot.balance - open.reduce((all, { doses, given }) => all + doses - given, 0) < lot.pack;

async function writeOpened(
  client: PoolClient,
  { unit, item, lot, pack }: Lot,
  at: Date,
  discardAt: Date,
  by: By,
): Promise<Vial> {
  const id = randomUUID();
  await client.query(
    `insert into programmes.vial (unit, id, product, lot, doses, given, opened_at, discard_at, who)
      values ($1, $2, $3, $4, $5, 0, $6, $7, $8)`,
    [unit, id, item, lot, pack, at, discardAt, by.who],
  );
  return {
    id,
    item,
    lot,
    doses: pack,
    given: 0,
    openedAt: at.toISOString(),
    discardAt: discardAt.toISOString(),
  };
}

const VIAL = `id, product as item, lot, doses, given, opened_at as "openedAt", discard_at as "discardAt"`;

/** Open vials of a lot, the one to be thrown away first before the others. */
export async function openVials(client: PoolClient, { unit, item, lot }: LotKey): Promise<Vial[]> {
  const { rows } = await client.query<Vial>(
    `select ${VIAL} from programmes.vial where unit = $1 and product = $2 and lot = $3 and closed_at is null
      order by discard_at, opened_at, id`,
    [unit, item, lot],
  );
  return rows;
}

/** All open vials of the unit. */
export async function openVialsOf(pool: Pool, unit: string): Promise<Vial[]> {
  const { rows } = await pool.query<Vial>(
    `select ${VIAL} from programmes.vial where unit = $1 and closed_at is null order by discard_at, opened_at, id`,
    [unit],
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
  const lot = await lockLot(client, { ...vaccinesOf(unit), item: found.item, lot: found.lot });
  const closed = await client.query<{ given: number }>(
    'update programmes.vial set closed_at = $3 where unit = $1 and id = $2 and closed_at is null returning given',
    [unit, id, by.now],
  );
  // A count may have found less than the vials should hold.
  const left = closed.rows[0] ? Math.min(found.doses - closed.rows[0].given, lot.balance) : 0;
  if (left > 0) await move(client, lot, { kind: 'waste', amount: -left, why, package: id }, by);
  return left;
}

/** Vials of vaccine as the packages of the ledger. @param discardAt when a vial of the item that is opened at an instant is over */
export function vialPackages(discardAt: (item: string, opened: Date) => Date): Packages {
  return {
    async take(client, lot, { at }, by) {
      const vial = await vialFor(client, lot, at, discardAt(lot.item, at), by);
      if (vial !== null)
        await client.query(
          `update programmes.vial set given = given + 1, closed_at = case when given + 1 = doses then $3 else closed_at end
            where unit = $1 and id = $2`,
          [lot.unit, vial, at],
        );
      return vial;
    },
    async giveBack(client, { unit, package: vial }, by) {
      const { rowCount } = await client.query(
        `update programmes.vial set given = given - 1, closed_at = case when given = doses and discard_at > $3 then null else closed_at end
          where unit = $1 and id = $2 and given > 0 and (closed_at is null or (given = doses and discard_at > $3))`,
        [unit, vial, by.now],
      );
      return rowCount !== 0;
    },
  };
}

/** A vial that stands open and is not over, else one that is opened; null where no whole one is left. */
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
  // Less than a vial: what a count found, without a vial of its own.
  if (isWithoutWhole(lot, open)) return null;
  return (await writeOpened(client, lot, at, discardAt, by)).id;
}
