/** The program over HTTP: pages, headers, health, load, and what it refuses to start with. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { type TestDatabase, withDatabase } from '../kernel/store/testing.ts';
import { type Program, startProgram } from './program.ts';
import { SettingError } from './settings.ts';

let database: TestDatabase;
let program: Program;
let folder: string;
const logged: string[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yba-program-'));
  const web = join(folder, 'web');
  mkdirSync(join(web, 'assets'), { recursive: true });
  writeFileSync(join(web, 'index.html'), '<!doctype html><title>Y Bạ</title>');
  writeFileSync(join(web, 'assets', 'main-abc123.js'), 'console.log(1)');
  writeFileSync(join(web, 'assets', 'main-abc123.js.br'), brotliCompressSync('console.log(1)'));
  database = await withDatabase();
  program = await startProgram(
    { databaseUrl: database.url, dataFolder: folder, port: 0, demo: true, maxInFlight: 4 },
    { generate: false, webFolder: web, log: (sentence) => void logged.push(sentence) },
  );
});
after(async () => {
  await program.stop();
  await database.stop();
  rmSync(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(program.address + path, { headers });

test('every face of the house is the page; files and interfaces that are not there are 404', async () => {
  for (const path of ['/', '/cong-dan', '/dieu-hanh', '/bang-goi', '/tiep-don/hang-doi']) {
    const answer = await get(path);
    assert.deepEqual(
      [answer.status, answer.headers.get('content-type')],
      [200, 'text/html; charset=utf-8'],
      path,
    );
    assert.equal(answer.headers.get('cache-control'), 'no-cache');
  }
  for (const path of ['/assets/gone.js', '/api/nothing', '/favicon.png', '/oauth2x.js']) {
    const answer = await get(path);
    assert.equal(answer.status, 404, path);
  }
  assert.equal(
    ((await (await get('/api/nothing')).json()) as { error: { code: string } }).error.code,
    'not-found',
  );
});

test('files are served compressed as they were built, and kept for ever under their hashed names', async () => {
  const answer = await get('/assets/main-abc123.js', { 'accept-encoding': 'br' });
  assert.equal(answer.headers.get('content-encoding'), 'br');
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal(await answer.text(), 'console.log(1)');
});

test('nothing outside the built folder is served', async () => {
  for (const path of [
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '/..%5cpackage.json',
  ]) {
    const text = await raw(path);
    assert.doesNotMatch(text, /"dependencies"/, path);
  }
});

test('pages carry a content security policy without inline scripts or styles, and cannot be framed', async () => {
  const { headers } = await get('/');
  const policy = headers.get('content-security-policy')!;
  assert.match(policy, /script-src 'self'(;|$)/);
  assert.match(policy, /style-src 'self'(;|$)/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('referrer-policy'), 'same-origin');
  assert.equal((await get('/api/access/me')).headers.get('cache-control'), 'no-store');
});

test('an address that is too long is 431 with an OperationOutcome, and the program goes on', async () => {
  const answer = await get(`/fhir/Patient?name=${'a'.repeat(100_000)}`);
  assert.equal(answer.status, 431);
  const outcome = (await answer.json()) as { resourceType: string; issue: { diagnostics: string }[] };
  assert.equal(outcome.resourceType, 'OperationOutcome');
  assert.match(outcome.issue[0]!.diagnostics, /POST _search/);
  assert.equal((await get('/healthz')).status, 200);
});

test('health, readiness and metrics', async () => {
  assert.deepEqual([(await get('/healthz')).status, (await get('/readyz')).status], [200, 200]);
  const text = await (await get('/metrics')).text();
  assert.match(text, /^yba_resident_bytes \d+$/m);
  assert.match(text, /yba_request_seconds_count\{method="GET",area="web",status="2xx"\} \d+/);
  assert.equal(
    (await get('/metrics', { 'x-forwarded-for': '10.0.0.1' })).status,
    403,
    'through a proxy it is not loopback',
  );
});

test('no route answers a stranger with anything of a person', async () => {
  const open =
    /^\/(fhir\/(metadata|openapi\.json|openapi\/:\w+(\.json)?|\.well-known\/smart-configuration|\*)|api\/access\/(sign-(in|out)|sign-in\/ways|passkeys\/question|external(\/(callback|:id))?|citizen\/(code|sign-in))|api\/demo\/accounts|api\/\*)$/;
  const guarded = program.routes.filter(
    ({ method, url }) => /^\/(api|fhir)(\/|$)/.test(url) && !open.test(url) && method !== 'HEAD',
  );
  assert.ok(guarded.length > 40, `${guarded.length} routes`);
  for (const { method, url } of guarded) {
    const path = url
      .replace(/:type\b/, 'Patient')
      .replace(/:action\b/, 'Observation')
      .replace(/:version\b/, '1')
      .replace(/:\w+/g, 'x');
    const body = ['GET', 'DELETE', 'OPTIONS'].includes(method)
      ? {}
      : {
          body: '{}',
          headers: { 'content-type': url.startsWith('/fhir') ? 'application/fhir+json' : 'application/json' },
        };
    const { status } = await fetch(program.address + path, { method, ...body });
    assert.ok(status === 401 || status === 405, `${method} ${url}: ${status}`);
  }
});

test('under overload a request is told to come back, and health still answers', async () => {
  const { pool } = program.kernel;
  const client = await pool.connect();
  await client.query('begin; lock table access.account in access exclusive mode');
  const waiting = Array.from({ length: 6 }, (_, n) =>
    fetch(`${program.address}/api/access/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: `nobody${n}`, password: 'x' }),
    }),
  );
  const first = await Promise.race(waiting);
  assert.equal(first.status, 503);
  assert.ok(first.headers.get('retry-after'));
  assert.equal((await get('/healthz')).status, 200);
  await client.query('rollback');
  client.release();
  const statuses = (await Promise.all(waiting)).map(({ status }) => status).sort();
  assert.deepEqual(statuses, [401, 401, 401, 401, 503, 503]);
  assert.equal((await get('/api/access/me')).status, 401, 'and afterwards all is as before');
});

test('a request that its client gives up frees its place', async () => {
  for (let n = 0; n < 12; n += 1) {
    const controller = new AbortController();
    const given = fetch(`${program.address}/api/access/me`, { signal: controller.signal }).catch(() => null);
    controller.abort();
    await given;
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await get('/api/access/me')).status, 401);
});

test('our own routes answer failures as {error} with both languages', async () => {
  const answer = await fetch(`${program.address}/api/access/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"username":',
  });
  const { error } = (await answer.json()) as { error: { code: string; text: string; textEn: string } };
  assert.equal(answer.status, 400);
  assert.ok(error.text && error.textEn);
});

test('a body that is no JSON is said to be so, and nothing breaks', async () => {
  for (const body of ['{"username":', '', 'tên=letan', '[1,}']) {
    const answer = await fetch(`${program.address}/api/access/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const { error } = (await answer.json()) as { error: { text: string } };
    assert.equal(answer.status, 400, body);
    assert.match(error.text, /không đọc được như JSON/, body);
  }
});

test('demo accounts keep the program on loopback unless it is told otherwise', async () => {
  const settings = { databaseUrl: database.url, dataFolder: folder, port: 0, bind: '0.0.0.0' };
  await assert.rejects(
    startProgram(settings, { generate: false }),
    (error) => error instanceof SettingError && /YBA_BIND_DEMO/.test(error.message),
  );
  const told = await startProgram({ ...settings, bindDemo: true }, { generate: false });
  await told.stop();
});

test('a demo database is never taken for a real province, nor the other way round', async () => {
  await assert.rejects(
    startProgram(
      { databaseUrl: database.url, dataFolder: folder, port: 0, demo: false },
      { generate: false },
    ),
    /demo province/,
  );
  const other = await withDatabase();
  const real = await startProgram(
    { databaseUrl: other.url, dataFolder: folder, port: 0, demo: false },
    { generate: false },
  );
  assert.deepEqual(await real.house.access.accounts.list(), [], 'no demo account in a real province');
  await real.stop();
  await assert.rejects(
    startProgram({ databaseUrl: other.url, dataFolder: folder, port: 0, demo: true }, { generate: false }),
    /real province/,
  );
  const again = await startProgram(
    { databaseUrl: other.url, dataFolder: folder, port: 0 },
    { generate: false },
  );
  assert.equal(again.house.demo, false, 'the database remembers');
  await again.stop();
  await other.stop();
});

test('a port in use is one sentence', async () => {
  const port = Number(new URL(program.address).port);
  await assert.rejects(
    startProgram({ databaseUrl: database.url, dataFolder: folder, port, demo: true }, { generate: false }),
    (error) => error instanceof SettingError && /in use/.test(error.message),
  );
});

test('a database that cannot be reached is a Failure with a sentence', async () => {
  await assert.rejects(
    startProgram(
      { databaseUrl: 'postgres://nobody@127.0.0.1:1/none', dataFolder: folder, port: 0 },
      { generate: false },
    ),
    (error: { code?: string }) => error.code === 'database-unavailable',
  );
});

/** A path as it is, without the tidying of URL. */
function raw(path: string): Promise<string> {
  const { hostname, port } = new URL(program.address);
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, path }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve(text));
    });
    call.on('error', reject);
    call.end();
  });
}
