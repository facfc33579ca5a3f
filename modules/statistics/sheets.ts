/** A report of one unit and period as it stands: its numbers, what was written over them, what does not hold, how far it has come. */
import type { Pool } from 'pg';
import {
  type CellName,
  type CheckResult,
  failedChecks,
  makeSheet,
  type Sheet,
  type SheetCell,
} from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { boundaryOf, madeOf, sheetsOfNow } from './boundaries.ts';
import { type Entry, entriesOf, entriesOfMany, type Remark, remarksOf, type SheetKey } from './entries.ts';
import { type Counted, countedOf, type Figure, figuresOf } from './figures.ts';
import { type Form, formIn, formOf } from './forms.ts';
import { daysOfPeriod, shiftPeriod } from './period.ts';
import { recounterOf } from './recount.ts';
import type { State } from './states.ts';

export interface SheetHead {
  state: State;
  /** First handed in. */
  handed: Date | null;
  /** Numbers as they were handed in; null while open. */
  numbers: Record<string, SheetCell> | null;
}

export interface WholeSheet extends SheetHead {
  form: Form;
  sheet: Sheet;
  entries: Map<string, Entry>;
  remarks: Map<string, Remark>;
  faults: CheckResult[];
  /** When its numbers were counted. */
  made: Date;
  /** Of a report that was handed in: what the record would give today where that differs. */
  changed: Map<string, number | null>;
}

export async function headOf(db: Pick<Pool, 'query'>, key: SheetKey, lock = false): Promise<SheetHead> {
  const { rows } = await db.query<SheetHead>(
    `select state, handed, numbers from statistics.sheet where form = $1 and unit = $2 and period = $3${lock ? ' for update' : ''}`,
    [key.form, key.unit, key.period],
  );
  return rows[0] ?? { state: 'open', handed: null, numbers: null };
}

/**
 * A sheet that was handed in keeps its numbers, whatever the record says later. A unit that begins after the period has the numbers of the
 * units of which it was made, carried over.
 */
export async function readSheet(pool: Pool, content: Content, key: SheetKey): Promise<WholeSheet> {
  const form = formOf(content, key.form, key.period);
  const boundary = boundaryOf(content, key.unit, daysOfPeriod(key.period).end);
  if (boundary?.kind === 'begins') return carriedSheet(pool, content, form, key, boundary.day);
  const [head, entries, remarks, figures] = await Promise.all([
    headOf(pool, key),
    entriesOf(pool, key),
    remarksOf(pool, key),
    figuresOf(pool, form, [key.unit], [key.period], 'now'),
  ]);
  const figure = figures.get(`${key.unit} ${key.period}`)!;
  const elsewhere = await elsewhereOf(pool, content, form, key);
  const written = new Map([...entries].map(([cell, entry]) => [cell, entry.value]));
  const now = makeSheet(form.plan, figure.counts, written, elsewhere);
  const sheet: Sheet = head.numbers === null ? now : new Map(Object.entries(head.numbers));
  return {
    ...head,
    form,
    sheet,
    entries,
    remarks,
    faults: failedChecks(form.plan, sheet, elsewhere),
    made: figure.made,
    changed: head.numbers === null ? new Map() : differences(form, sheet, now),
  };
}

/** @param day on which the unit begins */
async function carriedSheet(
  pool: Pool,
  content: Content,
  form: Form,
  { unit, period }: SheetKey,
  day: string,
): Promise<WholeSheet> {
  const { sheets, counted } = await manySheets(pool, form, madeOf(content, unit), [period]);
  const own = new Map([...sheets].map(([place, sheet]) => [place.slice(0, place.lastIndexOf(' ')), sheet]));
  const begun = daysOfPeriod(period).start;
  const sheet = sheetsOfNow(content, form.plan, { begun, until: day }, own).get(unit) ?? new Map();
  return {
    state: 'open',
    handed: null,
    numbers: null,
    form,
    sheet,
    entries: new Map(),
    remarks: new Map(),
    faults: [],
    made: counted.oldest ?? new Date(),
    changed: new Map(),
  };
}

