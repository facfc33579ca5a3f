/** How many consumers are at work at once: few, one while much is written, and nobody waits for one that cannot go on. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OpenStore } from '../store/index.ts';
import { create, pulse, withStore } from '../store/samples.testing.ts';
import { type OpenEvents, openEvents } from './index.ts';

let store: OpenStore;
let stop: () => Promise<void>;
before(async () => {
  ({ store, stop } = await withStore());
});
after(() => stop());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const writeMany = (n: number) =>
  store.commit(
    Array.from({ length: n }, (_, i) => create(pulse('luot', i))),
    [],
  );

/** Three whose batches take a moment; tells how many were at work at the same time since it was asked last. */
function threeAtWork(events: OpenEvents, name: string): () => number {
  let atWork = 0;
  let most = 0;
  const handler = async () => {
    atWork += 1;
    most = Math.max(most, atWork);
    await pause(40);
    atWork -= 1;
  };
  for (const one of ['a', 'b', 'c']) events.consume(`${name}-${one}`, handler, { fromStart: false });
  return () => {
    const told = most;
    most = 0;
    return told;
  };
}

async function withEvents(work: (events: OpenEvents) => Promise<void>): Promise<void> {
  const events = openEvents({ store, pool: store.pool, notices: store.notices });
  try {
    await work(events);
  } finally {
    await events.close();
  }
}

test('while little is written consumers work side by side, while much is written one behind another', async () => {
  await withEvents(async (events) => {
    const most = threeAtWork(events, 'ba');
    await events.settled();
    const comesTo = async (atOnce: number, resources: number) => {
      const seen: number[] = [];
      // How much is written is known at the next round, and a slow machine may begin one late.
      while (seen.at(-1) !== atOnce && seen.length < 20) {
        most();
        await writeMany(resources);
        await events.settled();
        seen.push(most());
      }
      assert.equal(seen.at(-1), atOnce, `at work at once: ${seen}`);
    };
    await comesTo(3, 1);
    await comesTo(1, 400);
  });
});

test('nobody waits for consumers that fail, however many they are', async () => {
  await withEvents(async (events) => {
    let seen = 0;
    for (const name of ['1', '2', '3', '4', '5'])
      events.consume(`hong-${name}`, () => Promise.reject(new Error('no')), { fromStart: false });
    events.consume(
      'khong-cho-ai',
      async (changes) => {
        seen += changes.length;
      },
      { fromStart: false },
    );
    await pause(300);
    for (let i = 0; i < 40 && seen < 41; i++) {
      if (i === 0) await writeMany(1);
      if (i === 20) await writeMany(40);
      await pause(250);
    }
    assert.equal(seen, 41);
    assert.equal(events.states().filter(({ failures }) => failures > 0).length, 5);
  });
});
