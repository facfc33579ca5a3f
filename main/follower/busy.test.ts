import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Busy } from './busy.ts';

const LIMITS = { busy: 500, busySeconds: 3, quiet: 50, quietSeconds: 4 };

const seconds = (busy: Busy, ...written: number[]) => written.map((one) => busy.second(one));

test('much is written when it lasts, not at the first rush', () => {
  const busy = new Busy(LIMITS);
  assert.deepEqual(seconds(busy, 900, 900, 10, 900, 900), [false, false, false, false, false]);
  assert.deepEqual(seconds(busy, 500, 500), [true, true]);
});

test('it is over when little was written for long; what lies between changes nothing', () => {
  const busy = new Busy(LIMITS);
  seconds(busy, 900, 900, 900);
  assert.deepEqual(seconds(busy, 300, 300, 300, 300, 300), [true, true, true, true, true]);
  assert.deepEqual(seconds(busy, 0, 49, 0, 50), [true, true, true, true]);
  assert.deepEqual(seconds(busy, 0, 49, 0, 0), [true, true, true, false]);
  assert.deepEqual(seconds(busy, 900, 900, 900), [false, false, true]);
});
