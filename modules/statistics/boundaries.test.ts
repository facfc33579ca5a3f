/**
 * Change of boundaries, with a merger as it was on 2025-07-01: Phường Vĩnh Yên was made of the wards Tích Sơn, Hội Hợp and Đồng Tâm and
 * the commune Thanh Trù (content/places/unit-successors.csv.gz), and a division of Xã Đại Thịnh among two by the people of its parts.
 * The day is moved to 2026-07-01, so that one form is the law before and after.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sheetRows } from '../../engines/reports/index.ts';
import { openContent } from '../../kernel/content/content.ts';
import { parseCsv } from '../../kernel/content/csv.ts';
import { boundariesOf, checkBoundaries, formerUnits, isInPlace, numbersOfNow } from './boundaries.ts';
import { peopleOn } from './population.ts';
import type { Question } from './questions.ts';
import type { IndicatorAnswer } from './routes-indicators.ts';
import type { DueReport } from './routes-list.ts';
import type { PivotAnswer } from './routes-pivot.ts';
import type { SheetAnswer } from './routes-sheet.ts';
import { boundariesFolder, openReportWorld, type ReportWorld, UNIT } from './testing.ts';

const OWN = join(import.meta.dirname, '../../content');
const DAY = '2026-07-01';
const LINES = [
  `cs-tich-son,${UNIT},${DAY},,,NQ`,
  `cs-hoi-hop,${UNIT},${DAY},,,NQ`,
  `cs-thanh-tru,${UNIT},${DAY},,,NQ`,
  `cs-dai-thinh,${UNIT},${DAY},3000,,NQ`,
  `cs-dai-thinh,cs-moi,${DAY},6000,,NQ`,
];
const folder = boundariesFolder(LINES);
let world: ReportWorld;

before(async () => {
  world = await openReportWorld([folder]);
  await world.program.kernel.pool.query(
    `insert into views.unit (resource_key, name, kind) values ('cs-tich-son', 'Trạm Tích Sơn', 'tram-y-te'),
       ('cs-hoi-hop', 'Trạm Hội Hợp', 'tram-y-te'), ('cs-thanh-tru', 'Trạm Thanh Trù', 'tram-y-te'),
       ('cs-dai-thinh', 'Trạm Đại Thịnh', 'tram-y-te'), ('cs-moi', 'Trạm mới', 'tram-y-te')`,
  );
  const insert = (unit: string, month: string, many: number, insured: number) =>
    world.program.kernel.pool.query(
      `insert into views.visit (resource_key, person, unit, started, status, visit_type)
       select $1 || $2 || n, case when n <= $4 then 'co-the' else 'khong-the' end, $1, ($2 || '-10T08:00:00+07:00')::timestamptz, 'finished', '01'
       from generate_series(1, $3::int) n`,
      [unit, month, many, insured],
    );
  await world.program.kernel.pool.query(
    `insert into views.coverage (resource_key, person, card_number) values ('the-1', 'co-the', 'DN')`,
  );
  await insert('cs-tich-son', '2026-06', 10, 1);
  await insert('cs-hoi-hop', '2026-06', 90, 81);
  await insert('cs-thanh-tru', '2026-06', 20, 20);
  await insert('cs-dai-thinh', '2026-06', 10, 3);
  await insert(UNIT, '2026-07', 100, 50);
  await insert('cs-moi', '2026-07', 4, 1);
});
after(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

const read = async (who = world.province) =>
  (await who.call<IndicatorAnswer>('GET', '/api/statistics/indicators/kham-bhyt?from=2026-06&to=2026-07'))
    .body;

test('merged units add up and rates are made of the sums; a divided unit is shared by people and loses nobody', async () => {
  const answer = await read();
  const at = (unit: string, period: string) => {
    const found = answer.values.find((value) => value.unit === unit && value.period === period);
    return [found?.numerator, found?.denominator];
  };
  // Đại Thịnh: 10 visits, a third by people to Vĩnh Yên: 3 and 7 (largest remainders); its 3 insured: 1 and 2.
  assert.deepEqual(at(UNIT, '2026-06'), [1 + 81 + 20 + 1, 10 + 90 + 20 + 3]);
  assert.deepEqual(at('cs-moi', '2026-06'), [2, 7]);
  assert.deepEqual(at('', '2026-06'), [105, 130], 'the province has what it had');
  assert.deepEqual(at(UNIT, '2026-07'), [50, 100]);
  const rate = answer.values.find(({ unit, period }) => unit === UNIT && period === '2026-06')!.value!;
  assert.ok(Math.abs(rate - (103 / 123) * 100) < 1e-9, 'never the mean of 10 %, 90 % and 100 %');
});

test('the series as files: a line a number with both sides, former units with the day on which they ended', async () => {
  const path = '/api/statistics/indicators/kham-bhyt/series.%?from=2026-06&to=2026-07';
  const lines = parseCsv(await (await world.download(path.replace('%', 'csv'))).text());
  const of = (unit: string) =>
    lines
      .filter((one) => one.unit === unit)
      .map(({ period, numerator, denominator, until }) => [period, numerator, denominator, until]);
  assert.deepEqual(of(UNIT), [
    ['2026-06', '103', '123', ''],
    ['2026-07', '50', '100', ''],
  ]);
  assert.deepEqual(of('cs-hoi-hop'), [['2026-06', '81', '90', DAY]]);
  assert.deepEqual(of('cs-moi'), [], 'the head of one station has no numbers of another');
  const sheet = sheetRows(
    Buffer.from(await (await world.download(path.replace('%', 'xlsx'))).arrayBuffer()),
  )!;
  assert.ok(sheet.some((line) => line.includes(103) && line.includes(123)));
});

test('before its day the units of then have their own numbers, and those to come none', async () => {
  const { body } = await world.province.call<IndicatorAnswer>(
    'GET',
    '/api/statistics/indicators/kham-bhyt?from=2026-05&to=2026-06',
  );
  const known = body.units.map(({ id }) => id);
  assert.ok(known.includes('cs-tich-son') && !known.includes('cs-moi'));
  const june = body.values.find(({ unit, period }) => unit === 'cs-tich-son' && period === '2026-06');
  assert.deepEqual([june?.numerator, june?.denominator], [1, 10]);
  assert.deepEqual(body.former, []);
});

test('the old series are there beside the new one, until their day, with where they went', async () => {
  const { former: unsorted, units } = await read();
  const former = unsorted.toSorted((a, b) => (a.unit.id < b.unit.id ? -1 : 1));
  assert.deepEqual(
    units.map(({ id }) => id).sort(),
    [UNIT, 'cs-moi'].sort(),
    'former units are no lines of now',
  );
  assert.deepEqual(
    former.map(({ unit, until, values }) => [unit.id, until, values.map((one) => [one.period, one.value])]),
    [
      ['cs-dai-thinh', DAY, [['2026-06', 30]]],
      ['cs-hoi-hop', DAY, [['2026-06', 90]]],
      ['cs-thanh-tru', DAY, [['2026-06', 100]]],
      ['cs-tich-son', DAY, [['2026-06', 10]]],
    ],
  );
  assert.deepEqual(
    former[0]!.into.map(({ to, people }) => [to, people]),
    [
      [UNIT, 3000],
      ['cs-moi', 6000],
    ],
  );
});

test('the head of the merged station sees the units that it was made of, and nobody else’s', async () => {
  const answer = await read(world.head);
  assert.deepEqual(
    [...answer.units, ...answer.former.map(({ unit }) => unit)].map(({ id }) => id).sort(),
    [UNIT, 'cs-dai-thinh', 'cs-hoi-hop', 'cs-thanh-tru', 'cs-tich-son'].sort(),
  );
  assert.equal(
    (await world.head.call('GET', '/api/statistics/sheets/kham-chua-benh/cs-tich-son/2026-06')).status,
    200,
  );
  assert.equal(
    (await world.head.call('GET', '/api/statistics/sheets/kham-chua-benh/cs-moi/2026-06')).status,
    404,
  );
});

test('a unit owes reports of the months in which it was there', async () => {
  const owed = async (month: string) =>
    (
      await world.province.call<{ rows: DueReport[] }>('GET', `/api/statistics/forms?month=${month}`)
    ).body.rows
      .filter(({ form }) => form === 'kham-chua-benh')
      .map(({ unit }) => unit);
  const [june, july] = [await owed('2026-06'), await owed('2026-07')];
  assert.ok(june.includes('cs-tich-son') && !june.includes('cs-moi'));
  assert.ok(!july.includes('cs-tich-son') && july.includes('cs-moi') && july.includes(UNIT));
});

test('a pivot over the change: merged units add up in the units of now, the former stand beside and are in no sum', async () => {
  const path =
    '/api/statistics/pivot?form=kham-chua-benh&from=2026-06&to=2026-07&rows=unit&columns=period&row=visits&column=total';
  const { body } = await world.province.call<PivotAnswer>('GET', path);
  const lines = new Map(body.rows.map(({ key }, at) => [key, body.values[at]]));
  assert.deepEqual(lines.get(UNIT), [123 + 100, 123, 100]);
  assert.deepEqual(lines.get('cs-moi'), [7 + 4, 7, 4]);
  assert.deepEqual(lines.get(''), [130 + 104, 130, 104]);
  assert.deepEqual(lines.get('cs-hoi-hop'), [90, 90, null]);
  assert.deepEqual(body.rows.find(({ key }) => key === 'cs-dai-thinh')?.former, {
    until: DAY,
    into: [UNIT, 'cs-moi'],
  });
  const later = await world.province.call<PivotAnswer>('GET', path.replace('from=2026-06', 'from=2026-07'));
  assert.ok(later.body.rows.every(({ former }) => former === undefined));
});

test('the report of a merged unit before its day adds up those before it; nobody writes in it, and each number leads to them', async () => {
  const path = `/api/statistics/sheets/kham-chua-benh/${UNIT}/2026-06`;
  const { body } = await world.head.call<SheetAnswer>('GET', path);
  assert.equal(body.cells['visits.total']?.value, 10 + 90 + 20 + 3);
  assert.deepEqual([body.may.write, body.may.acts], [false, []]);
  assert.deepEqual([body.boundary?.kind, body.boundary?.day], ['begins', DAY]);
  assert.deepEqual(body.boundary?.units.map(({ id, people, whole }) => [id, people, whole]).sort(), [
    ['cs-dai-thinh', 3000, false],
    ['cs-hoi-hop', null, true],
    ['cs-thanh-tru', null, true],
    ['cs-tich-son', null, true],
  ]);
  const changes = [{ cell: 'village.total', value: 1, seen: 0 }];
  assert.equal((await world.head.call('PUT', `${path}/cells`, { changes })).status, 409);
  assert.equal((await world.head.call('POST', `${path}/steps`, { act: 'submit' })).status, 409);
  const behind = await world.head.call<Refused>('GET', `${path}/cells/visits.total/people`);
  assert.match(behind.body.error.issues[0]!.text, /đơn vị cũ/);
  const july = await world.head.call<SheetAnswer>('GET', path.replace('06', '07'));
  assert.deepEqual([july.body.boundary, july.body.may.write], [null, true]);
  const gone = await world.head.call<SheetAnswer>(
    'GET',
    path.replace(UNIT, 'cs-dai-thinh').replace('06', '07'),
  );
  assert.deepEqual(
    [gone.body.boundary?.kind, gone.body.boundary?.units.map(({ id }) => id)],
    ['ended', [UNIT, 'cs-moi']],
  );
});

interface Refused {
  error: { issues: { text: string }[] };
}

test('a unit is not asked why it differs from months in which it was not there', async () => {
  // Records of before that bear the unit of now already: three a month.
  await world.program.kernel.pool.query(
    `insert into views.visit (resource_key, person, unit, started, status, visit_type)
     select 'som-' || month || '-' || n, 'khong-the', $1, '2025-10-10T08:00:00+07:00'::timestamptz + make_interval(months => month), 'finished', '01'
     from generate_series(0, 7) month, generate_series(1, 3) n`,
    [UNIT],
  );
  const { body } = await world.head.call<{ rows: Question[] }>(
    'GET',
    `/api/statistics/sheets/kham-chua-benh/${UNIT}/2026-10/questions`,
  );
  assert.deepEqual(
    body.rows.filter(({ against }) => against === 'own'),
    [],
  );
});

test('people who are denominators add up the same way; a part without population leaves the whole without', () => {
  const content = openContent(OWN, [boundariesFolder([...LINES, `${UNIT},${UNIT},${DAY},,,NQ`])]);
  const people = new Map<string, number | null>([
    [UNIT, 5000],
    ['cs-tich-son', 1000],
    ['cs-hoi-hop', 2000],
    ['cs-thanh-tru', 3000],
    ['cs-dai-thinh', 9000],
  ]);
  const now = numbersOfNow(content, { begun: '2026-06-01', until: DAY }, people);
  assert.deepEqual(
    [...now].sort(),
    [
      [UNIT, 5000 + 1000 + 2000 + 3000 + 3000],
      ['cs-moi', 6000],
    ].sort(),
  );
  assert.deepEqual(
    numbersOfNow(content, { begun: DAY, until: '2026-12-31' }, people),
    people,
    'nothing is carried over within the new state',
  );
  people.set('cs-hoi-hop', null);
  assert.equal(numbersOfNow(content, { begun: '2026-06-01', until: DAY }, people).get(UNIT), null);
});

test('changes follow one another, and a unit may begin, end and go on', () => {
  const content = openContent(OWN, [
    boundariesFolder(['a,b,2025-07-01,,,x', 'b,b,2026-07-01,1,,x', 'b,c,2026-07-01,3,,x']),
  ]);
  const numbers = new Map([['a', 8]]);
  assert.deepEqual(
    [...numbersOfNow(content, { begun: '2025-01-01', until: '2026-12-31' }, numbers)],
    [
      ['b', 2],
      ['c', 6],
    ],
  );
  assert.deepEqual(
    [...numbersOfNow(content, { begun: '2025-01-01', until: '2026-06-30' }, numbers)],
    [['b', 8]],
    'a change that is known ahead moves nothing before its day',
  );
  assert.deepEqual([...formerUnits(content, '2026-12-31')], ['a']);
  const there = (unit: string) =>
    ['2025-06-30', '2026-06-30', '2026-07-01'].map((day) => isInPlace(content, unit, day));
  assert.deepEqual(
    [there('a'), there('b'), there('c'), there('z')],
    [
      [true, false, false],
      [true, true, true],
      [false, false, true],
      [true, true, true],
    ],
  );
});

test('what the demo province invents is sound: its former stations went where the table says, on that day, with people', () => {
  const content = openContent(OWN, [join(OWN, 'demo/layer')]);
  assert.deepEqual(checkBoundaries(content), []);
  const invented = content.table('demo/former-stations');
  assert.deepEqual(
    boundariesOf(content)
      .filter(({ from }) => from.startsWith('cs-mau-'))
      .map(({ from, to, day }) => `${from} ${to} ${day}`),
    invented.flatMap(({ id, stations, until }) =>
      stations!.split(' ').map((station) => `${id} ${station} ${until}`),
    ),
  );
  for (const { unit } of invented) assert.ok(peopleOn(content, unit!, '2026', {})! > 0, unit);
});

test('a division without a rule and a line without a day are named at publication', () => {
  assert.deepEqual(checkBoundaries(openContent(OWN)), []);
  assert.deepEqual(checkBoundaries(openContent(OWN, [folder])), []);
  const content = openContent(OWN, [
    boundariesFolder(['a,b,2025-07-01,,,x', 'a,c,2025-07-01,,,x', 'd,e,2025-13-01,,,x']),
  ]);
  const first = boundariesOf(openContent(OWN)).length + 2;
  assert.deepEqual(
    checkBoundaries(content).map(({ expression }) => expression),
    [`statistics/boundaries.csv:${first + 2}`, 'statistics/boundaries.csv a'],
  );
});

test('a line that says a change twice, two main parts, or the end of a unit that is no more is refused by its line', () => {
  const linesOf = (lines: string[]) => {
    const made = boundariesFolder(lines);
    try {
      return checkBoundaries(openContent(OWN, [made])).map(({ expression }) => expression);
    } finally {
      rmSync(made, { recursive: true });
    }
  };
  const own = boundariesOf(openContent(OWN)).length;
  const at = (line: number) => `statistics/boundaries.csv:${own + line + 1}`;
  assert.deepEqual(linesOf(['a,b,2025-07-01,,,x', 'b,b,2026-07-01,1,,x', 'b,c,2026-07-01,3,,x']), []);
  assert.deepEqual(linesOf(['a,b,2025-07-01,,,x', 'a,b,2025-07-01,,,x']), [at(1), at(2)]);
  assert.deepEqual(linesOf(['a,b,2025-07-01,,1,x', 'a,c,2025-07-01,,1,x']), [at(1), at(2)]);
  assert.deepEqual(linesOf(['a,b,2025-07-01,,,x', 'a,c,2026-07-01,,,x']), [at(2)]);
  assert.deepEqual(
    linesOf(['a,b,2025-07-01,,,x', 'b,a,2026-01-01,,,x', 'a,c,2026-07-01,,,x']),
    [],
    'it came again',
  );
});
