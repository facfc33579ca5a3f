/** Cells of a form by sex and age: counted from the record as it is now, apart from what units typed or corrected over all people. */
import type { Pool } from 'pg';
import {
  type Counts,
  countCells,
  evaluate,
  groupCell,
  groupedPlan,
  type PeopleGroup,
  type Plan,
  type Sheet,
  type SheetCell,
} from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { formIn } from './forms.ts';
import { daysOfPeriod } from './period.ts';

export const SEXES = ['male', 'female', 'other'] as const;
export type Sex = (typeof SEXES)[number];

/** A band of ages of `content/statistics/age-groups.csv`; `to` null = and older. Both are whole years within it. */
export interface AgeBand {
  /** `5-14`, `80+`. */
  key: string;
  from: number;
  to: number | null;
}

export function ageBands(content: Content): AgeBand[] {
  return content.table('statistics/age-groups').map((row) => {
    const [from, to] = [Number(row.from), row.to ? Number(row.to) : null];
    return { key: to === null ? `${from}+` : `${from}-${to}`, from, to };
  });
}

/** Every sex and age, each also with all of the other; `''` is all. The age `unknown` has no birth date. */
export function peopleGroups(content: Content): (PeopleGroup & { sexKey: Sex | ''; ageKey: string })[] {
  const ages = [
    { key: '', age: null },
    ...ageBands(content).map(({ key, from, to }) => ({ key, age: { from, to } })),
    { key: 'unknown', age: 'unknown' as const },
  ];
  return ages.flatMap(({ key: ageKey, age }) =>
    ([null, ...SEXES] as const).map((sex) => ({
      key: `${sex ?? ''}/${ageKey}`,
      sex,
      age,
      sexKey: sex ?? ('' as const),
      ageKey,
    })),
  );
}

export interface GroupedNumbers {
  /** Null when the cell has no number, or when it cannot be told by group. */
  number(group: PeopleGroup, unit: string, period: string, cell: string): number | null;
  /** What was counted of a group in a unit and period: only the cells that were asked for, and those of which they are made. */
  sheet(group: PeopleGroup, unit: string, period: string): Sheet;
  /** Cells that are typed, averages, or of no person. */
  untold: ReadonlySet<string>;
}

interface OfVersion {
  plan: Plan;
  grouped: Plan;
  counts: Counts;
}

export interface GroupAsk {
  /** Key of a form. */
  form: string;
  cells: readonly string[];
  groups: readonly PeopleGroup[];
  units: readonly string[];
  periods: readonly string[];
}

/** Numbers of some cells of a form, its versions each by the periods that they hold for. */
export async function groupedNumbers(
  pool: Pick<Pool, 'query'>,
  content: Content,
  ask: GroupAsk,
): Promise<GroupedNumbers> {
  const byPeriod = new Map<string, OfVersion>();
  const untold = new Set<string>();
  const inForce = ask.periods.flatMap((period) => {
    const form = formIn(content, ask.form, period);
    return form === null ? [] : [{ period, form }];
  });
  for (const ofVersion of Map.groupBy(inForce, ({ form }) => form.version).values()) {
    const { plan } = ofVersion[0]!.form;
    const grouped = groupedPlan(plan, ask.cells, ask.groups);
    for (const cell of grouped.untold) untold.add(cell);
    const named = ofVersion.map(({ period }) => ({ name: period, ...daysOfPeriod(period) }));
    const counts = await countCells(pool, grouped.plan, named, ask.units);
    for (const { name } of named) byPeriod.set(name, { plan, grouped: grouped.plan, counts });
  }
  return {
    number(group, unit, period, cell) {
      const version = byPeriod.get(period);
      return version === undefined || untold.has(cell)
        ? null
        : numberIn(version, group, `${unit} ${period}`, cell);
    },
    sheet(group, unit, period) {
      const version = byPeriod.get(period);
      return version === undefined ? new Map() : sheetIn(version, group, `${unit} ${period}`);
    },
    untold,
  };
}

function numberIn(version: OfVersion, group: PeopleGroup, place: string, name: string): number | null {
  const cell = version.plan.cells.get(name);
  if (cell?.kind === 'counted') return version.counts.get(place)?.get(groupCell(group, name)) ?? 0;
  if (cell?.kind !== 'formula') return null;
  const value = evaluate(cell.node, ({ cell: part }) => numberIn(version, group, place, part));
  return typeof value === 'number' ? value : null;
}

function sheetIn({ plan, grouped, counts }: OfVersion, group: PeopleGroup, place: string): Sheet {
  const sheet = new Map<string, SheetCell>();
  for (const cell of plan.cells.keys()) {
    const name = groupCell(group, cell);
    if (grouped.cells.has(name))
      sheet.set(cell, { value: counts.get(place)?.get(name) ?? 0, origin: 'counted' });
  }
  return sheet;
}

/** Sexes and ages as a file says them; screens have their own words in their language. */
export const SEX_WORDS: Readonly<Record<string, string>> = {
  '': 'Cả hai giới',
  male: 'Nam',
  female: 'Nữ',
  other: 'Giới khác, không rõ',
};

export function ageText(age: string): string {
  if (age === '') return 'Mọi tuổi';
  return age === 'unknown' ? 'Không rõ tuổi' : `${age} tuổi`;
}
