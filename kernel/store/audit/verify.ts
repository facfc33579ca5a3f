/**
 * Proves that the audit is what was sealed: every line is read and hashed anew outside the database, every leaf, subtree, root,
 * signature and link of the chain compared.
 */
import type { Pool } from 'pg';
import { type Archive, checkArchiveFile, isOfLog, readArchives } from './archive.ts';
import { type Checker, openCheckers } from './checkers.ts';
import { type AuditFault, type Finding, faultOf, joined } from './faults.ts';
import { type LogKey, logVerifierKey, readLogKeys, unvouched } from './keys.ts';
import { checkOldSeal } from './old-seals.ts';
import { linkOf, SEAL_COLUMNS, type Seal } from './seal.ts';
import type { Span, SpanResult, TreeSeal } from './span.ts';
import { checkOutside, checkSaved, type Saved } from './witnessed.ts';

export interface VerifyOptions {
  /** Seals noted outside the database: number → hash in hex; each must still be there. */
  anchors?: ReadonlyMap<string, string>;
  /** Checkpoints kept outside, with the keys that they must be signed with. */
  saved?: readonly Saved[];
  /** Verifier keys of the log that are known outside: the keys in the database must begin with them. */
  keys?: readonly string[];
  /** Files of months that were archived. */
  files?: ReadonlyMap<string, string>;
  /** Begin with the seals made then or later. */
  since?: Date;
  /** Begin behind this point of an earlier run. */
  from?: VerifyPoint;
  /** Threads with connections of their own; 0, the default, works in this one. */
  threads?: number;
  /** Told after each span that is done. */
  progress?(point: VerifyPoint): void;
  /** Stops between two spans; the report then says up to where. */
  signal?: AbortSignal;
}

/** Up to where a verification has come, all before it included. */
export interface VerifyPoint {
  /** Number and hash (hex) of the last seal checked. */
  seal: string;
  hash: string;
  seals: number;
  lines: number;
  findings: Finding[];
}

export interface AuditReport {
  ok: boolean;
  seals: number;
  /** Lines under the seals that were checked. */
  lines: number;
  /** Lines behind the last seal, which are not sealed yet. */
  unsealed: number;
  faults: AuditFault[];
  /** Hash of the last seal; written down elsewhere, it also proves that nothing was cut off at the end. */
  head: string | null;
  /** Its number; '0' when there is none. */
  last: string;
  /** True when it was stopped before the end. */
  stopped: boolean;
}

const PAGE = 5_000;
const SPAN_LINES = 100_000;
const SPAN_SEALS = 2_000;
/** No seal has as many. */
const MOST_LINES = 10_000_000;

/** State of a run: what is found, in the order of the seals. */
interface Run {
  point: VerifyPoint;
  before: Seal | undefined;
  waiting: Set<Promise<void>>;
  archives: readonly Archive[];
  /** Name of the log. */
  origin: string;
}

/** Recomputes tree and chain; see `VerifyOptions` for what else is compared. */
export async function verifyAudit(pool: Pool, options: VerifyOptions = {}): Promise<AuditReport> {
  const keys = await readLogKeys(pool);
  const begin = await beginning(pool, options);
  const all = await readArchives(pool);
  const archives = all.filter((archive) => isOfLog(archive, keys));
  const run: Run = { ...begin, archives, waiting: new Set(), origin: keys[0]?.origin ?? '' };
  run.point.findings.push(...keyFindings(keys, options.keys ?? []));
  if (archives.length < all.length) run.point.findings.push({ seal: '', kind: 'archive-wrong' });
  const checkers = openCheckers(pool, keys, options.threads ?? 0);
  let stopped = false;
  try {
    const done = orderedPoints(run, options);
    const free = [...checkers];
    for await (const { span, findings, last, seals } of spans(pool, run, options.anchors ?? new Map())) {
      if (options.signal?.aborted) {
        stopped = true;
        break;
      }
      const slot = done.open(last, seals);
      if (!span) {
        slot({ lines: 0, findings });
        continue;
      }
      while (free.length === 0) await Promise.race(run.waiting);
      const checker = free.pop()!;
      const work: Promise<void> = checker.check(span).then((result) => {
        slot({ lines: result.lines, findings: [...findings, ...result.findings] });
        free.push(checker);
        run.waiting.delete(work);
      });
      run.waiting.add(work);
    }
    await Promise.all(run.waiting);
  } finally {
    await Promise.allSettled(run.waiting);
    await closeAll(checkers);
  }
  return reportOf(pool, run, options, keys, stopped);
}

