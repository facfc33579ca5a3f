/** Orders of every kind that CDS Hooks 2.0 names, drafted over HTTP and of the past: services, diets, devices, glasses, and what was handed out. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { orderTypesOf } from '../../engines/rules/index.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type { TrialView } from './contract.ts';
import { type HookWorld, openHookWorld, type ShownCard } from './testing.ts';
import { kindsOf } from './trials/acts.ts';

let world: HookWorld;
let patient: string;

const ACTION = 'http://terminology.hl7.org/CodeSystem/action-type';
const KITE = 'http://example.org/kites';
const expression = (text: string) => ({ language: 'text/fhirpath' as const, expression: text });

/** A rule of the kite club: a string, a diet or a device for somebody born before 1980. */
const rule = (key: string, each: string, hooks: readonly string[]) => ({
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
  contained: [
    {
      resourceType: 'NutritionOrder',
      id: 'nuoc',
      patient: { display: 'người bệnh' },
      dateTime: '2026-01-01',
      status: 'draft',
      intent: 'order',
      oralDiet: { type: [{ text: 'Uống thêm nước' }] },
    },
  ],
  action: [
    {
      title: 'Diều này cần dây dài',
      description: 'Vì sao',
      code: [{ coding: [{ system: cs.alertKind, code: 'tang-truong' }] }],
      trigger: hooks.map((name) => ({ type: 'named-event', name })),
      extension: [{ url: 'http://yba.vn/fhir/ext/moi-ket-qua', valueExpression: expression(each) }],
      action: [
        {
          title: 'Bỏ',
          type: { coding: [{ system: ACTION, code: 'remove' }] },
          dynamicValue: [{ path: 'target', expression: expression('%found') }],
        },
        {
          title: 'Thêm nước',
          type: { coding: [{ system: ACTION, code: 'create' }] },
          definitionUri: '#nuoc',
        },
      ],
    },
  ],
});

async function store(body: { title: string }): Promise<void> {
  const stored = await world.send('POST', '/fhir/PlanDefinition', body);
  assert.equal(stored.status, 201, JSON.stringify(stored.body));
}

const kite = (code: string) => ({ text: `Diều ${code}`, coding: [{ system: KITE, code }] });
const about = () => ({ reference: `Patient/${patient}` });
const drafts = (): Record<string, object> => ({
  ServiceRequest: {
    resourceType: 'ServiceRequest',
    id: 's',
    status: 'draft',
    intent: 'order',
    subject: about(),
    code: kite('delta'),
  },
  NutritionOrder: {
    resourceType: 'NutritionOrder',
    id: 'n',
    status: 'draft',
    intent: 'order',
    patient: about(),
    dateTime: '2026-11-20',
    oralDiet: { type: [kite('delta')] },
  },
  DeviceRequest: {
    resourceType: 'DeviceRequest',
    id: 'd',
    status: 'draft',
    intent: 'order',
    subject: about(),
    codeCodeableConcept: kite('delta'),
  },
  VisionPrescription: {
    resourceType: 'VisionPrescription',
    id: 'v',
    status: 'draft',
    created: '2026-11-20',
    dateWritten: '2026-11-20',
    patient: about(),
    prescriber: { display: 'BS' },
    lensSpecification: [{ product: kite('delta'), eye: 'left' }],
  },
});

const ANY = "%draftOrders.where(descendants().where($this is Coding and code = 'delta').exists())";

before(async () => {
  world = await openHookWorld();
  ({ patient } = world);
  await store(rule('day-dai', ANY, ['order-select', 'order-sign', 'order-dispense', 'appointment-book']));
  await world.switchOn('day-dai');
});
after(() => world.stop());

const shownBy = async (hook: string, sent: object[], more: object = {}) => {
  const draftOrders = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: sent.map((resource) => ({ resource })),
  };
  const { status, body } = await world.ask(hook, {
    context: { userId: 'Practitioner/x', patientId: patient, draftOrders, ...more },
  });
  assert.equal(status, 200, JSON.stringify(body));
  return body.cards.filter(({ source }) => source.topic.code === 'day-dai');
};
const removed = (cards: readonly ShownCard[]) =>
  cards.map(({ suggestions }) => suggestions[0]!.actions[0]!.resourceId);

test('order-sign: each draft of whatever type has its card, with the order to remove named as the client named it', async () => {
  const cards = await shownBy('order-sign', Object.values(drafts()));
  assert.deepEqual(removed(cards).sort(), [
    'DeviceRequest/d',
    'NutritionOrder/n',
    'ServiceRequest/s',
    'VisionPrescription/v',
  ]);
  assert.equal(new Set(cards.map(({ uuid }) => uuid)).size, 4);
  const labels = cards.map(({ suggestions }) => suggestions[0]!.label).sort();
  assert.deepEqual(labels, ['Bỏ', 'Bỏ: Diều delta', 'Bỏ: Diều delta', 'Bỏ: Diều delta']);
  const [{ suggestions }] = cards as [ShownCard];
  const { resource } = suggestions[1]!.actions[0] as {
    resource: { id?: string; patient: object; subject?: object; dateTime: string };
  };
  assert.deepEqual([resource.id, resource.patient, resource.subject], [undefined, about(), undefined]);
  assert.match(resource.dateTime, /^2026-/);
});

test('order-select: of the drafts what was chosen alone is told, whatever its type', async () => {
  for (const [type, one] of Object.entries(drafts())) {
    const chosen = `${type}/${(one as { id: string }).id}`;
    const cards = await shownBy('order-select', Object.values(drafts()), { selections: [chosen] });
    assert.deepEqual(removed(cards), [chosen]);
  }
});

