import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Blocks } from './blocks.ts';

test('kept pieces share blocks with each other and with nothing else', () => {
  const blocks = new Blocks();
  const pieces = Array.from({ length: 1_000 }, (_, n) => Buffer.from(`piece ${n}`.repeat(100)));
  const kept = pieces.map((piece) => blocks.copy(piece));
  assert.deepEqual(kept, pieces);
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  const held = [...new Set(kept.map(({ buffer }) => buffer))].reduce((sum, one) => sum + one.byteLength, 0);
  assert.ok(held < bytes + 256 * 1024, `${held} bytes are held for ${bytes}`);
  pieces[0]!.fill(0);
  assert.equal(kept[0]!.toString(), 'piece 0'.repeat(100));
});

test('large pieces and empty ones', () => {
  const blocks = new Blocks();
  const large = Buffer.alloc(300_000, 'x');
  assert.deepEqual(blocks.copy(large), large);
  assert.equal(blocks.copy(large).buffer.byteLength, 300_000);
  assert.equal(blocks.copy(Buffer.alloc(0)).length, 0);
});
