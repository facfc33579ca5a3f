/** Followers that go over to a thread of their own and come back: nothing is seen twice, nothing is left out, nobody waits. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Encounter } from '../../kernel/fhir/types.ts';
import { create, person, put } from '../../kernel/store/samples.testing.ts';
import { type TestDatabase, withDatabase } from '../../kernel/store/testing.ts';
import { type Program, startProgram } from '../program.ts';
import { readSettings } from '../settings.ts';
import { type FollowerKeeper, keepFollower } from './keeper.ts';
import type { FollowerOrder } from './thread.ts';

const UNIT = 'tram-y-te-thu';
let database: TestDatabase;
let program: Program;
let folder: string;
let keeper: FollowerKeeper;
const threads: Worker[] = [];
const logged: string[] = [];
/** What the threads were told of commits. */
const told: string[] = [];
/** Versions a second that make a second busy, or quiet. */
const ALWAYS = { busy: 0, quiet: 0 };
const SELDOM = { busy: Number.POSITIVE_INFINITY, quiet: Number.POSITIVE_INFINITY };
const limits = { ...ALWAYS, busySeconds: 1, quietSeconds: 1 };

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yba-follower-'));
  database = await withDatabase();
  const { settings } = readSettings({}, '/nonexistent');
  const given = { ...settings, databaseUrl: database.url, dataFolder: folder, port: 0, demo: false };
  program = await startProgram(given, { log: () => undefined });
  keeper = keepFollower({
    house: program.house,
    settings: given,
    embedded: false,
    address: program.address,
    log: (sentence) => void logged.push(sentence),
    limits,
    begin: (workerData) => {
      const thread = new Worker(new URL('thread.ts', import.meta.url), { workerData, execArgv: [] });
      threads.push(thread);
      const post = thread.postMessage.bind(thread);
      thread.postMessage = (order: FollowerOrder, given?: unknown) => {
        if (typeof order !== 'string') told.push(...order.versions.map(([type, id]) => `${type}/${id}`));
        post(order, given as ArrayBuffer[]);
      };
      return thread;
    },
  });
});
after(async () => {
  await keeper.stop();
  await program.stop();
  await database.stop();
  rmSync(folder, { recursive: true });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(20);
}

/** A visit that is written down, and followed into the table of those in care. */
async function visitIsFollowed(id: string): Promise<void> {
  const { store, events, pool } = program.house.kernel;
  const visit: Encounter = {
    resourceType: 'Encounter',
    id,
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${id}` },
    serviceProvider: { reference: `Organization/${UNIT}` },
    period: { start: new Date().toISOString() },
  };
  await store.commit([put(person(id)), put({ resourceType: 'Organization', id: UNIT }), create(visit)], []);
  await events.settled();
  const { rows } = await pool.query('select unit from access.visit where patient = $1', [id]);
  assert.deepEqual(rows, [{ unit: UNIT }]);
}

test('while much is written a thread follows the feed, told what was committed', {
  timeout: 90_000,
}, async () => {
  await visitIsFollowed('truoc');
  await until(() => keeper.isApart());
  assert.equal(program.house.kernel.events.works(), false);
  await visitIsFollowed('sau');
  assert.ok(told.includes('Encounter/sau') && !told.includes('Encounter/truoc'));
  if (process.platform === 'linux') assert.deepEqual(niceOfThreads(), [0, 5]);
});

/** Who yields to whom: priorities of this process's threads of JavaScript (proc(5): field 19 of stat). */
function niceOfThreads(): number[] {
  const folder = '/proc/self/task';
  const stats = readdirSync(folder).map((id) => readFileSync(`${folder}/${id}/stat`, 'utf8'));
  const own = stats.filter((stat) => /\((MainThread|WorkerThread|node)\)/.test(stat));
  return [...new Set(own.map((stat) => Number(stat.split(') ')[1]!.split(' ')[16])))].sort((a, b) => a - b);
}

test('when little is written they come back, and go over again when much is', {
  timeout: 90_000,
}, async () => {
  Object.assign(limits, SELDOM);
  await until(() => program.house.kernel.events.works());
  await visitIsFollowed('lai');
  assert.ok(!told.includes('Encounter/lai'));
  Object.assign(limits, ALWAYS);
  await until(() => keeper.isApart());
  assert.equal(program.house.kernel.events.works(), false);
  await visitIsFollowed('lan-nua');
  assert.deepEqual(logged, []);
});

test('a thread that ends badly costs nothing but its speed, and is not begun again at once', {
  timeout: 90_000,
}, async () => {
  const begun = threads.length;
  await threads.at(-1)!.terminate();
  await until(() => program.house.kernel.events.works());
  await visitIsFollowed('that-bai');
  await pause(2_500);
  assert.equal(threads.length, begun);
  assert.match(logged.join('\n'), /thread has failed/);
});
