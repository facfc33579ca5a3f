/** What could not be told after all tries: kept, seen and repaired by an operator. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../testing.ts';
import { EventLog } from './event-log.ts';
import { Outbox } from './outbox.ts';
import {
  openSubscriber,
  type Subscriber,
  topicSubscription,
  until,
  type Written,
} from './subscriber.testing.ts';

const PASSWORD = 'Mật khẩu thử 2026!';
let peer: Subscriber;
let world: FhirWorld;
before(async () => {
  peer = await openSubscriber();
  world = await openFhirWorld({ peers: [peer.host] }, { notificationPauses: [10] });
});
after(async () => {
  peer.stop();
  await world?.stop();
});

async function put(resource: Written): Promise<void> {
  const answer = await world.send('PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource);
  assert.ok([200, 201].includes(answer.status), answer.text);
}

const isStatus = (id: string, status: string) =>
  until(async () =>
    (await world.send('GET', `/fhir/Subscription/${id}`)).body.status === status ? true : undefined,
  );

/** A subscription to new persons whose endpoint fails at the next event. */
async function failing(id: string): Promise<void> {
  peer.answer(`/${id}`, 200, 503, (response) => response.writeHead(500).end('no room\n\tat all'));
  await put(
    topicSubscription(id, 'patient-registered', `http://${peer.host}/${id}`, {
      filters: [`identifier=${id}`],
    }),
  );
  await isStatus(id, 'active');
  // In one transaction: the first that fails ends the subscription, which would not hear of a later one.
  const entry = [1, 2].map((n) => ({
    request: { method: 'PUT', url: `Patient/${id}-${n}` },
    resource: { resourceType: 'Patient', id: `${id}-${n}`, identifier: [{ system: 'urn:x', value: id }] },
  }));
  const made = await world.send('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry });
  assert.equal(made.status, 200, made.text);
  await isStatus(id, 'error');
}

async function signedIn(role: 'province-operator' | 'doctor') {
  const { accounts } = world.program.house.access;
  const id = `${role}.x`;
  if ((await accounts.read(id)) === null)
    await accounts.add({ id, name: id, roles: [role], unit: null, practitioner: null, password: PASSWORD });
  const json = { 'content-type': 'application/json' };
  const answer = await world.bare('POST', '/api/access/sign-in', { username: id, password: PASSWORD }, json);
  const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
  return (method: string, path: string, body?: object) =>
    world.bare(method, path, body, { cookie, ...(body ? json : {}) });
}

test('a dead letter is listed with its cause and the last answer, counted in /metrics, and holds back what came later', async () => {
  await failing('hong');
  const operator = await signedIn('province-operator');
  const { body } = await operator('GET', '/api/subscriptions/dead?subscription=hong');
  const [letter] = body.dead;
  assert.deepEqual(
    [
      letter.subscription,
      letter.type,
      letter.id,
      letter.number,
      letter.tries,
      letter.error,
      letter.answer,
      letter.behind,
    ],
    ['hong', 'Patient', 'hong-1', 1, 2, 'HTTP 500', 'HTTP 500: no room at all', 1],
  );
  const { body: list } = await operator('GET', '/api/subscriptions');
  const [first] = list.subscriptions;
  assert.deepEqual([first.id, first.status, first.waiting, first.dead], ['hong', 'error', 2, 1]);
  assert.match(first.error, /HTTP 500/);
  const { text } = await world.bare('GET', '/metrics');
  assert.match(text, /^yba_notifications_dead 1$/m);
  assert.match(text, /^yba_notifications_oldest_seconds \d/m);
});

test('retried, it goes out first, then what waited; the act is in the audit', async () => {
  const operator = await signedIn('province-operator');
  const before = peer.at('/hong').length;
  assert.equal((await operator('POST', '/api/subscriptions/hong/retry')).status, 200);
  await isStatus('hong', 'active');
  await until(() => (peer.at('/hong').length >= before + 3 ? true : undefined));
  assert.deepEqual((await operator('GET', '/api/subscriptions/dead')).body.dead, []);
  const { rows } = await world.program.kernel.pool.query<{ who: string }>(
    "select who from audit where action = 'retry' and what = 'Subscription/hong'",
  );
  assert.deepEqual(rows, [{ who: 'province-operator.x' }]);
});

test('dropped, the others go on when it is asked for again; with "all" nothing is left', async () => {
  await failing('bo');
  await failing('bo-het');
  const operator = await signedIn('province-operator');
  assert.deepEqual((await operator('POST', '/api/subscriptions/bo/drop')).body, { dropped: 1 });
  assert.deepEqual((await operator('POST', '/api/subscriptions/bo-het/drop', { all: true })).body, {
    dropped: 2,
  });
  assert.equal((await operator('POST', '/api/subscriptions/bo/drop')).status, 404);
  await operator('POST', '/api/subscriptions/bo/retry');
  await isStatus('bo', 'active');
  const last = await until(() => peer.at('/bo').find(({ body }) => body.includes('bo-2')));
  assert.ok(last);
});

test('only an operator sees and repairs; ids that are none, subscriptions that are off or unknown are refused', async () => {
  const doctor = await signedIn('doctor');
  const operator = await signedIn('province-operator');
  for (const [method, path] of [
    ['GET', '/api/subscriptions'],
    ['GET', '/api/subscriptions/dead'],
    ['POST', '/api/subscriptions/hong/retry'],
    ['POST', '/api/subscriptions/hong/drop'],
  ] as const) {
    assert.equal((await doctor(method, path)).status, 403, path);
    assert.equal((await world.bare(method, path)).status, 401, path);
  }
  assert.equal((await operator('GET', '/api/subscriptions/dead?subscription=a%20b')).status, 400);
  assert.equal((await operator('POST', '/api/subscriptions/nobody/retry')).status, 404);
  await put({ ...topicSubscription('tat', 'encounter-end', undefined), status: 'off' });
  assert.equal((await operator('POST', '/api/subscriptions/tat/retry')).status, 422);
});

test('what is older than thirty days is forgotten, and events beyond the last ten thousand', async () => {
  const { pool } = world.program.kernel;
  await failing('cu');
  await pool.query("update notification set made = made - interval '31 days' where subscription = 'cu'");
  await pool.query(
    "update subscription_event set at = at - interval '31 days' where subscription = 'cu' and number = 1",
  );
  await pool.query("update subscription_state set events = 10002 where subscription = 'bo'");
  assert.equal(await new Outbox(pool).sweep(), 2);
  await new EventLog(pool).sweep();
  const { rows } = await pool.query(
    "select number::int from subscription_event where subscription in ('cu', 'bo')",
  );
  assert.deepEqual(rows, [{ number: 2 }]);
});

test('an erasure leaves no dead letter of the person, nor what an answer quoted', async () => {
  await failing('xoa');
  assert.equal((await world.send('POST', '/fhir/Patient/xoa-1/$purge?reason=x')).status, 200);
  await world.program.kernel.events.settled();
  assert.deepEqual(await new Outbox(world.program.kernel.pool).dead(10, 'xoa'), []);
});
