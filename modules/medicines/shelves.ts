/** The stock of a unit as it stands, and the card of a medicine. */
import type { Pool } from 'pg';
import type { Lot } from './ledger.ts';

export type LotRow = Omit<Lot, 'unit'>;

/** Lots with something left, on hold, or moved in the last months; the soonest expiry first: what is to be used first. */
export async function lotsOf(pool: Pool, unit: string, today: string, medicine = ''): Promise<LotRow[]> {
  const { rows } = await pool.query<LotRow>(
    `select l.medicine, l.lot, l.expires::text as expires, l.gtin, l.balance, l.hold from medicines.lot l
      where l.unit = $1 and ($3 = '' or l.medicine = $3)
        and (l.balance > 0 or l.hold <> '' or exists (select from medicines.movement m
          where m.unit = l.unit and m.medicine = l.medicine and m.lot = l.lot and m.at > $2::date - 90))
      order by l.expires, l.medicine, l.lot`,
    [unit, today, medicine],
  );
  return rows;
}

export const isUsable = ({ hold, expires, balance }: LotRow, today: string) =>
  hold === '' && expires >= today && balance > 0;

/** First receipt of each medicine, as a day: before it nothing says how it was handed out. */
export async function stockedSince(pool: Pool, unit: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ medicine: string; since: string }>(
    `select medicine, (min(since) at time zone 'Asia/Ho_Chi_Minh')::date::text as since from medicines.lot
      where unit = $1 group by medicine`,
    [unit],
  );
  return new Map(rows.map(({ medicine, since }) => [medicine, since]));
}

export interface MovementRow {
  id: string;
  lot: string;
  kind: string;
  amount: number;
  /** What was left of the medicine, all lots together, after it. */
  balance: number;
  at: string;
  who: string;
  why: string;
}

/** A page of the card of a medicine, the newest first. */
export async function cardOf(
  pool: Pool,
  unit: string,
  medicine: string,
  first: number,
  count: number,
): Promise<{ rows: MovementRow[]; total: number }> {
  const { rows } = await pool.query<MovementRow & { total: number }>(
    `select id, lot, kind, amount, at, who, why, total,
        sum(amount) over (order by place)::int as balance
      from (select *, count(*) over ()::int as total from medicines.movement where unit = $1 and medicine = $2) m
      order by place desc limit $3 offset $4`,
    [unit, medicine, count, first],
  );
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
}

export interface Unexplained {
  medicine: string;
  lot: string;
  state: string;
  amount: number;
}

/** What was handed out and the stock does not explain: of a lot with less in it, or of one that was never received. */
export async function unexplainedOf(pool: Pool, unit: string): Promise<Unexplained[]> {
  const { rows } = await pool.query<Unexplained>(
    `select medicine, lot, state, sum(amount)::int as amount from medicines.taken where unit = $1 and state <> 'taken'
      group by medicine, lot, state order by medicine, lot`,
    [unit],
  );
  return rows;
}
