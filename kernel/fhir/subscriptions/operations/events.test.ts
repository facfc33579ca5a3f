/** `Subscription/[id]/$events`: IG OperationDefinition-backport-subscription-events.html. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Resource } from '../../types.ts';
import { validateResource } from '../../validation/index.ts';
import { readNotification, topicSubscription, until } from '../subscriber.testing.ts';
import { openSubscribedWorld, parameters, type SubscribedWorld } from './fixture.testing.ts';

let world: SubscribedWorld;
before(async () => {
  world = await openSubscribedWorld();
  for (const id of ['l1', 'l2', 'l3']) await world.visit(id);
  await world.program.kernel.events.settled();
});
after(() => world?.stop());

async function events(query: string, body?: object) {
  const answer = await world.send(body ? 'POST' : 'GET', `/fhir/Subscription/nghe/$events${query}`, body);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(validateResource(answer.body as Resource), []);
  return readNotification(answer.text);
}

test('what has happened, as one notification Bundle; bounds are inclusive', async () => {
  const all = await events('');
  assert.deepEqual([all.type, all.status, all.events], ['query-event', 'active', 3]);
  assert.deepEqual(
    all.told.map(({ number, focus }) => [number, focus]),
    [
      [1, 'Encounter/l1'],
      [2, 'Encounter/l2'],
      [3, 'Encounter/l3'],
    ],
  );
  const numbers = (read: typeof all) => read.told.map(({ number }) => number);
  assert.deepEqual(numbers(await events('?eventsSinceNumber=2')), [2, 3]);
  assert.deepEqual(numbers(await events('?eventsSinceNumber=0&eventsUntilNumber=1')), [1]);
  assert.deepEqual(numbers(await events('', parameters(['eventsSinceNumber', '3']))), [3]);
  assert.deepEqual(numbers(await events('?eventsSinceNumber=9')), []);
});

test('the content is that of the subscription, or what is asked for; whoever reads persons is in the audit', async () => {
  const own = await events('?eventsUntilNumber=1');
  assert.ok(own.entries.every(({ resource }) => resource === undefined));
  const full = await events('?eventsUntilNumber=1&content=full-resource');
  assert.deepEqual(
    full.entries.map(({ resource }) => resource?.id),
    ['l1', 'lan'],
  );
  const empty = await events('?eventsUntilNumber=1&content=empty');
  assert.deepEqual([empty.told[0]!.focus, empty.entries], [undefined, []]);
  const { rows } = await world.program.kernel.pool.query<{ who: string }>(
    "select who from audit where patient = 'lan' and what = 'Encounter/l1 (Subscription/nghe/$events)'",
  );
  assert.equal(rows[0]!.who, 'tester');
});

test('an event whose resource was erased has its number and no resource', async () => {
  await world.put(topicSubscription('nguoi', 'patient-registered', undefined, { content: 'full-resource' }));
  await until(async () =>
    (await world.send('GET', '/fhir/Subscription/nguoi')).body.status === 'active' ? true : undefined,
  );
  await world.program.kernel.events.settled();
  await world.put({ resourceType: 'Patient', id: 'xoa' });
  await world.program.kernel.events.settled();
  const erased = await world.send('POST', '/fhir/Patient/xoa/$purge?reason=x');
  assert.equal(erased.status, 200, erased.text);
  const read = readNotification((await world.send('GET', '/fhir/Subscription/nguoi/$events')).text);
  const [entry] = read.entries;
  assert.deepEqual([read.told[0]!.number, entry!.resource, entry!.status], [1, undefined, '410']);
});

test('refused: numbers that are none, contents that are none, subscriptions without a topic, and who may not search the types', async () => {
  const status = async (path: string, headers?: Record<string, string>) =>
    (headers ? await world.bare('GET', path, undefined, headers) : await world.send('GET', path)).status;
  for (const query of [
    '?eventsSinceNumber=x',
    '?content=all',
    '?eventsSinceNumber=1&eventsSinceNumber=2',
    '?x=1',
  ])
    assert.equal(await status(`/fhir/Subscription/nghe/$events${query}`), 400, query);
  assert.equal(await status('/fhir/Subscription/cu/$events'), 404);
  assert.equal(await status('/fhir/Subscription/nobody/$events'), 404);
  const narrow = { authorization: `Bearer ${await world.token('system/Subscription.rs system/Patient.rs')}` };
  assert.equal(await status('/fhir/Subscription/nghe/$events', narrow), 403);
});
