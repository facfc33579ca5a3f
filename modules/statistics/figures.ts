/**
 * Numbers counted from the record, kept by form, unit and period. Who works on one report gets them counted anew when the record has
 * changed; who looks over many gets the kept ones at once, with their time, while they are counted again behind (`recount.ts`).
 */
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { countCells, countedCells, type NamedPeriod, type Plan } from '../../engines/reports/index.ts';
import type { Form } from './forms.ts';
import { daysOfPeriod } from './period.ts';
import { inTurn, within } from './turns.ts';

export interface Figure {
  /** Null: nobody counted it yet, it is being counted. */
  counts: ReadonlyMap<string, number | null> | null;
  /** When it was counted. */
  made: Date;
  /** The record has changed since. */
  stale: boolean;
}

interface FigureRow {
  unit: string;
  period: string;
  numbers: string;
  made: Date;
  stale: boolean;
}

/**
 * `now`: as the record is. `kept`: as last counted; what was never counted is counted. `soon`: the same, but what takes long is not waited
 * for and has no counts yet. `there`: what is kept and nothing else.
 */
export type Freshness = 'now' | 'kept' | 'soon' | 'there';

/** So long somebody who looks over many waits for a first count, ms. */
const PATIENCE = 3_000;

/** By `unit period`; every unit and period has one, unless what is `there` is asked for. @param patience ms of `soon` */
export async function figuresOf(
  pool: Pool,
  form: Form,
  units: readonly string[],
  periods: readonly string[],
  freshness: Freshness,
  patience = PATIENCE,
): Promise<Map<string, Figure>> {
  if (freshness === 'there') return keptFigures(pool, form, units, periods);
  if (freshness === 'now') return countedFigures(pool, form, units, periods, freshness);
  const first = () => inTurn(pool, form, () => countedFigures(pool, form, units, periods, 'kept'));
  const figures = await keptFigures(pool, form, units, periods);
  const lacking = periods.filter((period) => units.some((unit) => !figures.has(`${unit} ${period}`)));
  if (lacking.length === 0) return figures;
  if (freshness === 'kept') return first();
  const counted = await within(first(), patience);
  if (counted !== null) return counted;
  // A sum of some units would look like that of all.
  for (const period of lacking)
    for (const unit of units)
      figures.set(`${unit} ${period}`, { counts: null, made: new Date(), stale: true });
  return figures;
}

async function countedFigures(
  pool: Pool,
  form: Form,
  units: readonly string[],
  periods: readonly string[],
  freshness: 'now' | 'kept',
): Promise<Map<string, Figure>> {
  const figures = await keptFigures(pool, form, units, periods);
  const lacks = (unit: string, period: string) => {
    const figure = figures.get(`${unit} ${period}`);
    return figure === undefined || (freshness === 'now' && figure.stale);
  };
  const wantedPeriods = periods.filter((period) => units.some((unit) => lacks(unit, period)));
  const wantedUnits = units.filter((unit) => wantedPeriods.some((period) => lacks(unit, period)));
  if (wantedUnits.length === 0) return figures;
  for (const [key, figure] of await countNow(pool, form, wantedUnits, wantedPeriods))
    figures.set(key, figure);
  return figures;
}

async function keptFigures(
  pool: Pool,
  form: Form,
  units: readonly string[],
  periods: readonly string[],
): Promise<Map<string, Figure>> {
  const { rows } = await pool.query<FigureRow>(
    `select unit, period, array_to_string(counts, ',', '') as numbers, made, stale from statistics.figure
     where form = $1 and version = $2 and unit = any($3) and period = any($4) and layout = $5 and counts is not null`,
    [form.key, form.version, units, periods, layoutOf(form.plan)],
  );
  const cells = countedCells(form.plan).map(({ cell }) => cell);
  return new Map(
    rows.map(({ unit, period, numbers, made, stale }) => [
      `${unit} ${period}`,
      { counts: numbersOf(cells, numbers), made, stale },
    ]),
  );
}

