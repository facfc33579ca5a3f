import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openThrottle } from './throttle.ts';

test('so many tries within a minute and no more; each key by itself', () => {
  let now = new Date('2026-11-22T12:00:00+07:00');
  const throttle = openThrottle(3, () => now);
  for (let n = 0; n < 3; n += 1) {
    throttle.check('a');
    throttle.count('a');
  }
  assert.throws(() => throttle.check('a'), { code: 'too-many-requests' });
  throttle.check('b');
  now = new Date('2026-11-22T12:01:00+07:00');
  throttle.check('a');
});

test('a clock that is set back locks nobody out', () => {
  let now = new Date('2026-11-22T13:15:00+07:00');
  const throttle = openThrottle(1, () => now);
  throttle.count('a');
  now = new Date('2026-11-22T13:00:00+07:00');
  throttle.check('a');
});
