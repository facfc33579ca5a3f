/** The cohorts of the content over 200 people under care: vector of clinical-logic.md, section 8 (110 at target, 50 not, 40 missed: 55, 25, 20 %). */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Pool } from 'pg';
import { openContent } from '../../kernel/content/content.ts';
import { openPool } from '../../kernel/store/index.ts';
import { withDatabase } from '../../kernel/store/testing.ts';
import { createTableSql, type ViewDefinition } from '../views/view-table.ts';
import { countCells } from './compute.ts';
import type { ReportDefinition } from './definition.ts';
import { planReport } from './plan.ts';
import { failedChecks, makeSheet } from './sheet.ts';
import { viewsOf } from './views.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const MONTH = { name: '2026-10', start: '2026-10-01', end: '2026-10-31' };
let database: Awaited<ReturnType<typeof withDatabase>>;
let pool: Pool;

before(async () => {
  database = await withDatabase();
  pool = openPool(database.url);
  await pool.query('create schema if not exists views');
  for (const name of content.files('views'))
    await pool.query(
      createTableSql(content.json<ViewDefinition>(`views/${name.replace('.json', '')}`)).table,
    );
  // 1–110 at target, 111–160 not, 161–200 not measured for three months, of whom 191–200 were not seen for a year.
  await pool.query(`
    insert into views.patient (resource_key, person, gender, birth_date, deceased)
      select n::text, n::text, case when n % 2 = 0 then 'female' else 'male' end, '1960-01-01', null from generate_series(1, 206) n;
    insert into views.enrolment (resource_key, person, programme, unit, status, started)
      select 'e' || n, n::text, 'tang-huyet-ap', 'A', 'active', '2026-01-05T00:00:00+07:00'::timestamptz from generate_series(1, 200) n;
    insert into views.measurement (resource_key, person, code, measured, systolic, diastolic)
      select 'cu' || n, n::text, '85354-9', '2026-09-01T08:00:00+07:00'::timestamptz, 150, 95 from generate_series(1, 160) n
      union all select 'moi' || n, n::text, '85354-9', '2026-10-10T08:00:00+07:00', 128, 78 from generate_series(1, 110) n
      union all select 'xua' || n, n::text, '85354-9', '2026-05-10T08:00:00+07:00', 128, 78 from generate_series(161, 200) n;
    insert into views.visit (resource_key, person, unit, started, status)
      select 'v' || n, n::text, 'A', '2026-05-10T08:00:00+07:00'::timestamptz, 'finished' from generate_series(1, 190) n`);
  // Nobody's cohort: new in the month, left, dead, of another programme, to come, of another unit.
  await pool.query(`
    insert into views.enrolment (resource_key, person, programme, unit, status, started, ended) values
      ('x1', '201', 'tang-huyet-ap', 'A', 'active', '2026-10-05T00:00:00+07:00', null),
      ('x2', '202', 'tang-huyet-ap', 'A', 'finished', '2026-01-05T00:00:00+07:00', '2026-09-01T00:00:00+07:00'),
      ('x3', '203', 'tang-huyet-ap', 'A', 'active', '2026-01-05T00:00:00+07:00', null),
      ('x4', '204', 'cham-soc-thai-san', 'A', 'active', '2026-01-05T00:00:00+07:00', null),
      ('x5', '205', 'tang-huyet-ap', 'A', 'planned', '2026-12-05T00:00:00+07:00', null),
      ('x6', '206', 'tang-huyet-ap', 'B', 'active', '2026-01-05T00:00:00+07:00', null);
    update views.patient set deceased = '2026-08-01' where person = '203'`);
});
after(async () => {
  await pool.end();
  await database.stop();
});

test('a cohort falls into at target, not at target and missed; who is new, has left or died is none of it', async () => {
  const definition = content.json<ReportDefinition>('reports/doan-he-khong-lay-nhiem/2026-11-01');
  const { plan, faults } = planReport(definition, viewsOf(content));
  assert.deepEqual(faults, []);
  const counts = await countCells(pool, plan, [MONTH], null);
  const sheet = makeSheet(plan, counts.get(`A ${MONTH.name}`), new Map());
  const number = (row: string) => sheet.get(`hypertension-${row}.total`)?.value;
  assert.deepEqual(
    ['new', 'care', 'cohort', 'controlled', 'uncontrolled', 'missed', 'lost', 'rate', 'missed-rate'].map(
      number,
    ),
    [1, 201, 200, 110, 50, 40, 10, 55, 20],
  );
  assert.equal(
    sheet.get('diabetes-rate.total')?.value,
    null,
    'nobody under care: no rate, and no division by nothing',
  );
  assert.deepEqual(failedChecks(plan, sheet), []);
});

test('diabetes: HbA1c of six months decides, without one glucose of three months', async () => {
  await pool.query(`
    insert into views.patient (resource_key, person, gender, birth_date) select 'd' || n, 'd' || n, 'male', '1960-01-01' from generate_series(1, 5) n;
    insert into views.enrolment (resource_key, person, programme, unit, status, started)
      select 'ed' || n, 'd' || n, 'dai-thao-duong', 'C', 'active', '2026-01-05T00:00:00+07:00'::timestamptz from generate_series(1, 5) n;
    insert into views.measurement (resource_key, person, code, measured, value) values
      ('m1', 'd1', '4548-4', '2026-06-01T08:00:00+07:00', 6.9), ('m2', 'd1', '14749-6', '2026-10-01T08:00:00+07:00', 12),
      ('m3', 'd2', '4548-4', '2026-10-01T08:00:00+07:00', 7.0), ('m4', 'd3', '14749-6', '2026-10-01T08:00:00+07:00', 7.2),
      ('m5', 'd4', '14749-6', '2026-10-01T08:00:00+07:00', 7.3), ('m6', 'd5', '4548-4', '2026-03-01T08:00:00+07:00', 6.0)`);
  const definition = content.json<ReportDefinition>('reports/doan-he-khong-lay-nhiem/2026-11-01');
  const { plan } = planReport(definition, viewsOf(content));
  const sheet = makeSheet(
    plan,
    (await countCells(pool, plan, [MONTH], ['C'])).get(`C ${MONTH.name}`),
    new Map(),
  );
  const number = (row: string) => sheet.get(`diabetes-${row}.total`)?.value;
  assert.deepEqual(['cohort', 'controlled', 'uncontrolled', 'missed'].map(number), [5, 2, 2, 1]);
});