function numbersOf(cells: readonly string[], text: string): Map<string, number | null> {
  const numbers = text.split(',');
  const counts = new Map<string, number | null>();
  for (const [at, cell] of cells.entries()) {
    const number = numbers[at] ?? '';
    counts.set(cell, number === '' ? null : Number(number));
  }
  return counts;
}

/**
 * Counts units × periods of a form and keeps the numbers. A number is fresh only when no change touched it from before the count until
 * after it: what commits while the count runs has moved the line's turn, and the line stays stale.
 */
export async function countNow(
  pool: Pool,
  form: Form,
  units: readonly string[],
  periods: readonly string[],
): Promise<Map<string, Figure>> {
  const layout = layoutOf(form.plan);
  const { rows } = await pool.query<{ unit: string; period: string; turn: number; began: Date }>(
    `insert into statistics.figure (form, version, unit, period, layout, stale)
     select $1, $2, unit, period, $5, true from unnest($3::text[]) unit, unnest($4::text[]) period order by unit, period
     on conflict (form, version, unit, period) do update
     set layout = excluded.layout, counts = case when figure.layout = excluded.layout then figure.counts end
     returning unit, period, turn, clock_timestamp() as began`,
    [form.key, form.version, units, periods, layout],
  );
  const named = periods.map((name): NamedPeriod => ({ name, ...daysOfPeriod(name) }));
  const counts = await countCells(pool, form.plan, named, units);
  const cells = countedCells(form.plan).map(({ cell, measure }) => ({
    cell,
    empty: measure === 'average' ? null : 0,
  }));
  const figures = new Map<string, Figure>();
  const texts = rows.map(({ unit, period, began }) => {
    const place = `${unit} ${period}`;
    const own = new Map(cells.map(({ cell, empty }) => [cell, counts.get(place)?.get(cell) ?? empty]));
    figures.set(place, { counts: own, made: began, stale: false });
    return `{${[...own.values()].map((number) => number ?? 'null').join(',')}}`;
  });
  await keep(pool, form, rows, texts);
  return figures;
}

async function keep(
  pool: Pool,
  form: Form,
  rows: readonly { unit: string; period: string; turn: number; began: Date }[],
  texts: readonly string[],
): Promise<void> {
  await pool.query(
    `update statistics.figure f set counts = c.counts::float8[], made = c.began, stale = f.turn <> c.turn
     from unnest($3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::text[]) as c (unit, period, turn, began, counts)
     where f.form = $1 and f.version = $2 and f.unit = c.unit and f.period = c.period and f.layout = $8
       and (f.made is null or f.made <= c.began)`,
    [
      form.key,
      form.version,
      rows.map(({ unit }) => unit),
      rows.map(({ period }) => period),
      rows.map(({ turn }) => turn),
      rows.map(({ began }) => began),
      texts,
      layoutOf(form.plan),
    ],
  );
}

const layouts = new WeakMap<Plan, string>();

function layoutOf(plan: Plan): string {
  const known = layouts.get(plan);
  if (known !== undefined) return known;
  const asked = [plan.definition.sources, countedCells(plan)];
  const layout = createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 16);
  layouts.set(plan, layout);
  return layout;
}

/** When the oldest of some numbers was counted, and how many of them the record has left behind. */
export interface Counted {
  oldest: Date | null;
  stale: number;
  /** How many nobody counted yet: they are being counted, and have no number. */
  missing: number;
}

export function countedOf(figures: Iterable<Figure>): Counted {
  let oldest: Date | null = null;
  let stale = 0;
  let missing = 0;
  for (const figure of figures) {
    if (figure.counts === null) {
      missing += 1;
      continue;
    }
    if (oldest === null || figure.made < oldest) oldest = figure.made;
    if (figure.stale) stale += 1;
  }
  return { oldest, stale, missing };
}

export function allCounted(parts: readonly Counted[]): Counted {
  const oldest = parts.flatMap((part) => part.oldest ?? []).sort((a, b) => a.getTime() - b.getTime())[0];
  const sum = (of: 'stale' | 'missing') => parts.reduce((all, part) => all + part[of], 0);
  return { oldest: oldest ?? null, stale: sum('stale'), missing: sum('missing') };
}
