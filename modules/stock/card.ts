/** The card of an item: what came and went, with what was left after it. */
import type { Pool } from 'pg';
import type { Shelves } from './shelves.ts';

export interface MovementRow {
  id: string;
  lot: string;
  kind: string;
  amount: number;
  /** What was left after it: of the item, all lots together; of the lot where the card is of one. */
  balance: number;
  at: string;
  who: string;
  why: string;
}

export interface CardPage {
  rows: MovementRow[];
  total: number;
  next?: string;
}

const PAGE = 50;

/** A page of the card, the newest first. @param lot '' = of all lots */
export async function cardOf(
  pool: Pool,
  { unit, category }: Shelves,
  { item, lot }: { item: string; lot: string },
  page: number,
): Promise<CardPage> {
  const { rows } = await pool.query<MovementRow & { total: number }>(
    `select id, lot, kind, amount, at, who, why, total,
        sum(amount) over (order by place)::int as balance
      from (select *, count(*) over ()::int as total from stock.movement
        where unit = $1 and category = $2 and item = $3 and ($4 = '' or lot = $4)) m
      order by place desc limit $5 offset $6`,
    [unit, category, item, lot, PAGE, page * PAGE],
  );
  const total = rows[0]?.total ?? 0;
  return {
    rows: rows.map(({ total: _, ...row }) => row),
    total,
    ...(total > (page + 1) * PAGE ? { next: String(page + 1) } : {}),
  };
}
