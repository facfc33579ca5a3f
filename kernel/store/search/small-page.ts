/**
 * Pages of searches that find few rows whatever the values are: of one person's rows, and by an identifier. One scan gives
 * the rows with their bodies, by a plan that is made once. Alone such a page is a statement of its own, which names its
 * person; pages of one shape that are asked for at the same time are rows of one statement (docs/adr/0009).
 */
import { type BinaryRow, binaryRows } from '../binary-rows.ts';
import { isConnectionFault } from '../faults.ts';
import { Gathering } from '../gathering.ts';
import { typeNumber } from '../resource-types.ts';
import { type Queryable, readVersion } from '../rows.ts';
import { float8s, int4s, int8s, texts } from '../wire.ts';
import type { Condition } from './condition.ts';
import { namedStatements } from './named.ts';
import { branchesOf, onlyPerson, outerOrder, type PageRequest, type PageRow, tablesFor } from './page.ts';
import { type RenderContext, render } from './render.ts';
import type { OrderKey } from './sort.ts';
import { RowStatement, type SqlType, Statement } from './statement.ts';

/** By what few rows are found; null for a search that may find many. */
export function smallBy(condition: Condition): 'person' | 'identifier' | null {
  if (onlyPerson(condition) !== null) return 'person';
  const parts = condition.op === 'and' ? condition.of : [condition];
  const isSmall = parts.some(isRare) && parts.every((part) => isRare(part) || FILTERS.has(part.op));
  return isSmall ? 'identifier' : null;
}

const isRare = (part: Condition) => part.op === 'tok' && part.rare === true;

/** Conditions that a row is tested by at once. */
const FILTERS: ReadonlySet<Condition['op']> = new Set([
  'tok',
  'present',
  'main-date',
  'updated',
  'person',
  'row',
  'of',
  'seen',
]);

/**
 * The rows as a table to select from. Columns `n` (the place in the order, from 1), `idh`, the keys `o0 …`, and `pt, t, ver, ts, codec,
 * id, body`; only for a search that finds few rows.
 */
export function smallPageSql(request: PageRequest, given: RenderContext): string {
  const { type, condition, keys, limit } = request;
  const by = smallBy(condition)!;
  const context: RenderContext = { ...given, by };
  const { statement } = context;
  const count = statement.int4(limit);
  const raw = keys.map((key, i) => `, ${key.sql('r')} as o${i}`).join('');
  const isType = by === 'person' ? `r.t = ${typeNumber(type)}` : `(r.t = ${typeNumber(type)}) is true`;
  const branches = tablesFor(type, condition).flatMap((table) =>
    branchesOf(
      request,
      statement,
      (test, order) => `(select r.idh${raw}, r.pt, r.t, r.ver, r.ts, r.codec, r.id, r.body from ${table} r
      where ${isType} and ${render(condition, 'r', context)}${test} order by ${order} limit ${count})`,
    ),
  );
  const order = outerOrder(request);
  const values = keys.map((_, i) => `, o${i}`).join('');
  return `(select row_number() over (order by ${order})::int4 as n, idh${values}, pt, t, ver, ts, codec, id, body
    from (${branches.join(' union all ')}) as found order by ${order} limit ${count})`;
}

/** A page that is small. */
export interface SmallPage {
  /** The one whose rows they are; null when they may be of several. */
  person: bigint | null;
  /** Also says whether the person has rules of consent. */
  tellsRules: boolean;
  /** What the keys of its order are. */
  kinds: readonly OrderKey['kind'][];
  /** The table of `smallPageSql`: the same text whenever it is written, but for the places of the values. */
  write(statement: Statement): string;
}

export interface PageRows {
  rows: PageRow[];
  /** The person has rules of consent; false where the page does not tell. */
  ruled: boolean;
}

/** Comes with the first row, and with a row of its own where there is none. @param person SQL of the person's key */
const ruledColumns = (person: string) =>
  `case when coalesce(f.n, 1) = 1 then exists (select from consent_rule c where c.pt = ${person}) else false end as ruled, coalesce(f.n, 0) as found, `;

/** The columns of a page, for `readPageRow`. @param patient SQL of the person's id */
const columnsOf = ({ kinds }: SmallPage, patient: string) =>
  `f.n, f.t, f.ver, f.ts, f.codec, f.id, f.body, ${patient} as patient, f.idh${kinds.map((_, i) => `, f.o${i}`).join('')}`;

