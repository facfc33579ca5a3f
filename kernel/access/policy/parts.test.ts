/** A hospital is also its departments and sites: for what a person denies to it, grants to it, and denies of what it holds. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Organization } from '../../fhir/types.ts';
import type { Store } from '../../store/contract.ts';
import { type AccessWorld, openAccessWorld, type Person } from '../testing.ts';
import { authorityFault, compileAuthorities, openParts } from './parts.ts';

const FACILITY = 'http://yba.vn/fhir/cs/loai-co-so';
const organization = (id: string, above: string | null, type?: string) => ({
  resourceType: 'Organization' as const,
  id,
  name: id,
  ...(above === null ? {} : { partOf: { reference: `Organization/${above}` } }),
  ...(type === undefined ? {} : { type: [{ coding: [{ system: FACILITY, code: type }] }] }),
});

test('the chain of a unit: through departments and sites, not into an authority, not in a circle, never without end', async () => {
  const all: Record<string, Organization> = {};
  const add = (...of: Parameters<typeof organization>) => {
    all[of[0]] = organization(...of);
  };
  add('so-y-te', null, 'so-y-te');
  add('bv', 'so-y-te', 'benh-vien');
  add('co-so-2', 'bv', 'benh-vien');
  add('khoa', 'co-so-2');
  add('a', 'b');
  add('b', 'a');
  for (let n = 0; n < 40; n++) add(`sau-${n}`, `sau-${n + 1}`);
  add('mo-coi', 'khong-co');
  const read = async (_type: string, id: string) =>
    all[id] ? { deleted: false, body: Buffer.from(JSON.stringify(all[id])) } : null;
  let now = 0;
  const rows = [{ system: FACILITY, codes: 'so-y-te bhxh' }];
  const parts = openParts({ read } as unknown as Store, compileAuthorities(rows).is, () => now);
  assert.equal(parts.known('khoa'), undefined);
  assert.deepEqual(await parts.of('khoa'), ['khoa', 'co-so-2', 'bv']);
  assert.deepEqual(parts.known('khoa'), ['khoa', 'co-so-2', 'bv']);
  assert.deepEqual(await parts.of('so-y-te'), ['so-y-te'], 'an authority is itself');
  assert.deepEqual(await parts.of('a'), ['a', 'b']);
  assert.deepEqual(await parts.of('mo-coi'), ['mo-coi']);
  assert.deepEqual(await parts.of('khong-co'), ['khong-co']);
  assert.equal((await parts.of('sau-0')).length, 10);
  now += 5_001;
  assert.equal(parts.known('khoa'), undefined, 'asked again, for what other programs write');
  assert.match(authorityFault({ system: 'x', codes: 'y' })!, /code system/);
  assert.match(authorityFault({ system: FACILITY, codes: '' })!, /no codes/);
});

let world: AccessWorld;
before(async () => {
  world = await openAccessWorld();
  for (const one of [
    organization('so', null, 'so-y-te'),
    organization('bv-x', 'so', 'benh-vien'),
    organization('khoa-1', 'bv-x'),
    organization('bv-y', 'so', 'benh-vien'),
  ])
    await world.send('PUT', `/fhir/Organization/${one.id}`, one);
});
after(() => world?.stop());

const decide = (patient: string, type: 'deny' | 'permit', unit: string, role = 'PRCP') => ({
  resourceType: 'Consent',
  status: 'active',
  scope: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
  },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: { reference: `Patient/${patient}` },
  policy: [{ uri: 'http://yba.vn/chinh-sach/quyen-rieng-tu' }],
  provision: {
    type,
    actor: [
      {
        role: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: role }],
        },
        reference: { reference: `Organization/${unit}` },
      },
    ],
  },
});

/** Whether the doctor finds the observation: read by its id, in the list of the person. */
async function sees(doctor: Person, patient: string, id: string): Promise<boolean> {
  const read = (await doctor.call('GET', `/fhir/Observation/${id}`)).status === 200;
  const list = (await doctor.call('GET', `/fhir/Observation?patient=${patient}`)).body.entry ?? [];
  assert.equal(list.length > 0, read, 'the list says what the read says');
  return read;
}

const HELD = { performer: [{ reference: 'Organization/bv-khac' }] };

