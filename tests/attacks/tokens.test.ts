/** Tokens and sessions that nobody gave (RFC 8725, OWASP session management). */
import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { after, before, test } from 'node:test';
import { PASSWORD } from '../../kernel/access/testing.ts';
import { type AttackWorld, isSafe, openAttackWorld } from './attacker.testing.ts';

let world: AttackWorld;
let token: string;
before(async () => {
  world = await openAttackWorld();
  token = await world.token();
});
after(() => world.stop());

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const read = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
const withToken = (bearer: string) =>
  world.bare('GET', '/fhir/Patient', undefined, { authorization: `Bearer ${bearer}` });

test('altered, unsigned, re-signed and confused tokens are 401 and tell nothing', async () => {
  const [head = '', claims = '', signature = ''] = token.split('.');
  const { keys } = (await world.bare('GET', '/oauth2/jwks')).body as { keys: JsonWebKey[] };
  const pem = createPublicKey({ key: keys[0] as never, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  }) as string;
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = read(head).kid;
  const hmac = (header: object, secret: string) => {
    const text = `${part(header)}.${claims}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const signed = (header: object, payload: string) => {
    const text = `${part(header)}.${payload}`;
    return `${text}.${sign('sha256', Buffer.from(text), { key: own.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const forged = {
    'alg none': `${part({ alg: 'none' })}.${claims}.`,
    'alg None with a signature': `${part({ alg: 'None' })}.${claims}.${signature}`,
    'HS256 with the public key': hmac({ alg: 'HS256', kid }, pem),
    'HS256 with the JWK': hmac({ alg: 'HS256', kid }, JSON.stringify(keys[0])),
    'HS256 with an empty key': hmac({ alg: 'HS256', kid }, ''),
    'a key of my own': signed({ alg: 'ES256', kid }, claims),
    'a key inside the token': signed({ alg: 'ES256', jwk: own.publicKey.export({ format: 'jwk' }) }, claims),
    'a key by address': signed({ alg: 'ES256', jku: 'http://127.0.0.1:1/jwks', kid: 'x' }, claims),
    'a kid that is a path': signed({ alg: 'ES256', kid: '../../../dev/null' }, claims),
    'a kid that is SQL': signed({ alg: 'ES256', kid: "' or 1=1 --" }, claims),
    'wider scopes': `${head}.${part({ ...read(claims), scope: 'system/*.cruds', client_id: 'admin' })}.${signature}`,
    'a later end': `${head}.${part({ ...read(claims), exp: 4_102_444_800 })}.${signature}`,
    'no signature': `${head}.${claims}.`,
    'a signature of zeros': `${head}.${claims}.${Buffer.alloc(64).toString('base64url')}`,
    'half a token': token.slice(0, -10),
    nonsense: 'a.b.c',
    'a very long one': 'a'.repeat(8_000),
  };
  for (const [what, bearer] of Object.entries(forged)) {
    const answer = await withToken(bearer);
    isSafe(answer, what);
    assert.equal(answer.status, 401, what);
  }
  assert.equal((await withToken(token)).status, 200, 'the true one is one');
});

test('a token counts in its header alone: not in the address, a body, a cookie, nor under another scheme', async () => {
  const tries: Promise<{ status: number }>[] = [
    world.bare('GET', `/fhir/Patient?access_token=${token}`),
    world.bare('POST', '/fhir/Patient/_search', `access_token=${token}`, {
      'content-type': 'application/x-www-form-urlencoded',
    }),
    world.bare('GET', '/fhir/Patient', undefined, { cookie: `yba_session=${token}` }),
    world.bare('GET', '/fhir/Patient', undefined, { authorization: `Basic ${token}` }),
  ];
  for (const answer of await Promise.all(tries)) assert.equal(answer.status, 401);
});

test('a token of few scopes stays within them, however it is asked for more', async () => {
  const narrow = await world.token('system/Organization.r');
  const authorization = `Bearer ${narrow}`;
  const { patient } = world.victim;
  for (const [method, path, body] of [
    ['GET', `Patient/${patient}`],
    ['GET', 'Patient?_count=1'],
    ['GET', 'Organization/cs-1/_history'],
    ['POST', 'Organization', { resourceType: 'Organization', name: 'x' }],
    [
      'POST',
      '',
      {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient' } }],
      },
    ],
    ['GET', '$export'],
  ] as const) {
    const answer = await world.bare(method, `/fhir/${path}`, body, { authorization });
    isSafe(answer, path);
    assert.ok(
      answer.status === 403 || answer.status === 401 || path.includes('_history'),
      `${method} ${path}: ${answer.status}`,
    );
  }
  assert.equal(
    (await world.bare('GET', '/fhir/Organization/cs-1', undefined, { authorization })).status,
    200,
  );
});

test('a session that an attacker has set is not taken over at sign-in, and the old one ends', async () => {
  const fixed = 'A'.repeat(43);
  const { cookie } = await world.staff('nurse', 'cs-2');
  const answer = await world.signIn('nurse.cs-2', PASSWORD, { cookie: `yba_session=${fixed}` });
  assert.equal(answer.status, 200);
  const given = /yba_session=([^;]+)/.exec(answer.headers.getSetCookie().join())![1]!;
  assert.notEqual(given, fixed);
  const me = (session: string) => world.bare('GET', '/api/access/me', undefined, { cookie: session });
  assert.equal((await me(`yba_session=${fixed}`)).status, 401);
  // Signing in over a session that lives ends it.
  const again = await world.signIn('nurse.cs-2', PASSWORD, { cookie });
  assert.equal(again.status, 200);
  assert.equal((await me(cookie)).status, 401);
});

test('after sign-out the cookie is worth nothing, wherever it was copied', async () => {
  const { cookie } = await world.staff('reception', 'cs-2');
  const me = () => world.bare('GET', '/api/access/me', undefined, { cookie });
  assert.equal((await me()).status, 200);
  await world.bare('POST', '/api/access/sign-out', undefined, { cookie });
  assert.equal((await me()).status, 401);
});
