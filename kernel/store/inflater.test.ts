import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { makeInflater } from './inflater.ts';

const dictionary = Buffer.from(
  '{"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]}}',
);
const pack = (text: Buffer) => deflateRawSync(text, { windowBits: 13, dictionary });
const text = (n: number) =>
  Buffer.from(
    `{"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"${n}"}]},"note":"${'á'.repeat(n)}"}`,
  );

test('bodies of all sizes come back, one after the other, with and without a dictionary', () => {
  const inflate = makeInflater(dictionary);
  const plain = makeInflater(undefined);
  for (const size of [0, 1, 7, 300, 5_000, 40_000, 80_000, 3]) {
    assert.deepEqual(inflate(pack(text(size))), text(size), `${size}`);
    assert.deepEqual(plain(deflateRawSync(text(size), { windowBits: 13 })), text(size), `${size}`);
  }
  const noise = randomBytes(65_536);
  assert.deepEqual(plain(deflateRawSync(noise, { windowBits: 13 })), noise, 'exactly the size of the room');
});

test('an answer is the caller’s own: the next one does not write over it', () => {
  const inflate = makeInflater(dictionary);
  const first = inflate(pack(text(5)));
  inflate(pack(text(9)));
  assert.deepEqual(first, text(5));
});

test('broken and cut-off bytes are an error, and the next body is none', () => {
  const inflate = makeInflater(dictionary);
  const packed = pack(text(500));
  assert.throws(() => inflate(Buffer.from([0xff, 0xff, 0xff, 0xff])), { name: 'Error' });
  assert.throws(() => inflate(packed.subarray(0, packed.length - 4)), { code: 'Z_BUF_ERROR' });
  assert.deepEqual(inflate(packed), text(500));
});

test('inflaters of several dictionaries do not mix', () => {
  const other = Buffer.from('{"resourceType":"Encounter","status":"finished"}');
  const [one, two] = [makeInflater(dictionary), makeInflater(other)];
  const body = Buffer.from('{"resourceType":"Encounter","status":"finished","id":"x"}');
  const packed = deflateRawSync(body, { windowBits: 13, dictionary: other });
  assert.deepEqual(one(pack(text(3))), text(3));
  assert.deepEqual(two(packed), body);
  assert.deepEqual(one(pack(text(4))), text(4));
});
