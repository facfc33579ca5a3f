/**
 * Applies writes: all or none. Writes of one person (or of none) whose ids say where they lie are one call, one round
 * trip, one transaction. Everything else opens a transaction, takes all locks first, asks where things lie, and then
 * makes one call a person.
 */
import type { Pool, PoolClient } from 'pg';
import { Failure } from '../failure.ts';
import type { Together } from '../together.ts';
import { appendLines, type PlacedLine, placeLines } from './audit-lines.ts';
import { instantOf, wholeBody } from './body.ts';
import { type Call, type Done, runCall } from './call.ts';
import type { Codecs } from './codecs.ts';
import { isSharedType } from './compartment.ts';
import { conflictOf } from './conflict.ts';
import { concernsConsent, keepRules } from './consent/along.ts';
import type { IsAuthority } from './consent/parts.ts';
import type {
  AuditLine,
  SearchAnswer,
  SearchRequest,
  StoredVersion,
  Write,
  WriteResult,
} from './contract.ts';
import { faultOf } from './faults.ts';
import type { Grouping } from './grouping.ts';
import { hash64 } from './hash.ts';
import { keyInside } from './ids.ts';
import type { Places } from './locate.ts';
import type { Memory } from './memory.ts';
import type { Queryable } from './rows.ts';
import { inTransaction } from './transaction.ts';
import { int2s, int8s } from './wire.ts';
import { CREATE, DELETE, isPlacedBy, type PreparedWrite } from './writes.ts';

export interface CommitTools {
  pool: Pool;
  era: number;
  codecs: Codecs;
  places: Places;
  memory: Memory;
  grouping: Grouping;
  /** Prepares writes together with those of others. */
  preparing: Together<Write, PreparedWrite>;
  /** Search inside the transaction, for ifNoneExist. */
  search(db: Queryable, request: SearchRequest): Promise<SearchAnswer>;
  read(ref: { type: PreparedWrite['type']; id: string }): Promise<StoredVersion | null>;
  /** See `StoreOptions`. */
  isAuthority: IsAuthority;
}

const TRIES = 4;
/** Deadlock, serialization failure: the transaction was undone whole and may run again. */
const AGAIN = new Set(['40P01', '40001']);
const ELSEWHERE = 'YB307';

/** See `Store.commit`. */
export async function commit(
  tools: CommitTools,
  writes: Write[],
  audit: AuditLine[],
): Promise<WriteResult[]> {
  const prepared = await tools.preparing.all(writes);
  refuseTwice(prepared);
  const conditions = conditionsOf(writes);
  const lines = placeLines(audit);
  try {
    await tools.memory.writeWords(prepared, tools.pool);
    const results = await tryAgain(async (attempt) => {
      const call =
        attempt === 0 && conditions.size === 0 && !mustLook(prepared) && !concernsConsent(prepared)
          ? singleCall(tools, prepared, lines)
          : null;
      if (!call)
        return inTransaction(tools.pool, (client) => commitMany(tools, client, prepared, conditions, lines));
      return (await tools.grouping.run(call)).map(resultOf);
    });
    return await remember(tools, prepared, results);
  } catch (error) {
    throw (await conflictOf(error, prepared, tools.read)) ?? faultOf(error);
  }
}

/** Runs a transaction again that met a deadlock, or a resource that lies elsewhere than was thought. */
export async function tryAgain<T>(run: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run(attempt);
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (attempt + 1 >= TRIES || !(AGAIN.has(code) || code === ELSEWHERE)) throw error;
    }
  }
}

/** One call, when everything is one person's and every id says so itself; null otherwise. */
function singleCall(tools: CommitTools, writes: PreparedWrite[], lines: PlacedLine[]): Call | null {
  const first = writes[0];
  if (!first) return null;
  for (const write of writes) if (!write.placed || write.pt !== first.pt) return null;
  for (const line of lines) if (line.pt !== first.pt) return null;
  const known = writes.filter((write) => write.op !== CREATE);
  return {
    pt: first.pt,
    patient: unknownPatient(tools.memory, writes),
    writes,
    lines,
    locks: known.map((write) => write.idh),
    sure: known.every((write) => write.type === 'Patient' || isSharedType(write.type)),
  };
}

