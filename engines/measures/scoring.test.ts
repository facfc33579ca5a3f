/** What is made of observed values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AGGREGATES, aggregated } from './scoring.ts';

test('aggregates of values', () => {
  const values = [5, 1, 4, 10];
  const expected = { sum: 20, average: 5, median: 4.5, minimum: 1, maximum: 10, count: 4 };
  for (const method of AGGREGATES) assert.equal(aggregated(values, method), expected[method], method);
  assert.equal(aggregated([7, 1, 3], 'median'), 3);
  assert.deepEqual(values, [5, 1, 4, 10]);
});

test('of nothing observed there is no aggregate but a count', () => {
  for (const method of AGGREGATES)
    assert.equal(aggregated([], method), method === 'count' ? 0 : null, method);
});

test('a hundred thousand values are aggregated', () => {
  const values = Array.from({ length: 100_000 }, (_, at) => at);
  assert.equal(aggregated(values, 'maximum'), 99_999);
  assert.equal(aggregated(values, 'median'), 49_999.5);
});
