/** Table `job`: requests that are answered later. Its SQL is here, and in the erasure that forgets answers. */
import type { Pool } from 'pg';

/** `export`: its answer is the list of its files; `measure`: an answer that takes long. */
export type JobKind = 'answer' | 'export' | 'measure';

export interface JobRow {
  id: string;
  kind: JobKind;
  request: string;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  progress: string;
  answer: Buffer | null;
  status: number;
  asked: Date;
  expires: Date;
  /** The program that worked on it has not been heard of for a while. */
  silent: boolean;
}

/** An answer is kept so long; a request may run so long. */
const KEPT = '1 hour';
const LONGEST = '24 hours';
/** A program that works on a job says so every `BEAT_MS`. */
export const BEAT_MS = 5_000;
const SILENT = '60 seconds';

export class JobTable {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Jobs of the owner that are not done yet. */
  async waiting(owner: string): Promise<number> {
    const { rows } = await this.#pool.query<{ count: string }>(
      `select count(*) from job where owner = $1 and state = 'running' and beat > clock_timestamp() - interval '${SILENT}'`,
      [owner],
    );
    return Number(rows[0]!.count);
  }

  async add(id: string, owner: string, program: string, request: string, kind: JobKind): Promise<void> {
    await this.#pool.query(
      `insert into job (id, owner, program, request, kind, state, progress, status, expires)
       values ($1, $2, $3, $4, $5, 'running', 'waiting', 0, clock_timestamp() + interval '${LONGEST}')`,
      [id, owner, program, request, kind],
    );
  }

  /** @returns false when nobody waits for it any more */
  async progress(id: string, progress: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `update job set progress = $2 where id = $1 and state = 'running'`,
      [id, progress],
    );
    return rowCount === 1;
  }

  /** Those of the jobs that are worked on or have an answer. */
  async kept(ids: string[]): Promise<Set<string>> {
    const { rows } = await this.#pool.query<{ id: string }>(
      `select id from job where id = any($1) and expires > clock_timestamp() and (state = 'running' or answer is not null)`,
      [ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** @returns false when nobody waits for it any more */
  async begin(id: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `update job set progress = 'working', beat = clock_timestamp() where id = $1 and state = 'running'`,
      [id],
    );
    return rowCount === 1;
  }

  async finish(id: string, state: 'done' | 'failed', status: number, answer: Buffer): Promise<void> {
    await this.#pool.query(
      `update job set state = $2, status = $3, answer = $4, expires = clock_timestamp() + interval '${KEPT}'
       where id = $1 and state = 'running'`,
      [id, state, status, answer],
    );
  }

  async find(id: string, owner: string): Promise<JobRow | null> {
    const { rows } = await this.#pool.query<JobRow>(
      `select id, kind, request, state, progress, answer, status, asked, expires,
         state = 'running' and beat < clock_timestamp() - interval '${SILENT}' as silent
       from job where id = $1 and owner = $2 and expires > clock_timestamp()`,
      [id, owner],
    );
    return rows[0] ?? null;
  }

  /** @returns false when the owner has no such job */
  async cancel(id: string, owner: string): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `update job set state = 'cancelled', answer = null where id = $1 and owner = $2 and state <> 'cancelled'
       and expires > clock_timestamp()`,
      [id, owner],
    );
    return rowCount === 1;
  }

  async beat(program: string): Promise<void> {
    await this.#pool.query(
      `update job set beat = clock_timestamp() where program = $1 and state = 'running'`,
      [program],
    );
  }

  async sweep(): Promise<void> {
    await this.#pool.query('delete from job where expires < clock_timestamp()');
  }

  /** The program stops: what it still works on is told as broken off. */
  async abandon(program: string): Promise<void> {
    await this.#pool.query(`update job set beat = '-infinity' where program = $1 and state = 'running'`, [
      program,
    ]);
  }
}
