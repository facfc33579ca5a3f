/** A thread of the loader: reads, checks, indexes and packs pieces, and writes them on a connection of its own. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { PoolClient } from 'pg';
import { Failure, type Issue } from '../../failure.ts';
import { namesProfiles } from '../../fhir/profiles/index.ts';
import type { Resource } from '../../fhir/types.ts';
import { validateResource } from '../../fhir/validation/index.ts';
import { openCodecs } from '../codecs.ts';
import type { Write } from '../contract.ts';
import { faultOf, isConnectionFault } from '../faults.ts';
import { Memory } from '../memory.ts';
import { Notices } from '../notices.ts';
import { openPool } from '../pool.ts';
import { openIndex, searchParameterIssues } from '../reindex/index.ts';
import { extractIndexes } from '../search/index.ts';
import { followLabels } from '../search/labels.ts';
import { type PreparedWrite, prepareWrite } from '../writes.ts';
import { Conditions } from './conditions.ts';
import type { FromThread, Piece, Refusal, ThreadSettings, ToThread } from './contract.ts';
import { Lane } from './lane.ts';
import { addCounts, NONE, type NotedPart, type Part, partOf, readPart } from './ledger.ts';
import {
  type Check,
  isConditional,
  isConditionalWrite,
  type Line,
  type ReadPiece,
  readPiece,
  settleLine,
} from './read-piece.ts';
import type { Matches, Settled } from './unpack.ts';

const settings = workerData as ThreadSettings;
const port = parentPort!;
const pool = openPool(settings.url, 3);
const codecs = await openCodecs(pool);
const [newestKey] = settings.bodyKeys;
if (newestKey)
  codecs.sealBy({
    newest: () => newestKey,
    find: (kid) => settings.bodyKeys.find((one) => one.kid === kid)?.key,
    all: () => settings.bodyKeys,
    reread: async () => undefined,
  });
const memory = new Memory();
// Rows are written by the definitions and the labels that the whole house agrees on.
followLabels(settings.labels);
const { catalogue } = await openIndex(pool, codecs, new Notices(pool), settings.distributed);
const lane = new Lane({ settings, codecs, memory });
const conditions = new Conditions({ settings, pool, codecs, memory, lane });

/** Pieces in hand: one is written while the next is read. */
const AT_ONCE = 2;
const RETRY_FOR_MS = 60_000;
/** Deadlock, serialization failure, somebody else has just made the same: undone whole, tried again. */
const AGAIN = new Set(['40P01', '40001', '23505', 'YB307', 'YB412']);
const TRIES = 5;

type DonePart = NotedPart & { before: boolean };

/** By line and place what profiles find. */
type Judged = ReadonlyMap<string, readonly Issue[]>;

interface Prepared {
  piece: Piece;
  judged: Judged;
  sha: Buffer;
  read: ReadPiece;
  alone: boolean;
  /** A SearchParameter is among them: from then on rows are written by it. */
  defines: boolean;
  writes: PreparedWrite[];
  refused: Refusal[];
}

const waiting = new Map<number, () => void>();
const judging = new Map<number, (issues: Issue[][]) => void>();

