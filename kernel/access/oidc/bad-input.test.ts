/** Whatever is sent below /oauth2, no answer is a 5xx, and none is a stack. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CLIENT, type FhirWorld, openFhirWorld } from '../../fhir/testing.ts';
import { ENDPOINTS } from './endpoints.ts';

let world: FhirWorld;
const defects: unknown[] = [];
before(async () => {
  world = await openFhirWorld({}, { log: (_sentence, error) => void defects.push(error) });
  await world.program.house.access.clients.add({
    id: 'app',
    name: 'Ứng dụng',
    scopes: 'openid user/*.rs',
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: ['https://app.example/cb'],
    trusted: true,
  });
});
after(() => world.stop());

const VALUES = [
  '',
  '\u0000',
  'a\u0000b',
  'x'.repeat(20_000),
  '{}',
  '[]',
  '"',
  "' or 1=1 --",
  '%',
  '../..',
  '\ud800',
  'á',
  '-1',
  '1e999',
  '<script>',
];
const NAMES = [
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'prompt',
  'max_age',
  'acr_values',
  'login_hint',
  'code_challenge',
  'resource',
  'request_uri',
  'request',
  'claims',
  'id_token_hint',
  'code',
  'refresh_token',
  'device_code',
  'token',
  'user_code',
  'xsrf',
  'client_assertion',
  'grant_type',
];
const BASE: Record<string, string> = {
  client_id: 'app',
  response_type: 'code',
  redirect_uri: 'https://app.example/cb',
  scope: 'openid',
  code_challenge: 'A'.repeat(43),
  code_challenge_method: 'S256',
  grant_type: 'authorization_code',
};

test('every parameter of every endpoint takes any text', async () => {
  const paths = Object.values(ENDPOINTS);
  let asked = 0;
  for (const name of NAMES)
    for (const value of VALUES) {
      const path = paths[asked++ % paths.length]!;
      const query = new URLSearchParams({ ...BASE, [name]: value });
      const auth: Record<string, string> =
        asked % 2 === 0
          ? { authorization: `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}` }
          : {};
      const get =
        value.length > 10_000
          ? null
          : await fetch(`${world.program.address}${path}?${query}`, { redirect: 'manual' });
      const post = await fetch(`${world.program.address}${path}`, {
        method: 'POST',
        body: query,
        redirect: 'manual',
        headers: auth,
      });
      const authorize =
        value.length > 10_000
          ? null
          : await fetch(`${world.program.address}/oauth2/authorize?${query}`, { redirect: 'manual' });
      for (const answer of [get, post, authorize]) {
        if (answer === null) continue;
        const text = await answer.text();
        assert.ok(
          answer.status < 500,
          `${answer.status} ${path} ${name}=${value.slice(0, 20)} ${text.slice(0, 300)}`,
        );
        assert.doesNotMatch(text, /node_modules|at \w+ \(/);
      }
    }
  assert.deepEqual(defects, []);
});

test('bodies, headers and methods that are none', async () => {
  for (const path of Object.values(ENDPOINTS))
    for (const [method, headers, body] of [
      ['POST', { 'content-type': 'application/json' }, '{"grant_type":"client_credentials"}'],
      ['POST', { 'content-type': 'application/x-www-form-urlencoded' }, `a=${'b'.repeat(100_000)}`],
      [
        'POST',
        { 'content-type': 'application/x-www-form-urlencoded' },
        '%E0%A4%A=%&&==&grant_type=a&grant_type=b',
      ],
      ['POST', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--'],
      ['POST', { authorization: 'Basic !!!' }, ''],
      ['POST', { authorization: 'Basic ' }, ''],
      ['POST', { authorization: 'Bearer a.b.c' }, ''],
      ['GET', { cookie: 'yba_oidc=%00; yba_session=x; yba_interaction=..' }, null],
      ['PUT', {}, ''],
      ['DELETE', {}, null],
      ['OPTIONS', { origin: 'https://evil.example', 'access-control-request-method': 'POST' }, null],
    ] as [string, Record<string, string>, string | null][]) {
      const answer = await fetch(`${world.program.address}${path}`, {
        method,
        headers,
        body,
        redirect: 'manual',
      });
      assert.ok(answer.status < 500, `${answer.status} ${method} ${path} ${JSON.stringify(headers)}`);
      await answer.arrayBuffer();
    }
  for (const uid of ['x', '..', '%00', 'a'.repeat(64), '%ff'])
    for (const path of [
      `/oauth2/interaction/${uid}`,
      `/oauth2/authorize/${uid}`,
      `/oauth2/device/${uid}`,
      `/oauth2/${uid}`,
    ]) {
      const answer = await fetch(`${world.program.address}${path}`, { redirect: 'manual' });
      assert.ok(answer.status < 500, `${answer.status} ${path}`);
      await answer.arrayBuffer();
    }
  assert.deepEqual(defects, []);
});

test('programs are told in JSON, whatever they say that they accept; tokens are kept by no cache', async () => {
  for (const path of [
    ENDPOINTS.token,
    ENDPOINTS.introspection,
    ENDPOINTS.revocation,
    ENDPOINTS.pushed_authorization_request,
    ENDPOINTS.device_authorization,
  ]) {
    const answer = await fetch(`${world.program.address}${path}`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'nobody' }),
      headers: { accept: 'text/html,application/json;q=0.9' },
    });
    assert.match(answer.headers.get('content-type')!, /^application\/json/, path);
    assert.equal(((await answer.json()) as { error: string }).error, 'invalid_client', path);
  }
  const given = await fetch(`${world.program.address}${ENDPOINTS.token}`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
    }),
  });
  assert.equal(given.status, 200);
  assert.equal(given.headers.get('cache-control'), 'no-store');
  assert.equal(given.headers.get('pragma'), 'no-cache');
});
