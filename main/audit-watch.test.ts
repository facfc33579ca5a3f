import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { applySchema, openStore } from '../kernel/store/index.ts';
import { line, sealAll } from '../kernel/store/samples.testing.ts';
import { withDatabase } from '../kernel/store/testing.ts';
import { isDue, sinceWhen, watchAudit } from './audit-watch.ts';
import { databaseMetrics } from './database-metrics.ts';

const check = (at: string, ok = true) => ({ at, ok, lines: 1, faults: [] });

test('once a night in Viet Nam; after two days without one at any hour', () => {
  const night = new Date('2026-11-21T19:30:00Z');
  const noon = new Date('2026-11-22T05:00:00Z');
  assert.equal(isDue(night, null), true);
  assert.equal(isDue(noon, null), false);
  assert.equal(isDue(night, check('2026-11-21T18:30:00Z')), false);
  assert.equal(isDue(night, check('2026-11-20T19:00:00Z')), true);
  assert.equal(isDue(noon, check('2026-11-21T19:00:00Z')), false);
  assert.equal(isDue(noon, check('2026-11-19T19:00:00Z')), true);
});

test('it goes back beyond the last good one, and to the beginning after a bad one', () => {
  assert.equal(sinceWhen(check('2026-11-21T19:00:00Z'))?.toISOString(), '2026-11-19T19:00:00.000Z');
  assert.equal(sinceWhen(check('2026-11-21T19:00:00Z', false)), undefined);
  assert.equal(sinceWhen(null), undefined);
});

test('a changed line is trouble for health and metrics until it is right again', async () => {
  const database = await withDatabase();
  const { pool } = database;
  const store = await openStore({ pool, sealEvery: 0 });
  await applySchema(pool, 'program', join(import.meta.dirname, 'schema'));
  let now = new Date('2026-11-21T05:00:00Z');
  const said: string[] = [];
  const watch = watchAudit(
    store,
    pool,
    () => now,
    (sentence) => said.push(sentence),
  );
  try {
    await store.audit([line('p1', 'doc')]);
    await sealAll(store);
    await pool.query('alter table audit disable trigger user');
    await pool.query(`update audit set who = 'x'`);
    now = new Date('2026-11-21T19:00:00Z');
    await watch.look();
    assert.deepEqual(watch.troubles(), ['audit']);
    assert.match(said.join('\n'), /audit: .*bị sửa/);
    const bad = (await databaseMetrics(pool)).join('\n');
    assert.match(bad, /^yba_audit_faults 1$/m);
    await pool.query(`update audit set who = 'bs-1'`);
    now = new Date('2026-11-22T19:00:00Z');
    await watch.look();
    assert.deepEqual(watch.troubles(), []);
    assert.match((await databaseMetrics(pool)).join('\n'), /^yba_audit_faults 0$/m);
  } finally {
    watch.close();
    await store.close();
    await database.stop();
  }
});
