/** Websockets: R4's `bind` and `ping`, the R5 backport's tokens and notifications, over two programs on one database. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type TestDatabase, withDatabase } from '../../store/testing.ts';
import { type FhirWorld, openFhirWorld } from '../testing.ts';
import { openSocket, type SocketClient } from './socket.testing.ts';
import { topicSubscription, until, type Written } from './subscriber.testing.ts';

let database: TestDatabase;
let world: FhirWorld;
/** A second program on the same database. */
let other: FhirWorld;
let bearer: string;

before(async () => {
  database = await withDatabase();
  world = await openFhirWorld({ databaseUrl: database.url });
  other = await openFhirWorld({ databaseUrl: database.url });
  bearer = `Bearer ${await world.token()}`;
  await put({ resourceType: 'Patient', id: 'lan' });
  await subscribe({
    resourceType: 'Subscription',
    id: 'mach',
    status: 'requested',
    reason: 'x',
    criteria: 'Observation?code=8867-4',
    channel: { type: 'websocket' },
  });
  await subscribe(topicSubscription('ra', 'encounter-end', undefined, { content: 'full-resource' }));
});
after(async () => {
  await world?.stop();
  await other?.stop();
  await database.stop();
});

async function put(resource: Written, to = world): Promise<void> {
  const answer = await to.send('PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource);
  assert.ok([200, 201].includes(answer.status), answer.text);
}

async function subscribe(resource: Written): Promise<void> {
  await put(resource);
  await until(async () =>
    (await world.send('GET', `/fhir/Subscription/${resource.id}`)).body.status === 'active'
      ? true
      : undefined,
  );
}

const pulse = (id: string, code = '8867-4') => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code }] },
  subject: { reference: 'Patient/lan' },
});
const visit = (id: string) => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { code: 'AMB' },
  subject: { reference: 'Patient/lan' },
});

async function tokenFor(id: string, authorization = bearer): Promise<string> {
  const { body } = await world.bare('GET', `/fhir/Subscription/${id}/$get-ws-binding-token`, undefined, {
    authorization,
  });
  return body.parameter.find(({ name }: { name: string }) => name === 'token').valueString;
}

const outcomeOf = async (socket: SocketClient) =>
  JSON.parse(await socket.hears(/OperationOutcome/)).issue[0] as { code: string; diagnostics: string };

test('R4: /metadata says where; "bind <id>" is answered "bound <id>", each match is a "ping <id>"', async () => {
  const { body } = await world.bare('GET', '/fhir/metadata');
  const url = body.rest[0].extension[0];
  assert.equal(url.url, 'http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket');
  assert.equal(url.valueUri, `${world.program.address.replace('http', 'ws')}/fhir/ws`);
  const socket = await openSocket(world.program.address, bearer);
  socket.say('bind mach');
  await socket.hears(/^bound mach$/);
  await put(pulse('m1'));
  await put(pulse('khac', '1-1'));
  await put(pulse('m2'), other);
  await until(() => (socket.heard.length >= 3 ? true : undefined));
  assert.deepEqual(socket.heard, ['bound mach', 'ping mach', 'ping mach']);
  assert.match((await world.bare('GET', '/metrics')).text, /^yba_websockets 1$/m);
  socket.say('unbind mach');
  await socket.hears(/^unbound mach$/);
  socket.ws.close();
});

test('a socket at either program hears what was written at either', async () => {
  const sockets = await Promise.all([world, other].map(({ program }) => openSocket(program.address, bearer)));
  for (const socket of sockets) {
    socket.say('bind ra');
    await socket.hears(/^bound ra$/);
    await socket.hears(/handshake/);
  }
  await put(visit('l1'));
  await put(visit('l2'), other);
  for (const socket of sockets) {
    await until(() => (socket.notifications().length >= 3 ? true : undefined));
    const [handshake, ...events] = socket.notifications();
    assert.deepEqual([handshake!.type, handshake!.status], ['handshake', 'active']);
    assert.deepEqual(
      events.map(({ type, told, entries }) => [type, told[0]!.focus, entries[0]!.resource?.id]),
      [
        ['event-notification', 'Encounter/l1', 'l1'],
        ['event-notification', 'Encounter/l2', 'l2'],
      ],
    );
    assert.equal(events[1]!.told[0]!.number, events[0]!.told[0]!.number! + 1);
    socket.ws.close();
  }
  const { rows } = await database.pool.query<{ who: string }>(
    "select who from audit where action = 'send' and what = 'Encounter/l1 → Subscription/ra'",
  );
  assert.deepEqual(new Set(rows.map(({ who }) => who)), new Set(['tester']));
});

