/** A hard stop from its approval to the prescription that nobody signs: test content, as a province would lay it beside the program's own. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkRules } from '../../engines/rules/index.ts';
import { openContent } from '../../kernel/content/content.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type { AlertView, CheckView, VisitView } from './contract.ts';
import { type Browser, CONSULTATION, line, openWorld, type World } from './testing.ts';

const RULE = 'chan-thu';
const APPROVED = `${RULE},Hội đồng thử nghiệm,2026-11-22,Biên bản thử 1,2026-11-22,2026-11-30`;
const folders: string[] = [];
let world: World;
let doctor: Browser;
let officer: Browser;

const medicine = { system: cs.ingredient, code: 'colchicin' };
const fhirPath = (expression: string) => ({ language: 'text/fhirpath', expression });
const PLAN = {
  resourceType: 'PlanDefinition',
  url: `http://yba.vn/fhir/PlanDefinition/${RULE}`,
  version: '2026-11-22',
  name: 'ChanThu',
  title: 'Chặn thử',
  description: 'Chỉ để thử',
  type: { coding: [{ code: 'eca-rule' }] },
  status: 'active',
  experimental: false,
  effectivePeriod: { start: '2026-11-22' },
  author: [{ name: 'Người thử' }],
  relatedArtifact: [{ type: 'citation', label: 'Sổ thử' }],
  action: [
    {
      title: 'Thuốc bị chặn thử',
      description: 'Chỉ để thử: thuốc này không được kê.',
      priority: 'stat',
      code: [{ coding: [{ system: cs.alertKind, code: 'chong-chi-dinh-benh' }] }],
      trigger: [{ type: 'named-event', name: 'order-sign' }],
      condition: [
        {
          kind: 'applicability',
          expression: fhirPath(
            "%draftOrders.exists(medication.ofType(CodeableConcept).coding.exists(code = 'colchicin'))",
          ),
        },
      ],
      requiredBehavior: 'must',
    },
  ],
};
const CASES = [
  {
    name: 'thuốc bị chặn',
    hook: 'order-sign',
    day: '2026-11-23',
    patient: { resourceType: 'Patient', id: 'p' },
    draftOrders: [
      {
        resourceType: 'MedicationRequest',
        id: 'd',
        status: 'draft',
        intent: 'order',
        subject: { reference: 'Patient/p' },
        medicationCodeableConcept: { coding: [medicine] },
      },
    ],
    cards: [{ indicator: 'critical', summary: 'Thuốc bị chặn thử' }],
  },
];

/** A folder of content with the rule; @param approval line of the approved list; empty: nobody approved it */
function folderWith(approval: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'yba-stop-'));
  folders.push(folder);
  mkdirSync(join(folder, 'rules', RULE), { recursive: true });
  writeFileSync(join(folder, 'rules', RULE, '2026-11-22.json'), JSON.stringify(PLAN));
  writeFileSync(join(folder, 'rules', RULE, 'cases.json'), JSON.stringify(CASES));
  if (approval !== '')
    writeFileSync(
      join(folder, 'rules', 'hard-stops.csv'),
      `rule,approved_by,approved_on,source,valid_from,valid_to\n${approval}\n`,
    );
  return folder;
}

