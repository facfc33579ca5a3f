/** The rows behind a counted cell, page by page: the resource, the person, and what the source's list shows of them. */
import type { Pool } from 'pg';
import type { Days } from './compute.ts';
import type { Source } from './definition.ts';
import { parse } from './expression/parse.ts';
import type { CountedCell, Plan } from './plan.ts';
import { compileNode, dayText, textOf, truthOf } from './query/compile.ts';
import { contextOf, fromSql, textColumn } from './query/from.ts';

export interface PersonRow {
  /** Type and id of the row's resource. */
  type: string;
  resource: string;
  /** Patient id; null when the row is of no person. */
  person: string | null;
  unit: string;
  day: string | null;
  /** One text for each entry of the source's `list`. */
  cells: (string | null)[];
}

export interface PeoplePage {
  rows: PersonRow[];
  titles: { title: string; titleEn?: string }[];
  /** Where the next page begins; absent on the last. */
  next?: string;
}

/** @param after `resource` of the last row of the page before, '' for the first page */
export async function peopleBehind(
  pool: Pick<Pool, 'query'>,
  plan: Plan,
  cell: CountedCell,
  ask: { days: Days; units: readonly string[] | null; after: string; count: number },
): Promise<PeoplePage> {
  const source = plan.sources.get(cell.source)!;
  const definition: Source = plan.definition.sources[cell.source]!;
  const list = definition.list ?? [];
  const context = contextOf(source, ask.days);
  const { alias, view } = source.scope.main;
  const key = `${alias}.resource_key`;
  const columns = [
    `${key} as resource`,
    `${compileNode(source.person, context).sql} as person`,
    `${textColumn(source.unit, context)} as unit`,
    `${source.at ? dayText(compileNode(source.at, context)) : 'null'} as day`,
    ...list.map(({ value }, at) => `${textOf(parse(value), context)} as l${at}`),
  ];
  const tests = cell.where.map((node) => truthOf(node, context));
  const from = fromSql(source, context, ask.units, tests);
  const after = context.parameters.add(ask.after, 'text');
  const limit = context.parameters.add(ask.count + 1, 'int');
  const person = compileNode(source.person, context).sql;
  // A count of persons shows each of them once, with the first of their rows.
  const inner =
    cell.measure === 'persons'
      ? `select distinct on (${person}) ${columns.join(', ')} ${from} order by ${person}, ${key}`
      : `select ${columns.join(', ')} ${from}`;
  const sql = `select * from (${inner}) p where resource > ${after} order by resource limit ${limit}`;
  const { rows } = await pool.query<Record<string, string | null>>(sql, context.parameters.values);
  const shown = rows.slice(0, ask.count).map(
    (row): PersonRow => ({
      type: view.resource,
      resource: row.resource!,
      person: row.person ?? null,
      unit: row.unit ?? '',
      day: row.day ?? null,
      cells: list.map((_, at) => row[`l${at}`] ?? null),
    }),
  );
  const titles = list.map(({ title, titleEn }) => ({ title, ...(titleEn ? { titleEn } : {}) }));
  const last = shown.at(-1);
  return rows.length > ask.count && last
    ? { rows: shown, titles, next: last.resource }
    : { rows: shown, titles };
}