test('"not hospital X" holds for its departments; for its authority alone where that is named; and follows a move', async () => {
  const inside = await world.staff('doctor', 'khoa-1');
  const { patient } = await world.arrive('khoa-1');
  const id = await world.observe(patient, HELD);
  assert.equal(await sees(inside, patient, id), true);
  const above = (await world.send('POST', '/fhir/Consent', decide(patient, 'deny', 'so'))).body;
  assert.equal(await sees(inside, patient, id), true, 'the department of health supervises the hospital');
  await world.send('DELETE', `/fhir/Consent/${above.id}`);
  const { status } = await world.send('POST', '/fhir/Consent', decide(patient, 'deny', 'bv-x'));
  assert.equal(status, 201);
  assert.equal(await sees(inside, patient, id), false);
  await world.send('PUT', '/fhir/Organization/khoa-1', organization('khoa-1', 'bv-y'));
  assert.equal(await sees(inside, patient, id), true, 'it is a department of another hospital now');
  await world.send('PUT', '/fhir/Organization/khoa-1', organization('khoa-1', 'bv-x'));
  assert.equal(await sees(inside, patient, id), false);
});

test('a grant to hospital X opens to its departments, and not to another hospital or by the authority', async () => {
  const inside = await world.staff('doctor', 'khoa-1');
  const other = await world.staff('doctor', 'bv-y');
  const { patient } = await world.arrive('cs-1');
  const id = await world.observe(patient, HELD);
  assert.deepEqual([await sees(inside, patient, id), await sees(other, patient, id)], [false, false]);
  await world.send('POST', '/fhir/Consent', decide(patient, 'permit', 'so'));
  assert.deepEqual([await sees(inside, patient, id), await sees(other, patient, id)], [false, false]);
  await world.send('POST', '/fhir/Consent', decide(patient, 'permit', 'bv-x'));
  assert.deepEqual([await sees(inside, patient, id), await sees(other, patient, id)], [true, false]);
});

test('"nothing of what hospital X holds": by the visit, with its departments, told, and no more than that; following a move', async () => {
  const doctor = await world.staff('doctor', 'cs-1');
  const { patient, encounter } = await world.arrive('cs-1');
  const visit = (
    await world.send('POST', '/fhir/Encounter', {
      resourceType: 'Encounter',
      status: 'finished',
      class: { code: 'AMB' },
      subject: { reference: `Patient/${patient}` },
      serviceProvider: { reference: 'Organization/khoa-1' },
    })
  ).body.id;
  const of = (id: string) => ({ encounter: { reference: `Encounter/${id}` } });
  const held = await world.observe(patient, of(visit));
  const others = await world.observe(patient, of(encounter));
  const unknown = await world.observe(patient, {});
  const shown = async () => {
    const list = await doctor.call('GET', `/fhir/Observation?patient=${patient}`);
    const ids: string[] = (list.body.entry ?? []).map((one: { resource: { id: string } }) => one.resource.id);
    for (const id of [held, others, unknown]) {
      const { status } = await doctor.call('GET', `/fhir/Observation/${id}`);
      assert.equal(status === 200, ids.includes(id), 'the list says what the read says');
    }
    return [held, others, unknown].map((id) => ids.includes(id));
  };
  assert.deepEqual(await shown(), [true, true, true]);
  const written = await world.send('POST', '/fhir/Consent', decide(patient, 'deny', 'bv-x', 'CST'));
  assert.match(written.headers.get('warning')!, /Who holds data/);
  assert.deepEqual(await shown(), [false, true, false]);
  assert.equal((await doctor.call('GET', `/fhir/Encounter/${visit}`)).status, 404);
  await world.send('PUT', '/fhir/Organization/khoa-1', organization('khoa-1', 'bv-y'));
  assert.deepEqual(await shown(), [true, true, false]);
  await world.send('PUT', '/fhir/Organization/khoa-1', organization('khoa-1', 'bv-x'));
  assert.deepEqual(await shown(), [false, true, false]);
  const { body } = written;
  await world.send('PUT', `/fhir/Consent/${body.id}`, {
    ...decide(patient, 'deny', 'so', 'CST'),
    id: body.id,
  });
  assert.deepEqual(await shown(), [true, true, false], 'the department of health supervises the hospital');
});
