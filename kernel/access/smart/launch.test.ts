/** SMART App Launch 2.2 over HTTP: discovery, EHR and standalone launch, consent, refresh, introspection, revocation. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { Browser, parametersOf } from '../oidc/flow.testing.ts';
import { type AccessWorld, openAccessWorld, PASSWORD } from '../testing.ts';
import { basic, CALLBACK, SmartApp } from './app.testing.ts';

const SCOPES =
  'openid fhirUser profile offline_access online_access launch launch/patient launch/encounter user/*.cruds patient/*.cruds';
const SECRET = 'secret of the chart';

let world: AccessWorld;
let address: string;
let here: { patient: string; encounter: string };
let other: { patient: string; encounter: string };
let observation: string;

before(async () => {
  world = await openAccessWorld();
  address = world.program.address;
  const { clients, accounts } = world.program.house.access;
  const app = { grants: ['authorization_code', 'refresh_token'] as const, redirectUris: [CALLBACK] };
  await clients.add({
    id: 'chart',
    name: 'Biểu đồ huyết áp',
    scopes: SCOPES,
    ...app,
    grants: [...app.grants],
    launchUrl: 'https://app.example/launch?x=1',
  });
  await clients.add({
    id: 'server',
    name: 'Máy chủ biểu đồ',
    scopes: SCOPES,
    secret: SECRET,
    ...app,
    grants: [...app.grants],
  });
  await accounts.add({
    id: 'an',
    name: 'Bác sĩ An',
    roles: ['doctor'],
    unit: 'cs-1',
    practitioner: 'bs-an',
    password: PASSWORD,
  });
  await accounts.add({
    id: 'binh',
    name: 'Bác sĩ Bình',
    roles: ['doctor'],
    unit: 'cs-1',
    practitioner: null,
    password: PASSWORD,
  });
  here = await world.arrive('cs-1');
  other = await world.arrive('cs-1');
  observation = await world.observe(here.patient, {});
  await world.observe(other.patient, {});
});
after(() => world.stop());

async function appOf(username = 'an'): Promise<SmartApp> {
  const browser = new Browser(address);
  await browser.signIn(username, PASSWORD);
  return new SmartApp(address, browser);
}

async function launch(app: SmartApp, body: object) {
  return app.browser.open('/api/access/launch', { json: body });
}

test('discovery says what is there, for every origin, and every address in it answers', async () => {
  const answer = await fetch(`${address}/fhir/.well-known/smart-configuration`, {
    headers: { accept: 'text/html', origin: 'https://somewhere.example' },
  });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type')!, /^application\/json/);
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  const said = (await answer.json()) as Record<string, string[]> & Record<string, string>;
  assert.deepEqual(said.code_challenge_methods_supported, ['S256']);
  assert.equal(said.issuer, address);
  for (const name of [
    'launch-ehr',
    'launch-standalone',
    'permission-v1',
    'permission-v2',
    'permission-patient',
    'permission-user',
  ])
    assert.ok(said.capabilities!.includes(name), name);
  for (const name of [
    'authorization_endpoint',
    'token_endpoint',
    'introspection_endpoint',
    'revocation_endpoint',
    'jwks_uri',
  ]) {
    assert.ok(said[name]!.startsWith(`${address}/`), name);
    const isPosted = !['authorization_endpoint', 'jwks_uri'].includes(name);
    assert.notEqual((await fetch(said[name]!, { method: isPosted ? 'POST' : 'GET' })).status, 404, name);
  }
  const elsewhere = await world.bare('GET', '/fhir/.well-known/smart-configuration', undefined, {
    'x-forwarded-host': 'evil.example',
  });
  assert.deepEqual(elsewhere.body, said, 'the addresses are the program’s own, whatever a request says');
  const named = await fetch(
    `${address.replace('127.0.0.1', 'localhost')}/fhir/.well-known/smart-configuration`,
  );
  assert.deepEqual(await named.json(), said);
  const metadata = (await world.bare('GET', '/fhir/metadata')).body;
  const uris = metadata.rest[0].security.extension[0].extension as { url: string; valueUri: string }[];
  assert.equal(uris.find(({ url }) => url === 'token')!.valueUri, said.token_endpoint);
});

test('EHR launch: from a visit to a token with its patient and encounter; the handle is good once', async () => {
  const app = await appOf();
  assert.deepEqual((await app.browser.open('/api/access/launch')).body.rows, [
    { id: 'chart', name: 'Biểu đồ huyết áp' },
  ]);
  const { status, body } = await launch(app, { client: 'chart', ...here, intent: 'blood-pressure' });
  assert.equal(status, 200);
  const url = new URL(body.url);
  assert.deepEqual(
    [url.origin + url.pathname, url.searchParams.get('x'), url.searchParams.get('iss')],
    ['https://app.example/launch', '1', app.base],
  );
  const handle = url.searchParams.get('launch')!;
  const ask = { client: 'chart', scope: 'launch openid fhirUser patient/Observation.rs', launch: handle };
  const tokens = await app.enter(ask, {});
  assert.deepEqual(
    [tokens.patient, tokens.encounter, tokens.intent, tokens.need_patient_banner, tokens.scope],
    [here.patient, here.encounter, 'blood-pressure', true, 'launch openid fhirUser patient/Observation.rs'],
  );
  const keys = createRemoteJWKSet(new URL(`${address}/oauth2/jwks`));
  await jwtVerify(tokens.id_token!, keys, { issuer: address, audience: 'chart', algorithms: ['RS256'] });
  assert.equal(decodeJwt(tokens.id_token!).fhirUser, `${address}/fhir/Practitioner/bs-an`);
  const style = await fetch(tokens.smart_style_url!);
  assert.ok(((await style.json()) as { color_text: string }).color_text);
  const found = await app.call(tokens.access_token, 'GET', '/Observation');
  assert.deepEqual(
    found.body.entry.map((one: { resource: { id: string } }) => one.resource.id),
    [observation],
  );
  assert.equal(
    (await app.call(tokens.access_token, 'GET', `/Patient/${here.patient}`)).status,
    403,
    'not granted',
  );

  const again = await app.authorize(ask);
  const refused = await app.question(again.uid!);
  assert.deepEqual([refused.status, refused.body.error.issues[0].expression], [422, 'launch'], 'used');
  const denied = await app.answer(again.uid!, { grant: false });
  assert.equal(parametersOf(denied).get('error'), 'access_denied');
});

test('a launch is bound to the account, the client and some minutes; its patient and visit are checked', async () => {
  const app = await appOf();
  const handle = (await launch(app, { client: 'chart', patient: here.patient })).body.launch as string;
  const stranger = await appOf('binh');
  const taken = await stranger.authorize({ client: 'chart', scope: 'launch patient/*.rs', launch: handle });
  assert.equal((await stranger.question(taken.uid!)).status, 422, 'of another account');
  const elsewhere = await app.authorize({ client: 'server', scope: 'launch patient/*.rs', launch: handle });
  assert.equal((await app.question(elsewhere.uid!)).status, 422, 'of another client');
  const made = await app.authorize({ client: 'chart', scope: 'launch patient/*.rs', launch: 'made-up' });
  assert.equal((await app.question(made.uid!)).status, 422);
  const wrong: [object, number][] = [
    [{ client: 'server', patient: here.patient }, 404],
    [{ client: 'nobody', patient: here.patient }, 404],
    [{ client: 'chart', patient: 'nobody' }, 404],
    [{ client: 'chart', patient: here.patient, encounter: other.encounter }, 400],
    [{ client: 'chart', encounter: here.encounter }, 400],
    [{ patient: here.patient }, 400],
    [{ client: 'chart', patient: 7 }, 400],
  ];
  for (const [body, status] of wrong)
    assert.equal((await launch(app, body)).status, status, JSON.stringify(body));
  const json = { 'content-type': 'application/json' };
  assert.equal((await world.bare('POST', '/api/access/launch', { client: 'chart' }, json)).status, 401);
});

test('standalone launch: staff choose a person whom they may see; the token is of that person alone', async () => {
  const app = await appOf();
  const ask = { client: 'chart', scope: 'launch/patient patient/*.rs offline_access' };
  const { uid } = await app.authorize(ask);
  const view = (await app.question(uid!)).body;
  assert.deepEqual([view.person.needed, view.person.fixed, view.person.choices], [true, null, null]);
  assert.deepEqual(
    view.items.map((one: { kind: string }) => one.kind),
    ['data', 'offline'],
  );
  assert.match(view.items[0].name.vi, /Toàn bộ hồ sơ/);
  const none = await app.browser.open(`/api/access/interaction/${uid}`, { json: { grant: true } });
  assert.deepEqual([none.status, none.body.error.issues[0].expression], [400, 'patient']);
  const unknown = await app.browser.open(`/api/access/interaction/${uid}`, {
    json: { grant: true, patient: 'nobody' },
  });
  assert.equal(unknown.status, 404);
  const tokens = await app.enter(ask, { patient: here.patient });
  assert.equal(tokens.patient, here.patient);
  assert.ok(tokens.refresh_token);
  assert.equal((await app.call(tokens.access_token, 'GET', `/Patient/${here.patient}`)).status, 200);
  assert.equal((await app.call(tokens.access_token, 'GET', `/Patient/${other.patient}`)).status, 404);
});

test('granular consent: a tick less is a scope less, a part of everything is that part; more than asked is refused', async () => {
  const app = await appOf();
  const ask = { client: 'chart', scope: 'launch/patient patient/*.rs patient/Observation.c offline_access' };
  const tokens = await app.enter(ask, {
    patient: here.patient,
    scopes: ['patient/Observation.rs', 'patient/Patient.r'],
  });
  assert.equal(
    tokens.scope.split(' ').sort().join(' '),
    'launch/patient patient/Observation.rs patient/Patient.r',
  );
  assert.equal((await app.call(tokens.access_token, 'GET', `/Encounter/${here.encounter}`)).status, 403);
  assert.equal((await app.call(tokens.access_token, 'GET', `/Observation/${observation}`)).status, 200);
  const { uid } = await app.authorize(ask);
  for (const scope of ['user/*.rs', 'patient/*.cruds', 'patient/Patient.u', 'openid system/*.rs']) {
    const more = await app.browser.open(`/api/access/interaction/${uid}`, {
      json: { grant: true, patient: here.patient, scopes: [scope] },
    });
    assert.deepEqual([more.status, more.body.error.issues[0].expression], [400, 'scopes'], scope);
  }
  const nothing = await app.answer(uid!, { grant: true, patient: here.patient, scopes: [] });
  assert.equal(parametersOf(nothing).get('error'), 'access_denied', 'nothing left is a refusal');
});

test('SMART 2.2: aud must be the FHIR base URL; state comes back; a foreign redirect is never followed', async () => {
  const app = await appOf();
  const ask = { client: 'chart', scope: 'launch/patient patient/*.rs' };
  for (const aud of ['https://evil.example/fhir', address, `${app.base}/x`, '']) {
    const { at } = await app.authorize({ ...ask, aud });
    assert.deepEqual(
      [parametersOf(at).get('error'), parametersOf(at).get('state')],
      ['invalid_request', 'a state'],
      aud,
    );
  }
  const port = new URL(address).port;
  assert.equal(
    parametersOf((await app.authorize({ ...ask, aud: `http://localhost:1${port}/fhir` })).at).get('error'),
    'invalid_request',
  );
  for (const aud of [`${app.base}/`, app.base.replace('127.0.0.1', 'localhost')])
    assert.ok((await app.authorize({ ...ask, aud })).uid, `${aud} is the same address`);
  const { status, location } = await app.authorize({ ...ask, redirect: 'https://evil.example/cb' });
  assert.deepEqual([status, location], [400, null]);
  for (const scope of [
    'launch/patient patient/*.dus',
    'launch/patient patient/Observation.rs?_include=x',
    'launch/patient system/*.rs',
    'nonsense',
  ])
    assert.equal(
      parametersOf((await app.authorize({ ...ask, scope })).at).get('error'),
      'invalid_scope',
      scope,
    );
});

test('refresh keeps person and scopes, may ask for less, never for more', async () => {
  const app = await appOf();
  const first = await app.enter(
    { client: 'server', scope: 'launch/patient patient/*.rs offline_access' },
    { patient: here.patient },
    SECRET,
  );
  const refresh = (token: string, more: object = {}) =>
    app.token('server', { grant_type: 'refresh_token', refresh_token: token, ...more }, SECRET);
  const wider = await refresh(first.refresh_token!, { scope: 'patient/*.cruds offline_access' });
  assert.deepEqual([wider.status, wider.body.error], [400, 'invalid_scope']);
  const second = await refresh(first.refresh_token!);
  assert.deepEqual([second.status, second.body.patient, second.body.scope], [200, here.patient, first.scope]);
  const less = await refresh(String(second.body.refresh_token), { scope: 'patient/Patient.rs' });
  const narrow = less.status === 200 ? String(less.body.access_token) : null;
  if (narrow !== null)
    assert.equal((await app.call(narrow, 'GET', `/Observation/${observation}`)).status, 403);
  else assert.equal(less.body.error, 'invalid_scope');
});

test('online_access ends when the person signs out, offline_access does not', async () => {
  for (const [scope, status] of [
    ['online_access', 400],
    ['offline_access', 200],
  ] as const) {
    const app = await appOf();
    const ask = { client: 'server', scope: `launch/patient patient/*.rs ${scope}` };
    const { refresh_token = '' } = await app.enter(ask, { patient: here.patient }, SECRET);
    await app.browser.open('/api/access/sign-out', { json: {} });
    const after = await app.token('server', { grant_type: 'refresh_token', refresh_token }, SECRET);
    assert.equal(after.status, status, `${scope}: ${JSON.stringify(after.body)}`);
  }
});

test('RFC 7662 with the context of the launch: for the confidential client that has the token, and for nobody who has no secret', async () => {
  const app = await appOf();
  const tokens = await app.enter(
    { client: 'server', scope: 'openid fhirUser launch/patient patient/*.rs' },
    { patient: here.patient },
    SECRET,
  );
  const { introspection_endpoint } = await app.discover();
  const ask = async (token: string, authorization: string) =>
    (await (
      await fetch(introspection_endpoint, {
        method: 'POST',
        body: new URLSearchParams({ token }),
        headers: { authorization },
      })
    ).json()) as Record<string, unknown>;
  const told = await ask(tokens.access_token, basic('server', SECRET));
  assert.deepEqual(
    [told.active, told.client_id, told.patient, told.fhirUser, told.scope, told.iss, told.sub],
    [true, 'server', here.patient, `${address}/fhir/Practitioner/bs-an`, tokens.scope, address, 'an'],
  );
  assert.ok(Number(told.exp) > Date.now() / 1000);
  assert.deepEqual(await ask('made.up.token', basic('server', SECRET)), { active: false });
  assert.equal((await ask(tokens.access_token, basic('server', 'wrong secret'))).active, undefined);
});

test('an application reaches the record only: no account, no audit, no screens in the name of the person', async () => {
  const app = await appOf();
  const { access_token } = await app.enter({ client: 'chart', scope: 'user/*.cruds' }, {});
  assert.equal((await app.call(access_token, 'GET', `/Observation/${observation}`)).status, 200);
  for (const path of [
    '/api/access/me',
    '/api/access/apps',
    '/api/access/audit',
    `/api/record/${here.patient}/timeline`,
    '/api/access/launch',
  ])
    assert.equal(
      (await world.bare('GET', path, undefined, { authorization: `Bearer ${access_token}` })).status,
      403,
      path,
    );
  const change = await world.bare(
    'POST',
    '/api/access/password',
    { old: PASSWORD, password: 'Another 2026 password' },
    { authorization: `Bearer ${access_token}` },
  );
  assert.equal(change.status, 403);
});

test('the person sees what was given and takes it back: tokens end at once', async () => {
  const app = await appOf('binh');
  const tokens = await app.enter(
    { client: 'chart', scope: 'launch/patient patient/Observation.rs offline_access' },
    { patient: here.patient },
  );
  assert.equal((await app.call(tokens.access_token, 'GET', '/Observation')).status, 200);
  const [given] = (await app.browser.open('/api/access/apps')).body.rows;
  assert.deepEqual([given.client, given.offline, given.patient], ['chart', true, here.patient]);
  assert.match(given.items[0].name.vi, /Kết quả đo/);
  assert.ok(Date.parse(given.since) > 0);
  const revoke = (client: string) =>
    fetch(`${address}/api/access/apps/${client}`, {
      method: 'DELETE',
      headers: { cookie: `yba_session=${app.browser.cookie('yba_session')}` },
    });
  assert.equal((await revoke('server')).status, 404);
  assert.equal((await revoke('chart')).status, 204);
  assert.equal((await app.call(tokens.access_token, 'GET', '/Observation')).status, 401);
  const refreshed = await app.token('chart', {
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token!,
  });
  assert.deepEqual([refreshed.status, refreshed.body.error], [400, 'invalid_grant']);
  assert.deepEqual((await app.browser.open('/api/access/apps')).body.rows, []);
});

test('CORS: apps of registered origins call the record with tokens, others do not', async () => {
  const preflight = (origin: string) =>
    fetch(`${address}/fhir/Patient`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    });
  const ours = await preflight('https://app.example');
  assert.deepEqual(
    [
      ours.status,
      ours.headers.get('access-control-allow-origin'),
      ours.headers.get('access-control-allow-credentials'),
    ],
    [204, 'https://app.example', null],
  );
  const theirs = await preflight('https://evil.example');
  assert.equal(theirs.headers.get('access-control-allow-origin'), null);
  const staff = await fetch(`${address}/api/access/me`, { headers: { origin: 'https://app.example' } });
  assert.equal(staff.headers.get('access-control-allow-origin'), null);
});
