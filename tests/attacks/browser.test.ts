/** Another site in the browser of somebody who is signed in: CSRF, forms, redirects, frames. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PASSWORD } from '../../kernel/access/testing.ts';
import { type AttackWorld, isSafe, openAttackWorld, raw, statusOf } from './attacker.testing.ts';

let world: AttackWorld;
before(async () => {
  world = await openAttackWorld();
});
after(() => world.stop());

const patients = async () => (await world.send('GET', '/fhir/Patient?_summary=count')).body.total as number;

test('a request that another site makes the browser send writes nothing', async () => {
  const { cookie } = world.attacker;
  const before = await patients();
  const body = JSON.stringify({ resourceType: 'Patient', name: [{ text: 'CSRF' }] });
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'same-site', origin: 'https://other.example.vn' },
    { origin: `${world.program.address}.evil.example` },
    { origin: world.program.address, 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of foreign) {
    for (const type of [
      'application/fhir+json',
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      for (const path of [
        '/fhir/Patient',
        '/api/people',
        '/api/access/sign-out',
        '/api/access/break-glass',
      ]) {
        const answer = await world.bare('POST', path, body, { cookie, 'content-type': type, ...headers });
        isSafe(answer, `${path} ${type} ${JSON.stringify(headers)}`);
        assert.ok(answer.status >= 400, `${path} ${type} ${JSON.stringify(headers)}: ${answer.status}`);
      }
    }
    const method = await world.bare('GET', '/fhir/Patient?_method=DELETE', undefined, {
      cookie,
      ...headers,
      'x-http-method-override': 'DELETE',
    });
    assert.notEqual(method.status, 204);
  }
  assert.equal(await patients(), before);
  assert.equal((await world.attacker.call('GET', '/api/access/me')).status, 200, 'still signed in');
});

test('nobody is signed in as somebody else by another site', async () => {
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const answer = await world.signIn('doctor.cs-2', PASSWORD, headers);
  assert.equal(answer.status, 403);
  assert.equal(answer.headers.get('set-cookie'), null);
});

test('a body of text is no JSON, though it looks like it', async () => {
  for (const path of ['/api/access/sign-in', '/api/people']) {
    const answer = await world.bare('POST', path, '{"username":"a","password":"b"}', {
      'content-type': 'text/plain',
      cookie: world.attacker.cookie,
    });
    assert.equal(answer.status, 415, path);
  }
});

test('a websocket opened by another site proves nothing by its cookie', async () => {
  const { host } = new URL(world.program.address);
  const said = await raw(
    world.program.address,
    `GET /api/events HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://evil.example\r\n\r\n`,
  );
  assert.notEqual(statusOf(said), 101);
});

test('no address leads out of the house', async () => {
  const outside = [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '%2f%2fevil.example',
    '/%5cevil.example',
    '/.//evil.example',
    'javascript:alert(1)',
  ];
  for (const one of outside) {
    for (const path of [
      `/${one}`,
      `/dang-nhap?next=${one}`,
      `/api/access/sign-in?next=${one}`,
      `/oauth2/auth?redirect_uri=${one}&client_id=tester&response_type=code`,
      `/fhir/${one}`,
    ]) {
      const answer = await world.bare('GET', path, undefined, { cookie: world.attacker.cookie });
      isSafe(answer, path);
      const location = answer.headers.get('location');
      if (location !== null)
        assert.equal(
          new URL(location, world.program.address).origin,
          world.program.address,
          `${path} leads to ${location}`,
        );
    }
  }
});

test('pages cannot be framed nor run what stands in them; data is never a page', async () => {
  const page = await world.bare('GET', '/dang-nhap');
  const policy = page.headers.get('content-security-policy')!;
  assert.match(policy, /frame-ancestors 'none'/);
  assert.match(policy, /script-src 'self'(;|$)/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.match(policy, /object-src 'none'/);
  for (const path of ['/fhir/metadata', '/api/access/me', '/api/nothing', '/cds-services/x']) {
    const { headers } = await world.bare('GET', path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    assert.match(headers.get('content-security-policy')!, /default-src 'none'/, path);
    assert.equal(headers.get('cache-control'), 'no-store', path);
    assert.equal(headers.get('access-control-allow-origin'), null, path);
    assert.equal(headers.get('server') ?? headers.get('x-powered-by'), null, path);
  }
});
