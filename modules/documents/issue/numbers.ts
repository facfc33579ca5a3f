/** Numbers of papers and counts of copies. Their SQL is here and in `../schema/0001-papers.sql` alone. */
import type { Pool } from 'pg';

export interface Series {
  /** Facility code; '' = the province. */
  unit: string;
  series: string;
  /** A year; '' for a series that never begins anew. */
  period: string;
}

/** `25D01/TC/2026/000123`, or as the paper has it: the next of the series, or the one that the paper took before. */
export async function takeNumber(
  pool: Pool,
  fingerprint: string,
  of: Series,
  as: string | undefined,
): Promise<string> {
  const { rows } = await pool.query<{ number: number }>(
    'select documents_take_number($1, $2, $3, $4) as number',
    [fingerprint, of.unit, of.series, of.period],
  );
  return writtenNumber(rows[0]!.number, of, as);
}

/**
 * @param as a pattern with `{number:5}` (digits), `{series}`, `{unit}`, `{year}`, `{yy}`: `00123.GCS.25D01.26`
 */
export function writtenNumber(number: number, { unit, series, period }: Series, as?: string): string {
  const digits = (least: number) => String(number).padStart(least, '0');
  if (as === undefined) return [unit, series, period, digits(6)].filter((part) => part !== '').join('/');
  const parts: Readonly<Record<string, string>> = { series, unit, year: period, yy: period.slice(-2) };
  return as.replace(/\{(\w+)(?::(\d))?\}/g, (whole, name: string, least?: string) =>
    name === 'number' ? digits(Number(least ?? 1)) : (parts[name] ?? whole),
  );
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
