/** R4 Subscriptions over rest-hook: a subscriber that can be told to misbehave, and everything that it must be told in the end. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { createLocalJWKSet, flattenedVerify } from 'jose';
import { type TestDatabase, withDatabase } from '../../store/testing.ts';
import { type FhirWorld, openFhirWorld } from '../testing.ts';

interface Call {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

let peer: Server;
let host: string;
let calls: Call[] = [];
/** Status of the next answers; then 200. */
let answers: (number | 'silence')[] = [];
let database: TestDatabase;
let world: FhirWorld;

const open = () =>
  openFhirWorld({ databaseUrl: database.url, peers: [host] }, { notificationPauses: [20, 20] });

before(async () => {
  peer = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const answer = answers.shift() ?? 200;
      if (answer === 'silence') return void request.socket.destroy();
      calls.push({ method: request.method!, path: request.url!, headers: request.headers, body });
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((ready) => peer.listen(0, '127.0.0.1', ready));
  host = `127.0.0.1:${(peer.address() as AddressInfo).port}`;
  database = await withDatabase();
  world = await open();
  await world.send('PUT', '/fhir/Patient/lan', { resourceType: 'Patient', id: 'lan' });
});
after(async () => {
  await world.stop();
  await database.stop();
  peer.close();
});
beforeEach(() => {
  calls = [];
  answers = [];
});

const subscription = (id: string, criteria: string, channel: object = {}, more: object = {}) => ({
  resourceType: 'Subscription',
  id,
  status: 'requested',
  reason: 'Theo dõi',
  criteria,
  channel: {
    type: 'rest-hook',
    endpoint: `http://${host}/${id}`,
    payload: 'application/fhir+json',
    ...channel,
  },
  ...more,
});

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let left = 6_000; left > 0; left--) {
    const found = await look();
    if (found !== undefined && found !== false) return found as T;
    await new Promise((go) => setTimeout(go, 20));
  }
  throw new Error(`it did not happen; calls: ${JSON.stringify(calls.map(({ path }) => path))}`);
}

const statusOf = async (id: string) => (await world.send('GET', `/fhir/Subscription/${id}`)).body;

async function subscribe(body: { id: string }): Promise<void> {
  const answer = await world.send('PUT', `/fhir/Subscription/${body.id}`, body);
  assert.ok([200, 201].includes(answer.status), answer.text);
  await until(async () => (await statusOf(body.id)).status === 'active');
}

async function measure(id: string, code: string): Promise<void> {
  const answer = await world.send('PUT', `/fhir/Observation/${id}`, {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code }] },
    subject: { reference: 'Patient/lan' },
  });
  assert.ok([200, 201].includes(answer.status), answer.text);
}

test('what matches is put to the endpoint as it is stored, signed; what does not match is not', async () => {
  await subscribe(subscription('mach', 'Observation?code=8867-4', { header: ['Authorization: Bearer x'] }));
  await measure('khac-1', '8310-5');
  await measure('mach-1', '8867-4');
  const call = await until(() => calls[0]);
  assert.deepEqual([call.method, call.path], ['PUT', '/mach/Observation/mach-1']);
  assert.equal(call.headers.authorization, 'Bearer x');
  assert.equal(call.headers['content-type'], 'application/fhir+json');
  assert.equal(call.body, (await world.send('GET', '/fhir/Observation/mach-1')).text);
  const keys = createLocalJWKSet((await world.bare('GET', '/oauth2/jwks')).body);
  const [head, , signature] = String(call.headers['x-jws-signature']).split('.');
  const verify = (payload: string) =>
    flattenedVerify(
      { protected: head!, payload: Buffer.from(payload).toString('base64url'), signature: signature! },
      keys,
    );
  await verify(call.body);
  await assert.rejects(verify(`${call.body} `));
  await world.send('DELETE', '/fhir/Subscription/mach');
  assert.equal(calls.length, 1);
});

test('without a payload the subscriber is told to look, and learns nothing', async () => {
  await subscribe(subscription('trong', 'Observation?code=8867-4', { payload: undefined }));
  await measure('mach-2', '8867-4');
  const call = await until(() => calls[0]);
  assert.deepEqual([call.method, call.path, call.body], ['POST', '/trong', '']);
  await world.send('DELETE', '/fhir/Subscription/trong');
});

test('a subscriber that fails is told again until it takes it, in the order of the changes', async () => {
  await subscribe(subscription('lai', 'Observation?code=1-1'));
  answers = [500, 'silence', 200, 200];
  await measure('mot', '1-1');
  await measure('hai', '1-1');
  await until(() => calls.length >= 3);
  assert.deepEqual(
    calls.map(({ path }) => path),
    ['/lai/Observation/mot', '/lai/Observation/mot', '/lai/Observation/hai'],
  );
  await world.send('DELETE', '/fhir/Subscription/lai');
});

