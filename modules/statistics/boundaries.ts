/**
 * Which reporting units became which, and on what day: `content/statistics/boundaries.csv`, one line for each unit that got something of
 * a former one. A unit that was divided states how its numbers are shared: by the people who came with each part (`people`), or all to
 * the part marked `main`. A unit that goes on under the same id has a line from itself to itself; one without begins on that day.
 */
import {
  carriedSheets,
  type Fault,
  type Plan,
  type Share,
  type Sheet,
  type SplitRule,
  sharesOf,
} from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { isDay } from '../../kernel/text/vietnam-time.ts';

export interface Boundary {
  /** Reporting units (Organization ids). */
  from: string;
  to: string;
  /** First day of the new state. */
  day: string;
  /** People who came with the part; null where the unit was not divided. */
  people: number | null;
  main: boolean;
  source: string;
}

const FILE = 'statistics/boundaries';
const known = new WeakMap<Content, readonly Boundary[]>();

export function boundariesOf(content: Content): readonly Boundary[] {
  const made =
    known.get(content) ??
    content.table(FILE).map((row) => ({
      from: row.from ?? '',
      to: row.to ?? '',
      day: row.day ?? '',
      people: row.people ? Number(row.people) : null,
      main: row.main === '1',
      source: row.source ?? '',
    }));
  known.set(content, made);
  return made;
}

/** What is wrong with the table: each line by its number, a divided unit without a rule by its id. */
export function checkBoundaries(content: Content): Fault[] {
  const rows = boundariesOf(content);
  const lines = rows.flatMap(({ from, to, day, people }, at): Fault[] =>
    from !== '' && to !== '' && isDay(day) && (people === null || people >= 0)
      ? []
      : [
          {
            expression: `${FILE}.csv:${at + 2}`,
            text: 'Dòng cần đơn vị cũ, đơn vị mới, ngày (2025-07-01) và số dân không âm.',
            textEn:
              'a line needs a former unit, a new unit, a day (2025-07-01) and people that are not negative',
          },
        ],
  );
  const rules = [...Map.groupBy(rows, ({ from, day }) => `${from} ${day}`).values()].flatMap(
    (parts): Fault[] => {
      try {
        sharesOfDay(parts);
        return [];
      } catch (error) {
        return [
          {
            expression: `${FILE}.csv ${parts[0]!.from}`,
            text: `Đơn vị ${parts[0]!.from} đã chia: ghi số dân từng phần, hoặc đánh dấu phần chính.`,
            textEn: (error as Error).message,
          },
        ];
      }
    },
  );
  return [...lines, ...rules, ...rows.flatMap((row, at) => contradictionOf(row, at, rows) ?? [])];
}

/** A line that says something twice, or of a unit that is no more by then: its numbers would be counted twice or nowhere. */
function contradictionOf(row: Boundary, at: number, rows: readonly Boundary[]): Fault | null {
  const expression = `${FILE}.csv:${at + 2}`;
  const others = rows.filter((one) => one !== row && one.from === row.from && one.day === row.day);
  const twice = others.find(({ to }) => to === row.to);
  if (twice)
    return {
      expression,
      text: `Đơn vị ${row.from} sang ${row.to} ngày ${row.day} đã có ở dòng khác.`,
      textEn: `${row.from} to ${row.to} on ${row.day} stands in another line, too`,
    };
  if (row.main && others.some(({ main }) => main))
    return {
      expression,
      text: `Đơn vị ${row.from} có hai phần chính ngày ${row.day}: chỉ một phần nhận toàn bộ.`,
      textEn: `${row.from} has two main parts on ${row.day}: only one gets everything`,
    };
  const gone = goneOf(rows.filter(({ day }) => day < row.day));
  if (!gone.has(row.from)) return null;
  return {
    expression,
    text: `Đơn vị ${row.from} đã hết trước ngày ${row.day}: một đơn vị không hết hai lần.`,
    textEn: `${row.from} is no more before ${row.day}: a unit does not end twice`,
  };
}

/** @throws ExpressionFault for a divided unit without a rule */
function sharesOfDay(parts: readonly Boundary[]): Share[] {
  const rules = new Map(
    [...Map.groupBy(parts, ({ from }) => from)].map(([from, own]): [string, SplitRule] => {
      const main = own.find((part) => part.main);
      if (main) return [from, { kind: 'all-to-one', main: main.to }];
      const people = new Map(own.map(({ to, people: many }) => [to, many ?? 0]));
      return [from, { kind: 'population', people }];
    }),
  );
  return sharesOf(parts, (from) => rules.get(from) ?? null);
}

