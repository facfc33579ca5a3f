/** Kiosks and boards (RFC 8628): a device shows a code, a person types it elsewhere. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeJwt } from 'jose';
import { type AccessWorld, openAccessWorld, PASSWORD } from '../testing.ts';
import { Browser } from './flow.testing.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

let world: AccessWorld;
let address: string;

before(async () => {
  world = await openAccessWorld();
  address = world.program.address;
  const { clients, accounts } = world.program.house.access;
  for (const id of ['board', 'board-2'])
    await clients.add({
      id,
      name: 'Bảng gọi số <b>',
      scopes: 'openid offline_access user/*.rs',
      grants: [GRANT, 'refresh_token'],
      trusted: true,
    });
  await accounts.add({
    id: 'an',
    name: 'Điều dưỡng An',
    roles: ['nurse'],
    unit: 'cs-1',
    practitioner: null,
    password: PASSWORD,
  });
});
after(() => world.stop());

const post = (path: string, form: Record<string, string>) =>
  new Browser(address).open(path, { form, headers: { accept: 'application/json' } });
const start = async () => {
  const { status, body } = await post('/oauth2/device/authorize', {
    client_id: 'board',
    scope: 'openid offline_access user/*.rs',
  });
  assert.equal(status, 200, JSON.stringify(body));
  return body as { device_code: string; user_code: string; verification_uri: string; expires_in: number };
};
const poll = (device_code: string, client_id = 'board') =>
  post('/oauth2/token', { grant_type: GRANT, device_code, client_id });

const xsrfOf = (text: string) => /name="xsrf" value="([^"]+)"/.exec(text)![1]!;

async function type(browser: Browser, user_code: string, more: Record<string, string> = { confirm: 'yes' }) {
  const entry = await browser.open('/oauth2/device');
  const form = { xsrf: xsrfOf(entry.text), user_code, ...more };
  const page = await browser.open('/oauth2/device', { form });
  return page.location === null ? { ...page, at: '/oauth2/device' } : browser.follow(page.location);
}

async function signedIn(): Promise<Browser> {
  const browser = new Browser(address);
  await browser.signIn('an', PASSWORD);
  return browser;
}

test('a person types the code of a device, sees what is let in, and the device gets tokens once', async () => {
  const { device_code, user_code, verification_uri, expires_in } = await start();
  assert.equal(verification_uri, `${address}/oauth2/device`);
  assert.match(user_code, /^[A-Z]{4}-[A-Z]{4}$/);
  assert.equal(expires_in, 600);
  assert.equal((await poll(device_code)).body.error, 'authorization_pending');
  const browser = await signedIn();
  const entry = await browser.open('/oauth2/device');
  assert.match(entry.text, /Nhập mã/);
  assert.match(entry.headers.get('content-security-policy')!, /script-src 'self'/);
  const question = await type(browser, user_code.toLowerCase().replace('-', ' '), {});
  assert.match(question.text, /Cho thiết bị này vào\?/);
  assert.ok(question.text.includes(user_code) && !question.text.includes('<b>'), 'names are escaped');
  assert.equal((await poll(device_code)).body.error, 'authorization_pending', 'not before it is confirmed');
  assert.match((await type(browser, user_code)).text, /Đã xong/);
  assert.equal((await poll(device_code, 'board-2')).body.error, 'invalid_grant');
  const { status, body } = await poll(device_code);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(decodeJwt(body.access_token).sub, 'an');
  const authorization = `Bearer ${body.access_token}`;
  assert.equal(
    (await world.bare('GET', '/fhir/Organization/cs-1', undefined, { authorization })).status,
    200,
  );
  await browser.open('/api/access/sign-out', { json: {} });
  const renewed = await post('/oauth2/token', {
    grant_type: 'refresh_token',
    refresh_token: body.refresh_token,
    client_id: 'board',
  });
  assert.equal(renewed.status, 200, 'the board goes on when the person has left');
  assert.equal((await poll(device_code)).body.error, 'invalid_grant');
  const after = await post('/oauth2/token', {
    grant_type: 'refresh_token',
    refresh_token: renewed.body.refresh_token,
    client_id: 'board',
  });
  assert.equal(after.body.error, 'invalid_grant', 'a code that is used twice ends what it gave');
});

test('nobody signed in: sign-in first, then on', async () => {
  const { device_code, user_code } = await start();
  const browser = new Browser(address);
  const { at } = await type(browser, user_code);
  const next = new URL(at, address).searchParams.get('next')!;
  await browser.signIn('an', PASSWORD);
  assert.match((await browser.follow(next)).text, /Đã xong/);
  assert.equal((await poll(device_code)).status, 200);
});

test('a person who says no: the device is told', async () => {
  const { device_code, user_code } = await start();
  assert.match((await type(await signedIn(), user_code, { abort: 'yes' })).text, /Đã từ chối/);
  assert.equal((await poll(device_code)).body.error, 'access_denied');
});

test('wrong codes, codes of others and forms of other pages let nobody in', async () => {
  const { device_code, user_code } = await start();
  const browser = await signedIn();
  assert.match((await type(browser, 'AAAA-BBBB')).text, /Không có mã này/);
  assert.match((await type(browser, '')).text, /Hãy nhập mã/);
  const forged = await browser.open('/oauth2/device', { form: { xsrf: 'x', user_code, confirm: 'yes' } });
  assert.doesNotMatch(forged.text, /Đã xong/);
  assert.equal((await poll(device_code)).body.error, 'authorization_pending');
  for (const code of ['nonsense', `#${'A'.repeat(43)}`, '#', '\u0000'])
    assert.equal((await poll(code)).body.error, 'invalid_grant', code);
});

test('the table alone gives no device its tokens: what it holds is no code', async () => {
  const { device_code, user_code } = await start();
  const { rows } = await world.program.kernel.pool.query(
    `select id, payload::text as payload from access.oidc_artifact where model in ('DeviceCode', 'Interaction')`,
  );
  assert.ok(rows.every(({ payload }) => !payload.includes(device_code)));
  assert.match((await type(await signedIn(), user_code)).text, /Đã xong/);
  for (const { id } of rows)
    assert.equal((await poll(`#${id.toString('base64url')}`)).body.error, 'invalid_grant');
});

test('guessing codes is throttled by address', async () => {
  const browser = await signedIn();
  const statuses: number[] = [];
  for (let n = 0; n < 25; n += 1) statuses.push((await type(browser, 'CCCC-DDDD')).status);
  assert.equal(statuses.at(-1), 429);
});
