/**
 * The hashes of the tree in table `audit_tile`: 256 in a row, level 0 the leaves, level l complete subtrees of 256^l leaves.
 * Rows grow at their end only, so that they show the tree at every size it ever had.
 */
import type { Queryable } from '../rows.ts';
import { byteas, int2s, int8s } from '../wire.ts';
import { DIGEST_BYTES, type Digest, EMPTY_ROOT, nodeHash, rootOf, type Subtree } from './merkle.ts';

export const TILE = 256;

/** Complete subtrees of a level in a tree of the size. */
export const countAt = (level: number, size: number) => Math.floor(size / TILE ** level);

export function digestsOf(bytes: Buffer): Digest[] {
  const digests: Digest[] = [];
  for (let at = 0; at < bytes.length; at += DIGEST_BYTES)
    digests.push(bytes.toString('latin1', at, at + DIGEST_BYTES));
  return digests;
}

export const bytesOf = (digests: readonly Digest[]) => Buffer.from(digests.join(''), 'latin1');

async function readTile(db: Queryable, level: number, i: number): Promise<Digest[]> {
  const { rows } = await db.query<{ hashes: Buffer }>({
    name: 'audit_tile',
    text: 'select hashes from audit_tile where level = $1 and i = $2',
    values: [level, i],
  });
  return rows[0] ? digestsOf(rows[0].hashes) : [];
}

/** Something of the tree that should be kept is not there. */
export class TreeBroken extends Error {}

/** Subtrees out of the tiles; those asked for are read once. Fails with `TreeBroken`. */
export function subtreesOf(db: Queryable): Subtree {
  const tiles = new Map<string, Promise<Digest[]>>();
  const subtree: Subtree = async (start, end) => {
    const width = end - start;
    const height = Math.log2(width);
    if (!Number.isInteger(height)) {
      const middle = start + 2 ** Math.floor(height);
      return nodeHash(await subtree(start, middle), await subtree(middle, end));
    }
    const level = Math.floor(height / 8);
    const [first, count] = [start / TILE ** level, width / TILE ** level];
    const i = Math.floor(first / TILE);
    const name = `${level}.${i}`;
    if (!tiles.has(name)) tiles.set(name, readTile(db, level, i));
    const hashes = (await tiles.get(name)!).slice(first % TILE, (first % TILE) + count);
    if (hashes.length !== count)
      throw new TreeBroken(`tile ${name} of the audit lacks the leaves ${start} to ${end}`);
    return rootOf(hashes);
  };
  return subtree;
}

interface Growing {
  level: number;
  i: number;
  /** What the row held before. */
  before: number;
  hashes: Digest[];
}

/**
 * Appends leaves to a tree of the size and writes what becomes complete; within the transaction of their seal.
 * @returns the new root
 */
export async function extendTiles(db: Queryable, size: number, leaves: readonly Digest[]): Promise<Digest> {
  const written: Growing[] = [];
  const edges: Digest[][] = [];
  let fresh = leaves;
  for (let level = 0; fresh.length > 0 || countAt(level, size) > 0; level++) {
    const { tiles, edge, above } = await growLevel(db, level, countAt(level, size), fresh);
    written.push(...tiles);
    edges.push(edge);
    fresh = above;
  }
  await writeTiles(db, written);
  return foldEdges(edges);
}

/** One level: its last row is filled, further rows begin; what becomes full is hashed for the level above. */
async function growLevel(db: Queryable, level: number, count: number, fresh: readonly Digest[]) {
  const i = Math.floor(count / TILE);
  const held = count % TILE === 0 ? [] : (await readTile(db, level, i)).slice(0, count % TILE);
  if (held.length !== count % TILE) throw new TreeBroken(`tile ${level}.${i} of the audit is too short`);
  const tiles: Growing[] = [];
  const above: Digest[] = [];
  let tile: Growing = { level, i, before: held.length, hashes: held };
  for (let at = 0; at < fresh.length; ) {
    const some = fresh.slice(at, at + TILE - tile.hashes.length);
    at += some.length;
    tile.hashes = [...tile.hashes, ...some];
    tiles.push(tile);
    if (tile.hashes.length < TILE) break;
    above.push(rootOf(tile.hashes));
    tile = { level, i: tile.i + 1, before: 0, hashes: [] };
  }
  return { tiles, edge: tile.hashes, above };
}

async function writeTiles(db: Queryable, tiles: readonly Growing[]): Promise<void> {
  await db.query({
    name: 'audit_tile_grow',
    text: `insert into audit_tile (level, i, hashes) select * from unnest($1::int2[], $2::int8[], $3::bytea[])
      on conflict (level, i) do update set hashes = audit_tile.hashes || excluded.hashes`,
    values: [
      int2s(tiles.map(({ level }) => level)),
      int8s(tiles.map(({ i }) => BigInt(i))),
      byteas(tiles.map(({ before, hashes }) => bytesOf(hashes.slice(before)))),
    ],
  });
}

/** The root from what each level holds beyond its full rows, the leaves first. */
function foldEdges(edges: readonly Digest[][]): Digest {
  let root: Digest | undefined;
  for (const edge of edges) {
    let end = edge.length;
    for (let width = 1; end > 0; width *= 2) {
      if ((end & width) === 0) continue;
      const peak = rootOf(edge.slice(end - width, end));
      root = root === undefined ? peak : nodeHash(peak, root);
      end -= width;
    }
  }
  return root ?? EMPTY_ROOT;
}