test('IG: a client without a header binds with a token, at any program; heartbeats come', async () => {
  await subscribe(topicSubscription('nhip', 'encounter-end', undefined, { content: 'empty', heartbeat: 1 }));
  const socket = await openSocket(other.program.address);
  socket.say(`bind-with-token ${await tokenFor('nhip')}`);
  await until(() => (socket.notifications().some(({ type }) => type === 'heartbeat') ? true : undefined));
  const [first] = socket.notifications();
  assert.deepEqual(
    [first!.type, first!.topic],
    ['handshake', 'http://yba.vn/fhir/SubscriptionTopic/encounter-end'],
  );
  await put(visit('l3'));
  const event = await until(() => socket.notifications().find(({ type }) => type === 'event-notification'));
  assert.deepEqual([event.topic, event.told[0]!.focus, event.entries], [undefined, undefined, []]);
  socket.ws.close();
});

test('nobody is bound without proof, with the proof of another, or to what he may not hear: an OperationOutcome says why', async () => {
  const stranger = await openSocket(world.program.address);
  stranger.say('bind mach');
  assert.equal((await outcomeOf(stranger)).code, 'login');
  stranger.say('bind-with-token not-a-token');
  await until(() => (stranger.heard.length >= 2 ? true : undefined));
  stranger.ws.close();

  await assert.rejects(openSocket(world.program.address, 'Bearer nonsense'), /401 .*OperationOutcome/);
  const access = bearer.slice('Bearer '.length);
  const thief = await openSocket(world.program.address);
  thief.say(`bind-with-token ${access}`);
  assert.equal((await outcomeOf(thief)).code, 'login', 'an access token is no binding token');
  thief.ws.close();

  const narrow = `Bearer ${await world.token('system/Subscription.rs system/Patient.rs')}`;
  const narrowed = await openSocket(world.program.address, narrow);
  narrowed.say('bind ra');
  assert.match((await outcomeOf(narrowed)).diagnostics, /Encounter/);
  narrowed.ws.close();
  const blind = await openSocket(
    world.program.address,
    `Bearer ${await world.token('system/Observation.rs')}`,
  );
  blind.say('bind mach');
  assert.equal((await outcomeOf(blind)).code, 'forbidden');
  blind.ws.close();
});

test('what does not exist, is off, or has another channel is not bound; words that are none are refused', async () => {
  await put({ ...topicSubscription('tat', 'encounter-end', undefined), status: 'off' });
  for (const [word, sentence] of [
    ['bind nobody', /nobody/],
    ['bind tat', /off/],
    ['hello', /Not understood/],
    ['bind', /Not understood/],
    [`bind ${'x'.repeat(5_000)}`, /Not understood/],
  ] as const) {
    const socket = await openSocket(world.program.address, bearer);
    socket.say(word);
    assert.match((await outcomeOf(socket)).diagnostics, sentence);
    socket.ws.close();
  }
});

test('a client that was closed is not bound by a token that it still has', async () => {
  await world.program.house.access.clients.add({
    id: 'khach',
    name: 'k',
    secret: 'secret-of-khach-1',
    scopes: 'system/*.rs',
  });
  const actor = { ...(await actorOf('khach')) };
  const binding = await (await tokensOf()).make(actor, ['mach']);
  await world.program.house.access.clients.setActive('khach', false);
  const socket = await openSocket(world.program.address);
  socket.say(`bind-with-token ${binding.token}`);
  assert.equal((await outcomeOf(socket)).code, 'login');
  socket.ws.close();
});

async function actorOf(id: string) {
  const { parseScope } = await import('../../access/scopes.ts');
  return {
    id,
    name: id,
    roles: ['system-client' as const],
    unit: null,
    practitioner: null,
    ip: '',
    scopes: [parseScope('system/*.rs')!],
    purpose: { code: 'TREAT' },
  };
}

async function tokensOf() {
  const { openBindingTokens } = await import('./binding-token.ts');
  return openBindingTokens(world.program.house.access.oidc.keys.all, () => new Date());
}

