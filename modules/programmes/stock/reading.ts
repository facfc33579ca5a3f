/** The stock of a unit as it stands, its movements, and what a session came to. */
import type { Pool, PoolClient } from 'pg';
import type { Lot, Vial } from './ledger.ts';

export interface LotRow extends Omit<Lot, 'unit'> {
  name: string;
  /** Whole vials beside the open ones. */
  vials: number;
  open: Vial[];
  isExpired: boolean;
}

/** Lots with something left, or moved in the last months; the soonest expiry first: what is to be used first. */
export async function lotsOf(
  pool: Pool,
  unit: string,
  today: string,
  nameOf: (product: string) => string,
): Promise<LotRow[]> {
  const [lots, vials] = await Promise.all([
    pool.query<Omit<Lot, 'unit'>>(
      `select l.product, l.lot, l.expires::text as expires, l.gtin, l.vial, l.balance, l.hold, l.paid from programmes.lot l
        where l.unit = $1 and (l.balance > 0 or l.hold <> '' or exists (select from programmes.movement m
          where m.unit = l.unit and m.product = l.product and m.lot = l.lot and m.at > $2::date - 30))
        order by l.expires, l.product, l.lot`,
      [unit, today],
    ),
    pool.query<Vial>(
      `select unit, id, product, lot, doses, given, opened_at as "openedAt", discard_at as "discardAt" from programmes.vial
        where unit = $1 and closed_at is null order by discard_at, opened_at, id`,
      [unit],
    ),
  ]);
  return lots.rows.map((lot) => {
    const open = vials.rows.filter((one) => one.product === lot.product && one.lot === lot.lot);
    const inOpen = open.reduce((all, { doses, given }) => all + doses - given, 0);
    return {
      ...lot,
      name: nameOf(lot.product),
      vials: Math.max(0, Math.floor((lot.balance - inOpen) / lot.vial)),
      open,
      isExpired: lot.expires < today,
    };
  });
}

export interface MovementRow {
  kind: string;
  doses: number;
  at: string;
  who: string;
  why: string;
}

const MOST_MOVEMENTS = 200;

/** The last movements of a lot, the newest first. */
export async function movementsOf(
  pool: Pool,
  unit: string,
  product: string,
  lot: string,
): Promise<MovementRow[]> {
  const { rows } = await pool.query<MovementRow>(
    `select kind, doses, at, who, why from programmes.movement where unit = $1 and product = $2 and lot = $3
      order by at desc, id limit ${MOST_MOVEMENTS}`,
    [unit, product, lot],
  );
  return rows;
}

/** Doses that the stock does not explain: given with nothing left, or of a lot that was never received. */
export async function unexplainedOf(
  pool: Pool,
  unit: string,
): Promise<{ product: string; lot: string; state: string; doses: number }[]> {
  const { rows } = await pool.query<{ product: string; lot: string; state: string; doses: number }>(
    `select product, lot, state, count(*)::int as doses from programmes.dose_taken where unit = $1 and state <> 'taken'
      group by product, lot, state order by product, lot`,
    [unit],
  );
  return rows;
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

/** Doses of each product that a session of the programme may give on a day: neither on hold nor expired nor bought to be sold. */
export async function usableOf(pool: Pool, unit: string, day: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ product: string; doses: number }>(
    `select product, sum(balance)::int as doses from programmes.lot
      where unit = $1 and hold = '' and not paid and expires >= $2 group by product`,
    [unit, day],
  );
  return new Map(rows.map(({ product, doses }) => [product, doses]));
}

/** What a day came to, by product. */
export async function tallyOf(
  db: Pool | PoolClient,
  unit: string,
  products: readonly string[],
  day: string,
): Promise<Tally[]> {
  const { rows } = await db.query<Tally>(
    `with given as (
        select product, count(*)::int as n from programmes.dose_taken where unit = $1 and day = $3 group by product),
      opened as (
        select product, count(*)::int as n from programmes.vial
        where unit = $1 and (opened_at at time zone 'Asia/Ho_Chi_Minh')::date = $3 group by product),
      wasted as (
        select product, -sum(doses)::int as n from programmes.movement
        where unit = $1 and kind = 'waste' and (at at time zone 'Asia/Ho_Chi_Minh')::date = $3 group by product)
      select p.product, coalesce(given.n, 0) as given, coalesce(opened.n, 0) as opened, coalesce(wasted.n, 0) as wasted
      from unnest($2::text[]) p(product) left join given using (product) left join opened using (product) left join wasted using (product)
      where given.n > 0 or opened.n > 0 or wasted.n > 0 order by p.product`,
    [unit, products, day],
  );
  return rows;
}
