import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { deflate } from './deflater.ts';
import { makeInflater } from './inflater.ts';

const bodies = [
  Buffer.from('},"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]}}'),
  Buffer.alloc(0),
  Buffer.from('x'.repeat(47_000)),
  randomBytes(48 * 1024),
  randomBytes(200_000),
  Buffer.from('một chữ có dấu '.repeat(9_000)),
];

test('what was packed comes back, in any order of sizes', () => {
  const inflate = makeInflater(undefined);
  for (const body of [...bodies, ...bodies.toReversed()])
    assert.deepEqual(Buffer.from(inflate(deflate(body))), body);
});

test('a state that is used again packs like a new one: nothing of one body is in the next', () => {
  const options = { level: 6, memLevel: 5, windowBits: 14 };
  for (const body of bodies) {
    deflate(bodies[0]!);
    assert.deepEqual(deflate(body), deflateRawSync(body, options));
  }
});
