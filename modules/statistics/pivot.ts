/** A form's numbers turned: rows and columns are units, periods, ages, sexes or the form's own rows; the rest is added up. */
import type { Pool } from 'pg';
import { addSheets, type PeopleGroup, type Sheet } from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import { boundaryOf, isInPlace, sheetsOfNow } from './boundaries.ts';
import type { Counted } from './figures.ts';
import { formIn } from './forms.ts';
import { groupCountsOf } from './group-count.ts';
import { ageText, peopleGroups, SEX_WORDS } from './groups.ts';
import { daysOfPeriod, periodText } from './period.ts';
import type { Dimension, ReadyPivot } from './pivot-ask.ts';
import type { ReportingUnit } from './reach.ts';
import { manySheets } from './sheets.ts';

/** A line or column; key '' is all of them together. */
export interface PivotHead {
  key: string;
  label: string;
  /** Of a unit that is no more on the last day: that day, and the units of now that have its numbers. It is in no sum. */
  former?: { until: string; into: string[] };
}

export interface PivotTable {
  rows: PivotHead[];
  columns: PivotHead[];
  /** By row, then column; null = no number. */
  values: (number | null)[][];
  decimals: number;
  /** Titles of cells that cannot be told by age or sex: typed, averages, or of no person. */
  untold: string[];
  /** Periods that are being counted for the first time: what is made of them has no number yet, never that of some units. */
  waiting: string[];
  /** When the numbers were counted, and how many are to come. */
  counted: Counted;
}

/** More sheets than this are not put together at once. */
const MOST_SHEETS = 20_000;

type SheetOf = (group: PeopleGroup, unit: string, period: string) => Sheet | undefined;

/**
 * @param seen units that the reader sees; those that are no more on the last day stand in the units of now, and beside them as they were
 * @param freshness `soon`: a long first count is not waited for (`waiting`)
 */
export async function pivotTable(
  pool: Pool,
  content: Content,
  ask: ReadyPivot,
  seen: readonly ReportingUnit[],
  freshness: 'kept' | 'soon' = 'kept',
): Promise<PivotTable> {
  const until = daysOfPeriod(ask.to).end;
  const units = seen.filter(
    ({ id }) => isInPlace(content, id, until) && (ask.unit === undefined || ask.unit === id),
  );
  const former = ask.unit === undefined ? formerHeads(content, seen, units, ask) : [];
  const groups = groupsOf(content, ask);
  refuseTooMany(seen.length * ask.periods.length * groups.length);
  const ids = seen.map(({ id }) => id);
  const read =
    groups.length > 1
      ? await byGroup(pool, content, ask, ids, groups, freshness)
      : { ...(await asReported(pool, content, ask, ids, freshness)), untold: new Set<string>() };
  const carried = carriedOver(content, ask, ids, groups, read.sheetOf);
  const heads = (dimension: Dimension) => headsOf(dimension, { ask, units, former, groups });
  const ended = new Map(former.map((head) => [head.key, head.former!.until]));
  const sheetOf = (group: Group, unit: string, period: string): Sheet | undefined => {
    const until = ended.get(unit);
    if (until === undefined) return carried.get(`${group.key} ${unit} ${period}`);
    return daysOfPeriod(period).start < until ? read.sheetOf(group, unit, period) : undefined;
  };
  const [rows, columns] = [heads(ask.rows), heads(ask.columns)];
  const values = rows.map((row) =>
    columns.map((column) => {
      const at = (dimension: Dimension) =>
        ask.rows === dimension ? row.key : ask.columns === dimension ? column.key : '';
      const cell = at('cell') || ask.cells[0]!.cell;
      if (read.untold.has(cell)) return null;
      const group = groups.find((one) => one.ageKey === at('age') && one.sexKey === at('sex'))!;
      const periods = at('period') === '' ? ask.periods : [at('period')];
      if (periods.some((period) => read.waiting.has(period))) return null;
      const sheets = (at('unit') === '' ? units.map(({ id }) => id) : [at('unit')]).flatMap((unit) =>
        periods.flatMap((period) => sheetOf(group, unit, period) ?? []),
      );
      return sumOf(ask, sheets, cell);
    }),
  );
  const untold = ask.cells.filter(({ cell }) => read.untold.has(cell)).map(({ title }) => title);
  const waiting = ask.periods.filter((period) => read.waiting.has(period));
  return { rows, columns, values, decimals: ask.cells[0]!.decimals, untold, waiting, counted: read.counted };
}

/** Units that ended before the last day, as they were: only where the units of now that have their numbers are shown, too. */
function formerHeads(
  content: Content,
  seen: readonly ReportingUnit[],
  units: readonly ReportingUnit[],
  { periods, to }: ReadyPivot,
): PivotHead[] {
  const begun = daysOfPeriod(periods[0]!).start;
  const { end } = daysOfPeriod(to);
  return seen.flatMap(({ id, name }) => {
    if (units.some((unit) => unit.id === id)) return [];
    const boundary = boundaryOf(content, id, end);
    if (boundary?.kind !== 'ended' || boundary.day <= begun) return [];
    return [
      {
        key: id,
        label: name,
        former: { until: boundary.day, into: boundary.parts.map((part) => part.to) },
      },
    ];
  });
}

