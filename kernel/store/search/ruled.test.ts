/** A search of one person finds out by its own page whether the person has rules of consent, and holds them where there are. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { ConsentProvision, Resource } from '../../fhir/types.ts';
import { consentOf, NOW, readerOf, recipient } from '../consent/consents.testing.ts';
import type { SearchRequest } from '../contract.ts';
import { type OpenStore, openStore } from '../index.ts';
import { person, pulse, put } from '../samples.testing.ts';
import type { Sight } from '../sight.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';
import { CATEGORY_BITS } from './labels.ts';

let database: TestDatabase;
let store: OpenStore;
let statements: string[] = [];

const secret = (patient: string): Resource => ({
  ...pulse(patient, 99, `${patient}-kin`),
  meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
});
const rule = (patient: string, provision: ConsentProvision): Resource => ({
  ...consentOf(provision, patient),
  id: `cho-${patient}`,
});

before(async () => {
  database = await withDatabase();
  const { pool } = database;
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  Object.assign(pool, {
    query: (...args: unknown[]) => {
      statements.push(((args[0] ?? {}) as { text?: string }).text ?? '');
      return query(...args);
    },
  });
  store = await openStore({ pool, sealEvery: 0 });
  for (const patient of ['tu-do', 'cam', 'cho', 'trong'])
    await store.commit([put(person(patient)), put(secret(patient))], []);
  for (const patient of ['tu-do', 'cam']) await store.commit([put(pulse(patient, 60, `${patient}-1`))], []);
  await store.commit([put(rule('cam', { type: 'deny' }))], []);
  const permitted = { type: 'permit' as const, actor: [recipient('Organization/cs-1')] };
  await store.commit([put(rule('cho', permitted))], []);
});
beforeEach(() => {
  statements = [];
});
after(async () => {
  await store.close();
  await database.stop();
});

const sight: Sight = {
  masks: new Map(),
  mask: { elsewhere: CATEGORY_BITS.HIV!, own: CATEGORY_BITS.HIV! },
  unit: 'cs-1',
  practitioner: null,
  opened: [],
  reader: { ...readerOf({ unit: 'cs-1' }), now: NOW },
};
const pulsesOf = (patient: string, more = ''): SearchRequest => ({
  type: 'Observation',
  params: [...new URLSearchParams(`patient=${patient}&_sort=-date${more}`)] as [string, string][],
  sight,
});
const idsOf = async (request: SearchRequest) => (await store.search(request)).matches.map(({ id }) => id);
const pages = () => statements.filter((text) => text.includes('found order by'));
const asks = () => statements.filter((text) => text.includes('exists (select from consent_rule where pt'));

test('without rules one statement answers, and holds no predicate of consent', async () => {
  assert.deepEqual(await idsOf(pulsesOf('tu-do')), ['tu-do-1']);
  assert.equal(pages().length, 1);
  assert.doesNotMatch(pages()[0]!, /d\.permit/);
  assert.equal(asks().length, 0);
});

test('with rules the search is run by them, also when nothing was found without', async () => {
  assert.deepEqual(await idsOf(pulsesOf('cam')), []);
  assert.equal(pages().length, 2);
  assert.deepEqual(
    await idsOf(pulsesOf('cho')),
    ['cho-kin'],
    'the person has opened what is hidden from others',
  );
  assert.deepEqual(await idsOf(pulsesOf('trong')), [], 'nobody has opened it');
  assert.deepEqual(await idsOf(pulsesOf('nobody-knows-this-one')), []);
});

test('asked together each meets the rules of its own person', async () => {
  const all = ['tu-do', 'cam', 'cho', 'trong', 'tu-do', 'cam'];
  const found = await Promise.all(all.map((patient) => idsOf(pulsesOf(patient))));
  assert.deepEqual(found, [['tu-do-1'], [], ['cho-kin'], [], ['tu-do-1'], []]);
  const together = await store.searchTogether(all.map((patient) => pulsesOf(patient)));
  assert.deepEqual(
    together.map(({ matches }) => matches.map(({ id }) => id)),
    found,
  );
});

test('counts, pages and totals hold them, too', async () => {
  const totalOf = async (patient: string, more: string) =>
    (await store.search(pulsesOf(patient, more))).total;
  for (const [patient, total] of [
    ['tu-do', 1],
    ['cam', 0],
    ['cho', 1],
    ['trong', 0],
  ] as const) {
    assert.equal(await totalOf(patient, '&_summary=count'), total, patient);
    assert.equal(await totalOf(patient, '&_total=accurate&_count=1'), total, patient);
  }
});

test('a rule counts from the search after its write on, and no longer than it stands', async () => {
  await store.commit([put(rule('tu-do', { type: 'deny' }))], []);
  assert.deepEqual(await idsOf(pulsesOf('tu-do')), []);
  await store.commit([{ op: 'delete', type: 'Consent', id: 'cho-tu-do' }], []);
  assert.deepEqual(await idsOf(pulsesOf('tu-do')), ['tu-do-1']);
});
