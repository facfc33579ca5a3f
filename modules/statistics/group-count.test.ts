/** Counts by age and sex: what is done so far is given, the rest is counted behind, and stopped when nobody asks any more. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { GroupCounts } from './group-count.ts';
import { peopleGroups } from './groups.ts';
import type { IndicatorGroupsAnswer } from './routes-indicator-groups.ts';
import type { PivotAnswer } from './routes-pivot.ts';
import { openReportWorld, type ReportWorld, UNIT } from './testing.ts';

let world: ReportWorld;
before(async () => {
  world = await openReportWorld();
});
after(() => world.stop());

const PERIODS = ['2026-09', '2026-10'];
const ask = () => ({
  form: 'kham-chua-benh',
  cells: ['visits.total'],
  groups: peopleGroups(world.program.kernel.content).filter(({ ageKey }) => ageKey === ''),
  units: [UNIT],
  periods: PERIODS,
});
const group = (sex: string) => ask().groups.find(({ sexKey }) => sexKey === sex)!;

/** Nobody reads the visits until the lock is let go. */
async function held(): Promise<PoolClient> {
  const client = await world.program.kernel.pool.connect();
  await client.query('begin');
  await client.query('lock table views.visit in access exclusive mode');
  return client;
}

async function counting(): Promise<number> {
  const { rows } = await world.program.kernel.pool.query<{ many: number }>(
    `select count(*)::int as many from pg_stat_activity
     where wait_event_type = 'Lock' and query like '%views.visit%' and datname = current_database()`,
  );
  return rows[0]!.many;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const ends = performance.now() + 10_000;
  while (!(await isSo())) {
    assert.ok(performance.now() < ends, 'it took longer than ten seconds');
    await pause(20);
  }
}

test('what takes long is not waited for: the rest is counted behind and there when one asks again', async () => {
  const { pool, content } = world.program.kernel;
  const counts = new GroupCounts(pool, content, { patience: 50, abandoned: 60_000, remembered: 60_000 });
  const lock = await held();
  const first = await counts.soon(ask());
  assert.deepEqual([...first.waiting], PERIODS);
  assert.equal(first.numbers.sheet(group(''), UNIT, '2026-10').size, 0);
  await until(async () => (await counting()) === 1);
  await counts.soon(ask());
  assert.equal(await counting(), 1, 'who asks again begins no second count');
  await lock.query('rollback');
  lock.release();
  const whole = await counts.whole(ask());
  assert.deepEqual([...whole.waiting], []);
  const number = (sex: string) => whole.numbers.number(group(sex), UNIT, '2026-10', 'visits.total');
  assert.equal(number(''), 119);
  assert.equal(number('male')! + number('female')! + number('other')!, 119);
});

test('a count that nobody asks for any more is stopped in the database, and begun again by who does', async () => {
  const { pool, content } = world.program.kernel;
  const counts = new GroupCounts(pool, content, { patience: 20, abandoned: 100, remembered: 60_000 });
  const lock = await held();
  await counts.soon(ask());
  await until(async () => (await counting()) === 1);
  await until(async () => (await counting()) === 0);
  assert.deepEqual([...(await counts.soon(ask())).waiting], PERIODS, 'what was stopped is no error');
  await until(async () => (await counting()) === 1);
  await lock.query('rollback');
  lock.release();
  await until(async () => (await counts.soon(ask())).waiting.size === 0);
});

test('why it cannot be counted is told to who asks, once', async () => {
  const { pool, content } = world.program.kernel;
  const counts = new GroupCounts(pool, content, { patience: 5_000, abandoned: 60_000, remembered: 60_000 });
  await pool.query('alter table views.visit rename to visit_away');
  await assert.rejects(counts.soon(ask()), /visit/);
  await pool.query('alter table views.visit_away rename to visit');
  assert.equal((await counts.soon(ask())).waiting.size, 0);
});

test('an indicator by age and sex is no year until all of its months are counted', async () => {
  const path = '/api/statistics/indicators/luot-kham-dau-nguoi/groups?year=2026';
  const read = async () => (await world.province.call<IndicatorGroupsAnswer>('GET', path)).body;
  const lock = await held();
  const first = await read();
  assert.deepEqual([first.values, first.waiting], [[], first.months]);
  await lock.query('rollback');
  lock.release();
  await until(async () => (await read()).waiting.length === 0);
  const whole = await read();
  const all = whole.values.find(({ unit, sex, age }) => unit === UNIT && sex === '' && age === '');
  assert.equal(all?.numerator, 119);
});

test('the answer of a pivot by sex says how much is counted', async () => {
  const path =
    '/api/statistics/pivot?form=kham-chua-benh&from=2026-09&to=2026-10&rows=sex&columns=period&row=visits';
  const { body } = await world.province.call<PivotAnswer>('GET', path);
  assert.deepEqual([body.waiting, body.counted.missing], [[], 0]);
  assert.ok(body.counted.made !== null && body.reports > 0);
});
