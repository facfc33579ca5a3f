/** Messages between programs on one database. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Notices } from './notices.ts';
import { type TestDatabase, withDatabase } from './testing.ts';

let db: TestDatabase;
let here: Notices;
let there: Notices;

before(async () => {
  db = await withDatabase();
  here = new Notices(db.pool);
  there = new Notices(db.pool);
});
after(async () => {
  await here.close();
  await there.close();
  await db.stop();
});

/** Resolves once `notices` listens. */
function listening(notices: Notices, subject: string, heard: (message: unknown) => void): Promise<void> {
  return new Promise((resolve) => notices.on(subject, { heard, connected: resolve }));
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 10) {
    assert.ok(waited < 10_000, 'it did not come');
    await pause(10);
  }
}

test('others hear a message whole and in order, however long and in whatever letters; the sender does not', async () => {
  const heard: unknown[] = [];
  const own: unknown[] = [];
  await Promise.all([
    listening(there, 'x', (message) => heard.push(message)),
    listening(here, 'x', (message) => own.push(message)),
  ]);
  const long = { text: 'Bệnh viện đa khoa – 患者 😀 "\\ \n'.repeat(2_000) };
  await here.send('x', 'trước');
  await here.send('x', long);
  await here.send('y', 'của người khác');
  await here.send('x');
  await until(() => heard.length === 3);
  assert.deepEqual(heard, ['trước', long, null]);
  assert.deepEqual(own, []);
});

test('a broken connection is made again, and the listener is told that it may have missed something', async () => {
  let connected = 0;
  const heard: unknown[] = [];
  there.on('z', { heard: (message) => heard.push(message), connected: () => (connected += 1) });
  await until(() => connected === 1);
  await db.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen yba' and datname = current_database()`,
  );
  await until(() => connected === 2);
  await here.send('z', 1);
  await until(() => heard.length === 1);
});

test('a message that cannot be sent fails nothing', async () => {
  const { pool, stop } = await withDatabase();
  const notices = new Notices(pool);
  await stop();
  await notices.send('x', 1);
  await notices.close();
});