/** Within a transaction of the caller's; every write located, conditions looked up. Results in the order of the writes. */
export async function commitMany(
  tools: CommitTools,
  client: PoolClient,
  prepared: PreparedWrite[],
  conditions: Map<number, string>,
  lines: PlacedLine[],
): Promise<WriteResult[]> {
  const located = prepared.filter((write) => write.op !== CREATE);
  const keys = [
    ...located.map((write) => write.idh),
    ...[...conditions].flatMap(([n, query]) => conditionKeys(prepared[n]!, query)),
    ...prepared.flatMap((write) => (write.criteria ? conditionKeys(write, write.criteria.query) : [])),
  ];
  const places = await open(client, keys, located);
  const results: (WriteResult | undefined)[] = new Array(prepared.length);
  for (const [n, query] of conditions) {
    const match = await findMatch(tools, client, prepared, prepared[n]!, query);
    if (match) results[n] = matched(match);
  }
  await checkCriteria(tools, client, prepared);
  refuseLostReferences(prepared, results);
  const rest = prepared.filter((write) => !results[write.n]);
  await settlePlaces(client, rest, places);
  for (const writes of Map.groupBy(rest, (write) => write.pt).values()) {
    const call = {
      pt: writes[0]!.pt,
      patient: unknownPatient(tools.memory, writes),
      writes,
      lines: [],
      locks: [],
      sure: true,
    };
    for (const done of await runCall(client, tools.era, call)) results[done.write.n] = resultOf(done);
  }
  if (concernsConsent(rest)) await keepRules(client, rest, places, tools.read, tools.isAuthority);
  await appendLines(client, tools.era, lines);
  return results as WriteResult[];
}

/** Takes all locks; answers where each given resource lies now, null = nowhere. */
async function open(
  client: PoolClient,
  keys: bigint[],
  located: PreparedWrite[],
): Promise<Map<PreparedWrite, bigint | null>> {
  const inside = located.map((write) =>
    isPlacedBy(write.type, write.id, write.pt) ? write.pt : (keyInside(write.id) ?? 0n),
  );
  const answer = await client.query<{ places: (string | null)[] }>({
    name: 'commit_open',
    text: 'select commit_open($1, $2, $3, $4)::text[] as places',
    values: [
      int8s(keys),
      int2s(located.map((write) => write.t)),
      int8s(located.map((write) => write.idh)),
      int8s(inside),
    ],
  });
  const places = answer.rows[0]!.places;
  return new Map(located.map((write, i) => [write, places[i] == null ? null : BigInt(places[i])]));
}

/** Moves resources that change their person, places deletes, and writes down what ids do not say. */
async function settlePlaces(
  client: PoolClient,
  writes: PreparedWrite[],
  places: Map<PreparedWrite, bigint | null>,
): Promise<void> {
  const named: PreparedWrite[] = [];
  for (const write of writes) {
    const at = places.get(write) ?? null;
    if (write.resource === null) {
      write.pt = at ?? write.pt;
    } else if (at !== null && at !== write.pt) {
      await client.query('select resource_move($1, $2, $3, $4)', [write.t, write.idh, at, write.pt]);
    } else if (at === null && !isPlacedBy(write.type, write.id, write.pt)) {
      named.push(write);
    }
  }
  if (named.length === 0) return;
  await client.query('select alias_put($1, $2)', [
    int8s(named.map((write) => write.idh)),
    int8s(named.map((write) => write.pt)),
  ]);
}

/** True when criteria must be asked again inside the transaction: one match is held by its version, none by nothing. */
function mustLook(prepared: PreparedWrite[]): boolean {
  const asked = prepared.filter((write) => write.criteria);
  return asked.length > 1 || asked.some(({ criteria, expect }) => criteria!.match === null || expect <= 0);
}

/**
 * Two requests with one condition wait for each other, in whatever order they name the parameters; those that ask for an
 * identifier, whatever else they ask.
 */
function conditionKeys(write: PreparedWrite, query: string): bigint[] {
  const params = [...new URLSearchParams(query)].map(([name, value]) => `${name}=${value}`).sort();
  const identifiers = params.filter((param) => param.startsWith('identifier='));
  const asked = identifiers.length > 0 ? identifiers : [params.join('&')];
  return asked.map((condition) => hash64(`${write.type}?${condition}`));
}

/** The one match; what the same commit deletes matches nothing (http.html#trules: deletes come first). */
async function findMatch(
  tools: CommitTools,
  client: PoolClient,
  prepared: PreparedWrite[],
  { type, bounds }: PreparedWrite,
  query: string,
): Promise<StoredVersion | null> {
  const leaving = new Set(
    prepared.flatMap((one) => (one.op === DELETE && one.type === type ? [one.id] : [])),
  );
  const params: [string, string][] = [
    ...new URLSearchParams(query),
    ['_count', String(Math.min(leaving.size + 2, 1000))],
  ];
  const matches = (await tools.search(client, { type, params, ...bounds })).matches.filter(
    ({ id }) => !leaving.has(id),
  );
  if (matches.length > 1) {
    throw new Failure(
      'multiple-matches',
      `Có nhiều hơn một ${type} khớp với điều kiện ${query}; chưa ghi gì.`,
      {
        textEn: `More than one ${type} matches ${query}; nothing was written.`,
      },
    );
  }
  return matches[0] ?? null;
}

