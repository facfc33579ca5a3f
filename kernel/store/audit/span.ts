/**
 * The check of some seals that follow each other: lines against the leaves that were kept, leaves against the roots, roots
 * against their signatures. Runs in a thread of its own (verify-thread.ts) or in the program.
 */
import type { PoolClient } from 'pg';
import type { PlaceRange } from './archive.ts';
import type { Finding } from './faults.ts';
import type { LogKey } from './keys.ts';
import { digestOf, type Leaf, leafOf, readLines, xidOf } from './lines.ts';
import { DIGEST_BYTES, type Digest, Growth, peakSpans } from './merkle.ts';
import { isSigned, publicKeyOf } from './note.ts';
import { subtreesOf, TILE, TreeBroken } from './tiles.ts';

/** A seal with a tree, as a thread is told of it. */
export interface TreeSeal {
  n: string;
  from: string;
  to: string;
  lines: number;
  size: number;
  root: Digest;
  key: number;
  /** Base64. */
  signature: string;
  /** Epoch milliseconds. */
  made: number;
}

/** Seals of one era, without a gap between them. */
export interface Span {
  era: number;
  seals: TreeSeal[];
  /** Places of lines that were archived; their leaves are kept. */
  gone: PlaceRange[];
}

export interface SpanResult {
  /** Lines that are there. */
  lines: number;
  findings: Finding[];
}

/** Of a leaf that is not kept: the hash of nothing known. */
const NO_DIGEST: Digest = '\0'.repeat(DIGEST_BYTES);

/** Leaves of a span as strings of a row of the tiles each. */
class KeptLeaves {
  readonly #first: number;
  readonly #tiles: string[];

  constructor(first: number, tiles: string[]) {
    this.#first = first;
    this.#tiles = tiles;
  }

  static async read(client: PoolClient, start: number, end: number): Promise<KeptLeaves> {
    const [first, last] = [Math.floor(start / TILE), Math.ceil(end / TILE)];
    const tiles = new Array<string>(Math.max(last - first, 0)).fill('');
    const { rows } = await client.query<{ i: string; hashes: Buffer }>(
      'select i, hashes from audit_tile where level = 0 and i >= $1 and i < $2',
      [first, last],
    );
    for (const { i, hashes } of rows) tiles[Number(i) - first] = hashes.toString('latin1');
    return new KeptLeaves(first, tiles);
  }

  is(index: number, digest: Digest): boolean {
    const tile = this.#tiles[Math.floor(index / TILE) - this.#first];
    return tile?.startsWith(digest, (index % TILE) * DIGEST_BYTES) ?? false;
  }

  at(index: number): Digest {
    const from = (index % TILE) * DIGEST_BYTES;
    const digest = this.#tiles[Math.floor(index / TILE) - this.#first]?.slice(from, from + DIGEST_BYTES);
    return digest?.length === DIGEST_BYTES ? digest : NO_DIGEST;
  }
}

const startOf = (seal: TreeSeal) => seal.size - seal.lines;

/** Checks a span; `keys` by number. */
export async function checkSpan(
  client: PoolClient,
  span: Span,
  keys: readonly LogKey[],
): Promise<SpanResult> {
  const findings = signatureFindings(span, keys);
  const start = startOf(span.seals[0]!);
  const kept = await KeptLeaves.read(client, start, span.seals.at(-1)!.size);
  const growth = await growthAt(client, start);
  if (!growth) findings.push({ seal: span.seals[0]!.n, kind: 'tree-changed', before: span.seals[0]!.made });
  const quick = growth ? await checkQuickly(client, span, kept, growth) : null;
  if (quick?.good) {
    const changed = await changedSubtrees(client, quick.completed);
    for (const index of changed) findings.push({ seal: sealAt(span, index), kind: 'tree-changed', index });
    return { lines: quick.lines, findings };
  }
  const located = await locate(client, span, kept, await growthAt(client, start));
  return { lines: located.lines, findings: [...findings, ...located.findings] };
}

