import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cutter } from './cutter.ts';

const text = `${Array.from({ length: 300 }, (_, i) => `${'x'.repeat((i * 37) % 90)}\n`).join('')}ohne Ende`;

function cut(chunk: number, size: number) {
  const cutter = new Cutter(size);
  const bytes = Buffer.from(text);
  const cuts = [];
  for (let at = 0; at < bytes.length; at += chunk) cuts.push(...cutter.push(bytes.subarray(at, at + chunk)));
  const last = cutter.end();
  return (last ? [...cuts, last] : cuts).map(({ at, line, bytes: piece }) => ({
    at,
    line,
    text: Buffer.from(piece).toString(),
  }));
}

test('where it cuts depends on the bytes, not on how they arrive', () => {
  for (const size of [1, 50, 1000, 1_000_000]) {
    const whole = cut(text.length, size);
    for (const chunk of [1, 7, 64, 999]) assert.deepEqual(cut(chunk, size), whole);
  }
});

test('pieces are whole lines, follow each other and lose nothing; each says its place and its first line', () => {
  const pieces = cut(64, 500);
  assert.equal(pieces.map((piece) => piece.text).join(''), text);
  for (const piece of pieces) {
    const before = text.slice(0, piece.at);
    assert.equal(text.slice(piece.at, piece.at + piece.text.length), piece.text);
    assert.equal(piece.line, before.split('\n').length);
    assert.equal(piece.at === 0 || before.endsWith('\n'), true);
  }
  assert.equal(
    pieces.slice(0, -1).every((piece) => piece.text.length >= 500),
    true,
  );
});

test('an empty source has no piece', () => {
  assert.equal(new Cutter(10).end(), null);
});
