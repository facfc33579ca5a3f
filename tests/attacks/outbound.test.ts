/** Server-side request forgery: addresses within the house, in every disguise, given wherever the program calls somebody. */
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type AttackWorld, importFrom, isSafe, openAttackWorld } from './attacker.testing.ts';

let world: AttackWorld;
let inside: Server;
let port: number;
let visits = 0;
before(async () => {
  world = await openAttackWorld();
  inside = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  await new Promise<void>((ready) => inside.listen(0, '127.0.0.1', ready));
  port = (inside.address() as AddressInfo).port;
});
after(async () => {
  inside.close();
  await world.stop();
});

const disguises = () => [
  `https://127.0.0.1:${port}/`,
  `http://127.0.0.1:${port}/`,
  `https://localhost:${port}/`,
  `https://LOCALHOST.:${port}/`,
  `https://x.localhost:${port}/`,
  `https://2130706433:${port}/`,
  `https://0x7f000001:${port}/`,
  `https://0177.0.0.1:${port}/`,
  `https://127.1:${port}/`,
  `https://0:${port}/`,
  `https://[::1]:${port}/`,
  `https://[::ffff:127.0.0.1]:${port}/`,
  `https://[::ffff:7f00:1]:${port}/`,
  `https://[64:ff9b::7f00:1]:${port}/`,
  `https://[2002:7f00:1::]:${port}/`,
  `https://127。0。0。1:${port}/`,
  `https://①②⑦.0.0.1:${port}/`,
  `https://user:pass@127.0.0.1:${port}/`,
  `https://example.org@127.0.0.1:${port}/`,
  `https://127.0.0.1:${port}#@example.org/`,
  'https://169.254.169.254/latest/meta-data/',
  'https://10.0.0.1/',
  'https://192.168.1.1/',
  'https://[fd00::1]/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_INFO',
  'ftp://127.0.0.1/',
  'jar:https://example.org!/x',
  'data:text/plain,x',
  'https://',
];

test('a subscription is not sent into the house', async () => {
  for (const endpoint of disguises()) {
    const answer = await world.send('POST', '/fhir/Subscription', {
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'x',
      criteria: 'Patient?',
      channel: { type: 'rest-hook', endpoint, payload: 'application/fhir+json' },
    });
    isSafe(answer, endpoint);
    assert.ok(answer.status >= 400, `${endpoint}: ${answer.status}`);
  }
});

test('an import fetches nothing from the house', async () => {
  for (const url of disguises()) {
    const answer = await importFrom(world, url);
    isSafe(answer, url);
    assert.ok(answer.status >= 400, `${url}: ${answer.status}`);
  }
});

test('nobody within the house was called', async () => {
  await world.send('POST', '/fhir/Patient', { resourceType: 'Patient', active: true });
  await pause(500);
  assert.equal(visits, 0);
});
