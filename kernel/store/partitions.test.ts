/**
 * The tables can be distributed by person (docs/scale.md): everything works on hash partitions as it stands, and what is
 * asked at the point of care touches one partition, so on a distributed database one node.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import type { SearchRequest } from './contract.ts';
import { hash64 } from './hash.ts';
import { type OpenStore, openStore } from './index.ts';
import { DISTRIBUTED, partitionByPerson } from './partitions.testing.ts';
import { create, erase, line, person, pulse, put } from './samples.testing.ts';
import { type TestDatabase, withDatabase } from './testing.ts';

const PARTS = 8;
const PEOPLE = Array.from({ length: 40 }, (_, i) => `nguoi-${i}`);

let database: TestDatabase;
let store: OpenStore;
/** Every statement goes over one connection, so that it can be asked for what it touched. */
let one: pg.Pool;
before(async () => {
  database = await withDatabase();
  if (!process.env.YBA_TEST_PARTITIONS) await partitionByPerson(database.pool, PARTS);
  // What is made once, at the first opening, takes more than one connection.
  await (await openStore({ pool: database.pool, sealEvery: 0 })).close();
  one = new pg.Pool({ connectionString: database.url, max: 1 });
  store = await openStore({ pool: one, sealEvery: 0 });
  // Lines of this month lie in the partitions by person, not in those that the opening made by month.
  for (const { name } of (
    await one.query<{ name: string }>(
      `select relname as name from pg_class where relname ~ '^audit_\\d{4}_\\d\\d$'`,
    )
  ).rows)
    await one.query(`drop table ${name}`);
  for (const id of PEOPLE) {
    await store.commit([put(person(id))], [line(id)]);
    await store.commit([create(pulse(id, 1)), create(pulse(id, 2))], [line(id)]);
  }
  await one.query('analyze');
});
after(async () => {
  await store.close();
  await one.end();
  await database.stop();
});

const PARTITION = new RegExp(`^(${Object.keys(DISTRIBUTED).join('|')}|audit)_(\\d+)$`);

type Counters = Map<string, number>;

/** Scans and writes of every partition so far. */
async function counters(): Promise<Counters> {
  await one.query('select pg_stat_force_next_flush()');
  await one.query('select pg_stat_clear_snapshot()');
  const { rows } = await one.query<{ relname: string; n: string }>(
    `select relname, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) + n_tup_ins + n_tup_upd + n_tup_del as n
     from pg_stat_user_tables`,
  );
  return new Map(
    rows.filter(({ relname }) => PARTITION.test(relname)).map(({ relname, n }) => [relname, Number(n)]),
  );
}

/** The partitions that some work touched, `res_3`. */
async function touched(work: () => Promise<unknown>): Promise<string[]> {
  const before = await counters();
  await work();
  const after = await counters();
  return [...after].filter(([name, n]) => n !== before.get(name)).map(([name]) => name);
}

/** Numbers of the partitions, without those of `alias`, which lies by resource. */
const numbersOf = (names: string[]) =>
  new Set(names.filter((name) => !name.startsWith('alias')).map((name) => Number(PARTITION.exec(name)![2])));

const partOf = async (patient: string): Promise<number> => {
  const { rows } = await one.query<{ name: string }>(
    'select tableoid::regclass::text as name from res where pt = $1 limit 1',
    [hash64(`Patient/${patient}`).toString()],
  );
  return Number(PARTITION.exec(rows[0]!.name)![2]);
};

async function assertOnePartition(
  what: string,
  patient: string,
  work: () => Promise<unknown>,
): Promise<void> {
  // The first runs also plan, and planning may look at any index.
  for (let i = 0; i < 6; i++) await work();
  assert.deepEqual([...numbersOf(await touched(work))], [await partOf(patient)], what);
}

test('the persons of these tests lie in different partitions', async () => {
  assert.equal(new Set(await Promise.all(PEOPLE.map(partOf))).size, PARTS);
});

test('a commit writes and looks in one partition: new, changed and deleted resources, feed and audit', async () => {
  const id = PEOPLE[0]!;
  let n = 10;
  await assertOnePartition('create', id, () => store.commit([create(pulse(id, n++))], [line(id)]));
  const [made] = await store.commit([create(pulse(id, n++))], [line(id)]);
  await assertOnePartition('update', id, () => store.commit([put(pulse(id, n++, made!.id))], [line(id)]));
  await assertOnePartition('bundle', id, () =>
    store.commit([put(person(id, `Tên ${n++}`)), create(pulse(id, n))], [line(id)]),
  );
  await assertOnePartition('delete', id, async () => {
    const [gone] = await store.commit([create(pulse(id, n++))], [line(id)]);
    await store.commit([erase('Observation', gone!.id)], [line(id)]);
  });
  const names = await touched(() => store.commit([create(pulse(id, n++))], [line(id)]));
  const part = await partOf(id);
  for (const table of ['res', 'ord', 'log', 'audit']) assert.ok(names.includes(`${table}_${part}`), table);
});

