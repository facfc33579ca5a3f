import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Resource } from '../../fhir/types.ts';
import { openStore } from '../index.ts';
import { person, pulse, put, wholeFeed, withStore } from '../samples.testing.ts';
import { hasDeferredIndexes } from './indexes.ts';
import { lives, loadInto, openFiles } from './samples.testing.ts';

const files = openFiles();
after(() => files.remove());

type World = Awaited<ReturnType<typeof withStore>>;

async function inStore(run: (world: World) => Promise<void>): Promise<void> {
  const world = await withStore();
  try {
    await run(world);
  } finally {
    await world.stop();
  }
}

const count = async ({ database }: World, sql: string): Promise<number> =>
  Number((await database.pool.query(`select count(*) as n from ${sql}`)).rows[0].n);

const pulseOf = async ({ store }: World, id: string, version: number): Promise<number> =>
  JSON.parse((await store.vread('Observation', id, version))!.body.toString()).valueQuantity.value;

test('ids that are there: another content is a new version with its history, the same content changes nothing', () =>
  inStore(async (world) => {
    const first = files.lines('lan-1.ndjson', [person('a'), pulse('a', 1, 'o1'), pulse('a', 2, 'o2')]);
    await loadInto(world.store, [first]);
    const second = files.lines('lan-2.ndjson', [person('a'), pulse('a', 7, 'o1'), pulse('a', 2, 'o2')]);
    const { created, updated, unchanged } = await loadInto(world.store, [second]);
    assert.deepEqual({ created, updated, unchanged }, { created: 0, updated: 1, unchanged: 2 });
    assert.deepEqual([await pulseOf(world, 'o1', 1), await pulseOf(world, 'o1', 2)], [1, 7]);
    assert.equal((await world.store.read('Observation', 'o2'))!.version, 1);
    assert.deepEqual(
      (await wholeFeed(world.store)).map(({ id, version, op }) => `${id} ${version} ${op}`),
      ['a 1 create', 'o1 1 create', 'o2 1 create', 'o1 2 update'],
    );
  }));

test('the later of two lines about a resource is current, also when other threads carry them', () =>
  inStore(async (world) => {
    const padding = 'x'.repeat(200_000);
    const wide = (value: number): Resource =>
      ({ ...pulse('a', value, 'o'), note: [{ text: padding }] }) as Resource;
    const file = files.lines(
      'nhieu-lan.ndjson',
      Array.from({ length: 24 }, (_, i) => wide(i)),
    );
    await loadInto(world.store, [file], { threads: 3 });
    const current = await world.store.read('Observation', 'o');
    assert.equal(current!.version, 24);
    for (let version = 1; version <= 24; version++)
      assert.equal(await pulseOf(world, 'o', version), version - 1);
    const versions = (await wholeFeed(world.store)).map(({ version }) => version);
    assert.deepEqual(
      versions,
      Array.from({ length: 24 }, (_, i) => i + 1),
    );
  }));

test('a deleted resource comes back as the next version; one whose subject was corrected moves with its history', () =>
  inStore(async (world) => {
    const { store } = world;
    await store.commit([put(pulse('a', 1, 'o1')), put(pulse('a', 1, 'o2'))], []);
    await store.commit([{ op: 'delete', type: 'Observation', id: 'o1' }], []);
    const file = files.lines('sua.ndjson', [pulse('a', 3, 'o1'), pulse('b', 1, 'o2')]);
    await loadInto(store, [file]);
    assert.equal((await store.read('Observation', 'o1'))!.version, 3);
    const moved = await store.read('Observation', 'o2');
    assert.deepEqual([moved!.version, moved!.patient], [2, 'b']);
    assert.equal(await pulseOf(world, 'o2', 1), 1);
  }));

