/** The purpose of use of tokens, and emergencies through applications: within what is registered, and in the audit. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeJwt } from 'jose';
import { Browser } from '../oidc/flow.testing.ts';
import { type AccessWorld, openAccessWorld, PASSWORD } from '../testing.ts';
import { basic, CALLBACK, SmartApp } from './app.testing.ts';

const SCOPES = 'openid offline_access launch/patient patient/*.rs user/*.rs';
const REASON = encodeURIComponent('unconscious; Cấp cứu, bệnh nhân hôn mê, không có người nhà');
const GLASS = { 'x-break-glass': REASON };

let world: AccessWorld;
before(async () => {
  world = await openAccessWorld();
  const { clients, accounts } = world.program.house.access;
  const app = (id: string, purposes: string[]) =>
    clients.add({
      id,
      name: id,
      scopes: SCOPES,
      purposes,
      grants: ['authorization_code', 'refresh_token'],
      redirectUris: [CALLBACK],
    });
  await app('plain', []);
  await app('urgent', ['TREAT', 'HPAYMT', 'PUBHLTH', 'BTG']);
  const system = { name: 'a system', scopes: 'system/*.rs', secret: 'secret of it', unit: 'cs-1' };
  await clients.add({ id: 'payer', ...system, purposes: ['HPAYMT', 'TREAT'] });
  const doctor = { roles: ['doctor' as const], unit: 'cs-1', practitioner: null, password: PASSWORD };
  await accounts.add({ id: 'an', name: 'Bác sĩ An', ...doctor });
});
after(() => world.stop());

async function appOf(): Promise<SmartApp> {
  const browser = new Browser(world.program.address);
  await browser.signIn('an', PASSWORD);
  return new SmartApp(world.program.address, browser);
}

const stated = (token: string) =>
  (decodeJwt(token).extensions as { ihe_iua?: { purpose_of_use?: { code: string }[] } } | undefined)?.ihe_iua
    ?.purpose_of_use;

async function lastWhy(patient: string): Promise<string> {
  const { rows } = await world.program.kernel.pool.query<{ why: string }>(
    'select why from audit where patient = $1 order by ts desc, n desc limit 1',
    [patient],
  );
  return rows[0]!.why;
}

async function tokenOfSystem(scope: string) {
  return world.bare(
    'POST',
    '/oauth2/token',
    new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(),
    { authorization: basic('payer', 'secret of it'), 'content-type': 'application/x-www-form-urlencoded' },
  );
}

test('a system gets a token for one of its purposes; the claim, introspection and the audit say it, and no header leaves it', async () => {
  const { patient } = await world.arrive('cs-1');
  const { body } = await tokenOfSystem('system/*.rs purpose_of_use=TREAT');
  const claim = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }];
  assert.deepEqual(stated(body.access_token), claim);
  const bearer = { authorization: `Bearer ${body.access_token}` };
  assert.equal((await world.bare('GET', `/fhir/Patient/${patient}`, undefined, bearer)).status, 200);
  assert.equal(await lastWhy(patient), 'TREAT', 'not HPAYMT, which the system has where it states none');
  const other = { ...bearer, 'x-purpose-of-use': 'HPAYMT' };
  assert.equal((await world.bare('GET', `/fhir/Patient/${patient}`, undefined, other)).status, 403);
  const asked = await world.bare(
    'POST',
    '/oauth2/introspect',
    new URLSearchParams({ token: body.access_token }).toString(),
    { authorization: basic('payer', 'secret of it'), 'content-type': 'application/x-www-form-urlencoded' },
  );
  assert.deepEqual(asked.body.extensions.ihe_iua.purpose_of_use, claim);
});

test('purposes that were not registered, two at once, emergencies and other code systems are refused', async () => {
  for (const scope of [
    'system/*.rs purpose_of_use=PUBHLTH',
    'system/*.rs purpose_of_use=TREAT purpose_of_use=HPAYMT',
    'system/*.rs purpose_of_use=BTG',
    'system/*.rs purpose_of_use=urn:oid:1.2.3|TREAT',
    'system/*.rs purpose_of_use=',
  ]) {
    const { status, body } = await tokenOfSystem(scope);
    assert.deepEqual([status, body.error], [400, 'invalid_scope'], scope);
  }
  const { clients } = world.program.house.access;
  const wrong = { id: 'never', name: 'never', scopes: 'system/*.rs', secret: 'secret of it' };
  await assert.rejects(clients.add({ ...wrong, purposes: ['BTG'] }), /BTG/);
});

test('an application asks for a purpose with its scopes: the page says it, the token carries it, a refresh keeps it', async () => {
  const { patient } = await world.arrive('cs-1');
  const app = await appOf();
  const scope = 'openid offline_access patient/*.rs purpose_of_use=HPAYMT';
  const { uid } = await app.authorize({ client: 'urgent', scope });
  const { purpose, items } = (await app.question(uid!)).body;
  assert.deepEqual(purpose, { vi: 'thanh toán', en: 'payment', reason: null });
  assert.ok(!items.some((item: { scope: string }) => item.scope.includes('purpose')));
  const form = { patient, scopes: ['patient/*.rs', 'offline_access'] };
  const answer = await app.enter({ client: 'urgent', scope }, form);
  assert.equal(stated(answer.access_token)?.[0]?.code, 'HPAYMT');
  assert.equal((await app.call(answer.access_token, 'GET', `/Patient/${patient}`)).status, 200);
  assert.equal(await lastWhy(patient), 'HPAYMT');
  const fewer = await app.token('urgent', {
    grant_type: 'refresh_token',
    refresh_token: answer.refresh_token!,
    scope: 'patient/*.rs',
    client_id: 'urgent',
  });
  assert.equal(stated(String(fewer.body.access_token))?.[0]?.code, 'HPAYMT', JSON.stringify(fewer.body));
});

test('what the roles of the person do not allow, an application does not get by asking', async () => {
  const app = await appOf();
  const { at } = await app.authorize({ client: 'urgent', scope: 'user/*.rs purpose_of_use=PUBHLTH' });
  assert.equal(new URL(at).searchParams.get('error'), 'invalid_scope', at);
  const plain = await app.authorize({ client: 'plain', scope: 'user/*.rs purpose_of_use=TREAT' });
  assert.equal(new URL(plain.at).searchParams.get('error'), 'invalid_scope', plain.at);
});

test('an emergency through an application: registered for it, and then as with a session, told and in the log', async () => {
  const { patient } = await world.arrive('cs-2');
  const observation = await world.observe(patient, {});
  const app = await appOf();
  const path = `/Observation?patient=${patient}`;
  const plain = await app.enter({ client: 'plain', scope: 'user/*.rs' }, {});
  assert.equal((await app.call(plain.access_token, 'GET', path, undefined, GLASS)).status, 403);
  const urgent = await app.enter({ client: 'urgent', scope: 'user/*.rs' }, {});
  const before = await app.call(urgent.access_token, 'GET', `/Observation/${observation}`);
  assert.equal(before.status, 403);
  const opened = await app.call(urgent.access_token, 'GET', path, undefined, GLASS);
  assert.deepEqual([opened.status, opened.body.total ?? opened.body.entry?.length], [200, 1]);
  const { rows } = await world.program.kernel.pool.query(
    `select o.account, o.code, a.who from access.opening o join audit a on a.patient = o.patient and a.action = 'break-glass'
     where o.patient = $1`,
    [patient],
  );
  assert.deepEqual(rows, [{ account: 'an', code: 'unconscious', who: 'an' }]);
  assert.match(await lastWhy(patient), /^BTG: Cấp cứu/);
});

test('an application that was let into one record opens no other, and a system none at all', async () => {
  const [own, other] = [await world.arrive('cs-1'), await world.arrive('cs-2')];
  const app = await appOf();
  const scope = 'launch/patient patient/*.rs';
  const { access_token } = await app.enter({ client: 'urgent', scope }, { patient: own.patient });
  const path = `/Observation?patient=${other.patient}`;
  assert.equal((await app.call(access_token, 'GET', path, undefined, GLASS)).status, 403);
  const { body } = await tokenOfSystem('system/*.rs');
  assert.equal((await app.call(body.access_token, 'GET', path, undefined, GLASS)).status, 403);
  const { rowCount } = await world.program.kernel.pool.query(
    'select 1 from access.opening where patient = $1',
    [other.patient],
  );
  assert.equal(rowCount, 0);
});

test('an emergency asks for a fresh proof, by a token and by a session', async () => {
  const { patient } = await world.arrive('cs-2');
  const app = await appOf();
  const { access_token } = await app.enter({ client: 'urgent', scope: 'user/*.rs' }, {});
  const { pool } = world.program.kernel;
  await pool.query(
    `update access.oidc_artifact set payload = jsonb_set(payload::jsonb, '{extra,auth_time}', '1000') where model = 'AccessToken'`,
  );
  const late = await app.call(access_token, 'GET', `/Patient/${patient}`, undefined, GLASS);
  assert.deepEqual([late.status, /max_age/.test(late.text)], [403, true], late.text);
  const start = Date.now();
  for (const minutes of [8, 16]) {
    world.setNow(new Date(start + minutes * 60_000).toISOString());
    assert.equal((await app.browser.open('/api/access/me')).status, 200);
  }
  const session = await app.browser.open(`/fhir/Patient/${patient}`, { headers: GLASS });
  assert.deepEqual([session.status, /access\/proof/.test(session.text)], [403, true], session.text);
});
