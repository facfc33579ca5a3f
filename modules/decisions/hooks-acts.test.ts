/** What a call of decision support leaves behind and asks for: the audit, dispensing, actions of the client's system. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cs } from '../../kernel/fhir/systems.ts';
import { type HookWorld, openHookWorld, type Told } from './testing.ts';

let world: HookWorld;
let patient: string;
let call: HookWorld['ask'];

before(async () => {
  world = await openHookWorld();
  ({ patient, ask: call } = world);
});
after(() => world.stop());

const audit = async (what: string) =>
  (
    await world.program.kernel.pool.query<{ who: string; action: string; patient: string | null }>(
      'select who, action, patient from audit where what = $1 order by ts',
      [what],
    )
  ).rows;

test('a call that sends everything along is a line of the audit, in the name of who called', async () => {
  const context = { userId: 'Practitioner/x', patientId: patient };
  const prefetch = await world.prefetch('patient-view');
  assert.equal((await call('patient-view', { context, prefetch })).status, 200);
  assert.equal(
    (await call('patient-view', { context, prefetch }, await world.signed('patient-view'))).status,
    200,
  );
  const lines = await audit(`yba-patient-view Patient/${patient}`);
  assert.equal(lines.length, 2);
  assert.ok(lines.every((line) => line.action === 'decide' && line.patient === patient));
  assert.equal(lines[1]!.who, 'ehr.example');
});

test('a person of another server is named with that server, and is nobody of this record', async () => {
  const prefetch = await world.prefetch('patient-view');
  const fhirServer = 'https://bv.example/fhir';
  const context = { userId: 'Practitioner/x', patientId: patient };
  assert.equal((await call('patient-view', { context, prefetch, fhirServer })).status, 200);
  const [line] = await audit(`yba-patient-view Patient/${patient} at ${fhirServer}`);
  assert.equal(line!.patient, null);
});

const medicine = (code: string) => ({ text: code, coding: [{ system: cs.ingredient, code }] });
const dispense = (code: string, more: object = {}) => ({
  resource: {
    resourceType: 'MedicationDispense',
    id: `phat-${code}`,
    status: 'preparation',
    subject: { reference: `Patient/${patient}` },
    medicationCodeableConcept: medicine(code),
    ...more,
  },
});
const handingOut = (...entry: object[]) => ({
  context: {
    userId: 'Practitioner/x',
    patientId: patient,
    medications: { resourceType: 'Bundle', type: 'collection', entry },
  },
});
const topics = ({ cards }: Told) => cards.map(({ source }) => source.topic.code);

test('order-dispense: what is handed out is asked as it is when it is signed', async () => {
  const { status, body } = await call(
    'order-dispense',
    handingOut(dispense('simvastatin'), dispense('voriconazol')),
  );
  assert.equal(status, 200, JSON.stringify(body));
  const card = body.cards.find(({ source }) => source.topic.code === 'tuong-tac')!;
  assert.deepEqual(
    card.suggestions.map(({ actions }) => actions[0]!.resourceId),
    ['MedicationDispense/phat-simvastatin', 'MedicationDispense/phat-voriconazol'],
  );
  const none = await call('order-dispense', { context: { userId: 'Practitioner/x', patientId: patient } });
  assert.equal(none.body.error.issues[0]!.expression, 'context.medications');
});

test('order-dispense: the prescription that is handed out is no second medicine beside it', async () => {
  const { body: order } = await world.send('POST', '/fhir/MedicationRequest', {
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject: { reference: `Patient/${patient}` },
    medicationCodeableConcept: medicine('meloxicam'),
  });
  const reference = `MedicationRequest/${order.id}`;
  const handed = dispense('meloxicam', { authorizingPrescription: [{ reference }] });
  const own = await call('order-dispense', handingOut(handed));
  assert.ok(!topics(own.body).includes('trung-hoat-chat'), JSON.stringify(own.body));
  const other = await call('order-dispense', handingOut(dispense('meloxicam')));
  assert.ok(topics(other.body).includes('trung-hoat-chat'));
});

test('systemActions: what a rule has the client’s system do stands beside the cards, once', async () => {
  const remark = {
    title: 'Ghi cờ theo dõi',
    extension: [{ url: 'http://yba.vn/fhir/ext/he-thong-lam', valueBoolean: true }],
    type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/action-type', code: 'create' }] },
    definitionUri: '#co',
  };
  const stored = await world.send('POST', '/fhir/PlanDefinition', {
    resourceType: 'PlanDefinition',
    url: 'http://yba.vn/fhir/PlanDefinition/dieu-co',
    version: '1',
    title: 'Diều',
    description: 'Vì sao',
    status: 'active',
    type: { coding: [{ code: 'eca-rule' }] },
    effectivePeriod: { start: '2026-01-01' },
    author: [{ name: 'Câu lạc bộ diều' }],
    relatedArtifact: [{ type: 'citation', label: 'Sổ diều' }],
    contained: [
      { resourceType: 'Flag', id: 'co', status: 'active', code: { text: 'Diều' }, subject: { display: '?' } },
    ],
    action: [
      {
        title: 'Thả diều',
        description: 'Vì sao',
        code: [{ coding: [{ system: cs.alertKind, code: 'tang-truong' }] }],
        trigger: [{ type: 'named-event', name: 'patient-view' }],
        action: [remark],
      },
    ],
  });
  assert.equal(stored.status, 201, JSON.stringify(stored.body));
  await world.switchOn('dieu-co');
  const { body } = await call('patient-view', { context: { userId: 'Practitioner/x', patientId: patient } });
  assert.deepEqual(
    body.systemActions?.map(({ type, description, resource }) => [type, description, resource.resourceType]),
    [['create', 'Ghi cờ theo dõi', 'Flag']],
  );
  assert.equal(body.cards.find(({ summary }) => summary === 'Thả diều')!.suggestions, undefined);
});
