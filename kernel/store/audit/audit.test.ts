import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OpenStore } from '../index.ts';
import { create, failureOf, line, pulse, sealAll, withStore } from '../samples.testing.ts';
import type { TestDatabase } from '../testing.ts';

let store: OpenStore;
let database: TestDatabase;
let stop: () => Promise<void>;
before(async () => {
  ({ store, database, stop } = await withStore());
  for (let i = 0; i < 5; i++) {
    await store.commit([create(pulse('kiem', i))], [line('kiem', `lan ${i}`)]);
    await store.audit([line('kiem', `doc ${i}`), line(null, `tra ${i}`)]);
    await sealAll(store);
  }
});
after(() => stop());

const sql = (text: string) => database.pool.query(text);

/** What a superuser can do who switches the triggers off; undone afterwards. */
async function tampered(change: string): Promise<string[]> {
  const client = await database.pool.connect();
  try {
    await client.query('create temp table kept as select * from audit');
    await client.query('create temp table kept_seals as select * from seal');
    await client.query('alter table audit disable trigger user; alter table seal disable trigger user');
    await client.query(change);
    const { faults } = await store.verifyAudit();
    await client.query('delete from audit; insert into audit select * from kept');
    await client.query('delete from seal; insert into seal select * from kept_seals');
    await client.query('alter table audit enable trigger user; alter table seal enable trigger user');
    await client.query('drop table kept; drop table kept_seals');
    return faults.map((fault) => fault.kind);
  } finally {
    client.release();
  }
}

test('lines are written with who, what, when, why', async () => {
  const { rows } =
    await sql(`select who, patient, action, what, why, outcome, ip, unit, ts > now() - interval '5 min' as fresh
    from audit where what = 'lan 0'`);
  assert.deepEqual(rows[0], {
    who: 'bs-1',
    patient: 'kiem',
    action: 'create',
    what: 'lan 0',
    why: 'TREAT',
    outcome: 'ok',
    ip: '127.0.0.1',
    unit: 'cs-25D01',
    fresh: true,
  });
});

test('nobody changes, removes or empties the audit or its seals, the owner included', async () => {
  const attempts = [
    `update audit set who = 'khac'`,
    'delete from audit',
    'truncate audit',
    'truncate audit_default',
    `update seal set lines = 0`,
    'delete from seal',
    'truncate seal',
  ];
  for (const attempt of attempts) assert.equal(await failureOf(sql(attempt)), '42501', attempt);
  const { rows } = await sql(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit'::regclass`,
  );
  assert.equal(rows.length > 12, true);
  for (const { name } of rows) assert.equal(await failureOf(sql(`truncate ${name}`)), '42501', name);
});

test('the chain of an untouched audit holds', async () => {
  const report = await store.verifyAudit();
  assert.deepEqual([report.ok, report.faults, report.lines], [true, [], 15]);
  assert.equal(report.seals >= 5, true);
});

test('a changed line is found, whichever column', async () => {
  const columns = [
    `who = 'x'`,
    `who_display = 'x'`,
    `patient = null`,
    `action = 'x'`,
    `what = 'x'`,
    `why = 'x'`,
    `outcome = 'failed'`,
    `ip = 'x'`,
    `unit = null`,
    `ts = ts - interval '1 second'`,
    `pt = 1`,
  ];
  for (const column of columns) {
    assert.deepEqual(
      await tampered(`update audit set ${column} where what = 'lan 2'`),
      ['lines-changed'],
      column,
    );
  }
});

test('a removed line, an inserted line and two exchanged lines are found', async () => {
  assert.deepEqual(await tampered(`delete from audit where what = 'doc 3'`), ['lines-removed']);
  assert.deepEqual(
    await tampered(
      `insert into audit select ts, pt, xid, n, era, who, who_display, patient, 'read', what, why, outcome, ip, unit from audit where what = 'lan 1'`,
    ),
    ['lines-inserted'],
  );
  assert.deepEqual(
    await tampered(
      `update audit set what = case what when 'doc 1' then 'tra 1' else 'doc 1' end where what in ('doc 1', 'tra 1')`,
    ),
    ['lines-changed'],
  );
  assert.deepEqual(await tampered(`update audit set era = 77 where what = 'lan 0'`), [
    'lines-outside',
    'lines-removed',
  ]);
});

test('a removed or rewritten seal is found', async () => {
  assert.equal((await tampered('delete from seal where n = 2')).includes('seal-missing'), true);
  assert.equal(
    (await tampered(`update seal set hash = sha256('x') where n = 2`)).includes('seal-changed'),
    true,
  );
});

test('lines and seals cut off at the end are found with a seal noted outside the database', async () => {
  const { head, seals } = await store.verifyAudit();
  const last = (await sql('select n, hash from seal order by n desc limit 1')).rows[0];
  const anchors = new Map([[String(last.n), last.hash.toString('hex')]]);
  assert.equal(last.hash.toString('hex'), head);
  assert.equal((await store.verifyAudit({ anchors })).ok, true);
  await sql('alter table audit disable trigger user; alter table seal disable trigger user');
  await sql(`delete from audit where xid >= (select from_xid from seal where n = ${last.n})`);
  await sql(`delete from seal where n = ${last.n}`);
  await sql('alter table audit enable trigger user; alter table seal enable trigger user');
  const cut = await store.verifyAudit({ anchors });
  assert.equal(cut.seals, seals - 1);
  assert.deepEqual(
    cut.faults.map((fault) => fault.kind),
    ['cut-off', 'cut-off'],
  );
});

test('lines of many reads at once share few statements and all arrive', async () => {
  const before = Number((await sql('select count(*) as n from audit')).rows[0].n);
  await Promise.all(Array.from({ length: 200 }, (_, i) => store.audit([line('nhom', `nhom ${i}`)])));
  const { rows } = await sql(
    `select count(*) as n, count(distinct xid) as statements from audit where patient = 'nhom'`,
  );
  assert.equal(Number(rows[0].n), 200);
  assert.equal(Number(rows[0].statements) < 20, true);
  assert.equal(Number((await sql('select count(*) as n from audit')).rows[0].n), before + 200);
});

test('a seal waits for lines whose transaction is still running', async () => {
  const slow = await database.pool.connect();
  try {
    await slow.query('begin');
    await slow.query(
      `select audit_append(1::int2, '{0}', '{a}', '{a}', '{cham}', '{read}', '{cham}', '{x}', '{ok}', '{ip}', '{u}')`,
    );
    await store.audit([line('nhanh', 'nhanh')]);
    await store.sealAudit();
    await slow.query('commit');
  } finally {
    slow.release();
  }
  await sealAll(store);
  const report = await store.verifyAudit();
  assert.equal(
    report.faults.some((fault) => fault.kind === 'lines-inserted'),
    false,
  );
});

test('lines that come while lines are sealed wait for the next seal: a busy program does not seal without end', async () => {
  const seals = async () =>
    Number((await store.pool.query<{ n: string }>('select count(*) as n from seal')).rows[0]!.n);
  await store.audit([line('p1', 'truoc niem phong')]);
  const before = await seals();
  let busy = true;
  const writing = (async () => {
    for (let n = 0; busy && n < 2_000; n++) await store.audit([line('p1', `trong khi niem phong ${n}`)]);
  })();
  await store.sealAudit();
  const made = (await seals()) - before;
  busy = false;
  await writing;
  assert.ok(made <= 1, `${made} seals`);
});
