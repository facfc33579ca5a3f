/** Sessions, their end, and who is told (OpenID Connect Core, RP-Initiated Logout 1.0, Back-Channel Logout 1.0). */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { type AccessWorld, openAccessWorld, PASSWORD } from '../testing.ts';
import { type Asked, authorizeAddress, Browser, parametersOf, pkce, redeem } from './flow.testing.ts';

const APP: Asked = {
  client_id: 'app',
  redirect_uri: 'https://app.example/cb',
  scope: 'openid profile user/*.rs',
};

let world: AccessWorld;
let address: string;
let told: URLSearchParams[] = [];
let answers: number[] = [];
let listener: Server;

before(async () => {
  listener = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    told.push(new URLSearchParams(Buffer.concat(chunks).toString()));
    response.writeHead(answers.shift() ?? 200).end();
  });
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
  const { port } = listener.address() as AddressInfo;
  world = await openAccessWorld({ peers: [`127.0.0.1:${port}`] });
  address = world.program.address;
  const { clients, accounts } = world.program.house.access;
  await clients.add({
    id: 'app',
    name: 'Ứng dụng',
    scopes: 'openid profile offline_access user/*.rs',
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: ['https://app.example/cb'],
    logoutRedirectUris: ['https://app.example/bye'],
    backchannelLogout: `http://127.0.0.1:${port}/logout`,
    trusted: true,
  });
  for (const id of ['an', 'binh'])
    await accounts.add({
      id,
      name: `Bác sĩ ${id}`,
      roles: ['doctor'],
      unit: 'cs-1',
      practitioner: null,
      password: PASSWORD,
    });
});
after(async () => {
  await world.stop();
  listener.close();
  listener.closeAllConnections();
});
beforeEach(async () => {
  await tend();
  told = [];
  answers = [];
});

async function enter(browser: Browser, more: Record<string, string> = {}) {
  const keys = pkce();
  const { at } = await browser.follow(authorizeAddress({ ...APP, ...more }, keys));
  const code = parametersOf(at).get('code');
  assert.ok(code, at);
  return (await redeem(address, code, APP, keys)).body;
}

async function signedIn(id = 'an'): Promise<Browser> {
  const browser = new Browser(address);
  await browser.signIn(id, PASSWORD);
  return browser;
}

const tend = () => world.program.house.access.oidc.tend();
const reads = async (token: string) =>
  (await world.bare('GET', '/fhir/Organization/cs-1', undefined, { authorization: `Bearer ${token}` }))
    .status;
const refresh = (refresh_token: string) =>
  new Browser(address).open('/oauth2/token', {
    form: { grant_type: 'refresh_token', refresh_token, client_id: 'app' },
    headers: { accept: 'application/json' },
  });

test('signing out here ends the tokens of applications and tells them, by a signed logout token', async () => {
  const browser = await signedIn();
  const tokens = await enter(browser);
  assert.equal((await browser.open('/api/access/sign-out', { json: {} })).status, 204);
  assert.equal(
    (await refresh(tokens.refresh_token)).body.error,
    'invalid_grant',
    'at once, before anything is swept',
  );
  assert.equal(await reads(tokens.access_token), 401);
  await tend();
  assert.equal(told.length, 1);
  const { payload, protectedHeader } = await jwtVerify(
    told[0]!.get('logout_token')!,
    createRemoteJWKSet(new URL(`${address}/oauth2/jwks`)),
    { issuer: address, audience: 'app', typ: 'logout+jwt', algorithms: ['RS256'] },
  );
  assert.equal(protectedHeader.alg, 'RS256', 'as the ID tokens');
  assert.equal(payload.sub, 'an');
  assert.equal(payload.sid, decodeJwt(tokens.id_token).sid);
  assert.deepEqual(payload.events, { 'http://schemas.openid.net/event/backchannel-logout': {} });
  assert.ok(payload.exp! - payload.iat! <= 120 && payload.jti && !('nonce' in payload));
  await tend();
  assert.equal(told.length, 1, 'told once');
});

test('a token that was used a moment ago ends within ten seconds of the session', async () => {
  world.setNow(new Date().toISOString());
  const browser = await signedIn();
  const { access_token } = await enter(browser);
  assert.equal(await reads(access_token), 200);
  await world.program.house.access.accounts.setActive('an', false);
  world.setNow(new Date(world.now().getTime() + 10_000).toISOString());
  assert.equal(await reads(access_token), 401);
  await world.program.house.access.accounts.setActive('an', true);
});

