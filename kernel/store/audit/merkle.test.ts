/** Trees of RFC 6962 2.1.3 and its public test vectors (certificate-transparency, eight leaves). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  consistencyPath,
  type Digest,
  EMPTY_ROOT,
  Growth,
  includes,
  inclusionPath,
  isConsistent,
  leafHash,
  nodeHash,
  peakSpans,
  rootOf,
} from './merkle.ts';

const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const hex = (digest: Digest) => Buffer.from(digest, 'latin1').toString('hex');
const leaves = LEAVES.map((leaf) => leafHash(Buffer.from(leaf, 'hex')));

/** RFC 6962 2.1 word for word: the naive tree. */
function naive(hashes: Digest[]): Digest {
  if (hashes.length === 0) return EMPTY_ROOT;
  if (hashes.length === 1) return hashes[0]!;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return nodeHash(naive(hashes.slice(0, k)), naive(hashes.slice(k)));
}

const many = Array.from({ length: 70 }, (_, i) => leafHash(Buffer.from(`dong ${i}`)));
const subtree = async (start: number, end: number) => naive(many.slice(start, end));

test('roots of the public vectors', () => {
  for (const [size, root] of ROOTS.entries()) assert.equal(hex(rootOf(leaves.slice(0, size))), root);
});

test('the growing tree is the naive tree at every size, also when it goes on from its peaks', async () => {
  for (let size = 0; size <= many.length; size++) {
    const peaks = await Promise.all(peakSpans(size).map(([start, end]) => subtree(start, end)));
    const growth = new Growth(size, peaks);
    assert.equal(growth.root(), naive(many.slice(0, size)));
    for (const leaf of many.slice(size)) growth.append(leaf);
    assert.equal(growth.root(), naive(many));
  }
});

test('a growing tree tells each complete subtree', () => {
  const told: string[] = [];
  const growth = new Growth();
  for (const leaf of many.slice(0, 8))
    growth.append(leaf, (height, place, root) => {
      const width = 2 ** height;
      assert.equal(root, naive(many.slice(place * width, (place + 1) * width)));
      told.push(`${height}.${place}`);
    });
  assert.deepEqual(told, ['1.0', '1.1', '2.0', '1.2', '1.3', '2.1', '3.0']);
});

test('every inclusion proof holds, and none for another leaf, place, size or root (RFC 9162 2.1.3.2)', async () => {
  for (let size = 1; size <= 40; size++) {
    const root = naive(many.slice(0, size));
    for (let index = 0; index < size; index++) {
      const path = await inclusionPath(subtree, index, size);
      assert.equal(includes(many[index]!, index, size, path, root), true);
      assert.equal(includes(many[index + 1]!, index, size, path, root), false);
      assert.equal(includes(many[index]!, index, size, path, EMPTY_ROOT), false);
      assert.equal(includes(many[index]!, index, size, [...path, root], root), false);
      if (size > 1) {
        assert.equal(includes(many[index]!, index ^ 1, size, path, root), false);
        assert.equal(includes(many[index]!, index, size, path.slice(1), root), false);
      }
    }
  }
  assert.equal(includes(many[3]!, 3, 3, [], many[3]!), false);
});

test('every consistency proof holds, and none between trees that differ (RFC 9162 2.1.4.2)', async () => {
  for (let to = 1; to <= 40; to++) {
    const now = { size: to, root: naive(many.slice(0, to)) };
    for (let from = 1; from <= to; from++) {
      const before = { size: from, root: naive(many.slice(0, from)) };
      const path = await consistencyPath(subtree, from, to);
      assert.equal(isConsistent(before, now, path), true, `${from} ${to}`);
      const other = { size: from, root: naive([many[50]!, ...many.slice(1, from)]) };
      assert.equal(isConsistent(other, now, path), false);
      assert.equal(isConsistent(before, { ...now, root: other.root }, path), from === to && false);
      if (from < to) {
        assert.equal(isConsistent(now, before, path), false);
        assert.equal(isConsistent(before, now, path.slice(1)), false);
        assert.equal(isConsistent(before, now, [...path, now.root]), false);
      }
    }
    assert.equal(isConsistent({ size: 0, root: EMPTY_ROOT }, now, []), true);
  }
});
