/** People sign in by a provider of others: a real second one, which also misbehaves in every way it can. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type IdentityProviderSimulator,
  type Misbehaviour,
  openIdentityProvider,
} from '../../../tests/simulators/identity-provider.ts';
import { sid } from '../../fhir/systems.ts';
import { type FhirWorld, openFhirWorld } from '../../fhir/testing.ts';
import { Browser } from '../oidc/flow.testing.ts';
import { readExternalProviders } from './providers.ts';
import { localPath } from './routes.ts';

let world: FhirWorld;
let vneid: IdentityProviderSimulator;
const folder = mkdtempSync(join(tmpdir(), 'yba-external-'));
const NUMBER = '099180000301';

before(async () => {
  vneid = await openIdentityProvider(() => `${world.program.address}/api/access/external/callback`);
  writeFileSync(join(folder, 'secret'), `${vneid.client.secret}\n`);
  const shared = {
    issuer: vneid.issuer,
    clientId: vneid.client.id,
    clientSecretFile: join(folder, 'secret'),
    claim: 'cccd',
  };
  writeFileSync(
    join(folder, 'providers.json'),
    JSON.stringify([
      {
        ...shared,
        id: 'vneid',
        name: 'VNeID',
        signsIn: 'citizen',
        system: sid.cccd,
        birthDateClaim: 'birthdate',
        twoFactors: true,
      },
      { ...shared, id: 'staff', name: 'Cổng cán bộ', signsIn: 'staff', system: sid.cccd },
      {
        ...shared,
        id: 'inside',
        name: 'x',
        signsIn: 'citizen',
        system: sid.cccd,
        issuer: 'https://10.0.0.1/',
      },
    ]),
  );
  world = await openFhirWorld(
    { identityProviders: join(folder, 'providers.json'), peers: [vneid.peer] },
    { log: () => undefined },
  );
  await citizen(NUMBER);
});
after(async () => {
  await world.stop();
  await vneid[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function citizen(value: string, more: object = {}): Promise<string> {
  const answer = await world.send('POST', '/fhir/Patient', {
    resourceType: 'Patient',
    identifier: [{ system: sid.cccd, value }],
    name: [{ text: 'Trần Văn Dân' }],
    birthDate: '1980-01-01',
    ...more,
  });
  assert.equal(answer.status, 201, answer.text);
  return answer.body.id;
}

/** @returns the answer to the browser that came back */
async function come(claims: Record<string, unknown>, path = '/api/access/external/vneid?next=/cong-dan') {
  vneid.person(claims);
  const browser = new Browser(world.program.address);
  const there = await browser.open(path);
  assert.equal(there.status, 303, there.text);
  const back = new URL(await vneid.walk(there.location!));
  return { browser, back, page: await browser.open(`${back.pathname}${back.search}`) };
}

const claims = (cccd: string = NUMBER, birthdate = '1980-01-01') => ({ cccd, birthdate });

test('a citizen comes by the second provider and acts for nobody but themselves', async () => {
  const offered = await world.bare('GET', '/api/access/external');
  assert.deepEqual(offered.body.providers[0], { id: 'vneid', name: 'VNeID', signsIn: 'citizen' });
  const { browser, page } = await come(claims());
  assert.deepEqual([page.status, page.location], [303, '/cong-dan'], page.text);
  assert.equal(browser.cookie('yba_external'), undefined);
  const me = await browser.open('/api/access/me');
  assert.deepEqual([me.body.roles, me.body.persons.length], [['citizen'], 1]);
});

test('the request asks for code, PKCE S256, nonce and state', async () => {
  const { location } = await new Browser(world.program.address).open('/api/access/external/vneid');
  const asked = new URL(location!).searchParams;
  assert.deepEqual(
    [asked.get('response_type'), asked.get('code_challenge_method'), asked.get('scope')],
    ['code', 'S256', 'openid'],
  );
  for (const name of ['code_challenge', 'nonce', 'state']) assert.ok(asked.get(name)!.length >= 43, name);
});

test('an id_token that is not as it must be signs nobody in', async () => {
  const ways: Misbehaviour[] = [
    'wrong nonce',
    'no nonce',
    'wrong issuer',
    'other audience',
    'over',
    'alg none',
    'HS256 with the public key',
    'HS256 with the secret',
    'another key',
  ];
  for (const way of ways) {
    vneid.misbehave(way);
    const { browser, page } = await come(claims());
    assert.deepEqual([page.status, browser.cookie('yba_session')], [403, undefined], way);
    assert.match(page.text, /Không xác minh được/);
  }
  vneid.misbehave(null);
  assert.equal((await come(claims())).page.status, 303);
});