async function closeAll(checkers: Checker[]): Promise<void> {
  for (const checker of checkers) await checker.close();
}

function keyFindings(keys: readonly LogKey[], known: readonly string[]): Finding[] {
  const own = keys.map(logVerifierKey);
  const strange = known.filter((key, i) => own[i] !== key).length;
  const wrong = unvouched(keys).length;
  return wrong + strange === 0 ? [] : [{ seal: '', kind: 'key-changed' }];
}

async function sealBy(pool: Pool, condition: string, value: unknown): Promise<Seal | undefined> {
  const text = `select ${SEAL_COLUMNS} from seal where ${condition} order by n desc limit 1`;
  return (await pool.query<Seal>(text, [value])).rows[0];
}

/** Where to begin: behind an earlier run, behind the last seal before an instant, or before everything. */
async function beginning(pool: Pool, { from, since }: VerifyOptions): Promise<Pick<Run, 'point' | 'before'>> {
  const nothing = { seal: '0', hash: '', seals: 0, lines: 0, findings: [] };
  if (from) {
    const before = await sealBy(pool, 'n = $1', from.seal);
    const point = { ...from, findings: [...from.findings] };
    if (before?.hash.toString('hex') !== from.hash)
      point.findings.push({ seal: from.seal, kind: before ? 'seal-changed' : 'cut-off' });
    return { point, before };
  }
  const before = since ? await sealBy(pool, 'made < $1', since) : undefined;
  return {
    point: before ? { ...nothing, seal: before.n, hash: before.hash.toString('hex') } : nothing,
    before,
  };
}

/** Results come in any order; points are told in the order of the seals. */
function orderedPoints(run: Run, { progress }: VerifyOptions) {
  const queue: { last: Seal; seals: number; result?: SpanResult }[] = [];
  return {
    open(last: Seal, seals: number): (result: SpanResult) => void {
      const place: (typeof queue)[number] = { last, seals };
      queue.push(place);
      return (result) => {
        place.result = result;
        while (queue[0]?.result) {
          const { last: seal, seals: count, result: of } = queue.shift()!;
          const { point } = run;
          point.seal = seal.n;
          point.hash = seal.hash.toString('hex');
          point.seals += count;
          point.lines += of!.lines;
          point.findings.push(...of!.findings);
          progress?.(point);
        }
      };
    },
  };
}

interface Piece {
  /** Null for seals without a tree, which are checked already. */
  span: Span | null;
  findings: Finding[];
  last: Seal;
  seals: number;
}

/** The seals in order, cut into spans; what their own rows show is found here. */
async function* spans(pool: Pool, run: Run, anchors: ReadonlyMap<string, string>): AsyncGenerator<Piece> {
  let gathered: Seal[] = [];
  let findings: Finding[] = [];
  const take = (): Piece => {
    const piece = {
      span: spanOf(gathered, run.archives),
      findings,
      last: gathered.at(-1)!,
      seals: gathered.length,
    };
    [gathered, findings] = [[], []];
    return piece;
  };
  for await (const seal of sealsAfter(pool, run.before?.n ?? '0')) {
    const { before } = run;
    const broken = !follows(before, seal);
    const full =
      gathered.length >= SPAN_SEALS ||
      Number(seal.size) - Number(gathered[0]?.size ?? seal.size) > SPAN_LINES;
    const other = gathered.length > 0 && (broken || before?.era !== seal.era || before?.size === null);
    if (gathered.length > 0 && (full || other)) yield take();
    if (broken) findings.push({ seal: seal.n, kind: 'seal-missing', before: seal.made.getTime() });
    if (!isLinked(before, seal, run) || isOther(anchors, seal))
      findings.push({ seal: seal.n, kind: 'seal-changed', at: seal.made.getTime() });
    if (seal.size === null && !isArchived(run.archives, seal))
      findings.push(...(await checkOldSeal(pool, before?.hash ?? Buffer.alloc(0), seal)));
    gathered.push(seal);
    run.before = seal;
    if (seal.size === null) yield take();
  }
  if (gathered.length > 0) yield take();
}