function matched({ type, id, version, lastUpdated, patient, body }: StoredVersion): WriteResult {
  return { type, id, version, lastUpdated, outcome: 'matched', patient, body };
}

/** Under their locks, criteria must still match what was found before. */
async function checkCriteria(
  tools: CommitTools,
  client: PoolClient,
  prepared: PreparedWrite[],
): Promise<void> {
  for (const write of prepared) {
    if (!write.criteria) continue;
    const { query, match } = write.criteria;
    const others = prepared.filter((one) => one !== write);
    const found = await findMatch(tools, client, others, write, query);
    if ((found?.id ?? null) === match) continue;
    throw new Failure('conflict', `Yêu cầu khác vừa đổi kết quả của điều kiện ${query}. Hãy gửi lại.`, {
      textEn: `Another request has just changed what ${write.type}?${query} matches. Send it again.`,
      details: { criteria: query },
    });
  }
}

/** Another request has just created what a condition asked for, and this bundle already refers to its own copy of it. */
function refuseLostReferences(prepared: PreparedWrite[], results: (WriteResult | undefined)[]): void {
  for (const write of prepared) {
    const matched = results[write.n];
    if (!matched || matched.id === write.id) continue;
    const name = `"${write.type}/${write.id}"`;
    if (!prepared.some((other) => other !== write && !results[other.n] && other.packed?.plain.includes(name)))
      continue;
    throw new Failure(
      'conflict',
      `${write.type} vừa được một yêu cầu khác tạo (${matched.type}/${matched.id}). Hãy gửi lại.`,
      {
        textEn: `Another request has just created ${matched.type}/${matched.id}, which this bundle was to create. Send it again.`,
        details: { matched: `${matched.type}/${matched.id}`, reserved: `${write.type}/${write.id}` },
      },
    );
  }
}

function resultOf({ write, act, version, at }: Done): WriteResult {
  const lastUpdated = at === null ? '' : instantOf(at);
  const outcome = act === 1 ? 'created' : act === 2 ? 'updated' : act === 3 ? 'deleted' : 'unchanged';
  const body = write.packed
    ? wholeBody(write.type, write.id, version, lastUpdated, write.packed.plain)
    : null;
  return { type: write.type, id: write.id, version, lastUpdated, outcome, patient: write.patient, body };
}

/** Criteria of conditional creates by place. */
export function conditionsOf(writes: Write[]): Map<number, string> {
  const conditions = new Map<number, string>();
  writes.forEach((write, n) => {
    if (write.op === 'create' && write.ifNoneExist !== undefined)
      conditions.set(n, write.ifNoneExist.replace(/^\?/, ''));
  });
  return conditions;
}

/** A transaction names each resource once (http://hl7.org/fhir/R4/http.html#trules). */
function refuseTwice(prepared: PreparedWrite[]): void {
  const seen = new Set<bigint>();
  for (const { idh, type, id } of prepared) {
    if (seen.has(idh)) {
      throw new Failure('invalid-request', `${type}/${id} xuất hiện hai lần trong một giao dịch.`, {
        textEn: `${type}/${id} is named twice in one transaction.`,
      });
    }
    seen.add(idh);
  }
}

function unknownPatient(memory: Memory, writes: PreparedWrite[]): string | null {
  const patient = writes.find((write) => write.patient !== null)?.patient ?? null;
  return patient === null || memory.knowsPerson(writes[0]!.pt, patient) ? null : patient;
}

/** After the commit: what need not be asked again; and the persons of what was deleted. */
async function remember(
  tools: CommitTools,
  prepared: PreparedWrite[],
  results: WriteResult[],
): Promise<WriteResult[]> {
  for (const write of prepared) {
    const result = results[write.n]!;
    if (result.outcome === 'matched') continue;
    tools.memory.rememberId(write.idh, write.id);
    if (write.patient !== null) tools.memory.rememberPerson(write.pt, write.patient);
    else if (write.op === DELETE) result.patient = await tools.memory.personOf(write.pt, tools.pool);
    if (!isPlacedBy(write.type, write.id, write.pt)) tools.places.remember(write.idh, write.pt);
  }
  return results;
}
