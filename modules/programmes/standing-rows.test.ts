import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { PoolClient } from 'pg';
import { openWorld, type World } from '../clinic/testing.ts';
import type { StandingRows } from './projection.ts';
import { type Standing, writeStandings } from './standing-rows.ts';

let world: World;
let client: PoolClient;
let asked = 0;

before(async () => {
  world = await openWorld();
  const real = await world.program.kernel.pool.connect();
  client = new Proxy(real, {
    get: (target, name) => {
      const value = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name === 'query') asked += 1;
      return value.bind(target);
    },
  });
});
after(async () => {
  client.release();
  await world.stop();
});

const rowsOf = (
  patient: string,
  programme: string,
  more: Partial<StandingRows['member']> = {},
): StandingRows => ({
  member: {
    ...{ patient, programme, version: '2026-01-01', state: 'enrolled', unit: 'tram', village: 'Thôn 1' },
    ...{ birth: '2026-01-02', since: null, reason: '', silence: '', silent_since: null, silent_until: null },
    ...{ last_call: '', last_called: null, next_call: null, targets: '[{"key":"a"}]', advice: '[]' },
    ...{ look_again: '2026-12-01', content: 'one' },
    ...more,
  },
  tasks: [
    {
      ...{
        key: 'mui-1',
        title: 'Mũi "1"',
        product: '',
        about: ['a,b', 'c'],
        priority: 'routine',
        reason: '',
      },
      ...{ earliest: '2026-02-01', due: '2026-02-02', overdue: '2026-03-01', latest: null, next_call: null },
    },
  ],
  doses: [
    {
      ...{ series: 's', immunization: `i-${patient}`, label: '1', ordinal: 1, day: '2026-01-03' },
      ...{ verdict: 'valid', unit: 'tram' },
    },
  ],
  notGiven: [],
});

/** How many statements it took, the units that were told, and what stands. */
async function write(standings: Standing[]) {
  asked = 0;
  const units = [...(await writeStandings(client, standings))].sort();
  const statements = asked;
  const of = standings.map(({ patient }) => patient);
  const member = await client.query(
    `select patient, programme, unit, look_again::text, targets,
      (select count(*)::int from programmes.task t where t.pt = m.pt and t.programme = m.programme) as tasks,
      (select count(*)::int from programmes.dose d where d.pt = m.pt and d.programme = m.programme) as doses
      from programmes.member m where patient = any($1) order by patient, programme`,
    [of],
  );
  return { units, statements, stands: member.rows };
}

test('fifty persons are written by a few statements, and what stands already by one', async () => {
  const family = Array.from({ length: 50 }, (_, i) => `nguoi-${String(i).padStart(2, '0')}`);
  const standings = family.map((patient) => ({
    patient,
    rows: [rowsOf(patient, 'p1'), rowsOf(patient, 'p2')],
    unasked: [],
  }));
  const first = await write(standings);
  assert.ok(first.statements <= 10, `${first.statements}`);
  assert.equal(first.stands.length, 100);
  assert.deepEqual(first.stands[0], {
    ...{ patient: 'nguoi-00', programme: 'p1', unit: 'tram', look_again: '2026-12-01' },
    ...{ targets: [{ key: 'a' }], tasks: 1, doses: 1 },
  });
  assert.deepEqual(first.units, ['tram']);
  const again = await write(standings);
  assert.equal(again.statements, 1);
  assert.deepEqual(again.units, [], 'nobody is told of nothing');
  assert.deepEqual(again.stands, first.stands);
});

test('each person’s change is that person’s: another day to look, another unit, gone, or not asked', async () => {
  const [day, unit, gone, unasked] = ['a-ngay', 'b-tram', 'c-roi', 'd-khong-hoi'] as const;
  const all = [day, unit, gone, unasked];
  await write(all.map((patient) => ({ patient, rows: [rowsOf(patient, 'p1')], unasked: [] })));
  const changed = await write([
    { patient: day, rows: [rowsOf(day, 'p1', { look_again: null })], unasked: [] },
    { patient: unit, rows: [rowsOf(unit, 'p1', { unit: 'tram-khac', content: 'two' })], unasked: [] },
    { patient: gone, rows: [], unasked: [] },
    { patient: unasked, rows: [rowsOf(unasked, 'p2')], unasked: ['p1'] },
  ]);
  assert.deepEqual(
    changed.stands.map((row) => [row.patient, row.programme, row.unit, row.look_again, row.tasks]),
    [
      [day, 'p1', 'tram', null, 1],
      [unit, 'p1', 'tram-khac', '2026-12-01', 1],
      [unasked, 'p1', 'tram', '2026-12-01', 1],
      [unasked, 'p2', 'tram', '2026-12-01', 1],
    ],
  );
  assert.deepEqual(changed.units, ['tram', 'tram-khac'], 'the unit of before is told too');
  const under = await client.query(
    `select count(*)::int as n from programmes.task where patient = $1 union all
      select count(*)::int from programmes.dose where patient = $1`,
    [gone],
  );
  assert.deepEqual(
    under.rows.map(({ n }) => n),
    [0, 0],
  );
});
