/** The change feed: what was committed, in order, and a wake-up when there may be more. */
import { instantOf } from './body.ts';
import type { Change } from './contract.ts';
import { idsOf } from './feed-ids.ts';
import { levelChanges } from './feed-rows.ts';
import type { Notices } from './notices.ts';
import { parsePosition, positionText, START } from './position.ts';
import { typeName } from './resource-types.ts';
import type { Queryable } from './rows.ts';

const OPERATIONS = ['', 'create', 'update', 'delete', 'delete'] as const;
/** Number of an erasure (schema/0007). */
const ERASED = 4;

export async function changes(
  db: Queryable,
  era: number,
  after: string | undefined,
  limit: number,
  known?: (idh: bigint) => string | undefined,
): Promise<Change[]> {
  const from = after === undefined ? START : parsePosition(after);
  const rows = await levelChanges(db, from, limit, era);
  const ids = await idsOf(db, rows, known);
  return rows.map((row) => ({
    position: positionText(row),
    at: instantOf(row.ts.getTime()),
    type: typeName(row.t),
    id: ids.get(row.idh)!,
    version: row.ver,
    op: OPERATIONS[row.op] as Change['op'],
    patient: row.patient,
    ...(row.op === ERASED && { erased: true as const }),
  }));
}

const SUBJECT = 'change';
/** Other programs on the same database hear of commits at most this late; their own are told at once. */
const NOTICE_PAUSE_MS = 100;

/** After writing by another way than a commit of the store: wakes the followers of every program. */
export function wakeFollowers(notices: Notices): Promise<void> {
  return notices.send(SUBJECT);
}

/** Tells listeners of this process and, a little later, other programs on the same database. */
export class Wakeup {
  readonly #notices: Notices;
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #listening: (() => void) | undefined;
  #closed = false;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  /** After a commit of this process. The notice to others stands outside the commit: it takes a lock all writers share. */
  committed(): void {
    this.#wake();
    if (this.#timer || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#notices.send(SUBJECT);
    }, NOTICE_PAUSE_MS);
    this.#timer.unref();
  }

  /** Another thread of this process has committed. */
  heard(): void {
    this.#wake();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    const wake = () => this.#wake();
    this.#listening ??= this.#notices.on(SUBJECT, { heard: wake, connected: wake });
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#listeners.clear();
    this.#listening?.();
  }

  #wake(): void {
    for (const listener of this.#listeners) listener();
  }
}
