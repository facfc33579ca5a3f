import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTurns } from './in-turn.ts';

test('acts of one key run one after another, in order; those of another key do not wait', async () => {
  const inTurn = openTurns();
  const log: string[] = [];
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = inTurn('a', async () => {
    log.push('a1 begins');
    await gate;
    log.push('a1 ends');
  });
  const second = inTurn('a', async () => {
    log.push('a2');
  });
  await inTurn('b', async () => {
    log.push('b');
  });
  release();
  await Promise.all([first, second]);
  assert.deepEqual(log, ['a1 begins', 'b', 'a1 ends', 'a2']);
});

test('a failed act fails its caller and lets the next one run', async () => {
  const inTurn = openTurns();
  const failing = inTurn('a', () => Promise.reject(new Error('no')));
  const next = inTurn('a', async () => 7);
  await assert.rejects(failing, /no/);
  assert.equal(await next, 7);
});
