/**
 * The Merkle tree of RFC 6962 (section 2.1) and RFC 9162 (section 2.1.3, 2.1.4): a leaf is SHA-256(0x00 ‖ data), a node
 * SHA-256(0x01 ‖ left ‖ right), the left subtree is the largest power of two below the size. Pure.
 */
import { hash } from 'node:crypto';

/** 32 bytes of SHA-256 as a string of 32 latin1 characters: quick to compare, to cut out of a tile and to hash again. */
export type Digest = string;

export const DIGEST_BYTES = 32;

/** Root of the tree without leaves. */
export const EMPTY_ROOT: Digest = hash('sha256', '', 'binary');

const node = Buffer.alloc(1 + 2 * DIGEST_BYTES, 1);

export function nodeHash(left: Digest, right: Digest): Digest {
  node.write(left, 1, 'latin1');
  node.write(right, 1 + DIGEST_BYTES, 'latin1');
  return hash('sha256', node, 'binary');
}

const LEAF_PREFIX = Buffer.from([0]);

export const leafHash = (data: Buffer): Digest =>
  hash('sha256', Buffer.concat([LEAF_PREFIX, data]), 'binary');

/** The largest power of two below `size`, which is 2 or more. */
function leftSize(size: number): number {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}

/** Root over hashes of leaves, or of complete subtrees of one height. */
export function rootOf(hashes: readonly Digest[]): Digest {
  const growth = new Growth();
  for (const one of hashes) growth.append(one);
  return growth.root();
}

/** A tree that grows at its right edge: only the roots of its complete subtrees are kept. */
export class Growth {
  /** Roots of complete subtrees, the largest first. */
  readonly #peaks: Digest[];
  #size: number;

  /** @param peaks what `peaksOf` gave for the size */
  constructor(size = 0, peaks: readonly Digest[] = []) {
    this.#size = size;
    this.#peaks = [...peaks];
  }

  get size(): number {
    return this.#size;
  }

  /**
   * @param completed told each complete subtree that the leaf closes: its height (2^height leaves) and its place among those
   * of its height
   */
  append(leaf: Digest, completed?: (height: number, place: number, root: Digest) => void): void {
    this.#peaks.push(leaf);
    this.#size += 1;
    let height = 0;
    for (let places = this.#size; places % 2 === 0; places /= 2) {
      const right = this.#peaks.pop()!;
      const root = nodeHash(this.#peaks.pop()!, right);
      this.#peaks.push(root);
      height += 1;
      completed?.(height, places / 2 - 1, root);
    }
  }

  copy(): Growth {
    return new Growth(this.#size, this.#peaks);
  }

  root(): Digest {
    if (this.#peaks.length === 0) return EMPTY_ROOT;
    return this.#peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** The subtrees of a tree, for whoever keeps them: root over the leaves `start` to `end` (exclusive). */
export type Subtree = (start: number, end: number) => Promise<Digest>;

/** Start and end of the complete subtrees that make a tree of the size, the largest first. */
export function peakSpans(size: number): [start: number, end: number][] {
  const spans: [number, number][] = [];
  for (let start = 0; start < size; ) {
    const rest = size - start;
    const width = rest === 1 ? 1 : leftSize(rest + 1);
    spans.push([start, start + width]);
    start += width;
  }
  return spans;
}

/** RFC 6962 2.1.1, PATH(m, D[n]): from the leaf upwards. */
export async function inclusionPath(subtree: Subtree, index: number, size: number): Promise<Digest[]> {
  const path: Digest[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + leftSize(end - start);
    if (index < middle) {
      path.push(await subtree(middle, end));
      end = middle;
    } else {
      path.push(await subtree(start, middle));
      start = middle;
    }
  }
  return path.reverse();
}

/** RFC 6962 2.1.2, PROOF(m, D[n]) for 0 < from ≤ to; empty when they are equal. */
export async function consistencyPath(subtree: Subtree, from: number, to: number): Promise<Digest[]> {
  const path: Digest[] = [];
  let [start, end] = [0, to];
  let known = true;
  while (from !== end) {
    const middle = start + leftSize(end - start);
    if (from <= middle) {
      path.push(await subtree(middle, end));
      end = middle;
    } else {
      path.push(await subtree(start, middle));
      start = middle;
      known = false;
    }
  }
  if (!known) path.push(await subtree(start, end));
  return path.reverse();
}

/** RFC 9162 2.1.3.2. */
export function includes(
  leaf: Digest,
  index: number,
  size: number,
  path: readonly Digest[],
  root: Digest,
): boolean {
  if (index >= size) return false;
  let [at, last] = [index, size - 1];
  let computed = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      computed = nodeHash(sibling, computed);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else computed = nodeHash(computed, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && computed === root;
}

/** RFC 9162 2.1.4.2: whether the tree of size `to` begins with the tree of size `from`. */
export function isConsistent(
  from: { size: number; root: Digest },
  to: { size: number; root: Digest },
  path: readonly Digest[],
): boolean {
  if (from.size === to.size) return path.length === 0 && from.root === to.root;
  if (from.size === 0) return path.length === 0 && from.root === EMPTY_ROOT;
  if (from.size > to.size || path.length === 0) return false;
  const isPower = Number.isInteger(Math.log2(from.size));
  const [first, ...rest] = isPower ? [from.root, ...path] : path;
  let [at, last] = [from.size - 1, to.size - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let [old, now] = [first!, first!];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      old = nodeHash(sibling, old);
      now = nodeHash(sibling, now);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else now = nodeHash(now, sibling);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && old === from.root && now === to.root;
}
