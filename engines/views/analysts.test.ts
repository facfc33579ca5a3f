/** What logins of analysts see of sensitive data, and of persons who deny it: never more than a session of the same roles. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type pg from 'pg';
import type { Actor, Role } from '../../kernel/access/contract.ts';
import { readLabels } from '../../kernel/access/labels.ts';
import { type FhirWorld, openFhirWorld } from '../../kernel/fhir/testing.ts';
import type { Resource, ResourceType } from '../../kernel/fhir/types.ts';
import { asAnalyst } from '../../main/analysts.testing.ts';
import { readingOfAnalysts } from '../../main/analysts.ts';
import { refreshAnalysts, relabelViews } from './index.ts';

const SEED = Number(process.env.SEED ?? Date.now() % 100_000);
let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

async function put(...resources: object[]): Promise<void> {
  const entry = (resources as Resource[]).map((resource) => ({
    resource,
    request: { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` },
  }));
  const { gate, events } = world.program.house.kernel;
  await gate.system('test').transaction({ resourceType: 'Bundle', type: 'transaction', entry });
  await events.settled();
}

const visit = (id: string, person: string, unit: string) => ({
  resourceType: 'Encounter',
  id,
  status: 'in-progress',
  class: { code: 'AMB' },
  subject: { reference: `Patient/${person}` },
  serviceProvider: { reference: `Organization/${unit}` },
  period: { start: new Date().toISOString() },
});
const diagnosis = (id: string, person: string, encounter: string, code: string) => ({
  resourceType: 'Condition',
  id,
  category: [{ coding: [{ code: 'encounter-diagnosis' }] }],
  code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code }] },
  subject: { reference: `Patient/${person}` },
  encounter: { reference: `Encounter/${encounter}` },
});
const person = (id: string) => ({ resourceType: 'Patient', id, name: [{ text: id }] });
const loginOf = (name: string) => `${name}_${process.pid}`;
const as = <T>(role: Role, unit: string | null, work: (client: pg.Client) => Promise<T>) =>
  asAnalyst(world.program.house, { login: loginOf(role.replace('-', '_')), roles: [role], unit }, work);
const keys = async (client: pg.Client, table = 'diagnosis') =>
  (await client.query(`select resource_key as key from ${table} order by 1`)).rows.map(
    ({ key }) => key as string,
  );

test('rows of a category that the roles may not see are as if they were not there: counts, groups, orders, plans', async () => {
  await put(person('a'), visit('v-a', 'a', 'cs-a'), visit('v-b', 'a', 'cs-b'));
  await put(diagnosis('plain', 'a', 'v-b', 'I10'), diagnosis('own', 'a', 'v-a', 'J18'));
  const questions = [
    'select * from diagnosis order by 1',
    'select count(*), max(resource_key), min(code) from diagnosis',
    'select code, count(*) from diagnosis group by 1 order by 1',
    'select v.resource_key, count(d.*) from visit v left join diagnosis d on d.encounter = v.resource_key group by 1 order by 1',
  ];
  await as('doctor', 'cs-a', async (client) => {
    const ask = async () => {
      const answers: unknown[] = [];
      for (const sql of questions) answers.push((await client.query(sql)).rows);
      return answers;
    };
    const before = await ask();
    await put(diagnosis('hiv', 'a', 'v-b', 'B20.1'), diagnosis('labelled', 'a', 'v-b', 'I11'));
    await put({ ...diagnosis('labelled', 'a', 'v-b', 'I11'), meta: { security: [{ code: 'PSY' }] } });
    assert.deepEqual(await ask(), before);
  });
  await as('doctor', 'cs-b', async (client) =>
    assert.deepEqual(await keys(client), ['hiv', 'labelled', 'own', 'plain'], 'what the own unit wrote'),
  );
  await as('surveillance', 'cs-b', async (client) =>
    assert.deepEqual(await keys(client), ['hiv', 'plain'], 'HIV is its purpose, mental health is not'),
  );
});

test(`an analyst sees no row that a session of the same roles would not (seed ${SEED})`, async () => {
  let state = SEED;
  const pick = <T>(of: readonly T[]): T => {
    state = (state * 48271 + 11) % 2_147_483_647;
    return of[state % of.length]!;
  };
  const codes = ['I10', 'B20', 'F20.0', 'F10.1', 'A54', 'T74.1', 'D66', 'J18'];
  const units = ['cs-a', 'cs-b', 'cs-c'];
  await put(...['p1', 'p2', 'p3', 'p4'].map(person));
  for (let n = 0; n < 40; n++) {
    const [who, unit] = [pick(['p1', 'p2', 'p3', 'p4']), pick(units)];
    await put(visit(`r-v${n}`, who, unit), diagnosis(`r-d${n}`, who, `r-v${n}`, pick(codes)));
  }
  for (const who of ['p1', 'p2']) await put(consent(who, pick(units), pick(['', 'HIV', 'PSY'])));
  const { kernel, access } = world.program.house;
  for (const role of ['doctor', 'nurse', 'surveillance', 'insurance', 'station-head', 'cashier'] as const) {
    const unit = pick(units);
    const actor: Actor = {
      id: 'x',
      name: 'x',
      roles: [role],
      unit,
      practitioner: null,
      ip: '',
      purpose: { code: access.purposeOf([role]) },
    };
    await as(role, unit, async (client) => {
      const seen = await keys(client);
      const versions = await kernel.store.readMany(
        seen.map((id) => ({ type: 'Condition' as ResourceType, id })),
      );
      const visible = await access.guard.visible(actor, versions, 'search');
      assert.deepEqual(visible.map(({ id }) => id).sort(), [...seen].sort(), `${role} ${unit}`);
      assert.ok(role === 'cashier' || seen.length > 0, `${role} ${unit} sees something`);
    });
  }
});

const consent = (patient: string, unit: string, category: string) => ({
  resourceType: 'Consent',
  id: `cam-${patient}`,
  status: 'active',
  scope: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
  },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: { reference: `Patient/${patient}` },
  policy: [{ uri: 'http://yba.vn/chinh-sach/quyen-rieng-tu' }],
  provision: {
    type: 'deny',
    ...(category === ''
      ? {}
      : {
          securityLabel: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: category }],
        }),
    actor: [
      {
        role: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'PRCP' }],
        },
        reference: { reference: `Organization/${unit}` },
      },
    ],
  },
});

test('what a person denies to the unit is not in its analysts’ tables, from the next statement on', async () => {
  await put(person('tu-choi'), visit('tc-a', 'tu-choi', 'cs-a'), visit('tc-b', 'tu-choi', 'cs-b'));
  await put(diagnosis('tc-1', 'tu-choi', 'tc-a', 'I10'), diagnosis('tc-2', 'tu-choi', 'tc-b', 'I10'));
  await as('doctor', 'cs-a', async (client) => {
    const own = async () => (await keys(client)).filter((key) => key.startsWith('tc-'));
    assert.deepEqual(await own(), ['tc-1', 'tc-2']);
    await put(consent('tu-choi', 'cs-a', ''));
    assert.deepEqual(await own(), [], 'a diagnosis names no facility of its own, in the record neither');
    const visits = (await keys(client, 'visit')).filter((key) => key.startsWith('tc-'));
    assert.deepEqual(visits, ['tc-a'], 'what the own unit is answerable for stays open to it');
    await put({ ...consent('tu-choi', 'cs-a', ''), status: 'inactive' });
    assert.deepEqual(await own(), ['tc-1', 'tc-2']);
  });
});

test('other rules of what is sensitive: tables are made anew by them; rights of before hide everything until they are told', async () => {
  const { kernel } = world.program.house;
  await put(
    person('m'),
    visit('m-a', 'm', 'cs-a'),
    visit('m-b', 'm', 'cs-b'),
    diagnosis('m-1', 'm', 'm-b', 'I10'),
  );
  const has = async (client: pg.Client) => (await keys(client)).includes('m-1');
  const today = new Date().toISOString().slice(0, 10);
  await as('doctor', 'cs-a', async (client) => {
    assert.ok(await has(client));
    const more = { category: 'HIV' as const, system: 'http://hl7.org/fhir/sid/icd-10', codes: ['I10'] };
    await kernel.store.relabel([...readLabels(kernel.content, today), more]);
    assert.ok((await relabelViews(kernel)).includes('diagnosis'));
    assert.ok(!(await has(client)));
    await kernel.store.relabel(readLabels(kernel.content, today));
    await relabelViews(kernel);
    assert.deepEqual(await relabelViews(kernel), [], 'once');
    assert.ok(await has(client));
    await kernel.pool.query('update view_reach set hidden = -1, hidden_own = -1');
    assert.ok(await has(client), 'what has no label');
    assert.ok(!(await keys(client)).includes('hiv'));
    await refreshAnalysts(kernel.pool, readingOfAnalysts(world.program.house));
  });
});
