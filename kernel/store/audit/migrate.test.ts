/** A folder made by the program before the tree: its seals stay verifiable, its lines come into the tree in order. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openStore } from '../index.ts';
import { applySchema } from '../migrate.ts';
import { line, sealAll } from '../samples.testing.ts';
import { withDatabase } from '../testing.ts';

const SCHEMA = join(import.meta.dirname, '..', 'schema');
const folder = mkdtempSync(join(tmpdir(), 'yba-old-schema-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What the program of before wrote: lines and a seal over them by its own function. */
const OLD_LINES = `select audit_append(1::int2, array[0, 7]::int8[], '{bs-1,bs-2}', '{A,B}', '{null,p1}', '{search,read}',
  '{Patient,Patient/p1}', '{TREAT,TREAT}', '{ok,ok}', '{10.0.0.1,10.0.0.2}', '{null,cs-1}')`;
const OLD_SEAL = `insert into seal (n, era, from_xid, to_xid, lines, hash)
  select coalesce(s.n, 0) + 1, 1, coalesce(s.to_xid, 0), t.xid, h.lines, h.hash
  from (select pg_snapshot_xmax(pg_current_snapshot())::text::int8 as xid) t
    left join lateral (select * from seal order by n desc limit 1) s on true,
    audit_hash(1::int2, coalesce(s.to_xid, 0), t.xid, coalesce(s.hash, '')) h`;

test('old seals are verified by their own rule, and their lines are the first leaves of the tree', async () => {
  for (const name of readdirSync(SCHEMA).filter((file) => file < '0033'))
    cpSync(join(SCHEMA, name), join(folder, name));
  const database = await withDatabase();
  const { pool } = database;
  try {
    await applySchema(pool, 'kernel', folder);
    await pool.query(`insert into era (n, cluster) select 1, system_identifier from pg_control_system()`);
    await pool.query(`select audit_month(date_trunc('month', now() at time zone '+07')::date)`);
    for (let i = 0; i < 3; i++) {
      await pool.query(OLD_LINES);
      await pool.query(OLD_SEAL);
    }
    await pool.query(OLD_LINES);

    const store = await openStore({ pool, sealEvery: 0 });
    const before = await store.verifyAudit();
    assert.deepEqual([before.ok, before.seals, before.lines, before.unsealed], [true, 3, 0, 8]);
    await store.audit([line('p2', 'sau khi nâng cấp')]);
    await sealAll(store);
    const now = await store.verifyAudit();
    assert.deepEqual([now.ok, now.faults, now.lines], [true, [], 9]);

    await pool.query('alter table audit disable trigger user');
    await pool.query(
      `update audit set who = 'x' where who = 'bs-1' and ctid = (select min(ctid) from audit where who = 'bs-1')`,
    );
    const changed = await store.verifyAudit();
    assert.deepEqual(changed.faults.map(({ kind, seal }) => `${kind} ${seal}`).sort(), [
      'lines-changed 1',
      `lines-changed 4`,
    ]);
    await store.close();
  } finally {
    await database.stop();
  }
});

test('a month of which the default partition holds lines stays there, and the store opens', async () => {
  const database = await withDatabase();
  const { pool } = database;
  try {
    await applySchema(pool, 'kernel', SCHEMA);
    await pool.query(OLD_LINES);
    const store = await openStore({ pool, sealEvery: 0 });
    await store.audit([line('p2', 'hôm nay')]);
    const { rows } = await pool.query('select count(*)::int as lines from audit_default');
    assert.equal(rows[0].lines, 3);
    await store.close();
  } finally {
    await database.stop();
  }
});
