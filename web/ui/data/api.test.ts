import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';

let data: typeof import('./api.ts');
/** Addresses that were fetched, and what the next fetches answer. */
const fetched: string[] = [];
let answers: (() => Response)[] = [];

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

before(async () => {
  Object.assign(globalThis, {
    window: globalThis,
    fetch: async (path: string) => {
      fetched.push(path);
      return (answers.shift() ?? (() => json({ from: path })))();
    },
  });
  data = await import('./api.ts');
});
beforeEach(() => {
  fetched.length = 0;
  answers = [];
});

test('a read that was begun ahead is given to whoever asks first, and to nobody else', async () => {
  answers = [() => json({ n: 1 }), () => json({ n: 2 })];
  data.readAhead('/api/a');
  assert.deepEqual(await data.api.get('/api/a'), { n: 1 });
  assert.deepEqual(fetched, ['/api/a']);
  assert.deepEqual(await data.api.get('/api/a'), { n: 2 });
  assert.deepEqual(fetched, ['/api/a', '/api/a']);
});

test('a read that was begun ahead and failed is asked again; who is impatient is told', async () => {
  answers = [() => json({}, 401), () => json({ n: 2 })];
  data.readAhead('/api/b');
  assert.deepEqual(await data.api.get('/api/b'), { n: 2 });
  answers = [() => json({}, 401)];
  data.readAhead('/api/c');
  await assert.rejects(data.api.get('/api/c', { impatient: true }), { status: 401 });
  assert.deepEqual(fetched, ['/api/b', '/api/b', '/api/c']);
});

test('an act forgets what was read before it', async () => {
  answers = [() => json({ n: 1 }), () => json({}), () => json({ n: 2 })];
  data.readAhead('/api/d');
  await data.api.put('/api/e', {});
  assert.deepEqual(await data.api.get('/api/d'), { n: 2 });
});

test('what was read ahead long ago is read again', async (context) => {
  answers = [() => json({ n: 1 }), () => json({ n: 2 })];
  const began = performance.now();
  data.readAhead('/api/f');
  context.mock.method(performance, 'now', () => began + 11_000);
  assert.deepEqual(await data.api.get('/api/f'), { n: 2 });
});

test('who goes away meanwhile is given nothing of it', async () => {
  data.readAhead('/api/g');
  const abort = new AbortController();
  const asked = data.api.get('/api/g', { signal: abort.signal });
  abort.abort();
  await assert.rejects(asked, { name: 'AbortError' });
});

test('a screen that is drawn after the answer has come begins with it; before that, and a second time, there is none', async () => {
  answers = [() => json({ n: 1 })];
  const answered = data.readAhead('/api/h');
  assert.equal(data.readAlready('/api/h'), undefined);
  await answered;
  assert.deepEqual(data.readAlready('/api/h'), { n: 1 });
  assert.equal(data.readAlready('/api/h'), undefined);
  answers = [() => json({}, 500)];
  await data.readAhead('/api/i');
  assert.equal(data.readAlready('/api/i'), undefined);
});