test('claims must mean one living person exactly', async () => {
  await citizen('099180000302', { deceasedBoolean: true });
  await citizen('099180000303', { active: false });
  const refused: Record<string, unknown>[] = [
    claims('099180009999'),
    claims('099180000302'),
    claims('099180000303'),
    claims(NUMBER, '1980-01-02'),
    { cccd: NUMBER },
    { birthdate: '1980-01-01' },
    { cccd: '', birthdate: '1980-01-01' },
    { cccd: [NUMBER], birthdate: '1980-01-01' },
    { cccd: `${NUMBER},099180000302`, birthdate: '1980-01-01' },
    { cccd: `${NUMBER}|x`, birthdate: '1980-01-01' },
  ];
  for (const one of refused) {
    const { browser, page } = await come(one);
    assert.deepEqual([page.status, browser.cookie('yba_session')], [403, undefined], JSON.stringify(one));
    assert.match(page.text, /đúng một người/);
  }
});

test('the way back is taken once, in the browser that began, with the state it was given', async () => {
  const { browser, back, page } = await come(claims());
  assert.equal(page.status, 303);
  assert.equal((await browser.open(`${back.pathname}${back.search}`)).status, 400, 'a second time');
  vneid.person(claims());
  const attacker = new Browser(world.program.address);
  const there = await attacker.open('/api/access/external/vneid');
  const mine = new URL(await vneid.walk(there.location!));
  const victim = new Browser(world.program.address);
  const planted = await victim.open(`${mine.pathname}${mine.search}`);
  assert.deepEqual([planted.status, victim.cookie('yba_session')], [400, undefined], 'login CSRF');
  mine.searchParams.set('state', 'another');
  assert.equal((await attacker.open(`${mine.pathname}${mine.search}`)).status, 400);
});

test('an answer of another provider is refused: its iss is not the one that was asked (RFC 9207)', async () => {
  vneid.person(claims());
  const browser = new Browser(world.program.address);
  const back = new URL(await vneid.walk((await browser.open('/api/access/external/vneid')).location!));
  assert.equal(back.searchParams.get('iss'), vneid.issuer);
  back.searchParams.set('iss', 'https://evil.example');
  assert.equal((await browser.open(`${back.pathname}${back.search}`)).status, 403);
});

test('a member of staff is found by the register; a citizen is not staff, and the other way round', async () => {
  const practitioner = await world.send('POST', '/fhir/Practitioner', {
    resourceType: 'Practitioner',
    identifier: [{ system: sid.cccd, value: '099180000401' }],
    name: [{ text: 'Lê Thị Y Tá' }],
  });
  const { accounts } = world.program.house.access;
  await accounts.add({
    id: 'y-ta',
    name: 'Lê Thị Y Tá',
    roles: ['nurse'],
    unit: 'cs-1',
    practitioner: practitioner.body.id,
    password: 'Mật khẩu thử 2026!',
  });
  const { browser, page } = await come(claims('099180000401'), '/api/access/external/staff');
  assert.equal(page.status, 303, page.text);
  assert.equal((await browser.open('/api/access/me')).body.id, 'y-ta');
  assert.equal((await come(claims('099180000401'))).page.status, 403);
  assert.equal((await come(claims(), '/api/access/external/staff')).page.status, 403);
  await accounts.setActive('y-ta', false);
  assert.equal((await come(claims('099180000401'), '/api/access/external/staff')).page.status, 403);
});

test('no open redirect: only paths of this program', async () => {
  for (const next of [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
  ]) {
    assert.equal(localPath(next), '/', next);
    const path = `/api/access/external/vneid?next=${encodeURIComponent(next)}`;
    assert.equal((await come(claims(), path)).page.location, '/');
  }
  assert.equal(localPath('/oauth2/interaction/abc?x=1#y'), '/oauth2/interaction/abc?x=1');
});

test('a provider that is away, within the house or unknown is said to be so', async () => {
  const open = (path: string) => new Browser(world.program.address).open(path);
  assert.equal((await open('/api/access/external/inside')).status, 503);
  assert.equal((await open('/api/access/external/nobody')).status, 404);
  assert.equal((await open('/api/access/external/callback?error=access_denied')).status, 400);
});

test('a file that cannot be used is one sentence', () => {
  const one = {
    id: 'a',
    name: 'A',
    issuer: 'https://a.example',
    clientId: 'c',
    signsIn: 'citizen',
    claim: 'n',
    system: 's',
  };
  const faults: [unknown, RegExp][] = [
    ['{', /no JSON/],
    [{}, /list/],
    [[{ ...one, issuer: undefined }], /"issuer" is missing/],
    [[{ ...one, issuer: 'ftp://a' }], /"issuer"/],
    [[{ ...one, signsIn: 'anybody' }], /citizen or staff/],
    [[{ ...one, id: 'A B' }], /"id"/],
    [[one, one], /twice/],
    [[{ ...one, clientSecretFile: '/nowhere/secret' }], /cannot be read/],
  ];
  for (const [written, rule] of faults)
    assert.throws(
      () => readExternalProviders('f.json', typeof written === 'string' ? written : JSON.stringify(written)),
      rule,
    );
  assert.equal(readExternalProviders('f.json', JSON.stringify([one]))[0]!.twoFactors, false);
});
