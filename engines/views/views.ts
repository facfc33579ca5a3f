/** Keeps view tables equal to the record: every change of the feed replaces the rows of the resource it touched. */
import { setTimeout as pause } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { Failure } from '../../kernel/failure.ts';
import type { Resource, ResourceType } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Change } from '../../kernel/store/contract.ts';
import { labelsPrint, sensitivityOf } from '../../kernel/store/search/index.ts';
import { type BuildProgress, buildTable } from './build.ts';
import { type Cell, evaluateView } from './evaluate.ts';
import {
  createTableSql,
  dropTableSql,
  KEY_COLUMNS,
  type TableDdl,
  tableColumns,
  tableName,
  type ViewDefinition,
} from './view-table.ts';

/** What a change looked like to a view's owner, after its rows were written. */
export type AfterRefresh = (
  changes: Change[],
  resources: ReadonlyMap<string, Resource>,
  client: PoolClient,
) => Promise<void | (() => void)>;

/** Told of the changes before the rows they touch are replaced, inside the same transaction. */
export type BeforeRefresh = (changes: readonly Change[], client: PoolClient) => Promise<void>;

/**
 * Creates the tables of a set of views and starts the consumer that fills them. A definition whose table would look
 * different from the stored one is rebuilt from the first change, so that new content needs no migration.
 *
 * @param set name of the consumer, unique in the program
 * @param names files `content/views/<name>.json`
 * @param after called inside the same transaction for every batch; what it returns runs after the commit
 * @param before called for every batch while the tables still hold the rows of before
 */
export async function openViews(
  kernel: Kernel,
  set: string,
  names: string[],
  after?: AfterRefresh,
  before?: BeforeRefresh,
): Promise<void> {
  const views = names.map((name) => kernel.content.json<ViewDefinition>(`views/${name}`));
  await oneAtATime(kernel.pool, () => createTables(kernel, set, views));
  const wanted = new Set<ResourceType>(views.map((view) => view.resource));

  kernel.events.consume(
    consumerOf(set),
    async (changes, client) => {
      const ours = changes.filter((change) => wanted.has(change.type));
      const resources = ours.length === 0 ? NONE : await kernel.store.latest(ours);
      if (ours.length > 0) {
        await before?.(ours, client);
        const built = await builtOf(client, set);
        for (const view of views) await refreshView(client, view, ours, resources, built);
      }
      return after?.(ours, resources, client);
    },
    { fromStart: true, concerns: ({ type }) => wanted.has(type) },
  );
}

const NONE: ReadonlyMap<string, Resource> = new Map();
const consumerOf = (set: string) => `views/${set}`;

