/** One durable consumer: its place in the feed, its retries, and what can be told about it. */
import type { Pool, PoolClient } from 'pg';
import type { Change } from '../store/contract.ts';
import {
  comparePositions,
  inTransaction,
  type Position,
  parsePosition,
  positionText,
  START,
} from '../store/index.ts';

export type Handler = (changes: Change[], client: PoolClient) => Promise<void | (() => void)>;

export interface ConsumerState {
  name: string;
  /** Position of the last change seen; null until it is known. */
  position: string | null;
  /** Failures in a row; 0 = well. */
  failures: number;
  /** Message of the last failure; null when well. */
  error: string | null;
  /** Epoch milliseconds of the first failure in a row. */
  failingSince: number | null;
}

/** Changes of one transaction: each statement costs far more than its rows. */
const BATCH = 2_000;
/** Changes that are looked through at a time for those that concern a consumer; most concern few. */
const LOOKED_THROUGH = 4_000;

/** What a consumer reads from. */
export interface Source {
  pool: Pool;
  changes(after: string, limit: number): Promise<Change[]>;
  /** Position of the last change that is committed; START when there is none. */
  head(): Promise<Position>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 60_000;

export interface ConsumerOptions {
  /** Changes that concern it, of one transaction; default 2,000. */
  batch?: number;
  /** False: begins with what is new when it is added the first time; default true. */
  fromStart?: boolean;
  /** Changes that the handler has something to do for; without it, all. Others are passed without a transaction. */
  concerns?(change: Change): boolean;
}

export class Consumer {
  readonly name: string;
  readonly #handler: Handler;
  readonly #batch: number;
  readonly #fromStart: boolean;
  readonly #concerns: (change: Change) => boolean;
  readonly #source: Source;
  #position: Position | null = null;
  /** What the table says; behind `#position` where nothing concerned the consumer since. */
  #written: Position | null = null;
  #failures = 0;
  #error: string | null = null;
  #failingSince: number | null = null;

  constructor(name: string, handler: Handler, source: Source, options: ConsumerOptions) {
    this.name = name;
    this.#handler = handler;
    this.#source = source;
    this.#batch = options.batch ?? BATCH;
    this.#fromStart = options.fromStart ?? true;
    this.#concerns = options.concerns ?? (() => true);
  }

  state(): ConsumerState {
    return {
      name: this.name,
      position: this.#position && positionText(this.#position),
      failures: this.#failures,
      error: this.#error,
      failingSince: this.#failingSince,
    };
  }

  /** True when every change up to the position has been seen. */
  hasSeen(position: Position): boolean {
    return this.#position !== null && comparePositions(this.#position, position) >= 0;
  }

  /** Milliseconds to wait before the next try; 0 when well. */
  pause(): number {
    return this.#failures === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (this.#failures - 1), LONGEST_PAUSE_MS);
  }

