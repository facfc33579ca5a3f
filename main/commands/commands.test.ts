/** The `yba` command as an operator runs it. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { withDatabase } from '../../kernel/store/testing.ts';

const YBA = join(import.meta.dirname, '..', 'bin', 'yba');
const folder = mkdtempSync(join(tmpdir(), 'yba-command-'));
after(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  status: number | null;
  out: string;
  err: string;
}

function begin(words: string[], env: Record<string, string> = {}): ChildProcess {
  const { PATH = '' } = process.env;
  return spawn(YBA, words, {
    cwd: folder,
    env: { PATH, YBA_DATA: join(folder, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function run(words: string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = begin(words, env);
  const said: Ran = { status: null, out: '', err: '' };
  child.stdout!.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    said.err += chunk;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ ...said, status })));
}

/** One sentence on stderr, status 1, no stack trace. */
function isSentence({ status, err }: Ran, pattern: RegExp): void {
  assert.equal(status, 1, err);
  assert.match(err, pattern);
  assert.equal(err.trim().split('\n').length, 1, err);
  assert.doesNotMatch(err, /\.ts:\d+/);
}

test('every command has --help, and the overview names them all', async () => {
  const overview = await run(['--help']);
  assert.equal(overview.status, 0);
  for (const name of ['start', 'demo', 'load', 'config', 'doctor', 'audit', 'reindex', 'user', 'client']) {
    assert.match(overview.out, new RegExp(`^  ${name} `, 'm'));
    const help = await run([name, '--help']);
    assert.equal(help.status, 0);
    assert.match(help.out, new RegExp(`^yba ${name}`));
  }
});

test('yba start --help names every setting', async () => {
  const { out } = await run(['start', '--help']);
  for (const name of [
    'PORT',
    'YBA_DATA',
    'YBA_DEMO',
    'YBA_CLIENT',
    'DATABASE_URL',
    'YBA_BIND',
    'YBA_BIND_DEMO',
  ])
    assert.match(out, new RegExp(`  ${name} `));
});

test('wrong words and values are one sentence and status 1', async () => {
  isSentence(await run(['dance']), /no command "dance"/);
  isSentence(await run(['start', '--fast']), /--fast/);
  isSentence(await run(['start'], { PORT: 'x' }), /PORT/);
  isSentence(await run(['start'], { YBA_DATA: '/proc/x' }), /YBA_DATA/);
  // Before anything is built: a demo province is not shown to the network.
  const empty = join(folder, 'empty');
  isSentence(
    await run(['start'], { YBA_BIND: '0.0.0.0', PORT: '0', YBA_DATA: empty }),
    /0\.0\.0\.0 is not bound/,
  );
  assert.ok(!existsSync(empty), 'nothing was built');
  isSentence(await run(['demo', '--people', 'many']), /--people/);
  isSentence(await run(['audit', 'forge']), /verify/);
  isSentence(await run(['user', 'add']), /sign-in name/);
  isSentence(await run(['views', 'dance']), /yba views --help/);
});

test('yba config prints value, source and meaning, and keeps secrets to itself', async () => {
  const { out } = await run(['config'], { PORT: '9123', YBA_CLIENT: 'a:very-secret' });
  assert.match(out, /port \(PORT\) = 9123 {3}\[environment\]/);
  assert.match(out, /client \(YBA_CLIENT\) = \(set\)/);
  assert.doesNotMatch(out, /very-secret/);
});

test('a port in use is told before anything is built', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  isSentence(await run(['start', '--no-web'], { PORT: String(port) }), new RegExp(`Port ${port}`));
  server.close();
});

test('start prints one address and the demo accounts, serves there, and Ctrl-C ends it with status 0', async () => {
  const database = await withDatabase();
  const child = begin(['start', '--no-web'], {
    PORT: '0',
    DATABASE_URL: database.url,
    YBA_PEOPLE: '1',
    YBA_CLIENT: 'c:secret-1',
  });
  let out = '';
  let err = '';
  child.stderr!.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    child.stdout!.on('data', (chunk) => {
      out += chunk;
      if (out.includes('Ctrl-C')) resolve();
    });
    void ended.then(() => reject(new Error(`ended early: ${err}`)));
  });
  assert.equal(out.match(/http:\/\//g)?.length, 1, 'one address');
  assert.match(out, /bacsi/);
  const address = /http:\/\/\S+/.exec(out)![0];
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'c',
    client_secret: 'secret-1',
  });
  assert.equal((await fetch(`${address}/oauth2/token`, { method: 'POST', body: form })).status, 200);
  child.kill('SIGINT');
  assert.equal(await ended, 0, err);
  await database.stop();
});

