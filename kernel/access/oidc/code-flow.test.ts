/** Authorization code with PKCE (RFC 6749 section 4.1, RFC 7636, RFC 9207, RFC 9700), over HTTP, as an application and as an attacker. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { type AccessWorld, openAccessWorld, PASSWORD } from '../testing.ts';
import { type Asked, authorizeAddress, Browser, parametersOf, pkce, redeem } from './flow.testing.ts';

const CALLBACK = 'https://app.example/cb';
const APP: Asked = { client_id: 'app', redirect_uri: CALLBACK, scope: 'openid profile user/*.rs' };

let world: AccessWorld;
let address: string;

before(async () => {
  world = await openAccessWorld();
  address = world.program.address;
  const { clients, accounts } = world.program.house.access;
  await clients.add({
    id: 'app',
    name: 'Ứng dụng nhà',
    scopes: 'openid profile fhirUser offline_access user/*.rs',
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: [CALLBACK, 'https://app.example/cb2'],
    trusted: true,
  });
  await clients.add({
    id: 'web',
    name: 'Máy chủ đối tác',
    secret: 'secret of the partner',
    scopes: 'openid user/Patient.rs',
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: ['https://partner.example/cb'],
  });
  await accounts.add({
    id: 'an',
    name: 'Bác sĩ An',
    roles: ['doctor'],
    unit: 'cs-1',
    practitioner: 'bs-an',
    password: PASSWORD,
  });
});
after(() => world.stop());

async function signedIn(): Promise<Browser> {
  const browser = new Browser(address);
  await browser.signIn('an', PASSWORD);
  return browser;
}

async function codeOf(browser: Browser, asked: Asked = APP, keys = pkce()) {
  const { at } = await browser.follow(authorizeAddress(asked, keys));
  const code = parametersOf(at).get('code');
  assert.ok(code, at);
  return { code, keys, at };
}

test('a signed-in person comes back with a code, and the code gives tokens that read the record as that person', async () => {
  const { code, keys, at } = await codeOf(await signedIn());
  assert.equal(at.split('?')[0], CALLBACK);
  assert.equal(parametersOf(at).get('state'), 'trạng thái');
  assert.equal(parametersOf(at).get('iss'), address, 'RFC 9207');
  const { status, body, headers } = await redeem(address, code, APP, keys);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.deepEqual([body.token_type, body.expires_in], ['Bearer', 600]);
  const token = decodeJwt(body.access_token);
  assert.deepEqual(
    [token.iss, token.aud, token.sub, token.client_id],
    [address, 'urn:yba:fhir', 'an', 'app'],
  );
  assert.equal(decodeProtectedHeader(body.access_token).typ, 'at+jwt', 'RFC 9068');
  const id = decodeJwt(body.id_token);
  assert.deepEqual([id.iss, id.aud, id.sub], [address, 'app', 'an']);
  assert.deepEqual([id.acr, id.amr], ['urn:yba:acr:one-factor', ['pwd']]);
  assert.ok(typeof id.auth_time === 'number');
  const authorization = `Bearer ${body.access_token}`;
  assert.equal(
    (await world.bare('GET', '/fhir/Organization/cs-1', undefined, { authorization })).status,
    200,
  );
  const write = await world.bare('POST', '/fhir/Patient', { resourceType: 'Patient' }, { authorization });
  assert.equal(write.status, 403, 'the scope is for reading');
  const info = await world.bare('GET', '/oauth2/userinfo', undefined, { authorization });
  assert.deepEqual(info.body, { sub: 'an', name: 'Bác sĩ An', preferred_username: 'an' });
});

test('nobody signed in: the screen of sign-in with a local way back, and on from there', async () => {
  const browser = new Browser(address);
  const keys = pkce();
  const { at } = await browser.follow(authorizeAddress({ ...APP, login_hint: 'an' }, keys));
  const screen = new URL(at, address);
  assert.equal(screen.pathname, '/dang-nhap');
  assert.match(screen.searchParams.get('next')!, /^\/oauth2\/interaction\/[\w-]+$/);
  assert.equal(screen.searchParams.get('username'), 'an');
  await browser.signIn('an', PASSWORD);
  const back = await browser.follow(screen.searchParams.get('next')!);
  assert.ok(parametersOf(back.at).get('code'));
});

test('PKCE: none, plain and a short challenge are refused; a wrong or missing verifier ends nothing but gives nothing', async () => {
  const browser = await signedIn();
  const refused: [Record<string, string>, string][] = [
    [{ code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge_method: '' }, 'invalid_request'],
    [{ code_challenge: 'short' }, 'invalid_request'],
  ];
  for (const [more, error] of refused) {
    const { at } = await browser.follow(authorizeAddress({ ...APP, ...more }, pkce()));
    const answer = parametersOf(at);
    assert.deepEqual(
      [answer.get('error'), answer.get('code'), answer.get('iss')],
      [error, null, address],
      at,
    );
  }
  const { code, keys } = await codeOf(browser);
  for (const verifier of ['', 'x'.repeat(43), pkce().verifier]) {
    const { status, body } = await redeem(address, code, APP, keys, { code_verifier: verifier });
    assert.deepEqual([status, body.access_token], [400, undefined], verifier);
  }
});

test('a redirect URI is compared as it stands: anything else is an error page here, never a redirect', async () => {
  const browser = await signedIn();
  for (const redirect_uri of [
    'https://app.example/cb/',
    'https://app.example/cb?x=1',
    'https://app.example/CB',
    'https://app.example.evil.example/cb',
    'https://app.example/cb/../evil',
    'http://app.example/cb',
    'https://evil.example/cb',
    'javascript:alert(1)',
    '',
  ]) {
    const { status, location, text } = await browser.open(authorizeAddress({ ...APP, redirect_uri }, pkce()));
    assert.deepEqual([status, location], [400, null], redirect_uri);
    assert.match(text, /Không đăng nhập được/);
    assert.doesNotMatch(text, /<script/);
  }
  const { code, keys } = await codeOf(browser);
  const other = { ...APP, redirect_uri: 'https://app.example/cb2' };
  assert.equal((await redeem(address, code, other, keys)).body.error, 'invalid_grant');
  assert.equal((await redeem(address, code, { ...APP, redirect_uri: '' }, keys)).status, 400);
});

test('a code counts once: the second use ends the grant, and the tokens of the first with it', async () => {
  const { code, keys } = await codeOf(await signedIn());
  const first = (await redeem(address, code, APP, keys)).body;
  const second = await redeem(address, code, APP, keys);
  assert.deepEqual([second.status, second.body.error], [400, 'invalid_grant']);
  const authorization = `Bearer ${first.access_token}`;
  assert.equal(
    (await world.bare('GET', '/fhir/Organization/cs-1', undefined, { authorization })).status,
    401,
  );
  assert.equal((await refresh(first.refresh_token)).body.error, 'invalid_grant');
});

test('of many requests at once with one code at most one gets tokens, and these are worth nothing afterwards', async () => {
  const { code, keys } = await codeOf(await signedIn());
  const answers = await Promise.all(Array.from({ length: 6 }, () => redeem(address, code, APP, keys)));
  const given = answers.filter(({ status }) => status === 200);
  assert.ok(given.length <= 1, `${given.length} answers with tokens`);
  for (const { status, body } of answers)
    if (status !== 200) assert.deepEqual([status, body.error], [400, 'invalid_grant']);
  for (const { body } of given) {
    const authorization = `Bearer ${body.access_token}`;
    const { status } = await world.bare('GET', '/fhir/Organization/cs-1', undefined, { authorization });
    assert.equal(status, 401);
  }
});

test("another client cannot redeem a code, nor refresh another's token", async () => {
  const { code, keys } = await codeOf(await signedIn());
  const web = { client_id: 'web', client_secret: 'secret of the partner' };
  const stolen = await redeem(address, code, { ...APP, client_id: '' }, keys, web);
  assert.equal(stolen.body.error, 'invalid_grant');
  const { refresh_token } = (await redeem(address, code, APP, keys)).body;
  assert.equal((await refresh(refresh_token, web)).body.error, 'invalid_grant');
  assert.equal(
    (await redeem(address, code, { ...APP, client_id: 'web' }, keys)).body.error,
    'invalid_client',
  );
});

test('refresh tokens rotate; a used one ends the whole grant, the new one and the access tokens included', async () => {
  const { code, keys } = await codeOf(await signedIn());
  const first = (await redeem(address, code, APP, keys)).body;
  const second = await refresh(first.refresh_token);
  assert.equal(second.status, 200, JSON.stringify(second.body));
  assert.notEqual(second.body.refresh_token, first.refresh_token);
  const wider = await refresh(second.body.refresh_token, { client_id: 'app', scope: 'openid user/*.cruds' });
  assert.equal(wider.body.error, 'invalid_scope');
  const third = await refresh(second.body.refresh_token, { client_id: 'app', scope: 'user/Patient.r' });
  assert.equal(third.status, 400, 'RFC 6749 section 6: nothing that was not granted in these words');
  const reuse = await refresh(first.refresh_token);
  assert.equal(reuse.body.error, 'invalid_grant');
  assert.equal((await refresh(second.body.refresh_token)).body.error, 'invalid_grant');
  const authorization = `Bearer ${second.body.access_token}`;
  assert.equal(
    (await world.bare('GET', '/fhir/Organization/cs-1', undefined, { authorization })).status,
    401,
  );
});

test('scopes beyond the registration, response types and grants that are not carried out are refused', async () => {
  const browser = await signedIn();
  const refused: [Record<string, string>, string][] = [
    [{ scope: 'openid user/*.cruds' }, 'invalid_scope'],
    [{ scope: 'openid system/*.cruds' }, 'invalid_scope'],
    [{ scope: 'openid nonsense' }, 'invalid_scope'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ response_type: 'code id_token' }, 'unsupported_response_type'],
    [{ response_type: 'id_token' }, 'unsupported_response_type'],
    [{ resource: 'https://other.example' }, 'invalid_target'],
    [{ request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
    [{ prompt: 'none login' }, 'invalid_request'],
  ];
  for (const [more, error] of refused) {
    const { at } = await browser.follow(authorizeAddress({ ...APP, ...more }, pkce()));
    assert.match(at, new RegExp(`[?#&]error=${error}`), JSON.stringify(more));
  }
  for (const grant_type of ['password', 'implicit', 'urn:ietf:params:oauth:grant-type:token-exchange', '']) {
    const { status, body } = await new Browser(address).open('/oauth2/token', {
      form: { grant_type, client_id: 'app', username: 'an', password: PASSWORD },
      headers: { accept: 'application/json' },
    });
    assert.equal(status, 400, grant_type);
    assert.match(body.error, /unsupported_grant_type|invalid_request/);
  }
});

async function refresh(refresh_token: string, more: Record<string, string> = { client_id: 'app' }) {
  return new Browser(address).open('/oauth2/token', {
    form: { grant_type: 'refresh_token', refresh_token, ...more },
    headers: { accept: 'application/json' },
  });
}
