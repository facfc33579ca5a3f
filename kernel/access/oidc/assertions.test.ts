/** Clients that prove themselves by a signed assertion (RFC 7523; SMART App Launch 2.2, "Backend Services"), as an attacker too. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { CLIENT, type FhirWorld, openFhirWorld } from '../../fhir/testing.ts';
import { Browser, type Page } from './flow.testing.ts';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

let world: FhirWorld;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let published: { keys: JWK[] };
let keyServer: Server;
let fetched = 0;

before(async () => {
  keyServer = createServer((_request, response) => {
    fetched += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(published));
  });
  await new Promise<void>((listening) => keyServer.listen(0, '127.0.0.1', listening));
  const { port } = keyServer.address() as AddressInfo;
  world = await openFhirWorld({ peers: [`127.0.0.1:${port}`] });
  keys = await generateKeyPair('ES384', { extractable: true });
  published = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES384', use: 'sig' }] };
  const { clients } = world.program.house.access;
  const shared = { scopes: 'system/*.rs', name: 'Máy gửi số liệu' };
  await clients.add({ id: 'inline', jwks: published, ...shared });
  await clients.add({ id: 'fetched', jwksUri: `http://127.0.0.1:${port}/keys`, ...shared });
  await clients.add({ id: 'inside', jwksUri: 'https://127.0.0.1/keys', ...shared });
});
after(async () => {
  await world.stop();
  keyServer.close();
  keyServer.closeAllConnections();
});

interface Assertion {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: Parameters<SignJWT['sign']>[0];
}

const now = () => Math.floor(Date.now() / 1000);

function claimsOf(id: string, more: Record<string, unknown> = {}) {
  const claims = {
    iss: id,
    sub: id,
    aud: `${world.program.address}/oauth2/token`,
    jti: crypto.randomUUID(),
    exp: now() + 240,
    ...more,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

const signed = (id: string, { claims, header, key }: Assertion = {}) =>
  new SignJWT(claimsOf(id, claims))
    .setProtectedHeader({ alg: 'ES384', typ: 'JWT', kid: 'one', ...header })
    .sign(key ?? keys.privateKey);

function ask(client_assertion: string, more: Record<string, string> = {}): Promise<Page> {
  const form = {
    grant_type: 'client_credentials',
    client_assertion_type: TYPE,
    client_assertion,
    scope: 'system/Patient.rs',
    ...more,
  };
  return new Browser(world.program.address).open('/oauth2/token', {
    form,
    headers: { accept: 'application/json' },
  });
}

test('an assertion gives a token for what was asked, and the token reads', async () => {
  for (const aud of [`${world.program.address}/oauth2/token`, world.program.address]) {
    const { status, body } = await ask(await signed('inline', { claims: { aud } }));
    assert.deepEqual([status, body.scope], [200, 'system/Patient.rs'], JSON.stringify(body));
    const authorization = `Bearer ${body.access_token}`;
    assert.equal((await world.bare('GET', '/fhir/Patient', undefined, { authorization })).status, 200);
    assert.equal((await world.bare('GET', '/fhir/Encounter', undefined, { authorization })).status, 403);
  }
});

test('every algorithm that is announced is taken', async () => {
  const { body } = await world.bare('GET', '/.well-known/openid-configuration');
  const algorithms: string[] = body.token_endpoint_auth_signing_alg_values_supported;
  assert.deepEqual(algorithms, ['ES256', 'ES384', 'RS384', 'PS256']);
  for (const alg of algorithms) {
    const pair = await generateKeyPair(alg, { extractable: true });
    const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: alg }] };
    const id = `by-${alg}`;
    await world.program.house.access.clients.add({ id, name: id, scopes: 'system/*.rs', jwks });
    const token = await ask(await signed(id, { header: { alg, kid: alg }, key: pair.privateKey }));
    assert.equal(token.status, 200, `${alg}: ${token.text}`);
  }
});

test('keys at an address are fetched, and fetched again when a new one signs; an address within the house is not called', async () => {
  assert.equal((await ask(await signed('fetched'))).status, 200);
  assert.equal((await ask(await signed('fetched'))).status, 200);
  assert.equal(fetched, 1);
  const inside = await ask(await signed('inside'));
  assert.deepEqual([inside.status, inside.body.error], [401, 'invalid_client']);
  assert.doesNotMatch(inside.text, /127\.0\.0\.1\/keys|internal/i, 'no word about what is in the house');
});

test('an assertion counts once, also for two requests at the same moment', async () => {
  const one = await signed('inline');
  assert.equal((await ask(one)).status, 200);
  const again = await ask(one);
  assert.deepEqual([again.status, again.body.error], [401, 'invalid_client']);
  const other = await signed('inline');
  const both = await Promise.all(Array.from({ length: 5 }, () => ask(other)));
  assert.equal(both.filter(({ status }) => status === 200).length, 1);
});

test('what an assertion may not be: late, long, for another, by another, without a name', async () => {
  const another = await generateKeyPair('ES384');
  const refused: [string, Assertion][] = [
    ['over', { claims: { exp: now() - 60 } }],
    ['longer than five minutes', { claims: { exp: now() + 3600 } }],
    ['without an end', { claims: { exp: undefined } }],
    ['without a name of its own', { claims: { jti: undefined } }],
    ['for another server', { claims: { aud: 'https://other.example/oauth2/token' } }],
    ['for the record', { claims: { aud: 'urn:yba:fhir' } }],
    ['by a key whose name is no text', { header: { kid: 1 as unknown as string } }],
    ['a token that was made for something else', { header: { typ: 'at+jwt' } }],
    ['for nobody', { claims: { aud: undefined } }],
    ['not yet', { claims: { nbf: now() + 200 } }],
    ['issued by another', { claims: { iss: 'fetched' } }],
    ['in the name of another', { claims: { sub: CLIENT.id } }],
    ['by another key', { key: another.privateKey }],
    ['by a key of its own', { header: { jku: 'https://evil.example/keys' } }],
    ['that brings its key', { header: { jwk: await exportJWK(another.publicKey) }, key: another.privateKey }],
  ];
  for (const [name, assertion] of refused) {
    const { status, body } = await ask(await signed('inline', assertion));
    assert.deepEqual([status, body?.access_token], [401, undefined], `${name}: ${JSON.stringify(body)}`);
  }
});

test('algorithm confusion: none, and HS256 keyed with the public key', async () => {
  const unsecured = new UnsecuredJWT(claimsOf('inline')).encode();
  const pem = new TextEncoder().encode(await exportSPKI(keys.publicKey));
  const jwk = new TextEncoder().encode(JSON.stringify(published.keys[0]));
  const keyed = (key: Uint8Array) => signed('inline', { header: { alg: 'HS256' }, key });
  const stripped = `${(await signed('inline')).split('.').slice(0, 2).join('.')}.`;
  for (const assertion of [
    unsecured,
    await keyed(pem),
    await keyed(jwk),
    stripped,
    'x.y.z',
    'no assertion',
  ]) {
    const { status, body } = await ask(assertion);
    assert.ok(status === 400 || status === 401, `${status}`);
    assert.equal(body.access_token, undefined);
  }
});

test('a host that the sender names makes no other audience right', async () => {
  const assertion = await signed('inline', { claims: { aud: 'http://evil.example/oauth2/token' } });
  for (const header of ['host', 'x-forwarded-host']) {
    const answer = await fetch(`${world.program.address}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: TYPE,
        client_assertion: assertion,
      }),
      headers: { [header]: 'evil.example' },
    });
    assert.equal(answer.status, 401, header);
  }
});

test('a client with keys has no secret, and one with a secret no keys', async () => {
  const plain = { grant_type: 'client_credentials' };
  const post = (form: Record<string, string>) =>
    new Browser(world.program.address).open('/oauth2/token', {
      form,
      headers: { accept: 'application/json' },
    });
  assert.equal((await post({ ...plain, client_id: 'inline' })).status, 401);
  assert.equal((await post({ ...plain, client_id: 'inline', client_secret: 'none' })).status, 401);
  assert.equal((await ask(await signed(CLIENT.id))).status, 401);
  const two = await ask(await signed('inline'), { client_secret: 'x' });
  assert.deepEqual([two.status, two.body.error], [400, 'invalid_request']);
});

test('a tampered, foreign or unsigned access token opens nothing', async () => {
  const { access_token } = (await ask(await signed('inline'))).body;
  const [head, body, signature] = access_token.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
  const wider = Buffer.from(JSON.stringify({ ...claims, scope: 'system/*.cruds' })).toString('base64url');
  const jwks = (await world.bare('GET', '/oauth2/jwks')).body;
  assert.ok(
    jwks.keys.every((key: object) => !('d' in key)),
    'no private part is published',
  );
  const pub = new TextEncoder().encode(JSON.stringify(jwks.keys[0]));
  const hs = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: jwks.keys[0].kid })
    .sign(pub);
  const own = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: jwks.keys[0].kid })
    .sign((await generateKeyPair('ES256')).privateKey);
  const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${body}.`;
  const cut = `${head}.${body}.`;
  for (const token of [
    `${head}.${wider}.${signature}`,
    hs,
    own,
    none,
    cut,
    claims.jti,
    `verified:${claims.jti}`,
  ]) {
    const authorization = `Bearer ${token}`;
    assert.equal((await world.bare('GET', '/fhir/Patient', undefined, { authorization })).status, 401, token);
  }
});

test('brute force of a secret is throttled by client and address, and the right secret waits too', async () => {
  const post = (client_secret: string) =>
    new Browser(world.program.address).open('/oauth2/token', {
      form: { grant_type: 'client_credentials', client_id: CLIENT.id, client_secret },
      headers: { accept: 'application/json' },
    });
  const statuses: number[] = [];
  for (let n = 0; n < 14; n += 1) statuses.push((await post(`guess ${n}`)).status);
  assert.equal(statuses[0], 401);
  assert.equal(statuses.at(-1), 429);
  assert.equal((await post(CLIENT.secret)).status, 429);
});
