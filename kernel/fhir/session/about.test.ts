/** Several searches about one person: policy decides on each, one line of the audit tells of all. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AboutQuery, Actor } from '../../access/contract.ts';
import { type AccessWorld, openAccessWorld } from '../../access/testing.ts';

let world: AccessWorld;

before(async () => {
  world = await openAccessWorld();
});
after(() => world.stop());

const actorOf = (role: Actor['roles'][number], unit: string): Actor => ({
  id: `${role}.${unit}`,
  name: `Người ${role}`,
  roles: [role],
  unit,
  practitioner: null,
  ip: '127.0.0.1',
  purpose: { code: 'TREAT' },
});

const sessionOf = (role: Actor['roles'][number], unit: string) =>
  world.program.kernel.gate.as(actorOf(role, unit));

const linesOf = async (patient: string, who: string) =>
  (
    await world.program.kernel.pool.query<{ action: string; what: string; outcome: string }>(
      'select action, what, outcome from audit where patient = $1 and who = $2 order by ts',
      [patient, who],
    )
  ).rows;

const QUERIES = [
  ['Patient'],
  ['Observation', { _sort: '-date' }],
  ['Encounter', { _count: '1' }],
  ['Condition'],
] as const satisfies AboutQuery[];

test('each query answers what the actor may see, and one line names the person and all of them', async () => {
  const { patient, encounter } = await world.arrive('cs-1');
  const observation = await world.observe(patient, {});
  const [persons, observations, encounters, conditions] = await sessionOf('doctor', 'cs-1').searchAbout(
    patient,
    QUERIES,
  );
  assert.deepEqual(
    [persons[0]?.id, observations[0]?.id, encounters[0]?.id, conditions],
    [patient, observation, encounter, []],
  );
  assert.deepEqual(await linesOf(patient, 'doctor.cs-1'), [
    {
      action: 'search',
      what: `Patient/${patient}: Patient Observation?_sort=-date Encounter?_count=1 Condition`,
      outcome: 'ok',
    },
  ]);
});

test('a unit that has no care of the person sees nothing of the care, and the look stands in the audit', async () => {
  const { patient } = await world.arrive('cs-1');
  await world.observe(patient, {});
  const found = await sessionOf('doctor', 'cs-2').searchAbout(patient, [['Observation'], ['Encounter']]);
  assert.deepEqual(found, [[], []]);
  assert.equal((await linesOf(patient, 'doctor.cs-2')).length, 1);
});

test('one query that the role may not ask refuses all, and the refusal is written', async () => {
  const { patient } = await world.arrive('cs-1');
  const session = sessionOf('reception', 'cs-1');
  await assert.rejects(session.searchAbout(patient, [['Patient'], ['MedicationRequest']]), {
    code: 'forbidden',
  });
  const refused = await world.program.kernel.pool.query(
    `select from audit where who = 'reception.cs-1' and outcome = 'refused'`,
  );
  assert.equal(refused.rowCount, 1);
  assert.deepEqual(await linesOf(patient, 'reception.cs-1'), []);
});

test('a query without _count is read to its end, one with a _count is one page', async () => {
  const { patient } = await world.arrive('cs-1');
  const entry = Array.from({ length: 230 }, (_, i) => ({
    request: { method: 'POST', url: 'Observation' },
    resource: {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
      subject: { reference: `Patient/${patient}` },
      valueQuantity: { value: i, unit: '/min' },
    },
  }));
  const made = await world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry });
  assert.equal(made.status, 200);
  const [all, some] = await sessionOf('doctor', 'cs-1').searchAbout(patient, [
    ['Observation'],
    ['Observation', { _count: '5' }],
  ]);
  assert.equal(new Set(all.map(({ id }) => id)).size, 230);
  assert.equal(some.length, 5);
});