/** One sheet keeps its averages; sums of several have none. */
function sumOf({ ready }: ReadyPivot, sheets: readonly Sheet[], cell: string): number | null {
  if (sheets.length === 0) return null;
  const kind = ready.plan.cells.get(cell)?.kind;
  const sheet = sheets.length === 1 && kind !== 'formula' ? sheets[0]! : addSheets(ready.plan, sheets);
  return sheet.get(cell)?.value ?? null;
}

function refuseTooMany(many: number): void {
  if (many <= MOST_SHEETS) return;
  throw new Failure('invalid-parameter', 'Bảng này quá lớn. Chọn ít kỳ hơn, hoặc bỏ tuổi, giới.', {
    textEn: `the table is made of ${many} reports, more than ${MOST_SHEETS}: ask for fewer periods, or without age or sex`,
    expression: 'from',
  });
}

type Group = ReturnType<typeof peopleGroups>[number];

/** All people first; the ages and sexes that stand in rows or columns. */
function groupsOf(content: Content, { rows, columns }: ReadyPivot): Group[] {
  const has = (dimension: Dimension) => rows === dimension || columns === dimension;
  return peopleGroups(content).filter(
    ({ ageKey, sexKey }) => (ageKey === '' || has('age')) && (sexKey === '' || has('sex')),
  );
}

function headsOf(
  dimension: Dimension,
  {
    ask,
    units,
    former,
    groups,
  }: {
    ask: ReadyPivot;
    units: readonly ReportingUnit[];
    former: readonly PivotHead[];
    groups: readonly Group[];
  },
): PivotHead[] {
  const whole = (label: string, own: PivotHead[]) => (own.length > 1 ? [{ key: '', label }, ...own] : own);
  switch (dimension) {
    case 'unit':
      return [
        ...whole(
          'Tất cả đơn vị',
          units.map(({ id, name }) => ({ key: id, label: name })),
        ),
        ...former,
      ];
    case 'period':
      return whole(
        'Cả kỳ',
        ask.periods.map((period) => ({ key: period, label: periodText(period) })),
      );
    case 'age':
      return [...new Set(groups.map(({ ageKey }) => ageKey))].map((key) => ({ key, label: ageText(key) }));
    case 'sex':
      return [...new Set(groups.map(({ sexKey }) => sexKey))].map((key) => ({
        key,
        label: SEX_WORDS[key]!,
      }));
    case 'cell':
      return ask.cells.map(({ cell, title }) => ({ key: cell, label: title }));
  }
}

async function byGroup(
  pool: Pool,
  content: Content,
  { form, cells, periods }: ReadyPivot,
  units: readonly string[],
  groups: readonly Group[],
  freshness: 'kept' | 'soon',
): Promise<{
  sheetOf: SheetOf;
  untold: ReadonlySet<string>;
  waiting: ReadonlySet<string>;
  counted: Counted;
}> {
  const counts = groupCountsOf(pool, content);
  const asked = { form, cells: cells.map(({ cell }) => cell), groups, units, periods };
  const { numbers, waiting, made } = await (freshness === 'soon' ? counts.soon(asked) : counts.whole(asked));
  const counted = { oldest: made, stale: 0, missing: waiting.size * units.length };
  return { sheetOf: numbers.sheet, untold: numbers.untold, waiting, counted };
}

/** Numbers as units reported them, also typed and corrected ones. */
async function asReported(
  pool: Pool,
  content: Content,
  ask: ReadyPivot,
  units: readonly string[],
  freshness: 'kept' | 'soon',
): Promise<{ sheetOf: SheetOf; waiting: ReadonlySet<string>; counted: Counted }> {
  const waiting = new Set<string>();
  const sheets = new Map<string, Sheet>();
  const counts: Counted = { oldest: null, stale: 0, missing: 0 };
  const versions = Map.groupBy(ask.periods, (period) => formIn(content, ask.form, period));
  for (const [form, periods] of [...versions].flatMap(([one, own]) => (one ? [[one, own] as const] : []))) {
    const read = await manySheets(pool, form, units, periods, freshness);
    for (const period of read.waiting) waiting.add(period);
    for (const [place, sheet] of read.sheets) sheets.set(place, sheet);
    const { oldest, stale, missing } = read.counted;
    if (oldest !== null && (counts.oldest === null || oldest < counts.oldest)) counts.oldest = oldest;
    counts.stale += stale;
    counts.missing += missing;
  }
  return { sheetOf: (_, unit, period) => sheets.get(`${unit} ${period}`), waiting, counted: counts };
}

/** By `group unit period`, former units in those of now. */
function carriedOver(
  content: Content,
  { ready, periods, to }: ReadyPivot,
  units: readonly string[],
  groups: readonly Group[],
  sheetOf: SheetOf,
): Map<string, Sheet> {
  const until = daysOfPeriod(to).end;
  const carried = new Map<string, Sheet>();
  for (const group of groups)
    for (const period of periods) {
      const own = units.flatMap((unit) => {
        const sheet = sheetOf(group, unit, period);
        return sheet ? [[unit, sheet] as const] : [];
      });
      const now = sheetsOfNow(
        content,
        ready.plan,
        { begun: daysOfPeriod(period).start, until },
        new Map(own),
      );
      for (const [unit, sheet] of now) carried.set(`${group.key} ${unit} ${period}`, sheet);
    }
  return carried;
}