before(async () => {
  world = await openWorld([folderWith(APPROVED)]);
  doctor = await world.signIn('bacsi');
  officer = await world.hire('noidung', 'content-officer');
});
after(async () => {
  await world?.stop();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const colchicine = () =>
  world.program.kernel.content.table('drug/medicines').find((one) => one.ingredients === 'colchicin')!.code!;

async function visitOf() {
  const { encounter, patient } = await world.arrive();
  const at = `/api/clinic/visits/${encounter}`;
  const shown = await doctor.call('GET', at);
  const begun = await doctor.call('POST', `${at}/start`, {}, { ifMatch: shown.body.version });
  const saved = await doctor.call('PUT', `${at}/consultation`, CONSULTATION, { ifMatch: begun.body.version });
  return { at, patient, version: saved.body.version };
}

const stopIn = (alerts: AlertView[]) => alerts.find(({ title }) => title === 'Thuốc bị chặn thử');

const signing = (visit: { at: string; version: number }, overrides: object[]) =>
  doctor.call<VisitView & { error: { details: { unresolved: string[] } } }>(
    'POST',
    `${visit.at}/prescription/sign`,
    { lines: [line(colchicine())], overrides },
    { ifMatch: visit.version, key: randomUUID() },
  );

test('nobody has approved it: the rule is refused at publication with its place', () => {
  const own = join(import.meta.dirname, '../../content');
  const faultsWith = (approval: string) =>
    checkRules(openContent(own, [folderWith(approval)]))
      .filter(({ file }) => file.includes(RULE))
      .flatMap(({ faults }) => faults.map(({ place }) => place));
  assert.deepEqual(faultsWith(''), ['PlanDefinition.action[0].requiredBehavior']);
  assert.deepEqual(faultsWith(`${RULE},,2026-01-01,Không ai,2026-01-01,`), [
    'PlanDefinition.action[0].requiredBehavior',
  ]);
  assert.deepEqual(faultsWith(`${RULE},Hội đồng thử nghiệm,2026-01-01,Biên bản thử 1,2026-01-01,`), []);
});

test('approved and switched on after its run, it stops: no reason helps, on our screen and over CDS Hooks', async () => {
  const visit = await visitOf();
  const check = () =>
    doctor.call<CheckView>('POST', `${visit.at}/prescription/check`, { lines: [line(colchicine())] });
  assert.equal(stopIn((await check()).body.alerts), undefined, 'a rule of a province is silent first');
  const at = `/api/decisions/rules/${RULE}`;
  const tooSoon = await officer.call('POST', `${at}/state`, { state: 'live', note: 'Vội' });
  assert.equal(tooSoon.status, 422);
  let trial = await officer.call<{ id: string; state: string }>('POST', `${at}/trials`, {});
  while (trial.body.state === 'running')
    trial = await officer.call('GET', `/api/decisions/trials/${trial.body.id}`);
  assert.equal(trial.body.state, 'done');
  const live = await officer.call('POST', `${at}/state`, { state: 'live', note: 'Hội đồng thử họp' });
  assert.equal(live.status, 200);
  const shown = await officer.call<{ hardStop: { by: string } | null }>('GET', at);
  assert.equal(shown.body.hardStop?.by, 'Hội đồng thử nghiệm', 'the board says who approved it');

  const stop = stopIn((await check()).body.alerts)!;
  assert.deepEqual(stop.hardStop, {
    by: 'Hội đồng thử nghiệm',
    on: '2026-11-22',
    source: 'Biên bản thử 1',
  });
  assert.deepEqual(stop.reasons, []);
  assert.deepEqual(stop.source, { label: 'Sổ thử', url: null });
  const refused = await signing(visit, [{ alert: stop.key, reason: 'monitor', text: 'Tôi vẫn kê' }]);
  assert.equal(refused.status, 422);
  assert.ok(refused.body.error.details.unresolved.includes(stop.key));
  const orders = await world.recordOf(visit.patient, 'MedicationRequest');
  assert.deepEqual(orders, []);

  const draft = { ...CASES[0]!.draftOrders[0]!, subject: { reference: `Patient/${visit.patient}` } };
  const { body } = await doctor.call<{ cards: { summary: string; overrideReasons?: object[] }[] }>(
    'POST',
    '/cds-services/yba-order-sign',
    {
      hook: 'order-sign',
      hookInstance: randomUUID(),
      context: {
        userId: 'Practitioner/nv-bacsi',
        patientId: visit.patient,
        draftOrders: { resourceType: 'Bundle', type: 'collection', entry: [{ resource: draft }] },
      },
    },
  );
  const card = body.cards.find(({ summary }) => summary === 'Thuốc bị chặn thử')!;
  assert.equal(card.overrideReasons, undefined);
});

test('after the approval has ended the rule asks for a reason, and with one the prescription is signed', async () => {
  world.setNow('2026-12-01T08:30:00+07:00');
  doctor = await world.signIn('bacsi');
  const visit = await visitOf();
  const { body } = await doctor.call<CheckView>('POST', `${visit.at}/prescription/check`, {
    lines: [line(colchicine())],
  });
  const alert = stopIn(body.alerts)!;
  assert.equal(alert.hardStop, null);
  assert.ok(alert.needsReason);
  const overrides = body.alerts
    .filter(({ needsReason }) => needsReason)
    .map(({ key, reasons }) => ({ alert: key, reason: reasons[0]!.code, text: 'Đã cân nhắc' }));
  const signed = await signing(visit, overrides);
  assert.equal(signed.status, 200, JSON.stringify(signed.body));
});
