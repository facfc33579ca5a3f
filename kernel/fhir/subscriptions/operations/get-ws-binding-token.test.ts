/** `Subscription/$get-ws-binding-token`: IG OperationDefinition-backport-subscription-get-ws-binding-token.html. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSocket } from '../socket.testing.ts';
import { openSubscribedWorld, parameters, type SubscribedWorld, valuesOf } from './fixture.testing.ts';

let world: SubscribedWorld;
before(async () => {
  world = await openSubscribedWorld();
});
after(() => world?.stop());

const PATH = '/$get-ws-binding-token';

test('a token with its end, its subscriptions, and where to connect; it binds', async () => {
  const { status, body } = await world.send('GET', `/fhir/Subscription/nghe${PATH}`);
  assert.equal(status, 200);
  assert.deepEqual(valuesOf(body, 'subscription'), ['nghe']);
  const [url] = valuesOf(body, 'websocket-url') as [string];
  assert.equal(url, `${world.program.address.replace('http', 'ws')}/fhir/ws`);
  const minutes = (Date.parse(valuesOf(body, 'expiration')[0] as string) - Date.now()) / 60_000;
  assert.ok(minutes > 25 && minutes <= 30, `${minutes}`);
  const socket = await openSocket(world.program.address);
  socket.say(`bind-with-token ${valuesOf(body, 'token')[0]}`);
  await socket.hears(/handshake/);
  socket.ws.close();
});

test('at the type: those that are named, or all that may be heard', async () => {
  const ids = async (answer: Promise<{ body: Parameters<typeof valuesOf>[0] }>) =>
    valuesOf((await answer).body, 'subscription').toSorted();
  assert.deepEqual(await ids(world.send('GET', `/fhir/Subscription${PATH}`)), ['cu', 'nghe']);
  assert.deepEqual(await ids(world.send('POST', `/fhir/Subscription${PATH}`, parameters(['id', 'cu']))), [
    'cu',
  ]);
  const narrow = { authorization: `Bearer ${await world.token('system/Subscription.rs system/Patient.rs')}` };
  assert.equal((await world.bare('GET', `/fhir/Subscription${PATH}`, undefined, narrow)).status, 404);
  assert.equal((await world.bare('GET', `/fhir/Subscription/nghe${PATH}`, undefined, narrow)).status, 403);
});

test('refused: another channel, nobody’s subscription, too many ids, other parameters, no sign-in', async () => {
  assert.equal((await world.send('GET', `/fhir/Subscription/hook${PATH}`)).status, 422);
  assert.equal((await world.send('GET', `/fhir/Subscription/nobody${PATH}`)).status, 404);
  const many = Array.from({ length: 101 }, (_, n) => `a${n}`).join(',');
  assert.equal((await world.send('GET', `/fhir/Subscription${PATH}?id=${many}`)).status, 413);
  assert.equal((await world.send('GET', `/fhir/Subscription${PATH}?x=1`)).status, 400);
  assert.equal((await world.bare('GET', `/fhir/Subscription${PATH}`)).status, 401);
});
