/** Indicators: rates of sums, the population said or missing, the dictionary sound. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ReportDefinition } from '../../engines/reports/index.ts';
import { openContent } from '../../kernel/content/content.ts';
import { datedFiles } from '../../kernel/content/dated.ts';
import { formulaWords } from './cell-words.ts';
import { checkOtherForms } from './check-cells.ts';
import { checkIndicator } from './check-indicator.ts';
import { type IndicatorDefinition, monthsBetween } from './indicators.ts';
import { peopleOn } from './population.ts';
import type { IndicatorAnswer } from './routes-indicators.ts';
import { openReportWorld, type ReportWorld, UNIT } from './testing.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
let world: ReportWorld;
const read = async (who: ReportWorld['head'], path: string) =>
  (await who.call<IndicatorAnswer>('GET', `/api/statistics/indicators/${path}`)).body;

before(async () => {
  world = await openReportWorld();
  await world.program.kernel.pool.query(`update views.unit set unit_code = '08707' where resource_key = $1`, [
    UNIT,
  ]);
  await world.program.kernel.pool.query(
    `insert into views.unit (resource_key, name, kind, unit_code) values ('cs-khac', 'Trạm khác', 'tram-y-te', '99999')`,
  );
});
after(() => world.stop());

test('every indicator of the content is sound; a cell that no form has is named', () => {
  const all = datedFiles<IndicatorDefinition>(content, 'indicators');
  assert.ok(all.length >= 5);
  for (const { file, value } of all) assert.deepEqual(checkIndicator(value, content), [], file);
  const wrong = {
    ...all[0]!.value,
    numerator: '[kham-chua-benh/dieu.total]',
    denominator: 'drop(1)',
    factor: 0,
  };
  assert.deepEqual(
    checkIndicator(wrong, content).map(({ expression }) => expression),
    ['factor', 'numerator', 'denominator'],
  );
});

test('everything in the dictionary can be opened, also what came into force this month: months before are drawn as it says today', async () => {
  const { rows } = (
    await world.head.call<{ rows: { key: string; version: string }[] }>('GET', '/api/statistics/indicators')
  ).body;
  const young = rows.filter(({ version }) => version > '2026-11-01');
  assert.ok(young.length > 0);
  for (const { key } of rows) {
    const { indicator, periods, values } = await read(world.head, key);
    assert.equal(indicator.key, key);
    assert.ok(indicator.words.vi.numerator !== '' && periods.length === 6 && values.length > 0, key);
    const groups = await world.head.call('GET', `/api/statistics/indicators/${key}/groups`);
    assert.equal(groups.status, 200, key);
  }
});

test('a check between forms names cells that exist, or is told', () => {
  const reports = datedFiles<ReportDefinition>(content, 'reports');
  for (const { file, value } of reports) assert.deepEqual(checkOtherForms(value, content), [], file);
  const { value } = reports.find(({ key }) => key === 'kham-chua-benh')!;
  const check = { code: 'x', level: 'warning' as const, text: 't', textEn: 't' };
  const wrong = { ...value, checks: [{ ...check, rule: '[visits.total] >= [cham-soc-ba-me/kites.total]' }] };
  assert.deepEqual(
    checkOtherForms(wrong, content).map(({ expression, textEn }) => [expression, textEn]),
    [['checks x', 'there is no cell "cham-soc-ba-me/kites.total"']],
  );
});

test('the sides of an indicator are said in the words of the forms', () => {
  const say = (text: string, tongue: 'vi' | 'en' = 'vi') => formulaWords(content, '2026-10-31', text, tongue);
  assert.equal(say('[kham-chua-benh/visits.total]'), 'Biểu 9/BCX: Lượt khám bệnh (Tổng số)');
  assert.equal(
    say('[kham-chua-benh/visits.under6] + [x/y.z]', 'en'),
    'Biểu 9/BCX: Visits (< 6 years) + [x/y.z]',
    'a cell that no form has stays as it is written',
  );
});

test('people by age and sex add up to those of the unit; what the content does not say is nothing', () => {
  const all = peopleOn(content, '08707', '2026', {})!;
  const [men, women] = (['male', 'female'] as const).map(
    (sex) => peopleOn(content, '08707', '2026', { sex })!,
  );
  assert.equal(men! + women!, all);
  assert.ok(Math.abs(all - 52_946) < 60, 'the bands are rounded one by one');
  const adults = peopleOn(content, '08707', '2026', { ageFrom: 25 })!;
  const others = peopleOn(content, '08707', '2026', { ageTo: 24 })!;
  assert.equal(adults + others, all);
  assert.equal(peopleOn(content, '08707', '1999', {}), null);
  assert.equal(peopleOn(content, '99999', '2026', {}), null);
});

test('a rate by cells: numerator, denominator and value of the unit and of all together', async () => {
  const answer = await read(world.province, 'kham-bhyt?from=2026-10&to=2026-10');
  const of = (unit: string) => answer.values.find((value) => value.unit === unit)!;
  assert.deepEqual([of(UNIT).numerator, of(UNIT).denominator, of(UNIT).value], [0, 119, 0]);
  assert.equal(of('cs-khac').value, null);
  assert.equal(of('cs-khac').why, 'zero', 'nobody was there: no share of nothing');
  assert.deepEqual([of('').numerator, of('').denominator], [0, 119]);
});

test('a unit without population has no rate and says why, and so has the province', async () => {
  const answer = await read(world.province, 'luot-kham-dau-nguoi?from=2026-09&to=2026-10');
  const at = (unit: string, period: string) =>
    answer.values.find((one) => one.unit === unit && one.period === period)!;
  const own = at(UNIT, '2026-10');
  assert.equal(own.value, 119 / (peopleOn(content, '08707', '2026', {})! / 12));
  assert.deepEqual([at('cs-khac', '2026-10').value, at('cs-khac', '2026-10').why], [null, 'no-population']);
  assert.deepEqual([at('', '2026-10').value, at('', '2026-10').why], [null, 'no-population']);
  assert.equal(at(UNIT, '2026-09').value, 0);
  const mine = await read(world.head, 'luot-kham-dau-nguoi?from=2026-10&to=2026-10');
  assert.deepEqual(
    mine.units.map(({ id }) => id),
    [UNIT],
    'a station sees its own',
  );
});

test('wrong questions are refused by name', async () => {
  for (const query of ['from=2026-13', 'from=2026-11&to=2026-10', 'from=2000-01&to=2026-10', 'to=x'])
    assert.equal(
      (await world.head.call('GET', `/api/statistics/indicators/kham-bhyt?${query}`)).status,
      400,
      query,
    );
  assert.equal((await world.head.call('GET', '/api/statistics/indicators/khong-co')).status, 404);
  assert.deepEqual(monthsBetween('2025-12', '2026-02'), ['2025-12', '2026-01', '2026-02']);
});
