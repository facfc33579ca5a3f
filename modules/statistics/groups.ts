/** Cells of a form by sex and age: counted from the record as it is now, apart from what units typed or corrected over all people. */
import type { Pool } from 'pg';
import {
  countCells,
  groupCell,
  groupedPlan,
  makeSheet,
  type PeopleGroup,
  type Plan,
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
  /** Cells that are typed, averages, or of no person. */
  untold: ReadonlySet<string>;
}

/** Numbers of some cells of a form, its versions each by the periods that they hold for. */
export async function groupedNumbers(
  pool: Pool,
  content: Content,
  ask: {
    form: string;
    cells: readonly string[];
    groups: readonly PeopleGroup[];
    units: readonly string[];
    periods: readonly string[];
  },
): Promise<GroupedNumbers> {
  const numbers = new Map<string, number | null>();
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
    for (const { name } of named)
      for (const unit of ask.units)
        for (const group of ask.groups) {
          const sheet = sheetOfGroup(plan, grouped.plan, group, counts.get(`${unit} ${name}`));
          for (const cell of ask.cells)
            numbers.set(`${group.key} ${unit} ${name} ${cell}`, sheet.get(cell)?.value ?? null);
        }
  }
  return {
    number: (group, unit, period, cell) =>
      untold.has(cell) ? null : (numbers.get(`${group.key} ${unit} ${period} ${cell}`) ?? null),
    untold,
  };
}

/** The form with a group's counts in it: formulas are made of them. */
function sheetOfGroup(
  plan: Plan,
  grouped: Plan,
  group: PeopleGroup,
  counts: ReadonlyMap<string, number | null> | undefined,
) {
  const own = new Map<string, number | null>();
  for (const cell of plan.cells.keys()) {
    const name = groupCell(group, cell);
    if (grouped.cells.has(name)) own.set(cell, counts?.get(name) ?? 0);
  }
  return makeSheet(plan, own, new Map());
}
