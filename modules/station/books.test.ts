/** A book says of a person no more than the reader could read, whatever its line was made of. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Resource } from '../../kernel/fhir/types.ts';
import { type Browser, DAY, openWorld, type World } from '../clinic/testing.ts';
import type { BookPage } from './books.ts';

const UNIT = 'Organization/cs-25D01';
const CARD = 'GD4012345678901';

let world: World;
let nurse: Browser;
let patient: string;

before(async () => {
  world = await openWorld();
  nurse = await world.signIn('dieuduong');
  const { store } = world.program.kernel;
  patient = store.newId('Patient');
  const subject = { reference: `Patient/${patient}` };
  await put({
    resourceType: 'Patient',
    id: patient,
    name: [{ text: 'Kim Thị Giữ Thẻ' }],
    birthDate: '1980-01-01',
  });
  await put({
    resourceType: 'Encounter',
    id: store.newId('Encounter', patient),
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject,
    serviceProvider: { reference: UNIT },
    period: { start: `${DAY}T08:00:00+07:00` },
  });
  await put({
    resourceType: 'Coverage',
    id: store.newId('Coverage', patient),
    status: 'active',
    beneficiary: subject,
    payor: [{ display: 'Bảo hiểm xã hội' }],
    identifier: [{ system: sid.bhyt, value: CARD }],
  });
  await world.program.kernel.events.settled();
});
after(() => world.stop());

async function put(resource: Resource): Promise<void> {
  const request = { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` };
  await world.program.kernel.gate
    .system('test')
    .transaction({ resourceType: 'Bundle', type: 'transaction', entry: [{ resource, request }] });
}

const read = async (words: string) =>
  (await nurse.call<BookPage>('GET', `/api/station/books/so-kham-benh?from=${DAY}&to=${DAY}&q=${words}`))
    .body;

test('a line with what its person denies the unit keeps its number and is empty, and no word finds it', async () => {
  const before = await read(CARD);
  assert.equal(before.total, 1);
  assert.match(JSON.stringify(before.rows[0]!.cells), new RegExp(CARD));
  await put({
    resourceType: 'Consent',
    id: world.program.kernel.store.newId('Consent', patient),
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    policy: [{ uri: 'http://yba.vn/chinh-sach/quyen-rieng-tu' }],
    patient: { reference: `Patient/${patient}` },
    provision: {
      type: 'deny',
      class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Coverage' }],
    },
  });
  const whole = await read('');
  const line = whole.rows.find(({ withheld }) => withheld)!;
  assert.deepEqual([whole.total, line.person, Object.keys(line.cells)], [1, null, ['number']]);
  const searched = await read(CARD);
  assert.deepEqual([searched.total, searched.rows], [0, []], 'nor is it said that there is one');
  const file = `/api/station/books/so-kham-benh/file.html?from=${DAY}&to=${DAY}`;
  const text = await (
    await fetch(`${world.program.address}${file}`, {
      headers: { cookie: await cookieOf(world.program.address, 'dieuduong') },
    })
  ).text();
  assert.doesNotMatch(text, new RegExp(CARD));
});