test('an order or appointment of somebody else is refused with its place, however its type names the person', async () => {
  const other = { reference: 'Patient/ai-khac' };
  const named: Record<string, string> = {
    ServiceRequest: 'subject',
    NutritionOrder: 'patient',
    DeviceRequest: 'subject',
    VisionPrescription: 'patient',
  };
  for (const [type, one] of Object.entries(drafts())) {
    const sent = { ...one, [named[type]!]: other };
    const { status, body } = await world.ask('order-sign', {
      context: {
        userId: 'Practitioner/x',
        patientId: patient,
        draftOrders: {
          resourceType: 'Bundle',
          entry: [{ resource: drafts().ServiceRequest }, { resource: sent }],
        },
      },
    });
    assert.equal(
      `${status} ${body.error?.issues[0]?.expression}`,
      `400 context.draftOrders.entry[1].resource.${named[type]}`,
    );
  }
});

test('an appointment of somebody else is refused; one in which the person takes part with others is not', async () => {
  const booked = (...persons: string[]) => ({
    resource: {
      resourceType: 'Appointment',
      status: 'proposed',
      participant: persons.map((person) => ({
        actor: { reference: `Patient/${person}` },
        status: 'needs-action',
      })),
    },
  });
  const asked = async (...entry: object[]) => {
    const appointments = { resourceType: 'Bundle', type: 'collection', entry };
    const { status, body } = await world.ask('appointment-book', {
      context: { userId: 'Practitioner/x', patientId: patient, appointments },
    });
    return `${status} ${body.error?.issues[0]?.expression}`;
  };
  assert.equal(await asked(booked(patient, 'me')), '200 undefined');
  assert.equal(
    await asked(booked(patient), booked('ai-khac')),
    '400 context.appointments.entry[1].resource.participant',
  );
});

test('which orders a rule is asked about in the past: those that it looks at, and all when it names none', () => {
  const of = (text: string | null, calculators: object[] = []) =>
    orderTypesOf({
      definition: {
        resourceType: 'PlanDefinition',
        status: 'active',
        action:
          text === null ? [] : [{ condition: [{ kind: 'applicability', expression: expression(text) }] }],
      },
      variables: new Map(
        calculators.map((calculator, at) => [
          `v${at}`,
          { kind: 'calculator', calculator, inputs: new Map() },
        ]),
      ) as never,
    });
  assert.deepEqual(of('%draftOrders.ofType(ServiceRequest).exists()'), ['ServiceRequest']);
  assert.deepEqual(of('%draftOrders.where($this is NutritionOrder or $this is DeviceRequest)'), [
    'NutritionOrder',
    'DeviceRequest',
  ]);
  assert.deepEqual(of(null, [{ reads: ['MedicationRequest', 'AllergyIntolerance'] }]), ['MedicationRequest']);
  assert.deepEqual(of(null, [{ reads: ['Observation'] }]).length, 6);
  assert.deepEqual(of('%draftOrders.exists()', [{ reads: ['MedicationRequest'] }]).length, 6);
  assert.deepEqual(
    of('MedicationRequest?status=active').length,
    6,
    'what is asked of the record is no draft',
  );
  const kinds = kindsOf({
    actions: [{ triggers: ['order-sign'] }],
    ...{ definition: rule('x', '%draftOrders.ofType(ServiceRequest)', []), variables: new Map() },
  } as never);
  assert.deepEqual(
    kinds.map(({ type, hooks }) => `${type} ${hooks}`),
    ['ServiceRequest order-sign'],
  );
});

test('a trial asks the past of every type: what was signed together is one act, what was handed out is another', async () => {
  const store = async (body: object) => {
    const { resourceType } = body as { resourceType: string };
    const { id: _, ...rest } = body as { id?: string };
    const stored = await world.send('POST', `/fhir/${resourceType}`, rest as never);
    assert.equal(stored.status, 201, JSON.stringify(stored.body));
  };
  const { ServiceRequest, NutritionOrder, DeviceRequest, VisionPrescription } = drafts();
  const requisition = { system: 'urn:x', value: 'phieu-1' };
  const authoredOn = '2026-11-18T08:00:00+07:00';
  await store({ ...ServiceRequest, status: 'active', requisition, authoredOn });
  await store({ ...ServiceRequest, status: 'active', requisition, authoredOn, code: kite('box') });
  await store({
    ...ServiceRequest,
    status: 'active',
    authoredOn: '2026-11-17T08:00:00+07:00',
    code: kite('box'),
  });
  await store({ ...NutritionOrder, status: 'active' });
  await store({ ...DeviceRequest, status: 'active', authoredOn });
  await store({ ...VisionPrescription, status: 'active' });
  const dispense = {
    resourceType: 'MedicationDispense',
    status: 'completed',
    subject: about(),
    whenHandedOver: '2026-11-19T09:00:00+07:00',
  };
  await store({ ...dispense, medicationCodeableConcept: kite('delta') });
  await store({ ...dispense, medicationCodeableConcept: kite('box') });
  const officer = await world.staff('content-officer', null);
  const call = async (method: string, path: string, body?: object) =>
    (await officer.call(method, path, body, { 'content-type': 'application/json' }))
      .body as unknown as TrialView;
  let trial = await call('POST', '/api/decisions/rules/day-dai/trials', {
    from: '2026-11-01',
    to: '2026-11-30',
  });
  while (trial.state === 'running') trial = await call('GET', `/api/decisions/trials/${trial.id}`);
  assert.deepEqual([trial.state, trial.acts, trial.alerted, trial.faults], ['done', 6, 5, 0]);
  assert.deepEqual(
    Object.fromEntries(trial.byHook.map(({ name, acts, alerted }) => [name, `${alerted}/${acts}`])),
    { 'order-sign': '4/5', 'order-select': '4/5', 'order-dispense': '1/1' },
  );
});
