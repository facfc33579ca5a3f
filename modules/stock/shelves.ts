/** The stock of a unit as it stands: lots, what of them may be given, what the stock does not explain, what a day came to. */
import type { Pool, PoolClient } from 'pg';
import { addDays } from '../../kernel/text/vietnam-time.ts';
import type { Category, Lot } from './ledger.ts';

type Db = Pool | PoolClient;

/** Whose shelves. */
export interface Shelves {
  category: Category;
  unit: string;
}

/** Lots that end within so many days are shown as such. */
const SOON_DAYS = 90;

export interface LotRow extends Omit<Lot, 'unit' | 'category'> {
  isExpired: boolean;
  isSoon: boolean;
}

/** Lots with something left, on hold, or moved in the last months; the soonest expiry first: what is to be used first. */
export async function lotsOf(
  pool: Pool,
  { unit, category }: Shelves,
  today: string,
  item = '',
): Promise<LotRow[]> {
  const { rows } = await pool.query<Omit<LotRow, 'isExpired' | 'isSoon'>>(
    `select l.item, l.lot, l.expires::text as expires, l.gtin, l.pack, l.balance, l.hold, l.paid from stock.lot l
      where l.unit = $1 and l.category = $2 and ($4 = '' or l.item = $4)
        and (l.balance > 0 or l.hold <> '' or exists (select from stock.movement m
          where m.unit = l.unit and m.category = l.category and m.item = l.item and m.lot = l.lot and m.at > $3::date - 90))
      order by l.expires, l.item, l.lot`,
    [unit, category, today, item],
  );
  const soon = addDays(today, SOON_DAYS);
  return rows.map((lot) => ({ ...lot, isExpired: lot.expires < today, isSoon: lot.expires < soon }));
}

export const isUsable = (
  { hold, expires, balance }: Pick<LotRow, 'hold' | 'expires' | 'balance'>,
  day: string,
) => hold === '' && expires >= day && balance > 0;

/** What may be given of each item on a day: neither on hold nor expired, of lots that were bought to be sold or of the others. */
export async function usableOf(
  db: Db,
  { unit, category }: Shelves,
  day: string,
  paid: boolean,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ item: string; amount: number }>(
    `select item, sum(balance)::int as amount from stock.lot
      where unit = $1 and category = $2 and hold = '' and paid = $4 and expires >= $3 group by item`,
    [unit, category, day, paid],
  );
  return new Map(rows.map(({ item, amount }) => [item, amount]));
}

/** First receipt of each item, as a day: before it nothing says how it was given. */
export async function stockedSince(
  pool: Pool,
  { unit, category }: Shelves,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ item: string; since: string }>(
    `select item, (min(since) at time zone 'Asia/Ho_Chi_Minh')::date::text as since from stock.lot
      where unit = $1 and category = $2 group by item`,
    [unit, category],
  );
  return new Map(rows.map(({ item, since }) => [item, since]));
}

export interface Unexplained {
  item: string;
  lot: string;
  state: string;
  amount: number;
}

/** What was given and the stock does not explain: of a lot with less in it, or of one that was never received. */
export async function unexplainedOf(pool: Pool, { unit, category }: Shelves): Promise<Unexplained[]> {
  const { rows } = await pool.query<Unexplained>(
    `select item, lot, state, sum(amount)::int as amount from stock.taken where unit = $1 and category = $2 and state <> 'taken'
      group by item, lot, state order by item, lot`,
    [unit, category],
  );
  return rows;
}

/** What was given and what was thrown away on a day, by item. */
export async function outOn(
  db: Db,
  { unit, category }: Shelves,
  day: string,
): Promise<ReadonlyMap<string, { given: number; wasted: number }>> {
  const { rows } = await db.query<{ item: string; given: number; wasted: number }>(
    `select item, sum(given)::int as given, sum(wasted)::int as wasted from (
        select item, amount as given, 0 as wasted from stock.taken where unit = $1 and category = $2 and day = $3
        union all
        select item, 0, -amount from stock.movement
        where unit = $1 and category = $2 and kind = 'waste' and (at at time zone 'Asia/Ho_Chi_Minh')::date = $3
      ) out group by item`,
    [unit, category, day],
  );
  return new Map(rows.map(({ item, given, wasted }) => [item, { given, wasted }]));
}

/** What a package was received as before, by the number on it; of the same lot before others. null = never. */
export async function packageOf(
  pool: Pool,
  { unit, category }: Shelves,
  { gtin, lot }: { gtin: string; lot: string },
): Promise<{ item: string; pack: number } | null> {
  const { rows } = await pool.query<{ item: string; pack: number }>(
    `select item, pack from stock.lot where unit = $1 and category = $2 and gtin = $3 and gtin <> ''
      order by (lot = $4) desc, since desc limit 1`,
    [unit, category, gtin, lot],
  );
  return rows[0] ?? null;
}
