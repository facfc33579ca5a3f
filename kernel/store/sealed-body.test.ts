/** Bodies of sensitive resources and of files lie sealed, and are read, searched and loaded as if they did not. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Resource } from '../fhir/types.ts';
import { type Keyring, openKeyring } from '../keys/index.ts';
import { type OpenStore, openStore } from './index.ts';
import { loadInto, openFiles } from './load/samples.testing.ts';
import { failureOf, person, pulse, put } from './samples.testing.ts';
import { type TestDatabase, withDatabase } from './testing.ts';

const HIV = { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] };
const SECRET = 'dieu chi bac si biet';
const secret = (id: string, note = SECRET): Resource => ({
  ...pulse('an', 70, id),
  meta: HIV,
  note: [{ text: note }],
});
const open = (id: string, note = SECRET): Resource => ({ ...pulse('an', 70, id), note: [{ text: note }] });
const file: Resource = {
  resourceType: 'Binary',
  id: 'tep',
  contentType: 'text/plain',
  data: Buffer.from(SECRET.repeat(40)).toString('base64'),
};

let database: TestDatabase;
let keys: Keyring;
before(async () => {
  database = await withDatabase();
  const first = await openStore({ url: database.url, sealEvery: 0 });
  await first.commit([put(person('an')), put(secret('cu')), put(open('thuong'))], []);
  await first.commit([put(secret('cu', 'sau'))], []);
  await first.close();
  keys = await openKeyring(database.pool, []);
});
after(() => database.stop());

async function inStore(work: (store: OpenStore) => Promise<void>, ring: Keyring | null = keys) {
  const store = await openStore({ url: database.url, sealEvery: 0 });
  if (ring) store.keepSecrets(ring);
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

const noteOf = (text: string) => (JSON.parse(text) as { note?: { text: string }[] }).note?.[0]?.text;
async function read(store: OpenStore, id: string): Promise<string | undefined> {
  return noteOf((await store.read('Observation', id))!.body.toString());
}

const subscription: Resource = {
  resourceType: 'Subscription',
  id: 'bao',
  status: 'off',
  reason: 'x',
  criteria: 'Observation?',
  channel: { type: 'rest-hook', endpoint: 'https://example.org', header: ['Authorization: Bearer abc'] },
};

/** By id: the key's name, or null for a body that lies open. */
async function sealsOf(table = 'res'): Promise<Map<string, string | null>> {
  const { rows } = await database.pool.query(
    `select id, ver, case when codec < 0 then convert_from(substring(body from 2 for get_byte(body, 0)), 'SQL_ASCII') end as kid
     from ${table} where body is not null order by id, ver`,
  );
  return new Map(rows.map(({ id, ver, kid }) => [table === 'hist' ? `${id} ${ver}` : id, kid]));
}

test('what is labelled, what is a file and what holds headers of subscribers lies sealed, and nothing else', () =>
  inStore(async (store) => {
    await store.commit([put(secret('moi')), put(open('khac')), put(file), put(subscription)], []);
    const seals = await sealsOf();
    const kid = (await keys.list())[0]!.kid;
    assert.deepEqual([seals.get('moi'), seals.get('khac')], [kid, null]);
    const shared = await sealsOf('shared');
    assert.equal(shared.get('tep') ?? seals.get('tep'), kid);
    assert.equal(shared.get('bao') ?? seals.get('bao'), kid);
    const { rows } = await database.pool.query(`select body from res where id = 'moi'`);
    assert.equal(rows[0].body.includes(Buffer.from(SECRET)), false);
  }));

