/** `Subscription/$status`: IG OperationDefinition-backport-subscription-status.html. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { issueOf } from '../../testing.ts';
import type { Resource } from '../../types.ts';
import { validateResource } from '../../validation/index.ts';
import { until } from '../subscriber.testing.ts';
import { openSubscribedWorld, parameters, type SubscribedWorld, valuesOf } from './fixture.testing.ts';

let world: SubscribedWorld;
before(async () => {
  world = await openSubscribedWorld();
  await world.visit('l1');
  await world.program.kernel.events.settled();
});
after(() => world?.stop());

const told = (body: { entry?: { resource: Parameters<typeof valuesOf>[0] }[] }) =>
  (body.entry ?? []).map(({ resource }) =>
    ['subscription', 'topic', 'status', 'type', 'events-since-subscription-start', 'error'].map((name) => {
      const [value] = valuesOf(resource, name) as (
        | string
        | { reference?: string; text?: string }
        | undefined
      )[];
      return typeof value === 'object' ? (value.text ?? value.reference?.replace(/^.*\/fhir\//, '')) : value;
    }),
  );

const TOPIC = 'http://yba.vn/fhir/SubscriptionTopic/encounter-end';

test('at the instance: where one subscription stands, a searchset with one status', async () => {
  const { status, body } = await world.send('GET', '/fhir/Subscription/hook/$status?id=other&status=off');
  assert.equal(status, 200);
  assert.deepEqual([body.type, body.total], ['searchset', 1]);
  assert.deepEqual(told(body), [['Subscription/hook', TOPIC, 'active', 'query-status', '1', undefined]]);
  assert.deepEqual(validateResource(body as Resource), []);
});

test('at the type: all, those named, those of a status; by GET and by POST', async () => {
  const ids = async (path: string, body?: object) =>
    told((await world.send(body ? 'POST' : 'GET', path, body)).body)
      .map(([subscription]) => subscription)
      .sort();
  assert.deepEqual(await ids('/fhir/Subscription/$status'), [
    'Subscription/cu',
    'Subscription/hook',
    'Subscription/nghe',
  ]);
  assert.deepEqual(await ids('/fhir/Subscription/$status?id=cu&id=hook'), [
    'Subscription/cu',
    'Subscription/hook',
  ]);
  assert.deepEqual(
    await ids('/fhir/Subscription/$status', parameters(['id', 'nghe'], ['status', 'active'])),
    ['Subscription/nghe'],
  );
  assert.deepEqual(await ids('/fhir/Subscription/$status?status=error,off'), []);
});

test('"Continue to respond to $status requests" in error, with the error', async () => {
  world.peer.answer('/hook', 500);
  await world.visit('l2');
  const [status] = await until(async () => {
    const found = told((await world.send('GET', '/fhir/Subscription/hook/$status')).body);
    return found[0]![2] === 'error' ? found : undefined;
  });
  assert.equal(status![4], '2');
  assert.match(String(status![5]), /HTTP 500/);
});

test('unknown and malformed parameters are named; what one may not read is not told', async () => {
  for (const path of ['?colour=red', '?status=broken', '?id=a%20b'])
    assert.equal((await world.send('GET', `/fhir/Subscription/$status${path}`)).status, 400, path);
  assert.equal((await world.send('GET', '/fhir/Subscription/nobody/$status')).status, 404);
  const blind = { authorization: `Bearer ${await world.token('system/Patient.rs')}` };
  const answer = await world.bare('GET', '/fhir/Subscription/hook/$status', undefined, blind);
  assert.equal(answer.status, 403);
  assert.equal(issueOf(answer).code, 'forbidden');
  assert.equal((await world.bare('GET', '/fhir/Subscription/$status')).status, 401);
});

test('topics are found as Basic, read by id, and stand beside what is stored', async () => {
  const code = encodeURIComponent('http://hl7.org/fhir/fhir-types|SubscriptionTopic');
  const { body } = await world.send('GET', `/fhir/Basic?code=${code}&_count=50`);
  const ids = body.entry.map(({ resource }: { resource: { id: string } }) => resource.id);
  assert.ok(ids.includes('encounter-end') && ids.length === body.total, body.total);
  const read = await world.send('GET', '/fhir/Basic/encounter-end');
  assert.equal(read.body.extension[0].valueUri, TOPIC);
  await world.put({ resourceType: 'Basic', id: 'khac', code: { text: 'x' } });
  const all = await world.send('GET', '/fhir/Basic?_count=50');
  assert.equal(all.body.entry.length, ids.length + 1);
});

test('the operations, the profile and the topics are announced, and the OperationDefinitions are served', async () => {
  const { body } = await world.bare('GET', '/fhir/metadata');
  const IG = 'http://hl7.org/fhir/uv/subscriptions-backport';
  assert.ok(body.instantiates.includes(`${IG}/CapabilityStatement/backport-subscription-server-r4`));
  const one = body.rest[0].resource.find(({ type }: { type: string }) => type === 'Subscription');
  assert.deepEqual(one.supportedProfile, [`${IG}/StructureDefinition/backport-subscription`]);
  assert.ok(
    one.extension.some(
      ({ url, valueCanonical }: Record<string, string>) =>
        url === `${IG}/StructureDefinition/capabilitystatement-subscriptiontopic-canonical` &&
        valueCanonical === TOPIC,
    ),
  );
  for (const name of ['status', 'events', 'get-ws-binding-token']) {
    const definition = `${IG}/OperationDefinition/backport-subscription-${name}`;
    assert.ok(
      one.operation.some((each: object) => 'definition' in each && each.definition === definition),
      name,
    );
    const served = await world.send('GET', `/fhir/OperationDefinition/backport-subscription-${name}`);
    assert.equal(served.body.url, definition);
  }
});
