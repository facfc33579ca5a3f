/** Rules of consent in the database: with the Consent, with what it names, from the beginning, and the same answer in SQL. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ConsentProvision, Resource } from '../../fhir/types.ts';
import { shardKey } from '../compartment.ts';
import { type OpenStore, openStore } from '../index.ts';
import { loadInto, openFiles } from '../load/samples.testing.ts';
import { person, put } from '../samples.testing.ts';
import { referenceKey } from '../search/keys.ts';
import { organizationNumber } from '../search/owner.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';
import {
  authoritiesOf,
  coding,
  NOW,
  organization,
  readerOf,
  recipient,
  storedConsent,
  subjectOf,
} from './consents.testing.ts';
import { consentDecision } from './decision.ts';
import { readNotes } from './notes.ts';
import { consentGrants, consentHides } from './predicate.ts';
import type { ConsentReader, ConsentSubject } from './rule.ts';

let database: TestDatabase;
/** The one kind of Organization that is an authority. */
const authority = 'so-y-te';
let store: OpenStore;
before(async () => {
  database = await withDatabase();
  const authorities = authoritiesOf(() => authority);
  store = await openStore({ url: database.url, sealEvery: 0, authorities });
});
after(async () => {
  await store.close();
  await database.stop();
});

const keep = (resource: Resource) => store.commit([put(resource)], []);
const visit = (id: string, patient: string, at: string): Resource => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { code: 'AMB' },
  subject: { reference: `Patient/${patient}` },
  serviceProvider: { reference: `Organization/${at}` },
});
const rulesOf = async (patient: string) =>
  (await store.consentRules.of([patient], new Date(NOW))).get(patient) ?? [];
const isHidden = async (patient: string, reader = readerOf(), subject = subjectOf()) =>
  consentDecision(await rulesOf(patient), reader, subject, NOW) === 'hidden';

test('a restriction holds when its write is answered, and ends with its withdrawal', async () => {
  await keep(person('rut'));
  await keep(storedConsent('rut-1', 'rut', { type: 'deny', actor: [recipient('Organization/cs-1')] }));
  assert.equal(await isHidden('rut'), true);
  await keep({
    ...storedConsent('rut-1', 'rut', { type: 'deny', actor: [recipient('Organization/cs-1')] }),
    status: 'inactive',
  });
  assert.deepEqual(await rulesOf('rut'), []);
  await keep(storedConsent('rut-1', 'rut', { type: 'deny' }));
  await store.commit([{ op: 'delete', type: 'Consent', id: 'rut-1' }], []);
  assert.deepEqual(await rulesOf('rut'), []);
});

test('what is over falls out by its date, without a job', async () => {
  await keep(person('qua'));
  await keep(storedConsent('qua-1', 'qua', { type: 'deny', period: { end: '2026-11-22' } }));
  assert.equal(await isHidden('qua'), true);
  const later = await store.consentRules.of(['qua'], new Date('2026-11-23T00:00:00+07:00'));
  assert.equal(later.size, 0);
});

test('a Consent that names somebody else leaves the first person', async () => {
  await keep(person('mot'));
  await keep(person('hai'));
  await keep(storedConsent('doi', 'mot', { type: 'deny' }));
  await keep(storedConsent('doi', 'hai', { type: 'deny' }));
  assert.deepEqual([await rulesOf('mot').then((all) => all.length), await isHidden('hai')], [0, true]);
});

test('who joins a care team is meant from then on; a team of the same Bundle is known', async () => {
  await keep(person('nhom'));
  const team = (...members: string[]): Resource => ({
    resourceType: 'CareTeam',
    id: 'nhom-t',
    subject: { reference: 'Patient/nhom' },
    participant: members.map((reference) => ({ member: { reference } })),
  });
  await store.commit(
    [
      put(storedConsent('nhom-1', 'nhom', { type: 'deny', actor: [recipient('CareTeam/nhom-t')] })),
      put(team('Practitioner/a')),
    ],
    [],
  );
  const hides = (name: string) => isHidden('nhom', readerOf({ names: [name] }));
  assert.deepEqual([await hides('Practitioner/a'), await hides('Practitioner/b')], [true, false]);
  await keep(team('Practitioner/b'));
  assert.deepEqual([await hides('Practitioner/a'), await hides('Practitioner/b')], [false, true]);
});

test('a group is who is listed in it, and in the teams of its teams; who leaves is not meant', async () => {
  await keep(person('hoi'));
  const entity = (reference: string, inactive = false) => ({ entity: { reference }, inactive });
  const group = (more: object): Resource => ({
    resourceType: 'Group',
    id: 'hoi-g',
    type: 'practitioner',
    actual: true,
    member: [entity('Practitioner/a'), entity('Practitioner/b', true), entity('Group/hoi-1')],
    ...more,
  });
  const inner = (level: number): Resource => ({
    resourceType: 'Group',
    id: `hoi-${level}`,
    type: 'practitioner',
    actual: true,
    member: [entity(level === 6 ? 'Practitioner/deep' : `Group/hoi-${level + 1}`), entity('Group/hoi-g')],
  });
  await keep(storedConsent('hoi-c', 'hoi', { type: 'deny', actor: [recipient('Group/hoi-g')] }));
  await store.commit([put(group({})), ...[1, 2, 3, 4, 5, 6].map((level) => put(inner(level)))], []);
  const hides = async () =>
    Promise.all(
      ['a', 'b', 'deep'].map((name) => isHidden('hoi', readerOf({ names: [`Practitioner/${name}`] }))),
    );
  assert.deepEqual(await hides(), [true, false, true]);
  await keep(group({ actual: false }));
  assert.deepEqual(
    await hides(),
    [true, true, true],
    'who only fits a description cannot be told: all are denied',
  );
  await keep(group({ active: false }));
  assert.deepEqual(await hides(), [false, false, false]);
});

