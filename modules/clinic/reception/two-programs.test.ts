import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sid } from '../../../kernel/fhir/systems.ts';
import type { Coverage, Encounter, Patient } from '../../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../testing.ts';
import type { CheckInAnswer } from './check-in.ts';

let world: World;
/** One desk at each of two programs on one database. */
let desks: [Browser, Browser];

before(async () => {
  world = await openWorld();
  desks = [await world.signIn('dieuduong'), await world.signIn('dieuduong', await world.another())];
});
after(() => world.stop());

let born = 0;
async function person(): Promise<string> {
  born += 1;
  const written = await world.program.kernel.gate.system('test').create<Patient>({
    resourceType: 'Patient',
    name: [{ text: `Hoàng Văn Số ${born}` }],
    gender: 'male',
    birthDate: '1970-01-01',
    identifier: [{ system: sid.cccd, value: `0990709${String(born).padStart(5, '0')}` }],
  });
  return written.id!;
}

const CARD = { cardNumber: 'GD4000000000007', validFrom: '2026-01-01', validTo: '2026-12-31' };

/** The same request at both desks in the same moment. */
const atBoth = (patient: string, more: Record<string, unknown> = {}, key?: string) =>
  Promise.all(
    desks.map((desk) =>
      desk.call<CheckInAnswer & { error?: { details?: { kind?: string } } }>(
        'POST',
        '/api/clinic/check-ins',
        { patient, room: '25D01-kham', reason: 'Sốt, ho', coverage: CARD, ...more },
        key === undefined ? {} : { key },
      ),
    ),
  );

const visitsOf = async (patient: string) => (await world.recordOf(patient, 'Encounter')) as Encounter[];

test('two desks of two programs make one open visit of one person, and one card; the other is told of it', async () => {
  for (let round = 0; round < 8; round += 1) {
    const patient = await person();
    const answers = await atBoth(patient);
    assert.deepEqual(answers.map((one) => one.status).sort(), [201, 409]);
    assert.equal(answers.find((one) => one.status === 409)?.body.error?.details?.kind, 'open-visit');
    assert.equal((await visitsOf(patient)).length, 1);
    assert.equal(((await world.recordOf(patient, 'Coverage')) as Coverage[]).length, 1);
  }
});

test('a second visit that both have confirmed is made once', async () => {
  const patient = await person();
  const first = (await atBoth(patient)).find((one) => one.status === 201);
  const answers = await atBoth(patient, { confirmedOpenVisits: [first?.body.encounter] });
  assert.deepEqual(answers.map((one) => one.status).sort(), [201, 409]);
  assert.equal((await visitsOf(patient)).length, 2);
});

test('one request sent to both programs (Idempotency-Key) is one visit and one ticket', async () => {
  const patient = await person();
  const answers = await atBoth(patient, {}, 'enter-1');
  assert.ok(answers.every((one) => one.status < 300));
  assert.equal(new Set(answers.map((one) => one.body.encounter)).size, 1);
  assert.equal(new Set(answers.map((one) => one.body.ticket)).size, 1);
  assert.equal((await visitsOf(patient)).length, 1);
});

test('two desks never give one number twice', async () => {
  const people = await Promise.all(Array.from({ length: 12 }, person));
  const answers = (await Promise.all(people.map((patient) => atBoth(patient)))).flat();
  const given = answers.filter((one) => one.status === 201).map((one) => one.body.ticket);
  assert.equal(given.length, people.length);
  assert.equal(new Set(given).size, people.length);
});