/** Puts a row where its page has it. */
function readPageRow(row: BinaryRow, { kinds, tellsRules }: SmallPage, page: PageRows): void {
  if (tellsRules) {
    if (row.boolean()) page.ruled = true;
    if (row.integer() === 0) return;
  }
  const n = row.integer();
  const found: PageRow = { ...readVersion(row), idh: row.bigint() };
  for (const [i, kind] of kinds.entries()) found[`k${i}`] = KEY[kind](row);
  page.rows[n - 1] = found;
}

const KEY: Record<OrderKey['kind'], (row: BinaryRow) => string | number | null> = {
  instant: (row) => {
    const at = row.instant();
    return at === null ? null : Math.round(at);
  },
  number: (row) => row.float(),
  text: (row) => row.text(),
};

/** One statement, which names its person. */
export function smallStatement(page: SmallPage): { text: string; values: unknown[] } {
  const { person, write } = page;
  const statement = new Statement();
  const table = `${write(statement)} as f`;
  if (person === null) {
    const text = `select ${columnsOf(page, 'person.id')} from ${table} left join person on person.pt = f.pt`;
    return { text, values: statement.values };
  }
  const key = statement.int8(person);
  const columns = columnsOf(page, `(select id from person where pt = ${key})`);
  const text = page.tellsRules
    ? `select ${ruledColumns(key)}${columns} from (select) as u left join ${table} on true`
    : `select ${columns} from ${table}`;
  return { text, values: statement.values };
}

export async function readSmallPage(db: Queryable, page: SmallPage): Promise<PageRows> {
  const { text, values } = smallStatement(page);
  const read: PageRows = { rows: [], ruled: false };
  await binaryRows(db, namedStatements.of(text, values), (row) => readPageRow(row, page, read));
  return read;
}

const LIMITS = { onTheWay: 2, largest: 32, mostWaiting: 4_000 };

interface Row {
  page: SmallPage;
  /** Columns that tell of rules; empty where the page does not. */
  ruled: string;
  types: readonly SqlType[];
  values: readonly unknown[];
}

/** Pages that are asked for at the same time: those of one shape go in one statement. */
export class SmallPages {
  readonly #db: Queryable;
  readonly #shapes = new Map<string, Gathering<Row, PageRows>>();

  constructor(db: Queryable) {
    this.#db = db;
  }

  async rows(page: SmallPage): Promise<PageRows> {
    const statement = new RowStatement();
    const person = page.person === null ? null : statement.int8(page.person);
    const table = `lateral ${page.write(statement)} as f`;
    const tells = page.tellsRules && person !== null;
    const found = tells ? `left join ${table} on true` : `cross join ${table}`;
    const shape =
      person === null
        ? `${found} left join person on person.pt = f.pt`
        : `left join person on person.pt = ${person} ${found}`;
    const known = this.#shapes.get(shape);
    const gathering = known ?? new Gathering(LIMITS, (rows: Row[]) => this.#read(shape, rows));
    if (!known) this.#shapes.set(shape, gathering);
    try {
      const ruled = tells ? ruledColumns(person) : '';
      return await gathering.ask({ page, ruled, types: statement.types, values: statement.values });
    } finally {
      if (gathering.isIdle) this.#shapes.delete(shape);
    }
  }

  async #read(shape: string, rows: Row[]): Promise<(PageRows | Promise<PageRows>)[]> {
    const alone = () => rows.map(({ page }) => readSmallPage(this.#db, page));
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
async function readShape(db: Queryable, shape: string, rows: Row[]): Promise<PageRows[]> {
  const { types, page, ruled } = rows[0]!;
  const columns = types.map((type, at) => COLUMN[type](rows.map(({ values }) => values[at])));
  const lists = types.map((type, at) => `$${at + 1}::${type.endsWith('[]') ? 'text' : type}[]`);
  const names = types.map((_, at) => `v${at + 1}`);
  const text = `select u.i::int4 as i, ${ruled}${columnsOf(page, 'person.id')}
    from (select * from unnest(${lists.join(', ')}) with ordinality as a(${names.join(', ')}, i) limit $${types.length + 1}) as u
    ${shape}`;
  const pages = rows.map((): PageRows => ({ rows: [], ruled: false }));
  await binaryRows(db, namedStatements.of(text, [...columns, rows.length]), (row) =>
    readPageRow(row, page, pages[row.integer() - 1]!),
  );
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