test('a client that does not answer is told again, also by a program that was started since', async () => {
  const { pool } = world.program.kernel;
  answers = [500];
  const browser = await signedIn();
  await enter(browser);
  await browser.open('/api/access/sign-out', { json: {} });
  await tend();
  const { rows } = await pool.query('select tries, last_error, next_at from access.logout_notice');
  assert.deepEqual([rows.length, rows[0].tries, rows[0].last_error], [1, 1, 'status 500']);
  await tend();
  assert.equal(told.length, 1, 'not before its time');
  world.setNow(new Date(rows[0].next_at.getTime() + 1).toISOString());
  await tend();
  assert.equal(told.length, 2);
  assert.notEqual(told[0]!.get('logout_token'), told[1]!.get('logout_token'));
  assert.equal((await pool.query('select 1 from access.logout_notice')).rows.length, 0);
});

test('a person leaves through an application: asked, signed out here too, and back at a registered address only', async () => {
  const browser = await signedIn();
  const { id_token } = await enter(browser);
  const query = { id_token_hint: id_token, post_logout_redirect_uri: 'https://app.example/bye', state: 's1' };
  const asked = await browser.open(`/oauth2/logout?${new URLSearchParams(query)}`);
  assert.equal(asked.status, 200);
  assert.match(asked.text, /Đăng xuất/);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked.text)![1]!;
  assert.equal(
    (await browser.open('/oauth2/logout/confirm', { form: { xsrf: 'x', logout: 'yes' } })).status,
    400,
  );
  const done = await browser.open('/oauth2/logout/confirm', { form: { xsrf, logout: 'yes' } });
  assert.deepEqual([done.status, done.location], [303, 'https://app.example/bye?state=s1']);
  assert.equal((await browser.open('/api/access/me')).status, 401);
  const foreign = { ...query, post_logout_redirect_uri: 'https://evil.example/' };
  assert.equal((await browser.open(`/oauth2/logout?${new URLSearchParams(foreign)}`)).status, 400);
});

test('prompt=none: a code with a session, login_required without one, and no page either way', async () => {
  const none = authorizeAddress({ ...APP, prompt: 'none' }, pkce());
  assert.equal(parametersOf((await new Browser(address).follow(none)).at).get('error'), 'login_required');
  const browser = await signedIn();
  await enter(browser);
  assert.ok(parametersOf((await browser.follow(none)).at).get('code'));
  await browser.open('/api/access/sign-out', { json: {} });
  assert.equal(parametersOf((await browser.follow(none)).at).get('error'), 'login_required');
});

test('a session that waits for its password lets nobody into an application', async () => {
  world.setNow('2026-11-22T08:00:00+07:00');
  const browser = await signedIn('binh');
  const tokens = await enter(browser);
  world.setNow('2026-11-22T08:20:00+07:00');
  const silent = await browser.follow(authorizeAddress({ ...APP, prompt: 'none' }, pkce()));
  assert.equal(parametersOf(silent.at).get('error'), 'login_required');
  const { at } = await browser.follow(authorizeAddress(APP, pkce()));
  assert.match(at, /^\/dang-nhap\?next=/);
  await browser.signIn('binh', PASSWORD);
  await tend();
  assert.equal(
    (await refresh(tokens.refresh_token)).status,
    200,
    'the pause is over, and nobody was logged out',
  );
  assert.equal(told.length, 0);
});

test('prompt=login and max_age ask for a new proof; acr_values for a stronger one', async () => {
  world.setNow(new Date(Date.now() - 3_600_000).toISOString());
  const browser = await signedIn();
  world.setNow(new Date(Date.now() - 3_000_000).toISOString());
  const asks: Record<string, string>[] = [{ prompt: 'login' }, { max_age: '60' }];
  for (const more of asks) {
    const { at } = await browser.follow(authorizeAddress({ ...APP, ...more }, pkce()));
    assert.match(at, /^\/dang-nhap\?.*lai=1/, JSON.stringify(more));
  }
  const stronger = await browser.follow(
    authorizeAddress({ ...APP, acr_values: 'urn:yba:acr:two-factors' }, pkce()),
  );
  assert.match(stronger.at, /^\/dang-nhap\?.*acr=urn/);
  world.setNow(new Date(Date.now() + 1000).toISOString());
  await browser.signIn('an', PASSWORD);
  assert.ok((await enter(browser, { prompt: 'login' })).id_token);
});

