/** The record screen tells in general that something may be hidden, and of nobody that something is. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld } from '../../kernel/access/testing.ts';

let world: AccessWorld;
before(async () => {
  world = await openAccessWorld();
});
after(() => world?.stop());

const visit = (patient: string, unit: string, code?: string) => ({
  resourceType: 'Encounter',
  status: 'finished',
  class: { code: 'AMB' },
  subject: { reference: `Patient/${patient}` },
  serviceProvider: { reference: `Organization/${unit}` },
  period: { start: '2026-11-20T07:00:00+07:00', end: '2026-11-20T08:00:00+07:00' },
  ...(code === undefined
    ? {}
    : { reasonCode: [{ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code }] }] }),
});

test('what is hidden by its category is not counted, not even as withheld: the answer is as without it', async () => {
  const doctor = await world.staff('doctor', 'cs-1');
  const { patient } = await world.arrive('cs-1');
  const look = async () => {
    await world.program.house.kernel.events.settled();
    const answer = await doctor.call('GET', `/api/record/${patient}/timeline`);
    assert.equal(answer.status, 200, answer.text);
    return answer.body;
  };
  const before = await look();
  assert.deepEqual([before.cares, before.rows.length], [true, 1]);
  assert.equal((await world.send('POST', '/fhir/Encounter', visit(patient, 'cs-2', 'B20.1'))).status, 201);
  assert.deepEqual(await look(), before);
  await world.send('POST', '/fhir/Encounter', visit(patient, 'cs-2'));
  assert.equal((await look()).rows.length, 2, 'what has no category is shown');
});

test('outside of care it is said that the record is closed, and not what is in it', async () => {
  const doctor = await world.staff('doctor', 'cs-2');
  const { patient } = await world.arrive('cs-1');
  const empty = (
    await world.send('POST', '/fhir/Patient', { resourceType: 'Patient', name: [{ text: 'Mới' }] })
  ).body.id;
  await world.program.house.kernel.events.settled();
  const [full, none] = await Promise.all(
    [patient, empty].map(async (id) => (await doctor.call('GET', `/api/record/${id}/timeline`)).body),
  );
  assert.deepEqual(full, none);
  assert.equal(full.cares, false);
});
