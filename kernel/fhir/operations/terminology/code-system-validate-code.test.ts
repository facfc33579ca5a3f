import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FhirWorld } from '../../testing.ts';
import { CODE_SYSTEM_VALIDATE_CODE } from './code-system-validate-code.ts';
import {
  ANIMAL,
  ANIMALS,
  assertAnnounced,
  assertRefused,
  ICD,
  openTerms,
  outOf,
  parameters,
  VISIT,
} from './fixture.testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openTerms({
    resourceType: 'CodeSystem',
    id: 'rong',
    url: 'http://example.org/rong',
    status: 'active',
    content: 'not-present',
  });
});
after(() => world.stop());

const ask = (query: string) => world.send('GET', `/fhir/CodeSystem/$validate-code?${query}`);
const holds = async (query: string) => {
  const { result, message } = outOf(await ask(query));
  assert.equal(message === undefined, result === true, 'a refusal says why');
  return result;
};

test('a code of a list, on its days: loại KCB 12 exists since 2026-08-01 (QĐ 1804/QĐ-BYT)', async () => {
  assert.equal(await holds(`url=${ICD}&code=A00.0`), true);
  assert.equal(await holds(`url=${ICD}&code=X99.99`), false);
  assert.equal(await holds(`url=${VISIT}&code=12&date=2026-07-31`), false);
  assert.equal(await holds(`url=${VISIT}&code=12&date=2026-08-01`), true);
});

test('đối tượng KCB 7.1 went on 2025-07-01 (QĐ 3276/QĐ-BYT): it is there, and not in force', async () => {
  const url = 'http://yba.vn/fhir/cs/doi-tuong-kcb';
  assert.equal(await holds(`url=${url}&code=7.1&date=2025-06-30`), true);
  const { result, message } = outOf(await ask(`url=${url}&code=7.1&date=2025-07-01`));
  assert.equal(result, false);
  assert.match(String(message), /không dùng vào ngày 2025-07-01.*not in force/);
});

test('a name that is given must be one of the code’s names; case does not count', async () => {
  assert.equal(await holds(`url=${ANIMAL}&code=cho&display=CHÓ`), true);
  assert.equal(await holds(`url=${ANIMAL}&code=cho&display=dog`), true);
  const { result, display } = outOf(await ask(`url=${ANIMAL}&code=cho&display=Mèo`));
  assert.deepEqual([result, display], [false, 'Chó']);
});

test('a grouping is no choice unless abstract=true; a part of a system says that it is one', async () => {
  assert.equal(await holds(`url=${ANIMAL}&code=con-vat`), false);
  assert.equal(await holds(`url=${ANIMAL}&code=con-vat&abstract=true`), true);
  const { message } = outOf(await ask('url=http://loinc.org&code=99999-9'));
  assert.match(String(message), /the whole system may/);
});

test('by instance, of the record and of the content; with the system in the question; by Coding and CodeableConcept', async () => {
  const at = (id: string, query: string) =>
    world.send('GET', `/fhir/CodeSystem/${id}/$validate-code?${query}`);
  assert.equal(outOf(await at('con-vat', 'code=cho')).result, true);
  assert.equal(outOf(await at('danh-muc-icd-10', 'code=A00.0')).result, true);
  const post = async (...given: object[]) =>
    outOf(await world.send('POST', '/fhir/CodeSystem/$validate-code', parameters(...given))).result;
  const inline = {
    name: 'codeSystem',
    resource: { ...ANIMALS, url: 'http://example.org/khac', concept: [{ code: 'bo' }] },
  };
  assert.equal(await post(inline, { name: 'code', valueCode: 'bo' }), true);
  assert.equal(await post({ name: 'coding', valueCoding: { system: ANIMAL, code: 'cho' } }), true);
  const concept = {
    coding: [
      { system: 'http://other', code: 'x' },
      { system: ANIMAL, code: 'meo' },
    ],
  };
  const codeableConcept = { name: 'codeableConcept', valueCodeableConcept: concept };
  assert.equal(await post({ name: 'url', valueUri: ANIMAL }, codeableConcept), true, 'one coding is enough');
});

test('a version that is not here is no answer', async () => {
  assert.equal(await holds(`url=${ANIMAL}&code=cho&version=2`), true);
  assertRefused(await ask(`url=${ANIMAL}&code=cho&version=3`), 404, 'url');
});

test('whatever is wrong is told by name', async () => {
  assertRefused(await ask(`url=${ICD}`), 400, 'code');
  assertRefused(await ask('code=x'), 400, 'url');
  assertRefused(await ask('url=http://nowhere&code=x'), 404, 'url');
  assertRefused(await ask('url=http://example.org/rong&code=x'), 404, 'url');
  assertRefused(await ask(`url=${ICD}&code=A00&abstract=maybe`), 400, 'abstract');
  assertRefused(await world.send('GET', '/fhir/CodeSystem/rong/$validate-code?code=x'), 400, 'codeSystem');
  assert.equal((await world.send('GET', '/fhir/CodeSystem/khong-co/$validate-code?code=x')).status, 404);
  const both = parameters({ name: 'code', valueCode: 'x' }, { name: 'coding', valueCoding: { code: 'x' } });
  assertRefused(await world.send('POST', '/fhir/CodeSystem/$validate-code', both), 400, 'coding');
});

test('a system that comes with the question needs no address', async () => {
  const codeSystem = {
    resourceType: 'CodeSystem',
    status: 'draft',
    content: 'complete',
    concept: [{ code: 'q' }],
  };
  for (const [code, result] of [
    ['q', true],
    ['r', false],
  ] as const) {
    const question = parameters(
      { name: 'codeSystem', resource: codeSystem },
      { name: 'code', valueCode: code },
    );
    assert.equal(outOf(await world.send('POST', '/fhir/CodeSystem/$validate-code', question)).result, result);
  }
});

test('it is announced and defined as HL7 defines it', () =>
  assertAnnounced(world, CODE_SYSTEM_VALIDATE_CODE));
