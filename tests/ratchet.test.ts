import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './ratchet.ts';

test('a count may rise and never fall', () => {
  assert.equal(judge({ a: 5 }, 'a', 5), 'kept');
  assert.equal(judge({ a: 5 }, 'a', 6), 'higher');
  assert.equal(judge({}, 'a', 1), 'higher');
  assert.match((judge({ a: 5 }, 'a', 4) as { fault: string }).fault, /^a: 4 cases passed, 5 did before/);
});