async function* sealsAfter(pool: Pool, after: string): AsyncGenerator<Seal> {
  for (let last = after; ; ) {
    const { rows } = await pool.query<Seal>(
      `select ${SEAL_COLUMNS} from seal where n > $1 order by n limit ${PAGE}`,
      [last],
    );
    yield* rows;
    if (rows.length < PAGE) return;
    last = rows.at(-1)!.n;
  }
}

/** Lines of an old seal that are in a file are checked by the tree alone. */
function isArchived(archives: readonly Archive[], seal: Seal): boolean {
  const month = new Date(seal.made.getTime() + 7 * 3_600_000).toISOString().slice(0, 7);
  return archives.some((archive) => archive.month >= month);
}

/** A seal of the tree goes on where the one before it ended; the first one begins with the first line. */
function follows(before: Seal | undefined, seal: Seal): boolean {
  if (!before) return seal.n === '1' && startsAtZero(seal);
  if (BigInt(seal.n) !== BigInt(before.n) + 1n) return false;
  if (before.size === null && seal.size !== null) return startsAtZero(seal);
  if (seal.size !== null && Number(seal.size) - Number(seal.lines) !== Number(before.size)) return false;
  if (before.size !== null && seal.size === null) return false;
  return seal.era === before.era
    ? seal.from_xid === before.to_xid
    : seal.from_xid === '0' && seal.era > before.era;
}

const startsAtZero = (seal: Seal) =>
  seal.from_xid === '0' && (seal.size === null || Number(seal.size) === Number(seal.lines));

/** An old seal's hash is checked with its lines. */
function isLinked(before: Seal | undefined, seal: Seal, { origin }: Run): boolean {
  if (seal.size === null || seal.root === null || seal.signature === null) return seal.size === null;
  const head = { origin, size: Number(seal.size), root: seal.root };
  return linkOf(before?.hash ?? Buffer.alloc(0), head, seal.signature).equals(seal.hash);
}

function isOther(anchors: ReadonlyMap<string, string>, seal: Seal): boolean {
  const noted = anchors.get(seal.n);
  return noted !== undefined && noted !== seal.hash.toString('hex');
}

function spanOf(seals: readonly Seal[], archives: readonly Archive[]): Span | null {
  const trees = seals.flatMap((seal): TreeSeal[] => {
    const { n, from_xid, to_xid, lines, size, root, key, signature, made } = seal;
    if (size === null || root === null) return [];
    return [
      {
        n,
        from: from_xid,
        to: to_xid,
        ...believable(Number(lines), Number(size)),
        root: root.toString('latin1'),
        key: key ?? 0,
        signature: (signature ?? Buffer.alloc(0)).toString('base64'),
        made: made.getTime(),
      },
    ];
  });
  if (trees.length === 0) return null;
  const [start, end] = [trees[0]!.size - trees[0]!.lines, trees.at(-1)!.size];
  const gone = archives.flatMap(({ ranges }) =>
    ranges.filter(([first, last]) => first < end && last > start),
  );
  return { era: seals[0]!.era, seals: trees, gone };
}

/** Numbers of a seal that was tampered with must not make the check itself fail; that they are wrong is told by the chain. */
function believable(lines: number, size: number): { lines: number; size: number } {
  const some = Math.min(Math.max(lines, 0), MOST_LINES);
  return { lines: some, size: Math.max(size, some) };
}

async function reportOf(
  pool: Pool,
  run: Run,
  options: VerifyOptions,
  keys: readonly LogKey[],
  stopped: boolean,
): Promise<AuditReport> {
  const { point } = run;
  const findings = [...point.findings];
  for (const n of options.anchors?.keys() ?? [])
    if (!stopped && BigInt(n) > BigInt(point.seal)) findings.push({ seal: n, kind: 'cut-off' });
  if (!stopped) findings.push(...(await checkSaved(pool, options.saved ?? [], keys)));
  for (const [month, path] of stopped ? [] : (options.files ?? [])) {
    const archive = run.archives.find((one) => one.month === month);
    findings.push(
      ...(archive
        ? await checkArchiveFile(pool, archive, path)
        : [{ seal: '', kind: 'archive-wrong' as const }]),
    );
  }
  const outside = await checkOutside(pool);
  if (!stopped) findings.push(...outside.findings);
  const faults = joined(findings).map(faultOf);
  return {
    ok: faults.length === 0,
    seals: point.seals,
    lines: point.lines,
    unsealed: outside.unsealed,
    faults,
    head: point.hash === '' ? null : point.hash,
    last: point.seal,
    stopped,
  };
}
