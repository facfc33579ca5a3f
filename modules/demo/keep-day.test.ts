import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Encounter, ServiceRequest } from '../../kernel/fhir/types.ts';
import { withDatabase } from '../../kernel/store/testing.ts';
import { type Program, startProgram } from '../../main/program.ts';
import { generateDemo, keepDay } from './index.ts';

const SUNDAY = '2026-11-22T10:40:00+07:00';
const LATER = '2026-11-22T15:00:00+07:00';
const TUESDAY = '2026-11-24T00:30:00+07:00';
let now = SUNDAY;
let program: Program;
let stop: () => Promise<void>;

before(async () => {
  const database = await withDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'yba-day-'));
  program = await startProgram(
    { databaseUrl: database.url, dataFolder: folder, port: 0, demo: true },
    { generate: false, now: () => new Date(now), log: () => undefined },
  );
  await generateDemo(program.kernel, { people: 800 });
  stop = async () => {
    await program.stop();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  };
});

after(() => stop());

async function visitsOn(day: string, status = ''): Promise<Encounter[]> {
  const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  const { matches } = await program.kernel.store.search({
    type: 'Encounter',
    params: [
      ['date', `ge${day}`],
      ['date', `lt${next}`],
      ['_count', '1000'],
      ...(status ? [['status', status] as [string, string]] : []),
    ],
  });
  return matches
    .map((each) => JSON.parse(each.body.toString('utf8')) as Encounter)
    .filter((each) => each.period?.start?.startsWith(day));
}

async function activeOrders(): Promise<ServiceRequest[]> {
  const { matches } = await program.kernel.store.search({
    type: 'ServiceRequest',
    params: [['status', 'active']],
  });
  return matches.map((each) => JSON.parse(each.body.toString('utf8')) as ServiceRequest);
}

async function lastTicket(): Promise<number> {
  const { rows } = await program.kernel.pool.query<{ last: number }>(
    "select last from clinic_ticket where room = '25D01-kham' and day = '2026-11-22'",
  );
  return rows[0]?.last ?? 0;
}

test('lives alone leave the day empty; the first start of the day fills it up to now', async () => {
  assert.deepEqual(await visitsOn('2026-11-22'), []);
  const summary = await keepDay(program.kernel);
  const visits = await visitsOn('2026-11-22');
  assert.equal(summary?.visits, visits.length);
  assert.equal(summary?.present, visits.filter(({ status }) => status !== 'finished').length);
  for (const room of ['25D01-kham', '25D02-kham']) {
    const waiting = visits.filter(
      (each) => each.status === 'arrived' && each.location?.[0]?.location.reference === `Location/${room}`,
    );
    assert.ok(waiting.length > 0, room);
  }
  assert.ok((await activeOrders()).length > 0, 'the laboratory has work');
});

test('the next number at reception goes on after those of the day', async () => {
  const tickets = (await visitsOn('2026-11-22'))
    .filter((each) => each.location?.[0]?.location.reference === 'Location/25D01-kham')
    .map((each) => Number(each.identifier?.find(({ system }) => system?.endsWith('/so-thu-tu'))?.value));
  assert.deepEqual(
    tickets.sort((a, b) => a - b),
    Array.from({ length: tickets.length }, (_, at) => at + 1),
  );
  assert.equal(await lastTicket(), tickets.length);
});

test('the month before has its visits too, every day of it', async () => {
  for (const day of ['2026-10-26', '2026-11-16', '2026-11-20']) {
    assert.ok((await visitsOn(day, 'finished')).length > 3, day);
  }
});

test('a second start on the same day writes nothing', async () => {
  const written = async () =>
    (await program.kernel.pool.query("select count(*) from audit where who = 'system:demo'")).rows;
  const before = await written();
  now = LATER;
  assert.equal(await keepDay(program.kernel), null);
  assert.deepEqual(await written(), before);
});

test('two days later: who was never called went home, who was taken up stays, the days between are filled, the new day has begun', async () => {
  const [taken, ...left] = await visitsOn('2026-11-22', 'arrived');
  await program.kernel.store.commit([{ op: 'update', resource: { ...taken!, status: 'in-progress' } }], []);
  now = TUESDAY;
  const summary = await keepDay(program.kernel);
  assert.equal(summary?.day, '2026-11-24');
  assert.ok(summary.present > 0);
  const sunday = new Map((await visitsOn('2026-11-22')).map((each) => [each.id, each.status]));
  assert.equal(sunday.get(taken!.id), 'in-progress');
  for (const each of left) assert.equal(sunday.get(each.id), 'cancelled');
  assert.ok((await visitsOn('2026-11-23', 'finished')).length > 3);
  for (const order of await activeOrders()) assert.ok(order.authoredOn!.startsWith('2026-11-24'));
});