/** Programs that start together on one database make its tables one after the other; whoever comes later finds them made. */
async function oneAtATime(pool: Kernel['pool'], work: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('yba views'))`);
    await work();
  } finally {
    await client.query(`select pg_advisory_unlock(hashtext('yba views'))`).catch(() => undefined);
    client.release();
  }
}

/** New tables are empty and filled by the feed; a table whose definition changed is made anew from the record as it is. */
async function createTables(kernel: Kernel, set: string, views: ViewDefinition[]): Promise<void> {
  const { pool } = kernel;
  const filled = await pool.query('select 1 from view_definition where set_name = $1 limit 1', [set]);
  for (const view of views) {
    const ddl = createTableSql(view);
    const known = await pool.query<{ definition: string; ddl: string; labels: string }>(
      'select definition, ddl, labels from view_definition where set_name = $1 and name = $2',
      [set, view.name],
    );
    const before = known.rows[0];
    const isSame = before?.definition === JSON.stringify(view) && before.labels === labelsPrint();
    if (isSame && before.ddl === textOf(ddl)) continue;
    if (isSame && hasColumns(before.ddl, ddl)) {
      // Only who may read it has changed, or where it lies.
      await pool.query(ddl.policy);
      await writeDefinition(pool, set, view, labelsPrint());
      continue;
    }
    if (filled.rows.length > 0) {
      // Told as made by nothing until its table stands.
      await pool.query(
        `insert into view_definition (set_name, name, ddl, definition) values ($1, $2, '', '{}') on conflict do nothing`,
        [set, view.name],
      );
      await rebuildWhenFree(kernel, set, view);
      continue;
    }
    await pool.query(`${dropTableSql(view.name)};\n${ddl.table};\n${ddl.indexes};\n${ddl.policy}`);
    await writeDefinition(pool, set, view, labelsPrint());
  }
}

const LOOK_MS = 250;

/** A making by `yba views rebuild`, or one that was just broken off, is waited for. */
async function rebuildWhenFree(kernel: Kernel, set: string, view: ViewDefinition): Promise<void> {
  for (;;) {
    try {
      return await rebuildTable(kernel, set, view);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'conflict') throw error;
      await pause(LOOK_MS);
    }
  }
}

const textOf = ({ table, policy }: TableDdl) => `${table};\n${policy}`;

/** Whether a table made by an older program has the columns of now. */
function hasColumns(before: string, { table }: TableDdl): boolean {
  return before.includes(table.slice(table.indexOf('(')));
}

async function writeDefinition(
  db: Pick<PoolClient, 'query'>,
  set: string,
  view: ViewDefinition,
  labels: string,
): Promise<void> {
  await db.query(
    `insert into view_definition (set_name, name, ddl, definition, labels) values ($1, $2, $3, $4, $5)
     on conflict (set_name, name) do update set ddl = excluded.ddl, definition = excluded.definition, labels = excluded.labels`,
    [set, view.name, textOf(createTableSql(view)), JSON.stringify(view), labels],
  );
}

/** How a table stands. */
export interface ViewState {
  name: string;
  set: string;
  /** The definition that it was made by. */
  definition: ViewDefinition;
  /** When it was last made anew; null = by the feed from the first change. */
  built: Date | null;
  /** A making is under way, and this far. */
  building: boolean;
  seen: number;
  total: number;
  /** Seconds since its consumer last moved, and whether changes wait. */
  moved: Date | null;
  level: boolean;
}

/** All tables, by name. */
export async function viewStates(pool: Kernel['pool']): Promise<ViewState[]> {
  const { rows } = await pool.query<Omit<ViewState, 'definition'> & { definition: string }>(
    `select d.name, d.set_name as set, d.definition, d.built, coalesce(d.building > now() - interval '${SILENT}', false) as building,
       d.seen::float8 as seen, d.total::float8 as total, c.moved, not exists (
         select from log where (log.era, log.xid) > (c.era, c.xid)) as level
     from view_definition d left join consumer c on c.name = 'views/' || d.set_name order by d.name`,
  );
  return rows.map((row) => ({ ...row, definition: JSON.parse(row.definition) as ViewDefinition }));
}

/** A making that gave no sign of life for so long was broken off. */
const SILENT = '30 seconds';

/**
 * Makes one table anew from the record, while the program works and reads the old one.
 * @param report told how far it is, about twice a second
 * @throws Failure `not-found` for a name of no table, `conflict` when it is being made already
 */
export async function rebuildView(
  kernel: Kernel,
  name: string,
  report: (progress: BuildProgress) => void = () => undefined,
): Promise<void> {
  const states = await viewStates(kernel.pool);
  const state = states.find((one) => one.name === name);
  if (!state) {
    const all = states.map((one) => one.name).join(', ');
    throw new Failure('not-found', `Không có bảng "${name}". Các bảng: ${all}.`, {
      textEn: `There is no view table "${name}"; there are: ${all}.`,
    });
  }
  await rebuildTable(kernel, state.set, state.definition, report);
}

/** Makes anew the tables whose rows are labelled by rules of before. @returns their names */
export async function relabelViews(kernel: Kernel): Promise<string[]> {
  const { rows } = await kernel.pool.query<{ name: string; set: string; definition: string }>(
    `select name, set_name as set, definition from view_definition where labels <> $1 and ddl <> '' order by name`,
    [labelsPrint()],
  );
  for (const { set, definition } of rows)
    await rebuildWhenFree(kernel, set, JSON.parse(definition) as ViewDefinition);
  return rows.map(({ name }) => name);
}

const SAY_MS = 500;

async function rebuildTable(
  kernel: Kernel,
  set: string,
  view: ViewDefinition,
  report: (progress: BuildProgress) => void = () => undefined,
): Promise<void> {
  const { pool, store, events } = kernel;
  const key = [set, view.name];
  const taken = await pool.query(
    `update view_definition set building = now() where set_name = $1 and name = $2
     and (building is null or building < now() - interval '${SILENT}')`,
    key,
  );
  if (taken.rowCount === 0) throw busy(view.name);
  let saidAt = Number.NEGATIVE_INFINITY;
  const say = async (progress: BuildProgress) => {
    report(progress);
    if (performance.now() - saidAt < SAY_MS) return;
    saidAt = performance.now();
    await pool.query(
      'update view_definition set building = now(), seen = $3, total = $4 where set_name = $1 and name = $2',
      [...key, progress.seen, progress.total],
    );
  };
  try {
    await events.replace(consumerOf(set), async () => {
      const labels = labelsPrint();
      const put = await buildTable(store, pool, view, say);
      return async (client) => {
        await put(client);
        await writeDefinition(client, set, view, labels);
        await client.query('update view_definition set built = now() where set_name = $1 and name = $2', key);
      };
    });
  } finally {
    await pool.query('update view_definition set building = null where set_name = $1 and name = $2', key);
  }
}

function busy(name: string): Failure {
  return new Failure('conflict', `Bảng "${name}" đang được dựng lại. Hãy xem "yba views status".`, {
    textEn: `The view table "${name}" is being made already: see "yba views status".`,
  });
}

/** Epoch milliseconds: when a table of the set was last made anew from the record; null when none ever was. */
async function builtOf(client: PoolClient, set: string): Promise<number | null> {
  const { rows } = await client.query<{ built: Date | null }>(
    'select max(built) as built from view_definition where set_name = $1',
    [set],
  );
  return rows[0]!.built?.getTime() ?? null;
}

/** Clocks of the machines that write and of the one that makes tables differ by less. */
const CLOCKS_MS = 24 * 3_600_000;

/**
 * Whether a table may hold rows of the resource from before the change. What the change has made has none, unless the table was
 * made from a record that held it already; looking for them in vain costs as much as writing them.
 *
 * @param built answer of `builtOf`
 */
export function mayHaveRows(change: Change, built: number | null): boolean {
  if (change.op !== 'create' || change.version !== 1) return true;
  return built !== null && Date.parse(change.at) < built + CLOCKS_MS;
}

async function refreshView(
  client: PoolClient,
  view: ViewDefinition,
  changes: Change[],
  resources: ReadonlyMap<string, Resource>,
  built: number | null,
): Promise<void> {
  const mine = changes.filter((change) => change.type === view.resource);
  const touched = new Map(mine.map((change) => [change.id, change]));
  const known = new Set(mine.filter((change) => mayHaveRows(change, built)).map(({ id }) => id));
  if (known.size > 0)
    await client.query(`delete from ${tableName(view)} where resource_key = any($1)`, [[...known]]);
  let rows: Cell[][] = [];
  for (const [id, change] of touched) {
    const resource = resources.get(`${view.resource}/${id}`);
    if (!resource) continue;
    const sec = sensitivityOf(resource);
    for (const cells of evaluateView(view, resource)) rows.push([id, change.patient, sec, ...cells]);
    if (rows.length < MOST_HELD) continue;
    await insertRows(client, view, rows);
    rows = [];
  }
  if (rows.length > 0) await insertRows(client, view, rows);
}

/** Rows that are held before they are written: one resource may give very many. */
const MOST_HELD = 10_000;

/** One statement for all rows: one array per column. */
async function insertRows(client: PoolClient, view: ViewDefinition, rows: Cell[][]): Promise<void> {
  const columns = [...KEY_COLUMNS, ...tableColumns(view)];
  const names = columns.map((column) => column.name).join(', ');
  const arrays = columns.map((column, index) => `$${index + 1}::${column.sqlType}[]`).join(', ');
  const values = columns.map((_, index) => rows.map((row) => row[index] ?? null));
  await client.query(`insert into ${tableName(view)} (${names}) select * from unnest(${arrays})`, values);
}
