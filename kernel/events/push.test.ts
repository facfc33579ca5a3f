import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import type { Actor } from '../access/contract.ts';
import { Failure } from '../failure.ts';
import type { OpenStore } from '../store/index.ts';
import { withStore } from '../store/samples.testing.ts';
import { type OpenEvents, openEvents } from './index.ts';

let store: OpenStore;
let stop: () => Promise<void>;
let events: OpenEvents;
let app: FastifyInstance;
let port: number;

const actor = (unit: string | null) => ({ id: 'bs-1', roles: ['doctor'], unit }) as unknown as Actor;

before(async () => {
  ({ store, stop } = await withStore());
  events = openEvents({ store, pool: store.pool, notices: store.notices });
  events.allowTopic('hang-doi', (who, topic) => topic === `hang-doi/${who.unit}`);
  events.allowTopic('tin', () => true);
  app = fastify();
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof Failure) return reply.code(error.status).send({ error: error.issues[0]!.text });
    throw error;
  });
  events.registerPush(app, {
    actorOf: (request) => {
      if (!request.headers.authorization) throw new Failure('sign-in-required', 'Hãy đăng nhập.');
      return actor(String(request.headers.authorization));
    },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as AddressInfo).port;
});
after(async () => {
  await app.close();
  await events.close();
  await stop();
});

function open(query: string, unit: string | null = '25D01', more: object = {}): Promise<IncomingMessage> {
  const headers = { ...(unit === null ? {} : { authorization: unit }), ...more };
  return new Promise((resolve, reject) =>
    get({ host: '127.0.0.1', port, path: `/api/events${query}`, headers }, resolve).on('error', reject),
  );
}

/** Messages as an EventSource would deliver them, until there are `count`. */
async function messages(response: IncomingMessage, count: number): Promise<unknown[]> {
  const found: unknown[] = [];
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop()!;
    for (const block of blocks) {
      const data = block.split('\n').find((line) => line.startsWith('data: '));
      if (data) found.push(JSON.parse(data.slice(6)));
    }
    if (found.length >= count) break;
  }
  return found;
}

const listening = async (count: number) => {
  while (events.listeners() !== count) await new Promise((resolve) => setTimeout(resolve, 2));
};

test('a message reaches those who listen to its topic, and nobody else', async () => {
  const mine = await open('?topic=hang-doi/25D01&topic=tin');
  const other = await open('?topic=hang-doi/25D02', '25D02');
  assert.equal(mine.headers['content-type'], 'text/event-stream; charset=utf-8');
  assert.equal(mine.headers['x-accel-buffering'], 'no');
  assert.equal(mine.headers['cache-control'], 'no-store');
  await listening(2);
  assert.deepEqual([events.isHeard('tin'), events.isHeard('tin/khac')], [true, false]);
  events.publish('hang-doi/25D01', { so: '007', ten: 'Nguyễn Thị Ánh\n"Đào"' });
  events.publish('hang-doi/25D02', { so: '1' });
  events.publish('tin', 'xong');
  assert.deepEqual(await messages(mine, 2), [
    { topic: 'hang-doi/25D01', message: { so: '007', ten: 'Nguyễn Thị Ánh\n"Đào"' } },
    { topic: 'tin', message: 'xong' },
  ]);
  assert.deepEqual(await messages(other, 1), [{ topic: 'hang-doi/25D02', message: { so: '1' } }]);
  await listening(0);
  assert.equal(events.isHeard('tin'), false);
});

test('without sign-in 401, of foreign or unknown topics only 403, without a topic 400', async () => {
  const statuses = await Promise.all([
    open('?topic=tin', null),
    open('?topic=hang-doi/25D02'),
    open('?topic=hang-doi/25D02&topic=la'),
    open('?topic=tin2'),
    open(''),
  ]);
  assert.deepEqual(
    statuses.map((response) => response.statusCode),
    [401, 403, 403, 403, 400],
  );
  for (const response of statuses) response.resume();
  assert.equal(events.listeners(), 0);
});

test('a refused topic is named by an event of its own, the others of the page are delivered', async () => {
  const response = await open('?topic=hang-doi/25D02&topic=tin&topic=la');
  assert.equal(response.statusCode, 200);
  await listening(1);
  events.publish('hang-doi/25D02', 'bí mật');
  events.publish('tin', 'xong');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk;
    if (text.includes('xong')) break;
  }
  const refused = [...text.matchAll(/^event: refused\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data!));
  assert.deepEqual(
    refused.map(({ topic }) => topic),
    ['hang-doi/25D02', 'la'],
  );
  assert.match(refused[0].text, /không được theo dõi/);
  assert.ok(!text.includes('bí mật'));
  await listening(0);
});

test('Last-Event-ID of a browser that comes back is no fault', async () => {
  const again = await open('?topic=tin', '25D01', { 'last-event-id': 'abc' });
  assert.equal(again.statusCode, 200);
  again.destroy();
  await listening(0);
});

test('a browser that does not take its messages is dropped, the others are not', async () => {
  const slow = await open('?topic=tin');
  const quick = await open('?topic=tin');
  slow.on('error', () => undefined);
  slow.pause();
  quick.on('error', () => undefined);
  quick.resume();
  await listening(2);
  const large = 'x'.repeat(64 * 1024);
  for (let i = 0; i < 400 && events.listeners() === 2; i++) {
    events.publish('tin', large);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await listening(1);
  assert.equal(quick.destroyed, false);
  quick.destroy();
  slow.destroy();
  await listening(0);
});

test('a topic has one rule; the longest prefix decides', () => {
  assert.throws(() => events.allowTopic('tin', () => true), /has a rule already/);
});

test('the program stops while browsers listen', async () => {
  const response = await open('?topic=tin');
  await listening(1);
  const ended = new Promise((resolve) => response.once('end', resolve));
  response.resume();
  await app.close();
  await ended;
  assert.equal(events.listeners(), 0);
});
