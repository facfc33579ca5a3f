/** Topic-based subscriptions by the R5 backport IG 1.1.0, over rest-hook: a subscriber that speaks the protocol, and that misbehaves. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestDatabase, withDatabase } from '../../store/testing.ts';
import { type FhirWorld, issueOf, openFhirWorld } from '../testing.ts';
import type { Resource } from '../types.ts';
import { validateResource } from '../validation/index.ts';
import {
  openSubscriber,
  type Read,
  readNotification,
  type Subscriber,
  type TopicWish,
  topicSubscription,
  until,
  type Written,
} from './subscriber.testing.ts';

let peer: Subscriber;
let database: TestDatabase;
let world: FhirWorld;

before(async () => {
  peer = await openSubscriber();
  database = await withDatabase();
  world = await openFhirWorld(
    { databaseUrl: database.url, peers: [peer.host] },
    { notificationPauses: [20, 20] },
  );
  for (const id of ['lan', 'minh'])
    await world.send('PUT', `/fhir/Patient/${id}`, { resourceType: 'Patient', id, name: [{ text: id }] });
});
after(async () => {
  peer.stop();
  await world?.stop();
  await database.stop();
});

const wanted = (id: string, topic: string, wish: TopicWish = {}) =>
  topicSubscription(id, topic, `http://${peer.host}/${id}`, wish);
const find = async (id: string) => (await world.send('GET', `/fhir/Subscription/${id}`)).body;
const isStatus = (id: string, status: string) =>
  until(async () => ((await find(id)).status === status ? true : undefined), `${id} is not ${status}`);

async function put(resource: Written): Promise<void> {
  const answer = await world.send('PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource);
  assert.ok([200, 201].includes(answer.status), answer.text);
}

async function subscribe(id: string, topic: string, wish: TopicWish = {}): Promise<void> {
  await put(wanted(id, topic, wish));
  await isStatus(id, 'active');
}

const told = (id: string): Read[] => peer.at(`/${id}`).map(({ body }) => readNotification(body));
const events = (id: string) => told(id).filter(({ type }) => type === 'event-notification');

const visit = (id: string, status: string, patient = 'lan') => ({
  resourceType: 'Encounter',
  id,
  status,
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  subject: { reference: `Patient/${patient}` },
});

test('"After a successful handshake … the server SHALL update the status to active"', async () => {
  await subscribe('chao', 'encounter-end');
  const [first] = told('chao');
  assert.deepEqual(
    [first!.type, first!.status, first!.events, first!.told, first!.entries],
    ['handshake', 'requested', 0, [], []],
  );
  const { method, headers } = peer.at('/chao')[0]!;
  assert.deepEqual([method, headers['content-type']], ['POST', 'application/fhir+json']);
});

test('"Any errors in the initial handshake SHALL result in the status being changed to error"', async () => {
  for (const [id, answer] of [
    ['tu-choi', 500],
    ['chuyen', 302],
    ['cat', 'cut'],
  ] as const) {
    peer.answer(`/${id}`, answer);
    await put(wanted(id, 'encounter-end'));
    await isStatus(id, 'error');
    assert.match((await find(id)).error, /handshake/);
  }
  await put(wanted('tu-choi', 'encounter-end'));
  await isStatus('tu-choi', 'active');
});

test('an endpoint that drips its answer is given up after the subscription’s timeout', async () => {
  peer.answer('/nho-giot', (response) => {
    response.writeHead(500);
    const drip = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drip));
  });
  peer.answer('/im', () => undefined);
  await put(wanted('nho-giot', 'encounter-end', { timeout: 1 }));
  await put(wanted('im', 'encounter-end', { timeout: 1 }));
  await isStatus('nho-giot', 'error');
  await isStatus('im', 'error');
});

test('an active status that a client writes itself does not get around the handshake', async () => {
  peer.answer('/tu-bat', 404);
  await put(wanted('tu-bat', 'encounter-end', { status: 'active' }));
  await isStatus('tu-bat', 'error');
  assert.equal(told('tu-bat')[0]!.type, 'handshake');
});

test('a topic tells of the step that it names, not of every change: the focus and the event’s number, no data', async () => {
  await subscribe('ra-vien', 'encounter-end');
  await put(visit('luot-1', 'in-progress'));
  await put(visit('luot-1', 'finished'));
  await put({ ...visit('luot-1', 'finished'), language: 'vi' });
  await put(visit('luot-2', 'finished'));
  const seen = await until(() => (events('ra-vien').length >= 2 ? events('ra-vien') : undefined));
  assert.deepEqual(
    seen.map((one) => [one.events >= one.told[0]!.number!, one.told[0]!.number, one.told[0]!.focus]),
    [
      [true, 1, 'Encounter/luot-1'],
      [true, 2, 'Encounter/luot-2'],
    ],
  );
  assert.deepEqual(seen[0]!.told[0]!.context, ['Patient/lan']);
  assert.equal(seen[0]!.topic, 'http://yba.vn/fhir/SubscriptionTopic/encounter-end');
  assert.ok(seen.every(({ entries }) => entries.every(({ resource }) => resource === undefined)));
});

test('filters narrow a topic, in every form that the IG knows', async () => {
  await subscribe('loc-1', 'encounter-end', { filters: ['Encounter?patient=Patient/minh'] });
  await subscribe('loc-2', 'encounter-end', { filters: ['patient=Patient/minh', 'Encounter.class=AMB'] });
  await subscribe('loc-3', 'encounter-end', { filters: ['patient=Patient/minh', 'class:not=AMB'] });
  await put(visit('cua-lan', 'finished', 'lan'));
  await put(visit('cua-minh', 'finished', 'minh'));
  for (const id of ['loc-1', 'loc-2']) {
    const [first] = await until(() => (events(id).length > 0 ? events(id) : undefined));
    assert.equal(first!.told[0]!.focus, 'Encounter/cua-minh');
  }
  await world.program.kernel.events.settled();
  assert.deepEqual(events('loc-3'), []);
});

test('a full-resource notification has the focus as the event left it, and what the topic includes; it is a valid history Bundle', async () => {
  await subscribe('day-du', 'encounter-end', { content: 'full-resource' });
  await put(visit('luot-3', 'finished'));
  await until(() => (events('day-du').length > 0 ? true : undefined));
  const { body, headers } = peer.at('/day-du').at(-1)!;
  const [{ entries }] = events('day-du') as [Read];
  assert.deepEqual(
    entries.map(({ url, resource, request, status }) => [url, resource?.id, request, status]),
    [
      ['Encounter/luot-3', 'luot-3', { method: 'POST', url: 'Encounter' }, '201'],
      ['Patient/lan', 'lan', { method: 'GET', url: 'Patient/lan' }, '200'],
    ],
  );
  const bundle = JSON.parse(body) as Resource;
  assert.deepEqual(validateResource(bundle), []);
  assert.equal(headers['x-yba-subscription'], 'Subscription/day-du');
  const { rows } = await database.pool.query<{ what: string }>(
    "select what from audit where action = 'send' and patient = 'lan' and what like '%day-du'",
  );
  assert.deepEqual(rows.map(({ what }) => what.split(' ')[0]).sort(), ['Encounter/luot-3', 'Patient/lan']);
});

test('an empty notification names neither topic nor focus', async () => {
  await subscribe('rong', 'encounter-end', { content: 'empty' });
  await put(visit('luot-4', 'finished'));
  const [one] = await until(() => (events('rong').length > 0 ? events('rong') : undefined));
  assert.deepEqual([one!.topic, one!.told[0]!.focus, one!.entries], [undefined, undefined, []]);
  assert.equal(one!.told[0]!.number, 1);
});

test('events that wait go together up to max-count, in their order', async () => {
  peer.answer('/goi', 200, 503);
  await subscribe('goi', 'encounter-end', { maxCount: 3 });
  const entry = Array.from({ length: 5 }, (_, n) => ({
    resource: visit(`goi-${n}`, 'finished'),
    request: { method: 'PUT', url: `Encounter/goi-${n}` },
  }));
  const answer = await world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry });
  assert.equal(answer.status, 200, answer.text);
  const taken = await until(() => {
    const all = events('goi').slice(1);
    return all.flatMap((one) => one.told).length >= 5 ? all : undefined;
  });
  assert.deepEqual(
    taken.map((one) => one.told.map(({ number }) => number)),
    [
      [1, 2, 3],
      [4, 5],
    ],
  );
  assert.equal(taken[0]!.events, 5);
});

test('heartbeats come at their period, and count no event', async () => {
  await subscribe('nhip', 'encounter-end', { heartbeat: 1 });
  const beats = await until(() => {
    const all = told('nhip').filter(({ type }) => type === 'heartbeat');
    return all.length >= 2 ? all : undefined;
  });
  assert.deepEqual([beats[0]!.status, beats[0]!.events, beats[0]!.told], ['active', 0, []]);
  await world.send('DELETE', '/fhir/Subscription/nhip');
});

test('in error events are counted on, and nothing is sent until it is asked for again', async () => {
  await subscribe('hong', 'encounter-end');
  peer.answer('/hong', 503, 503, 503);
  await put(visit('luot-5', 'finished'));
  await isStatus('hong', 'error');
  await put(visit('luot-6', 'finished'));
  await world.program.kernel.events.settled();
  await put(wanted('hong', 'encounter-end'));
  await isStatus('hong', 'active');
  const again = await until(() => {
    const all = told('hong').slice(4);
    return all.length >= 2 ? all : undefined;
  });
  assert.deepEqual([again[0]!.type, again[0]!.events], ['handshake', 2]);
  assert.deepEqual([again[1]!.told[0]!.number, again[1]!.told[0]!.focus], [1, 'Encounter/luot-5']);
});

test('what happens while a subscription that was active is asked for again is told after the handshake', async () => {
  await subscribe('lai', 'encounter-end');
  let greet: () => void = () => undefined;
  peer.answer('/lai', (response) => (greet = () => response.writeHead(200).end()));
  await put(wanted('lai', 'encounter-end'));
  await until(() => (peer.at('/lai').length >= 2 ? true : undefined));
  await put(visit('luot-7', 'finished'));
  await world.program.kernel.events.settled();
  assert.equal(peer.at('/lai').length, 2);
  greet();
  const [event] = await until(() => (events('lai').length > 0 ? events('lai') : undefined));
  assert.equal(event!.told[0]!.focus, 'Encounter/luot-7');
});

test('authorisation is asked again: a client that was closed is told nothing more, and why stands in the subscription', async () => {
  const { clients } = world.program.house.access;
  await clients.add({ id: 'khach', name: 'k', secret: 'secret-of-khach-1', scopes: 'system/*.cruds' });
  const basic = Buffer.from('khach:secret-of-khach-1').toString('base64');
  const grant = await fetch(`${world.program.address}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization: `Basic ${basic}` },
  });
  const { access_token: token } = (await grant.json()) as { access_token: string };
  const own = { authorization: `Bearer ${token}` };
  const written = await world.bare(
    'PUT',
    '/fhir/Subscription/cua-khach',
    wanted('cua-khach', 'encounter-end'),
    own,
  );
  assert.equal(written.status, 201, written.text);
  await isStatus('cua-khach', 'active');
  await clients.setActive('khach', false);
  await isStatus('cua-khach', 'error');
  assert.match((await find('cua-khach')).error, /was closed/);
});

test('what cannot be carried out is refused when it is written, with its place and a sentence', async () => {
  const bare = wanted('x', 'encounter-end');
  const wrong: [object, string, RegExp][] = [
    [wanted('x', 'nothing'), 'Subscription.criteria', /encounter-end/],
    [wanted('x', 'encounter-end', { filters: ['Encounter?length=gt5'] }), 'Subscription.criteria', /patient/],
    [wanted('x', 'encounter-end', { filters: ['Patient?name=x'] }), 'Subscription.criteria', /filter/],
    [wanted('x', 'encounter-end', { filters: ['patient:missing=true'] }), 'Subscription.criteria', /filter/],
    [wanted('x', 'encounter-end', { filters: ['&'] }), 'Subscription.criteria', /filter/],
    [{ ...bare, criteria: 'Encounter?status=finished' }, 'Subscription.criteria', /topic/],
    [
      wanted('x', 'encounter-end', { channel: { type: 'email', endpoint: 'mailto:a@b.vn' } }),
      'Subscription.channel.type',
      /rest-hook and websocket/,
    ],
    [
      wanted('x', 'encounter-end', { channel: { endpoint: 'https://10.0.0.1/x' } }),
      'Subscription.channel.endpoint',
      /Internal/,
    ],
    [wanted('x', 'encounter-end', { content: 'everything' }), 'Subscription.channel.payload', /id-only/],
    [
      wanted('x', 'encounter-end', { channel: { payload: 'application/fhir+json; fhirVersion=4.3' } }),
      'Subscription.channel.payload',
      /4\.0/,
    ],
    [wanted('x', 'encounter-end', { heartbeat: 0 }), 'Subscription.channel', /heartbeat/],
  ];
  for (const [body, place, sentence] of wrong) {
    const answer = await world.send('PUT', '/fhir/Subscription/x', body);
    assert.equal(answer.status, 422, JSON.stringify(body));
    assert.deepEqual(issueOf(answer).expression, [place]);
    assert.match(issueOf(answer).diagnostics!, sentence);
    assert.ok((issueOf(answer).details?.text ?? '').length > 5);
  }
});

test('nobody subscribes to a topic whose focus or included resources he may not search', async () => {
  const narrow = async (scopes: string) => ({
    authorization: `Bearer ${await world.token(`system/Subscription.cruds ${scopes}`)}`,
  });
  const tryIt = async (scopes: string) =>
    (await world.bare('PUT', '/fhir/Subscription/hep', wanted('hep', 'encounter-end'), await narrow(scopes)))
      .status;
  assert.equal(await tryIt('system/Encounter.rs'), 403);
  assert.equal(await tryIt('system/Encounter.rs system/Patient.rs'), 201);
});
