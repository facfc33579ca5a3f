/**
 * The change feed under everything at once: short and long transactions, several consumers in several programs, consumers
 * that fail, connections that are cut, programs that end and begin again. Each consumer sees each change once, in one order.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type OpenStore, openStore, parsePosition } from '../store/index.ts';
import { create, person, pulse, put, wholeFeed } from '../store/samples.testing.ts';
import { type TestDatabase, withDatabase } from '../store/testing.ts';
import { type OpenEvents, openEvents } from './index.ts';

const NAMES = ['mot', 'hai', 'ba'];
const WRITERS = 6;
const ROUNDS = 14;

let database: TestDatabase;
let writing: OpenStore;
before(async () => {
  database = await withDatabase();
  writing = await openStore({ url: database.url, sealEvery: 0 });
  await database.pool.query(
    'create table seen (consumer text, at int generated always as identity, position text, primary key (consumer, position))',
  );
});
after(async () => {
  await writing.close();
  await database.stop();
});

interface Program {
  store: OpenStore;
  events: OpenEvents;
}

/** A program with all consumers; now and then one of them fails after it has written. */
async function startProgram(trouble: () => boolean): Promise<Program> {
  const store = await openStore({ url: database.url, sealEvery: 0 });
  const events = openEvents({ store, pool: store.pool, notices: store.notices });
  for (const name of NAMES) {
    events.consume(
      name,
      async (changes, client) => {
        for (const { position } of changes) {
          await client.query('insert into seen (consumer, position) values ($1, $2)', [name, position]);
        }
        if (trouble()) throw new Error('the consumer stumbles');
      },
      { batch: 7 },
    );
  }
  return { store, events };
}

async function stopProgram({ store, events }: Program): Promise<void> {
  await events.close();
  await store.close();
}

/** Short commits, and long transactions that take their place in the order early and commit late. */
async function write(writer: number): Promise<void> {
  const mine = `nguoi-${writer}`;
  for (let i = 0; i < ROUNDS; i++) {
    await writing.commit([put(person(mine, `Tên ${i}`)), create(pulse(mine, i))], []);
    if (i % 4 !== writer % 4) continue;
    const slow = await database.pool.connect();
    try {
      await slow.query('begin');
      await slow.query('select pg_current_xact_id()');
      await writing.commit([create(pulse(mine, 100 + i))], []);
      await pause(30 + 20 * writer);
      await slow.query(i % 8 === 0 ? 'rollback' : 'commit');
    } finally {
      slow.release();
    }
  }
}

/** Cuts the connections on which consumers are at work. */
const cut = () =>
  database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
     and (query like 'insert into seen%' or query like 'update consumer%') and pid <> pg_backend_pid()`,
  );

test('nothing is skipped, repeated or reordered for any consumer, whatever fails meanwhile', async () => {
  let tries = 0;
  const stumbles = () => ++tries % 9 === 0;
  const first = await startProgram(stumbles);
  let second = await startProgram(stumbles);
  let busy = true;
  const disturbing = (async () => {
    while (busy) {
      await pause(150);
      await cut();
      await stopProgram(second);
      second = await startProgram(stumbles);
    }
  })();
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  busy = false;
  await disturbing;
  await stopProgram(second);
  await stopProgram(first);

  // A program that begins now goes on where the others were.
  const last = await startProgram(() => false);
  await last.events.settled();
  await stopProgram(last);

  const feed = (await wholeFeed(writing)).map(({ position }) => position);
  assert.ok(feed.length >= WRITERS * ROUNDS * 2);
  for (const name of NAMES) {
    const { rows } = await database.pool.query<{ position: string }>(
      'select position from seen where consumer = $1 order by at',
      [name],
    );
    assert.deepEqual(
      rows.map(({ position }) => position),
      feed,
      name,
    );
  }
  for (const position of feed) assert.ok(parsePosition(position).n >= 0);
});
