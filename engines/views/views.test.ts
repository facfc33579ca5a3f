/** The tables in a whole program: level with the record, equal to a rebuild, moved from older folders, read by analysts. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { type FhirWorld, openFhirWorld } from '../../kernel/fhir/testing.ts';
import type { Condition, Encounter, Patient, Resource } from '../../kernel/fhir/types.ts';
import type { Change } from '../../kernel/store/contract.ts';
import { asAnalyst as workAsAnalyst } from '../../main/analysts.testing.ts';
import { readingOfAnalysts } from '../../main/analysts.ts';
import {
  type Analyst,
  addAnalyst,
  type Reading,
  rebuildView,
  refreshAnalysts,
  removeAnalyst,
  viewStates,
} from './index.ts';
import { mayHaveRows } from './views.ts';

/** One for each view of the content. */
const TABLES = readdirSync(join(import.meta.dirname, '../../content/views'))
  .map((name) => name.replace('.json', ''))
  .sort();
let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

async function put(...resources: Resource[]): Promise<void> {
  const entry = resources.map((resource) => ({
    resource,
    request: { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` },
  }));
  await world.program.kernel.gate
    .system('test')
    .transaction({ resourceType: 'Bundle', type: 'transaction', entry });
}

const personOf = (id: string, name = `Người ${id}`): Patient => ({
  resourceType: 'Patient',
  id,
  name: [{ text: name }],
});
const visitOf = (
  id: string,
  person: string,
  unit: string,
  status: Encounter['status'] = 'in-progress',
): Encounter => ({
  resourceType: 'Encounter',
  id,
  status,
  class: { code: 'AMB' },
  subject: { reference: `Patient/${person}` },
  serviceProvider: { reference: `Organization/${unit}` },
  period: { start: '2026-11-22T08:00:00+07:00' },
});
const diagnosisOf = (id: string, person: string, visit: string): Condition => ({
  resourceType: 'Condition',
  id,
  category: [{ coding: [{ code: 'encounter-diagnosis' }] }],
  code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10' }] },
  subject: { reference: `Patient/${person}` },
  encounter: { reference: `Encounter/${visit}` },
});

async function dump(): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for (const table of TABLES) {
    const answer = await world.program.kernel.pool.query(
      `select t::text as line from views.${table} t order by line`,
    );
    rows.push(answer.rows.map(({ line }) => line));
  }
  return rows;
}

test('a change of the record stands in its table within five seconds', async () => {
  const { pool } = world.program.kernel;
  await put(personOf('nhanh'));
  const until = Date.now() + 5_000;
  for (;;) {
    const { rowCount } = await pool.query(
      `select from views.patient where resource_key = 'nhanh' and person = 'nhanh'`,
    );
    if (rowCount === 1) break;
    assert.ok(Date.now() < until, 'the row did not come within five seconds');
    await pause(20);
  }
});

test('rows are looked for unless the change made the resource and no table was made anew since', () => {
  const change = (op: Change['op'], version: number, at: string): Change => ({
    position: '1',
    at,
    type: 'Patient',
    id: 'a',
    version,
    op,
    patient: 'a',
  });
  const made = change('create', 1, '2026-11-24T08:00:00.000Z');
  assert.equal(mayHaveRows(made, null), false);
  assert.equal(mayHaveRows(made, Date.parse('2026-11-20T08:00:00Z')), false);
  assert.equal(mayHaveRows(made, Date.parse('2026-11-24T07:00:00Z')), true, 'clocks differ');
  assert.equal(mayHaveRows(made, Date.parse('2026-11-25T08:00:00Z')), true, 'the record held it already');
  assert.equal(mayHaveRows(change('create', 3, made.at), null), true, 'made again after a deletion');
  assert.equal(mayHaveRows(change('update', 2, made.at), null), true);
  assert.equal(mayHaveRows(change('delete', 2, made.at), null), true);
});

test('made, changed, erased and made again between two looks: one row of each that is there', async () => {
  const { kernel } = world.program;
  const { events } = world.program.house.kernel;
  const { pool } = kernel;
  await kernel.events.settled();
  // As months after the tables were last made anew.
  await pool.query(`update view_definition set built = now() - interval '90 days' where built is not null`);
  const rows = async () =>
    (
      await pool.query(
        `select resource_key, full_name from views.patient where resource_key in ('ngay', 'lai', 'bo') order by 1`,
      )
    ).rows;
  await put(personOf('lai', 'Trước'), personOf('bo'));
  await kernel.events.settled();
  await events.rest();
  await put(personOf('ngay', 'Lần đầu'), personOf('lai', 'Sửa'));
  await put(personOf('ngay', 'Lần sau'));
  for (const id of ['lai', 'bo'])
    assert.equal((await world.send('POST', `/fhir/Patient/${id}/$purge?reason=x`)).status, 200);
  await put(personOf('lai', 'Làm lại'));
  events.work();
  await kernel.events.settled();
  assert.deepEqual(await rows(), [
    { resource_key: 'lai', full_name: 'Làm lại' },
    { resource_key: 'ngay', full_name: 'Lần sau' },
  ]);
});

test('under 16 writers, with tables made anew meanwhile, the tables are equal to a rebuild from the record and from the feed', async () => {
  const { kernel } = world.program;
  let writing = true;
  const write = async (writer: number) => {
    for (let round = 0; writing || round < 8; round++) {
      const person = `p-${writer}-${round % 4}`;
      const visit = `v-${writer}-${round % 4}`;
      await put(
        personOf(person, `Lần ${round}`),
        visitOf(visit, person, 'cs-1'),
        diagnosisOf(`d-${writer}-${round % 4}`, person, visit),
      );
      if (round % 5 === 4) await kernel.gate.system('test').remove('Condition', `d-${writer}-${round % 4}`);
    }
  };
  const writers = Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)));
  try {
    for (const name of ['patient', 'visit', 'diagnosis']) {
      const seen: number[] = [];
      await rebuildView(kernel, name, (progress) => seen.push(progress.seen));
      assert.ok(seen.length > 0);
    }
  } finally {
    writing = false;
  }
  await writers;
  await kernel.events.settled();
  const live = await dump();
  for (const name of ['patient', 'visit']) assert.ok(live[TABLES.indexOf(name)]!.length >= 64, name);
  for (const name of TABLES) await rebuildView(kernel, name);
  assert.deepEqual(await dump(), live, 'made anew from the record');
  await kernel.events.rebuild('views/record', async (client) => {
    for (const table of TABLES) await client.query(`truncate views.${table}`);
  });
  assert.deepEqual(await dump(), live, 'made anew from the first change');
  const states = await viewStates(kernel.pool);
  assert.deepEqual(
    states.map(({ name, building, level }) => [name, building, level]),
    TABLES.map((name) => [name, false, true]),
  );
  assert.ok(states.every(({ built }) => built !== null));
});

test('what another program has made anew is seen once more by this one, from where it stood before', async () => {
  const { kernel } = world.program;
  const { openStore } = await import('../../kernel/store/index.ts');
  const { openEvents } = await import('../../kernel/events/index.ts');
  const store = await openStore({ pool: kernel.pool, sealEvery: 0 });
  const events = openEvents({ store, pool: kernel.pool, notices: store.notices, follows: false });
  try {
    await events.replace('views/record', async () => {
      await put(personOf('trong-luc-dung'));
      await kernel.events.settled();
      // The new table was read before this person came.
      return async (client) =>
        void (await client.query(`delete from views.patient where resource_key = 'trong-luc-dung'`));
    });
    const until = Date.now() + 5_000;
    for (;;) {
      const { rowCount } = await kernel.pool.query(
        `select from views.patient where resource_key = 'trong-luc-dung'`,
      );
      if (rowCount === 1) break;
      assert.ok(Date.now() < until, 'the change was not seen again');
      await pause(20);
    }
  } finally {
    await events.close();
    await store.close();
  }
});

test('a name of no table is refused, and a table that is being made is not made twice', async () => {
  const { kernel } = world.program;
  await assert.rejects(
    rebuildView(kernel, 'khong-co'),
    /no view table "khong-co"; there are: abortion, birth/,
  );
  await kernel.pool.query(`update view_definition set building = now() where name = 'unit'`);
  await assert.rejects(rebuildView(kernel, 'unit'), /being made already/);
  await kernel.pool.query(`update view_definition set building = null where name = 'unit'`);
});

test('a folder of an older program: its tables are moved as they are, and readers are told apart', async () => {
  const { startProgram } = await import('../../main/program.ts');
  const { withDatabase } = await import('../../kernel/store/testing.ts');
  const database = await withDatabase();
  const start = () =>
    startProgram(
      { databaseUrl: database.url, port: 0, demo: false },
      { generate: false, log: () => undefined },
    );
  try {
    const old = await start();
    await old.kernel.gate.system('test').create({ resourceType: 'Organization', name: 'Trạm cũ' });
    await old.kernel.events.settled();
    await old.stop();
    await database.pool.query(`
      alter table views.unit set schema public; alter table public.unit rename to view_unit;
      drop policy analysts on view_unit; alter table view_unit disable row level security;
      alter table view_unit add column moved int default 1;
      update view_definition set ddl = 'create table view_unit ' || substr(ddl, strpos(ddl, '(')) where name = 'unit';
      drop schema views cascade;
      drop function view_grant, view_persons, view_encounters, view_reach_of, view_unit; drop table view_reach, view_analyst;
      alter table view_definition drop column built, drop column building, drop column seen, drop column total;
      delete from view_definition where name <> 'unit';
      delete from schema_file where name = '0027-views.sql'`);
    const now = await start();
    const { rows } = await now.kernel.pool.query(
      `select u.name, u.moved, c.relrowsecurity from views.unit u, pg_class c where c.oid = 'views.unit'::regclass`,
    );
    assert.deepEqual(rows, [{ name: 'Trạm cũ', moved: 1, relrowsecurity: true }]);
    assert.equal(
      (await now.kernel.pool.query('select from views.visit')).rowCount,
      0,
      'missing tables were made',
    );
    await now.stop();
  } finally {
    await database.stop();
  }
});

const asAnalyst = <T>(analyst: Analyst, work: (client: pg.Client) => Promise<T>): Promise<T> =>
  workAsAnalyst(world.program.house, analyst, work);

const NOTHING: Reading = { reach: 'none', mask: { elsewhere: 0, own: 0 }, consent: null, type: 0 };
const loginOf = (name: string) => `${name}_${process.pid}`;

test("an analyst's login sees the tables alone, and of them what the policy gives its roles and unit", async () => {
  const { kernel } = world.program;
  await put(personOf('a1'), visitOf('ea1', 'a1', 'cs-a'), diagnosisOf('da1', 'a1', 'ea1'));
  await put(personOf('b1'), visitOf('eb1', 'b1', 'cs-b'), diagnosisOf('db1', 'b1', 'eb1'));
  await kernel.events.settled();
  const keys = async (client: pg.Client, table: string) =>
    (await client.query(`select resource_key from ${table} order by 1`)).rows.map(
      ({ resource_key }) => resource_key,
    );

  await asAnalyst({ login: loginOf('dich_te'), roles: ['surveillance'], unit: 'cs-a' }, async (client) => {
    assert.deepEqual(await keys(client, 'visit'), ['ea1']);
    assert.deepEqual(await keys(client, 'diagnosis'), ['da1']);
    assert.deepEqual(await keys(client, 'views.patient'), ['a1'], 'by care');
    // After a table was made anew the rights are the same.
    await rebuildView(kernel, 'diagnosis');
    assert.deepEqual(await keys(client, 'diagnosis'), ['da1']);
    for (const sql of [
      'select from coverage',
      'select from prescription',
      'select from public.res',
      'select from public.hist',
      'select from access.account',
      'select from public.audit',
      'select from public.view_analyst',
      'select from public.view_definition',
    ])
      await assert.rejects(client.query(sql), /permission denied/, sql);
    await assert.rejects(client.query("update visit set status = 'x'"), /read-only|permission denied/);
    await client.query('set default_transaction_read_only = off');
    for (const sql of [
      "update visit set status = 'x'",
      'create table views.x (a int)',
      'create table public.x (a int)',
      'alter table views.visit disable row level security',
    ])
      await assert.rejects(client.query(sql), /permission denied|must be owner/, sql);
  });

  await asAnalyst({ login: loginOf('giam_dinh'), roles: ['insurance'], unit: 'cs-b' }, async (client) => {
    assert.deepEqual(await keys(client, 'visit'), ['eb1']);
    assert.ok((await keys(client, 'unit')).length >= 0);
  });
  await asAnalyst({ login: loginOf('quan_tri'), roles: ['administrator'], unit: null }, async (client) => {
    await assert.rejects(client.query('select from visit'), /permission denied/, 'no role, no table');
  });
  await asAnalyst({ login: loginOf('le_tan'), roles: ['reception'], unit: null }, async (client) => {
    assert.ok(
      (await keys(client, 'patient')).includes('b1'),
      'reception reads persons of the whole province',
    );
    assert.deepEqual(await keys(client, 'visit'), [], 'care of no unit opens nothing');
  });
});

test('a policy that takes a role away takes the rights away at the next refresh; other logins of the server are not touched', async () => {
  const { kernel } = world.program;
  await asAnalyst({ login: loginOf('tam'), roles: ['surveillance'], unit: 'cs-a' }, async (client) => {
    await client.query('select from visit');
    await refreshAnalysts(kernel.pool, async () => NOTHING);
    await assert.rejects(client.query('select from visit'), /permission denied/);
  });
  const how = { password: 'x', days: 30, readingOf: async () => NOTHING };
  await assert.rejects(
    addAnalyst(kernel.pool, { login: 'Đăng Nhập', roles: [], unit: null }, how),
    /is no login/,
  );
  const { rows } = await kernel.pool.query<{ name: string }>('select current_user as name');
  await assert.rejects(
    addAnalyst(kernel.pool, { login: rows[0]!.name, roles: [], unit: null }, how),
    /no analyst|is no login/,
  );
  await assert.rejects(removeAnalyst(kernel.pool, 'khong_co'), /no analyst/);
});

test('a login that somebody dropped keeps no program from starting, and is removed like any other', async () => {
  const { pool } = world.program.kernel;
  const readingOf = readingOfAnalysts(world.program.house);
  const login = loginOf('mat');
  await addAnalyst(
    pool,
    { login, roles: ['surveillance'], unit: 'cs-a' },
    { password: 'x', days: 30, readingOf },
  );
  await pool.query(`drop owned by ${login}; drop role ${login}`);
  await refreshAnalysts(pool, readingOf);
  await rebuildView(world.program.kernel, 'visit');
  await removeAnalyst(pool, login);
});

test('programs that start together after a change of the definitions make each table once', async () => {
  const { kernel } = world.program;
  await kernel.events.settled();
  const { rows: before } = await kernel.pool.query('select count(*)::int as n from views.visit');
  await kernel.pool.query(
    `update view_definition set definition = '{}', ddl = '' where name in ('visit', 'patient')`,
  );
  // As one that was broken off a moment ago.
  await kernel.pool.query(
    `update view_definition set building = now() - interval '29 seconds' where name = 'visit'`,
  );
  const { startProgram } = await import('../../main/program.ts');
  const settings = { databaseUrl: kernel.pool.options.connectionString!, port: 0, demo: false };
  const shared = { first: false, embedded: false, others: async () => [], counts: () => undefined };
  const start = () => startProgram(settings, { generate: false, log: () => undefined, shared });
  const started = await Promise.all([start(), start()]);
  for (const program of started) await program.stop();
  await kernel.events.settled();
  const { rows: after } = await kernel.pool.query('select count(*)::int as n from views.visit');
  assert.deepEqual(after, before);
  const states = await viewStates(kernel.pool);
  assert.ok(
    states.every(({ definition, building }) => definition.resourceType === 'ViewDefinition' && !building),
  );
});