  /** Sees one batch. Never throws: a failure is kept and told. @returns true when there may be more */
  async step(): Promise<boolean> {
    try {
      const from = this.#position ?? (await this.#place());
      this.#position = from;
      const found = await this.#source.changes(positionText(from), LOOKED_THROUGH);
      const { changes, concerned } = this.#firstOf(found);
      if (concerned) await this.#handle(from, changes);
      else if (changes.length > 0 && this.#position === from)
        this.#position = parsePosition(changes.at(-1)!.position);
      this.#failures = 0;
      this.#error = null;
      this.#failingSince = null;
      return found.length === LOOKED_THROUGH || changes.length < found.length;
    } catch (error) {
      this.#failures += 1;
      this.#error = error instanceof Error ? error.message : String(error);
      this.#failingSince ??= Date.now();
      // Another program may have moved it, or a rebuild: ask again.
      this.forgetPlace();
      return true;
    }
  }

  /** As many as have a batch of changes that concern it. */
  #firstOf(found: Change[]): { changes: Change[]; concerned: boolean } {
    let concerning = 0;
    for (const [at, change] of found.entries()) {
      if (this.#concerns(change)) concerning += 1;
      if (concerning === this.#batch) return { changes: found.slice(0, at + 1), concerned: true };
    }
    return { changes: found, concerned: concerning > 0 };
  }

  /** Empties what the consumer made and puts it before the first change, in one transaction. */
  async restart(empty: (client: PoolClient) => Promise<void>): Promise<void> {
    await inTransaction(this.#source.pool, async (client) => {
      await this.#insert(client, START);
      await client.query('select from consumer where name = $1 for update', [this.name]);
      await empty(client);
      await client.query('update consumer set era = $2, xid = $3, n = $4, moved = now() where name = $1', [
        this.name,
        ...valuesOf(START),
      ]);
    });
    this.#position = START;
    this.#written = START;
  }

  /** Somebody has moved it: the place is asked for again. */
  forgetPlace(): void {
    this.#position = null;
    this.#written = null;
  }

  /** Writes down how far it has come past changes that do not concern it; a crash before costs another look at them. */
  async keepPlace(): Promise<void> {
    const [from, to] = [this.#written, this.#position];
    if (!from || !to || comparePositions(from, to) === 0) return;
    const moved = await this.#source.pool.query(MOVE, [this.name, ...valuesOf(to), ...valuesOf(from)]);
    if (this.#written !== from) return;
    if (moved.rowCount === 0) this.forgetPlace();
    else this.#written = to;
  }

  /** Moves the position and lets the handler work in one transaction; does nothing when somebody else has moved it. */
  async #handle(from: Position, changes: Change[]): Promise<void> {
    const to = parsePosition(changes.at(-1)!.position);
    const written = this.#written ?? from;
    // Position and work are lost together or not at all, and then done again.
    const done = await inTransaction(
      this.#source.pool,
      async (client) => {
        const moved = await client.query(MOVE, [this.name, ...valuesOf(to), ...valuesOf(written)]);
        return moved.rowCount === 0 ? null : { after: await this.#handler(changes, client) };
      },
      'repeatable',
    );
    // A rebuild may have begun meanwhile; then its position counts.
    if (this.#position === from) {
      this.#position = done ? to : null;
      this.#written = this.#position;
    }
    done?.after?.();
  }

  async #place(): Promise<Position> {
    const { pool } = this.#source;
    const known = await pool.query<Position>('select era, xid, n from consumer where name = $1', [this.name]);
    if (known.rows[0]) {
      this.#written = known.rows[0];
      return known.rows[0];
    }
    await this.#insert(pool, this.#fromStart ? START : await this.#source.head());
    return this.#place();
  }

  async #insert(db: Pick<Pool, 'query'> | PoolClient, position: Position): Promise<void> {
    await db.query(
      'insert into consumer (name, era, xid, n) values ($1, $2, $3, $4) on conflict (name) do nothing',
      [this.name, ...valuesOf(position)],
    );
  }
}

/**
 * Puts new work of a consumer in place of the old, with the position from before it was prepared; whoever carries the consumer
 * on, here or elsewhere, goes on from there.
 */
export async function replaceWork(
  pool: Pool,
  name: string,
  prepare: () => Promise<(client: PoolClient) => Promise<void>>,
): Promise<void> {
  const known = await pool.query<Position>('select era, xid, n from consumer where name = $1', [name]);
  const before = known.rows[0] ?? START;
  const put = await prepare();
  await inTransaction(pool, async (client) => {
    await client.query('select from consumer where name = $1 for update', [name]);
    await put(client);
    await client.query('update consumer set era = $2, xid = $3, n = $4, moved = now() where name = $1', [
      name,
      ...valuesOf(before),
    ]);
  });
}

const MOVE = `update consumer set era = $2, xid = $3, n = $4, moved = now()
  where name = $1 and era = $5 and xid = $6 and n = $7`;

const valuesOf = ({ era, xid, n }: Position) => [era, xid, n];