const tell = (message: FromThread, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

port.on('message', (message: ToThread) => {
  if (message.do === 'go') {
    waiting.get(message.n)?.();
    waiting.delete(message.n);
    return;
  }
  if (message.do === 'judged') {
    judging.get(message.n)?.(message.issues);
    judging.delete(message.n);
    return;
  }
  take(message.piece).catch((error) => fail(message.piece.n, error));
});
for (let i = 0; i < AT_ONCE; i++) tell({ say: 'ready' });

/** Asks first whether the definitions still hold; a database that does not answer is waited for here too. */
async function take(piece: Piece): Promise<void> {
  const giveUp = Date.now() + RETRY_FOR_MS;
  for (let begun = false; ; ) {
    try {
      return await catalogue.writing([], () => {
        begun = true;
        return load(piece);
      });
    } catch (error) {
      if (begun || !isConnectionFault(error) || Date.now() > giveUp) throw error;
      await waitForDatabase();
    }
  }
}

async function waitForDatabase(): Promise<void> {
  tell({ say: 'unreachable' });
  await pause(1_000);
}

async function load(piece: Piece): Promise<void> {
  const read = readPiece(piece);
  const prepared = prepare(piece, read, await judge(piece.n, read));
  const ids = BigInt64Array.from(prepared.writes.filter(({ op }) => op !== 1).map(({ idh }) => idh));
  const turn = new Promise<void>((resolve) => waiting.set(piece.n, resolve));
  tell({ say: 'prepared', n: piece.n, ids, alone: prepared.alone }, [ids.buffer]);
  await turn;
  const { counts, refused, before } = prepared.alone
    ? await writeParts(prepared)
    : await writeWhole(prepared);
  if (prepared.defines) await catalogue.changed();
  tell({ say: 'done', n: piece.n, counts, refused, before });
  tell({ say: 'ready' });
}

/** The program knows the profiles: it is asked for what names one and is right by R4. */
async function judge(n: number, { lines }: ReadPiece): Promise<Judged> {
  const named = settings.judges ? lines.flatMap(namedIn) : [];
  if (named.length === 0) return new Map();
  const answered = new Promise<Issue[][]>((resolve) => judging.set(n, resolve));
  tell({ say: 'judge', n, resources: named.map(({ resource }) => resource) });
  const issues = await answered;
  return new Map(named.map(({ key }, at) => [key, issues[at]!]));
}

function namedIn({ line, unpacked }: Line): { key: string; resource: Resource }[] {
  return unpacked.drafts.flatMap(({ place, write }) => {
    if (write.op === 'delete' || !namesProfiles(write.resource)) return [];
    const isRight = validateResource(write.resource).every(({ severity }) => severity !== 'error');
    return isRight ? [{ key: keyOf(line, place), resource: write.resource }] : [];
  });
}

const keyOf = (line: number, place: string | null) => `${line} ${place ?? ''}`;

function prepare(piece: Piece, read: ReadPiece, judged: Judged): Prepared {
  const sha = createHash('sha256').update(piece.bytes).digest();
  const alone = read.lines.some(isConditional);
  const defines = read.lines.some(({ unpacked }) =>
    unpacked.drafts.some(({ write }) => typeOf(write) === 'SearchParameter'),
  );
  if (alone) return { piece, judged, sha, read, alone, defines, writes: [], refused: [] };
  const refused = [...read.refused];
  const writes: PreparedWrite[] = [];
  for (const line of read.lines) writes.push(...prepareLine(line, NO_MATCHES, judged, refused));
  return { piece, judged, sha, read, alone, defines, writes, refused };
}

function typeOf(write: Write): string {
  return write.op === 'delete' ? write.type : write.resource.resourceType;
}

const checkBy =
  (judged: Judged): Check =>
  (resource, line, place) => {
    const issues = settings.validate ? validateResource(resource) : [];
    return [...issues, ...searchParameterIssues(resource), ...(judged.get(keyOf(line, place)) ?? [])];
  };

const NO_MATCHES: Matches = new Map();

function prepareLine(line: Line, matches: Matches, judged: Judged, refused: Refusal[]): PreparedWrite[] {
  const settled = settleLine(line, matches, checkBy(judged));
  refused.push(...settled.refused);
  return prepareAll(settled.writes);
}

function prepareAll(writes: readonly Settled[]): PreparedWrite[] {
  const tools = { extract: extractIndexes, codecs, known: () => undefined };
  return writes.map(({ write }, n) => prepareWrite(write, n, tools));
}

/** One transaction for the piece. */
async function writeWhole({ piece, sha, writes, refused }: Prepared): Promise<DonePart> {
  const part = partOf(piece, 0, sha, settings.load);
  return oncePerPart(part, (client) => lane.write(client, part, writes, refused));
}

/**
 * Lines that look something up stand each in a transaction of its own, so that a line sees what those before it wrote; the
 * lines between them go together.
 */
async function writeParts({ piece, judged, sha, read }: Prepared): Promise<DonePart> {
  const all: DonePart = { counts: NONE, refused: [], before: true };
  for (const [n, lines] of partsOf(read).entries()) {
    const part = partOf(piece, n, sha, settings.load);
    const done = await oncePerPart(part, (client) =>
      writeLines(client, part, lines, judged, n === 0 ? read.refused : []),
    );
    all.counts = addCounts(all.counts, done.counts);
    all.refused.push(...done.refused);
    all.before &&= done.before;
  }
  return all;
}

function partsOf({ lines }: ReadPiece): Line[][] {
  const parts: Line[][] = [];
  for (const line of lines) {
    const last = parts.at(-1);
    if (last && !isConditional(line) && !isConditional(last[0]!)) last.push(line);
    else parts.push([line]);
  }
  return parts;
}

/** @param unread lines of the piece that could not be read */
async function writeLines(
  client: PoolClient,
  part: Part,
  lines: Line[],
  judged: Judged,
  unread: readonly Refusal[],
): Promise<NotedPart> {
  const refused = [...unread];
  const [line] = lines;
  if (!isConditional(line!)) {
    const writes = lines.flatMap((each) => prepareLine(each, NO_MATCHES, judged, refused));
    return lane.write(client, part, writes, refused);
  }
  const matches = await conditions.find(client, line!.unpacked.criteria);
  const settled = settleLine(line!, matches, checkBy(judged));
  refused.push(...settled.refused);
  if (settled.writes.some(({ write }) => isConditionalWrite(write)))
    return conditions.write(client, part, line!, settled.writes, refused);
  return lane.write(client, part, prepareAll(settled.writes), refused);
}

/** Runs the transaction of a part unless it was done before; a broken connection is waited for. */
async function oncePerPart(part: Part, run: (client: PoolClient) => Promise<NotedPart>): Promise<DonePart> {
  const giveUp = Date.now() + RETRY_FOR_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      return await onConnection(async (client) => {
        const noted = await readPart(client, part);
        return noted ? { ...noted, before: true } : { ...(await run(client)), before: false };
      });
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (isConnectionFault(error) && Date.now() < giveUp) {
        await waitForDatabase();
      } else if (!AGAIN.has(code) || attempt >= TRIES) throw error;
    }
  }
}

/** A connection that breaks fails the statement on it. */
const ignore = () => undefined;

/** A connection on which something failed is not used again. */
async function onConnection<T>(run: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  client.on('error', ignore);
  let broken = true;
  try {
    const result = await run(client);
    broken = false;
    return result;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

function fail(n: number, error: unknown): void {
  const failure = faultOf(error);
  const known = failure instanceof Failure;
  tell({
    say: 'failed',
    n,
    code: known ? failure.code : 'internal',
    text: known ? failure.issues[0]!.text : String(error),
    textEn: known ? failure.message : String(error),
    stack: known ? '' : ((error as Error).stack ?? ''),
  });
}