test('given up, it is in error and says why; asked for again, nothing is lost, also over a restart', async () => {
  await subscribe(subscription('chet', 'Observation?code=2-2'));
  answers = [503, 503, 503, 503];
  await measure('ba', '2-2');
  const failed = await until(async () => {
    const found = await statusOf('chet');
    return found.status === 'error' ? found : undefined;
  });
  assert.match(failed.error, /HTTP 503/);
  await world.stop();
  calls = [];
  answers = [];
  world = await open();
  assert.equal(calls.length, 0);
  await subscribe(subscription('chet', 'Observation?code=2-2'));
  const call = await until(() => calls[0]);
  assert.equal(call.path, '/chet/Observation/ba');
  assert.equal((await statusOf('chet')).error, undefined);
  await world.send('DELETE', '/fhir/Subscription/chet');
});

test('off and ended subscriptions are told nothing', async () => {
  const ended = subscription('het', 'Observation?code=3-3', {}, { end: '2020-01-01T00:00:00Z' });
  assert.equal((await world.send('PUT', '/fhir/Subscription/het', ended)).status, 201);
  await subscribe(subscription('tat', 'Observation?code=3-3'));
  await world.send('PUT', '/fhir/Subscription/tat', {
    ...subscription('tat', 'Observation?code=3-3'),
    status: 'off',
  });
  await subscribe(subscription('con', 'Observation?code=3-3'));
  await measure('bon', '3-3');
  await until(() => calls.length > 0);
  await world.program.kernel.events.settled();
  assert.deepEqual(
    calls.map(({ path }) => path),
    ['/con/Observation/bon'],
  );
  assert.equal((await statusOf('het')).status, 'requested', 'what has ended is not begun');
  for (const id of ['het', 'tat', 'con']) await world.send('DELETE', `/fhir/Subscription/${id}`);
});

test('criteria whose own parameter was retired are told as an error, and hold up nobody else', async () => {
  const parameter = (status: string) => ({
    resourceType: 'SearchParameter',
    id: 'rieng',
    url: 'http://example.org/rieng',
    name: 'rieng',
    status,
    description: 'rieng',
    code: 'rieng',
    base: ['Observation'],
    type: 'token',
    expression: 'Observation.status',
  });
  await world.send('PUT', '/fhir/SearchParameter/rieng', parameter('active'));
  const looks = () => world.send('GET', '/fhir/Observation?rieng=final');
  await until(async () => (await looks()).status === 200);
  await subscribe(subscription('hong', 'Observation?rieng=final'));
  await subscribe(subscription('lanh', 'Observation?code=4-4'));
  await world.send('PUT', '/fhir/SearchParameter/rieng', parameter('retired'));
  await until(async () => (await looks()).status === 400);
  await measure('nam', '4-4');
  await until(async () => (await statusOf('hong')).status === 'error');
  await until(() => calls.find(({ path }) => path === '/lanh/Observation/nam'));
  for (const id of ['hong', 'lanh']) await world.send('DELETE', `/fhir/Subscription/${id}`);
});

test('what could not be carried out is refused when it is written, with its place', async () => {
  const wrong: [object, string][] = [
    [subscription('x', 'Nothing?code=1'), 'Subscription.criteria'],
    [subscription('x', 'Observation?colour=red'), 'Subscription.criteria'],
    [subscription('x', 'Observation?_sort=date'), 'Subscription.criteria'],
    [
      subscription('x', 'Observation', { type: 'email', endpoint: 'mailto:a@b' }),
      'Subscription.channel.type',
    ],
    [subscription('x', 'Observation', { endpoint: undefined }), 'Subscription.channel.endpoint'],
    [subscription('x', 'Observation', { endpoint: 'http://10.0.0.1/hook' }), 'Subscription.channel.endpoint'],
    [
      subscription('x', 'Observation', { endpoint: 'https://localhost/hook' }),
      'Subscription.channel.endpoint',
    ],
    [subscription('x', 'Observation', { payload: 'text/plain' }), 'Subscription.channel.payload'],
    [subscription('x', 'Observation', { header: ['Host: other'] }), 'Subscription.channel.header[0]'],
  ];
  for (const [body, place] of wrong) {
    const answer = await world.send('PUT', '/fhir/Subscription/x', body);
    assert.equal(answer.status, 422, answer.text);
    assert.deepEqual(answer.body.issue[0].expression, [place]);
  }
});

test('nobody subscribes to what he may not search', async () => {
  const narrow = {
    authorization: `Bearer ${await world.token('system/Subscription.cruds system/Patient.rs')}`,
  };
  const put = (criteria: string) =>
    world.bare('PUT', '/fhir/Subscription/hep', subscription('hep', criteria), narrow);
  assert.equal((await put('Observation?code=1')).status, 403);
  assert.equal((await put('Patient?gender=female')).status, 201);
});

test('what goes out with a person’s data is in the audit', async () => {
  const { rows } = await database.pool.query<{ what: string }>(
    "select what from audit where action = 'send' and patient = 'lan'",
  );
  assert.ok(rows.some(({ what }) => what === 'Observation/mach-1 → Subscription/mach'));
  assert.ok(!rows.some(({ what }) => what.includes('Subscription/trong')));
});
