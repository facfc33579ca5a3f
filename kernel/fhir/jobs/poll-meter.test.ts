import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PollMeter } from './poll-meter.ts';

test('a look every 50 ms is allowed for ever; without a pause it is refused after a while, and allowed again later', () => {
  const patient = new PollMeter();
  for (let at = 0; at < 600_000; at += 50) assert.equal(patient.look('job', at), 0);
  const hasty = new PollMeter();
  const waits = Array.from({ length: 400 }, (_, at) => hasty.look('job', at));
  assert.ok(waits.slice(0, 200).every((wait) => wait === 0));
  assert.ok(waits.slice(300).some((wait) => wait > 0));
  assert.equal(hasty.look('another job', 400), 0, 'each job has its own count');
  assert.equal(hasty.look('job', 2_000), 0);
});

test('jobs of long ago are forgotten', () => {
  const meter = new PollMeter();
  for (let n = 0; n < 300; n++) meter.look('first', 0);
  for (let n = 0; n < 1_001; n++) meter.look(`job ${n}`, 0);
  assert.equal(meter.look('first', 0), 0);
});