test('floods are bounded: large frames, many words, many guesses, many sockets of one client', async () => {
  const large = await openSocket(world.program.address, bearer);
  large.say(`bind ${'x'.repeat(20_000)}`);
  assert.equal((await large.closed).code, 1009);

  const many = await openSocket(world.program.address, bearer);
  for (let n = 0; n < 1_000; n++) many.say('bind mach');
  assert.equal((await many.closed).code, 1008);

  const guesses = await openSocket(world.program.address);
  for (let n = 0; n < 30; n++) guesses.say(`bind-with-token guess-${n}`);
  const { code, reason } = await guesses.closed;
  assert.equal(code, 1008);
  assert.match(reason, /too many/);

  const strangers: SocketClient[] = [];
  await assert.rejects(async () => {
    for (let n = 0; n < 20; n++) strangers.push(await openSocket(world.program.address));
  }, /429 .*websockets open/);
  assert.equal(strangers.length, 10);
  for (const { ws } of strangers) ws.terminate();
});

test('a refused upgrade leaves no half open line behind', async () => {
  const { hostname, port } = new URL(world.program.address);
  const raw = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  raw.on('error', () => undefined);
  raw.write(
    `GET /fhir/ws HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer x\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  );
  const [head] = (await once(raw, 'data')) as [Buffer];
  assert.match(head.toString(), /^HTTP\/1\.1 401 /);
  await once(raw, 'end');
  // The other side is gone: what we still say comes back as a reset, not into an open ear.
  const gone = new Promise((resolve) => raw.on('close', resolve));
  const talk = setInterval(() => raw.write('x'), 20);
  await gone;
  clearInterval(talk);
});

test('a stranger that says nothing is sent away, also one that never ends its frame', async () => {
  const { hostname, port } = new URL(world.program.address);
  const raw = connect(Number(port), hostname);
  raw.write(
    `GET /fhir/ws HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  );
  raw.on('error', () => undefined);
  raw.once('data', () => raw.write(Buffer.from([0x81, 0xfe, 0x10, 0x00, 1, 2, 3, 4, 5])));
  const silent = await openSocket(world.program.address);
  const ended = new Promise((resolve) => raw.on('close', resolve));
  assert.match((await silent.closed).reason, /nothing is bound/);
  await ended;
});

test('a slow reader costs no more than its backlog, and hears everything when it reads on', async () => {
  await subscribe(
    topicSubscription('cham', 'patient-changed', undefined, {
      content: 'full-resource',
      filters: ['_id=to'],
    }),
  );
  const socket = await openSocket(world.program.address, bearer);
  socket.say('bind cham');
  await socket.hears(/handshake/);
  socket.ws.pause();
  const text = {
    status: 'generated',
    div: `<div xmlns="http://www.w3.org/1999/xhtml">${'x'.repeat(400_000)}</div>`,
  };
  for (let n = 0; n < 30; n++)
    await put({ resourceType: 'Patient', id: 'to', text, name: [{ text: `${n}` }] });
  await world.program.kernel.events.settled();
  await pause(300);
  const before = process.memoryUsage().arrayBuffers;
  assert.ok(before < 200 * 1024 * 1024, `${before} bytes`);
  socket.ws.resume();
  await until(() => (socket.notifications().length >= 30 ? true : undefined), `${socket.heard.length}`);
  assert.deepEqual(
    socket
      .notifications()
      .slice(1)
      .map(({ told }) => told[0]!.number),
    Array.from({ length: 29 }, (_, n) => n + 1),
  );
  socket.ws.terminate();
});

test('every other upgrade that is offered is answered as a plain request', async () => {
  const { request } = await import('node:http');
  const { hostname, port } = new URL(world.program.address);
  const ask = (path: string, upgrade: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        { hostname, port, path, headers: { connection: 'Upgrade', upgrade } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      sent.on('error', reject).end();
    });
  assert.equal(await ask('/fhir/metadata', 'h2c'), 200);
  assert.equal(await ask('/fhir/metadata', 'websocket'), 200);
  assert.equal(await ask('/fhir/ws', 'h2c'), 401);
  const plain = await world.send('GET', '/fhir/ws');
  assert.equal(plain.status, 400);
});

test('a stop of the program ends its websockets at once', async () => {
  const third = await openFhirWorld({ databaseUrl: database.url });
  const socket = await openSocket(third.program.address, bearer);
  socket.say('bind mach');
  await socket.hears(/^bound mach$/);
  const began = Date.now();
  const stopped = third.stop();
  assert.equal((await socket.closed).code, 1001);
  assert.ok(Date.now() - began < 5_000);
  await stopped;
});
