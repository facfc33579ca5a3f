/** What the discovery document says of the authorization endpoint, tried: response modes, claims, authentication of clients, algorithms. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type AccessWorld, openAccessWorld, PASSWORD } from '../testing.ts';
import { type Asked, authorizeAddress, Browser, parametersOf, pkce, redeem } from './flow.testing.ts';

const CALLBACK = 'https://app.example/cb';
const APP: Asked = { client_id: 'app', redirect_uri: CALLBACK, scope: 'openid profile fhirUser user/*.rs' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let world: AccessWorld;
let said: Record<string, string[]> & Record<string, string>;
before(async () => {
  world = await openAccessWorld();
  said = (await world.bare('GET', '/.well-known/openid-configuration')).body;
  const { clients, accounts } = world.program.house.access;
  await clients.add({
    id: 'app',
    name: 'app',
    scopes: APP.scope,
    grants: ['authorization_code'],
    redirectUris: [CALLBACK],
    trusted: true,
  });
  const doctor = { name: 'Bác sĩ An', roles: ['doctor' as const], unit: 'cs-1', practitioner: 'bs-an' };
  await accounts.add({ id: 'an', ...doctor, password: PASSWORD });
});
after(() => world.stop());

async function signedIn(): Promise<Browser> {
  const browser = new Browser(world.program.address);
  await browser.signIn('an', PASSWORD);
  return browser;
}

/** What came back to the application, by the mode that was asked. */
async function answerBy(mode: string, keys = pkce()): Promise<URLSearchParams> {
  const page = await (await signedIn()).follow(authorizeAddress({ ...APP, response_mode: mode }, keys));
  if (mode === 'query') return parametersOf(page.at);
  if (mode === 'fragment') return new URLSearchParams(new URL(page.at).hash.slice(1));
  assert.equal(page.status, 200, page.text);
  assert.equal(/<form method="post" action="([^"]+)"/.exec(page.text)?.[1], CALLBACK);
  const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(page.text)!;
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = page.headers.get('content-security-policy')!;
  assert.ok(policy.includes(`'sha256-${hash}'`), 'the policy lets the page send its form');
  assert.doesNotMatch(policy, /unsafe/);
  const inputs = page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g);
  return new URLSearchParams([...inputs].map(([, name, value]): [string, string] => [name!, value!]));
}

test('every response mode brings a code, the state and the issuer, and the code is good', async () => {
  assert.ok(said.response_modes_supported!.length >= 3);
  for (const mode of said.response_modes_supported!) {
    const keys = pkce();
    const answer = await answerBy(mode, keys);
    assert.ok(answer.get('code'), mode);
    assert.equal(answer.get('iss'), said.issuer, mode);
    const { status } = await redeem(world.program.address, answer.get('code')!, APP, keys);
    assert.equal(status, 200, mode);
  }
});

test('every claim that is announced is told somewhere, and nothing beside', async () => {
  const keys = pkce();
  const code = (await answerBy('query', keys)).get('code')!;
  const { body } = await redeem(world.program.address, code, APP, keys);
  const id = JSON.parse(Buffer.from(body.id_token.split('.')[1], 'base64url').toString());
  const user = await world.bare('GET', '/oauth2/userinfo', undefined, {
    authorization: `Bearer ${body.access_token}`,
  });
  const told = new Set([...Object.keys(id), ...Object.keys(user.body)]);
  // Of a session that outlives the browser's only with back-channel logout.
  const missing = said.claims_supported!.filter((one) => !told.has(one) && one !== 'sid');
  assert.deepEqual(missing, []);
  const plain = new Set(['aud', 'exp', 'iat', 'nonce', 'at_hash', ...said.claims_supported!]);
  assert.deepEqual(
    [...told].filter((one) => !plain.has(one)),
    [],
  );
});

test('every algorithm of client assertions is taken, once, and no other', async () => {
  const { clients } = world.program.house.access;
  for (const alg of [...said.token_endpoint_auth_signing_alg_values_supported!, 'RS256', 'ES512']) {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const id = `signs-${alg}`;
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg }] };
    await clients.add({ id, name: id, scopes: 'system/*.rs', jwks });
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg, kid: 'one', typ: 'JWT' })
      .setIssuer(id)
      .setSubject(id)
      .setAudience(said.token_endpoint!)
      .setJti(`once ${alg}`)
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(privateKey);
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'system/*.rs',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    const ask = () => world.bare('POST', '/oauth2/token', form.toString(), FORM);
    const isAnnounced = said.token_endpoint_auth_signing_alg_values_supported!.includes(alg);
    assert.equal((await ask()).status, isAnnounced ? 200 : 401, alg);
    assert.equal((await ask()).status, 401, `${alg} a second time`);
  }
});

test('every address that is announced is there, and every key of the set is public', async () => {
  for (const [name, value] of Object.entries(said)) {
    if (typeof value !== 'string' || !/_endpoint$|_uri$/.test(name)) continue;
    const path = value.replace(said.issuer!, '');
    const got = await world.bare('GET', path);
    const posted = await world.bare('POST', path, '', FORM);
    assert.ok(got.status !== 404 || posted.status !== 404, name);
    assert.ok(got.status < 500 && posted.status < 500, name);
  }
  const { keys } = (await world.bare('GET', '/oauth2/jwks')).body as { keys: Record<string, unknown>[] };
  assert.ok(keys.length >= 2);
  for (const key of keys) for (const member of ['d', 'p', 'q', 'k']) assert.ok(!(member in key), member);
});
