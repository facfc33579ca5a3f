/** Who stands for whom: by number or link, by age, by document; ends by itself; never by a name. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openContent } from '../../content/content.ts';
import { sid } from '../../fhir/systems.ts';
import type { Patient, RelatedPerson, Resource } from '../../fhir/types.ts';
import { type OpenStore, openStore } from '../../store/index.ts';
import { put } from '../../store/samples.testing.ts';
import { type TestDatabase, withDatabase } from '../../store/testing.ts';
import { type Guardians, openGuardians } from './index.ts';
import { ageOn } from './rules.ts';

let database: TestDatabase;
let store: OpenStore;
let guardians: Guardians;
let now = new Date('2026-11-22T03:00:00Z');
let serial = 0;
const content = openContent(new URL('../../../content', import.meta.url).pathname);
before(async () => {
  database = await withDatabase();
  store = await openStore({ url: database.url, sealEvery: 0 });
});
after(async () => {
  await store.close();
  await database.stop();
});

const keep = (...resources: Resource[]) =>
  store.commit(
    resources.map((one) => put(one)),
    [],
  );
const patient = (id: string, birthDate: string, cccd?: string): Patient => ({
  resourceType: 'Patient',
  id,
  name: [{ text: 'Nguyễn Thị Mẹ' }],
  birthDate,
  ...(cccd && { identifier: [{ system: sid.cccd, value: cccd }] }),
});
const relation = (
  id: string,
  child: string,
  code: string,
  more: Partial<RelatedPerson> = {},
): RelatedPerson => ({
  resourceType: 'RelatedPerson',
  id,
  active: true,
  patient: { reference: `Patient/${child}` },
  relationship: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code }] }],
  name: [{ text: 'Nguyễn Thị Mẹ' }],
  ...more,
});
const byNumber = (value: string) => ({ identifier: [{ system: sid.cccd, value }] });
/** A new room for each question: nothing is remembered. */
const ask = async (citizen: string) => {
  guardians = openGuardians({ pool: database.pool, store, content, now: () => now });
  return (await guardians.dependantsOf(citizen)).map(({ patient: id, kind }) => `${id} ${kind}`).sort();
};
const family = async (birthDate: string, code = 'MTH', more: Partial<RelatedPerson> = {}) => {
  serial += 1;
  const number = `0991990000${String(serial).padStart(2, '0')}`;
  const [mother, child] = [`me-${serial}`, `con-${serial}`];
  await keep(patient(mother, '1990-01-01', number), patient(child, birthDate));
  await keep(relation(`qh-${serial}`, child, code, { ...byNumber(number), ...more }));
  return { mother, child, number };
};

test('a mother by her number: alone under 7, beside the child until 18, not from the birthday on', async () => {
  const { mother, child } = await family('2019-11-23');
  assert.deepEqual(await ask(mother), [`${child} representative`]);
  now = new Date('2026-11-23T03:00:00Z');
  assert.deepEqual(await ask(mother), [`${child} beside`]);
  now = new Date('2037-11-22T16:59:59Z');
  assert.deepEqual(await ask(mother), [`${child} beside`], 'the day before, in Vietnam');
  now = new Date('2037-11-22T17:00:00Z');
  assert.deepEqual(await ask(mother), []);
  now = new Date('2026-11-22T03:00:00Z');
});

test('the same name, another number, an ended or inactive relation, an aunt: nobody', async () => {
  const { child } = await family('2020-01-01');
  await keep(patient('cung-ten', '1990-01-01', '099199000099'));
  assert.deepEqual(await ask('cung-ten'), []);
  const aunt = await family('2020-01-01', 'AUNT');
  assert.deepEqual(await ask(aunt.mother), []);
  const ended = await family('2020-01-01', 'MTH', { period: { end: '2026-11-21' } });
  assert.deepEqual(await ask(ended.mother), []);
  const inactive = await family('2020-01-01', 'MTH', { active: false });
  assert.deepEqual(await ask(inactive.mother), []);
  await keep(relation('qh-ten', child, 'FTH'));
  await keep(patient('khong-so', '1990-01-01'));
  assert.deepEqual(await ask('khong-so'), []);
});

test('a Person links a father without a number', async () => {
  await keep(patient('bo', '1988-01-01'), patient('be', '2022-05-05'));
  await keep(relation('qh-bo', 'be', 'FTH'));
  const person = (active: boolean): Resource => ({
    resourceType: 'Person',
    id: 'nguoi-bo',
    active,
    link: [{ target: { reference: 'Patient/bo' } }, { target: { reference: 'RelatedPerson/qh-bo' } }],
  });
  await keep(person(true));
  assert.deepEqual(await ask('bo'), ['be representative']);
  await keep(person(false));
  assert.deepEqual(await ask('bo'), []);
});

test('the guardian of an adult needs the decision as a current document', async () => {
  const { mother, child } = await family('1960-01-01', 'GUARD');
  assert.deepEqual(await ask(mother), []);
  const document = (status: 'current' | 'superseded'): Resource => ({
    resourceType: 'DocumentReference',
    id: 'quyet-dinh',
    status,
    subject: { reference: `Patient/${child}` },
    type: { coding: [{ system: 'http://yba.vn/fhir/cs/loai-giay', code: 'quyet-dinh-giam-ho' }] },
    content: [{ attachment: { title: 'Quyết định của tòa án' } }],
    context: { related: [{ reference: `RelatedPerson/qh-${serial}` }] },
  });
  await keep(document('current'));
  assert.deepEqual(await ask(mother), [`${child} appointed`]);
  await keep(document('superseded'));
  assert.deepEqual(await ask(mother), []);
  const parent = await family('1990-01-01', 'MTH');
  assert.deepEqual(await ask(parent.mother), [], 'a mother is no guardian of her grown child');
});

test('categories of an adolescent are veiled from the guardian, those of a small child are not', async () => {
  const teenager = await family('2011-01-01');
  const small = await family('2018-01-01');
  await ask(teenager.mother);
  assert.ok((await guardians.dependantsOf(teenager.mother))[0]!.veiled.includes('HIV'));
  assert.deepEqual((await guardians.dependantsOf(small.mother))[0]!.veiled, []);
  assert.deepEqual(await guardians.personsOf(small.mother), [small.mother, small.child]);
});

test('whole years, and a year alone counts from its first day', () => {
  assert.deepEqual(
    [ageOn('2008-11-23', '2026-11-22'), ageOn('2008-11-22', '2026-11-22'), ageOn('2008', '2026-01-01')],
    [17, 18, 18],
  );
  assert.equal(ageOn('2008-02-29', '2026-02-28'), 17);
});
