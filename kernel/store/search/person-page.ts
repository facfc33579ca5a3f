/**
 * Pages of one person's rows, bodies and all, in one scan: what a person has of a type is little, and such a plan begins
 * quickly. Alone it is a statement that names its person; pages of one shape that are asked for at the same time are rows of
 * one statement.
 */

import { isConnectionFault } from '../faults.ts';
import { Gathering } from '../gathering.ts';
import { typeNumber } from '../resource-types.ts';
import type { Queryable } from '../rows.ts';
import { float8s, int4s, int8s, texts } from '../wire.ts';
import { namedStatements } from './named.ts';
import { branchesOf, outerOrder, type PageRequest, type PageRow } from './page.ts';
import { type RenderContext, render } from './render.ts';
import { keyColumns } from './sort.ts';
import { RowStatement, type SqlType, Statement } from './statement.ts';

/**
 * The rows as a table to select from. Columns `n, idh`, with `keyed` the keys as the cursor keeps them, and `t, ver, ts,
 * codec, id, body`; only for a condition bound to one person.
 */
export function personPageSql(request: PageRequest, given: RenderContext, keyed: boolean): string {
  const { type, condition, keys, limit } = request;
  const context = { ...given, ofOnePerson: true };
  const { statement } = context;
  const count = statement.int4(limit);
  const raw = keys.map((key, i) => `, ${key.sql('r')} as o${i}`).join('');
  const branches = branchesOf(
    request,
    statement,
    (test, order) => `(select r.idh${raw}, r.t, r.ver, r.ts, r.codec, r.id, r.body from res r
      where r.t = ${typeNumber(type)} and ${render(condition, 'r', context)}${test} order by ${order} limit ${count})`,
  );
  const order = outerOrder(request);
  const values = keyed ? keyColumns(keys, (_, i) => `o${i}`) : '';
  return `(select row_number() over (order by ${order}) as n, idh${values}, t, ver,
      extract(epoch from ts)::float8 * 1000 as ts, codec, id, body
    from (${branches.join(' union all ')}) as found order by ${order} limit ${count})`;
}

/** A page of one person's rows. */
export interface PersonPage {
  person: bigint;
  /** The table of `personPageSql`: the same text whenever it is written, but for the places of the values. */
  write(statement: Statement): string;
}

/** One statement that names its person. */
export function personStatement({ person, write }: PersonPage): { text: string; values: unknown[] } {
  const statement = new Statement();
  const pt = statement.int8(person);
  const text = `select f.*, (select id from person where pt = ${pt}) as patient from ${write(statement)} as f order by f.n`;
  return { text, values: statement.values };
}

export async function readPersonPage(db: Queryable, page: PersonPage): Promise<PageRow[]> {
  const { text, values } = personStatement(page);
  return (await db.query<PageRow>(namedStatements.of(text, values))).rows;
}

const LIMITS = { onTheWay: 2, largest: 32, mostWaiting: 4_000 };

interface Row {
  page: PersonPage;
  types: readonly SqlType[];
  values: readonly unknown[];
}

/** Pages that are asked for at the same time: those of one shape go in one statement. */
export class PersonPages {
  readonly #db: Queryable;
  readonly #shapes = new Map<string, Gathering<Row, PageRow[]>>();

  constructor(db: Queryable) {
    this.#db = db;
  }

  async rows(page: PersonPage): Promise<PageRow[]> {
    const statement = new RowStatement();
    // The person is the first column.
    statement.int8(page.person);
    const shape = page.write(statement);
    const known = this.#shapes.get(shape);
    const gathering = known ?? new Gathering(LIMITS, (rows: Row[]) => this.#read(shape, rows));
    if (!known) this.#shapes.set(shape, gathering);
    try {
      return await gathering.ask({ page, types: statement.types, values: statement.values });
    } finally {
      if (gathering.isIdle) this.#shapes.delete(shape);
    }
  }

  async #read(shape: string, rows: Row[]): Promise<(PageRow[] | Promise<PageRow[]>)[]> {
    const alone = () => rows.map(({ page }) => readPersonPage(this.#db, page));
    if (rows.length === 1) return alone();
    try {
      return await readShape(this.#db, shape, rows);
    } catch (error) {
      if (isConnectionFault(error)) throw error;
      // One of them has a value that the database refuses: only that one fails.
      return alone();
    }
  }
}

/**
 * `i` counts from 1. The limit says to the planner nothing new about the rows and that they are few: the plan is then made
 * once a connection instead of for each group (`plan_cache_mode`).
 */
async function readShape(db: Queryable, shape: string, rows: Row[]): Promise<PageRow[][]> {
  const { types } = rows[0]!;
  const columns = types.map((type, at) => COLUMN[type](rows.map(({ values }) => values[at])));
  const lists = types.map((type, at) => `$${at + 1}::${type.endsWith('[]') ? 'text' : type}[]`);
  const names = types.map((_, at) => `v${at + 1}`);
  const text = `select u.i::int4 as i, f.*, person.id as patient
    from (select * from unnest(${lists.join(', ')}) with ordinality as a(${names.join(', ')}, i) limit $${types.length + 1}) as u
    left join person on person.pt = u.v1 cross join lateral ${shape} as f order by 1, f.n`;
  const answer = await db.query<PageRow & { i: number }>(namedStatements.of(text, [...columns, rows.length]));
  const pages = rows.map((): PageRow[] => []);
  for (const row of answer.rows) pages[row.i - 1]!.push(row);
  return pages;
}

/** A column of values as an array of the database; arrays are written as text. */
const COLUMN: Record<SqlType, (values: unknown[]) => Buffer> = {
  int4: (values) => int4s(values as number[]),
  int8: (values) => int8s((values as string[]).map(BigInt)),
  float8: (values) => float8s(values as number[]),
  text: (values) => texts(values as string[]),
  'int8[]': (values) => texts(values as string[]),
  'text[]': (values) => texts(values as string[]),
};
