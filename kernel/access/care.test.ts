/** Care relationships beside visits: what opens a record to a unit, from when, and until when. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cs, ext } from '../fhir/systems.ts';
import type { Resource } from '../fhir/types.ts';
import { OPENERS, ROOM, unit } from './care.testing.ts';
import { careLinkOf } from './care-links.ts';
import { type AccessWorld, openAccessWorld, type Person } from './testing.ts';

let world: AccessWorld;
let doctor: Person;

before(async () => {
  world = await openAccessWorld();
  doctor = await world.staff('doctor', 'cs-2');
});
after(() => world.stop());

async function person(more: object = {}): Promise<{ patient: string; fact: string }> {
  const made = await world.send('POST', '/fhir/Patient', {
    resourceType: 'Patient',
    name: [{ text: 'Người thử' }],
    ...more,
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return { patient: made.body.id, fact: await world.observe(made.body.id, {}) };
}

const sees = async (fact: string) => (await doctor.call('GET', `/fhir/Observation/${fact}`)).status;
const finds = async (patient: string) =>
  ((await doctor.call('GET', `/fhir/Observation?patient=${patient}`)).body.entry ?? []).length;

for (const [name, resource] of OPENERS) {
  test(`${name} opens the record to it`, async () => {
    await world.send('PUT', '/fhir/Location/phong-cs-2', ROOM);
    const { patient, fact } = await person();
    assert.equal(await sees(fact), 403);
    const made = await world.send(
      'POST',
      `/fhir/${(resource(patient) as Resource).resourceType}`,
      resource(patient),
    );
    assert.equal(made.status, 201, JSON.stringify(made.body));
    await world.program.house.kernel.events.settled();
    assert.equal(await sees(fact), 200);
    assert.equal(await finds(patient), 1);
  });
}

test('an order counts at once in the program that wrote it, and no more once it is revoked', async () => {
  const { patient, fact } = await person();
  const order = OPENERS[0]![1](patient);
  const made = await world.send('POST', '/fhir/ServiceRequest', order);
  assert.equal(await sees(fact), 200);
  const revoked = { ...order, id: made.body.id, status: 'revoked' };
  assert.equal((await world.send('PUT', `/fhir/ServiceRequest/${made.body.id}`, revoked)).status, 200);
  await world.program.house.kernel.events.settled();
  world.setNow(new Date(Date.now() + 60_000).toISOString());
  assert.equal(await sees(fact), 403);
});

test('the managing unit and the station of residence see the record; another commune does not', async () => {
  const at = (code: string) => ({
    address: [{ extension: [{ url: ext.unit, valueCoding: { system: cs.unit, code } }] }],
  });
  const station = await world.send('PUT', '/fhir/Organization/cs-2', {
    resourceType: 'Organization',
    id: 'cs-2',
    name: 'Trạm cs-2',
    type: [{ coding: [{ system: cs.facilityType, code: 'tram-y-te' }] }],
    ...at('25747'),
  });
  assert.equal(station.status, 200, JSON.stringify(station.body));
  world.setNow(new Date(Date.now() + 600_000).toISOString());
  const managed = await person({ managingOrganization: unit });
  await world.program.house.kernel.events.settled();
  assert.equal(await sees(managed.fact), 200);
  assert.equal(await sees((await person(at('25747'))).fact), 200);
  assert.equal(await sees((await person(at('25750'))).fact), 403);
});

test('what was cancelled or entered in error opens nothing; what ended says when', () => {
  const order = OPENERS[0]![1]('p') as Resource;
  const link = (status: string) =>
    careLinkOf({ ...order, id: 'x', status, meta: { lastUpdated: '2026-11-01T00:00:00Z' } } as Resource);
  assert.equal(link('entered-in-error'), null);
  assert.equal(link('draft'), null);
  assert.equal(link('active')!.ended, null);
  assert.equal(link('completed')!.ended!.toISOString(), '2026-11-01T00:00:00.000Z');
  const referral = { ...order, category: [{ coding: [{ code: '3457005' }] }] } as Resource;
  assert.equal(careLinkOf(referral)!.kind, 'referral');
  assert.equal(careLinkOf({ ...order, performer: [{ reference: 'Practitioner/x' }] } as Resource), null);
});