test('the same command again passes over what was loaded, also what has no id; --again loads it a second time', () =>
  inStore(async (world) => {
    const file = files.lines('khong-ma.ndjson', [person('a'), pulse('a', 1), pulse('a', 1)]);
    await loadInto(world.store, [file]);
    const again = await loadInto(world.store, [file]);
    assert.deepEqual([again.created, again.before], [3, 3]);
    assert.equal(await count(world, 'res'), 3);
    const third = await loadInto(world.store, [file], { again: true });
    assert.deepEqual([third.created, third.unchanged, third.before], [2, 1, 0]);
    assert.equal(await count(world, 'res'), 5);
    const changed = files.lines('khong-ma.ndjson', [person('a'), pulse('a', 9)]);
    assert.equal((await loadInto(world.store, [changed])).created, 1, 'another content under the same name');
  }));

test('a load that is stopped goes on where it stood, and ends as if it had never been stopped', () =>
  inStore(async (world) => {
    const resources = lives(400, 8).map(({ id, ...rest }, i) =>
      rest.resourceType === 'Observation' && i % 7 === 3 ? rest : { id, ...rest },
    );
    const file = files.lines('dung.ndjson.gz', resources);
    const stop = new AbortController();
    const part = await loadInto(world.store, [file], { signal: stop.signal, onProgress: () => stop.abort() });
    assert.equal(part.complete, false);
    const rest = await loadInto(world.store, [file]);
    assert.equal(rest.complete, true);
    assert.equal(rest.id, part.id, 'one load for the audit');
    assert.equal(rest.before, part.created);
    assert.equal(await count(world, '(select from res union all select from shared) as r'), resources.length);
    assert.equal((await wholeFeed(world.store, 1_000)).length, resources.length);
    const { rows } = await world.database.pool.query(
      `select patient, count(*)::int as n from audit where action = 'load' and patient is not null group by 1`,
    );
    assert.equal(rows.length, 400);
    assert.equal(rows.filter(({ n }) => n !== 1).length, 0, 'one line for each person');
  }));

test('the audit names who, why and the load; the chain of seals holds', () =>
  inStore(async (world) => {
    const file = files.lines('nhat-ky.ndjson', [person('a'), pulse('a', 1)]);
    const { id } = await loadInto(world.store, [file]);
    const { rows } = await world.database.pool.query('select * from audit order by ts, n');
    assert.deepEqual(
      rows.map(({ who, action, patient, why, outcome }) => [who, action, patient, why, outcome].join(' ')),
      ['', 'a', ''].map((patient) => `admin load ${patient} HOPERAT: chuyển dữ liệu cũ ok`),
    );
    for (const { what } of rows) assert.match(what, new RegExp(`^load/${id.replace('.', '\\.')}`));
    await world.store.sealAudit();
    assert.equal((await world.store.verifyAudit()).ok, true);
  }));

test('refused lines are told again when a load goes on; the others are in', () =>
  inStore(async (world) => {
    const file = files.lines('loi.ndjson', [
      person('a'),
      { resourceType: 'Patient', birthDate: 'x' },
      person('b'),
    ]);
    const first = await loadInto(world.store, [file]);
    const second = await loadInto(world.store, [file]);
    for (const { refusals, refused, created } of [first, second]) {
      assert.deepEqual([created, refused], [2, 1]);
      assert.deepEqual(
        [refusals[0]!.source, refusals[0]!.line, refusals[0]!.place],
        [file, 2, 'Patient.birthDate'],
      );
    }
  }));

