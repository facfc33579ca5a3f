/** A rule is tried at every act at which it speaks: prescriptions, visits, appointments. A run that was stopped goes on where it was. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld } from '../../kernel/access/testing.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type { TrialView } from './contract.ts';
import { actsOf, kindsOf } from './trials/acts.ts';
import { TrialTally } from './trials/tally.ts';

let world: AccessWorld;
let officer: Awaited<ReturnType<AccessWorld['staff']>>;
const PEOPLE = 30;
const patients: string[] = [];

const action = (title: string, ...hooks: string[]) => ({
  title,
  description: 'Vì sao',
  code: [{ coding: [{ system: cs.alertKind, code: 'tang-truong' }] }],
  trigger: hooks.map((name) => ({ type: 'named-event', name })),
  condition: [
    {
      kind: 'applicability',
      expression: { language: 'text/fhirpath', expression: "Patient.gender = 'female'" },
    },
  ],
});

async function store(key: string, ...actions: object[]): Promise<void> {
  const stored = await world.send('POST', '/fhir/PlanDefinition', {
    resourceType: 'PlanDefinition',
    url: `http://yba.vn/fhir/PlanDefinition/${key}`,
    version: '1',
    title: key,
    description: 'Vì sao',
    status: 'active',
    type: { coding: [{ code: 'eca-rule' }] },
    effectivePeriod: { start: '2026-01-01' },
    author: [{ name: 'Câu lạc bộ diều' }],
    relatedArtifact: [{ type: 'citation', label: 'Sổ diều' }],
    action: actions,
  });
  assert.equal(stored.status, 201, JSON.stringify(stored.body));
}

before(async () => {
  world = await openAccessWorld();
  officer = await world.staff('content-officer', null);
  for (let at = 0; at < PEOPLE; at += 1) {
    const { body } = await world.send('POST', '/fhir/Patient', {
      resourceType: 'Patient',
      gender: at % 3 === 0 ? 'female' : 'male',
      birthDate: '1970-05-01',
    });
    patients.push(`${body.id}`);
    const subject = { reference: `Patient/${body.id}` };
    await world.send('POST', '/fhir/MedicationRequest', {
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      subject,
      authoredOn: `2026-11-${String((at % 20) + 1).padStart(2, '0')}T08:00:00+07:00`,
      medicationCodeableConcept: { text: 'Amlodipin 5 mg' },
    });
    if (at < 6)
      await world.send('POST', '/fhir/Encounter', {
        resourceType: 'Encounter',
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject,
        period: { start: '2026-11-10T08:00:00+07:00', end: '2026-11-10T09:00:00+07:00' },
      });
    if (at < 3)
      await world.send('POST', '/fhir/Appointment', {
        resourceType: 'Appointment',
        status: 'booked',
        start: '2026-11-12T08:00:00+07:00',
        end: '2026-11-12T08:30:00+07:00',
        participant: [{ actor: subject, status: 'accepted' }],
      });
  }
  await store(
    'thu-moi-noi',
    action('Khi ký', 'order-select', 'order-sign'),
    action('Khi mở', 'patient-view'),
    action('Khi hẹn', 'appointment-book'),
  );
});
after(() => world.stop());

const post = async (path: string, body: object = {}) => {
  const answer = await officer.call('POST', path, body, { 'content-type': 'application/json' });
  return { status: answer.status, body: answer.body as unknown as TrialView };
};
const DAYS = { from: '2026-11-01', to: '2026-11-30' };

async function finished(id: string): Promise<TrialView> {
  for (let left = 400; left > 0; left -= 1) {
    const { body } = await officer.call('GET', `/api/decisions/trials/${id}`);
    if ((body as unknown as TrialView).state !== 'running') return body as unknown as TrialView;
    await new Promise((later) => setTimeout(later, 25));
  }
  throw new Error('the trial does not end');
}

test('a rule of orders, records and appointments is asked at all of them, and each hook has its rate', async () => {
  const begun = await post('/api/decisions/rules/thu-moi-noi/trials', DAYS);
  assert.equal(begun.status, 200, JSON.stringify(begun.body));
  const done = await finished(begun.body.id);
  assert.deepEqual(
    [done.state, done.acts, done.alerted, done.faults],
    ['done', PEOPLE + 6 + 3, 10 + 2 + 1, 0],
  );
  assert.deepEqual(
    Object.fromEntries(done.byHook.map(({ name, acts, alerted }) => [name, `${alerted}/${acts}`])),
    {
      'order-sign': '10/30',
      'order-select': '10/30',
      'patient-view': '2/6',
      'appointment-book': '1/3',
    },
  );
});

test('a run that was stopped, or ended with its program, goes on where it was: nothing twice, nothing left out', async () => {
  const { pool } = world.program.kernel;
  const whole = await finished((await post('/api/decisions/rules/thu-moi-noi/trials', DAYS)).body.id);
  const session = world.program.kernel.gate.system('rule-trial');
  const tally = new TrialTally();
  const actions = [{ triggers: ['order-sign', 'order-select'] }];
  const [orders] = kindsOf({ actions, variables: new Map(), definition: {} } as never);
  tally.begin(orders!.type);
  let asked = 0;
  for await (const act of actsOf(session, orders!, { ...DAYS, begin: null })) {
    if (asked === 20) break;
    const isFemale = patients.indexOf(act.patient) % 3 === 0;
    const hooks = orders!.hooks;
    tally.add(act, isFemale ? ([{ summary: 'Khi ký' }] as never) : [], false, isFemale ? hooks : [], hooks);
    tally.pass(act);
    asked += 1;
  }
  const result = tally.result();
  assert.equal(result.acts, 20);
  await pool.query(`update decisions.trial set state = 'stopped', done = $2, result = $3 where id = $1`, [
    whole.id,
    result.acts,
    JSON.stringify(result),
  ]);
  const resumed = await post(`/api/decisions/trials/${whole.id}/resume`);
  assert.equal(resumed.status, 200, JSON.stringify(resumed.body));
  const done = await finished(whole.id);
  assert.deepEqual(
    [done.state, done.acts, done.alerted, done.byHook, done.byRole],
    ['done', whole.acts, whole.alerted, whole.byHook, whole.byRole],
  );
  assert.equal((await post(`/api/decisions/trials/${whole.id}/resume`)).status, 409, 'it is whole');
});

test('of two runs of one trial the second ends: what is counted is of one', async () => {
  const { pool } = world.program.kernel;
  const { beat } = await import('./trials/table.ts');
  const { id } = await finished((await post('/api/decisions/rules/thu-moi-noi/trials', DAYS)).body.id);
  await pool.query(`update decisions.trial set state = 'running', done = 20 where id = $1`, [id]);
  const result = { ...new TrialTally().result(), acts: 40 };
  const mark = () => beat(pool, id, { result, before: 20, at: world.now(), state: 'running' });
  assert.deepEqual([await mark(), await mark()], [true, false]);
  assert.equal((await post(`/api/decisions/trials/${id}/stop`)).body.state, 'stopped');
});

test('only who decides may let a run go on; a run of nobody is not found', async () => {
  const doctor = await world.staff('doctor', 'cs-1');
  const { body } = await officer.call('GET', '/api/decisions/rules/thu-moi-noi');
  const { trial } = body as unknown as { trial: TrialView };
  const path = `/api/decisions/trials/${trial.id}/resume`;
  assert.equal((await doctor.call('POST', path, {}, { 'content-type': 'application/json' })).status, 403);
  assert.equal((await post(`/api/decisions/trials/${crypto.randomUUID()}/resume`)).status, 404);
});