function signatureFindings(span: Span, keys: readonly LogKey[]): Finding[] {
  const publicKeys = new Map(keys.map((key) => [key.n, { ...key, object: publicKeyOf(key.public) }]));
  return span.seals.flatMap((seal): Finding[] => {
    const key = publicKeys.get(seal.key);
    const head = { origin: key?.origin ?? '', size: seal.size, root: Buffer.from(seal.root, 'latin1') };
    const holds = key !== undefined && isSigned(head, Buffer.from(seal.signature, 'base64'), key.object);
    return holds ? [] : [{ seal: seal.n, kind: 'signature-wrong', at: seal.made }];
  });
}

/** The tree before the span, out of the kept subtrees; null when they are not all there. */
async function growthAt(client: PoolClient, size: number): Promise<Growth | null> {
  const subtree = subtreesOf(client);
  try {
    const peaks: Digest[] = [];
    for (const [start, end] of peakSpans(size)) peaks.push(await subtree(start, end));
    return new Growth(size, peaks);
  } catch (error) {
    if (error instanceof TreeBroken) return null;
    throw error;
  }
}

interface Completed {
  level: number;
  place: number;
  root: Digest;
}

/** One pass; gives up judging at the first line that is not the leaf kept for it. */
async function checkQuickly(client: PoolClient, span: Span, kept: KeptLeaves, growth: Growth) {
  const { seals, era } = span;
  const completed: Completed[] = [];
  const complete = (height: number, place: number, root: Digest) => {
    if (height % 8 === 0) completed.push({ level: height / 8, place, root });
  };
  let good = true;
  let at = 0;
  let end = Number(seals[0]!.to);
  const gone = goneOf(span);
  const skipGone = (size: number) => {
    while (growth.size < size && gone(growth.size)) growth.append(kept.at(growth.size), complete);
  };
  const closeBefore = (xid: number) => {
    while (good && at < seals.length && xid >= end) {
      skipGone(seals[at]!.size);
      good = growth.size === seals[at]!.size && growth.root() === seals[at]!.root;
      at += 1;
      end = at < seals.length ? Number(seals[at]!.to) : Number.POSITIVE_INFINITY;
    }
  };
  const lines = await readLines(client, { era, from: seals[0]!.from, to: seals.at(-1)!.to }, (row) => {
    if (!good) return;
    const xid = xidOf(row);
    if (xid >= end) closeBefore(xid);
    const digest = digestOf(row);
    skipGone(seals[at]?.size ?? 0);
    if (kept.is(growth.size, digest)) growth.append(digest, complete);
    else good = false;
  });
  closeBefore(Number.POSITIVE_INFINITY);
  return { good, lines, completed };
}

/** Whether the line at a place was archived. */
function goneOf({ gone }: Span): (index: number) => boolean {
  if (gone.length === 0) return () => false;
  return (index) => gone.some(([first, end]) => index >= first && index < end);
}

/** First lines of the subtrees whose kept hash is another than the one computed. */
async function changedSubtrees(client: PoolClient, completed: readonly Completed[]): Promise<number[]> {
  const wanted = [
    ...new Map(completed.map((one) => [`${one.level}.${Math.floor(one.place / TILE)}`, one])).values(),
  ];
  const { rows } = await client.query<{ level: number; i: string; hashes: Buffer }>(
    'select level, i, hashes from audit_tile where (level, i) in (select * from unnest($1::int2[], $2::int8[]))',
    [wanted.map(({ level }) => level), wanted.map(({ place }) => Math.floor(place / TILE))],
  );
  const tiles = new Map(rows.map((row) => [`${row.level}.${row.i}`, row.hashes.toString('latin1')]));
  return completed.flatMap(({ level, place, root }) => {
    const tile = tiles.get(`${level}.${Math.floor(place / TILE)}`);
    return tile?.startsWith(root, (place % TILE) * DIGEST_BYTES) ? [] : [place * TILE ** level];
  });
}

const sealAt = ({ seals }: Span, index: number) =>
  (seals.find(({ size }) => size > index) ?? seals.at(-1)!).n;