/** Counted cells whose number of today differs from the one that was handed in. */
function differences(form: Form, kept: Sheet, now: Sheet): Map<string, number | null> {
  const cells = [...form.plan.cells.values()].filter(({ kind }) => kind === 'counted');
  return new Map(
    cells.flatMap(({ cell }) => {
      const today = now.get(cell)?.counted ?? null;
      return (kept.get(cell)?.counted ?? null) === today ? [] : [[cell, today] as const];
    }),
  );
}

/** Numbers of other forms and periods that checks and formulas name, of the same unit. */
async function elsewhereOf(
  pool: Pool,
  content: Content,
  form: Form,
  key: SheetKey,
): Promise<(name: CellName) => number | null> {
  const sheets = new Map<string, Sheet>();
  for (const { form: other, shift } of form.plan.outside) {
    const place = { form: other ?? key.form, unit: key.unit, period: shiftPeriod(key.period, shift) };
    const sheet = await numbersOf(pool, content, place);
    if (sheet) sheets.set(`${other ?? ''} ${shift}`, sheet);
  }
  return ({ form: other, shift, cell }) => sheets.get(`${other ?? ''} ${shift}`)?.get(cell)?.value ?? null;
}

/** Numbers alone, without what they are checked against; null when no such form is in force in the period. */
async function numbersOf(pool: Pool, content: Content, key: SheetKey): Promise<Sheet | null> {
  const form = formIn(content, key.form, key.period);
  if (form === null) return null;
  const { sheets } = await manySheets(pool, form, [key.unit], [key.period]);
  return sheets.get(`${key.unit} ${key.period}`) ?? null;
}

export interface ManySheets {
  /** By `unit period`. */
  sheets: Map<string, Sheet>;
  counted: Counted;
  /** Periods in which a unit was not counted yet. */
  waiting: Set<string>;
}

/**
 * Sheets of many units and periods of one form: what was handed in as it was, the others with the numbers that are kept. Those that the
 * record has left behind are shown as they are, with their time, and counted again behind. With `soon`, those that nobody counted yet may
 * have no counted numbers (`counted.missing`): what leaves the house asks for `kept`, which waits for them.
 */
export async function manySheets(
  pool: Pool,
  form: Form,
  units: readonly string[],
  periods: readonly string[],
  freshness: 'kept' | 'soon' = 'kept',
): Promise<ManySheets> {
  const [kept, figures, written] = await Promise.all([
    pool.query<{ unit: string; period: string; numbers: Record<string, SheetCell> }>(
      `select unit, period, numbers from statistics.sheet
       where form = $1 and unit = any($2) and period = any($3) and numbers is not null`,
      [form.key, units, periods],
    ),
    figuresOf(pool, form, units, periods, freshness),
    entriesOfMany(pool, form.key, units, periods),
  ]);
  const sheets = new Map<string, Sheet>();
  const stale: { unit: string; period: string }[] = [];
  const waiting = new Set<string>();
  for (const unit of units) {
    for (const period of periods) {
      const place = `${unit} ${period}`;
      const figure = figures.get(place)!;
      sheets.set(place, sheetNow(form, figure, written.get(place)));
      if (figure.counts === null) waiting.add(period);
      else if (figure.stale) stale.push({ unit, period });
    }
  }
  if (stale.length > 0) recounterOf(pool).ask(form, stale);
  for (const { unit, period, numbers } of kept.rows)
    sheets.set(`${unit} ${period}`, new Map(Object.entries(numbers)));
  return { sheets, counted: countedOf(figures.values()), waiting };
}

const NOTHING: ReadonlyMap<string, number | null> = new Map();

const sheetNow = (form: Form, figure: Figure, written = NOTHING): Sheet =>
  makeSheet(form.plan, figure.counts, written);
