/** Indicators by age, sex, unit and year: groups add up to the whole, a group without people says so. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sheetRows } from '../../engines/reports/index.ts';
import { parseCsv } from '../../kernel/content/csv.ts';
import { peopleOn } from './population.ts';
import type { IndicatorGroupsAnswer } from './routes-indicator-groups.ts';
import { openReportWorld, type ReportWorld, UNIT } from './testing.ts';

let world: ReportWorld;
before(async () => {
  world = await openReportWorld();
  const { pool } = world.program.kernel;
  await pool.query(`update views.unit set unit_code = '08707' where resource_key = $1`, [UNIT]);
  await pool.query(
    `insert into views.unit (resource_key, name, kind, unit_code) values ('cs-khac', 'Trạm khác', 'tram-y-te', '99999')`,
  );
});
after(() => world.stop());

const read = async (path: string, who = world.province) =>
  (await who.call<IndicatorGroupsAnswer>('GET', `/api/statistics/indicators/${path}`)).body;
const of = (answer: IndicatorGroupsAnswer, unit: string, sex: string, age: string) =>
  answer.values.find((one) => one.unit === unit && one.sex === sex && one.age === age)!;

test('visits a person by age and sex: groups add up to all, denominators are the people of the band', async () => {
  const answer = await read('luot-kham-dau-nguoi/groups?year=2026');
  const parts = ['male', 'female', 'other'].flatMap((sex) =>
    [...answer.ages, 'unknown'].map((age) => of(answer, UNIT, sex, age).numerator!),
  );
  assert.equal(of(answer, UNIT, '', '').numerator, 119);
  assert.equal(
    parts.reduce((a, b) => a + b, 0),
    119,
  );
  const { rows } = await world.program.kernel.pool.query<{ n: string }>(
    `select count(*)::text as n from views.visit v join views.patient p on p.resource_key = v.person
     where v.status <> 'cancelled' and p.gender = 'female'
       and extract(year from age((v.started at time zone 'Asia/Ho_Chi_Minh')::date, p.birth_date::date)) between 40 and 59`,
  );
  const women = of(answer, UNIT, 'female', '40-59');
  assert.equal(women.numerator, Number(rows[0]!.n));
  const kernel = world.program.kernel;
  const people = peopleOn(kernel.content, '08707', '2026', { sex: 'female', ageFrom: 40, ageTo: 59 })!;
  assert.ok(Math.abs(women.denominator! - (people * answer.months.length) / 12) < 1e-6);
  assert.equal(women.value, women.numerator! / women.denominator!);
  assert.deepEqual(
    answer.population.map(({ status }) => status),
    ['estimate'],
  );
  assert.match(answer.population[0]!.source, /WPP 2019/);
});

test('a group without people says so, and does not divide: ages outside the indicator, units that the population does not have', async () => {
  const stand = await read('tang-huyet-ap-quan-ly/groups?year=2026');
  for (const [unit, sex, age] of [
    [UNIT, 'male', '5-14'],
    [UNIT, 'other', ''],
    [UNIT, '', 'unknown'],
    ['cs-khac', 'male', '40-59'],
    ['', '', ''],
  ] as const)
    assert.deepEqual(
      [of(stand, unit, sex, age).value, of(stand, unit, sex, age).why],
      [null, 'no-population'],
      `${unit} ${sex} ${age}`,
    );
  assert.equal(of(stand, UNIT, 'male', '40-59').value, 0);
  const share = await read('kham-bhyt/groups?year=2026');
  assert.equal(of(share, UNIT, 'male', '0-4').why, 'zero');
  assert.deepEqual(share.population, []);
});

test('as CSV and spreadsheet: a line for each unit, age and sex with both sides and where the people come from', async () => {
  const file = (ending: string) =>
    world.download(`/api/statistics/indicators/luot-kham-dau-nguoi/groups.${ending}?year=2026`);
  const rows = parseCsv(await (await file('csv')).text());
  const all = rows.find(({ unit, sex, age }) => unit === UNIT && sex === 'all' && age === 'all')!;
  assert.equal(all.numerator, '119');
  assert.match(all.population_source!, /WPP 2019/);
  assert.ok(
    rows.every(({ unit }) => unit === UNIT),
    'a station gets its own',
  );
  const lines = sheetRows(Buffer.from(await (await file('xlsx')).arrayBuffer()))!;
  assert.ok(lines.some((line) => line[1] === 'Mọi tuổi' && line[2] === 'Cả hai giới' && line[3] === 119));
});

test('wrong questions are refused by name', async () => {
  const status = async (path: string) =>
    (await world.head.call('GET', `/api/statistics/indicators/${path}`)).status;
  for (const year of ['1999', '2999', 'x']) assert.equal(await status(`kham-bhyt/groups?year=${year}`), 400);
  assert.equal(await status('khong-co/groups?year=2026'), 404);
  assert.equal(await status('kham-bhyt/groups?year=2026&unit=cs-khac'), 404);
});