test('an ended role means nobody', async () => {
  await keep(person('vai'));
  const role = (active: boolean): Resource => ({
    resourceType: 'PractitionerRole',
    id: 'vai-r',
    active,
    practitioner: { reference: 'Practitioner/c' },
  });
  await keep(role(true));
  await keep(storedConsent('vai-1', 'vai', { type: 'deny', actor: [recipient('PractitionerRole/vai-r')] }));
  assert.equal(await isHidden('vai', readerOf({ names: ['Practitioner/c'] })), true);
  await keep(role(false));
  assert.equal(await isHidden('vai', readerOf({ names: ['Practitioner/c'] })), false);
});

test('a team that is not there denies to everyone, and is told, until it comes', async () => {
  await keep(person('thieu'));
  await keep(storedConsent('thieu-1', 'thieu', { type: 'deny', actor: [recipient('CareTeam/thieu-t')] }));
  const places = async () =>
    (await readNotes(database.pool, { patient: 'thieu', count: 9 })).flatMap(({ issues }) =>
      issues.map(({ expression }) => expression),
    );
  const hides = (name: string) => isHidden('thieu', readerOf({ names: [name] }));
  assert.deepEqual(await places(), ['Consent.provision.actor[0].reference']);
  assert.deepEqual([await hides('Practitioner/a'), await hides('Practitioner/b')], [true, true]);
  await keep({
    resourceType: 'CareTeam',
    id: 'thieu-t',
    subject: { reference: 'Patient/thieu' },
    participant: [{ member: { reference: 'Practitioner/a' } }],
  });
  assert.deepEqual([await hides('Practitioner/a'), await hides('Practitioner/b')], [true, false]);
  assert.deepEqual(await places(), []);
});

test('what is told of a Consent goes with it', async () => {
  await keep(person('ghi'));
  await keep(storedConsent('ghi-1', 'ghi', { type: 'deny', securityLabel: [coding('SPI')] }));
  const told = async () => (await readNotes(database.pool, { patient: 'ghi', count: 9 })).length;
  assert.equal(await told(), 1);
  await database.pool.query('delete from consent_note');
  const { faults } = await store.consentRules.rebuild();
  assert.deepEqual([faults.map(({ consent: id }) => id), await told()], [['ghi-1'], 1]);
  await store.commit([{ op: 'delete', type: 'Consent', id: 'ghi-1' }], []);
  assert.equal(await told(), 0);
});

test('an erased person leaves no rule', async () => {
  await keep(person('bien'));
  await keep(storedConsent('bien-1', 'bien', { type: 'deny' }));
  await store.erase('bien', async () => [], []);
  const left = await database.pool.query('select from consent_rule where pt = $1', [
    shardKey('bien').toString(),
  ]);
  assert.equal(left.rowCount, 0);
});

test('made anew from the record, the table is what it was', async () => {
  await keep(person('lai'));
  await keep(
    storedConsent('lai-1', 'lai', {
      type: 'deny',
      securityLabel: [coding('HIV'), coding('PSY')],
      provision: [{ type: 'permit', actor: [recipient('Organization/cs-1'), recipient('Practitioner/a')] }],
    }),
  );
  const all = async () =>
    (await database.pool.query('select * from consent_rule order by pt, consent, n, choice')).rows;
  const before = await all();
  await database.pool.query('delete from consent_rule');
  const done = await store.consentRules.rebuild();
  assert.deepEqual(await all(), before);
  assert.deepEqual([done.rules, done.faults], [before.length, []]);
});

test('a database of the time before the table is read at its first start', async () => {
  const before = (await database.pool.query('select count(*)::int as n from consent_rule')).rows[0].n;
  await database.pool.query('delete from consent_rule; delete from consent_rule_made');
  const other = await openStore({ url: database.url, sealEvery: 0 });
  await other.close();
  assert.equal((await database.pool.query('select count(*)::int as n from consent_rule')).rows[0].n, before);
});

test('a loaded Consent counts when its load is done', async () => {
  const files = openFiles();
  const file = files.lines('dong-y.ndjson', [person('nap'), storedConsent('nap-1', 'nap', { type: 'deny' })]);
  await loadInto(store, [file]);
  files.remove();
  assert.equal(await isHidden('nap'), true);
});

