import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../testing.ts';
import type { Bundle, CapabilityStatement, OperationDefinition, Resource } from '../types.ts';
import { OBSERVATION_LASTN } from './definitions.ts';

const LOINC = 'http://loinc.org';
const coding = (code: string, system = LOINC) => ({ system, code });

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
  const lan: Resource[] = [
    { resourceType: 'Patient', id: 'lan', name: [{ text: 'Nguyễn Thị Lan' }] },
    observation('mach-1', { coding: [coding('8867-4')] }, '2026-01-01T08:00:00+07:00'),
    observation('mach-2', { coding: [coding('8867-4')] }, '2026-02-01T08:00:00+07:00'),
    observation('mach-3', { coding: [coding('8867-4')] }, '2026-03-01T08:00:00+07:00'),
    // As late as mach-3, and named by the code of our own list that stands beside LOINC's on another.
    observation('mach-4', { coding: [coding('mach', 'http://yba.vn/x')] }, '2026-03-01T01:00:00Z'),
    observation('mach-0', { coding: [coding('mach', 'http://yba.vn/x'), coding('8867-4')] }, '2025-01-01'),
    observation('nhiet-1', { coding: [coding('8310-5')] }, '2026-02-20'),
    observation('loi-1', { text: 'Hỏi bệnh' }, '2026-01-05'),
    observation('loi-2', { text: 'Hỏi bệnh' }, '2026-01-06'),
    observation('loi-3', { text: 'hỏi bệnh' }, '2026-01-04'),
    observation('khac', { coding: [coding('8867-4')] }, '2026-04-01', 'Patient/minh'),
    { resourceType: 'Patient', id: 'minh', name: [{ text: 'Trần Văn Minh' }] },
  ];
  for (const resource of lan) {
    const answer = await world.send('PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource);
    assert.equal(answer.status, 201, answer.text);
  }
});
after(() => world.stop());

function observation(id: string, code: object, date: string, subject = 'Patient/lan'): Resource {
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    category: [
      { coding: [coding('vital-signs', 'http://terminology.hl7.org/CodeSystem/observation-category')] },
    ],
    code,
    subject: { reference: subject },
    effectiveDateTime: date,
  } as Resource;
}

const idsOf = (bundle: Bundle) => (bundle.entry ?? []).map(({ resource }) => resource?.id);

test('the newest of each group, newest first; what is as late as the last comes too', async () => {
  const answer = await world.send('GET', '/fhir/Observation/$lastn?patient=lan&category=vital-signs');
  assert.equal(answer.status, 200, answer.text);
  const bundle = answer.body as Bundle;
  assert.equal(bundle.type, 'searchset');
  assert.deepEqual(idsOf(bundle).toSorted(), ['loi-2', 'loi-3', 'mach-3', 'mach-4', 'nhiet-1']);
  assert.deepEqual(idsOf(bundle).slice(2), ['nhiet-1', 'loi-2', 'loi-3']);
  assert.equal(bundle.total, 5);
  assert.ok(bundle.entry?.every(({ search }) => search?.mode === 'match'));
});

test('max is a limit of each group; other criteria of Observation hold', async () => {
  const two = await world.send('GET', '/fhir/Observation/$lastn?subject=Patient/lan&code=8867-4,mach&max=2');
  assert.deepEqual(idsOf(two.body).toSorted(), ['mach-3', 'mach-4']);
  const three = await world.send(
    'GET',
    '/fhir/Observation/$lastn?subject=Patient/lan&code=8867-4,mach&max=3',
  );
  assert.deepEqual(idsOf(three.body).toSorted(), ['mach-2', 'mach-3', 'mach-4']);
  const before = await world.send(
    'GET',
    '/fhir/Observation/$lastn?patient=lan&code=8867-4&date=lt2026-02-15&max=1',
  );
  assert.deepEqual(idsOf(before.body), ['mach-2']);
});

test('no match is an empty searchset', async () => {
  const answer = await world.send('GET', '/fhir/Observation/$lastn?patient=lan&code=1-1');
  assert.deepEqual([answer.status, answer.body.total, answer.body.entry], [200, 0, undefined]);
});

test('by POST with Parameters, and as an entry of a batch', async () => {
  const body = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'patient', valueString: 'lan' },
      { name: 'code', valueString: '8310-5' },
      { name: 'max', valuePositiveInt: 1 },
    ],
  };
  const posted = await world.send('POST', '/fhir/Observation/$lastn', body);
  assert.deepEqual(idsOf(posted.body), ['nhiet-1'], posted.text);
  const [, , max] = body.parameter;
  const typed = await world.send('POST', '/fhir/Observation/$lastn', {
    resourceType: 'Parameters',
    parameter: [
      { name: 'subject', valueReference: { reference: 'Patient/lan' } },
      { name: 'code', valueCoding: coding('8310-5') },
      max,
    ],
  });
  assert.deepEqual(idsOf(typed.body), ['nhiet-1'], typed.text);
  const batch = await world.send('POST', '/fhir', {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [{ request: { method: 'GET', url: 'Observation/$lastn?patient=lan&code=8310-5' } }],
  });
  assert.deepEqual(idsOf(batch.body.entry[0].resource), ['nhiet-1']);
});

test('a question without a person or a code, with an order, or with a wrong max is refused by name', async () => {
  const wrong: [string, string][] = [
    ['code=8867-4', 'patient'],
    ['patient=lan', 'code'],
    ['patient=lan&code=8867-4&_sort=date', '_sort'],
    ['patient=lan&code=8867-4&max=0', 'max'],
    ['patient=lan&code=8867-4&max=1&max=2', 'max'],
    ['patient=lan&code=8867-4&nothing=1', 'nothing'],
  ];
  for (const [query, name] of wrong) {
    const answer = await world.send('GET', `/fhir/Observation/$lastn?${query}`);
    assert.equal(answer.status, 400, query);
    assert.deepEqual(answer.body.issue[0].expression, [name], query);
  }
});

test('a stranger learns nothing, and reading leaves a line of the audit', async () => {
  assert.equal((await world.bare('GET', '/fhir/Observation/$lastn?patient=lan&code=8867-4')).status, 401);
  const { rows } = await world.program.kernel.pool.query<{ what: string }>(
    "select what from audit where patient = 'lan' and action = 'search'",
  );
  assert.ok(rows.some(({ what }) => what.includes('code=8310-5')));
});

test('/metadata announces the operation under the address of HL7’s definition', async () => {
  const { definition } = OBSERVATION_LASTN;
  const examples = createRequire(import.meta.url).resolve('hl7.fhir.r4.examples/package.json');
  const hl7: OperationDefinition = JSON.parse(
    readFileSync(examples.replace('package.json', 'OperationDefinition-Observation-lastn.json'), 'utf8'),
  );
  assert.equal(hl7.url, definition);
  const statement = (await world.bare('GET', '/fhir/metadata')).body as CapabilityStatement;
  const announced = statement.rest?.[0]?.resource?.find(({ type }) => type === 'Observation')?.operation;
  assert.ok(announced?.some((one) => one.name === 'lastn' && one.definition === definition));
});
