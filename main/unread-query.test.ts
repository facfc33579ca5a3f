/** A parameter that no handler reads is refused by name, for lists of the screens; nothing else of an answer changes. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import fastify from 'fastify';
import { Failure } from '../kernel/failure.ts';
import { refuseUnreadQuery } from './unread-query.ts';

const app = fastify();
refuseUnreadQuery(app, '/api/');
app.setErrorHandler((error, _request, reply) => {
  const { status, issues } = error as Failure;
  return reply.code(status).send({ error: issues[0] });
});
type Query = { Querystring: { q?: string; day?: string } };
app.get<Query>('/api/list', async ({ query: { q = '', day = '' } }) => ({ q, day }));
app.get('/api/all', async ({ query }) => ({ ...(query as object) }));
app.get('/api/none', async () => ({ ok: true }));
app.get('/api/file', async (_request, reply) => reply.type('text/csv').send(Readable.from(['a;b\n'])));
app.get<Query>('/api/refused', async () => {
  throw new Failure('forbidden', 'Không được.');
});
app.get('/api/several', { config: { several: ['topic'] } as object }, async ({ query }) => ({
  ...(query as object),
}));
app.post('/api/list', async () => ({ ok: true }));
app.get('/other', async () => ({ ok: true }));

const ask = async (url: string, method: 'GET' | 'POST' = 'GET') => {
  const answer = await app.inject({ method, url });
  return { status: answer.statusCode, body: answer.body };
};

test('a parameter that is read is taken, whether it is there or not', async () => {
  assert.deepEqual(await ask('/api/list?q=a'), { status: 200, body: '{"q":"a","day":""}' });
  assert.equal((await ask('/api/list')).status, 200);
  assert.equal((await ask('/api/all?x=1&y=2')).status, 200);
});

test('one that nobody reads is 400 and named, in lists and in files', async () => {
  for (const url of ['/api/list?q=a&dya=1', '/api/none?dya=1', '/api/file?dya=1']) {
    const { status, body } = await ask(url);
    assert.equal(status, 400, url);
    assert.match(body, /no parameter \\"dya\\"/, url);
    assert.match(body, /"expression":"dya"/, url);
  }
  assert.match((await ask('/api/list?one=1&two=2')).body, /"one\\", \\"two\\"/);
});

test('of a name given twice one value would be passed over: refused, but where a route takes several', async () => {
  assert.equal((await ask('/api/list?q=a&q=b')).status, 400);
  assert.deepEqual(await ask('/api/several?topic=a&topic=b'), {
    status: 200,
    body: '{"topic":["a","b"]}',
  });
  assert.equal((await ask('/api/several?other=a&other=b')).status, 400);
});

test('a refusal stays what it is; writes and other addresses are not looked at', async () => {
  assert.equal((await ask('/api/refused?dya=1')).status, 403);
  assert.equal((await ask('/api/list?dya=1', 'POST')).status, 200);
  assert.equal((await ask('/other?dya=1')).status, 200);
});
