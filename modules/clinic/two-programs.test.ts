/** The consulting room of a province that runs two programs on one database: the database decides, not a process. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Encounter, ServiceRequest } from '../../kernel/fhir/types.ts';
import type { VisitView } from './contract.ts';
import { type Browser, CONSULTATION, line, openWorld, seenBy, type World } from './testing.ts';

let world: World;
/** One window of the doctor at each of two programs. */
let windows: [Browser, Browser];

before(async () => {
  world = await openWorld();
  windows = [await world.signIn('bacsi'), await world.signIn('bacsi', await world.another())];
});
after(() => world.stop());

const GLUCOSE = '23.0234.1510';
const HOME = { outcome: '2', dischargeType: '1', followUp: null, followUpReason: '' };
const ROUNDS = 6;

/** A visit that could be ended, ordered for or prescribed for now. */
async function seen() {
  const { at, patient, view } = await seenBy(windows[0], world);
  return { at, patient, version: view.version };
}

/** 409: the visit is no longer such that it may be done. 412: someone else wrote first. 422: the end has seen the order, which waits for its result. */
const REFUSED = new Set([409, 412, 422]);

const statusesOf = (answers: { status: number }[]) =>
  answers.map((one) => (REFUSED.has(one.status) ? 'refused' : one.status)).sort();

test('an order and the end of the visit, at once at two programs: one of them is refused', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { at, patient, version } = await seen();
    const answers = await Promise.all([
      windows[round % 2]!.call('POST', `${at}/orders`, { service: GLUCOSE }),
      windows[(round + 1) % 2]!.call('POST', `${at}/finish`, HOME, { ifMatch: version }),
    ]);
    assert.deepEqual(statusesOf(answers), [200, 'refused']);
    const [visit] = (await world.recordOf(patient, 'Encounter')) as Encounter[];
    const orders = (await world.recordOf(patient, 'ServiceRequest')) as ServiceRequest[];
    const isOpen = orders.some((one) => one.status === 'active');
    assert.equal(visit!.status === 'finished', !isOpen, 'a finished visit waits for no result');
  }
});

test('one service ordered at both is one order; what is written meanwhile does not refuse an order', async () => {
  const { at, patient } = await seen();
  const both = await Promise.all(
    windows.map((one) => one.call('POST', `${at}/orders`, { service: GLUCOSE })),
  );
  assert.deepEqual(statusesOf(both), [200, 'refused']);
  assert.equal((await world.recordOf(patient, 'ServiceRequest')).length, 1);

  const other = await seen();
  const [saved, placed] = await Promise.all([
    windows[0].call(
      'PUT',
      `${other.at}/consultation`,
      { ...CONSULTATION, notes: { ...CONSULTATION.notes, advice: 'Uống nhiều nước' } },
      { ifMatch: other.version },
    ),
    windows[1].call('POST', `${other.at}/orders`, { service: GLUCOSE }),
  ]);
  assert.equal(placed.status, 200);
  assert.ok(
    saved.status === 200 || REFUSED.has(saved.status),
    'the writer is told when the order came first',
  );
});

test('two signings at once at two programs: one prescription; the same one sent to both is answered by both', async () => {
  const medicines = world.program.kernel.content.table('drug/medicines');
  const paracetamol = medicines.find((one) => one.name === 'Paracetamol 500 mg')!.code!;
  const body = { lines: [line(paracetamol)], overrides: [] };
  const signAt = (at: string, version: number, keys: [string, string]) =>
    Promise.all(
      windows.map((one, index) =>
        one.call<VisitView>('POST', `${at}/prescription/sign`, body, { ifMatch: version, key: keys[index]! }),
      ),
    );
  for (let round = 0; round < ROUNDS; round += 1) {
    const two = await seen();
    assert.deepEqual(statusesOf(await signAt(two.at, two.version, ['a', 'b'])), [200, 'refused']);
    assert.equal((await world.recordOf(two.patient, 'MedicationRequest')).length, 1);

    const same = await seen();
    const answers = await signAt(same.at, same.version, ['k', 'k']);
    assert.deepEqual(statusesOf(answers), [200, 200]);
    assert.equal(new Set(answers.map((one) => one.body.prescription!.number)).size, 1);
    assert.equal((await world.recordOf(same.patient, 'MedicationRequest')).length, 1);
  }
});

test('the same end of a visit sent to both is answered by both and billed once', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { at, patient, version } = await seen();
    const answers = await Promise.all(
      windows.map((one) => one.call('POST', `${at}/finish`, HOME, { ifMatch: version })),
    );
    assert.deepEqual(statusesOf(answers), [200, 200]);
    assert.equal((await world.recordOf(patient, 'Claim')).length, 1);
  }
});
