import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FhirWorld } from '../../testing.ts';
import {
  ANIMAL,
  assertAnnounced,
  assertRefused,
  ICD,
  openTerms,
  outOf,
  parameters,
  VISIT,
} from './fixture.testing.ts';
import { VALUE_SET_VALIDATE_CODE } from './value-set-validate-code.ts';

const url = 'http://example.org/vs/nha';
let world: FhirWorld;
before(async () => {
  world = await openTerms(
    {
      resourceType: 'ValueSet',
      id: 'nha',
      url,
      version: '1',
      status: 'active',
      title: 'Vật nuôi',
      compose: {
        include: [
          { system: ANIMAL, filter: [{ property: 'concept', op: 'is-a', value: 'thu' }] },
          { system: ICD, concept: [{ code: 'W54' }] },
        ],
        exclude: [{ system: ANIMAL, concept: [{ code: 'meo' }] }],
      },
    },
    {
      resourceType: 'ValueSet',
      id: 'vong',
      url: 'http://example.org/vs/vong',
      status: 'active',
      compose: { include: [{ valueSet: ['http://example.org/vs/vong'] }] },
    },
    { resourceType: 'ValueSet', id: 'trong', url: 'http://example.org/vs/trong', status: 'active' },
  );
});
after(() => world.stop());

const ask = (query: string) => world.send('GET', `/fhir/ValueSet/$validate-code?${query}`);
const holds = async (query: string) => outOf(await ask(query)).result;

test('in the set and not: filters, lists, exclusions', async () => {
  assert.equal(await holds(`url=${url}&system=${ANIMAL}&code=cun`), true);
  assert.equal(await holds(`url=${url}&system=${ANIMAL}&code=meo`), false);
  assert.equal(await holds(`url=${url}&system=${ICD}&code=W54`), true);
  const { message } = outOf(await ask(`url=${url}&system=${ICD}&code=X99.99`));
  assert.match(
    String(message),
    /không thuộc Vật nuôi.*không có mã "X99.99"/,
    'also that the code does not exist',
  );
});

test('implicit sets of whole lists, on a day; R4’s own sets; the set that an element is bound to', async () => {
  const whole = 'url=http://yba.vn/fhir/vs/loai-kcb';
  assert.equal(await holds(`${whole}&system=${VISIT}&code=12&date=2026-08-01`), true);
  assert.equal(await holds(`${whole}&system=${VISIT}&code=12&date=2026-07-31`), false);
  assert.equal(await holds(`${whole}&code=01`), true, 'one system alone need not be named');
  const gender = 'system=http://hl7.org/fhir/administrative-gender';
  assert.equal(
    await holds(`url=http://hl7.org/fhir/ValueSet/administrative-gender&${gender}&code=male`),
    true,
  );
  const context = encodeURIComponent('http://hl7.org/fhir/StructureDefinition/Patient#Patient.gender');
  assert.equal(await holds(`context=${context}&${gender}&code=male`), true);
  assert.equal(await holds(`context=${context}&${gender}&code=nam`), false);
});

test('name, version, instance, set in the question, CodeableConcept', async () => {
  assert.equal(await holds(`url=${url}&system=${ANIMAL}&code=cho&display=Chim`), false);
  assert.equal(
    await holds(`url=${url}&valueSetVersion=1&system=${ANIMAL}&code=cho&systemVersion=2&display=Chó`),
    true,
  );
  const at = await world.send('GET', `/fhir/ValueSet/nha/$validate-code?system=${ANIMAL}&code=cho`);
  assert.equal(outOf(at).result, true);
  const inline = {
    name: 'valueSet',
    resource: {
      resourceType: 'ValueSet',
      status: 'active',
      compose: { include: [{ system: 'http://nowhere', concept: [{ code: 'x' }] }] },
    },
  };
  const concept = {
    coding: [
      { system: 'http://nowhere', code: 'y' },
      { system: 'http://nowhere', code: 'x' },
    ],
  };
  const posted = await world.send(
    'POST',
    '/fhir/ValueSet/$validate-code',
    parameters(inline, { name: 'codeableConcept', valueCodeableConcept: concept }),
  );
  assert.equal(outOf(posted).result, true);
});

test('search by :in asks the same sets, those of the content with them', async () => {
  for (const [id, code] of [
    ['a', 'W54'],
    ['b', 'E11.9'],
  ] as const) {
    const condition = {
      resourceType: 'Condition',
      id,
      subject: { reference: 'Patient/x' },
      code: { coding: [{ system: ICD, code }] },
    };
    assert.equal((await world.send('PUT', `/fhir/Condition/${id}`, condition)).status, 201);
  }
  const ids = async (query: string) => {
    const answer = await world.send('GET', `/fhir/Condition?${query}`);
    assert.equal(answer.status, 200, answer.text);
    return (answer.body.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id).sort();
  };
  assert.deepEqual(await ids(`code:in=${url}`), ['a']);
  assert.deepEqual(await ids('code:in=http://yba.vn/fhir/vs/icd-10'), ['a', 'b']);
  assert.deepEqual(await ids('code:not-in=http://yba.vn/fhir/vs/icd-10'), []);
  assert.deepEqual(await ids(`code:below=${ICD}|E11`), ['b']);
  assert.deepEqual(await ids(`code:above=${ICD}|E11.91`), ['b'], 'also of a code that no list has');
});

test('whatever is wrong is told by name', async () => {
  assertRefused(await ask(`system=${ANIMAL}&code=cho`), 400, 'url');
  assertRefused(await ask(`url=${url}&system=${ANIMAL}`), 400, 'code');
  assertRefused(await ask(`url=${url}&code=cho`), 400, 'system');
  assertRefused(await ask(`url=http://nowhere&system=${ANIMAL}&code=cho`), 404, 'url');
  assertRefused(await ask(`url=${url}&valueSetVersion=9&system=${ANIMAL}&code=cho`), 404, 'url');
  assertRefused(await ask(`url=http://example.org/vs/trong&system=${ANIMAL}&code=cho`), 400, 'url');
  assertRefused(await ask(`context=Patient.name&system=${ANIMAL}&code=cho`), 400, 'context');
  const loop = await ask(`url=http://example.org/vs/vong&system=${ANIMAL}&code=cho`);
  assertRefused(loop, 422, 'url');
  assert.match(loop.body.issue[0].details.text, /gọi vòng lại chính nó/);
});

test('it is announced and defined as HL7 defines it', () => assertAnnounced(world, VALUE_SET_VALIDATE_CODE));
