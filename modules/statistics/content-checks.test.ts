/** The forms of the content with their own checks: between cells, with other forms, with earlier periods (STA-05). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openReportWorld, type ReportWorld, readReport, UNIT } from './testing.ts';

const MONTH = '2026-11';
const COMMUNE = '08707';
let world: ReportWorld;
const pathOf = (form: string) => `/api/statistics/sheets/${form}/${UNIT}/${MONTH}`;
const faultsOf = async (form: string) =>
  (await readReport(world.head, pathOf(form))).faults.map(({ code }) => code);
const write = async (form: string, numbers: Record<string, number | null>) => {
  const { cells } = await readReport(world.head, pathOf(form));
  const changes = Object.entries(numbers).map(([cell, value]) => ({
    ...{ cell, value, seen: cells[cell]!.n },
    ...(cells[cell]!.way === 'counted' && value !== null ? { reason: 'Sổ giấy' } : {}),
  }));
  const answer = await world.head.call('PUT', `${pathOf(form)}/cells`, { changes });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
};

before(async () => {
  world = await openReportWorld();
  const { pool } = world.program.kernel;
  await pool.query(`update views.unit set unit_code = $2 where resource_key = $1`, [UNIT, COMMUNE]);
  await pool.query(
    `insert into views.place (resource_key, unit) values ('phong-tiem', $1) on conflict do nothing`,
    [UNIT],
  );
  // An turned 1 in November with everything, Bình lacks measles, Chi had it too late, Dung turned 1 in October.
  await pool.query(
    `insert into views.patient (resource_key, person, full_name, gender, birth_date, unit_code) values
       ('an', 'an', 'An', 'female', '2025-11-01', $1), ('binh', 'binh', 'Bình', 'male', '2025-11-30', $1),
       ('chi', 'chi', 'Chi', 'female', '2025-11-15', $1), ('dung', 'dung', 'Dung', 'male', '2025-10-31', $1)`,
    [COMMUNE],
  );
  await pool.query(
    `insert into views.dose (resource_key, person, location, status, vaccine, dose_number, given)
     select person || '-' || vaccine, person, 'phong-tiem', 'completed', vaccine, number, given::timestamptz
     from (values ('an'), ('binh'), ('chi'), ('dung')) child (person),
       (values ('19', 1, '2025-12-10'), ('102', 3, '2026-04-10'), ('02', 3, '2026-04-10'), ('05', 1, '2026-09-01')) dose (vaccine, number, given)
     where not (person = 'binh' and vaccine = '05') and not (person = 'chi' and vaccine = '05')
     union all values ('chi-05', 'chi', 'phong-tiem', 'completed', '05', 1, '2026-11-20T08:00:00+07:00'::timestamptz),
       ('moi-08', 'moi', 'phong-tiem', 'completed', '08', 1, '2026-11-03T08:00:00+07:00'),
       ('an-08', 'an', 'phong-tiem', 'completed', '08', 1, '2026-11-04T08:00:00+07:00')`,
  );
  await pool.query(
    `insert into views.patient (resource_key, person, full_name, gender, birth_date, unit_code) values ('moi', 'moi', 'Mới', 'male', '2026-11-02', $1)`,
    [COMMUNE],
  );
});
after(() => world.stop());

test('children who turned 1 are those of the month; fully immunised are those who had every dose before', async () => {
  const { cells } = await readReport(world.head, pathOf('tiem-chung'));
  const numbers = ['target-1.total', 'full-1.total', 'target-1.girls', 'hepb0-24.total', 'hepb0-late.total'];
  assert.deepEqual(
    numbers.map((cell) => cells[cell]?.value),
    [3, 1, 2, 1, 1],
  );
  assert.equal(cells['full-1.under1']?.way, 'none');
  const { body } = await world.head.call<{ values: { unit: string; value: number | null }[] }>(
    'GET',
    `/api/statistics/indicators/tiem-du-duoi-1?from=${MONTH}&to=${MONTH}`,
  );
  assert.equal(body.values.find(({ unit }) => unit === UNIT)?.value?.toFixed(1), '33.3');
});

test('a long disease without a day of onset is known from the day on which it was noted', async () => {
  const { pool } = world.program.kernel;
  await pool.query(
    `insert into views.problem (resource_key, person, code, verification, onset, noted) values
       ('tha-1', 'an', 'I10', 'confirmed', null, '2026-11-10T08:00:00+07:00'),
       ('tha-2', 'binh', 'I10', 'confirmed', '2020-01-01T08:00:00+07:00', '2020-01-01T08:00:00+07:00')`,
  );
  const { cells } = await readReport(world.head, pathOf('khong-lay-nhiem'));
  assert.deepEqual(
    ['hypertension-known.total', 'hypertension-found.total'].map((cell) => cells[cell]?.value),
    [2, 1],
  );
  assert.deepEqual(await faultsOf('khong-lay-nhiem'), []);
  await write('khong-lay-nhiem', { 'hypertension-managed.female': 2, 'hypertension-managed.total': 2 });
  assert.deepEqual(
    await faultsOf('khong-lay-nhiem'),
    ['hypertension-ql.female'],
    'one of the two is a woman',
  );
});

test('a part that is more than its whole is told in every row and column, with the row’s title', async () => {
  assert.deepEqual(await faultsOf('kham-chua-benh'), ['khong-luot', 'thang-truoc']);
  await write('kham-chua-benh', { 'visits.total': 200, 'persons.total': 150, 'persons.female': 151 });
  assert.deepEqual(await faultsOf('kham-chua-benh'), ['nu.persons', 'nguoi.female']);
  const { faults } = await readReport(world.head, pathOf('kham-chua-benh'));
  assert.equal(faults[0]?.text, 'Số người đến khám: số của nữ không được lớn hơn tổng số.');
  await write('kham-chua-benh', { 'persons.female': null, 'visits.over80': 3, 'visits.over60': 2 });
  assert.deepEqual(await faultsOf('kham-chua-benh'), ['gia.visits', 'co-nguoi.over60', 'co-nguoi.over80']);
  await write('kham-chua-benh', { 'persons.over60': 1, 'visits.over80': null });
  await write('kham-chua-benh', { 'visits.under15': 199, 'persons.under15': 149 });
  assert.deepEqual(await faultsOf('kham-chua-benh'), ['tuoi.visits']);
  await write('kham-chua-benh', { 'visits.under15': null, 'persons.under15': null });
  assert.deepEqual(await faultsOf('kham-chua-benh'), []);
});

test('a form is checked against another of the same month, and against earlier months', async () => {
  await write('kham-chua-benh', {
    'antenatal.total': 5,
    'antenatal.female': 5,
    'visits.female': 100,
    'persons.female': 90,
  });
  assert.deepEqual(await faultsOf('kham-chua-benh'), ['bieu-4']);
  await write('cham-soc-ba-me', { 'visits.total': 5 });
  assert.deepEqual(await faultsOf('kham-chua-benh'), []);
  await write('kham-chua-benh', { 'visits.total': 400 });
  assert.deepEqual(await faultsOf('kham-chua-benh'), ['thang-truoc'], 'October had 119');
  await world.program.kernel.pool.query(
    `insert into views.visit (resource_key, person, unit, started, status)
     select 'nam-truoc-' || n, 'nguoi-' || n, $1, '2025-11-05T08:00:00+07:00', 'finished' from generate_series(1, 60) n`,
    [UNIT],
  );
  await world.program.kernel.pool.query('update statistics.figure set stale = true');
  await readReport(world.head, pathOf('kham-chua-benh').replace(MONTH, '2025-11'));
  await write('kham-chua-benh', { 'visits.total': 300 });
  assert.deepEqual(await faultsOf('kham-chua-benh'), ['nam-truoc'], 'November of the year before had 60');
});