test('SQL decides as the function does', async () => {
  for (const one of [organization('cs-9'), organization('cs-9a', 'cs-9')]) await keep(one);
  const patients = Array.from({ length: 14 }, (_, n) => `sql-${n}`);
  const provisions: ConsentProvision[] = [
    { type: 'deny' },
    { type: 'deny', securityLabel: [coding('HIV'), coding('PSY')] },
    {
      type: 'deny',
      actor: [recipient('Organization/cs-1')],
      provision: [{ type: 'permit', actor: [recipient('Practitioner/bs-1')] }],
    },
    { type: 'permit', actor: [recipient('Practitioner/bs-1')] },
    {
      type: 'permit',
      actor: [recipient('Organization/cs-1')],
      provision: [{ type: 'deny', securityLabel: [coding('HIV')] }],
    },
    { type: 'deny', class: [coding('Observation')], period: { start: '2026-01', end: '2026-11' } },
    { type: 'deny', dataPeriod: { end: '2026-06' } },
    { type: 'deny', actor: [recipient('Organization/cs-9', 'CST')] },
    {
      type: 'deny',
      code: [{ coding: [{ system: 'http://loinc.org', code: '8867-4' }] }],
      provision: [{ type: 'permit', purpose: [coding('TREAT')] }],
    },
    { type: 'deny', data: [{ meaning: 'instance', reference: { reference: 'Observation/x' } }] },
    { type: 'permit', provision: [{ type: 'deny', actor: [recipient('Patient/me')] }] },
    { type: 'deny', purpose: [coding('HPAYMT')] },
    { type: 'permit', actor: [recipient('Organization/cs-1'), recipient('Organization/cs-9', 'CST')] },
    { type: 'deny', code: [{ coding: [{ system: 'http://loinc.org', code: '8480-6' }] }] },
  ];
  for (const [n, patient] of patients.entries()) {
    await keep(person(patient));
    for (const at of ['cs-9', 'cs-9a', 'cs-1'])
      await keep(visit(`${patient}-at${organizationNumber(at)}`, patient, at));
    await keep(storedConsent(`${patient}-c`, patient, provisions[n]!));
    if (n % 3 === 0) await keep(storedConsent(`${patient}-d`, patient, provisions[(n * 5 + 2) % 14]!));
  }
  const readers: ConsentReader[] = [
    readerOf(),
    readerOf({ names: ['Organization/cs-1', 'Practitioner/bs-1'], unit: 'cs-1' }),
    readerOf({ names: ['Patient/me'], citizen: true }),
    readerOf({ names: ['Organization/cs-2'], purpose: 'HPAYMT', open: [subjectOf({ type: 'Condition' }).t] }),
  ];
  const subjects: ConsentSubject[] = [
    subjectOf(),
    subjectOf({ sec: 4 }),
    subjectOf({ sec: 12, type: 'Condition' }),
    subjectOf({ holder: 'cs-9' }),
    subjectOf({ holder: 'cs-9a' }),
    ...[['cs-9a'], ['cs-1'], ['cs-1', 'cs-9']].map((visitsAt) => subjectOf({ visitsAt })),
    subjectOf({ codes: ['8480-6'] }),
    subjectOf({ holder: 'cs-1', d0: null, d1: null }),
    subjectOf({ d0: Date.parse('2026-05-01'), d1: Date.parse('2026-05-02') }),
  ];
  let told = 0;
  for (const patient of patients) {
    const rules = await rulesOf(patient);
    for (const reader of readers) {
      for (const subject of subjects) {
        const expected = consentDecision(rules, reader, subject, NOW);
        assert.equal(
          await inSql(patient, reader, subject),
          expected,
          `${patient} ${JSON.stringify(reader)} ${subject.sec} ${subject.t}`,
        );
        if (expected !== 'none') told += 1;
      }
    }
  }
  assert.ok(told > 60, String(told));
});

async function inSql(patient: string, reader: ConsentReader, subject: ConsentSubject): Promise<string> {
  const visits = subject.visits.map((owner) => `Encounter/${patient}-at${owner}`);
  const tokens = [...subject.tok, ...visits.map((visit) => referenceKey('Observation.encounter', visit))];
  const at = {
    names: '$1',
    purpose: '$2',
    citizen: '$3',
    unit: '$4',
    open: '$5',
    now: '$6',
    encounters: '$7',
  };
  const instant = (ms: number | null) => (ms === null ? null : new Date(ms));
  const { rows } = await database.pool.query(
    `select ${consentHides('r', at)} as hidden, ${consentGrants('r', at)} as granted
     from (select $8::int8 as pt, $9::int2 as t, $10::int8 as idh, $11::int4 as sec, $12::int4 as org, $13::int8[] as tok,
       $14::timestamptz as d0, $15::timestamptz as d1) r`,
    [
      reader.names,
      reader.purpose,
      reader.citizen,
      reader.unit,
      reader.open,
      new Date(NOW),
      ['Observation.encounter'],
      shardKey(patient).toString(),
      subject.t,
      subject.idh.toString(),
      subject.sec,
      subject.org,
      tokens.map(String),
      instant(subject.d0),
      instant(subject.d1),
    ],
  );
  return rows[0].hidden ? 'hidden' : rows[0].granted ? 'granted' : 'none';
}