test('reads of one person’s resources: by id, by version, many at once, history, the whole record', async () => {
  const id = PEOPLE[1]!;
  const [made] = await store.commit([create(pulse(id, 5))], [line(id)]);
  await store.commit([put(pulse(id, 6, made!.id))], [line(id)]);
  const name = made!.id;
  const refs = [
    { type: 'Patient' as const, id },
    { type: 'Observation' as const, id: name },
  ];
  await assertOnePartition('read', id, () => store.read('Observation', name));
  await assertOnePartition('read a Patient', id, () => store.read('Patient', id));
  await assertOnePartition('vread', id, () => store.vread('Observation', name, 1));
  await assertOnePartition('readMany', id, () => store.readMany(refs));
  await assertOnePartition('history', id, () =>
    store.history({ type: 'Observation', id: name }, { count: 10 }),
  );
  const visit = { patient: id, referring: 'Encounter/kham', count: 10 };
  await assertOnePartition('what refers to a visit', id, () => store.personRows(visit));
  await assertOnePartition('a page of the record', id, () => store.personRows({ patient: id, count: 2 }));
});

test('an audit line of a read lies with its person', async () => {
  const id = PEOPLE[2]!;
  await assertOnePartition('audit', id, () => store.audit([line(id)]));
});

test('searches about one person, whatever else they ask', async () => {
  const id = PEOPLE[3]!;
  const queries: SearchRequest[] = [
    'patient=PERSON',
    'patient=PERSON&code=http://loinc.org|8867-4&_sort=-date&_count=20',
    'patient=PERSON&code=8867-4&date=ge2026-01-01&value-quantity=gt0',
    'patient=PERSON&category=vital-signs&_total=accurate',
    'patient=PERSON&code-value-quantity=http://loinc.org|8867-4$gt0',
    'patient=PERSON&_lastUpdated=ge2026-01-01&_sort=_lastUpdated',
    'patient=PERSON&code:text=heart',
    'patient=PERSON&patient.name=thử',
    'subject=Patient/PERSON&_include=Observation:subject',
    'patient=PERSON&encounter:missing=true&_summary=count',
  ].map((query) => ({
    type: 'Observation',
    params: [...new URLSearchParams(query.replace('PERSON', id))] as [string, string][],
  }));
  for (const request of queries) {
    const what = new URLSearchParams(request.params).toString();
    await assertOnePartition(what, id, () => store.search(request));
  }
  await assertOnePartition('together', id, () => store.searchTogether(queries.slice(0, 3)));
  await assertOnePartition('Patient?_id', id, () => store.search({ type: 'Patient', params: [['_id', id]] }));
});

test('no table and no function of the record uses a sequence, and every unique key begins with the distribution column', async () => {
  const sequences = await one.query(
    `select relname from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace`,
  );
  assert.deepEqual(sequences.rows, []);
  const { rows } = await one.query<{ name: string; first: string }>(
    `select c.relname as name, a.attname as first from pg_index i join pg_class c on c.oid = i.indrelid
     join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0] where i.indisunique and c.relkind = 'p'`,
  );
  for (const { name, first } of rows) assert.equal(first, DISTRIBUTED[name], name);
  assert.ok(rows.length >= 4);
});

test('the tests of commit, history, feed, audit and search hold on partitions as they do without', async () => {
  const files = [
    'commit.test.ts',
    'history.test.ts',
    'feed.test.ts',
    'latest.test.ts',
    'audit/audit.test.ts',
    'search/search.test.ts',
    'search/oracle.test.ts',
    'search/together.test.ts',
  ].map((file) => join(import.meta.dirname, file));
  const { NODE_TEST_CONTEXT: _ours, ...environment } = process.env;
  const child = spawn(process.execPath, ['--test', ...files], {
    env: { ...environment, YBA_TEST_PARTITIONS: String(PARTS) },
    timeout: 300_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const status = await new Promise((resolve) => child.once('close', resolve));
  const output = Buffer.concat(chunks).toString('utf8');
  assert.equal(status, 0, output.slice(-8_000));
  assert.match(output, /pass \d\d/);
});
