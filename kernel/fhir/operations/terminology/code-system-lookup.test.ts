import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FhirWorld } from '../../testing.ts';
import { CODE_SYSTEM_LOOKUP } from './code-system-lookup.ts';
import {
  ANIMAL,
  assertAnnounced,
  assertRefused,
  ICD,
  openTerms,
  outOf,
  parameters,
  partsOf,
  VISIT,
} from './fixture.testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openTerms();
});
after(() => world.stop());

const look = (query: string) => world.send('GET', `/fhir/CodeSystem/$lookup?${query}`);
const properties = (answer: Awaited<ReturnType<typeof look>>) =>
  Object.fromEntries(partsOf(answer, 'property').map(({ code, value }) => [code, value]));

test('a code of a dated list: name, version, display, English name, properties, parent', async () => {
  const answer = await look(`system=${ICD}&code=Z34.9`);
  const out = outOf(answer);
  assert.match(String(out.name), /ICD-10/);
  assert.match(String(out.version), /^\d{4}-\d\d-\d\d$/);
  assert.match(String(out.display), /thai/i);
  assert.ok(
    partsOf(answer, 'designation').some(
      ({ language, value }) => language === 'en' && /pregnancy/i.test(String(value)),
    ),
  );
  const { parent, sex, inactive, not_principal } = properties(answer);
  assert.deepEqual(
    { parent, sex, inactive, not_principal },
    { parent: 'Z34', sex: 'F', inactive: false, not_principal: '1' },
  );
});

test('a stored system: definition, children, designations with their use, a property that is asked for', async () => {
  const answer = await look(`system=${ANIMAL}&code=cho`);
  const { child, parent, tieng } = properties(answer);
  assert.deepEqual({ child, parent, tieng }, { child: 'cun', parent: 'thu', tieng: 'gâu' });
  assert.equal(properties(await look(`system=${ANIMAL}&code=thu`)).definition, 'Loài có vú');
  const one = await look(`system=${ANIMAL}&code=cho&property=tieng`);
  assert.deepEqual(properties(one), { tieng: 'gâu' });
  assert.deepEqual(partsOf(one, 'designation'), []);
});

test('the day decides: before it begins a code is not there', async () => {
  assertRefused(await look(`system=${VISIT}&code=12&date=2026-07-31`), 404, 'code');
  assert.ok(outOf(await look(`system=${VISIT}&code=12&date=2026-08-01`)).display);
  assert.equal(
    outOf(await look(`system=${VISIT}&code=04&date=2026-07-31`)).display,
    'Điều trị nội trú ban ngày',
  );
  assert.equal(outOf(await look(`system=${VISIT}&code=04&date=2026-08`)).display, 'Điều trị ban ngày');
});

test('a version of a list is the day on which it began', async () => {
  const { version } = outOf(await look(`system=${VISIT}&code=04&date=2026-07-31`));
  assert.equal(
    outOf(await look(`system=${VISIT}&code=04&version=${version}`)).display,
    'Điều trị nội trú ban ngày',
  );
  assertRefused(await look(`system=${VISIT}&code=04&version=1999-01-01`), 404, 'system');
});

test('displayLanguage, and R4’s own codes', async () => {
  assert.equal(outOf(await look(`system=${ANIMAL}&code=cho&displayLanguage=en-US`)).display, 'Dog');
  assert.equal(
    outOf(await look('system=http://hl7.org/fhir/administrative-gender&code=female')).display,
    'Female',
  );
  const error = 'system=http://hl7.org/fhir/observation-status&code=entered-in-error';
  assert.equal(outOf(await look(error)).display, 'Entered in Error');
});

test('by POST with a Coding, and as an entry of a batch', async () => {
  const coding = { system: ANIMAL, code: 'meo', version: '2' };
  const posted = await world.send(
    'POST',
    '/fhir/CodeSystem/$lookup',
    parameters({ name: 'coding', valueCoding: coding }),
  );
  assert.equal(outOf(posted).display, 'Mèo');
  const batch = await world.send('POST', '/fhir', {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [{ request: { method: 'GET', url: `CodeSystem/$lookup?system=${ANIMAL}&code=meo` } }],
  });
  assert.equal(batch.body.entry[0].resource.resourceType, 'Parameters');
});

test('whatever is wrong is told by name', async () => {
  assertRefused(await look('code=x'), 400, 'system');
  assertRefused(await look(`system=${ICD}`), 400, 'code');
  assertRefused(await look(`system=${ICD}&code=X99.99`), 404, 'code');
  assertRefused(await look('system=http://nowhere&code=x'), 404, 'system');
  assertRefused(await look(`system=${ICD}&code=A00&date=hom-qua`), 400, 'date');
  assertRefused(await look(`system=${ICD}&code=A00&colour=red`), 400, 'colour');
  assertRefused(await look(`system=${ICD}&code=A00&code=A01`), 400, 'code');
  assertRefused(await look(`system=${ICD}&coding=A00`), 400, 'coding');
  const post = (body: object) => world.send('POST', '/fhir/CodeSystem/$lookup', body);
  assertRefused(await post(parameters({ name: 'code', valueInteger: 1 })), 400, 'code');
  assertRefused(await post(parameters({ name: 'coding', valueCoding: { code: 1 } })), 400, 'coding');
  assertRefused(await post({ resourceType: 'Patient' }), 400, 'Parameters');
  assert.equal((await world.bare('GET', '/fhir/CodeSystem/$lookup')).status, 401);
  assert.equal((await world.send('PUT', '/fhir/CodeSystem/$lookup', {})).status, 405);
});

test('lang.X asks for the names in a language alone', async () => {
  const languages = async (property: string) =>
    partsOf(await look(`system=${ANIMAL}&code=cho&property=${property}`), 'designation').map(
      ({ language }) => language,
    );
  assert.deepEqual(await languages('lang.en'), ['en']);
  assert.deepEqual(await languages('lang.fr'), []);
  assert.deepEqual(await languages('tieng'), []);
});

test('the code systems that HL7 publishes with R4 are known, those of v2 and v3 too', async () => {
  for (const [system, code, display] of [
    ['http://hl7.org/fhir/administrative-gender', 'male', 'Male'],
    ['http://terminology.hl7.org/CodeSystem/observation-category', 'laboratory', 'Laboratory'],
    ['http://terminology.hl7.org/CodeSystem/v3-ActCode', 'AMB', 'ambulatory'],
    ['http://terminology.hl7.org/CodeSystem/v2-0203', 'MR', 'Medical record number'],
  ] as const) {
    assert.equal(outOf(await look(`system=${system}&code=${code}`)).display, display);
  }
});

test('it is announced and defined as HL7 defines it', () => assertAnnounced(world, CODE_SYSTEM_LOOKUP));