test('another person in the same browser gets a session of their own; the first one has left', async () => {
  const browser = await signedIn('an');
  const first = await enter(browser);
  await browser.signIn('binh', PASSWORD);
  const second = await enter(browser);
  assert.equal(decodeJwt(second.id_token).sub, 'binh');
  assert.equal(await reads(first.access_token), 401);
  assert.equal(await reads(second.access_token), 200);
});

test('session fixation: a cookie planted before sign-in is not the session afterwards', async () => {
  const attacker = new Browser(address);
  await attacker.follow(authorizeAddress(APP, pkce()));
  const planted = attacker.cookie('yba_oidc');
  const victim = await signedIn();
  if (planted !== undefined) victim.setCookie('yba_oidc', planted, '/oauth2');
  await enter(victim);
  assert.notEqual(victim.cookie('yba_oidc'), planted);
  const { at } = await attacker.follow(authorizeAddress({ ...APP, prompt: 'none' }, pkce()));
  assert.equal(parametersOf(at).get('error'), 'login_required');
});

test("an interaction is finished by the browser that began it: a victim who follows an attacker's link signs nobody in", async () => {
  const attacker = new Browser(address);
  const { at } = await attacker.follow(authorizeAddress(APP, pkce()));
  const next = new URL(at, address).searchParams.get('next')!;
  const victim = await signedIn();
  assert.equal((await victim.open(next)).status, 400);
  const after = await attacker.follow(next);
  assert.match(after.at, /^\/dang-nhap/);
});

test('offline access outlives the session, but not the account', async () => {
  const browser = await signedIn('binh');
  const { refresh_token } = await enter(browser, { scope: 'openid offline_access user/*.rs' });
  await browser.open('/api/access/sign-out', { json: {} });
  await tend();
  const renewed = await refresh(refresh_token);
  assert.equal(renewed.status, 200, renewed.text);
  await world.program.house.access.accounts.setActive('binh', false);
  assert.equal((await refresh(renewed.body.refresh_token)).body.error, 'invalid_grant');
  await world.program.house.access.accounts.setActive('binh', true);
});

test('revocation and introspection: a token taken back is over, a stranger learns nothing, a resource server all', async () => {
  const { clients } = world.program.house.access;
  await clients.add({
    id: 'rs',
    name: 'Máy chủ',
    secret: 'secret of the server',
    scopes: 'system/*.rs',
    introspects: true,
  });
  await clients.add({ id: 'other', name: 'Khác', secret: 'secret of other', scopes: 'system/*.rs' });
  const post = (path: string, form: Record<string, string>) =>
    new Browser(address).open(path, { form, headers: { accept: 'application/json' } });
  const rs = { client_id: 'rs', client_secret: 'secret of the server' };
  const other = { client_id: 'other', client_secret: 'secret of other' };
  const { access_token, refresh_token } = await enter(await signedIn());
  const { body } = await post('/oauth2/introspect', { token: access_token, ...rs });
  assert.deepEqual(
    [body.active, body.sub, body.client_id, body.aud, body.iss, body.token_type],
    [true, 'an', 'app', 'urn:yba:fhir', address, 'Bearer'],
  );
  assert.deepEqual((await post('/oauth2/introspect', { token: access_token, ...other })).body, {
    active: false,
  });
  assert.equal((await post('/oauth2/introspect', { token: access_token })).status, 400);
  for (const token of [
    'nonsense',
    'a.b.c',
    `verified:${decodeJwt(access_token).jti}`,
    `${decodeJwt(access_token).jti}`,
  ])
    assert.deepEqual((await post('/oauth2/introspect', { token, ...rs })).body, { active: false });
  const taken = await post('/oauth2/revoke', { token: access_token, ...other });
  assert.equal(taken.status, 400, "another's token");
  assert.equal(await reads(access_token), 200);
  assert.equal((await post('/oauth2/revoke', { token: refresh_token, client_id: 'app' })).status, 200);
  assert.equal((await refresh(refresh_token)).body.error, 'invalid_grant');
  assert.equal((await post('/oauth2/introspect', { token: access_token, ...rs })).body.active, false);
  const again = await enter(await signedIn());
  assert.equal((await post('/oauth2/revoke', { token: again.access_token, client_id: 'app' })).status, 200);
  assert.equal(await reads(again.access_token), 401);
  assert.equal(
    (await post('/oauth2/revoke', { token: 'nonsense', client_id: 'app' })).status,
    200,
    'RFC 7009 section 2.2',
  );
});
