/**
 * Server-side request forgery by what an address becomes: a name of outside that the resolver leads into the house (DNS rebinding),
 * and a host that may be called and sends the program on to one that may not.
 */
import assert from 'node:assert/strict';
import dns from 'node:dns';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { generateKeyPair, SignJWT } from 'jose';
import { type AttackWorld, importFrom, isSafe, openAttackWorld } from './attacker.testing.ts';

/** What the attacker's resolver says of each name: within the house, beside an address of outside, or in another dress. */
const NAMES: Record<string, string[]> = {
  'loopback.attacker.example.org': ['127.0.0.1'],
  'beside.attacker.example.org': ['203.0.113.7', '127.0.0.1'],
  'mapped.attacker.example.org': ['::ffff:127.0.0.1'],
  'metadata.attacker.example.org': ['169.254.169.254'],
};

let world: AttackWorld;
let inside: Server;
let visits = 0;
let insidePort: number;
let mirror: HttpServer;
let mirrorHost: string;
let mirrored: string[] = [];
const asked: string[] = [];
const { lookup } = dns;

before(async () => {
  inside = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  await new Promise<void>((ready) => inside.listen(0, '127.0.0.1', ready));
  insidePort = (inside.address() as AddressInfo).port;
  mirror = createHttpServer((request, response) => {
    mirrored.push(`${request.method} ${request.url}`);
    const status = Number(/\d{3}/.exec(request.url ?? '')?.[0] ?? 302);
    response.writeHead(status, { location: `http://127.0.0.1:${insidePort}/` }).end();
  });
  await new Promise<void>((ready) => mirror.listen(0, '127.0.0.1', ready));
  mirrorHost = `127.0.0.1:${(mirror.address() as AddressInfo).port}`;
  const poisoned = (name: string, options: dns.LookupAllOptions, done: (...told: unknown[]) => void) => {
    const addresses = NAMES[name];
    if (!addresses) return lookup(name, options, done as never);
    asked.push(name);
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  dns.lookup = poisoned as never;
  syncBuiltinESMExports();
  world = await openAttackWorld({ peers: [mirrorHost] });
});
after(async () => {
  await world.stop();
  dns.lookup = lookup;
  syncBuiltinESMExports();
  inside.close();
  mirror.close();
  mirror.closeAllConnections();
});

/** The names that lead inside, and the host that may be called and sends on. */
const ways = () => [
  ...Object.keys(NAMES).map((name) => ({ name, url: `https://${name}:${insidePort}/keys` })),
  ...[301, 302, 303, 307, 308].map((status) => ({ name: null, url: `http://${mirrorHost}/${status}` })),
];

async function assertion(id: string, header: object = {}): Promise<URLSearchParams> {
  const { privateKey } = await generateKeyPair('ES384');
  const now = Math.floor(Date.now() / 1000);
  const aud = `${world.program.address}/oauth2/token`;
  const claims = { iss: id, sub: id, aud, jti: crypto.randomUUID(), exp: now + 200 };
  const signed = new SignJWT(claims).setProtectedHeader({ alg: 'ES384', kid: 'one', ...header });
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await signed.sign(privateKey),
    scope: 'system/Patient.rs',
  });
}

async function token(form: URLSearchParams) {
  const answer = await fetch(`${world.program.address}/oauth2/token`, { method: 'POST', body: form });
  return { status: answer.status, text: await answer.text() };
}

test('the keys of a client are not fetched from the house, whatever its address becomes', async () => {
  const { clients } = world.program.house.access;
  for (const [at, { name, url }] of ways().entries()) {
    const id = `machine-${at}`;
    await clients.add({ id, name: id, scopes: 'system/*.rs', jwksUri: url });
    const answer = await token(await assertion(id));
    assert.equal(answer.status, 401, `${url}: ${answer.text}`);
    assert.doesNotMatch(answer.text, /127\.0\.0\.1|internal|ECONN/, 'no word about what is in the house');
    if (name !== null) assert.ok(asked.includes(name), `${name} was resolved, and refused then`);
  }
});

test('an assertion that names where its key lies (jku, x5u, jwk) is not believed and nothing is fetched', async () => {
  const { privateKey: _, publicKey } = await generateKeyPair('ES384', { extractable: true });
  const { exportJWK } = await import('jose');
  const jwk = await exportJWK(publicKey);
  for (const header of [
    { jku: `http://127.0.0.1:${insidePort}/keys` },
    { x5u: `http://127.0.0.1:${insidePort}/chain` },
    { jwk },
  ]) {
    const answer = await token(await assertion('machine-0', header));
    assert.equal(answer.status, 401, JSON.stringify(header));
  }
});

test('nobody registers a client, and with it an address, over HTTP', async () => {
  for (const path of [
    '/oauth2/reg',
    '/oauth2/register',
    '/oauth2/registration',
    '/oauth2/connect/register',
  ]) {
    const answer = await world.bare(
      'POST',
      path,
      {
        redirect_uris: ['https://a.example.org/'],
        jwks_uri: `https://loopback.attacker.example.org:${insidePort}/`,
      },
      { 'content-type': 'application/json' },
    );
    isSafe(answer, path);
    assert.ok(answer.status === 404 || answer.status === 405, `${path}: ${answer.status}`);
  }
});

test('a request object is not fetched from an address that an authorization request names', async () => {
  const query = new URLSearchParams({
    client_id: 'machine-0',
    response_type: 'code',
    request_uri: `http://127.0.0.1:${insidePort}/request`,
  });
  const answer = await world.bare('GET', `/oauth2/authorize?${query}`);
  isSafe(answer, 'request_uri');
  assert.ok(answer.status >= 400, String(answer.status));
});

test('a subscriber whose name leads into the house, or who sends on to it, is told nothing there', async () => {
  mirrored = [];
  for (const { url } of ways()) {
    const answer = await world.send('POST', '/fhir/Subscription', {
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'x',
      criteria: 'Patient?',
      channel: { type: 'rest-hook', endpoint: url, payload: 'application/fhir+json' },
    });
    isSafe(answer, url);
  }
  // A subscription hears from when it is active on, on a busy machine a while after it was written.
  for (let turn = 0; turn < 400 && mirrored.length < 5; turn++) {
    if (turn % 40 === 0) await world.send('POST', '/fhir/Patient', { resourceType: 'Patient', active: true });
    await pause(50);
  }
  assert.ok(mirrored.length >= 5, 'the host that may be called was called');
});

test('an import follows no name and no redirect into the house', async () => {
  for (const { url } of ways()) {
    const begun = await importFrom(world, url);
    isSafe(begun, url);
    const status = begun.headers.get('content-location');
    if (status === null) continue;
    for (let turn = 0; turn < 100; turn++) {
      const answer = await world.send('GET', new URL(status).pathname);
      isSafe(answer, url);
      if (answer.status !== 202) break;
      await pause(50);
    }
  }
});

test('nobody within the house was called', async () => {
  await pause(300);
  assert.equal(visits, 0);
});
