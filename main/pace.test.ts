import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fastify from 'fastify';
import type { Actor } from '../kernel/access/contract.ts';
import { openContent } from '../kernel/content/content.ts';
import { Buckets, keepPace, readPaces } from './pace.ts';

test('a burst is let through, then the pace; others are not concerned', () => {
  const buckets = new Buckets();
  const pace = { perSecond: 2, burst: 3 };
  const take = (key: string, now: number) => buckets.take(key, pace, now);
  assert.deepEqual(
    [0, 0, 0, 0].map((now) => take('a', now)),
    [0, 0, 0, 1],
  );
  assert.equal(take('b', 0), 0);
  assert.equal(take('a', 500), 0, 'half a second later one more');
  assert.equal(take('a', 500), 1);
  assert.equal(take('a', -10_000), 1, 'a clock that is set back gives nothing');
  assert.deepEqual(
    [1, 2].map(() => buckets.take('c', { perSecond: 0, burst: 0 }, 0)),
    [0, 0],
  );
});

test('the content has a pace for each kind of sender', () => {
  const content = openContent(join(import.meta.dirname, '..', 'content'));
  const { stranger, account } = readPaces(content.inForce('access/paces', '2026-11-22'));
  for (const { perSecond, burst } of [stranger, account]) assert.ok(perSecond > 0 && burst >= perSecond);
});

test('an account that asks too much is told to wait; another one, and strangers of this machine, go on', async () => {
  const app = fastify();
  const actor = (id: string | undefined) =>
    id === undefined ? null : ({ id, roles: ['doctor'] } as unknown as Actor);
  const one = { perSecond: 0.001, burst: 1 };
  keepPace(app, { stranger: one, account: one, client: one }, ({ headers }) =>
    actor(headers['x-who'] as string),
  );
  app.setErrorHandler((error: { status?: number }, _request, reply) =>
    reply.code(error.status ?? 500).send(''),
  );
  app.get('/api/x', async () => 'ok');
  const ask = async (who?: string, remoteAddress = '127.0.0.1') => {
    const headers = who === undefined ? {} : { 'x-who': who };
    const { statusCode, headers: told } = await app.inject({ url: '/api/x', headers, remoteAddress });
    return [statusCode, told['retry-after']];
  };
  assert.deepEqual(await ask('an'), [200, undefined]);
  assert.deepEqual(await ask('an'), [429, '1000']);
  assert.deepEqual(await ask('binh'), [200, undefined]);
  for (let times = 0; times < 3; times += 1) assert.deepEqual(await ask(), [200, undefined]);
  assert.deepEqual(await ask(undefined, '203.0.113.7'), [200, undefined]);
  assert.deepEqual(await ask(undefined, '203.0.113.7'), [429, '1000']);
  await app.close();
});
