/** Keeps view tables equal to the record: every change of the feed replaces the rows of the resource it touched. */
import type { PoolClient } from 'pg';
import type { Resource, ResourceType } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Change } from '../../kernel/store/contract.ts';
import { type Cell, evaluateView } from './evaluate.ts';
import { createTableSql, KEY_COLUMNS, tableColumns, tableName, type ViewDefinition } from './view-table.ts';

export interface Views {
  /** Empties the tables and reads the record again from the first change; resolves when they are level. */
  rebuild(): Promise<void>;
}

/** What a change looked like to a view's owner, after its rows were written. */
export type AfterRefresh = (
  changes: Change[],
  resources: ReadonlyMap<string, Resource>,
  client: PoolClient,
) => Promise<void | (() => void)>;

/**
 * Creates the tables of a set of views and starts the consumer that fills them. A definition whose table would look
 * different from the stored one is rebuilt from the first change, so that new content needs no migration.
 *
 * @param set name of the consumer, unique in the program
 * @param names files `content/views/<name>.json`
 * @param after called inside the same transaction for every batch; what it returns runs after the commit
 */
export async function openViews(
  kernel: Kernel,
  set: string,
  names: string[],
  after?: AfterRefresh,
): Promise<Views> {
  const views = names.map((name) => kernel.content.json<ViewDefinition>(`views/${name}`));
  const consumer = `views/${set}`;
  const changed = await createTables(kernel, set, views);
  const wanted = new Set<ResourceType>(views.map((view) => view.resource));

  kernel.events.consume(
    consumer,
    async (changes, client) => {
      const ours = changes.filter((change) => wanted.has(change.type));
      const resources = await kernel.store.latest(ours);
      for (const view of views) await refreshView(client, view, ours, resources);
      return after?.(ours, resources, client);
    },
    { batch: 500, fromStart: true },
  );
  const rebuild = () => kernel.events.rebuild(consumer, (client) => emptyTables(client, views));
  if (changed) await rebuild();
  return { rebuild };
}

async function emptyTables(client: PoolClient, views: ViewDefinition[]): Promise<void> {
  for (const view of views) await client.query(`truncate ${tableName(view)}`);
}

/** True when a set that was filled before got a new or changed table: then the whole set is read again. */
async function createTables(kernel: Kernel, set: string, views: ViewDefinition[]): Promise<boolean> {
  await kernel.pool.query(
    'create table if not exists view_definition (set_name text, name text, ddl text, definition text, primary key (set_name, name))',
  );
  const filled = await kernel.pool.query('select 1 from view_definition where set_name = $1 limit 1', [set]);
  let changed = false;
  for (const view of views) {
    const ddl = createTableSql(view);
    const definition = JSON.stringify(view);
    const known = await kernel.pool.query<{ ddl: string; definition: string }>(
      'select ddl, definition from view_definition where set_name = $1 and name = $2',
      [set, view.name],
    );
    if (known.rows[0]?.definition === definition) continue;
    await kernel.pool.query(`drop table if exists ${tableName(view)};\n${ddl}`);
    await kernel.pool.query(
      `insert into view_definition values ($1, $2, $3, $4)
       on conflict (set_name, name) do update set ddl = excluded.ddl, definition = excluded.definition`,
      [set, view.name, ddl, definition],
    );
    changed = true;
  }
  return changed && filled.rows.length > 0;
}

async function refreshView(
  client: PoolClient,
  view: ViewDefinition,
  changes: Change[],
  resources: ReadonlyMap<string, Resource>,
): Promise<void> {
  const touched = new Map(
    changes.filter((change) => change.type === view.resource).map((change) => [change.id, change]),
  );
  if (touched.size === 0) return;
  const table = tableName(view);
  await client.query(`delete from ${table} where resource_key = any($1)`, [[...touched.keys()]]);
  const rows: Cell[][] = [];
  for (const [id, change] of touched) {
    const resource = resources.get(`${view.resource}/${id}`);
    if (!resource) continue;
    for (const cells of evaluateView(view, resource)) rows.push([id, change.patient, ...cells]);
  }
  if (rows.length > 0) await insertRows(client, view, rows);
}

/** One statement for all rows: one array per column. */
async function insertRows(client: PoolClient, view: ViewDefinition, rows: Cell[][]): Promise<void> {
  const columns = [...KEY_COLUMNS, ...tableColumns(view)];
  const names = columns.map((column) => column.name).join(', ');
  const arrays = columns.map((column, index) => `$${index + 1}::${column.sqlType}[]`).join(', ');
  const values = columns.map((_, index) => rows.map((row) => row[index] ?? null));
  await client.query(`insert into ${tableName(view)} (${names}) select * from unnest(${arrays})`, values);
}
