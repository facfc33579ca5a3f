import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moveSelection, scrollFor, windowOf } from './window.ts';

test('a thousand rows draw only those in sight and a few beyond', () => {
  assert.deepEqual(windowOf(0, 600, 40, 1000), { first: 0, end: 23 });
  assert.deepEqual(windowOf(20_000, 600, 40, 1000), { first: 492, end: 523 });
  assert.deepEqual(windowOf(0, 600, 40, 3), { first: 0, end: 3 });
  assert.deepEqual(windowOf(40_000, 600, 40, 10), { first: 10, end: 10 });
});

test('the selected row is scrolled into sight, below the head of the list', () => {
  assert.equal(scrollFor(5, 40, 0, 600, 35), 0);
  assert.equal(scrollFor(20, 40, 0, 600, 35), 275);
  assert.equal(scrollFor(3, 40, 400, 600, 35), 120);
});

test('arrow, page, home and end keys move within the list', () => {
  assert.equal(moveSelection('ArrowDown', 0, 1000, 14), 1);
  assert.equal(moveSelection('ArrowUp', 0, 1000, 14), 0);
  assert.equal(moveSelection('PageDown', 990, 1000, 14), 999);
  assert.equal(moveSelection('End', 3, 1000, 14), 999);
  assert.equal(moveSelection('x', 3, 1000, 14), null);
  assert.equal(moveSelection('ArrowDown', 0, 0, 14), null);
});
