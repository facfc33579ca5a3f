/** A step that the protocol proposes is accepted, or rejected with a reason; both are kept and counted. Over HTTP, in the whole program. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Task } from '../../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../../clinic/testing.ts';
import type { StepAnswer } from './contract.ts';

const KEY = 'tang-huyet-ap';
let world: World;
let doctor: Browser;
let patient = '';
const at = () => `/api/programmes/${KEY}/people/${patient}/steps`;

before(async () => {
  world = await openWorld();
  doctor = await world.signIn('bacsi');
  const ids = await world.arrive({ birthDate: '1960-05-01', name: [{ text: 'Lê Văn Bước' }] });
  patient = ids.patient;
  const system = world.program.kernel.gate.system('test');
  await system.create({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
    subject: { reference: `Patient/${patient}` },
    encounter: { reference: `Encounter/${ids.encounter}` },
    effectiveDateTime: '2026-11-22T08:00:00+07:00',
    component: [
      ['8480-6', 156],
      ['8462-4', 94],
    ].map(([code, value]) => ({
      code: { coding: [{ system: 'http://loinc.org', code: String(code) }] },
      valueQuantity: {
        value: Number(value),
        unit: 'mmHg',
        system: 'http://unitsofmeasure.org',
        code: 'mm[Hg]',
      },
    })),
  });
});
after(() => world.stop());

test('a rejection needs a reason, a step that is not proposed cannot be answered, nothing is written of either', async () => {
  const refused = await doctor.call('POST', at(), { step: 'bat-dau', answer: 'rejected', reason: ' ' });
  assert.equal(refused.status, 422, JSON.stringify(refused.body));
  const other = await doctor.call('POST', at(), { step: 'giu-bac', answer: 'accepted' });
  assert.equal(other.status, 422, JSON.stringify(other.body));
  assert.equal((await doctor.call('POST', at(), { step: 'bat-dau', answer: 'maybe' })).status, 422);
  assert.deepEqual(await world.recordOf(patient, 'Task'), []);
});

test('answers are kept with who, when, why and the version of the protocol, the last first, and the report counts them', async () => {
  const reason = 'Đo lại tại nhà 128/80, hẹn 2 tuần';
  const first = await doctor.call('POST', at(), { step: 'bat-dau', answer: 'rejected', reason });
  assert.equal(first.status, 200, JSON.stringify(first.body));
  world.setNow('2026-11-22T08:40:00+07:00');
  assert.equal((await doctor.call('POST', at(), { step: 'bat-dau', answer: 'accepted' })).status, 200);
  const { body } = await doctor.call<{ rows: StepAnswer[] }>('GET', at());
  assert.deepEqual(
    body.rows.map(({ step, answer, reason: why }) => [step, answer, why]),
    [
      ['bat-dau', 'accepted', ''],
      ['bat-dau', 'rejected', reason],
    ],
  );
  assert.ok(body.rows.every(({ by, title }) => by !== '' && title === 'Bắt đầu bậc 1'));
  const [task] = (await world.recordOf(patient, 'Task')) as Task[];
  assert.match(task!.instantiatesCanonical!, /\/tang-huyet-ap\|2026-/);
  await world.program.kernel.events.settled();
  const head = await world.hire('truongtram', 'station-head');
  const sheet = await head.call<{ cells: Record<string, { value: number | null }> }>(
    'GET',
    '/api/statistics/sheets/buoc-phac-do/cs-25D01/2026-11',
  );
  assert.deepEqual(
    ['total', 'accepted', 'rejected', 'rate'].map(
      (column) => sheet.body.cells[`hypertension-up.${column}`]?.value,
    ),
    [2, 1, 1, 50],
  );
  assert.equal(sheet.body.cells['diabetes.total']?.value, 0);
});

test('an answer is no call: it silences nothing and is no outcome of a call', async () => {
  const { body } = await doctor.call<{ facts: { calls: unknown[] } }>(
    'GET',
    `/api/programmes/${KEY}/people/${patient}`,
  );
  assert.deepEqual(body.facts.calls, []);
});
