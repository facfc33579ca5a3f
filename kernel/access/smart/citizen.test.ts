/** Apps of citizens: the own record and those of dependants, nobody else's; and apps by themselves with a narrowed scope. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { citizenCookie } from '../citizen.testing.ts';
import { Browser, pkce } from '../oidc/flow.testing.ts';
import { type AccessWorld, openAccessWorld } from '../testing.ts';
import { CALLBACK, SmartApp } from './app.testing.ts';

let world: AccessWorld;
let app: SmartApp;
let own: string;
let other: string;
let observation: string;

before(async () => {
  world = await openAccessWorld();
  await world.program.house.access.clients.add({
    id: 'diary',
    name: 'Nhật ký sức khỏe',
    scopes: 'openid fhirUser launch/patient offline_access patient/*.rs user/*.rs',
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: [CALLBACK],
  });
  own = (await world.arrive('cs-1')).patient;
  other = (await world.arrive('cs-1')).patient;
  observation = await world.observe(own, {});
  await world.observe(other, {});
  const browser = new Browser(world.program.address);
  const [name = '', value = ''] = (await citizenCookie(world.program, own)).split('=');
  browser.setCookie(name, value);
  app = new SmartApp(world.program.address, browser);
});
after(() => world.stop());

const idsOf = (body: { entry?: { resource: { id: string } }[] }) =>
  (body.entry ?? []).map(({ resource }) => resource.id);

test('a citizen is offered the own record, and no other can be chosen', async () => {
  const ask = { client: 'diary', scope: 'openid fhirUser launch/patient patient/*.rs' };
  const { uid } = await app.authorize(ask);
  const view = (await app.question(uid!)).body;
  assert.deepEqual(
    view.person.choices.map(({ id }: { id: string }) => id),
    [own],
  );
  const foreign = await app.browser.open(`/api/access/interaction/${uid}`, {
    json: { grant: true, patient: other },
  });
  assert.equal(foreign.status, 404);
  const tokens = await app.enter(ask, { patient: own });
  assert.equal(tokens.patient, own);
  assert.deepEqual(idsOf((await app.call(tokens.access_token, 'GET', '/Observation')).body), [observation]);
  assert.equal((await app.call(tokens.access_token, 'GET', `/Patient/${other}`)).status, 404);
});

test('user-level scopes of a citizen reach what the citizen does, and nobody else', async () => {
  const tokens = await app.enter({ client: 'diary', scope: 'user/*.rs' }, {});
  assert.equal(tokens.patient, undefined);
  assert.deepEqual(idsOf((await app.call(tokens.access_token, 'GET', '/Observation')).body), [observation]);
  assert.notEqual((await app.call(tokens.access_token, 'GET', `/Patient/${other}`)).status, 200);
  const launch = await app.browser.open('/api/access/launch', { json: { client: 'diary', patient: own } });
  assert.equal(launch.status, 403, 'apps are launched from a record by staff');
});

test('SMART 2.2, authorize-post: the request may come as a form', async () => {
  const keys = pkce();
  const form = {
    response_type: 'code',
    client_id: 'diary',
    redirect_uri: CALLBACK,
    scope: 'launch/patient patient/*.rs',
    state: 'x',
    aud: app.base,
    code_challenge: keys.challenge,
    code_challenge_method: 'S256',
  };
  const page = await app.browser.open('/oauth2/authorize', {
    form,
    headers: { origin: 'https://app.example' },
  });
  assert.equal(page.status, 303);
  assert.match((await app.browser.follow(page.location!)).at, /^\/dong-y\//);
});

test('a system with a narrowed scope exports, listens to and counts no more than it', async () => {
  const laboratory = { category: [{ coding: [{ code: 'laboratory' }] }] };
  const seen = await world.observe(own, laboratory);
  const token = await world.token('system/Observation.rs?category=laboratory system/Patient.rs');
  assert.deepEqual(idsOf((await app.call(token, 'GET', '/Observation')).body), [seen]);
  assert.equal((await app.call(token, 'GET', '/Observation?_summary=count')).body.total, 1);
  assert.equal((await app.call(token, 'GET', `/Observation/${observation}`)).status, 404);
  const included = await app.call(token, 'GET', `/Patient?_id=${own}&_revinclude=Observation:patient`);
  assert.deepEqual(idsOf(included.body).sort(), [own, seen].sort());
  const later = { prefer: 'respond-async' };
  assert.equal((await app.call(token, 'GET', '/$export?_type=Observation', undefined, later)).status, 403);
  assert.equal((await app.call(token, 'GET', '/Patient?_has:Observation:patient:status=final')).status, 403);
  const wider = await fetch(`${world.program.address}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'patient/*.rs' }),
    headers: {
      authorization: `Basic ${Buffer.from('tester:a%20secret%20of%20the%20tests').toString('base64')}`,
    },
  });
  assert.equal(((await wider.json()) as { error: string }).error, 'invalid_scope', 'a system has no patient');
});
