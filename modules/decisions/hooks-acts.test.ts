/** What a call of decision support leaves behind and asks for: the audit, dispensing, actions of the client's system. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type AccessWorld, openAccessWorld } from '../../kernel/access/testing.ts';
import { cs } from '../../kernel/fhir/systems.ts';

let world: AccessWorld;
let token: string;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let patient: string;

before(async () => {
  world = await openAccessWorld();
  token = await world.token();
  keys = await generateKeyPair('ES384');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES384', use: 'sig' };
  await world.program.house.access.clients.add({
    id: 'ehr.example',
    name: 'EHR',
    scopes: 'system/*.rs',
    jwks: { keys: [jwk] },
  });
  const person = { resourceType: 'Patient', gender: 'female', birthDate: '1970-05-01' };
  patient = (await world.send('POST', '/fhir/Patient', person)).body.id;
});
after(() => world.stop());

interface Told {
  cards: { summary: string; source: { topic: { code: string } }; suggestions: { actions: object[] }[] }[];
  systemActions?: { type: string; description: string; resource: { resourceType: string } }[];
  error: { text: string; issues: { expression: string }[] };
}

async function call(hook: string, body: object, bearer = token) {
  const answer = await fetch(`${world.program.address}/cds-services/yba-${hook}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify({ hook, hookInstance: randomUUID(), ...body }),
  });
  return { status: answer.status, body: (await answer.json()) as Told };
}

const signed = (hook: string) =>
  new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'ES384', typ: 'JWT', kid: 'one' })
    .setIssuer('https://ehr.example')
    .setAudience(`${world.program.address}/cds-services/yba-${hook}`)
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(keys.privateKey);

async function wholePrefetch(hook: string, id: string): Promise<Record<string, unknown>> {
  const { services } = (await (await fetch(`${world.program.address}/cds-services`)).json()) as {
    services: { hook: string; prefetch: Record<string, string> }[];
  };
  const asked = Object.keys(services.find((one) => one.hook === hook)!.prefetch);
  return {
    ...Object.fromEntries(asked.map((key) => [key, null])),
    patient: { resourceType: 'Patient', id, birthDate: '1970-05-01' },
  };
}

const audit = async (what: string) =>
  (
    await world.program.kernel.pool.query<{ who: string; action: string; patient: string | null }>(
      'select who, action, patient from audit where what = $1 order by ts',
      [what],
    )
  ).rows;

test('a call that sends everything along is a line of the audit, in the name of who called', async () => {
  const context = { userId: 'Practitioner/x', patientId: patient };
  const prefetch = await wholePrefetch('patient-view', patient);
  assert.equal((await call('patient-view', { context, prefetch })).status, 200);
  assert.equal((await call('patient-view', { context, prefetch }, await signed('patient-view'))).status, 200);
  const lines = await audit(`yba-patient-view Patient/${patient}`);
  assert.equal(lines.length, 2);
  assert.ok(lines.every((line) => line.action === 'decide' && line.patient === patient));
  assert.equal(lines[1]!.who, 'ehr.example');
});

test('a person of another server is named with that server, and is nobody of this record', async () => {
  const prefetch = await wholePrefetch('patient-view', patient);
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
    card.suggestions.map(({ actions }) => (actions[0] as { resourceId: string }).resourceId),
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
  const { body } = await call('patient-view', { context: { userId: 'Practitioner/x', patientId: patient } });
  assert.deepEqual(
    body.systemActions?.map(({ type, description, resource }) => [type, description, resource.resourceType]),
    [['create', 'Ghi cờ theo dõi', 'Flag']],
  );
  assert.equal(body.cards.find(({ summary }) => summary === 'Thả diều')!.suggestions, undefined);
});
