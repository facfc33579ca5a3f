/** `$evaluate-measure` over HTTP: the ways in which it is asked, and what is asked of many. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { MeasureReport } from '../../../kernel/fhir/types.ts';
import { countsIn, measure, population } from '../testing.ts';
import {
  COUNTS,
  type HandCount,
  has,
  openHandCount,
  patients,
  peopleOf,
  reported,
  SCORE,
  YEAR,
} from './hand-count.testing.ts';

let world: HandCount;
before(async () => {
  world = await openHandCount();
});
after(() => world.stop());

test('measures of the content are read, found and evaluated; what somebody stores under the address stands in its place', async () => {
  const id = 'kiem-soat-tang-huyet-ap';
  const read = await world.send('GET', `/fhir/Measure/${id}`);
  assert.equal(read.status, 200, read.text);
  assert.equal(read.body.title, 'Tỷ lệ người tăng huyết áp đạt huyết áp mục tiêu');
  const found = await world.send('GET', `/fhir/Measure?url=${read.body.url}`);
  assert.deepEqual(
    found.body.entry.map(({ resource }: { resource: { id: string } }) => resource.id),
    [id],
  );
  const titled = await world.send('GET', '/fhir/Measure?title=ty%20le%20tre');
  assert.equal(titled.body.entry[0].resource.id, 'tiem-chung-day-du-duoi-1-tuoi');
  const report = await reported(world.send('GET', `/fhir/Measure/${id}/$evaluate-measure?${YEAR}`));
  assert.equal(report.measure, `${read.body.url}|${read.body.version}`);
  // Grown-up with I10: all of the table but p4, a man without it, and p5, a child; p3 is pregnant.
  assert.equal(countsIn(report.group![0])['initial-population'], 10);
  assert.equal(countsIn(report.group![0])['denominator-exclusion'], 1);
  const own = {
    ...measure('cohort', [{ population: [population('initial-population', 'true')] }]),
    id: 'own',
    url: read.body.url,
  };
  assert.equal((await world.send('PUT', '/fhir/Measure/own', own)).status, 201);
  const mine = await reported(
    world.send('GET', `/fhir/Measure/$evaluate-measure?${YEAR}&measure=${encodeURIComponent(read.body.url)}`),
  );
  assert.deepEqual(countsIn(mine.group![0]), { 'initial-population': 12 });
});

test('persons and their resources are read page after page, each once', async () => {
  const made = Array.from({ length: 120 }, (_, person) => [
    { resourceType: 'Patient', id: `many-${person}` },
    ...Array.from({ length: 13 }, (_, at) => ({
      resourceType: 'Observation',
      id: `many-${person}-${at}`,
      status: 'final',
      subject: { reference: `Patient/many-${person}` },
      code: { coding: [{ code: 'many' }] },
      valueInteger: at,
    })),
  ]).flat();
  const entry = made.map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }));
  const written = await world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry });
  assert.equal(written.status, 200, written.text);
  const many = "Observation.where(code.coding.exists(code = 'many'))";
  const persons = await world.counted(
    measure('continuous-variable', [
      {
        population: [
          population('initial-population', `${many}.exists()`),
          population('measure-population', `${many}.count() = 13`),
          population('measure-observation', `${many}.value.ofType(integer).aggregate($this + $total, 0)`, {
            aggregate: 'sum',
          }),
        ],
      },
    ]),
    '&reportType=subject-list',
  );
  assert.deepEqual(countsIn(persons.group![0]), {
    'initial-population': 120,
    'measure-population': 120,
    'measure-observation': 120,
  });
  assert.equal(persons.group![0]!.measureScore!.value, 120 * 78);
  assert.equal(new Set(peopleOf(persons, 'initial-population')).size, 120);
});

test('the person and the period have the names that measures elsewhere give them', async () => {
  const initial = (expression: string) => ({ population: [population('initial-population', expression)] });
  const report = await world.counted(
    measure(
      'cohort',
      [
        "Patient.gender = 'male'",
        "%patient.gender = 'male'",
        "%subject.gender = 'male'",
        "%resource.gender = 'male'",
        "%context.gender = 'male'",
        "%Patient.gender = 'male'",
        '%"Measurement Period".start <= @2026-06-01 and %`Measurement Period`.end > @2026-06-01 and gender = \'male\'',
      ].map(initial),
    ),
    '&subject=Group/g',
  );
  // p2 and p4
  assert.deepEqual(
    report.group!.map((one) => countsIn(one)['initial-population']),
    [2, 2, 2, 2, 2, 2, 2],
  );
});

test('several groups are counted side by side', async () => {
  const group = (code: string) => ({ population: [population('initial-population', has(code))] });
  const report = await world.counted(measure('cohort', [group('I10'), group('Z34'), group('A00')]));
  assert.deepEqual(
    report.group!.map((one) => countsIn(one)['initial-population']),
    [11, 1, 0],
  );
});

test('on the type: by canonical address with and without version, by id; by POST with Parameters', async () => {
  const on = async (measureName: string) => {
    const answer = await world.send(
      'GET',
      `/fhir/Measure/$evaluate-measure?${YEAR}&measure=${encodeURIComponent(measureName)}`,
    );
    return answer.status === 200 ? answer.body.group[0].measureScore.value : answer.status;
  };
  assert.equal(await on('http://partner.example/measures/control'), SCORE);
  assert.equal(await on('http://partner.example/measures/control|1.2'), SCORE);
  assert.equal(await on('http://partner.example/measures/control|9'), 404);
  assert.equal(await on('Measure/control'), SCORE);
  assert.equal(await on('control'), SCORE);
  assert.equal(await on('nobody'), 404);
  const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });
  const posted = await reported(
    world.send(
      'POST',
      '/fhir/Measure/$evaluate-measure',
      parameters(
        { name: 'periodStart', valueDate: '2026-01-01' },
        { name: 'periodEnd', valueDate: '2026-12-31' },
        { name: 'measure', valueCanonical: 'http://partner.example/measures/control' },
        { name: 'reportType', valueCode: 'subject-list' },
        { name: 'subject', valueReference: { reference: 'Group/g' } },
      ),
    ),
  );
  assert.deepEqual(peopleOf(posted, 'numerator'), patients('p1'));
  const instance = await reported(
    world.send(
      'POST',
      '/fhir/Measure/control/$evaluate-measure',
      parameters({ name: 'periodStart', valueDate: '2026' }, { name: 'periodEnd', valueDate: '2026' }),
    ),
  );
  assert.deepEqual(countsIn(instance.group![0]), COUNTS);
});

test('later: 202, then the report; a cancelled one is gone; nobody else reads it', async () => {
  const taken = await world.evaluate('', { prefer: 'respond-async' });
  assert.equal(taken.status, 202, taken.text);
  const path = new URL(taken.headers.get('content-location')!).pathname;
  let answer = await world.send('GET', path);
  for (let i = 0; i < 600 && answer.status === 202; i++) {
    await pause(20);
    answer = await world.send('GET', path);
  }
  assert.equal(answer.status, 200, answer.text);
  const report = answer.body.entry[0].resource as MeasureReport;
  assert.deepEqual(countsIn(report.group![0]), COUNTS);
  const other = { authorization: `Bearer ${await world.token('system/Patient.rs')}` };
  assert.equal((await world.bare('GET', path, undefined, other)).status, 404);
  assert.equal((await world.send('DELETE', path)).status, 202);
  assert.equal((await world.send('GET', path)).status, 404);
});

test('the operation is announced, with a definition that is read and valid', async () => {
  const { body } = await world.bare('GET', '/fhir/metadata');
  const { operation } = body.rest[0].resource.find(({ type }: { type: string }) => type === 'Measure');
  assert.ok(operation.some(({ name }: { name: string }) => name === 'evaluate-measure'));
  const definition = await world.send('GET', '/fhir/OperationDefinition/Measure-evaluate-measure');
  assert.equal(definition.body.code, 'evaluate-measure');
  const checked = await world.send('POST', '/fhir/OperationDefinition/$validate', definition.body);
  assert.ok(!checked.text.includes('"severity":"error"'), checked.text);
});
