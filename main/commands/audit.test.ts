/** `yba audit` as an inspector and a witness run it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fastify from 'fastify';
import { auditLogRoutes } from '../../kernel/access/audit-log/routes.ts';
import { openKeyring } from '../../kernel/keys/index.ts';
import { type OpenStore, openStore } from '../../kernel/store/index.ts';
import { line, sealAll } from '../../kernel/store/samples.testing.ts';
import { type TestDatabase, withDatabase } from '../../kernel/store/testing.ts';
import { newestArchivable } from './audit/archive.ts';

const YBA = join(import.meta.dirname, '..', 'bin', 'yba');
const folder = mkdtempSync(join(tmpdir(), 'yba-audit-'));
const app = fastify();
let database: TestDatabase;
let store: OpenStore;
let log: string;

before(async () => {
  database = await withDatabase();
  store = await openStore({ pool: database.pool, sealEvery: 0 });
  store.keepSecrets(await openKeyring(database.pool, []));
  await store.audit(Array.from({ length: 400 }, (_, i) => line('p1', `dong ${i}`)));
  await sealAll(store);
  auditLogRoutes(app, {
    pool: database.pool,
    store,
    signedIn: () => {
      throw new Error('nobody is signed in');
    },
  });
  log = await app.listen({ port: 0, host: '127.0.0.1' });
});
after(async () => {
  await app.close();
  await store.close();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(words: string[]): Promise<{ status: number | null; out: string; err: string }> {
  const { PATH = '' } = process.env;
  const env = { PATH, YBA_DATA: join(folder, 'data'), YBA_DEMO: 'off', DATABASE_URL: database.url };
  const child = spawn(YBA, ['audit', ...words], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { status: null as number | null, out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ ...said, status })));
}

const file = (name: string) => join(folder, name);

test('the checkpoint is printed as a signed note with the fingerprint, and kept elsewhere it proves the rest', async () => {
  const { status, out, err } = await run(['checkpoint']);
  assert.equal(status, 0, err);
  assert.match(out, /^yba\.vn\/nhat-ky\/[0-9a-f]{12}\n\d+\n[A-Za-z0-9+/]{43}=\n\n\u2014 yba/);
  assert.match(err, /Dấu vân tay của khóa: [0-9a-f]{8}/);
  writeFileSync(file('kept'), out);
  const keys = await run(['key']);
  const key = keys.out.split(' ')[0]!;
  const good = await run(['verify', '--checkpoint', file('kept'), '--log-key', key]);
  assert.deepEqual([good.status, good.err], [0, '']);
  assert.match(good.out, /nguyên vẹn\.\n(.*\n)?Niêm phong cuối: \d+:[0-9a-f]{64}/);
});

test('a witness elsewhere signs, signs again after the log grew, and refuses a log that was written anew', async () => {
  const own = ['witness', '--log', log, '--key', file('key'), '--name', 'so-y-te', '--seen', file('seen')];
  const first = await run(own);
  assert.equal(first.status, 0, first.err);
  assert.equal(statSync(file('key')).mode & 0o777, 0o600);
  const witness = /Khóa của bên chứng kiến: (\S+)/.exec(first.out)![1]!;
  assert.equal(readFileSync(file('seen'), 'utf8').includes('— so-y-te '), true);

  await store.audit([line('p2', 'them')]);
  await sealAll(store);
  const second = await run(own);
  assert.equal(second.status, 0, second.err);
  const kept = await run(['witness', '--add', file('seen'), '--witness', witness]);
  assert.equal(kept.status, 0, kept.err);
  assert.match(await (await fetch(`${log}/.well-known/yba-audit/witnessed`)).text(), /— so-y-te /);
  const good = await run(['verify', '--checkpoint', file('seen'), '--witness', witness]);
  assert.equal(good.status, 0, good.out);

  const text = readFileSync(file('seen'), 'utf8');
  await database.pool.query('alter table audit_tile disable trigger user');
  await database.pool.query(
    `update audit_tile set hashes = overlay(hashes placing sha256('x') from 1) where level = 0`,
  );
  await store.audit([line('p2', 'sau')]);
  await sealAll(store);
  const third = await run(own);
  assert.equal(third.status, 1);
  assert.match(third.err, /BỊ VIẾT LẠI/);
  assert.equal(readFileSync(file('seen'), 'utf8'), text, 'the evidence stays');
  const found = await run(['verify', '--checkpoint', file('seen')]);
  assert.equal(found.status, 1);
});

test('a line that was altered is named, with status 1; stopped and resumed by a file', async () => {
  await database.pool.query('alter table audit disable trigger user');
  await database.pool.query(`update audit set who = 'ke gian' where what = 'dong 17'`);
  const { rows } = await database.pool.query(
    `select era || '-' || xid || '-' || n as id from audit where what = 'dong 17'`,
  );
  const { status, out } = await run(['verify', '--resume', file('progress')]);
  assert.equal(status, 1);
  assert.match(out, new RegExp(`dòng nhật ký bị sửa: dòng ${rows[0].id}, thứ \\d+ của nhật ký, lúc `));
  assert.match(out, /BỊ SỬA/);
  assert.equal(existsSync(file('progress')), false, 'it came to the end');
});

test('a month may leave when it ended two years ago', () => {
  assert.equal(newestArchivable('2026-11-22', 24), '2024-10');
  assert.equal(newestArchivable('2026-01-01', 24), '2023-12');
});

test('wrong words are one sentence', async () => {
  for (const [words, pattern] of [
    [['forge'], /verify/],
    [['verify', '--since', 'hôm qua'], /2026-11-22/],
    [['verify', '--anchor', 'x'], /<seal>:<hash>/],
    [['verify', '--checkpoint', '/none'], /cannot be read/],
    [
      ['witness', '--log', 'http://127.0.0.1:9', '--key', file('k'), '--name', 'a b', '--seen', file('s')],
      /--name/,
    ],
    [
      ['witness', '--log', 'http://127.0.0.1:9', '--key', file('k'), '--name', 'a', '--seen', file('s')],
      /does not answer/,
    ],
    [['witness', '--key', file('k')], /--log/],
    [['archive', '--month', '2099-01', '--to', file('x')], /audit_time/],
    [['archive', '--to', file('x')], /--month/],
    [['verify', '--archive', 'x'], /<month>=<file>/],
  ] as const) {
    const { status, err } = await run([...words]);
    assert.equal(status, 1, words.join(' '));
    assert.match(err, pattern);
    assert.equal(err.trim().split('\n').length, 1, err);
  }
});
