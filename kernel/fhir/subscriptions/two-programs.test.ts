/** Two programs on one database, both following: each event is told once, in order, whoever wrote and whoever follows. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestDatabase, withDatabase } from '../../store/testing.ts';
import { type FhirWorld, openFhirWorld } from '../testing.ts';
import {
  openSubscriber,
  readNotification,
  type Subscriber,
  topicSubscription,
  until,
} from './subscriber.testing.ts';

let peer: Subscriber;
let database: TestDatabase;
let worlds: FhirWorld[];
before(async () => {
  peer = await openSubscriber();
  database = await withDatabase();
  const open = () => openFhirWorld({ databaseUrl: database.url, peers: [peer.host] });
  worlds = [await open(), await open()];
});
after(async () => {
  peer.stop();
  for (const world of worlds ?? []) await world.stop();
  await database.stop();
});

test('events of two programs are told once each, numbered without a gap, in their order', async () => {
  const [one, two] = worlds as [FhirWorld, FhirWorld];
  const wish = topicSubscription('hai', 'patient-registered', `http://${peer.host}/hai`, { maxCount: 5 });
  assert.equal((await two.send('PUT', '/fhir/Subscription/hai', wish)).status, 201);
  await until(async () =>
    (await one.send('GET', '/fhir/Subscription/hai')).body.status === 'active' ? true : undefined,
  );
  const write = (n: number) =>
    worlds[n % 2]!.send('PUT', `/fhir/Patient/p${n}`, { resourceType: 'Patient', id: `p${n}` });
  await Promise.all(Array.from({ length: 40 }, (_, n) => write(n)));
  const told = () =>
    peer
      .at('/hai')
      .map(({ body }) => readNotification(body))
      .filter(({ type }) => type === 'event-notification')
      .flatMap((read) => read.told);
  await until(() => (told().length >= 40 ? true : undefined));
  await Promise.all(worlds.map(({ program }) => program.kernel.events.settled()));
  assert.deepEqual(
    told().map(({ number }) => number),
    Array.from({ length: 40 }, (_, n) => n + 1),
  );
  assert.equal(new Set(told().map(({ focus }) => focus)).size, 40);
});

test('a heartbeat comes once a period, not once for each program', async () => {
  const wish = topicSubscription('nhip', 'patient-registered', `http://${peer.host}/nhip`, { heartbeat: 2 });
  await worlds[0]!.send('PUT', '/fhir/Subscription/nhip', wish);
  const beats = () =>
    peer
      .at('/nhip')
      .map(({ body }) => readNotification(body))
      .filter(({ type }) => type === 'heartbeat').length;
  await until(() => (beats() >= 1 ? true : undefined));
  const { rows } = await database.pool.query<{ ahead: boolean }>(
    "select beat > clock_timestamp() as ahead from subscription_state where subscription = 'nhip'",
  );
  assert.deepEqual([rows[0]!.ahead, beats()], [true, 1]);
});
