/** Records of many persons at once say to every reader what a search about each alone says. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AboutQuery, Actor } from '../../access/contract.ts';
import { type AccessWorld, openAccessWorld } from '../../access/testing.ts';
import type { Resource, ResourceType } from '../types.ts';

let world: AccessWorld;
const patients: string[] = [];
const TYPES: ResourceType[] = ['Patient', 'Encounter', 'Observation', 'Consent', 'MedicationRequest'];

before(async () => {
  world = await openAccessWorld();
  for (const unit of ['cs-1', 'cs-2', 'cs-1']) {
    const { patient } = await world.arrive(unit);
    patients.push(patient);
    await world.observe(patient, {});
    await world.observe(patient, {
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
    });
  }
  const denied = await world.send('POST', '/fhir/Consent', {
    resourceType: 'Consent',
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { reference: `Patient/${patients[2]}` },
    dateTime: '2026-11-20',
    policyRule: { text: 'hạn chế' },
    provision: {
      type: 'deny',
      class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Observation' }],
    },
  });
  assert.equal(denied.status, 201, JSON.stringify(denied.body));
});
after(() => world.stop());

const actorOf = (role: Actor['roles'][number], unit: string, more: Partial<Actor> = {}): Actor => ({
  id: `${role}.${unit}`,
  name: `Người ${role}`,
  roles: [role],
  unit,
  practitioner: null,
  ip: '127.0.0.1',
  purpose: { code: 'TREAT' },
  ...more,
});
const name = ({ resourceType, id, meta }: Resource) => `${resourceType}/${id} ${meta?.versionId}`;

for (const [role, unit] of [
  ['doctor', 'cs-1'],
  ['doctor', 'cs-2'],
  ['nurse', 'cs-1'],
  ['reception', 'cs-2'],
] as const)
  test(`${role} of ${unit}: neither more nor less than of each alone`, async () => {
    const session = world.program.kernel.gate.as(actorOf(role, unit));
    const among = await session.recordsAmong([...patients, 'khong-co'], TYPES);
    const open = TYPES.filter((type) => session.reach('search', type) !== 'none');
    let seen = 0;
    for (const patient of patients) {
      const alone = await session.searchAbout(
        patient,
        open.map((type): AboutQuery => [type]),
      );
      const expected = (alone as Resource[][]).flat().map(name).sort();
      assert.deepEqual(among.get(patient)!.map(name).sort(), expected, patient);
      seen += expected.length;
    }
    assert.ok(seen > 0 && seen < 12, `${seen} of the record`);
    assert.deepEqual(among.get('khong-co'), []);
  });

test('a person denies a type: it is not among what is read together, either; each person has a line of the audit', async () => {
  const session = world.program.kernel.gate.as(actorOf('doctor', 'cs-1', { id: 'bac-si-moi' }));
  const among = await session.recordsAmong(patients, ['Patient', 'Observation']);
  const types = (patient: string) => new Set(among.get(patient)!.map(({ resourceType }) => resourceType));
  assert.ok(types(patients[0]!).has('Observation'));
  assert.deepEqual(types(patients[2]!), new Set(['Patient']));
  const { rows } = await world.program.kernel.pool.query<{ patient: string; what: string }>(
    `select patient, what from audit where who = 'bac-si-moi' order by patient`,
  );
  assert.deepEqual(
    rows,
    [...patients].sort().map((patient) => ({ patient, what: `Patient/${patient}: Patient Observation` })),
  );
});
