/**
 * The definitions that rows are written by, the same in every program on the database. A SearchParameter that was written
 * makes a new generation. A program learns of it by its own commit or within two seconds; it says below which generation it
 * writes no more, and a pass over older rows waits until every program has said so: then no row escapes it.
 */
import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { Failure, type Issue } from '../../failure.ts';
import type { Resource } from '../../fhir/types.ts';
import { wholeBody } from '../body.ts';
import type { Codecs } from '../codecs.ts';
import type { Write } from '../contract.ts';
import type { Notices } from '../notices.ts';
import { typeNumber } from '../resource-types.ts';
import {
  followOwnParameters,
  type OwnParameter,
  ownParameters,
  ownParametersOf,
  type Unready,
  type UnreadyParameters,
} from '../search/own-parameters.ts';
import { inTransaction } from '../transaction.ts';
import { definitionOf } from './definition.ts';
import { baseFingerprints, differing, type Fingerprints, wantedFingerprints } from './fingerprint.ts';
import { askFor, doneOf, FROM_THE_START, readStates, type TypeState } from './index-state.ts';
import { Paces } from './pace.ts';

/** A message between programs hurries this; it may be lost. */
const POLL_MS = 2_000;
const SUBJECT = 'search-index';
/** A commit by definitions that were confirmed longer ago asks again first. */
const FRESH_MS = 5_000;
/** A program that has said nothing for so long writes nothing more without asking: it is not waited for. */
export const SILENT_S = 30;

const TYPE = typeNumber('SearchParameter')!;
/** Changes with every SearchParameter that is written or removed. */
const SIGNATURE = `select count(*) || ' ' || coalesce(max(ts)::text, '') from shared where pt = 0 and t = ${TYPE}`;

export class Catalogue {
  readonly #pool: Pool;
  readonly #codecs: Codecs;
  readonly #notices: Notices;
  readonly #program = randomUUID();
  readonly #listeners = new Set<() => void>();
  /** Commits on their way, by the generation their rows were made by. */
  readonly #inFlight = new Map<number, number>();
  readonly #paces = new Paces();
  readonly #poll: NodeJS.Timeout;
  readonly #listening: () => void;
  #generation = -1;
  #signature = '';
  #unready: UnreadyParameters = new Map();
  /** Another, newer program has taken the index over; this one ends soon. */
  #outdated = false;
  #confirmed = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;
  #asking: Promise<void> | undefined;
  #closed = false;

  private constructor(pool: Pool, codecs: Codecs, notices: Notices) {
    this.#pool = pool;
    this.#codecs = codecs;
    this.#notices = notices;
    const look = () => void this.#beat().catch(() => undefined);
    this.#poll = setInterval(look, POLL_MS);
    this.#poll.unref();
    this.#listening = notices.on(SUBJECT, { heard: look });
  }

  static async open(pool: Pool, codecs: Codecs, notices: Notices): Promise<Catalogue> {
    const catalogue = new Catalogue(pool, codecs, notices);
    try {
      await catalogue.#takeOver();
      await catalogue.refresh();
    } catch (error) {
      await catalogue.close();
      throw error;
    }
    return catalogue;
  }

  get generation(): number {
    return this.#generation;
  }

  /** False in a program that a newer one has overtaken: it leaves the index alone. */
  get isCurrent(): boolean {
    return !this.#outdated;
  }

