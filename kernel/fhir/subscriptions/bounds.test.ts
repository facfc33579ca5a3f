/** Subscribers that would cost too much: each is bounded in time and memory, holds up nobody else, and is told why. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withDatabase } from '../../store/testing.ts';
import { type FhirWorld, openFhirWorld } from '../testing.ts';
import {
  openSubscriber,
  type Subscriber,
  topicSubscription,
  until,
  type Written,
} from './subscriber.testing.ts';

let peer: Subscriber;
/** Another host. */
let quick: Subscriber;
let world: FhirWorld;
before(async () => {
  peer = await openSubscriber();
  quick = await openSubscriber();
  world = await openFhirWorld({ peers: [peer.host, quick.host] }, { notificationPauses: [30_000] });
});
after(async () => {
  peer.stop();
  quick.stop();
  await world?.stop();
});

async function put(resource: Written): Promise<void> {
  const answer = await world.send('PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource);
  assert.ok([200, 201].includes(answer.status), answer.text);
}

const find = async (id: string) => (await world.send('GET', `/fhir/Subscription/${id}`)).body;
const isStatus = (id: string, status: string) =>
  until(async () => ((await find(id)).status === status ? true : undefined), `${id} is not ${status}`);

async function hook(id: string, wish = {}): Promise<void> {
  await put(topicSubscription(id, 'patient-registered', `http://${peer.host}/${id}`, wish));
  await isStatus(id, 'active');
}

test('an endpoint that is silent holds up nobody else', async () => {
  const slow = ['im-1', 'im-2', 'im-3', 'im-4', 'im-5', 'im-6'];
  for (const id of slow) {
    peer.answer(`/${id}`, 200, () => undefined);
    await hook(id, { timeout: 2 });
  }
  await put(topicSubscription('nhanh', 'patient-registered', `http://${quick.host}/nhanh`));
  await isStatus('nhanh', 'active');
  await put({ resourceType: 'Patient', id: 'mot' });
  await until(() => (quick.at('/nhanh').length >= 2 ? true : undefined));
  const called = () => slow.filter((id) => peer.at(`/${id}`).length >= 2).length;
  assert.ok(called() <= 4, 'one host is called four times at once');
  await until(() => (called() === slow.length ? true : undefined));
  for (const id of [...slow, 'nhanh']) await world.send('DELETE', `/fhir/Subscription/${id}`);
});

test('an answer without end is not read: its status counts', async () => {
  const flood = (status: number) => (response: import('node:http').ServerResponse) => {
    response.writeHead(status);
    const piece = Buffer.alloc(64 * 1024, 'x');
    const pour = () => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once('drain', pour);
    };
    response.on('error', () => undefined);
    pour();
  };
  peer.answer('/lon', flood(200), flood(200));
  await hook('lon');
  await put({ resourceType: 'Patient', id: 'hai' });
  await until(() => (peer.at('/lon').length >= 2 ? true : undefined));
  const { pool } = world.program.kernel;
  await until(async () =>
    (await pool.query("select from notification where subscription = 'lon'")).rowCount === 0
      ? true
      : undefined,
  );
  peer.answer('/lon', flood(500));
  await put({ resourceType: 'Patient', id: 'ba' });
  const failed = await until(async () => {
    const { rows } = await pool.query(
      "select error, answer from notification where subscription = 'lon' and tries > 0",
    );
    return rows[0];
  });
  assert.equal(failed.error, 'HTTP 500');
  assert.ok(failed.answer.length < 400, `${failed.answer.length}`);
  await world.send('DELETE', '/fhir/Subscription/lon');
});

test('criteria that match more than the subscriber takes end in error, and say so', async () => {
  peer.answer('/tat-ca', 500);
  await put({
    resourceType: 'Subscription',
    id: 'tat-ca',
    status: 'requested',
    reason: 'x',
    criteria: 'Patient',
    channel: { type: 'rest-hook', endpoint: `http://${peer.host}/tat-ca` },
  });
  await isStatus('tat-ca', 'active');
  await world.program.kernel.pool.query(
    `insert into notification (subscription, position, era, xid, n, type, id, due)
     select 'tat-ca', 'x' || i, 0, i, 0, 'Patient', 'p' || i, now() + interval '1 hour' from generate_series(1, 10000) i`,
  );
  await put({ resourceType: 'Patient', id: 'bon' });
  await isStatus('tat-ca', 'error');
  assert.match((await find('tat-ca')).error, /more than 10000 notifications wait/);
  await world.send('DELETE', '/fhir/Subscription/tat-ca');
  await world.program.kernel.events.settled();
});

