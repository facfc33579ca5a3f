/** Numbers counted from the record, kept by form, unit and period, and counted again when the record has changed. */
import type { Pool } from 'pg';
import { type Counts, countCells } from '../../engines/reports/index.ts';
import type { Form } from './forms.ts';
import { daysOfPeriod } from './period.ts';

export interface Figure {
  counts: ReadonlyMap<string, number | null>;
  /** When it was counted. */
  made: Date;
}

interface FigureRow {
  unit: string;
  period: string;
  counts: Record<string, number | null>;
  made: Date;
}

/** By `unit period`. Those that are missing or stale are counted now, all units of a period in one go. */
export async function figuresOf(
  pool: Pool,
  form: Form,
  units: readonly string[],
  periods: readonly string[],
): Promise<Map<string, Figure>> {
  const { rows } = await pool.query<FigureRow>(
    `select unit, period, counts, made from statistics.figure
     where form = $1 and version = $2 and unit = any($3) and period = any($4) and not stale`,
    [form.key, form.version, units, periods],
  );
  const figures = new Map(rows.map((row) => [`${row.unit} ${row.period}`, figureOf(row)]));
  for (const period of periods) {
    const wanted = units.filter((unit) => !figures.has(`${unit} ${period}`));
    if (wanted.length === 0) continue;
    for (const [unit, figure] of await countNow(pool, form, wanted, period))
      figures.set(`${unit} ${period}`, figure);
  }
  return figures;
}

const figureOf = ({ counts, made }: Pick<FigureRow, 'counts' | 'made'>): Figure => ({
  counts: new Map(Object.entries(counts)),
  made,
});

/**
 * A number is fresh only when no change touched it from before the count until after it: what commits while the count runs has moved
 * the line's turn, and the line stays stale.
 */
async function countNow(
  pool: Pool,
  form: Form,
  units: readonly string[],
  period: string,
): Promise<Map<string, Figure>> {
  const key = [form.key, form.version, period];
  const { rows } = await pool.query<{ unit: string; turn: number; made: Date }>(
    `insert into statistics.figure (form, version, period, unit, counts, made, stale)
     select $1, $2, $3, unit, '{}', clock_timestamp(), true from unnest($4::text[]) unit
     on conflict (form, version, unit, period) do update set made = clock_timestamp() returning unit, turn, made`,
    [...key, units],
  );
  const counts = await countCells(pool, form.plan, daysOfPeriod(period), units);
  const texts = rows.map(({ unit }) => JSON.stringify(Object.fromEntries(countsOf(counts, unit))));
  await pool.query(
    `update statistics.figure f set counts = c.counts, stale = false
     from unnest($4::text[], $5::int[], $6::jsonb[]) as c (unit, turn, counts)
     where f.form = $1 and f.version = $2 and f.period = $3 and f.unit = c.unit and f.turn = c.turn`,
    [...key, rows.map(({ unit }) => unit), rows.map(({ turn }) => turn), texts],
  );
  return new Map(rows.map(({ unit, made }) => [unit, { counts: countsOf(counts, unit), made }]));
}

const countsOf = (counts: Counts, unit: string) => counts.get(unit) ?? new Map<string, number | null>();
