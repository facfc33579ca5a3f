/**
 * How long a search may hold a connection. A statement that runs too long, or whose asker has gone away, is cancelled in the
 * database; writing, loading, indexing anew and scans go by the pool itself and have no such limit.
 */
import pg, { type Pool, type PoolClient } from 'pg';
import { Failure } from '../failure.ts';
import { settled } from './binary-rows.ts';
import type { SearchManner } from './contract.ts';
import type { Queryable } from './rows.ts';

/** Milliseconds that the statements of one search may take together. */
export interface Patience {
  /** When somebody waits for the answer. */
  awaited: number;
  /** Of a request that is answered later. */
  unhurried: number;
}

export const PATIENCE: Patience = { awaited: 30_000, unhurried: 900_000 };

/** How often it is looked whether the asker is still there. */
const LOOK_MS = 1_000;

/** What a statement is stopped for. */
type Reason = 'costly' | 'gone';

/** The pool as one search uses it: its statements share the time. Waiting for a connection does not count. */
export function patientPool(pool: Pool, { unhurried, isGone }: SearchManner, patience: Patience): Queryable {
  const limit = unhurried ? patience.unhurried : patience.awaited;
  let spent = 0;
  const query = async (...asked: unknown[]) => {
    if (spent >= limit) throw asFailure('costly', limit);
    const client = await pool.connect();
    const began = performance.now();
    const watch = watchOver(client, pool, limit - spent, isGone);
    try {
      return await settled((client.query as (...args: unknown[]) => unknown)(...asked));
    } catch (error) {
      throw watch.stopped === null ? error : asFailure(watch.stopped, limit, error);
    } finally {
      spent += performance.now() - began;
      watch.end();
      // A connection whose statement was to be cancelled may be hit by it later.
      client.release(watch.stopped !== null);
    }
  };
  return { query: query as unknown as Pool['query'] };
}

interface Watch {
  stopped: Reason | null;
  end(): void;
}

function watchOver(client: PoolClient, pool: Pool, left: number, isGone: (() => boolean) | undefined): Watch {
  const until = performance.now() + left;
  let timer: NodeJS.Timeout;
  let ended = false;
  const end = () => {
    ended = true;
    clearTimeout(timer);
  };
  const watch: Watch = { stopped: null, end };
  const look = () => {
    const reason = performance.now() >= until ? 'costly' : isGone?.() ? 'gone' : null;
    if (reason === null) return again();
    watch.stopped = reason;
    // What comes before the database has begun with the statement stops nothing: it is told again until the statement has ended.
    void cancel(pool, client).then(() => {
      if (!ended) again(LOOK_MS);
    });
  };
  const again = (wait = Math.max(0, Math.min(LOOK_MS, until - performance.now()))) => {
    timer = setTimeout(look, wait);
    timer.unref();
  };
  again();
  return watch;
}

/** By a connection beside the pool: all of the pool's may be held by what is to be cancelled. */
async function cancel(pool: Pool, client: PoolClient): Promise<void> {
  const beside = new pg.Client(pool.options);
  beside.on('error', () => undefined);
  try {
    await beside.connect();
    await beside.query('select pg_cancel_backend($1)', [
      (client as unknown as { processID: number }).processID,
    ]);
  } catch {
    // The database is away: then the statement has ended, too.
  } finally {
    await beside.end().catch(() => undefined);
  }
}

function asFailure(reason: Reason, limit: number, cause?: unknown): Failure {
  if (reason === 'gone') {
    return new Failure('interrupted', 'Người hỏi đã ngắt kết nối nên đã dừng tìm.', {
      textEn: 'The client went away, the search was stopped.',
      cause,
    });
  }
  const seconds = Math.round(limit / 1000);
  return new Failure(
    'too-costly',
    `Tìm kiếm này chạy quá ${seconds} giây nên đã dừng. Hãy thêm điều kiện (người bệnh, ngày, mã), bớt _sort hoặc _total, hoặc gửi với Prefer: respond-async.`,
    {
      textEn: `The search ran for more than ${seconds} seconds and was stopped. Add criteria (a person, a date, a code), leave out _sort or _total, or send it with Prefer: respond-async.`,
      cause,
    },
  );
}