test('a thousand subscriptions are served, the next are refused with a sentence; a change is matched against all of them', async () => {
  const entry = Array.from({ length: 1_003 }, (_, n) => ({
    resource: {
      resourceType: 'Subscription',
      id: `nhieu-${n}`,
      status: n < 1_000 ? 'active' : 'requested',
      reason: 'x',
      criteria: `Observation?code=x${n}`,
      channel: { type: 'websocket' },
    },
    request: { method: 'PUT', url: `Subscription/nhieu-${n}` },
  }));
  const answer = await world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry });
  assert.equal(answer.status, 200, answer.text);
  const count = async (status: string) =>
    (await world.send('GET', `/fhir/Subscription?status=${status}&_summary=count`)).body.total as number;
  await until(async () =>
    (await count('error')) === 3 && (await count('requested')) === 0 ? true : undefined,
  );
  const { body } = await world.send('GET', '/fhir/Subscription?status=error');
  assert.equal(body.entry.length, 3);
  assert.match(body.entry[0].resource.error, /1000 subscriptions are served already/);
  await put({ resourceType: 'Patient', id: 'nam' });
  await put({
    resourceType: 'Observation',
    id: 'o',
    status: 'final',
    code: { coding: [{ code: 'x7' }] },
    subject: { reference: 'Patient/nam' },
  });
  const { pool } = world.program.kernel;
  const told = await until(async () => {
    const { rows } = await pool.query<{ subscription: string }>(
      'select subscription from subscription_state where events = 1 and subscription like $1',
      ['nhieu-%'],
    );
    return rows[0] ? rows : undefined;
  });
  assert.deepEqual(told, [{ subscription: 'nhieu-7' }]);
});

test('a stop does not wait for an endpoint that says nothing', async () => {
  const own = await openFhirWorld({ peers: [peer.host] });
  peer.answer('/treo', () => undefined);
  await own.send(
    'PUT',
    '/fhir/Subscription/treo',
    topicSubscription('treo', 'patient-registered', `http://${peer.host}/treo`, { timeout: 60 }),
  );
  await until(() => (peer.at('/treo').length > 0 ? true : undefined));
  const began = Date.now();
  await own.stop();
  assert.ok(Date.now() - began < 20_000, 'the call would last a minute');
});

test('a topic that is not offered any more ends its subscriptions in error; a death that nobody told is told at the next start', async () => {
  const database = await withDatabase();
  try {
    const open = (now?: string) =>
      openFhirWorld(
        { databaseUrl: database.url, peers: [quick.host] },
        { notificationPauses: [], ...(now ? { now: () => new Date(now) } : {}) },
      );
    const statusOf = async (from: FhirWorld, id: string) =>
      (await from.send('GET', `/fhir/Subscription/${id}`)).body as { status: string; error?: string };
    const first = await open();
    for (const id of ['cu', 'chet']) {
      const wish = topicSubscription(id, 'encounter-end', `http://${quick.host}/${id}`);
      await first.send('PUT', `/fhir/Subscription/${id}`, wish);
      await until(async () => ((await statusOf(first, id)).status === 'active' ? true : undefined));
    }
    await first.stop();
    await database.pool.query(
      `insert into notification (subscription, position, era, xid, n, type, id, error, dead)
       values ('chet', 'x', 0, 1, 0, 'Encounter', 'e', 'HTTP 418', now())`,
    );
    const second = await open();
    const told = await until(async () => {
      const found = await statusOf(second, 'chet');
      return found.status === 'error' ? found : undefined;
    });
    assert.match(told.error!, /HTTP 418/);
    await second.stop();
    // Before the topics came into force.
    const third = await open('2025-12-01T00:00:00Z');
    const ended = await until(async () => {
      const found = await statusOf(third, 'cu');
      return found.status === 'error' ? found : undefined;
    });
    assert.match(ended.error!, /not offered/);
    await third.stop();
  } finally {
    await database.stop();
  }
});
