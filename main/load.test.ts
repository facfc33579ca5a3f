/** Overload: every request is answered soon, with 200 or with 503 and Retry-After, and health answers all the while. */
import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import fastify from 'fastify';
import { type FhirWorld, openFhirWorld } from '../kernel/fhir/testing.ts';
import { AtWork, limitLoad } from './load.ts';

let world: FhirWorld;
let authorization: string;
before(async () => {
  world = await openFhirWorld({ maxInFlight: 64 });
  authorization = `Bearer ${await world.token()}`;
  for (const id of ['an', 'binh'])
    await world.send('PUT', `/fhir/Patient/${id}`, { resourceType: 'Patient', id });
});
after(() => world.stop());

interface Told {
  status: number;
  retryAfter: string | undefined;
  ms: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });

function ask(path: string, method = 'GET', body?: string): Promise<Told> {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { authorization, ...(body ? { 'content-type': 'application/fhir+json' } : {}) };
    const call = request(`${world.program.address}${path}`, { method, agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          retryAfter: answer.headers['retry-after'],
          ms: performance.now() - from,
        }),
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Every read writes a line of the audit: whoever holds the table holds all of them up. */
async function withStuckDatabase<T>(work: (release: () => Promise<void>) => Promise<T>): Promise<T> {
  const client = await world.program.kernel.pool.connect();
  await client.query('begin; lock table audit in access exclusive mode');
  let held = true;
  const release = async () => {
    if (!held) return;
    held = false;
    await client.query('rollback');
    client.release();
  };
  return work(release).finally(release);
}

test('a flood on a database that stands still: a bounded number waits, the others are told at once, health answers', async () => {
  await withStuckDatabase(async (release) => {
    const flood = Array.from({ length: 1_500 }, (_, n) =>
      n % 5 === 0
        ? ask('/fhir/Patient/an', 'PUT', '{"resourceType":"Patient","id":"an","active":true}')
        : ask(`/fhir/Patient/${n % 2 ? 'an' : 'binh'}`),
    );
    let answered = 0;
    for (const one of flood) void one.then(() => (answered += 1));
    while (answered < flood.length - 64) await pause(20);
    const health = await ask('/healthz');
    assert.equal(health.status, 200);
    assert.ok((await ask('/readyz')).ms < 5_000);
    await release();
    const told = await Promise.all(flood);
    const refused = told.filter(({ status }) => status === 503);
    assert.deepEqual([...new Set(told.map(({ status }) => status))].sort(), [200, 503]);
    assert.ok(refused.length >= flood.length - 64);
    for (const { retryAfter } of refused) assert.ok(Number(retryAfter) > 0);
  });
  assert.equal((await ask('/fhir/Patient/an')).status, 200, 'and afterwards all is as before');
});

test('a flood on a database that works: all are answered, and many of them with what they asked for', async () => {
  const told = await Promise.all(Array.from({ length: 1_500 }, () => ask('/fhir/Patient/binh')));
  const count = (wanted: number) => told.filter(({ status }) => status === wanted).length;
  assert.equal(count(200) + count(503), told.length);
  assert.ok(count(200) >= 64, `${count(200)} answered`);
});

test('bodies that come byte by byte hold up nobody: others are served while they come', async () => {
  const { hostname, port } = new URL(world.program.address);
  const lines = Array.from({ length: 100 }, () => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(
      `POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/fhir+json\r\nContent-Length: 5000\r\n\r\n{`,
    );
    return socket;
  });
  await pause(300);
  const told = await Promise.all(Array.from({ length: 40 }, () => ask('/fhir/Patient/an')));
  assert.deepEqual([...new Set(told.map(({ status }) => status))], [200]);
  for (const socket of lines) socket.destroy();
});

test('a body that does not come on is cut off with 408; one that comes slowly but surely is taken', async () => {
  const app = fastify();
  limitLoad(app, 4, { spanMs: 150, bytes: 10 });
  app.post('/', async () => 'taken');
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as { port: number };
  const answerTo = (everyMs: number, bytes: number) =>
    new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      let sent = 0;
      socket.write(
        'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 100\r\nConnection: close\r\n\r\n',
      );
      const timer = setInterval(() => {
        if (sent >= 100 || socket.destroyed) return;
        socket.write('x'.repeat(bytes));
        sent += bytes;
      }, everyMs);
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(timer);
        resolve(text.slice(0, text.indexOf('\r\n')));
      });
    });
  assert.match(await answerTo(100, 1), /^HTTP\/1\.1 408/);
  assert.match(await answerTo(30, 10), /^HTTP\/1\.1 200/);
  await app.close();
});

test('many requests at work since long shut the door, a few slow ones and a sudden crowd do not', () => {
  const work = new AtWork();
  for (let n = 0; n < 31; n++) work.begin(0);
  assert.equal(work.isSlow(60_000), false, 'thirty-one exports that take a minute');
  const crowd = Array.from({ length: 369 }, () => work.begin(60_000));
  assert.equal(work.isSlow(60_500), false, 'a crowd that has just come');
  assert.equal(work.isSlow(65_000), true, 'and is still there');
  for (const number of crowd) work.end(number);
  assert.equal(work.isSlow(65_100), false, 'until it has been served');
});
