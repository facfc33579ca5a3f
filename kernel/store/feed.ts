/** The change feed: what was committed, in order, and a wake-up when there may be more. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { instantOf } from './body.ts';
import type { Change } from './contract.ts';
import { parsePosition, positionText, START } from './position.ts';
import { typeName } from './resource-types.ts';
import type { Queryable } from './rows.ts';

const OPERATIONS = ['', 'create', 'update', 'delete'] as const;

/**
 * Changes that are committed and behind which nothing can appear any more: below the oldest transaction still running.
 * `$1`–`$3` position, `$4` limit, `$5` the era of this server.
 */
const CHANGES = {
  name: 'changes',
  text: `select l.era, l.xid, l.n, l.ts, l.t, l.id, l.ver, l.op, person.id as patient
    from log l left join person using (pt)
    where (l.era, l.xid, l.n) > ($1::int2, $2::int8, $3::int4)
      and (l.era < $5::int2 or l.xid < pg_snapshot_xmin(pg_current_snapshot())::text::int8)
    order by l.era, l.xid, l.n limit $4`,
};

interface ChangeRow {
  era: number;
  xid: string;
  n: number;
  ts: Date;
  t: number;
  id: string;
  ver: number;
  op: number;
  patient: string | null;
}

export async function changes(
  db: Queryable,
  era: number,
  after: string | undefined,
  limit: number,
): Promise<Change[]> {
  const from = after === undefined ? START : parsePosition(after);
  const answer = await db.query<ChangeRow>({ ...CHANGES, values: [from.era, from.xid, from.n, limit, era] });
  return answer.rows.map((row) => ({
    position: positionText(row),
    at: instantOf(row.ts.getTime()),
    type: typeName(row.t),
    id: row.id,
    version: row.ver,
    op: OPERATIONS[row.op] as Change['op'],
    patient: row.patient,
  }));
}

export const CHANNEL = 'yba_change';
/** Other programs on the same database hear of commits at most this late; their own are told at once. */
const NOTICE_PAUSE_MS = 100;
const RECONNECT_PAUSE_MS = 2_000;

/** Tells listeners of this process and, a little later, other programs on the same database. */
export class Wakeup {
  readonly #pool: pg.Pool;
  readonly #listeners = new Set<() => void>();
  /** Tells own notices from those of others. */
  readonly #self = randomUUID();
  #timer: NodeJS.Timeout | undefined;
  #client: pg.Client | undefined;
  #closed = false;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** After a commit of this process. The notice to others stands outside the commit: it takes a lock all writers share. */
  committed(): void {
    this.#wake();
    if (this.#timer || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#pool.query('select pg_notify($1, $2)', [CHANNEL, this.#self]).catch(() => undefined);
    }, NOTICE_PAUSE_MS);
    this.#timer.unref();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (!this.#client) void this.#listen();
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#listeners.clear();
    await this.#client?.end().catch(() => undefined);
  }

  #wake(): void {
    for (const listener of this.#listeners) listener();
  }

  async #listen(): Promise<void> {
    if (this.#closed) return;
    const client = new pg.Client({ ...this.#pool.options, keepAlive: true });
    this.#client = client;
    client.on('notification', (notice) => {
      if (notice.payload !== this.#self) this.#wake();
    });
    client.on('error', () => undefined);
    client.once('end', () => this.#listenAgain());
    try {
      await client.connect();
      (client as unknown as { connection: { stream: { unref(): void } } }).connection.stream.unref();
      await client.query(`listen ${CHANNEL}`);
      this.#wake();
    } catch {
      client.end().catch(() => undefined);
    }
  }

  #listenAgain(): void {
    if (this.#closed) return;
    setTimeout(() => void this.#listen(), RECONNECT_PAUSE_MS).unref();
  }
}