/**
 * What was changed after a day, up to another, in the order of the days: carried over one after the other, numbers of the first day stand
 * in the units of the other. A change that is known ahead moves nothing before its day.
 */
export function sharesBetween(content: Content, day: string, until: string): Share[][] {
  const later = boundariesOf(content).filter((boundary) => boundary.day > day && boundary.day <= until);
  return [...Map.groupBy(later, (boundary) => boundary.day)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, parts]) => sharesOfDay(parts));
}

/** Units that are no more on a day. */
export function formerUnits(content: Content, day: string): Set<string> {
  return goneOf(boundariesOf(content).filter((boundary) => boundary.day <= day));
}

function goneOf(past: readonly Boundary[]): Set<string> {
  const gone = new Set<string>();
  const days = [...Map.groupBy(past, (boundary) => boundary.day)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, parts] of days) {
    for (const { from } of parts) gone.add(from);
    for (const { to } of parts) gone.delete(to);
  }
  return gone;
}

/** Whether a unit is there on a day: not merged into another yet, and begun. */
export function isInPlace(content: Content, unit: string, day: string): boolean {
  const own = boundariesOf(content).filter(({ from, to }) => from === unit || to === unit);
  if (formerUnits(content, day).has(unit)) return false;
  const begins = own.filter(({ to }) => to === unit).map((boundary) => boundary.day);
  const goesOn = own.some(({ from, to, day: on }) => from === unit && (to === unit || on > day));
  return goesOn || begins.length === 0 || begins.some((on) => on <= day);
}

/** A unit and, of all times, those of which it was made. */
export function madeOf(content: Content, unit: string): string[] {
  const units = new Set([unit]);
  for (const one of units) for (const { from, to } of boundariesOf(content)) if (to === one) units.add(from);
  return [...units];
}

/** Why a unit has no report of its own at the end of a period: it begins on a later day, or ended on an earlier one. Null: it has one. */
export function boundaryOf(
  content: Content,
  unit: string,
  end: string,
): { kind: 'begins' | 'ended'; day: string; parts: Boundary[] } | null {
  if (isInPlace(content, unit, end)) return null;
  const rows = boundariesOf(content);
  const left = rows.filter(({ from, to, day }) => from === unit && to !== unit && day <= end);
  if (left.length > 0) {
    const day = left.map((one) => one.day).sort()[0]!;
    return { kind: 'ended', day, parts: left.filter((one) => one.day === day) };
  }
  const began = rows.filter(({ to, day }) => to === unit && day > end);
  const day = began.map((one) => one.day).sort()[0]!;
  return { kind: 'begins', day, parts: began.filter((one) => one.day === day) };
}

/** Sheets of a period that began on a day, as those of the units that are there on the day `until`. */
export function sheetsOfNow(
  content: Content,
  plan: Plan,
  { begun, until }: Carried,
  sheets: ReadonlyMap<string, Sheet>,
): ReadonlyMap<string, Sheet> {
  return sharesBetween(content, begun, until).reduce<ReadonlyMap<string, Sheet>>(
    (carried, shares) => carriedSheets(plan, carried, shares),
    sheets,
  );
}

/** From which day numbers are carried over to the units of which other day. */
export interface Carried {
  begun: string;
  until: string;
}

/** Numbers of units on a day, as those of the units that are there on the day `until`. What one part lacks, the whole lacks. */
export function numbersOfNow(
  content: Content,
  { begun, until }: Carried,
  numbers: ReadonlyMap<string, number | null>,
): Map<string, number | null> {
  let now = new Map(numbers);
  for (const shares of sharesBetween(content, begun, until)) {
    const next = new Map(now);
    for (const [to, parts] of Map.groupBy(shares, (share) => share.to)) {
      const all = parts.map(({ from, share }) => scaled(now.get(from) ?? null, share));
      next.set(to, all.includes(null) ? null : (all as number[]).reduce((a, b) => a + b, 0));
    }
    for (const { from } of shares) if (!shares.some(({ to }) => to === from)) next.delete(from);
    now = next;
  }
  return now;
}

const scaled = (number: number | null, share: number) => (number === null ? null : number * share);
