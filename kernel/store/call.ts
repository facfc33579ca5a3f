/** One call of fhir_commit, shared_commit or fhir_group: its parameters in binary, its answer read. */
import { auditColumns, type PlacedLine } from './audit-lines.ts';
import type { Queryable } from './rows.ts';
import { byteas, float8s, instants, int2s, int4s, int8s, parseNumbers, texts } from './wire.ts';
import { CREATE, type PreparedWrite } from './writes.ts';

/** Writes of one person (or of nobody) that are applied together. */
export interface Call {
  pt: bigint;
  /** Given until the person's key is known to stand in table `person`. */
  patient: string | null;
  writes: PreparedWrite[];
  lines: PlacedLine[];
  /** Locks to take; empty when the transaction holds them already. */
  locks: bigint[];
  /** True when no write can concern a resource that lies elsewhere. */
  sure: boolean;
}

/** What became of one write. */
export interface Done {
  write: PreparedWrite;
  /** 0 nothing, 1 created, 2 replaced, 3 deleted. */
  act: number;
  version: number;
  /** Epoch milliseconds; null when there never was such a resource. */
  at: number | null;
}

const PARAMETERS = 42;
const statement = (name: string) => ({
  name,
  text: `select done, ver, ts from ${name}(${Array.from({ length: PARAMETERS }, (_, i) => `$${i + 1}`).join(', ')})`,
});
const FHIR_COMMIT = statement('fhir_commit');
const SHARED_COMMIT = statement('shared_commit');
const FHIR_GROUP = statement('fhir_group');

/** Applies one call. */
export async function runCall(db: Queryable, era: number, call: Call): Promise<Done[]> {
  return (await run(db, call.pt === 0n ? SHARED_COMMIT : FHIR_COMMIT, era, [call]))[0]!;
}

/** Applies calls of several persons in one transaction; none of `pt` 0, no resource named by two of them. */
export function runGroup(db: Queryable, era: number, calls: Call[]): Promise<Done[][]> {
  return run(db, calls.length === 1 ? FHIR_COMMIT : FHIR_GROUP, era, calls);
}

async function run(
  db: Queryable,
  statement: typeof FHIR_COMMIT,
  era: number,
  calls: Call[],
): Promise<Done[][]> {
  const writes = calls.flatMap((call) => call.writes);
  const answer = await db.query<{ done: string; ver: string; ts: string }>({
    ...statement,
    values: parametersOf(era, calls, writes),
    types: AS_TEXT,
  });
  const { done, ver, ts } = answer.rows[0]!;
  const acts = parseNumbers(done);
  const versions = parseNumbers(ver);
  const moments = parseNumbers(ts);
  const fresh = versions.length === 0;
  let i = 0;
  return calls.map((call) =>
    call.writes.map((write) => {
      const at = (fresh ? moments[0] : moments[i]) ?? null;
      const made: Done = { write, act: acts[i]!, version: fresh ? 1 : versions[i]!, at };
      i += 1;
      return made;
    }),
  );
}

/** Arrays come as their text; `parseNumbers` is quicker than the driver's general parser. */
const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as import('pg').CustomTypesConfig;

function parametersOf(era: number, calls: Call[], writes: PreparedWrite[]): unknown[] {
  const locks = calls.length === 1 ? calls[0]!.locks : calls.flatMap((call) => call.locks);
  const persons = calls.filter((call) => call.patient !== null).sort((a, b) => (a.pt < b.pt ? -1 : 1));
  return [
    calls[0]!.pt.toString(),
    // One order for all transactions, so that none waits for another that waits for it.
    int8s(locks.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))),
    era,
    writes.some((write) => write.op !== CREATE),
    calls.every((call) => call.sure),
    int8s(persons.map((call) => call.pt)),
    texts(persons.map((call) => call.patient)),
    int8s(writes.map((write) => write.pt)),
    int4s(numbersOf(calls)),
    ...writeColumns(writes),
    ...sideColumns(writes),
    ...auditColumns(calls.flatMap((call) => call.lines)),
  ];
}

/** Places in the feed: those of each call behind those of the one before. */
function numbersOf(calls: Call[]): number[] {
  const numbers: number[] = [];
  let first = 0;
  for (const { writes } of calls) {
    for (const write of writes) numbers.push(first + write.n);
    first += Math.max(...writes.map((write) => write.n)) + 1;
  }
  return numbers;
}

function writeColumns(writes: PreparedWrite[]): Buffer[] {
  const tok: bigint[] = [];
  const from: number[] = [];
  const to: number[] = [];
  for (const { row } of writes) {
    from.push(tok.length + 1);
    if (row) for (const token of row.tok) tok.push(token);
    to.push(tok.length);
  }
  return [
    int2s(writes.map((write) => write.op)),
    int4s(writes.map((write) => write.expect)),
    int2s(writes.map((write) => write.t)),
    int8s(writes.map((write) => write.idh)),
    texts(writes.map((write) => write.id)),
    int2s(writes.map((write) => write.packed?.codec ?? 0)),
    byteas(writes.map((write) => write.packed?.body ?? null)),
    int8s(writes.map((write) => write.row?.c0 ?? null)),
    instants(writes.map((write) => write.row?.d0 ?? null)),
    instants(writes.map((write) => write.row?.d1 ?? null)),
    int8s(writes.map((write) => write.row?.has ?? 0n)),
    int4s(writes.map((write) => write.row?.org ?? null)),
    int4s(writes.map((write) => write.row?.sec ?? 0)),
    int8s(tok),
    int4s(from),
    int4s(to),
  ];
}

function sideColumns(writes: PreparedWrite[]): Buffer[] {
  const ordAt: number[] = [];
  const ord: { p: bigint; lo: number; hi: number }[] = [];
  const strAt: number[] = [];
  const str: { p: bigint; s: string }[] = [];
  writes.forEach(({ row }, i) => {
    for (const item of row?.ord ?? []) {
      ordAt.push(i + 1);
      ord.push(item);
    }
    for (const item of row?.str ?? []) {
      strAt.push(i + 1);
      str.push(item);
    }
  });
  return [
    int4s(ordAt),
    int8s(ord.map((item) => item.p)),
    float8s(ord.map((item) => item.lo)),
    float8s(ord.map((item) => item.hi)),
    int4s(strAt),
    int8s(str.map((item) => item.p)),
    texts(str.map((item) => item.s)),
  ];
}
