/**
 * Signing in: the password, an application's way through authorize and token, a refresh, a system's token. What the password's hash takes
 * by itself is measured beside. `node bench/sign-in.ts [sign-ins]`
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Asked,
  authorizeAddress,
  Browser,
  parametersOf,
  pkce,
  redeem,
} from '../kernel/access/oidc/flow.testing.ts';
import { hashPassword, verifyPassword } from '../kernel/access/password.ts';
import { withDatabase } from '../kernel/store/testing.ts';
import { startProgram } from '../main/program.ts';
import { inParallel, quantile, report } from './bench.ts';
import { runProgram } from './program.ts';

const SIGN_INS = Number(process.argv[2] ?? 160);
const AT_ONCE = 2;
/** Fewer than the tries a minute that one account has. */
const BY_ACCOUNT = 8;
const PASSWORD = 'Mật khẩu đo 2026!';
const APP: Asked = { client_id: 'app', redirect_uri: 'https://app.example/cb', scope: 'openid user/*.rs' };

/** Milliseconds of CPU that a process has used (proc(5): user and system, in ticks of 10 ms). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').map(Number);
  return ((fields[11] ?? 0) + (fields[12] ?? 0)) * 10;
}

const database = await withDatabase();
const folder = mkdtempSync(join(tmpdir(), 'yba-sign-in-'));
const accountOf = (index: number) => `nguoi-${Math.floor(index / BY_ACCOUNT)}`;

const making = await startProgram(
  { databaseUrl: database.url, dataFolder: folder, port: 0, demo: false },
  { generate: false },
);
for (let index = 0; index < SIGN_INS; index += BY_ACCOUNT)
  await making.house.access.accounts.add({
    id: accountOf(index),
    name: 'Người đo',
    roles: ['doctor'],
    unit: 'cs-1',
    practitioner: null,
    password: PASSWORD,
  });
await making.house.access.clients.add({
  id: 'app',
  name: 'Ứng dụng',
  scopes: APP.scope,
  grants: ['authorization_code', 'refresh_token'],
  redirectUris: [APP.redirect_uri],
  trusted: true,
});
await making.stop();

const program = await runProgram({ DATABASE_URL: database.url, YBA_DEMO: 'off' });
try {
  const browsers: Browser[] = [];
  const refreshTokens: string[] = [];
  const signIn = async (index: number) => {
    const browser = new Browser(program.address);
    await browser.signIn(accountOf(index), PASSWORD);
    browsers[index] = browser;
  };
  const enter = async (index: number) => {
    const keys = pkce();
    const { at } = await browsers[index]!.follow(authorizeAddress(APP, keys));
    const { body } = await redeem(program.address, parametersOf(at).get('code')!, APP, keys);
    if (body?.access_token === undefined) throw new Error(`no token: ${JSON.stringify(body)}`);
    refreshTokens[index] = body.refresh_token;
  };
  const refresh = async (index: number) => {
    const { status, text } = await new Browser(program.address).open('/oauth2/token', {
      form: { grant_type: 'refresh_token', refresh_token: refreshTokens[index]!, client_id: 'app' },
    });
    if (status !== 200) throw new Error(`no refresh: ${status} ${text}`);
  };
  const phc = await hashPassword(PASSWORD);
  const hashes = await inParallel(AT_ONCE, SIGN_INS, () => verifyPassword(PASSWORD, phc));
  await signIn(0);
  await enter(0);
  const signIns = await inParallel(AT_ONCE, SIGN_INS, signIn);
  const before = cpuOf(program.pid);
  const entries = await inParallel(AT_ONCE, SIGN_INS, enter);
  const cpu = (cpuOf(program.pid) - before) / SIGN_INS;
  const refreshed = await inParallel(AT_ONCE, SIGN_INS, refresh);
  const systems = await inParallel(AT_ONCE, SIGN_INS, () => program.token());
  const p95 = (name: string, { each }: { each: number[] }, bar?: { atMost: number }) => ({
    name: `${name}, p95`,
    value: quantile(each, 0.95),
    unit: 'ms',
    ...(bar && { bar }),
  });
  const hash = quantile(hashes.each, 0.5);
  const beside = { each: signIns.each.map((whole) => Math.max(0, whole - hash)) };
  report({
    bench: 'sign-in',
    what: `${SIGN_INS} sign-ins, ${AT_ONCE} at once, each with its line of the audit; the hash alone is taken off at its median`,
    figures: [
      p95('sign-in beside the password hash', beside, { atMost: 150 }),
      p95('sign-in, whole', signIns),
      p95('argon2id alone', hashes),
      p95('an application: authorize, code, token', entries, { atMost: 150 }),
      { name: 'an application: CPU of the program', value: cpu, unit: 'ms' },
      p95('a refresh', refreshed),
      p95('token of a system, its secret hashed', systems),
    ],
  });
} finally {
  await program.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
}