test('accounts and clients are made, listed and closed; the audit is verified', async () => {
  const database = await withDatabase();
  const env = { DATABASE_URL: database.url, YBA_DEMO: 'off' };
  const made = await run(['user', 'add', 'ha', '--name', 'Nguyễn Thị Hà', '--roles', 'administrator'], env);
  assert.match(made.out, /^ha: \S{14,}/, made.err);
  assert.match((await run(['user', 'list'], env)).out, /ha +open +- +administrator +Nguyễn Thị Hà/);
  assert.match(
    (await run(['user', 'reset', 'ha'], env)).out,
    /^ha: \S{4}-\S{4}-\S{4}-\S{4} \(until \d{4}-\d\d-\d\d\)/,
  );
  assert.equal((await run(['user', 'factors', 'ha'], env)).status, 0);
  await run(['user', 'add', 'mai', '--name', 'Mai', '--roles', 'doctor', '--unit', 'cs-1'], env);
  assert.match((await run(['user', 'review'], env)).out, /cs-1 +1 accounts, never reviewed/);
  assert.match((await run(['user', 'review', 'cs-1'], env)).out, /^mai +open +cs-1 /);
  isSentence(await run(['user', 'review', 'cs-1', '--by', 'nobody'], env), /--by/);
  isSentence(await run(['user', 'review', 'cs-1', '--by', 'ha', '--close', 'ha'], env), /ha/);
  assert.match(
    (await run(['user', 'review', 'cs-1', '--by', 'ha'], env)).out,
    /^cs-1: 1 kept, 0 closed, signed by ha\.$/m,
  );
  assert.match((await run(['user', 'review'], env)).out, /No unit is due/);
  await run(['user', 'add', 'cu', '--name', 'Cũ', '--roles', 'nurse', '--unit', 'cs-1'], env);
  assert.match(
    (await run(['user', 'review', 'cs-1', '--by', 'ha', '--close', 'cu'], env)).out,
    /1 kept, 1 closed/,
  );
  assert.match((await run(['user', 'list', '--state', 'closed'], env)).out, /^cu +closed +cs-1 /);
  assert.equal((await run(['user', 'disable', 'mai'], env)).status, 0);
  assert.match(
    (await run(['user', 'list', '--state', 'closed'], env)).out,
    /^mai +closed +cs-1 +doctor +Mai$/m,
  );
  assert.match((await run(['user', 'review'], env)).out, /No unit is due/);
  isSentence(await run(['user', 'add', 'ha', '--name', 'x', '--roles', 'doctor'], env), /ha/);
  isSentence(await run(['user', 'add', 'b2', '--name', 'x', '--roles', 'king'], env), /king/);
  isSentence(
    await run(['user', 'add', 'b3', '--name', 'x', '--roles', 'doctor', '--password', 'short'], env),
    /14/,
  );
  assert.match(
    (await run(['client', 'add', 'bv1', '--scopes', 'system/Patient.rs'], env)).out,
    /^bv1:\S{20,}/,
  );
  isSentence(await run(['client', 'add', 'bv2', '--scopes', 'everything'], env), /everything/);
  await run(['client', 'close', 'bv1'], env);
  assert.match((await run(['client', 'list'], env)).out, /bv1 +closed/);
  const verified = await run(['audit', 'verify'], env);
  assert.equal(verified.status, 0, verified.err);
  assert.match(verified.out, /^[1-9]\d* dòng nhật ký/, 'what the operator did is in it');
  await database.stop();
});

test('commands join the embedded database of a running program; the folder is its own again after it', async () => {
  const env = { PORT: '0', YBA_DEMO: 'off', YBA_DATA: join(folder, 'embedded') };
  const child = begin(['start', '--no-web'], env);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await new Promise<void>((resolve) => {
    let out = '';
    child.stdout!.on('data', (chunk) => {
      out += chunk;
      if (out.includes('Ctrl-C')) resolve();
    });
  });
  const made = await run(['user', 'add', 'ha', '--name', 'Hà', '--roles', 'administrator'], env);
  assert.equal(made.status, 0, made.err);
  assert.match((await run(['doctor'], env)).out, /PostgreSQL 18/);
  const second = await run(['start', '--no-web'], env);
  isSentence(second, /YBA_DATA/);
  // The terminal is gone: what is said at the end reaches nobody, and the program ends as well as ever.
  child.stdout!.destroy();
  let said = '';
  child.stderr!.on('data', (chunk) => {
    said += chunk;
  });
  child.kill('SIGINT');
  assert.equal(await ended, 0, said);
  assert.doesNotMatch(said, /EPIPE/);
  assert.match((await run(['user', 'list'], env)).out, /^ha /);
});

test('yba reindex indexes older records, says how far it is, and names what it does not know', async () => {
  const database = await withDatabase();
  const env = { DATABASE_URL: database.url, YBA_DEMO: 'off' };
  try {
    const level = await run(['reindex'], env);
    assert.deepEqual([level.status, level.err], [0, '']);
    assert.match(level.out, /Mọi bản ghi đã theo đúng/);
    await database.pool.query(
      `update search_index set state = 'stopped', why = 'operator' where type in ('Patient', 'Observation')`,
    );
    const status = await run(['reindex', '--status'], env);
    assert.match(status.out, /^Observation: stopped, 0 %\nPatient: stopped, 0 %$/m);
    const done = await run(['reindex'], env);
    assert.deepEqual([done.status, done.err], [0, '']);
    const { rows } = await database.pool.query(`select from search_index where state <> 'level'`);
    assert.equal(rows.length, 0);
    assert.equal((await run(['reindex', '--type', 'Patient', '--parameter', 'birthdate'], env)).status, 0);
    isSentence(await run(['reindex', '--type', 'Khong'], env), /no resource type "Khong"/);
    isSentence(await run(['reindex', '--parameter', 'khong'], env), /no search parameter "khong"/);
    isSentence(await run(['reindex', '--all', '--type', 'Patient'], env), /--all stands alone/);
  } finally {
    await database.stop();
  }
});
