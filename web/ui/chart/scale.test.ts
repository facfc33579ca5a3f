import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linePoints, roundTop } from './scale.ts';

test('a missing value breaks the line instead of being drawn as zero', () => {
  const { line } = linePoints([1, null, 3], [], 100, 20);
  assert.deepEqual(line, [[{ x: 0, y: 20 }], [{ x: 100, y: 0 }]]);
});

test('the normal range is on the same scale as the values', () => {
  const { band, line } = linePoints([50, 100], [60, 80], 100, 100);
  assert.deepEqual(band, [40, 40]);
  assert.equal(line[0]?.[0]?.y, 100);
});

test('one value, equal values and none have a drawing too', () => {
  assert.deepEqual(linePoints([7], [], 100, 20).line, [[{ x: 50, y: 10 }]]);
  assert.equal(linePoints([7, 7], [], 100, 20).line[0]?.[1]?.y, 10);
  assert.deepEqual(linePoints([null], [], 100, 20), { line: [], band: null });
});

test('the top of an axis is a round number at or above the greatest value', () => {
  assert.equal(roundTop(0), 1);
  assert.equal(roundTop(7), 10);
  assert.equal(roundTop(183), 200);
  assert.equal(roundTop(200), 200);
  assert.equal(roundTop(2100), 5000);
});
