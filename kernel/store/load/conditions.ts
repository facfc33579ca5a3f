/** What a line looks up in the record: references that are searches, conditional creates, expected versions, deletes. */
import type { Pool, PoolClient } from 'pg';
import { Failure } from '../../failure.ts';
import { isResourceType } from '../../fhir/names.ts';
import type { ResourceType } from '../../fhir/types.ts';
import type { Codecs } from '../codecs.ts';
import { type CommitTools, commitMany, conditionsOf } from '../commit.ts';
import { conflictOf } from '../conflict.ts';
import type { WriteResult } from '../contract.ts';
import { Grouping } from '../grouping.ts';
import { Places } from '../locate.ts';
import type { Memory } from '../memory.ts';
import { read } from '../read.ts';
import { extractIndexes, runSearch } from '../search/index.ts';
import { type PreparedWrite, preparingBy } from '../writes.ts';
import type { Counts, Refusal, ThreadSettings } from './contract.ts';
import type { Lane } from './lane.ts';
import { NONE, type NotedPart, notePart, type Part } from './ledger.ts';
import { type Line, refusalsOf } from './read-piece.ts';
import type { Matches, Settled } from './unpack.ts';

export interface ConditionTools {
  settings: ThreadSettings;
  pool: Pool;
  codecs: Codecs;
  memory: Memory;
  lane: Lane;
}

/** Matches remembered; they are asked for again and again by the bundles of one source. */
const MATCHES_LIMIT = 50_000;

export class Conditions {
  readonly #tools: ConditionTools;
  readonly #commit: CommitTools;
  #matches = new Map<string, string>();

  constructor(tools: ConditionTools) {
    this.#tools = tools;
    const { pool, codecs, memory, settings } = tools;
    const places = new Places();
    this.#commit = {
      pool,
      era: settings.era,
      codecs,
      places,
      memory,
      grouping: new Grouping(pool, settings.era, false),
      preparing: preparingBy({ extract: extractIndexes, codecs, known: () => undefined }),
      search: (db, request) => runSearch({ db, codecs }, request),
      read: ({ type, id }) => read({ codecs, places }, pool, type, id),
      // A load makes the rules of consent anew when it is done.
      isAuthority: () => false,
    };
  }

  /** The one match of each reference that is a search, or why there is none. */
  async find(client: PoolClient, criteria: readonly string[]): Promise<Matches> {
    const matches = new Map<string, string | Failure>();
    for (const one of criteria) {
      const known = this.#matches.get(one);
      matches.set(one, known ?? (await this.#search(client, one).catch(asFailure)));
    }
    return matches;
  }

  async #search(client: PoolClient, criteria: string): Promise<string> {
    const [type = '', query = ''] = criteria.split(/\?(.*)/s);
    if (!isResourceType(type)) throw unmatched(criteria, 0);
    const params: [string, string][] = [...new URLSearchParams(query), ['_count', '2']];
    const { codecs } = this.#tools;
    const { matches } = await runSearch({ db: client, codecs }, { type: type as ResourceType, params });
    if (matches.length !== 1) throw unmatched(criteria, matches.length);
    const address = `${type}/${matches[0]!.id}`;
    if (this.#matches.size >= MATCHES_LIMIT) this.#matches.clear();
    this.#matches.set(criteria, address);
    return address;
  }

  /** Writes a line with conditions as one commit; a condition that is not met refuses the line. */
  async write(
    client: PoolClient,
    part: Part,
    { line }: Line,
    settled: Settled[],
    refused: Refusal[],
  ): Promise<NotedPart> {
    const { memory, lane } = this.#tools;
    const prepared = await this.#commit.preparing.all(settled.map(({ write }) => write));
    await memory.writeWords(prepared, client);
    await client.query('begin');
    try {
      const conditions = conditionsOf(settled.map(({ write }) => write));
      const results = await commitMany(this.#commit, client, prepared, conditions, []);
      const counts = { ...countsOf(results), refused: refused.length };
      await lane.lines(client, await this.#persons(client, prepared));
      await notePart(client, part, counts, refused);
      await client.query('commit');
      return { counts, refused };
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      const failure = error instanceof Failure ? error : await conflictOf(error, prepared, this.#commit.read);
      if (failure === null) throw error;
      return lane.write(client, part, [], [...refused, ...refusalsOf(failure.issues, line, null)]);
    }
  }

  /** Whose resources were written; a deleted one is asked for by its place. */
  async #persons(client: PoolClient, prepared: PreparedWrite[]) {
    return Promise.all(
      prepared.map(async ({ pt, patient }) => ({
        pt,
        patient: patient ?? (await this.#tools.memory.personOf(pt, client)),
      })),
    );
  }
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

function countsOf(results: readonly WriteResult[]): Counts {
  const counts = { ...NONE };
  for (const { outcome } of results) counts[outcome === 'matched' ? 'unchanged' : outcome] += 1;
  return counts;
}

function unmatched(criteria: string, matches: number): Failure {
  return matches === 0
    ? new Failure('no-match', `Không có bản ghi nào khớp với tham chiếu "${criteria}".`, {
        textEn: `Nothing matches the reference "${criteria}".`,
      })
    : new Failure('multiple-matches', `Có nhiều hơn một bản ghi khớp với tham chiếu "${criteria}".`, {
        textEn: `More than one resource matches the reference "${criteria}".`,
      });
}
