/** Rules that are stored over FHIR are carried out as those of the content are: by version and days, silent, retired; what cannot be carried out is refused. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld } from '../../kernel/access/testing.ts';
import type { PlanDefinition } from '../../kernel/fhir/types.ts';
import { switchOn } from './testing.ts';

let world: AccessWorld;
let patient: string;
let token: string;
const JSON_BODY = { 'content-type': 'application/json' };
const SET = 'http://example.org/ValueSet/kites';

before(async () => {
  world = await openAccessWorld();
  token = await world.token();
  const made = await world.send('POST', '/fhir/Patient', {
    resourceType: 'Patient',
    gender: 'female',
    birthDate: '1950-05-01',
  });
  patient = made.body.id;
  await world.send('POST', '/fhir/ValueSet', {
    resourceType: 'ValueSet',
    url: SET,
    status: 'active',
    compose: {
      include: [{ system: 'http://example.org/kites', concept: [{ code: 'box' }, { code: 'delta' }] }],
    },
  });
  await world.send('POST', '/fhir/Condition', {
    resourceType: 'Condition',
    subject: { reference: `Patient/${patient}` },
    code: { coding: [{ system: 'http://example.org/kites', code: 'delta' }] },
  });
});
after(() => world.stop());

const rule = (key: string, title: string, more: Partial<PlanDefinition> = {}): PlanDefinition => ({
  resourceType: 'PlanDefinition',
  url: `http://yba.vn/fhir/PlanDefinition/${key}`,
  version: '1',
  title,
  description: 'Vì sao',
  status: 'active',
  type: { coding: [{ code: 'eca-rule' }] },
  effectivePeriod: { start: '2026-01-01' },
  author: [{ name: 'Câu lạc bộ diều' }],
  relatedArtifact: [{ type: 'citation', label: 'Sổ diều' }],
  action: [
    {
      title,
      description: 'Vì sao',
      code: [{ coding: [{ system: 'http://yba.vn/fhir/cs/loai-canh-bao', code: 'tang-truong' }] }],
      trigger: [{ type: 'named-event', name: 'patient-view' }],
      condition: [
        { kind: 'applicability', expression: { language: 'text/fhirpath', expression: '%ageYears > 60' } },
      ],
    },
  ],
  ...more,
});

async function call(hook: string, context: object = {}) {
  const answer = await fetch(`${world.program.address}/cds-services/yba-${hook}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      hook,
      hookInstance: randomUUID(),
      context: { userId: 'Practitioner/x', patientId: patient, ...context },
    }),
  });
  const body = (await answer.json()) as {
    cards: { summary: string }[];
    error?: { issues: { expression: string }[] };
  };
  return { status: answer.status, ...body };
}

async function shown(): Promise<string[]> {
  const { cards } = await call('patient-view');
  return cards.map(({ summary }) => summary);
}

async function store(
  plan: PlanDefinition,
  status = 201,
): Promise<{ expression: string[]; diagnostics: string }[]> {
  const answer = await world.send('POST', '/fhir/PlanDefinition', plan);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return (answer.body as unknown as { issue: { expression: string[]; diagnostics: string }[] }).issue;
}

test('a stored rule is silent until it was run over the past and switched on, whatever it says of itself', async () => {
  await store(rule('dieu', 'Diều một'));
  assert.deepEqual(await shown(), []);
  const officer = await world.staff('content-officer', null);
  const decision = { state: 'live', note: 'Vội' };
  const tooSoon = await officer.call('POST', '/api/decisions/rules/dieu/state', decision, JSON_BODY);
  assert.equal(tooSoon.status, 422);
  assert.deepEqual(await shown(), []);
  await switchOn(world, 'dieu');
  assert.deepEqual(await shown(), ['Diều một']);
});

test('drafts, rules to come and rules that nobody has tried say nothing', async () => {
  await store(rule('dieu-nhap', 'Bản nháp', { status: 'draft' }));
  await store(rule('dieu-sau', 'Về sau', { effectivePeriod: { start: '2100-01-01' } }));
  await store(rule('dieu-lang', 'Im lặng', { experimental: true }));
  assert.deepEqual(await shown(), ['Diều một']);
});

test('the version that began last counts; a silent one leaves the word to the one before; a retired one ends the rule', async () => {
  await store(rule('dieu', 'Diều hai', { version: '2', effectivePeriod: { start: '2026-02-01' } }));
  assert.deepEqual(await shown(), ['Diều một']);
  await switchOn(world, 'dieu');
  assert.deepEqual(await shown(), ['Diều hai']);
  const silent = { version: '3', effectivePeriod: { start: '2026-03-01' }, experimental: true };
  await store(rule('dieu', 'Diều ba', silent));
  assert.deepEqual(await shown(), ['Diều hai']);
  const retired = { version: '4', effectivePeriod: { start: '2026-04-01' }, status: 'retired' } as const;
  await store(rule('dieu', 'Diều bốn', retired));
  assert.deepEqual(await shown(), []);
});

test('a changed rule is a new version that nobody has tried, also under the same number', async () => {
  const made = await world.send('POST', '/fhir/PlanDefinition', rule('dieu-doi', 'Đổi một'));
  await switchOn(world, 'dieu-doi');
  assert.deepEqual(await shown(), ['Đổi một']);
  const changed = { ...rule('dieu-doi', 'Đổi hai'), id: made.body.id };
  const put = await world.send('PUT', `/fhir/PlanDefinition/${made.body.id}`, changed);
  assert.equal(put.status, 200, JSON.stringify(put.body));
  assert.deepEqual(await shown(), []);
  const off = { ...changed, status: 'retired' as const };
  await world.send('PUT', `/fhir/PlanDefinition/${made.body.id}`, off);
});

const asking = (expression: string): Partial<PlanDefinition> => ({
  action: [
    {
      ...rule('x', 'Có diều').action![0]!,
      condition: [{ kind: 'applicability', expression: { language: 'text/fhirpath', expression } }],
    },
  ],
});

test('memberOf() asks the value sets of the record; one that nobody knows is refused with its place', async () => {
  await store(rule('dieu-tap', 'Có diều', asking(`Condition.exists(code.memberOf('${SET}'))`)));
  await store(rule('dieu-khac', 'Diều khác', asking(`Condition.exists(code.memberOf('${SET}')).not()`)));
  await switchOn(world, 'dieu-tap');
  await switchOn(world, 'dieu-khac');
  assert.deepEqual(await shown(), ['Có diều']);
  const [issue] = await store(
    rule('dieu-lac', 'Lạc', asking(`Condition.exists(code.memberOf('${SET}-2'))`)),
    422,
  );
  assert.equal(issue!.expression[0], 'PlanDefinition.action[0].condition[0].expression.expression');
  assert.match(issue!.diagnostics, /kites-2/);
});

test('what cannot be carried out is refused: a wrong expression, a hard stop that nobody approved, a changed version of the content', async () => {
  const at = async (plan: PlanDefinition) => (await store(plan, 422))[0]!.expression[0];
  assert.equal(
    await at(rule('dieu-sai', 'Sai', asking('Condition.where('))),
    'PlanDefinition.action[0].condition[0].expression.expression',
  );
  const [action] = rule('x', 'Chặn').action!;
  assert.equal(
    await at(rule('dieu-chan', 'Chặn', { action: [{ ...action!, requiredBehavior: 'must' }] })),
    'PlanDefinition.action[0].requiredBehavior',
  );
  assert.equal(await at(rule('di-ung', 'Khác', { version: '2026-01-01' })), 'PlanDefinition.version');
  assert.equal(
    await at(rule('dieu-ngay', 'Ngày', { effectivePeriod: { end: '2099-01-01' } })),
    'PlanDefinition.effectivePeriod.start',
  );
});

test('the board shows stored rules as those of the content', async () => {
  const officer = await world.staff('content-officer', null);
  const { body } = await officer.call('GET', '/api/decisions/rules?q=dieu');
  const { rows } = body as unknown as { rows: { key: string; state: string; version: string }[] };
  assert.deepEqual(
    rows.filter(({ key }) => key.startsWith('dieu-')).map(({ key, state }) => `${key} ${state}`),
    ['dieu-khac live', 'dieu-lang silent', 'dieu-tap live'],
  );
});

test('every hook that a rule is triggered by has its service: booking and refills are asked with what they are about', async () => {
  const triggered = (key: string, hook: string, expression: string) =>
    store(
      rule(key, `Có ${hook}`, {
        action: [
          {
            ...rule(key, `Có ${hook}`).action![0]!,
            trigger: [{ type: 'named-event', name: hook }],
            condition: [{ kind: 'applicability', expression: { language: 'text/fhirpath', expression } }],
          },
        ],
      }),
    );
  const waiting = ['dieu-hen', 'dieu-them', 'dieu-ra'];
  await triggered('dieu-hen', 'appointment-book', "%appointments.exists(status = 'proposed')");
  await triggered('dieu-them', 'medication-refill', "%draftOrders.exists(status = 'active')");
  await triggered('dieu-ra', 'encounter-discharge', '%encounter.exists()');
  for (const key of waiting) await switchOn(world, key);
  const bundle = (resource: object) => ({
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource }],
  });
  const appointments = bundle({ resourceType: 'Appointment', status: 'proposed', participant: [] });
  const medications = bundle({
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    subject: { reference: `Patient/${patient}` },
    medicationCodeableConcept: { text: 'x' },
  });
  const one = async (hook: string, context: object) =>
    (await call(hook, context)).cards.map(({ summary }) => summary);
  assert.deepEqual(await one('appointment-book', { appointments }), ['Có appointment-book']);
  assert.deepEqual(await one('medication-refill', { medications }), ['Có medication-refill']);
  assert.deepEqual(await one('encounter-discharge', { encounterId: 'v' }), ['Có encounter-discharge']);
  const at = async (hook: string, context: object = {}) => {
    const { status, error } = await call(hook, context);
    return `${status} ${error?.issues[0]?.expression}`;
  };
  assert.equal(await at('appointment-book'), '400 context.appointments');
  assert.equal(
    await at('appointment-book', { appointments: medications }),
    '400 context.appointments.entry[0].resource.resourceType',
  );
  assert.equal(await at('medication-refill'), '400 context.medications');
  assert.equal(await at('encounter-discharge'), '400 context.encounterId');
});