test('they are read, searched, told of and kept as history like all others', () =>
  inStore(async (store) => {
    assert.equal(await read(store, 'moi'), SECRET);
    const found = await store.search({ type: 'Observation', params: [['patient', 'an']] });
    assert.deepEqual(found.matches.map(({ id }) => id).sort(), ['cu', 'khac', 'moi', 'thuong']);
    await store.commit([put(secret('moi', 'hai'))], []);
    const [again] = await store.commit([put(secret('moi', 'hai'))], []);
    assert.equal(again!.version, 2, 'a change of nothing is none');
    const { versions } = await store.history({ type: 'Observation', id: 'moi' }, { count: 10 });
    assert.deepEqual(
      versions.map(({ body }) => noteOf(body.toString())),
      ['hai', SECRET],
    );
    const { own } = await store.personRows({ patient: 'an', count: 50 });
    assert.equal(own.length, 5 + Number((await sealsOf()).has('tep')));
    for await (const [an] of store.personsRows({ patients: ['an'], types: ['Observation'] }))
      assert.deepEqual(
        an!.own.map(({ id, body }) => [id, noteOf(body.toString())]),
        own.filter(({ type }) => type === 'Observation').map(({ id, body }) => [id, noteOf(body.toString())]),
      );
    assert.equal((await store.read('Binary', 'tep'))!.body.includes(Buffer.from('text/plain')), true);
  }));

test('a load seals what it writes, in its threads', () =>
  inStore(async (store) => {
    const files = openFiles();
    try {
      const source = files.lines('mat.ndjson', [
        person('binh'),
        { ...secret('nap'), subject: { reference: 'Patient/binh' } },
      ]);
      await loadInto(store, [source]);
    } finally {
      files.remove();
    }
    assert.notEqual((await sealsOf()).get('nap'), null);
    assert.equal(await read(store, 'nap'), SECRET);
  }));

test('what lay open from before is sealed on demand, also versions that only their body labels; it can be stopped', () =>
  inStore(async (store) => {
    assert.deepEqual([(await sealsOf()).get('cu'), (await sealsOf('hist')).get('cu 1')], [null, null]);
    await store.commit([put(open('thuong', 'hai'))], []);
    const stopper = new AbortController();
    stopper.abort();
    assert.deepEqual(await store.sealBodies({ signal: stopper.signal }), { sealed: 0, stopped: true });
    assert.deepEqual(await store.sealBodies(), { sealed: 2, stopped: false });
    assert.notEqual((await sealsOf()).get('cu'), null);
    assert.notEqual((await sealsOf('hist')).get('cu 1'), null);
    assert.equal((await sealsOf('hist')).get('thuong 1'), null);
    assert.deepEqual(await store.sealBodies(), { sealed: 0, stopped: false });
    assert.equal(await read(store, 'cu'), 'sau');
    const before = await store.vread('Observation', 'cu', 1);
    assert.equal(noteOf(before!.body.toString()), SECRET);
  }));

test('after a rotation older keys open, and everything is sealed anew by the newest', () =>
  inStore(async (store) => {
    const newest = await keys.rotate();
    assert.equal(await read(store, 'nap'), SECRET);
    assert.ok((await store.sealBodies()).sealed >= 5);
    for (const table of ['res', 'shared', 'hist'])
      for (const kid of (await sealsOf(table)).values()) assert.ok(kid === null || kid === newest);
    await inStore(
      async (other) => assert.equal(await read(other, 'nap'), SECRET),
      await openKeyring(database.pool, []),
    );
  }));

test('a key that another program made is read when it is met', async () => {
  const mine = await openKeyring(database.pool, []);
  await inStore(async (store) => {
    await keys.rotate();
    await inStore((other) => other.commit([put(secret('nua'))], []).then(() => undefined));
    assert.equal(await read(store, 'nua'), SECRET);
  }, mine);
});

test('without keys, or altered, a sealed body does not open; the others do', async () => {
  await inStore(async (store) => {
    assert.equal(await failureOf(store.read('Observation', 'nua')), 'database-unavailable');
    assert.equal(await read(store, 'khac'), SECRET);
  }, null);
  await database.pool.query(
    `update res set body = set_byte(body, length(body) - 1, 255 - get_byte(body, length(body) - 1)) where id = 'nua'`,
  );
  await inStore(async (store) => {
    assert.equal(await failureOf(store.read('Observation', 'nua')), 'internal');
  });
});
