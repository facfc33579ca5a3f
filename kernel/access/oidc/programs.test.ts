/** Several programs on one database, and `kill -9` of one of them: sessions, codes and tokens are in tables, each code counts once. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Program, startProgram } from '../../../main/program.ts';
import { type TestDatabase, withDatabase } from '../../store/testing.ts';
import { PASSWORD } from '../testing.ts';
import { type Asked, authorizeAddress, Browser, parametersOf, pkce, redeem } from './flow.testing.ts';

const APP: Asked = { client_id: 'app', redirect_uri: 'https://app.example/cb', scope: 'openid user/*.rs' };

const folder = mkdtempSync(join(tmpdir(), 'yba-programs-'));
let database: TestDatabase;
let here: Program;
const children: ChildProcess[] = [];

before(async () => {
  database = await withDatabase();
  here = await startProgram(
    { databaseUrl: database.url, dataFolder: folder, port: 0, demo: false },
    { generate: false, log: () => undefined },
  );
  const { clients, accounts } = here.house.access;
  await clients.add({
    id: 'app',
    name: 'Ứng dụng',
    scopes: APP.scope,
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: [APP.redirect_uri],
    trusted: true,
  });
  await accounts.add({
    id: 'an',
    name: 'An',
    roles: ['doctor'],
    unit: 'cs-1',
    practitioner: null,
    password: PASSWORD,
  });
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await here.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Another program on the same database, in a process of its own. */
async function another(): Promise<{ address: string; kill(): Promise<void> }> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../../main/yba.ts'), 'start'], {
    env: {
      PATH,
      HOME,
      PORT: '0',
      YBA_DATA: mkdtempSync(join(folder, 'other-')),
      YBA_DEMO: 'off',
      DATABASE_URL: database.url,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
    void ended.then(() => reject(new Error(`ended early: ${said}`)));
  });
  return {
    address,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const local = () => here.address;

async function codeAt(address: string) {
  const browser = new Browser(address);
  await browser.signIn('an', PASSWORD);
  const keys = pkce();
  const { at } = await browser.follow(authorizeAddress(APP, keys));
  return { browser, keys, code: parametersOf(at).get('code')! };
}

test('a code of one program is redeemed at another, once, and its token reads at both', async () => {
  const other = await another();
  const { code, keys } = await codeAt(other.address);
  const answers = await Promise.all(
    [other.address, local(), other.address, local()].map((address) => redeem(address, code, APP, keys)),
  );
  assert.ok(answers.filter(({ status }) => status === 200).length <= 1, 'atomic over programs');
  const next = await codeAt(local());
  const { body } = await redeem(other.address, next.code, APP, next.keys);
  const headers = { authorization: `Bearer ${body.access_token}` };
  for (const address of [local(), other.address])
    assert.equal((await fetch(`${address}/fhir/Organization`, { headers })).status, 200, address);
  await other.kill();
});

test('kill -9 between code and token: the code is good at the next program, the session and the refresh token too', async () => {
  const first = await another();
  const { browser, code, keys } = await codeAt(first.address);
  const before = (await redeem(first.address, (await codeAt(first.address)).code, APP, pkce())).status;
  assert.equal(before, 400, 'a code is of its own verifier');
  await first.kill();
  const second = await another();
  const { status, body } = await redeem(second.address, code, APP, keys);
  assert.equal(status, 200, JSON.stringify(body));
  const cookies = new Browser(second.address);
  for (const [name, path] of [
    ['yba_oidc', '/oauth2'],
    ['yba_oidc.sig', '/oauth2'],
    ['yba_session', '/'],
  ] as const)
    cookies.setCookie(name, browser.cookie(name)!, path);
  const silent = await cookies.follow(authorizeAddress({ ...APP, prompt: 'none' }, pkce()));
  assert.ok(parametersOf(silent.at).get('code'), silent.at);
  const renewed = await new Browser(second.address).open('/oauth2/token', {
    form: { grant_type: 'refresh_token', refresh_token: body.refresh_token, client_id: 'app' },
    headers: { accept: 'application/json' },
  });
  assert.equal(renewed.status, 200, renewed.text);
  await second.kill();
});
