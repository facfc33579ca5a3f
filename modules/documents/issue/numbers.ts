/** Numbers of papers and counts of copies. Their SQL is here and in `../schema/0001-papers.sql` alone. */
import type { Pool } from 'pg';

export interface Series {
  /** Facility code; '' = the province. */
  unit: string;
  series: string;
  /** A year; '' for a series that never begins anew. */
  period: string;
}

/** `25D01/TC/2026/000123`: the next of the series, or the one that the paper took before. */
export async function takeNumber(pool: Pool, fingerprint: string, of: Series): Promise<string> {
  const { rows } = await pool.query<{ number: number }>(
    'select documents_take_number($1, $2, $3, $4) as number',
    [fingerprint, of.unit, of.series, of.period],
  );
  const number = String(rows[0]!.number).padStart(6, '0');
  return [of.unit, of.series, of.period, number].filter((part) => part !== '').join('/');
}

/** 1 for the first copy. */
export async function takeCopy(pool: Pool, paper: string): Promise<number> {
  const { rows } = await pool.query<{ last: number }>(
    `insert into documents_copy as copy (paper, last) values ($1, 1)
       on conflict (paper) do update set last = copy.last + 1 returning last`,
    [paper],
  );
  return rows[0]!.last;
}
