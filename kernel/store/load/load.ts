/** Loads sources into the record: hands pieces to threads, keeps their order where it matters, and builds what was left out. */
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { Failure } from '../../failure.ts';
import type { AuditLine } from '../contract.ts';
import { currentEra } from '../era.ts';
import { faultOf } from '../faults.ts';
import { wakeFollowers } from '../feed.ts';
import { looseId } from '../ids.ts';
import type { Notices } from '../notices.ts';
import { labelRules } from '../search/labels.ts';
import type { OpenStore } from '../store.ts';
import type { Counts, LoadOptions, LoadSummary, ThreadSettings } from './contract.ts';
import { Crew } from './crew.ts';
import { buildIndexes, deferIndexes, hasDeferredIndexes } from './indexes.ts';
import { addCounts, beginLoad, endLoad, forgetSources, NONE } from './ledger.ts';
import { piecesOf, type Source, sourcesOf } from './sources.ts';

/** A store with more resources than this keeps its indexes while it is loaded: somebody may be searching. */
const SMALL_STORE = 50_000;
/** Bytes of JSON from which building indexes at the end pays. */
const LARGE_LOAD = 100_000_000;
/** A resource on disk as gzip, about. */
const GZIP_RATIO = 12;
const MOST_THREADS = 6;
const BYTES_A_THREAD = 4_000_000;

/**
 * Loads everything, each resource once: what was loaded by an earlier run of the same sources is passed over. Only one
 * load at a time.
 * @throws Failure `conflict` when another load is running, `not-found` for a source that is not there, and what the
 * database fails with; what was loaded until then stays, and the same call goes on
 */
export async function loadSources(store: OpenStore, options: LoadOptions): Promise<LoadSummary> {
  const sources = sourcesOf(options.sources);
  const guard = await store.pool.connect();
  // A connection that breaks is noticed by those who work on theirs.
  guard.on('error', () => undefined);
  try {
    await claim(guard);
    return await run(store, sources, options);
  } catch (error) {
    // The store knows better why its database is gone: a full disk is told as such.
    const fault = faultOf(error);
    if (fault instanceof Failure && fault.code === 'database-unavailable')
      await store.audit([{ ...lineOf(options, 'load'), outcome: 'failed' }]);
    throw fault;
  } finally {
    await guard.query(`select pg_advisory_unlock(hashtext('yba load'))`).catch(() => undefined);
    guard.release(true);
  }
}

/** The lock lies with the connection: whoever is killed gives it back. */
async function claim(client: PoolClient): Promise<void> {
  const { rows } = await client.query(`select pg_try_advisory_lock(hashtext('yba load')) as mine`);
  if (rows[0].mine) return;
  throw new Failure('conflict', 'Đang có một lần nạp khác chạy trên cơ sở dữ liệu này.', {
    textEn: 'Another load is running on this database.',
  });
}

async function run(store: OpenStore, sources: Source[], options: LoadOptions): Promise<LoadSummary> {
  const { pool } = store;
  const { who, why } = options;
  const names = sources.map(({ name }) => name);
  if (options.again) await forgetSources(pool, names);
  const { id, began } = await beginLoad(pool, { id: looseId(), sources: names, who, why });
  await store.audit([lineOf(options, `load/${id} ${names.join(' ')}`.slice(0, 2_000))]);
  const started = performance.now();
  if (await isWorthDeferring(pool, sources, options)) await deferIndexes(pool);
  const deferred = await hasDeferredIndexes(pool);
  const settings = await settingsOf(store, options, id, began.getTime());
  const crew = new Crew(settings, options.threads ?? threadsFor(sources));
  if (options.judge) crew.judge = options.judge;
  // Waiting for a database helps, unless its disk is full: then the store says so.
  crew.onUnreachable = () =>
    void store.read('Organization', 'none').catch((error) => {
      if (error instanceof Failure && error.code === 'disk-full') crew.fail(error);
    });
  const loaded = await loadPieces(crew, sources, options, store.notices).finally(() => crew.dismiss());
  const rowsDone = performance.now();
  if (deferred && loaded.complete) await waiting(() => buildIndexes(pool, options.onIndexes));
  if (loaded.complete) await waiting(() => tidyUp(pool, loaded.counts));
  // Rows are copied past the commit, so what persons deny is read now.
  await waiting(() => store.consentRules.rebuild());
  if (loaded.complete) await waiting(() => endLoad(pool, id));
  await waiting(() => wakeFollowers(store.notices));
  const { counts } = loaded;
  const end = `load/${id} created=${counts.created} updated=${counts.updated} unchanged=${counts.unchanged} deleted=${counts.deleted} refused=${counts.refused}`;
  const line = lineOf(options, `${end} ${loaded.complete ? 'complete' : 'stopped'}`);
  await waiting(() => store.audit([line]));
  return {
    ...counts,
    id,
    before: loaded.before,
    complete: loaded.complete,
    bytes: loaded.bytes,
    deferred,
    seconds: { rows: (rowsDone - started) / 1000, indexes: (performance.now() - rowsDone) / 1000 },
  };
}

