/** One call of fhir_commit (or shared_commit): its parameters in binary, its answer read. */
import { auditColumns, type PlacedLine } from './audit-lines.ts';
import type { Queryable } from './rows.ts';
import { byteas, float8s, instants, int2s, int4s, int8s, parseNumbers, texts } from './wire.ts';
import type { PreparedWrite } from './writes.ts';

export interface Call {
  pt: bigint;
  /** Given until the person's key is known to be in table `person`. */
  patient: string | null;
  writes: PreparedWrite[];
  lines: PlacedLine[];
  /** Locks to take, sorted; empty when the transaction holds them already. */
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

const PARAMETERS = 40;
const statement = (name: string) =>
  `select done, ver, ts from ${name}(${Array.from({ length: PARAMETERS }, (_, i) => `$${i + 1}`).join(', ')})`;
const FHIR_COMMIT = { name: 'fhir_commit', text: statement('fhir_commit') };
const SHARED_COMMIT = { name: 'shared_commit', text: statement('shared_commit') };

export async function runCall(db: Queryable, era: number, call: Call): Promise<Done[]> {
  const answer = await db.query<{ done: string; ver: string; ts: string }>({
    ...(call.pt === 0n ? SHARED_COMMIT : FHIR_COMMIT),
    values: parametersOf(era, call),
    types: AS_TEXT,
  });
  const { done, ver, ts } = answer.rows[0]!;
  const acts = parseNumbers(done);
  const versions = parseNumbers(ver);
  const instantsOf = parseNumbers(ts);
  const fresh = versions.length === 0;
  return call.writes.map((write, i) => ({
    write,
    act: acts[i]!,
    version: fresh ? 1 : versions[i]!,
    at: (fresh ? instantsOf[0] : instantsOf[i]) ?? null,
  }));
}

/** Arrays come as their text; `parseNumbers` is quicker than the driver's general parser. */
const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as import('pg').CustomTypesConfig;

function parametersOf(era: number, { pt, patient, locks, sure, writes, lines }: Call): unknown[] {
  const head = [pt.toString(), patient, int8s(locks), era, writes.some((write) => write.op !== 1), sure];
  return [...head, ...writeColumns(writes), ...sideColumns(writes), ...auditColumns(lines)];
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
    int4s(writes.map((write) => write.n)),
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