test('searches as references and conditions see what lines before them wrote; what is not met is refused by line', () =>
  inStore(async (world) => {
    const place = {
      resourceType: 'Organization',
      identifier: [{ system: 'urn:cs', value: '25001' }],
      name: 'Trạm',
    };
    const visit = (criteria: string) => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          resource: { ...pulse('a', 1), performer: [{ reference: criteria }] },
          request: { method: 'POST', url: 'Observation' },
        },
      ],
    });
    const once = (method: string, url: string, more: object, resource?: object) => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ ...(resource ? { resource } : {}), request: { method, url, ...more } }],
    });
    const file = files.lines('dieu-kien.ndjson', [
      once('POST', 'Organization', { ifNoneExist: 'identifier=urn:cs|25001' }, place),
      once('POST', 'Organization', { ifNoneExist: 'identifier=urn:cs|25001' }, place),
      visit('Organization?identifier=urn:cs|25001'),
      visit('Organization?identifier=urn:cs|99999'),
      pulse('a', 5, 'xoa'),
      once('DELETE', 'Observation/xoa', {}),
      once('PUT', 'Observation/xoa', { ifMatch: 'W/"1"' }, pulse('a', 6, 'xoa')),
      once('DELETE', 'Questionnaire/xoa', {}),
    ]);
    const summary = await loadInto(world.store, [file]);
    assert.deepEqual(
      [summary.created, summary.unchanged, summary.deleted, summary.refused],
      [3, 1, 1, 3],
      JSON.stringify(summary.refusals),
    );
    assert.deepEqual(
      summary.refusals.map(({ line }) => line),
      [4, 7, 8],
    );
    const { matches } = await world.store.search({ type: 'Organization', params: [] });
    assert.equal(matches.length, 1);
    const found = await world.store.search({
      type: 'Observation',
      params: [['performer', `Organization/${matches[0]!.id}`]],
    });
    assert.equal(found.matches.length, 1);
  }));

test('indexes that were left out are built at the end, or by whoever opens the store next', () =>
  inStore(async (world) => {
    const { store, database } = world;
    const indexes = async () =>
      (
        await database.pool.query(
          `select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1`,
        )
      ).rows;
    const before = await indexes();
    const file = files.lines('chi-muc.ndjson', lives(400, 8));
    const stop = new AbortController();
    await loadInto(store, [file], {
      indexes: 'deferred',
      threads: 1,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    assert.notDeepEqual(await indexes(), before);
    const other = await openStore({ pool: database.pool, sealEvery: 0 });
    assert.deepEqual(await indexes(), before);
    await other.close();
    assert.equal((await loadInto(store, [file], { indexes: 'deferred' })).complete, true);
    assert.deepEqual(await indexes(), before);
    assert.equal(await hasDeferredIndexes(database.pool), false);
  }));

test('a large load into a small store leaves indexes to the end by itself; a small one, or one into a large store, does not', () =>
  inStore(async ({ store }) => {
    const made = (name: string, about: number) => ({
      name,
      about,
      bytes: async function* () {
        yield Buffer.from(`${JSON.stringify(person(name))}\n`);
      },
    });
    const deferred = async (about: number) =>
      (await loadInto(store, [made(`lon-${about}`, about)], { indexes: 'auto' })).deferred;
    assert.equal(await deferred(200_000_000), true);
    assert.equal(await deferred(1_000_000), false);
    await store.pool.query(
      'insert into res (pt, idh, ts, has, ver, sec, t, codec, id, tok, body) select i, i, now(), 0, 1, 0, 103, 0, i, array[]::int8[], $1 from generate_series(1, 50001) as i',
      [Buffer.from('}')],
    );
    assert.equal(await deferred(300_000_000), false);
  }));

test('one load at a time; what is not there is said before anything is written', () =>
  inStore(async ({ store, database }) => {
    const file = files.lines('mot.ndjson', [person('a')]);
    const holder = await database.pool.connect();
    await holder.query(`select pg_advisory_lock(hashtext('yba load'))`);
    await assert.rejects(loadInto(store, [file]), { code: 'conflict' });
    holder.release(true);
    await assert.rejects(loadInto(store, ['/khong/co']), { code: 'not-found' });
    await assert.rejects(loadInto(store, [files.lines('hong.gz', []).replace('hong.gz', 'khong.gz')]), {
      code: 'not-found',
    });
  }));

test('a folder is loaded file by file, what lies below too; other files are left alone', () =>
  inStore(async (world) => {
    const folder = openFiles();
    folder.lines('b.ndjson', [pulse('a', 1, 'o1')]);
    folder.lines('a.ndjson.gz', [person('a')]);
    folder.lines('c.json', [
      '{',
      ...JSON.stringify(pulse('a', 2, 'o2'))
        .slice(1)
        .split(/(?<=,)/),
    ]);
    folder.lines('ghi-chu.txt', ['không phải dữ liệu']);
    const { created, refused } = await loadInto(world.store, [folder.path]);
    assert.deepEqual([created, refused], [3, 0]);
    folder.remove();
  }));