  /** After each change of what is answered. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Runs a commit, or anything that writes rows made by `extractIndexes`.
   * @throws Failure `invalid-resource` when a SearchParameter among the writes cannot be answered
   */
  async writing<T>(writes: readonly Write[], run: () => Promise<T>): Promise<T> {
    if (performance.now() - this.#confirmed > FRESH_MS) await this.#beat();
    const defines = writes.some(
      (write) => (write.op === 'delete' ? write.type : write.resource.resourceType) === 'SearchParameter',
    );
    if (defines) refuseWrong(writes);
    const generation = this.#generation;
    this.#inFlight.set(generation, (this.#inFlight.get(generation) ?? 0) + 1);
    let result: T;
    try {
      result = await run();
    } finally {
      const left = this.#inFlight.get(generation)! - 1;
      if (left > 0) this.#inFlight.set(generation, left);
      else this.#inFlight.delete(generation);
      // Somebody may wait for the last commit by older definitions.
      if (left === 0 && generation < this.#generation) void this.#say().catch(() => undefined);
    }
    // It is committed: should the reading fail, the next commit reads before it writes.
    if (defines) await this.changed().catch(() => (this.#confirmed = Number.NEGATIVE_INFINITY));
    return result;
  }

  /** Reads the definitions and what the rows agree with. Calls at the same time share one reading, begun after them. */
  async refresh(): Promise<void> {
    await this.#refreshing?.catch(() => undefined);
    if (this.#closed) return;
    this.#refreshing ??= this.#load().finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  /** After a change of the definitions or of what rows agree with, made by this program: others hear of it. */
  async changed(): Promise<void> {
    await this.refresh();
    await this.#notices.send(SUBJECT);
  }

  /** Rows are made by other rules from now on (labels of another day): older ones are made anew. */
  async rulesChanged(): Promise<void> {
    await this.#takeOver();
    await this.changed();
  }

  /** Other programs that may still write rows by an older generation or by other rules. */
  async laggards(): Promise<number> {
    await this.#say();
    const found = await this.#pool.query<{ n: number }>(
      `select count(*)::int as n from writer
       where seen > now() - interval '${SILENT_S} seconds' and (generation < $1 or rules <> $2)`,
      [this.#generation, baseFingerprints().rules],
    );
    return found.rows[0]!.n;
  }

  /** Own parameters and R4's, all that rows of a type are written by now. */
  wantedOf(type: string): Fingerprints {
    return wantedFingerprints(ownParameters()).get(type) ?? {};
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#poll);
    this.#listening();
    await this.#refreshing?.catch(() => undefined);
    await this.#pool.query('delete from writer where id = $1', [this.#program]).catch(() => undefined);
  }

  /** The program opened last says how R4 is indexed; a new database agrees with it, an older one is made to. */
  async #takeOver(): Promise<void> {
    const { byType, rules } = baseFingerprints();
    await inTransaction(this.#pool, async (client) => {
      await client.query(`select pg_advisory_xact_lock(hashtext('yba search index'))`);
      // Programs that were killed long ago.
      await client.query(`delete from writer where seen < now() - interval '1 day'`);
      const known = await client.query<{ rules: string }>('select rules from search_catalogue');
      if (known.rows[0]!.rules === rules) return;
      const types = [...byType.keys()];
      const isEmpty = known.rows[0]!.rules === '' && (await isNew(client));
      await client.query(
        `insert into search_index (type, parameters)
         select u.type, u.parameters::jsonb from unnest($1::text[], $2::text[]) as u(type, parameters) on conflict do nothing`,
        [types, types.map((type) => JSON.stringify(isEmpty ? byType.get(type) : {}))],
      );
      await client.query('update search_catalogue set rules = $1, generation = generation + 1', [rules]);
    });
  }

  async #load(): Promise<void> {
    const asked = performance.now();
    const { generation, signature, own, states } = await inTransaction(this.#pool, async (client) => {
      await client.query(`select pg_advisory_xact_lock(hashtext('yba search index'))`);
      return this.#reconcile(client);
    });
    this.#generation = generation;
    this.#signature = signature;
    this.#unready = states;
    followOwnParameters(own, states);
    this.#confirmed = asked;
    await this.#say();
    for (const listener of this.#listeners) listener();
  }

  /** What is defined, and for each type what its rows do not agree with. Passes that are needed are asked for. */
  async #reconcile(client: PoolClient) {
    const catalogue = (
      await client.query<{ generation: string; rules: string; definitions: string; now: string }>(
        `select generation, rules, definitions, (${SIGNATURE}) as now from search_catalogue`,
      )
    ).rows[0]!;
    this.#outdated = catalogue.rules !== baseFingerprints().rules;
    let generation = Number(catalogue.generation);
    if (catalogue.definitions !== catalogue.now && !this.#outdated) {
      generation += 1;
      await client.query('update search_catalogue set definitions = $1, generation = $2', [
        catalogue.now,
        generation,
      ]);
    }
    const own = await this.#readOwn(client);
    const wanted = wantedFingerprints(own);
    const unready = new Map<string, ReadonlyMap<string, Unready>>();
    for (const state of await readStates(client, false)) {
      const needed = wanted.get(state.type) ?? {};
      if (!this.#outdated) await settle(client, state, needed);
      const missing = differing(needed, state.parameters);
      if (missing.length === 0) continue;
      const mine = new Set(own.filter(({ type }) => type === state.type).map(({ code }) => code));
      const done = doneOf(state);
      const left = this.#paces.left(state.type, done, performance.now());
      unready.set(state.type, new Map(missing.map((code) => [code, { own: mine.has(code), done, left }])));
    }
    this.#paces.keepOnly(new Set(unready.keys()));
    return { generation, signature: catalogue.now, own, states: unready };
  }

  /** Of two resources that define the same, the one with the lesser id counts. */
  async #readOwn(client: PoolClient): Promise<OwnParameter[]> {
    const rows = await client.query<{ id: string; codec: number; body: Buffer }>(
      `select id, codec, body from shared where pt = 0 and t = ${TYPE} order by id`,
    );
    const own = new Map<string, OwnParameter>();
    for (const { id, codec, body } of rows.rows) {
      const tail = await this.#codecs.unpack(codec, body);
      const text = wholeBody('SearchParameter', id, 1, '', tail).toString('utf8');
      for (const parameter of definitionOf(JSON.parse(text) as Resource).parameters) {
        const name = `${parameter.type}.${parameter.code}`;
        if (!own.has(name)) own.set(name, parameter);
      }
    }
    return [...own.values()];
  }

  /** Asks whether what is known still holds, and reads anew what does not. Many commits that ask at once share one question. */
  #beat(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<void> {
    if (this.#closed) return;
    const asked = performance.now();
    const { generation, signature } = await this.#say();
    if (Number(generation) !== this.#generation || signature !== this.#signature) return this.refresh();
    this.#confirmed = asked;
    if (this.#unready.size > 0) await this.#showProgress();
  }

  /** Says that this program lives and below which generation it writes no more. */
  async #say(): Promise<{ generation: string; signature: string }> {
    const writesFrom = Math.min(this.#generation, ...this.#inFlight.keys());
    const answer = await this.#pool.query<{ generation: string; signature: string }>({
      name: 'writer_says',
      text: `with unhurried as materialized (select set_config('synchronous_commit', 'off', true)),
        mine as (insert into writer (id, generation, rules, seen) select $1, $2, $3, now() from unhurried
          on conflict (id) do update set generation = excluded.generation, rules = excluded.rules, seen = excluded.seen)
        select generation, (${SIGNATURE}) as signature from search_catalogue`,
      values: [this.#program, writesFrom, baseFingerprints().rules],
    });
    return answer.rows[0]!;
  }

  /** For the sentence of a refused search. */
  async #showProgress(): Promise<void> {
    for (const state of await readStates(this.#pool, true)) {
      const done = doneOf(state);
      const left = this.#paces.left(state.type, done, performance.now());
      for (const parameter of this.#unready.get(state.type)?.values() ?? [])
        Object.assign(parameter, { done, left });
    }
  }
}

/** Brings the row of a type up to what is defined now, before anybody relies on it. `state` follows. */
async function settle(client: PoolClient, state: TypeState, needed: Fingerprints): Promise<void> {
  const held = [...Object.entries(state.parameters), ...Object.entries(state.pass ?? {})];
  const gone = [...new Set(held.filter(([code, print]) => needed[code] !== print).map(([code]) => code))];
  if (gone.length > 0) {
    // Rows written from now on do not follow them: should one come back, it begins from the first row.
    await client.query(
      'update search_index set parameters = parameters - $2::text[], pass = pass - $2::text[] where type = $1',
      [state.type, gone],
    );
    for (const code of gone) {
      delete state.parameters[code];
      delete state.pass?.[code];
    }
  }
  const missing = differing(needed, state.parameters);
  if (missing.length > 0 && state.state === 'level') {
    const isOld = missing.some((code) => baseFingerprints().byType.get(state.type)?.[code] !== undefined);
    await askFor(client, [state.type], isOld ? 'version' : 'parameter');
    Object.assign(state, { state: 'waiting', seen: 0 });
  } else if (missing.length === 0 && state.state !== 'level' && state.why !== 'operator') {
    await client.query(
      `update search_index set state = 'level', ${FROM_THE_START}, moved = now() where type = $1`,
      [state.type],
    );
  }
}

async function isNew(client: PoolClient): Promise<boolean> {
  const found = await client.query('select where exists (select from res) or exists (select from shared)');
  return found.rowCount === 0;
}

function refuseWrong(writes: readonly Write[]): void {
  for (const write of writes) {
    if (write.op === 'delete') continue;
    const issues = searchParameterIssues(write.resource);
    if (issues.length > 0) throw new Failure('invalid-resource', issues[0]!.text, { issues });
  }
}

/** Why an active SearchParameter cannot be answered; none for other resources. Codes that another resource defines count. */
export function searchParameterIssues(resource: Resource): Issue[] {
  if (resource.resourceType !== 'SearchParameter') return [];
  const { parameters, issues } = definitionOf(resource);
  for (const { type, code, id } of parameters) {
    const other = ownParametersOf(type).find((one) => one.code === code && one.id !== id);
    if (!other) continue;
    issues.push({
      severity: 'error',
      code: 'duplicate',
      text: `Tham số "${code}" của ${type} đã do SearchParameter/${other.id} định nghĩa; hãy sửa bản đó hoặc chọn tên khác.`,
      textEn: `The parameter "${code}" of ${type} is defined by SearchParameter/${other.id} already; change that one or choose another code.`,
      expression: 'SearchParameter.code',
    });
  }
  return issues;
}
