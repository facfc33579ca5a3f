import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Failure } from '../failure.ts';
import { applySchema } from './migrate.ts';
import { type TestDatabase, withDatabase } from './testing.ts';

let database: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'yba-schema-'));
before(async () => {
  database = await withDatabase();
});
after(async () => {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, sql: string) => writeFileSync(join(folder, name), sql);
const refusal = async () =>
  ((await applySchema(database.pool, 'thu', folder).catch((error) => error)) as Failure).issues?.[0]?.text;

test('files are applied once each, in the order of their numbers, also by two programs at once', async () => {
  file('0002-more.sql', 'alter table a add column b int; insert into a values (1, 2);');
  file('0001-first.sql', 'create table a (n int);');
  file('notes.txt', 'not a schema');
  await Promise.all([applySchema(database.pool, 'thu', folder), applySchema(database.pool, 'thu', folder)]);
  await applySchema(database.pool, 'thu', folder);
  assert.deepEqual((await database.pool.query('select * from a')).rows, [{ n: 1, b: 2 }]);
});

test('a file that fails leaves nothing, and is applied when it is right', async () => {
  file('0003-broken.sql', 'create table c (n int); select 1/0;');
  await assert.rejects(applySchema(database.pool, 'thu', folder), /division by zero/);
  assert.equal((await database.pool.query(`select to_regclass('c') as c`)).rows[0].c, null);
  file('0003-broken.sql', 'create table c (n int);');
  await applySchema(database.pool, 'thu', folder);
});

test('a database of a newer version is refused with what to do', async () => {
  await database.pool.query(
    `insert into schema_file (area, name, checksum) values ('thu', '0009-future.sql', 'x')`,
  );
  assert.match((await refusal())!, /phiên bản Y Bạ mới hơn.*0009-future\.sql.*Hãy chạy/);
  await database.pool.query(`delete from schema_file where name = '0009-future.sql'`);
});

test('a file changed after it was applied is refused', async () => {
  file('0001-first.sql', 'create table a (n bigint);');
  assert.match((await refusal())!, /đã bị sửa sau khi áp dụng/);
});
