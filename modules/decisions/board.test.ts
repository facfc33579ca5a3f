/** New rules run over the past before they speak; the board counts what was shown and overridden. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld } from '../../kernel/access/testing.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type { RuleRow, TrialView } from './contract.ts';
import { keepOutcomes, keepShown } from './index.ts';
import { knownAt } from './trials/past.ts';
import { per100, TrialTally } from './trials/tally.ts';

type Staff = Awaited<ReturnType<AccessWorld['staff']>>;
let world: AccessWorld;
let officer: Staff;
let doctor: Staff;
const SILENT = 'hla-truoc-thuoc';

before(async () => {
  world = await openAccessWorld();
  officer = await world.staff('content-officer', null);
  doctor = await world.staff('doctor', 'cs-1');
  for (let at = 0; at < 5; at += 1) {
    const { body } = await world.send('POST', '/fhir/Patient', {
      resourceType: 'Patient',
      gender: 'female',
      birthDate: '1970-05-01',
    });
    for (const [line, code] of ['paracetamol', at < 2 ? 'carbamazepin' : 'amoxicilin'].entries())
      await world.send('POST', '/fhir/MedicationRequest', {
        resourceType: 'MedicationRequest',
        status: 'active',
        intent: 'order',
        subject: { reference: `Patient/${body.id}` },
        authoredOn: '2026-11-20T08:00:00+07:00',
        groupIdentifier: { value: `don-${at}` },
        identifier: [{ value: `don-${at}.${line}` }],
        medicationCodeableConcept: { text: code, coding: [{ system: cs.ingredient, code }] },
      });
  }
});
after(() => world.stop());

const rule = async (key: string, by = officer) =>
  (await by.call('GET', `/api/decisions/rules/${key}`)).body as unknown as RuleRow;
const JSON_BODY = { 'content-type': 'application/json' };
const post = (by: Staff, path: string, body: object) => by.call('POST', path, body, JSON_BODY);
const switchTo = (by: Staff, state: string, note = 'Hội đồng thuốc duyệt ngày 22/11') =>
  post(by, `/api/decisions/rules/${SILENT}/state`, { state, note });

async function finished(id: string): Promise<TrialView> {
  for (let left = 200; left > 0; left -= 1) {
    const { body } = await officer.call('GET', `/api/decisions/trials/${id}`);
    if ((body as unknown as TrialView).state !== 'running') return body as unknown as TrialView;
    await new Promise((later) => setTimeout(later, 50));
  }
  throw new Error('the trial does not end');
}

test('a new rule is silent, and is not switched on before it has run over the past', async () => {
  const row = await rule(SILENT);
  assert.equal(row.state, 'silent');
  const refused = await switchTo(officer, 'live');
  assert.equal(refused.status, 422);
  assert.match(JSON.stringify(refused.body), /chạy thử trên đơn cũ/);
});

test('a trial counts prescriptions, alerts per 100 by role and unit; examples are shown to who may read them', async () => {
  const begun = await post(officer, `/api/decisions/rules/${SILENT}/trials`, {
    from: '2026-11-01',
    to: '2026-11-30',
  });
  assert.equal(begun.status, 200, JSON.stringify(begun.body));
  const done = await finished((begun.body as unknown as TrialView).id);
  assert.deepEqual([done.state, done.acts, done.alerted, done.rate, done.faults], ['done', 5, 2, 40, 0]);
  assert.deepEqual(
    done.byRole.map(({ acts, rate }) => [acts, rate]),
    [[5, 40]],
  );
  assert.deepEqual([done.examples, done.hidden], [[], 2]);
});

test('it is switched on with a name and a reason, and speaks; and off again', async () => {
  assert.equal((await switchTo(officer, 'live', '')).status, 422);
  assert.equal((await switchTo(doctor, 'live')).status, 403);
  const on = await switchTo(officer, 'live');
  assert.equal(on.status, 200, JSON.stringify(on.body));
  const row = on.body as unknown as RuleRow;
  assert.deepEqual([row.state, row.decided?.note], ['live', 'Hội đồng thuốc duyệt ngày 22/11']);
  assert.ok(row.decided?.name);
  const { services } = (await (await fetch(`${world.program.address}/cds-services`)).json()) as {
    services: { hook: string; description: string }[];
  };
  const spoken = () => services.find(({ hook }) => hook === 'order-sign')!.description;
  assert.match(spoken(), /HLA/);
  assert.equal((await switchTo(officer, 'off')).status, 200);
  assert.equal((await rule(SILENT)).state, 'off');
});

test('a trial can be stopped; two never run at once; bad days are told', async () => {
  const bad = await post(officer, `/api/decisions/rules/${SILENT}/trials`, { from: '2026-02-30' });
  assert.equal(bad.status, 422);
  assert.equal((await post(officer, '/api/decisions/rules/none/trials', {})).status, 404);
  const { pool } = world.program.kernel;
  const id = crypto.randomUUID();
  await pool.query(
    `insert into decisions.trial select $1, rule, version, 'running', account, name, from_day, to_day, now(), now(), 0, result from decisions.trial limit 1`,
    [id],
  );
  assert.equal((await post(officer, `/api/decisions/rules/${SILENT}/trials`, {})).status, 409);
  const stopped = await post(officer, `/api/decisions/trials/${id}/stop`, {});
  assert.equal((stopped.body as unknown as TrialView).state, 'stopped');
});

test('more than 90 % overridden is marked for review, by role and reason', async () => {
  const { pool } = world.program.kernel;
  const at = world.now();
  const ids = Array.from({ length: 25 }, () => crypto.randomUUID());
  const { version } = await rule('tuong-tac');
  const shown = ids.map((id) => ({ id, card: { rule: 'tuong-tac', version } }));
  await keepShown(pool, shown, { hook: 'order-sign', role: 'doctor', unit: 'cs-1', practitioner: '', at });
  await keepShown(pool, shown, { hook: 'order-sign', role: 'doctor', unit: 'cs-1', practitioner: '', at });
  await keepOutcomes(
    pool,
    ids.slice(0, 24).map((id) => ({ id, outcome: 'overridden', reason: 'monitor', at })),
  );
  const row = await rule('tuong-tac');
  assert.deepEqual([row.shown, row.overridden, row.overrideRate, row.toReview], [25, 24, 96, true]);
  assert.deepEqual(row.byRole, [{ role: 'doctor', shown: 25, overridden: 24 }]);
  assert.deepEqual(
    row.reasons.map(({ code, count }) => [code, count]),
    [['monitor', 24]],
  );
  assert.equal((await rule('di-ung')).toReview, false);
});

test('rates by unit, practitioner and month: the province sees all, a head the people of her own unit', async () => {
  const { pool } = world.program.kernel;
  const at = world.now();
  const card = { rule: 'trung-hoat-chat', version: (await rule('trung-hoat-chat')).version };
  const show = async (unit: string, practitioner: string, overridden: boolean) => {
    const id = crypto.randomUUID();
    await keepShown(pool, [{ id, card }], { hook: 'order-sign', role: 'doctor', unit, practitioner, at });
    if (overridden) await keepOutcomes(pool, [{ id, outcome: 'overridden', reason: 'monitor', at }]);
  };
  await show('cs-1', 'bs-a', true);
  await show('cs-1', 'bs-a', false);
  await show('cs-2', 'bs-b', true);
  const all = await rule('trung-hoat-chat');
  const told = (shares: RuleRow['byUnit']) =>
    shares.map(({ name, shown, overridden }) => `${name} ${overridden}/${shown}`);
  assert.deepEqual(told(all.byUnit), ['cs-1 1/2', 'cs-2 1/1']);
  assert.deepEqual(told(all.byPerson), ['bs-a 1/2', 'bs-b 1/1']);
  assert.deepEqual(
    all.byMonth.map(({ shown, overridden }) => [shown, overridden]),
    [[3, 2]],
  );
  assert.match(all.byMonth[0]!.name, /^\d{4}-\d{2}$/);
  assert.notEqual(all.byUnit[0]!.title, 'cs-1', 'a unit has its name');
  const head = await world.staff('station-head', 'cs-2');
  assert.deepEqual(told((await rule('trung-hoat-chat', head)).byPerson), ['bs-b 1/1']);
});

test('the list is searched without marks and paged; strangers to the work are refused', async () => {
  const { body } = await officer.call('GET', '/api/decisions/rules?q=di%20ung');
  assert.ok((body as unknown as { rows: RuleRow[] }).rows.some(({ key }) => key === 'di-ung'));
  assert.equal((await doctor.call('GET', '/api/decisions/rules')).status, 403);
});

test('the past is what was known then', () => {
  const made = (authoredOn: string) => ({ resourceType: 'MedicationRequest', authoredOn }) as never;
  const all = [made('2026-01-01'), made('2026-03-01'), { resourceType: 'Patient' } as never];
  assert.equal(knownAt(all, Date.parse('2026-02-01')).length, 2);
});

test('rates: nothing counted has no rate', () => {
  assert.equal(per100(new TrialTally().result()), null);
});
