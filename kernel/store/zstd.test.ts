import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { makeZstdPacker, makeZstdUnpacker } from './zstd.ts';

const dictionary = Buffer.from('},"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"');
const other = Buffer.from('},"status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/');
const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const text = (n: number) =>
  Buffer.from(
    `},"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"${n}"}]},"note":"${'á'.repeat(n)}"}`,
  );
const bodies = [
  ...[0, 1, 7, 120, 130, 300, 5_000, 20_000, 40_000, 70_000, 3].map(text),
  Buffer.alloc(0),
  Buffer.from('x'.repeat(47_000)),
  ...[10, 255, 256, 257, 40_000, 48 * 1024, 65_530, 65_536, 200_000].map((n) => randomBytes(n)),
];

test('what was packed comes back, in any order of sizes, behind any head', () => {
  const [pack, unpack] = [makeZstdPacker(dictionary), makeZstdUnpacker(dictionary)];
  for (const head of ['', '{"resourceType":"Observation"', 'h'.repeat(65_600)])
    for (const body of [...bodies, ...bodies.toReversed()])
      assert.deepEqual(
        Buffer.from(unpack(pack(body), head)),
        Buffer.concat([Buffer.from(head), body]),
        `${body.length}`,
      );
});

test('a state that is used again packs like a new one: the same body is the same bytes', () => {
  const pack = makeZstdPacker(dictionary);
  for (let round = 0; round < 200; round++)
    for (const body of bodies.slice(0, 12)) {
      const packed = pack(body);
      if (round % 40 === 0) assert.deepEqual(packed, makeZstdPacker(dictionary)(body), `${body.length}`);
      assert.ok(packed.length > 0);
    }
});

test('any other program unpacks it: a frame of RFC 8878 without its magic number', () => {
  const packed = makeZstdPacker(dictionary)(text(300));
  assert.deepEqual(zstdDecompressSync(Buffer.concat([MAGIC, packed]), { dictionary }), text(300));
  assert.ok(packed.length < 60, `${packed.length}`);
});

test('an answer is the caller’s own: the next one does not write over it', () => {
  const [pack, unpack] = [makeZstdPacker(dictionary), makeZstdUnpacker(dictionary)];
  const [one, two] = [pack(text(5)), pack(text(9))];
  const first = unpack(one);
  assert.deepEqual(unpack(two), text(9));
  assert.deepEqual(first, text(5));
  assert.deepEqual(unpack(one), text(5));
});

test('broken and cut-off bytes are an error, and the next body is none', () => {
  const [pack, unpack] = [makeZstdPacker(dictionary), makeZstdUnpacker(dictionary)];
  const packed = pack(randomBytes(900));
  for (let end = 0; end < packed.length; end++)
    assert.throws(() => unpack(packed.subarray(0, end)), Error, `${end}`);
  assert.throws(() => unpack(Buffer.from([0xff, 0xff, 0xff, 0xff])));
  assert.deepEqual(unpack(pack(text(500))), text(500));
});

test('dictionaries do not mix', () => {
  const [one, two] = [makeZstdUnpacker(dictionary), makeZstdUnpacker(other)];
  const [packOne, packTwo] = [makeZstdPacker(dictionary), makeZstdPacker(other)];
  for (const n of [3, 4, 5]) {
    assert.deepEqual(one(packOne(text(n))), text(n));
    assert.deepEqual(two(packTwo(text(n))), text(n));
  }
});
