/** A card that proposes a task: tried over the past, switched on, shown when vital signs are saved, taken up by one press (CDS-08). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld } from '../../kernel/access/testing.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type { PersonCard } from '../../kernel/person-card.ts';
import { switchOn } from './testing.ts';

const RULE = 'sang-loc-nhiem-khuan-huyet';
const JSON_BODY = { 'content-type': 'application/json' };
let world: AccessWorld;
let doctor: Awaited<ReturnType<AccessWorld['staff']>>;
let path: string;
let patient: string;
let encounter: string;

before(async () => {
  world = await openAccessWorld();
  await world.send('PUT', '/fhir/Practitioner/nv-thu', {
    resourceType: 'Practitioner',
    id: 'nv-thu',
    name: [{ text: 'Bác sĩ Thử' }],
  });
  await world.program.house.access.accounts.add({
    id: 'doctor.cs-1',
    name: 'Bác sĩ Thử',
    roles: ['doctor'],
    unit: 'cs-1',
    practitioner: 'nv-thu',
    password: 'Mật khẩu thử 2026!',
  });
  doctor = await world.staff('doctor', 'cs-1');
  const made = await world.send('POST', '/fhir/Patient', {
    resourceType: 'Patient',
    gender: 'male',
    birthDate: '1960-05-01',
  });
  patient = made.body.id;
  const visit = await world.send('POST', '/fhir/Encounter', {
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${patient}` },
    serviceProvider: { reference: 'Organization/cs-1' },
    period: { start: new Date(Date.now() - 3_600_000).toISOString() },
  });
  encounter = visit.body.id;
  path = `/api/decisions/people/${patient}/cards`;
  for (const [code, value, unit] of [
    ['9279-1', 26, '/min'],
    ['8480-6', 96, 'mm[Hg]'],
    ['8310-5', 38.6, 'Cel'],
  ] as const)
    await world.observe(patient, {
      code: { coding: [{ system: cs.loinc, code }] },
      encounter: { reference: `Encounter/${encounter}` },
      effectiveDateTime: new Date(Date.now() - 60_000).toISOString(),
      valueQuantity: { value, unit, system: cs.ucum, code: unit },
    });
});
after(() => world.stop());

async function card(): Promise<PersonCard | undefined> {
  const { body } = await doctor.call('GET', `${path}?encounter=${encounter}`);
  return (body as unknown as { cards: PersonCard[] }).cards.find(({ rule }) => rule === RULE);
}

test('the screen is silent before it was tried; then its task is made for the person, in the visit, by who took it up', async () => {
  assert.equal(await card(), undefined);
  await switchOn(world, RULE);
  const shown = (await card())!;
  assert.match(shown.title, /^Nghi nhiễm khuẩn huyết: NEWS2 ít nhất 6/);
  assert.equal(shown.suggestions.length, 1);
  const taken = await doctor.call(
    'POST',
    `${path}/${shown.id}/accept?encounter=${encounter}`,
    { suggestion: 0 },
    JSON_BODY,
  );
  assert.equal(taken.status, 200, JSON.stringify(taken.body));
  const { reference } = taken.body as unknown as { reference: string };
  const { body: task } = await doctor.call('GET', `/fhir/${reference}`);
  const { resourceType, priority, status, authoredOn, ...rest } = task as unknown as Record<string, unknown>;
  assert.deepEqual([resourceType, priority, status], ['Task', 'stat', 'requested']);
  assert.deepEqual(rest.for, { reference: `Patient/${patient}` });
  assert.deepEqual(rest.encounter, { reference: `Encounter/${encounter}` });
  assert.deepEqual(rest.requester, { reference: 'Practitioner/nv-thu', display: 'Bác sĩ Thử' });
  assert.match(String(authoredOn), /^\d{4}-\d\d-\d\dT.*\+07:00$/);
  assert.equal(await card(), undefined);
});
