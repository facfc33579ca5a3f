/** Nobody takes a person into care with a paper of one's own; who cares for a person may take others along. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OPENERS, ROOM } from './care.testing.ts';
import { type AccessWorld, openAccessWorld, type Person } from './testing.ts';

let world: AccessWorld;
let doctor: Person;
let other: Person;

before(async () => {
  world = await openAccessWorld();
  doctor = await world.staff('doctor', 'cs-2');
  other = await world.staff('doctor', 'cs-1');
  await world.send('PUT', '/fhir/Location/phong-cs-2', ROOM);
});
after(() => world?.stop());

const settled = () => world.program.house.kernel.events.settled();
const HELD = { performer: [{ reference: 'Organization/cs-9' }] };
/** What the doctor at cs-2 gets of a fact: by its id, in a list of the person, in a list of everybody. */
async function looks(patient: string, fact: string): Promise<(number | boolean)[]> {
  const read = await doctor.call('GET', `/fhir/Observation/${fact}`);
  const found = await doctor.call('GET', `/fhir/Observation?patient=${patient}`);
  const all = await doctor.call('GET', '/fhir/Observation?_count=200');
  return [read.status, found.text.includes(fact), all.text.includes(fact)];
}
const NOTHING = [403, false, false];
const EVERYTHING = [200, true, true];

async function write(by: Person, resource: object, id?: string) {
  const { resourceType } = resource as { resourceType: string };
  return id === undefined
    ? by.call('POST', `/fhir/${resourceType}`, resource)
    : by.call('PUT', `/fhir/${resourceType}/${id}`, { ...resource, id });
}

for (const [name, resource] of OPENERS) {
  test(`${name}, written by who does not care for the person, opens nothing to the writer's unit, at once or later`, async () => {
    const { patient } = await world.arrive('cs-1');
    const fact = await world.observe(patient, HELD);
    const made = await write(doctor, { ...resource(patient), requester: undefined });
    assert.ok([201, 403].includes(made.status), made.text);
    assert.deepEqual(await looks(patient, fact), NOTHING, 'at once');
    await settled();
    assert.deepEqual(await looks(patient, fact), NOTHING, 'when the feed has brought it');
    if (made.status === 201) await write(doctor, { ...made.body, language: 'vi' }, made.body.id);
    await settled();
    assert.deepEqual(await looks(patient, fact), NOTHING, 'written once more');
  });

  test(`${name}, written by who cares for the person, opens it; what the unit does with it takes nothing away`, async () => {
    const { patient } = await world.arrive('cs-1');
    const fact = await world.observe(patient, HELD);
    const paper = { ...resource(patient), requester: { reference: 'Organization/cs-1' } };
    const made = await write(other, paper);
    if (made.status !== 201) return;
    await settled();
    assert.deepEqual(await looks(patient, fact), EVERYTHING);
    const changed = await write(doctor, { ...made.body, language: 'vi' }, made.body.id);
    assert.ok([200, 403].includes(changed.status), changed.text);
    await settled();
    assert.deepEqual(await looks(patient, fact), EVERYTHING);
  });
}

test('a transaction that brings the visit and the order together opens, as a check-in does', async () => {
  const { patient } = await world.arrive('cs-1');
  const fact = await world.observe(patient, HELD);
  const [, order] = OPENERS[0]!;
  const visit = {
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { code: 'AMB' },
    subject: { reference: `Patient/${patient}` },
    serviceProvider: { reference: 'Organization/cs-2' },
  };
  const entry = [order(patient), visit].map((resource) => ({
    resource,
    request: { method: 'POST', url: (resource as { resourceType: string }).resourceType },
  }));
  const made = await doctor.call('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry });
  assert.equal(made.status, 200, made.text);
  assert.equal((await looks(patient, fact))[0], 200);
  await settled();
  const { rows } = await world.program.house.kernel.pool.query(
    'select kind from access.care where patient = $1',
    [patient],
  );
  assert.deepEqual(rows, [{ kind: 'order' }]);
});

test('two papers of one unit do not vouch for each other', async () => {
  const { patient } = await world.arrive('cs-1');
  const fact = await world.observe(patient, HELD);
  for (const [, resource] of OPENERS) {
    await write(doctor, resource(patient));
    await settled();
  }
  assert.deepEqual(await looks(patient, fact), NOTHING);
});

test('who makes somebody a patient of the own unit reads nothing of what was there before', async () => {
  const { patient } = await world.arrive('cs-1');
  const fact = await world.observe(patient, HELD);
  const { body } = await doctor.call('GET', `/fhir/Patient/${patient}`);
  const changed = { ...body, managingOrganization: { reference: 'Organization/cs-2' } };
  assert.equal((await write(doctor, changed, patient)).status, 200);
  await settled();
  assert.deepEqual(await looks(patient, fact), NOTHING);
});

test('an appointment that a unit gives itself opens the record on its day, not before', async () => {
  const { patient } = await world.arrive('cs-1');
  const fact = await world.observe(patient, HELD);
  const start = new Date(world.now().getTime() + 3 * 86_400_000);
  const made = await write(doctor, {
    ...OPENERS.find(([name]) => name.startsWith('an appointment'))![1](patient),
    start: start.toISOString(),
    end: new Date(start.getTime() + 900_000).toISOString(),
  });
  if (made.status !== 201) return;
  await settled();
  assert.deepEqual(await looks(patient, fact), NOTHING);
  world.setNow(start.toISOString());
  doctor = await world.staff('doctor', 'cs-2');
  assert.deepEqual(await looks(patient, fact), EVERYTHING);
});
