/** An indicator as a Measure whose subjects are units, evaluated over HTTP (R4 operation-measure-evaluate-measure.html). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { List, Measure, MeasureReport } from '../../kernel/fhir/types.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';
import { openReportWorld, PERIOD, type ReportWorld, UNIT } from './testing.ts';

const PATH = '/fhir/Measure/chi-so-kham-bhyt/$evaluate-measure';
const OCTOBER = `periodStart=${PERIOD}&periodEnd=${PERIOD}`;
let world: ReportWorld;

before(async () => {
  world = await openReportWorld();
  const { pool } = world.program.kernel;
  await pool.query(
    `insert into views.unit (resource_key, name, kind) values ('cs-khac', 'Trạm khác', 'tram-y-te')`,
  );
  await pool.query(
    `insert into views.visit (resource_key, person, unit, started, status)
     select 'khac-' || n, 'nguoi-' || n, 'cs-khac', '2026-10-05T08:00:00+07:00', 'finished' from generate_series(1, 81) n`,
  );
  await pool.query(
    `insert into views.coverage (resource_key, person, card_number) select 'the-' || n, 'nguoi-' || n, 'T' || n from generate_series(1, 10) n`,
  );
});
after(() => world.stop());

const ask = (query: string, who = world.province) =>
  who.call<MeasureReport & { issue?: { diagnostics?: string }[] }>('GET', `${PATH}?${query}`);
const sidesOf = (group: { population?: { count?: number }[] } | undefined) =>
  (group?.population ?? []).map(({ count }) => count);

test('the measure says both sides in words, and that its subjects are units', async () => {
  const { status, body } = await world.head.call<Measure>('GET', '/fhir/Measure/chi-so-kham-bhyt');
  assert.equal(status, 200);
  assert.deepEqual(validateResource(body), []);
  assert.equal(body.subjectCodeableConcept?.coding?.[0]?.code, 'Organization');
  const words = body.group![0]!.population!.map(({ criteria }) => criteria.description);
  assert.deepEqual(words, ['Biểu 9/BCX: Lượt khám bệnh (Có BHYT)', 'Biểu 9/BCX: Lượt khám bệnh (Tổng số)']);
});

test('population: all units together, a rate of sums, a stratum for each unit', async () => {
  const { status, body } = await ask(`${OCTOBER}&reportType=population`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(validateResource(body), []);
  const [group] = body.group!;
  const strata = group!.stratifier![0]!.stratum!;
  const own = strata.find(({ value }) => value?.coding?.[0]?.code === UNIT)!;
  const other = strata.find(({ value }) => value?.coding?.[0]?.code === 'cs-khac')!;
  assert.deepEqual(sidesOf(other), [10, 81]);
  assert.equal(sidesOf(own)[1], 119);
  assert.deepEqual(sidesOf(group), [sidesOf(own)[0]! + 10, 200]);
  assert.equal(group!.measureScore?.value, (100 * (sidesOf(own)[0]! + 10)) / 200);
  assert.deepEqual([body.type, body.period], ['summary', { start: '2026-10-01', end: '2026-10-31' }]);
  const read = await world.province.call<Measure>('GET', '/fhir/Measure/chi-so-kham-bhyt');
  assert.equal(body.measure, `${read.body.url}|${read.body.version}`);
});

test('subject: one unit; subject-list: the units behind each side', async () => {
  const one = await ask(`${OCTOBER}&reportType=subject&subject=Organization/cs-khac`);
  assert.deepEqual([one.body.type, one.body.subject?.reference], ['individual', 'Organization/cs-khac']);
  assert.deepEqual(validateResource(one.body), []);
  assert.deepEqual(sidesOf(one.body.group?.[0]), [10, 81]);
  const list = await ask(`${OCTOBER}&reportType=subject-list`);
  assert.deepEqual(validateResource(list.body), []);
  const [numerator] = list.body.group![0]!.population!;
  const lists = list.body.contained as List[];
  const named = lists.find(({ id }) => `#${id}` === numerator!.subjectResults?.reference)!;
  assert.deepEqual(
    named.entry?.map(({ item }) => item.reference).sort(),
    [`Organization/${UNIT}`, 'Organization/cs-khac'].sort(),
  );
});

test('several months are added before they are divided; nothing divided by nothing is no number', async () => {
  const two = await ask('periodStart=2026-09-01&periodEnd=2026-10-31&reportType=subject&subject=cs-khac');
  assert.deepEqual(sidesOf(two.body.group?.[0]), [10, 81]);
  const none = await ask('periodStart=2026-08&periodEnd=2026-08&subject=cs-khac');
  assert.deepEqual(sidesOf(none.body.group?.[0]), [0, 0]);
  assert.match(JSON.stringify(none.body.group?.[0]?.measureScore), /not-a-number/);
  assert.deepEqual(validateResource(none.body), []);
});

test('POST with Parameters is the same question; others’ units, half months, persons and unknown words are refused', async () => {
  const posted = await world.province.call<MeasureReport>('POST', PATH, {
    resourceType: 'Parameters',
    parameter: [
      { name: 'periodStart', valueDate: '2026-10-01' },
      { name: 'periodEnd', valueDate: '2026-10-31' },
      { name: 'subject', valueString: 'Organization/cs-khac' },
    ],
  });
  assert.deepEqual(sidesOf(posted.body.group?.[0]), [10, 81]);
  assert.equal((await ask(`${OCTOBER}&subject=cs-khac`, world.head)).status, 404);
  assert.equal((await ask(`${OCTOBER}&subject=${UNIT}`, world.head)).status, 200);
  for (const wrong of [
    'periodStart=2026-10-02&periodEnd=2026-10-31',
    'periodStart=2026-10',
    `${OCTOBER}&subject=Patient/an`,
    `${OCTOBER}&reportType=subject`,
    `${OCTOBER}&reportType=population&subject=${UNIT}`,
    `${OCTOBER}&reportType=kites`,
    `${OCTOBER}&practitioner=x`,
  ])
    assert.equal((await ask(wrong)).status, 400, wrong);
  const clerk = await world.hire('giamdinh7', 'insurance');
  assert.equal((await ask(OCTOBER, clerk)).status, 403);
  const unknown = await world.province.call('GET', `/fhir/Measure/chi-so-kites/$evaluate-measure?${OCTOBER}`);
  assert.equal(unknown.status, 404);
});
