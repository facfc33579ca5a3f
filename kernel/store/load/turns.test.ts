import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from './turns.ts';

const opened = (n: number) => {
  const turns = new Turns();
  for (let i = 0; i < n; i++) turns.begin(i);
  return turns;
};

test('pieces that share nothing go side by side, once those before them are known', () => {
  const turns = opened(3);
  assert.deepEqual(turns.prepared(1, [2n], false), [], 'the first may still name the same');
  assert.deepEqual(turns.prepared(0, [1n], false), [0, 1]);
  assert.deepEqual(turns.prepared(2, [3n], false), [2]);
});

test('pieces that name the same resource are written in the order of the source', () => {
  const turns = opened(3);
  turns.prepared(0, [1n, 2n], false);
  assert.deepEqual(turns.prepared(1, [2n, 3n], false), []);
  assert.deepEqual(turns.prepared(2, [3n], false), [], 'behind one that waits');
  assert.deepEqual(turns.ended(0), [1]);
  assert.deepEqual(turns.ended(1), [2]);
});

test('what looks things up waits for everything before it, and everything behind waits for it', () => {
  const turns = opened(3);
  turns.prepared(0, [1n], false);
  assert.deepEqual(turns.prepared(1, [], true), []);
  assert.deepEqual(turns.prepared(2, [9n], false), []);
  assert.deepEqual(turns.ended(0), [1]);
  assert.deepEqual(turns.ended(1), [2]);
  assert.deepEqual(turns.ended(2), []);
  assert.equal(turns.size, 0);
});
