/** Old months leave the database; the tree stays whole and says of the files whether they are the ones that left. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { OpenStore } from '../index.ts';
import { failureOf, line, sealAll, withStore } from '../samples.testing.ts';
import { archiveMonth, checkArchiveFile, readArchives } from './archive.ts';

const folder = mkdtempSync(join(tmpdir(), 'yba-archive-'));
const file = join(folder, '2024-01.gz');
let store: OpenStore;
let stop: () => Promise<void>;
before(async () => {
  ({ store, stop } = await withStore());
  const { pool } = store;
  await pool.query(`select audit_month('2024-01-01'::date), audit_month('2024-02-01'::date)`);
  // The turn of the month: lines of both months lie in one seal, one between the others.
  for (const day of [
    '2024-01-10',
    '2024-01-31 20:00+07',
    '2024-02-01 01:00+07',
    '2024-01-31 23:50+07',
    '2024-02-03',
  ])
    await pool.query(
      `insert into audit (ts, pt, xid, n, era, who, who_display, patient, action, what, why, outcome, ip, unit)
       select $1::timestamptz + i * interval '1 second', 0, pg_current_xact_id()::text::int8, i, 1, 'bs', 'bs', null, 'read', $2 || i, 'x', 'ok', '', null
       from generate_series(1, 400) i`,
      [day, day.slice(0, 10)],
    );
  await sealAll(store);
  await store.audit([line('p1', 'hom nay')]);
  await sealAll(store);
});
after(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a month that is not there is refused', async () => {
  for (const month of ['2023-01', '2024-1', 'x; drop table audit'])
    assert.equal(await failureOf(archiveMonth(store.pool, undefined, month, file)), 'invalid-request');
});

test('after a month has left, the audit is whole, the file proves itself, and other lines are still watched', async () => {
  const made = await archiveMonth(store.pool, undefined, '2024-01', file);
  assert.deepEqual(
    [made.lines, made.ranges],
    [
      1200,
      [
        [0, 800],
        [1200, 1600],
      ],
    ],
  );
  const { rows } = await store.pool.query(
    `select count(*)::int as lines from audit where ts < '2024-02-01 00:00+07'`,
  );
  assert.equal(rows[0].lines, 0);
  const report = await store.verifyAudit();
  assert.deepEqual([report.ok, report.faults, report.lines], [true, [], 801]);
  const [archive] = await readArchives(store.pool);
  assert.deepEqual(await checkArchiveFile(store.pool, archive!, file), []);

  await store.pool.query('alter table audit disable trigger user');
  await store.pool.query(`delete from audit where what = '2024-02-033'`);
  const found = await store.verifyAudit();
  assert.deepEqual(
    found.faults.map(({ kind }) => kind),
    ['lines-removed'],
  );
  assert.match(found.faults[0]!.text, /thứ 1603 của nhật ký/);
});

test('a file with a changed line, a forged record and a month dropped without a record are found', async () => {
  const [archive] = await readArchives(store.pool);
  const bytes = gunzipSync(readFileSync(file));
  bytes[60] = bytes[60]! ^ 1;
  writeFileSync(file, gzipSync(bytes));
  const kinds = (await checkArchiveFile(store.pool, archive!, file)).map(({ kind, index }) => [kind, index]);
  assert.deepEqual(kinds, [
    ['archive-wrong', 0],
    ['archive-wrong', undefined],
  ]);

  await store.pool.query('drop table audit_2024_02');
  const dropped = await store.verifyAudit();
  assert.equal(
    dropped.faults.some(({ kind }) => kind === 'lines-removed'),
    true,
  );
  await store.pool.query(
    `insert into audit_archive (month, lines, ranges, sha256, key, signature) values ('2024-02', 800, '[[800,1200],[1600,2000]]', '', 1, '')`,
  );
  const forged = await store.verifyAudit();
  assert.deepEqual(
    forged.faults.map(({ kind }) => kind),
    ['archive-wrong', 'lines-removed', 'lines-removed'],
  );
});
