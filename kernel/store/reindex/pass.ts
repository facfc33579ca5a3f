/**
 * A pass over the rows of one type: it makes them agree with the definitions of now. Its place is kept batch by batch in
 * the transaction that changes the rows, so a pass that was stopped or killed goes on where it was.
 */
import type { Pool, PoolClient } from 'pg';
import type { Codecs } from '../codecs.ts';
import { isSharedType } from '../compartment.ts';
import type { Memory } from '../memory.ts';
import { type StoredType, typeNumber } from '../resource-types.ts';
import { applyBatch, type Batch, behind, type Place, readBatch, startOf, type Table } from './batch.ts';
import type { Catalogue } from './catalogue.ts';
import type { Fingerprints } from './fingerprint.ts';

export interface PassTools {
  pool: Pool;
  codecs: Codecs;
  catalogue: Catalogue;
  memory: Memory;
  /** True where the tables are distributed. */
  perPerson: boolean;
}

export interface PassOptions {
  /** Rows of a batch: as long as it takes to write them, a change of one of them waits. */
  size: number;
  /** Waits after each batch so long as the batch took, times this: what it leaves to others. */
  rest: number;
  signal: AbortSignal;
}

/** How a pass ended: all rows agree; or somebody stopped it, or ended this program's part in it. */
export type PassEnd = 'level' | 'stopped' | 'left';

const WAIT_MS = 250;

/**
 * Carries a pass on, on the connection that holds the lock of the one program that makes passes.
 * @throws what the database or a resource that cannot be read throws; the place is kept
 */
export async function runPass(
  tools: PassTools,
  client: PoolClient,
  type: StoredType,
  { size, rest, signal }: PassOptions,
): Promise<PassEnd> {
  let place = await begin(tools, client, type, signal);
  if (place === 'stopped' || place === 'left') return place;
  let next = readNext(tools, type, place, size);
  for (;;) {
    const from = performance.now();
    const batch = await next;
    if (batch === null) return end(client, type);
    if (signal.aborted) return 'left';
    place = batch.end;
    next = readNext(tools, type, place, size);
    // It is waited for in the next round; should this one fail first, nobody is surprised by its failure.
    next.catch(() => undefined);
    if (!(await write(tools, client, batch))) return 'stopped';
    if (rest > 0) await pause((performance.now() - from) * rest, signal);
  }
}

/** The next rows, in whichever table they are; null when the pass has seen all. */
async function readNext(
  tools: PassTools,
  type: StoredType,
  from: Place,
  size: number,
): Promise<Batch | null> {
  for (let place: Place | null = from; place !== null; ) {
    const batch = await readBatch(tools.pool, tools.codecs, type, place, size);
    if (batch) return batch;
    place = behind(place) ?? otherTable(type, place.table);
  }
  return null;
}

/** Some types lie with their person, some among the shared ones, some in both. */
function otherTable(type: StoredType, table: Table): Place | null {
  return table === 'res' && type !== 'Patient' ? startOf('shared') : null;
}

/** Notes what the pass will make rows agree with, and waits until nobody writes otherwise any more. */
async function begin(
  { catalogue }: PassTools,
  client: PoolClient,
  type: StoredType,
  signal: AbortSignal,
): Promise<Place | 'stopped' | 'left'> {
  const found = await client.query<{
    pass: Fingerprints | null;
    at_table: Table | null;
    d0: string | null;
    idh: string;
  }>(
    `select pass, at_table, at_d0::text as d0, at_idh as idh from search_index where type = $1 and state in ('waiting', 'running')`,
    [type],
  );
  const row = found.rows[0];
  if (!row) return 'stopped';
  if (row.pass === null) await note(catalogue, client, type);
  else
    await client.query(
      `update search_index set state = 'running', moved = now() where type = $1 and state = 'waiting'`,
      [type],
    );
  while ((await catalogue.laggards()) > 0) {
    if (signal.aborted) return 'left';
    await pause(WAIT_MS, signal);
  }
  if (row.pass === null || row.at_table === null) return startOf(isSharedType(type) ? 'shared' : 'res');
  return { table: row.at_table, d0: row.d0, idh: row.idh };
}

/** The definitions written down are those of the generation: a change in between would go unnoticed, so it begins again. */
async function note(catalogue: Catalogue, client: PoolClient, type: StoredType): Promise<void> {
  const total = await rowsOf(client, type);
  for (let noted = false; !noted; ) {
    await catalogue.refresh();
    const done = await client.query(
      `update search_index set state = 'running', pass = $2, total = $3, moved = now()
       where type = $1 and exists (select from search_catalogue where generation = $4 for share)`,
      [type, JSON.stringify(catalogue.wantedOf(type)), total, catalogue.generation],
    );
    noted = done.rowCount === 1;
  }
}

/** Rows and place in one transaction; false when somebody has stopped the pass or begun it anew. */
async function write(tools: PassTools, client: PoolClient, batch: Batch): Promise<boolean> {
  const { table, d0, idh } = batch.end;
  // A crash loses rows and place together, and then they are made again.
  await client.query('begin; set local synchronous_commit = off');
  try {
    const changed = await applyBatch(client, tools.memory, batch, tools.perPerson);
    const moved = await client.query(
      `update search_index set at_table = $2, at_d0 = $3, at_idh = $4, seen = seen + $5, changed = changed + $6, moved = now()
       where type = $1 and state = 'running'`,
      [batch.type, table, d0, idh, batch.seen, changed],
    );
    await client.query('commit');
    return moved.rowCount === 1;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** All rows agree with what the pass began with; what was defined meanwhile needs another one. */
async function end(client: PoolClient, type: StoredType): Promise<PassEnd> {
  const done = await client.query(
    `update search_index set parameters = pass, state = 'level', pass = null, at_table = null, at_d0 = null, at_idh = null,
       error = null, total = seen, moved = now() where type = $1 and state = 'running'`,
    [type],
  );
  if (done.rowCount === 0) return 'stopped';
  await client.query('update search_catalogue set generation = generation + 1');
  return 'level';
}

const COUNTED = 2_000_000;

/** Counted, or in large tables what the planner estimates. */
async function rowsOf(client: PoolClient, type: StoredType): Promise<number> {
  const t = typeNumber(type)!;
  const size = await client.query<{ rows: number }>(
    `select reltuples::float8 as rows from pg_class where oid = 'res'::regclass`,
  );
  if (size.rows[0]!.rows < COUNTED) {
    const counted = await client.query<{ n: number }>(
      'select ((select count(*) from res where t = $1) + (select count(*) from shared where t = $1))::float8 as n',
      [t],
    );
    return counted.rows[0]!.n;
  }
  const plan = await client.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    `explain (format json) select from res where t = ${t}`,
  );
  return plan.rows[0]!['QUERY PLAN'][0].Plan['Plan Rows'];
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