/** Seal by seal: which of lines, kept leaves and root do not agree, and at which line. */
async function locate(client: PoolClient, span: Span, kept: KeptLeaves, before: Growth | null) {
  const { seals, era } = span;
  const found: Leaf[] = [];
  await readLines(client, { era, from: seals[0]!.from, to: seals.at(-1)!.to }, (row) =>
    found.push(leafOf(row)),
  );
  const findings: Finding[] = [];
  let tree = before;
  let at = 0;
  const gone = goneOf(span);
  for (const [i, seal] of seals.entries()) {
    const first = at;
    const end = Number(seal.to);
    while (at < found.length && (found[at]!.xid < end || i === seals.length - 1)) at += 1;
    const there = found.slice(first, at);
    const leaves = Array.from({ length: seal.lines }, (_, k) => kept.at(startOf(seal) + k));
    const byKept = grown(tree, leaves, seal.root);
    const places = leaves.map((_, k) => startOf(seal) + k).filter((index) => !gone(index));
    const left = places.map((index) => kept.at(index));
    const byLines =
      byKept || left.length < leaves.length
        ? null
        : grown(
            tree,
            there.map(({ digest }) => digest),
            seal.root,
          );
    const around = { after: found[first - 1]?.at, before: found[at]?.at };
    if (byLines)
      findings.push({
        seal: seal.n,
        kind: 'tree-changed',
        index: startOf(seal),
        at: there[0]?.at ?? seal.made,
      });
    else {
      if (!byKept && tree)
        findings.push({ seal: seal.n, kind: 'tree-changed', index: startOf(seal), at: seal.made });
      findings.push(...differences(left, there, { era, seal, around, places }));
    }
    // Where neither fits, what comes behind is compared with the kept leaves alone.
    tree = byKept ?? byLines;
  }
  return { lines: found.length, findings };
}

/** The tree with further leaves, when its root is then the one signed. */
function grown(tree: Growth | null, leaves: readonly Digest[], root: Digest): Growth | null {
  if (tree === null) return null;
  const next = tree.copy();
  for (const leaf of leaves) next.append(leaf);
  return next.root() === root ? next : null;
}

interface Place {
  era: number;
  seal: TreeSeal;
  /** Times of the lines around the seal. */
  around: { after: number | undefined; before: number | undefined };
  /** Of each leaf among all lines. */
  places: readonly number[];
}

/** What was done to lines so that they are not the leaves any more. */
export function differences(leaves: readonly Digest[], lines: readonly Leaf[], place: Place): Finding[] {
  const { era, seal, around, places } = place;
  const placeAt = (i: number) => places[i] ?? seal.size;
  const leafPlace = new Map(leaves.map((leaf, i) => [leaf, i]));
  const linePlace = new Map(lines.map(({ digest }, i) => [digest, i]));
  const findings: Finding[] = [];
  const removed = (i: number, j: number) => ({
    seal: seal.n,
    kind: 'lines-removed' as const,
    index: placeAt(i),
    count: 1,
    after: lines[j - 1]?.at ?? around.after,
    before: lines[j]?.at ?? around.before,
  });
  const about = (kind: 'lines-inserted' | 'lines-changed', i: number, { xid, n, at }: Leaf): Finding => ({
    seal: seal.n,
    kind,
    index: placeAt(i),
    id: `${era}-${xid}-${n}`,
    at,
  });
  let [i, j] = [0, 0];
  while (i < leaves.length || j < lines.length) {
    const [leaf, line] = [leaves[i], lines[j]];
    if (line !== undefined && leaf === line.digest) [i, j] = [i + 1, j + 1];
    else if (line === undefined || (leaf !== undefined && (leafPlace.get(line.digest) ?? -1) > i)) {
      findings.push(removed(i, j));
      i += 1;
    } else if (leaf === undefined || (linePlace.get(leaf) ?? -1) > j) {
      findings.push(about('lines-inserted', i, line));
      j += 1;
    } else {
      findings.push(about('lines-changed', i, line));
      [i, j] = [i + 1, j + 1];
    }
  }
  return findings;
}
