/** Counting, what is behind a number, books, and what is printed: on tables of a database, against numbers made by hand. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import type { Pool } from 'pg';
import { openContent } from '../../kernel/content/content.ts';
import { openPool } from '../../kernel/store/index.ts';
import { withDatabase } from '../../kernel/store/testing.ts';
import { tableColumns } from '../views/view-table.ts';
import { countCells } from './compute.ts';
import type { ReportDefinition } from './definition.ts';
import { peopleBehind } from './people.ts';
import { type CountedCell, planReport } from './plan.ts';
import { unzip } from './read/unzip.ts';
import { addSheets, failedChecks, makeSheet } from './sheet.ts';
import { viewsOf } from './views.ts';
import { numberText, reportGrid } from './write/grid.ts';
import { htmlTable } from './write/html.ts';
import { place, xlsx } from './write/xlsx.ts';

const views = viewsOf(openContent(join(import.meta.dirname, '../../content')));
let database: Awaited<ReturnType<typeof withDatabase>>;
let pool: Pool;

const VISITS = `
  ('v1', 'p1', 'A', '2026-10-01T00:00:00+07:00', 'finished'), ('v2', 'p1', 'A', '2026-10-31T23:59:59+07:00', 'finished'),
  ('v3', 'p2', 'A', '2026-10-15T08:00:00+07:00', null), ('v4', 'p2', 'A', '2026-11-01T00:00:00+07:00', 'finished'),
  ('v5', 'p3', 'B', '2026-10-10T08:00:00+07:00', 'cancelled'), ('v6', 'p3', 'B', '2026-10-10T09:00:00+07:00', 'finished')`;

before(async () => {
  database = await withDatabase();
  pool = openPool(database.url);
  await pool.query('create schema if not exists views');
  for (const name of ['visit', 'patient', 'diagnosis']) {
    const columns = tableColumns(views(name)!).map((column) => `${column.name} ${column.sqlType}`);
    await pool.query(`create table views.${name} (resource_key text, person text, ${columns.join(', ')})`);
  }
  await pool.query(`insert into views.visit (resource_key, person, unit, started, status) values ${VISITS}`);
  await pool.query(
    `insert into views.patient (resource_key, person, gender, birth_date, full_name) values
     ('p1', 'p1', 'female', '2020-10-15', 'Một'), ('p2', 'p2', 'male', '1960', 'Hai'), ('p3', 'p3', null, null, 'Ba')`,
  );
  await pool.query(
    `insert into views.diagnosis (resource_key, person, encounter, code) values
     ('d1', 'p1', 'v1', 'I10'), ('d2', 'p1', 'v1', 'E11.9'), ('d3', 'p2', 'v3', 'J06.9'), ('d4', 'p1', 'v2', 'I1')`,
  );
});
after(async () => {
  await pool.end();
  await database.stop();
});

const MONTH = '2026-10';
const DAYS = { start: '2026-10-01', end: '2026-10-31' };
const row = (code: string, more: object) => ({ code, title: code, source: 'visits', ...more });

const FORM: ReportDefinition = {
  code: 'X',
  title: 'Biểu & thử',
  titleEn: 'A form',
  source: 'test',
  status: 'house',
  period: 'month',
  dueDays: 5,
  units: ['tram-y-te'],
  rowTitle: 'Dòng',
  sources: {
    visits: {
      view: 'visit',
      at: 'started',
      unit: 'unit',
      joins: {
        person: { view: 'patient', key: 'resource_key', by: 'person' },
        diagnoses: { view: 'diagnosis', key: 'encounter', by: 'resource_key', many: true },
      },
      where: "status != 'cancelled'",
      list: [{ title: 'Bệnh', value: "list(diagnoses, diagnoses.code, '; ')" }],
    },
  },
  columns: [
    { code: 'all', title: 'Tổng' },
    {
      code: 'of',
      title: 'Trong đó',
      columns: [
        { code: 'female', title: 'Nữ', where: "person.gender = 'female'" },
        { code: 'under6', title: '< 6', where: 'years(person.birth_date, started) < 6' },
        { code: 'rest', title: 'Còn lại', formula: '[all] - [female]' },
      ],
    },
  ],
  rows: [
    row('rows', { number: '1' }),
    row('persons', { count: 'persons' }),
    row('i10', { where: "any(diagnoses, starts(diagnoses.code, 'I10', 'E'))" }),
    row('ages', { average: 'years(person.birth_date, started)' }),
    row('old', { where: 'years(person.birth_date, started) >= 60' }),
    { code: 'typed', title: 'Nhập' },
    { code: 'rate', title: 'Tỷ lệ', formula: '[rows] / [typed]' },
  ],
  checks: [
    {
      code: 'c1',
      rule: '[typed.all] <= [rows.all]',
      level: 'compulsory',
      text: 'Nhập quá số lượt',
      textEn: 'too many',
    },
    {
      code: 'c2',
      rule: '[rows.all] <= 2 * [rows.all@-1]',
      level: 'warning',
      text: 'Tăng gấp đôi',
      textEn: 'doubled',
    },
  ],
};
const { plan, faults } = planReport(FORM, views);

test('cells are counted by unit within the days of Vietnam; what is nothing belongs to no condition but to “not”', async () => {
  assert.deepEqual(faults, []);
  const counts = await countCells(pool, plan, [{ name: MONTH, ...DAYS }], null);
  const sheet = makeSheet(plan, counts.get(`A ${MONTH}`), new Map());
  const number = (cell: string) => sheet.get(cell)?.value;
  assert.equal(number('rows.all'), 3, 'the first instant and the last second belong to the month');
  assert.equal(number('persons.all'), 2);
  assert.equal(number('rows.female'), 2);
  assert.equal(number('rows.under6'), 1, 'born on 2020-10-15: five years on the 1st, six on the 31st');
  assert.equal(number('rows.rest'), 1);
  assert.equal(number('i10.all'), 1);
  assert.equal(number('old.all'), 1, 'only the year is known: 1960 counts from its middle');
  assert.equal(number('ages.all'), (5 + 6 + 66) / 3);
  assert.equal(number('rate.all'), null, 'divided by nothing is nothing');
  const b = makeSheet(plan, counts.get(`B ${MONTH}`), new Map());
  assert.equal(b.get('rows.all')?.value, 1);
  assert.equal(b.get('rows.female')?.value, 0);
  const c = makeSheet(plan, counts.get(`C ${MONTH}`), new Map());
  assert.equal(c.get('rows.all')?.value, 0, 'a unit without rows has zeros');
  assert.equal(c.get('ages.all')?.value, null);
  assert.deepEqual(
    [...(await countCells(pool, plan, [{ name: MONTH, ...DAYS }], ['B'])).keys()],
    [`B ${MONTH}`],
  );
});

test('sums over what is joined: of the rows that answer, 0 where none does', async () => {
  const sums = structuredClone(FORM);
  const weight = "if(starts(diagnoses.code, 'I10'), 2, 1)";
  sums.columns = [{ code: 'all', title: 'Tổng' }];
  sums.cells = {};
  sums.checks = [];
  sums.rows = [
    row('weights', { sum: `sum(diagnoses, ${weight})` }),
    row('e', { sum: `sum(diagnoses, ${weight}, starts(diagnoses.code, 'E'))` }),
    row('none', { where: "sum(diagnoses, 1, diagnoses.code = 'Z') = 0" }),
  ];
  const { plan: summed, faults: wrong } = planReport(sums, views);
  assert.deepEqual(wrong, []);
  const counts = await countCells(pool, summed, [{ name: MONTH, ...DAYS }], ['A']);
  assert.deepEqual([...counts.get(`A ${MONTH}`)!.values()], [3 + 1 + 1, 1, 3]);
});

test('many periods at once give what each gives alone; a person of two months is one person of the quarter', async () => {
  const stand = structuredClone(FORM);
  stand.sources = {
    ...FORM.sources,
    known: { ...FORM.sources.visits!, at: undefined, where: 'started <= periodEnd' } as never,
  };
  stand.rows = [...FORM.rows, row('known', { source: 'known', count: 'persons' })];
  const { plan: both, faults: wrong } = planReport(stand, views);
  assert.deepEqual(wrong, []);
  const periods = [
    { name: '2026-09', start: '2026-09-01', end: '2026-09-30' },
    { name: MONTH, ...DAYS },
    { name: '2026-11', start: '2026-11-01', end: '2026-11-30' },
    { name: '2026-Q4', start: '2026-10-01', end: '2026-12-31' },
  ];
  // A few units are asked in all periods by one statement, a province period by period.
  const units = [
    ...new Set(
      [...(await countCells(pool, both, periods, null)).keys()].map((place) => place.split(' ')[0]!),
    ),
  ];
  assert.ok(units.length > 1 && units.length <= 8);
  const asked: string[] = [];
  const telling = {
    query: (sql: string, values: unknown[]) => {
      asked.push(sql);
      return pool.query(sql, values);
    },
  } as unknown as typeof pool;
  const together = await countCells(telling, both, periods, units);
  const few = asked.splice(0).length;
  assert.deepEqual(
    [...(await countCells(telling, both, periods, null))].sort(([a], [b]) => (a < b ? -1 : 1)),
    [...together].sort(([a], [b]) => (a < b ? -1 : 1)),
    'both ways give the same numbers',
  );
  assert.equal(asked.length, few * periods.length);
  const alone = new Map<string, unknown>();
  for (const period of periods)
    for (const [place, numbers] of await countCells(pool, both, [period], null)) alone.set(place, numbers);
  assert.deepEqual(
    [...together].sort(([a], [b]) => (a < b ? -1 : 1)),
    [...alone].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const of = (period: string, cell: string) => together.get(`A ${period}`)?.get(cell) ?? 0;
  assert.equal(
    of('2026-Q4', 'rows.all'),
    of(MONTH, 'rows.all') + of('2026-11', 'rows.all'),
    'visits of months are those of the quarter',
  );
  assert.ok(of('2026-Q4', 'persons.all') <= of(MONTH, 'persons.all') + of('2026-11', 'persons.all'));
  assert.equal(of('2026-11', 'known.all'), of('2026-Q4', 'known.all'), 'a stand is what there is at the end');
});

test('typed and corrected numbers stand apart from the counted, and checks name what does not hold', async () => {
  const counts = await countCells(pool, plan, [{ name: MONTH, ...DAYS }], ['A']);
  const entries = new Map<string, number | null>([
    ['typed.all', 9],
    ['rows.all', 6],
  ]);
  const sheet = makeSheet(plan, counts.get(`A ${MONTH}`), entries);
  assert.deepEqual(sheet.get('rows.all'), { value: 6, origin: 'corrected', counted: 3 });
  assert.deepEqual(sheet.get('typed.all'), { value: 9, origin: 'typed' });
  assert.equal(sheet.get('rate.all')?.value, 6 / 9);
  assert.deepEqual(
    failedChecks(plan, sheet).map(({ code }) => code),
    ['c1'],
    'without the month before c2 is not judged',
  );
  assert.deepEqual(
    failedChecks(plan, sheet, ({ shift }) => (shift === -1 ? 2 : null)).map(({ code }) => code),
    ['c1', 'c2'],
  );
});

test('units together: counts add up, rates are made anew, averages are nothing', () => {
  const of = (visits: number, typed: number) =>
    makeSheet(
      plan,
      new Map([
        ['rows.all', visits],
        ['ages.all', 40],
      ]),
      new Map([['typed.all', typed]]),
    );
  const total = addSheets(plan, [of(10, 20), of(30, 20), makeSheet(plan, undefined, new Map())]);
  assert.equal(total.get('rows.all')?.value, 40);
  assert.equal(
    total.get('rate.all')?.value,
    1,
    'not the mean of 0.5 and 1.5 by accident: (10 + 30) / (20 + 20)',
  );
  assert.equal(addSheets(plan, [of(10, 20), of(90, 30)]).get('rate.all')?.value, 2);
  assert.equal(total.get('ages.all')?.value, null);
});

test('behind a number stand its rows, page by page, each person once when persons are counted', async () => {
  const behind = (cell: string, after = '', count = 2) =>
    peopleBehind(pool, plan, plan.cells.get(cell) as CountedCell, { days: DAYS, units: ['A'], after, count });
  const first = await behind('rows.all');
  assert.deepEqual(
    first.rows.map((one) => [one.type, one.resource, one.person, one.day, one.cells[0]]),
    [
      ['Encounter', 'v1', 'p1', '01/10/2026', 'E11.9; I10'],
      ['Encounter', 'v2', 'p1', '31/10/2026', 'I1'],
    ],
  );
  const second = await behind('rows.all', first.next);
  assert.deepEqual(
    second.rows.map(({ resource }) => resource),
    ['v3'],
  );
  assert.equal(second.next, undefined);
  assert.deepEqual(
    (await behind('persons.all')).rows.map(({ person }) => person),
    ['p1', 'p2'],
  );
  assert.deepEqual(
    (await behind('i10.all')).rows.map(({ resource }) => resource),
    ['v1'],
  );
});

test('the printed form: headings with spans, names of rows, ×, numbers of Vietnam; nothing of a text becomes a tag', () => {
  const sheet = makeSheet(plan, new Map([['rows.all', 1234567]]), new Map());
  const html = htmlTable(
    reportGrid(plan, sheet, { left: ['Trạm <A>'], unit: 'Trạm A', period: 'Tháng 10/2026' }),
  );
  assert.match(html, /<caption>Biểu &amp; thử · Trạm A · Tháng 10\/2026<\/caption>/);
  assert.match(html, /<th scope="col" rowspan="2">Tổng<\/th><th scope="colgroup" colspan="3">Trong đó<\/th>/);
  assert.match(
    html,
    /<th scope="row" data-depth="0">rows<\/th><td data-kind="number" data-cell="rows.all">1\.234\.567<\/td>/,
  );
  assert.match(html, /<tr><th scope="col">A<\/th><th scope="col">B<\/th><th scope="col">1<\/th>/);
  assert.equal(numberText(-1234.56, 1), '-1.234,6');
  assert.equal(numberText(-0.01, 1), '0,0');
});

test('the spreadsheet: numbers are numbers, a text that begins with = stays text, cells are merged as they are printed', () => {
  const definition = { ...FORM, rows: [{ code: 'rows', title: "=cmd|'/c calc'!A0", source: 'visits' }] };
  const sheet = makeSheet(
    planReport({ ...definition, checks: [] }, views).plan,
    new Map([['rows.all', 12]]),
    new Map(),
  );
  const bytes = xlsx(
    reportGrid(planReport({ ...definition, checks: [] }, views).plan, sheet, {
      left: ['SYT'],
      unit: 'Trạm',
      period: 'T10',
    }),
    'Biểu: 9/BCX',
  );
  const parts = Object.fromEntries([...unzip(bytes)!].map(([name, part]) => [name, part.toString('utf8')]));
  for (const name of Object.keys(parts)) new XMLParser({ ignoreAttributes: false }).parse(parts[name]!, true);
  const xml = parts['xl/worksheets/sheet1.xml']!;
  assert.match(xml, /<c r="B10" s="5"><v>12<\/v><\/c>/);
  assert.match(xml, /t="inlineStr"><is><t xml:space="preserve">=cmd/);
  assert.ok(!xml.includes('<f>'));
  assert.match(xml, /<mergeCell ref="B7:B8"\/>/);
  assert.match(xml, /<mergeCell ref="C7:E7"\/>/);
  assert.match(parts['xl/workbook.xml']!, /name="Biểu {2}9 BCX"/);
  assert.equal(place(3, 27), 'AB3');
});
