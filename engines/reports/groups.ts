/** Counted cells once more for a part of the people: of one sex, of one age band. Pure; `countCells` carries the plan out. */
import type { Source } from './definition.ts';
import type { Fault, Node } from './expression/node.ts';
import { parsed } from './expression/parsed.ts';
import { cellsOf } from './formula.ts';
import type { Cell, CountedCell, Plan } from './plan.ts';
import type { ReadySource } from './query/from.ts';

/** People of a sex and of an age in whole years on the day of what is counted; null = of any. */
export interface PeopleGroup {
  key: string;
  sex: 'male' | 'female' | 'other' | null;
  age: { from: number; to: number | null } | 'unknown' | null;
}

/** The table of persons, where sex and birth date stand. */
const PERSONS = 'patient';

export interface GroupedPlan {
  /** Cells are named by `groupCell`. */
  plan: Plan;
  /** Cells of which no group can be told: typed by hand, averages, or counted over rows that lead to no person. */
  untold: ReadonlySet<string>;
}

/** The name of a cell's number in a group. */
export const groupCell = (group: PeopleGroup, cell: string): string => `${group.key} ${cell}`;

/** @param cells cells of the form, also formulas: what they are made of is counted */
export function groupedPlan(
  plan: Plan,
  cells: readonly string[],
  groups: readonly PeopleGroup[],
): GroupedPlan {
  const grouped = new Map<string, Cell>();
  const untold = new Set<string>();
  const made = new Map<string, readonly Node[] | null>();
  for (const cell of cells) {
    for (const part of partsOf(plan, cell)) {
      const counted = part?.kind === 'counted' && part.measure !== 'average' ? part : null;
      for (const group of groups) {
        const key = `${counted?.source} ${group.key}`;
        if (counted && !made.has(key)) made.set(key, conditionsOf(plan, counted, group));
        const more = counted ? made.get(key) : null;
        if (!counted || !more) untold.add(cell);
        else {
          const name = groupCell(group, counted.cell);
          grouped.set(name, { ...counted, cell: name, where: [...counted.where, ...more] });
        }
      }
    }
  }
  return { plan: { ...plan, cells: grouped, order: [], checks: [], outside: [] }, untold };
}

/** Cells that are not made of others and of which a cell is made; null for one that does not count here. */
function partsOf(plan: Plan, name: string): (Cell | null)[] {
  const cell = plan.cells.get(name);
  if (cell?.kind !== 'formula') return [cell ?? null];
  return cellsOf(cell.node).flatMap(({ form, shift, cell: part }) =>
    form === null && shift === 0 ? partsOf(plan, part) : [null],
  );
}

/** Null when the source's rows lead to no person. */
function conditionsOf(plan: Plan, { source }: CountedCell, group: PeopleGroup): Node[] | null {
  const definition = plan.definition.sources[source]!;
  const at = placeOfPerson(definition, plan.sources.get(source)!);
  if (at === null) return null;
  const faults: Fault[] = [];
  const nodes = wordsOf(group, at, definition.at ?? 'periodEnd').map((text) => parsed(text, source, faults));
  return nodes.every((node) => node !== null) ? (nodes as Node[]) : null;
}

/** What stands before `gender` and `birth_date`: nothing where persons are counted themselves, else the join that leads to them. */
function placeOfPerson(
  { view, person = 'person', joins = {} }: Source,
  { scope }: ReadySource,
): string | null {
  const has = (columns: ReadonlyMap<string, unknown> | undefined) =>
    columns?.has('gender') && columns.has('birth_date');
  if (view === PERSONS) return has(scope.main.columns) ? '' : null;
  const join = Object.entries(joins).find(
    ([, one]) => one.view === PERSONS && one.many !== true && one.by === person,
  );
  return join && has(scope.joins.get(join[0])?.columns) ? `${join[0]}.` : null;
}

function wordsOf({ sex, age }: PeopleGroup, person: string, day: string): string[] {
  const words: string[] = [];
  if (sex === 'other') words.push(`${person}gender is null or ${person}gender not in ('male', 'female')`);
  else if (sex !== null) words.push(`${person}gender = '${sex}'`);
  if (age === null) return words;
  const years = `years(${person}birth_date, ${day})`;
  if (age === 'unknown') return [...words, `${years} is null`];
  words.push(`${years} >= ${age.from}`);
  if (age.to !== null) words.push(`${years} <= ${age.to}`);
  return words;
}
