/** Table `search_index`: what each type's rows agree with, and how far a pass has come. */
import type { Queryable } from '../rows.ts';
import type { Fingerprints } from './fingerprint.ts';

export type IndexState = 'level' | 'waiting' | 'running' | 'stopped' | 'failed';

/** Why a pass is made. */
export type Reason = 'parameter' | 'version' | 'operator';

export interface TypeState {
  type: string;
  parameters: Fingerprints;
  state: IndexState;
  why: Reason | '';
  /** What the pass makes rows agree with; null = it has not begun. */
  pass: Fingerprints | null;
  /** Rows looked at, rows that were changed, rows there are (estimate). */
  seen: number;
  changed: number;
  total: number;
  error: string | null;
}

const COLUMNS =
  'type, parameters, state, why, pass, seen::float8 as seen, changed::float8 as changed, total::float8 as total, error';

/** All types, or those with something to do. */
export async function readStates(db: Queryable, onlyOpen: boolean): Promise<TypeState[]> {
  const which = onlyOpen ? `where state <> 'level'` : '';
  const found = await db.query<TypeState>(`select ${COLUMNS} from search_index ${which} order by type`);
  return found.rows;
}

/** Share of a type's rows that have been looked at, 0–1. */
export function doneOf({ state, seen, total }: TypeState): number {
  if (state === 'level') return 1;
  return total === 0 ? 0 : Math.min(1, seen / total);
}

/** A pass from the first row on. */
export const FROM_THE_START =
  'pass = null, at_table = null, at_d0 = null, at_idh = null, seen = 0, changed = 0, error = null';

/** Asks for a pass over types even if they are level; a pass that goes on already begins anew. */
export async function askFor(db: Queryable, types: readonly string[], why: Reason): Promise<void> {
  await db.query(
    `update search_index set state = 'waiting', why = $2, ${FROM_THE_START}, moved = now() where type = any ($1)`,
    [types, why],
  );
}

/** Waiting and running passes stop after their batch, and keep their place. @returns how many */
export async function stopPasses(db: Queryable, types: readonly string[] | null): Promise<number> {
  const done = await db.query(
    `update search_index set state = 'stopped', moved = now()
     where state in ('waiting', 'running') and ($1::text[] is null or type = any ($1))`,
    [types],
  );
  return done.rowCount ?? 0;
}

/** Passes that failed a minute ago are tried again. */
export async function retryFailed(db: Queryable): Promise<void> {
  await db.query(
    `update search_index set state = 'waiting', moved = now() where state = 'failed' and moved < now() - interval '1 minute'`,
  );
}

/** Stopped and failed passes go on where they were. @returns how many */
export async function resumePasses(db: Queryable, types: readonly string[] | null): Promise<number> {
  const done = await db.query(
    `update search_index set state = 'waiting', error = null, moved = now()
     where state in ('stopped', 'failed') and ($1::text[] is null or type = any ($1))`,
    [types],
  );
  return done.rowCount ?? 0;
}
