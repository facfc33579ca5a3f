/** The vaccines of a unit as they stand, with their open vials, and what a session came to. */
import type { Pool, PoolClient } from 'pg';
import { lotsOf, outOn, type LotRow as StockedLot } from '../../stock/index.ts';
import { vaccinesOf } from './keeper.ts';
import { openVialsOf, type Vial } from './vials.ts';

export interface LotRow extends StockedLot {
  name: string;
  /** Whole vials beside the open ones. */
  vials: number;
  open: Vial[];
}

/** Lots with something left, or moved in the last months; the soonest expiry first: what is to be used first. */
export async function vaccineLots(
  pool: Pool,
  unit: string,
  today: string,
  nameOf: (product: string) => string,
): Promise<LotRow[]> {
  const [lots, vials] = await Promise.all([lotsOf(pool, vaccinesOf(unit), today), openVialsOf(pool, unit)]);
  return lots.map((lot) => {
    const open = vials.filter((one) => one.item === lot.item && one.lot === lot.lot);
    const inOpen = open.reduce((all, { doses, given }) => all + doses - given, 0);
    return {
      ...lot,
      name: nameOf(lot.item),
      vials: Math.max(0, Math.floor((lot.balance - inOpen) / lot.pack)),
      open,
    };
  });
}

export interface Tally {
  product: string;
  /** Doses given, vials opened, doses thrown away on the day. */
  given: number;
  opened: number;
  wasted: number;
}

/** Persons to whom a dose was not given by the unit on a day, by code of the reason. */
export async function notGivenOf(
  pool: Pool,
  unit: string,
  programme: string,
  day: string,
): Promise<{ reason: string; people: number }[]> {
  const { rows } = await pool.query<{ reason: string; people: number }>(
    `select reason, count(distinct pt)::int as people from programmes.not_given
      where unit = $1 and programme = $2 and day = $3 group by reason order by people desc, reason`,
    [unit, programme, day],
  );
  return rows;
}

/** What a day came to, by product. */
export async function tallyOf(
  db: Pool | PoolClient,
  unit: string,
  products: readonly string[],
  day: string,
): Promise<Tally[]> {
  const out = await outOn(db, vaccinesOf(unit), day);
  const { rows } = await db.query<{ product: string; opened: number }>(
    `select product, count(*)::int as opened from programmes.vial
      where unit = $1 and (opened_at at time zone 'Asia/Ho_Chi_Minh')::date = $2 group by product`,
    [unit, day],
  );
  const opened = new Map(rows.map((row) => [row.product, row.opened]));
  return [...products]
    .sort()
    .map((product) => ({
      product,
      ...(out.get(product) ?? { given: 0, wasted: 0 }),
      opened: opened.get(product) ?? 0,
    }))
    .filter((one) => one.given > 0 || one.opened > 0 || one.wasted > 0);
}
