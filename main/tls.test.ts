/** HTTPS of the whole program, the port that leads to it, and what is bound without it. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:https';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { type TestDatabase, withDatabase } from '../kernel/store/testing.ts';
import { openAuthority } from './local-authority.ts';
import { type Program, startProgram } from './program.ts';
import { startRedirect } from './redirect.ts';
import { readSettings, SettingError } from './settings.ts';
import { openTls } from './tls.ts';

const folder = mkdtempSync(join(tmpdir(), 'yba-tls-'));
const make = (path: string) => void mkdirSync(path, { recursive: true, mode: 0o700 });
let database: TestDatabase;
let program: Program;
let ca: string;

before(async () => {
  database = await withDatabase();
  program = await startProgram(
    { databaseUrl: database.url, dataFolder: folder, port: 0, demo: true, tls: 'auto' },
    { generate: false, log: () => undefined },
  );
  await program.house.access.accounts.add({
    id: 'letan',
    name: 'Lễ tân',
    roles: ['reception'],
    unit: null,
    practitioner: null,
    password: 'demo',
    demo: true,
  });
  ca = (await openAuthority(folder, make).root(new Date())).pem;
});
after(async () => {
  await program.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Told {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

function ask(path: string, body?: object): Promise<Told> {
  const { port } = new URL(program.address);
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const call = request(
      { host: 'localhost', port, path, ca, method: body ? 'POST' : 'GET', headers },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
      },
    );
    call.on('error', reject);
    call.end(body && JSON.stringify(body));
  });
}

test('with YBA_TLS=auto the program speaks HTTPS that its authority vouches for; the cookie is bound to it', async () => {
  assert.match(program.address, /^https:/);
  const signed = await ask('/api/access/sign-in', { username: 'letan', password: 'demo' });
  assert.equal(signed.status, 200);
  assert.match(
    String(signed.headers['set-cookie']),
    /^__Host-yba_session=[^;]+; .*HttpOnly; Secure; SameSite=Strict/,
  );
  assert.match(String(signed.headers['strict-transport-security']), /max-age=\d{8}/);
});

test('TLS 1.1 and suites without forward secrecy are refused', async () => {
  const port = Number(new URL(program.address).port);
  const handshake = (options: object) =>
    new Promise<string>((resolve) => {
      const socket: TLSSocket = connect({ port, host: 'localhost', ca, ...options }, () => {
        resolve(socket.getProtocol() ?? '');
        socket.destroy();
      });
      socket.on('error', () => resolve('refused'));
    });
  assert.equal(await handshake({ minVersion: 'TLSv1.3' }), 'TLSv1.3');
  assert.equal(await handshake({ maxVersion: 'TLSv1.2' }), 'TLSv1.2');
  assert.equal(await handshake({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }), 'refused');
  assert.equal(await handshake({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' }), 'refused');
});

test('files that change are shown without a restart; a certificate of another key is not', async () => {
  const authority = openAuthority(join(folder, 'given'), make);
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const place = async (names: string[]) => {
    await authority.issued(names, new Date());
    copyFileSync(join(folder, 'given', 'tls', 'server.key'), key);
    copyFileSync(join(folder, 'given', 'tls', 'server.pem'), cert);
  };
  await place(['one.example.vn']);
  const settings = readSettings({ YBA_TLS: `${cert},${key}` }, '/nonexistent').settings;
  const tls = (await openTls(settings, () => new Date(), true))!;
  const server: Server = createServer(tls.options);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  tls.follow(server, 10);
  const { port } = server.address() as AddressInfo;
  const names = () =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().subjectaltname ?? '');
        socket.destroy();
      });
      socket.on('error', reject);
    });
  assert.match(await names(), /one\.example\.vn/);
  await place(['one.example.vn', 'two.example.vn']);
  for (let tries = 0; !/two\.example\.vn/.test(await names()); tries += 1) {
    assert.ok(tries < 200);
    await pause(20);
  }
  tls.close();
  server.close();
  copyFileSync(join(folder, 'tls', 'server.key'), key);
  await assert.rejects(
    openTls(settings, () => new Date(), true),
    SettingError,
  );
});

test('the plain port leads a browser to HTTPS, and takes nothing', async () => {
  const server = await startRedirect(0, '127.0.0.1', 'https://yba.example.vn:8443');
  const { port } = server.address() as AddressInfo;
  const plain = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init });
    return [answer.status, answer.headers.get('location')];
  };
  assert.deepEqual(await plain('/tiep-don?x=1'), [308, 'https://127.0.0.1:8443/tiep-don?x=1']);
  assert.deepEqual(await plain('//evil.example/'), [308, 'https://127.0.0.1:8443/']);
  assert.deepEqual(await plain('/api/access/sign-in', { method: 'POST', body: 'x' }), [403, null]);
  server.close();
});

test('an address that others reach is not bound in clear', async () => {
  const real = { databaseUrl: '', dataFolder: folder, port: 0, demo: false, bind: '0.0.0.0' };
  const other = await withDatabase();
  const start = (more: object) =>
    startProgram({ ...real, databaseUrl: other.url, ...more }, { generate: false, log: () => undefined });
  await assert.rejects(start({}), (error) => error instanceof SettingError && /YBA_TLS/.test(error.message));
  const proxied = await start({ proxies: ['10.0.0.5'] });
  const said = await fetch(`http://127.0.0.1:${new URL(proxied.address).port}/fhir/metadata`, {
    headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' },
  });
  assert.equal(said.headers.get('strict-transport-security'), null, 'only the named proxy is believed');
  assert.equal((await said.text()).includes('evil.example'), false);
  await proxied.stop();
  await other.stop();
});
