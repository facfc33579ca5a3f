/** Makes the passes that are needed: one program at a time, in the background or while an operator looks on. */
import type { Pool, PoolClient } from 'pg';
import { Failure } from '../../failure.ts';
import { resourceTypeNames } from '../../fhir/definitions/index.ts';
import type { Codecs } from '../codecs.ts';
import { Memory } from '../memory.ts';
import { isResourceType, type StoredType } from '../resource-types.ts';
import { writtenParametersOf } from '../search/parameters.ts';
import type { Catalogue } from './catalogue.ts';
import { askFor, readStates, resumePasses, retryFailed, stopPasses, type TypeState } from './index-state.ts';
import { type PassOptions, type PassTools, runPass } from './pass.ts';

/** What a pass is asked for; neither = every type. */
export interface Scope {
  type?: string;
  /** Types that have the parameter. */
  parameter?: string;
}

type Log = (sentence: string, error?: unknown) => void;

const LOOK_MS = 2_000;
const BACKGROUND = { size: 250, rest: 1 };
const FOREGROUND = { size: 500, rest: 0 };

export class Reindexing {
  readonly #tools: PassTools;
  readonly #stop = new AbortController();
  #background: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  constructor(pool: Pool, codecs: Codecs, catalogue: Catalogue, perPerson: boolean) {
    this.#tools = { pool, codecs, catalogue, memory: new Memory(), perPerson };
    catalogue.onChange(() => this.#wake());
  }

  /** Types with something to do; all of them on request. */
  states(all = false): Promise<TypeState[]> {
    return readStates(this.#tools.pool, !all);
  }

  /**
   * Asks for passes; they begin soon in a program that makes them.
   * @returns the types
   * @throws Failure `invalid-parameter` when there is no such type or parameter
   */
  async ask(scope: Scope): Promise<string[]> {
    const types = typesOf(scope);
    await askFor(this.#tools.pool, types, 'operator');
    this.#wake();
    return types;
  }

  /** @returns how many passes were stopped */
  async stop(scope: Scope = {}): Promise<number> {
    return stopPasses(this.#tools.pool, isEverything(scope) ? null : typesOf(scope));
  }

  /** Lets stopped and failed passes go on. @returns how many */
  async resume(scope: Scope = {}): Promise<number> {
    const resumed = await resumePasses(this.#tools.pool, isEverything(scope) ? null : typesOf(scope));
    this.#wake();
    return resumed;
  }

  /** From now on this program makes the passes that are needed whenever no other does. */
  startBackground(log: Log): void {
    this.#background ??= this.#follow(log);
  }

  /**
   * Makes all passes that are needed now, as fast as it goes.
   * @returns false when another program is making them
   */
  async runNow(signal: AbortSignal, log: Log): Promise<boolean> {
    const client = await this.#lock();
    if (!client) return false;
    try {
      await this.#runAll(client, { ...FOREGROUND, signal }, log);
      return true;
    } finally {
      await release(client);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#background;
  }

  async #follow(log: Log): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await retryFailed(this.#tools.pool);
        if (this.#tools.catalogue.isCurrent && (await this.states()).some(isOpen))
          await this.#runBackground(log);
      } catch {
        // The database is away: its own messages say so; looked at again in a moment.
      }
      if (!signal.aborted) await this.#sleep();
    }
  }

  async #runBackground(log: Log): Promise<void> {
    const client = await this.#lock();
    if (!client) return;
    try {
      await this.#runAll(client, { ...BACKGROUND, signal: this.#stop.signal }, log);
    } finally {
      await release(client);
    }
  }

  async #runAll(client: PoolClient, options: PassOptions, log: Log): Promise<void> {
    let said = false;
    for (;;) {
      const open = (await readStates(client, true)).filter(isOpen);
      const [first] = open.toSorted(byNeed);
      if (options.signal.aborted) return;
      if (!first) {
        if (said) log('all records are indexed by the search parameters of now');
        return;
      }
      if (!said && open.some(({ why }) => why !== 'operator')) {
        log(sentence(open));
        said = true;
      }
      await this.#run(client, first, options, log);
    }
  }

  async #run(client: PoolClient, { type }: TypeState, options: PassOptions, log: Log): Promise<void> {
    try {
      const end = await runPass(this.#tools, client, type as StoredType, options);
      if (end === 'level') await this.#tools.catalogue.changed();
    } catch (error) {
      log(`indexing ${type} failed and is tried again in a minute`, error);
      const text = (error instanceof Error ? error.message : String(error)).slice(0, 500);
      await client.query(
        `update search_index set state = 'failed', error = $2, moved = now() where type = $1`,
        [type, text],
      );
    }
  }

  /** A session's lock: it ends with the program, however that ends. Null when another program has it. */
  async #lock(): Promise<PoolClient | null> {
    const client = await this.#tools.pool.connect();
    try {
      const answer = await client.query<{ mine: boolean }>(
        `select pg_try_advisory_lock(hashtext('yba reindex')) as mine`,
      );
      if (answer.rows[0]!.mine) return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
    client.release();
    return null;
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, LOOK_MS);
      timer.unref();
      this.#wake = done;
    });
  }
}

/** The connection may be broken: then the lock is gone with it. */
async function release(client: PoolClient): Promise<void> {
  let broken = false;
  await client.query(`select pg_advisory_unlock(hashtext('yba reindex'))`).catch(() => {
    broken = true;
  });
  client.release(broken);
}

const isOpen = ({ state }: TypeState) => state === 'waiting' || state === 'running';

/** What was begun first, then the smaller type. */
function byNeed(a: TypeState, b: TypeState): number {
  if (a.state !== b.state) return a.state === 'running' ? -1 : 1;
  return a.type < b.type ? -1 : 1;
}

function sentence(open: readonly TypeState[]): string {
  const types = open.map(({ type }) => type);
  const named = types.slice(0, 5).join(', ') + (types.length > 5 ? ` and ${types.length - 5} more` : '');
  const why = open.some(({ why }) => why === 'version')
    ? 'this version of the program finds records by other rules than the one that wrote them'
    : 'a search parameter was defined';
  return `indexing ${named}: ${why}; searches by what is not ready are refused meanwhile (yba reindex shows how far it is)`;
}

function isEverything({ type, parameter }: Scope): boolean {
  return type === undefined && parameter === undefined;
}

function typesOf({ type, parameter }: Scope): string[] {
  if (type !== undefined && !isResourceType(type)) {
    throw new Failure('invalid-parameter', `Không có loại bản ghi "${type}" trong FHIR R4.`, {
      textEn: `FHIR R4 has no resource type "${type}".`,
      expression: 'type',
    });
  }
  const types = type === undefined ? resourceTypeNames : [type];
  const having = types.filter((one) => parameter === undefined || writtenParametersOf(one).has(parameter));
  if (having.length > 0) return [...having];
  throw new Failure(
    'invalid-parameter',
    `${type ?? 'Không loại nào'} không có tham số tìm kiếm "${parameter}".`,
    {
      textEn: `${type ?? 'No type'} has no search parameter "${parameter}".`,
      expression: 'parameter',
    },
  );
}