const RETRY_FOR_MS = 60_000;
const PAUSE_MS = 1_000;

/** A step that may be taken twice; a database that does not answer is waited for, as the threads do. A full disk is not. */
async function waiting<T>(step: () => Promise<T>): Promise<T> {
  const giveUp = Date.now() + RETRY_FOR_MS;
  for (;;) {
    try {
      return await step();
    } catch (error) {
      const fault = faultOf(error);
      const unreachable = fault instanceof Failure && fault.code === 'database-unavailable';
      if (!unreachable || Date.now() > giveUp) throw error;
      await pause(PAUSE_MS);
    }
  }
}

async function settingsOf(
  { pool, bodyKeys }: OpenStore,
  options: LoadOptions,
  id: string,
  began: number,
): Promise<ThreadSettings> {
  const { who, whoDisplay, why, validate = true } = options;
  const citus = await pool.query(`select from pg_extension where extname = 'citus'`);
  return {
    url: pool.options.connectionString!,
    load: id,
    who,
    whoDisplay,
    why,
    validate,
    judges: validate && options.judge !== undefined,
    era: await currentEra(pool),
    distributed: citus.rowCount !== 0,
    labels: labelRules(),
    bodyKeys: bodyKeys ? bodyKeys.all() : [],
    began,
  };
}

interface Loaded {
  counts: Counts;
  before: number;
  bytes: number;
  complete: boolean;
}

async function loadPieces(
  crew: Crew,
  sources: Source[],
  options: LoadOptions,
  notices: Notices,
): Promise<Loaded> {
  const started = performance.now();
  const loaded: Loaded = { counts: NONE, before: 0, bytes: 0, complete: true };
  const bytes = sources.every((source) => source.bytes > 0)
    ? sources.reduce((sum, one) => sum + one.bytes, 0)
    : 0;
  let bytesRead = 0;
  const nameOf = new Map<number, string>();
  crew.onDone = (message) => {
    loaded.counts = addCounts(loaded.counts, message.counts);
    if (message.before) loaded.before += resourcesIn(message.counts);
    const source = nameOf.get(message.n)!;
    if (message.refused.length > 0) options.onRefused?.(source, message.refused);
    options.onCounts?.(source, message.counts);
    nameOf.delete(message.n);
    const elapsed = performance.now() - started;
    options.onProgress?.({ ...loaded.counts, bytes, bytesRead, elapsed, before: loaded.before });
  };
  const waker = setInterval(() => void wakeFollowers(notices), WAKE_MS);
  try {
    const pieces = piecesOf(sources, (read) => {
      bytesRead += read;
    });
    for await (const piece of pieces) {
      if (options.signal?.aborted) {
        loaded.complete = false;
        break;
      }
      loaded.bytes += piece.bytes.length;
      nameOf.set(piece.n, piece.source);
      await crew.give(piece);
    }
    await crew.settled();
  } finally {
    clearInterval(waker);
  }
  return loaded;
}

/** Programs that follow the feed hear of the load this often. */
const WAKE_MS = 2_000;

export function resourcesIn({ created, updated, unchanged, deleted }: Counts): number {
  return created + updated + unchanged + deleted;
}

/** A thread takes a second to begin: not more of them than have something to do. */
function threadsFor(sources: Source[]): number {
  const bytes = bytesOf(sources);
  const busy = sources.every((source) => source.bytes > 0) ? Math.ceil(bytes / BYTES_A_THREAD) : MOST_THREADS;
  return Math.min(MOST_THREADS, availableParallelism(), busy);
}

/** Bytes of JSON, about. */
function bytesOf(sources: Source[]): number {
  return sources.reduce((sum, { name, bytes }) => sum + bytes * (name.endsWith('.gz') ? GZIP_RATIO : 1), 0);
}

async function isWorthDeferring(
  pool: Pool,
  sources: Source[],
  { indexes = 'auto' }: LoadOptions,
): Promise<boolean> {
  if (indexes !== 'auto') return indexes === 'deferred';
  if (bytesOf(sources) < LARGE_LOAD) return false;
  const { rows } = await pool.query(
    'select count(*)::int as n from (select from res limit $1) as rows_of_persons',
    [SMALL_STORE + 1],
  );
  return rows[0].n <= SMALL_STORE;
}

/** Statistics and visibility for the searches that come next; small loads are left to autovacuum. */
async function tidyUp(pool: Pool, counts: Counts): Promise<void> {
  const tables = ['res', 'shared', 'ord', 'str', 'log', 'code', 'alias', 'person', 'hist'];
  if (resourcesIn(counts) < SMALL_STORE) return void (await pool.query(`analyze ${tables.join(', ')}`));
  await pool.query(`vacuum (analyze) ${tables.join(', ')}`);
}

function lineOf({ who, whoDisplay, why }: LoadOptions, what: string): AuditLine {
  return { who, whoDisplay, patient: null, action: 'load', what, why, outcome: 'ok', ip: '', unit: null };
}
