import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import type { Kernel } from '../../kernel/kernel.ts';
import { openBoard, WALL_TOPIC } from './board.ts';
import type { Wall } from './wall.ts';

const START = Date.parse('2026-11-22T02:00:00Z');

/** A board whose clock and viewers the test holds; `counts` and `pushes` say what it did. */
function boardOf(context: TestContext, countNow?: (now: Date) => Promise<Wall>) {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const seen = { counts: 0, pushes: 0, heard: false, now: START };
  const kernel = {
    settings: { now: () => new Date(seen.now) },
    events: {
      isHeard: (topic: string) => topic === WALL_TOPIC && seen.heard,
      publishHere: () => {
        seen.pushes += 1;
      },
    },
  } as unknown as Kernel;
  const wallAt = (now: Date) => ({ day: '2026-11-22', asOf: now.toISOString() }) as Wall;
  const board = openBoard(kernel, async (_pool, _content, _day, now) => {
    seen.counts += 1;
    return countNow ? countNow(now) : wallAt(now);
  });
  const pass = async (ms: number) => {
    seen.now += ms;
    context.mock.timers.tick(ms);
    await soon();
  };
  context.after(() => board.close());
  return { board, seen, pass, wallAt };
}

test('nobody looks: nothing is counted, however much is written; a snapshot that is asked for is counted then', async (context) => {
  const { board, seen, pass } = boardOf(context);
  for (let second = 0; second < 60; second += 1) {
    board.changed();
    await pass(1_000);
  }
  assert.deepEqual([seen.counts, seen.pushes], [0, 0]);
  await board.current();
  await board.current();
  assert.equal(seen.counts, 1);
});

test('somebody looks: many changes within a second are one count and one push', async (context) => {
  const { board, seen, pass } = boardOf(context);
  seen.heard = true;
  for (let tenth = 0; tenth < 50; tenth += 1) {
    board.changed();
    await pass(100);
  }
  assert.ok(seen.pushes >= 4 && seen.pushes <= 5, String(seen.pushes));
  assert.equal(seen.counts, seen.pushes);
  await pass(60_000);
  assert.ok(seen.counts <= 6, 'a quiet wall is not counted');
});

test('who begins to look gets what changed before', async (context) => {
  const { board, seen, pass } = boardOf(context);
  await board.current();
  board.changed();
  await pass(5_000);
  assert.equal(seen.pushes, 0);
  seen.heard = true;
  board.watched();
  await pass(1_000);
  assert.equal(seen.pushes, 1);
  board.watched();
  await pass(5_000);
  assert.equal(seen.pushes, 1, 'nothing new: nothing pushed');
});

test('a count that failed is tried again by the next who asks', async (context) => {
  let away = true;
  const { board, pass, wallAt } = boardOf(context, async (now) => {
    if (away) throw new Error('database away');
    return wallAt(now);
  });
  await assert.rejects(board.current(), /away/);
  await pass(0);
  away = false;
  assert.equal((await board.current()).day, '2026-11-22');
});
