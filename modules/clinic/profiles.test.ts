/** A whole visit of a new person: everything that the screens write fits the profiles of the content. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openJudge, profileFor } from '../../content/convert/profiles/judge.testing.ts';
import type { Resource } from '../../kernel/fhir/types.ts';
import { CONSULTATION, DAY, line, openWorld, orderedBy, type World } from './testing.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.stop());

const TYPES =
  `Patient Coverage Encounter Condition Observation ServiceRequest MedicationRequest AllergyIntolerance ChargeItem
  Claim`.split(/\s+/);
const PERSON = {
  name: 'Kiều Thị Hòa',
  birthDate: '1985-02-07',
  sex: 'female',
  citizenNumber: '099185000777',
  oldNumber: '012345678',
  passport: 'C1234567',
  insuranceNumber: '0000000777',
  phone: '0000611953',
  line: 'Thôn Nam',
  commune: '08707',
  address: 'Thôn Nam, phường Vĩnh Yên, tỉnh Phú Thọ',
  ethnicity: '01',
  occupation: '72',
};
const CARD = {
  cardNumber: 'GD4000000000777',
  validFrom: '2026-01-01',
  validTo: '2026-12-31',
  registeredFacility: '25D01',
};
const GLUCOSE = '23.0234.1510';

/** Registered, checked in, seen, tested, prescribed for, asked about allergies, sent home. @returns id of the person */
async function visited(): Promise<string> {
  const desk = await world.hire('tiepdon', 'reception');
  const doctor = await world.signIn('bacsi');
  const made = await desk.call<{ person: { id: string } }>('POST', '/api/people', PERSON);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const patient = made.body.person.id;
  const visit = { patient, room: '25D01-kham', reason: 'Sốt, ho', identifiedBy: 'qr-cccd', coverage: CARD };
  const checked = await desk.call<{ encounter: string }>('POST', '/api/clinic/check-ins', visit);
  assert.equal(checked.status, 201, JSON.stringify(checked.body));
  const at = `/api/clinic/visits/${checked.body.encounter}`;
  const shown = await doctor.call('GET', at);
  const begun = await doctor.call('POST', `${at}/start`, {}, { ifMatch: shown.body.version });
  await doctor.call('PUT', `${at}/consultation`, CONSULTATION, { ifMatch: begun.body.version });
  const allergies = `/api/clinic/people/${patient}/allergies`;
  assert.equal((await doctor.call('POST', `${allergies}/none`)).status, 200);
  const allergy = {
    substance: 'amoxicilin',
    text: '',
    category: 'medication',
    criticality: 'high',
    reaction: 'Nổi mề đay',
    onset: '2019-05',
  };
  assert.equal((await doctor.call('POST', allergies, allergy)).status, 200);
  const { orders, version } = await orderedBy(doctor, at, GLUCOSE);
  const results = { order: orders[0]!.id, results: [{ key: 'GLU_POC', value: 26.1 }] };
  await doctor.call('POST', `${at}/results`, results, { ifMatch: orders[0]!.version });
  const lines = { lines: [line('T001')], overrides: [] };
  const signed = await doctor.call('POST', `${at}/prescription/sign`, lines, { ifMatch: version, key: 'k' });
  assert.equal(signed.status, 200, JSON.stringify(signed.body));
  const home = { outcome: '2', dischargeType: '1', followUp: '2026-11-29', followUpReason: 'Xem lại họng' };
  const done = await doctor.call('POST', `${at}/finish`, home, { ifMatch: signed.body.version });
  assert.equal(done.status, 200, JSON.stringify(done.body));
  return patient;
}

test('what the desk, the consulting room and the laboratory write fits the profiles', async () => {
  const patient = await visited();
  const judge = openJudge(world.program.kernel.content, DAY);
  const written: Resource[] = [await world.program.kernel.gate.system('test').read('Patient', patient)];
  for (const type of TYPES.slice(1)) written.push(...(await world.recordOf(patient, type)));
  const told: string[] = [];
  for (const resource of written) {
    const profile = profileFor(resource);
    if (profile === undefined) continue;
    for (const { severity, expression, textEn } of await judge(resource, profile))
      told.push(`${severity} ${profile} ${expression} ${textEn}`);
  }
  assert.deepEqual(told, []);
  const kinds = new Set(written.map(({ resourceType }) => resourceType as string));
  assert.deepEqual(
    TYPES.filter((type) => !kinds.has(type)),
    [],
    'types that the visit was meant to write',
  );
});
