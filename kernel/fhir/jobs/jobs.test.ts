/** `Prefer: respond-async`, R4 async.html: taken, polled, answered, cancelled, forgotten; seen by nobody else. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Actor } from '../../access/contract.ts';
import { type TestDatabase, withDatabase } from '../../store/testing.ts';
import { type FhirWorld, type HttpAnswer, issueOf, openFhirWorld } from '../testing.ts';
import type { JobKind } from './job-table.ts';
import { openJobs } from './jobs.ts';

let database: TestDatabase;
let world: FhirWorld;
let other: FhirWorld;
before(async () => {
  database = await withDatabase();
  world = await openFhirWorld({ databaseUrl: database.url });
  other = await openFhirWorld({ databaseUrl: database.url });
  for (const family of ['Lê', 'Trần', 'Phạm'])
    await world.send('POST', '/fhir/Patient', { resourceType: 'Patient', name: [{ family }] });
});
after(async () => {
  await other.stop();
  await world.stop();
  await database.stop();
});

const LATER = { prefer: 'respond-async' };

/** The address of the job, relative to the program. */
function addressOf(answer: HttpAnswer): string {
  assert.equal(answer.status, 202, answer.text);
  assert.equal(answer.headers.get('preference-applied'), 'respond-async');
  assert.ok(Number(answer.headers.get('retry-after')) > 0);
  return new URL(answer.headers.get('content-location')!).pathname;
}

async function poll(address: string, at = world, headers = {}): Promise<HttpAnswer> {
  for (;;) {
    const answer = await at.send('GET', address, undefined, headers);
    if (answer.status !== 202) return answer;
    assert.match(answer.headers.get('x-progress')!, /waiting|working/);
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a search is taken with 202 and answered as a batch-response around its searchset', async () => {
  const address = addressOf(
    await world.send('GET', '/fhir/Patient?_total=accurate&_count=2', undefined, LATER),
  );
  const done = await poll(address);
  assert.equal(done.status, 200, done.text);
  assert.ok(Date.parse(done.headers.get('expires')!) > Date.now() - 86_400_000);
  assert.equal(done.body.type, 'batch-response');
  const [entry] = done.body.entry;
  assert.equal(entry.response.status, '200 OK');
  assert.deepEqual(
    [entry.resource.type, entry.resource.total, entry.resource.entry.length],
    ['searchset', 3, 2],
  );
  assert.deepEqual(
    (await world.send('GET', address)).body.entry,
    done.body.entry,
    'as often as it is asked for',
  );
});

test('who accepts application/json gets the manifest of R4, and the answer as a line', async () => {
  const path = '/fhir/Patient?family=Le';
  const address = addressOf(await world.send('GET', path, undefined, LATER));
  const { body, headers } = await poll(address, world, { accept: 'application/json' });
  assert.match(headers.get('content-type')!, /^application\/json/);
  assert.deepEqual(Object.keys(body), [
    'transactionTime',
    'request',
    'requiresAccessToken',
    'output',
    'error',
  ]);
  assert.ok(body.request.endsWith(path));
  const file = await world.send('GET', new URL(body.output[0].url).pathname);
  assert.match(file.headers.get('content-type')!, /ndjson/);
  assert.deepEqual([file.body.resourceType, file.text.includes('\n')], ['Bundle', false]);
});

test('history, POST _search and transactions too; another program on the database tells of them', async () => {
  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient' } }],
  };
  const asked = [
    await world.send('GET', '/fhir/_history?_count=1', undefined, LATER),
    await world.send('POST', '/fhir/Patient/_search', 'family=Le', {
      ...LATER,
      'content-type': 'application/x-www-form-urlencoded',
    }),
    await world.send('POST', '/fhir', bundle, LATER),
  ];
  const types = [];
  for (const one of asked) types.push((await poll(addressOf(one), other)).body.entry[0].resource.type);
  assert.deepEqual(types, ['history', 'searchset', 'transaction-response']);
});

test('what is wrong at once is told at once; what fails later is told with its own status', async () => {
  assert.equal((await world.send('POST', '/fhir', { resourceType: 'Bundle' }, LATER)).status, 400);
  const failed = await poll(addressOf(await world.send('GET', '/fhir/Patient?colour=red', undefined, LATER)));
  assert.equal(failed.status, 400);
  assert.deepEqual(issueOf(failed).expression, ['colour']);
});

test('one resource, and single writes, are answered at once: respond-async is a wish (RFC 7240)', async () => {
  const made = await world.send('POST', '/fhir/Patient', { resourceType: 'Patient' }, LATER);
  assert.equal(made.status, 201);
  assert.equal((await world.send('GET', `/fhir/Patient/${made.body.id}`, undefined, LATER)).status, 200);
  assert.equal((await world.send('HEAD', '/fhir/Patient', undefined, LATER)).status, 200);
});

test('what is not there is said at once, not promised for later', async () => {
  for (const path of [
    'Observation/$export',
    'Patient/x/$nothing',
    '$nothing',
    'Nothing',
    'Nothing?a=b',
    'Nothing/_history',
  ])
    assert.equal((await world.send('GET', `/fhir/${path}`, undefined, LATER)).status, 404, path);
});

test('only the owner sees it: no other scope, no other client, nobody without a token', async () => {
  const address = addressOf(await world.send('GET', '/fhir/Patient', undefined, LATER));
  await poll(address);
  const authorization = `Bearer ${await world.token('system/Patient.rs')}`;
  for (const path of [address, `${address}/answer`]) {
    assert.equal((await world.bare('GET', path, undefined, { authorization })).status, 404);
    assert.equal((await world.bare('GET', path)).status, 401);
  }
  assert.equal((await world.bare('DELETE', address, undefined, { authorization })).status, 404);
  assert.equal((await world.send('GET', address)).status, 200);
});

test('DELETE cancels: 202, then nothing is there', async () => {
  const address = addressOf(await world.send('GET', '/fhir/Patient', undefined, LATER));
  assert.equal((await world.send('DELETE', address)).status, 202);
  assert.equal((await world.send('GET', address)).status, 404);
  assert.equal((await world.send('DELETE', address)).status, 404);
  assert.equal((await world.send('GET', '/fhir/_job/nonsense')).status, 404);
  const { rows } = await database.pool.query(`select answer from job where id = $1`, [
    address.split('/').at(-1),
  ]);
  assert.deepEqual(rows, [{ answer: null }], 'the answer is not kept either');
});

test('a program that ended leaves its jobs told as broken off, not silent for ever', async () => {
  const third = await openFhirWorld({ databaseUrl: database.url });
  const address = addressOf(await third.send('GET', '/fhir/Patient', undefined, LATER));
  await poll(address, third);
  const id = address.split('/').at(-1);
  // As if it had been killed while it worked.
  await database.pool.query(
    `update job set state = 'running', answer = null, beat = clock_timestamp() - interval '2 minutes' where id = $1`,
    [id],
  );
  const told = await world.send('GET', address);
  assert.equal(told.status, 503);
  assert.match(issueOf(told).diagnostics!, /stopped before/);
  await database.pool.query(`update job set beat = clock_timestamp() where id = $1`, [id]);
  assert.equal((await world.send('GET', address)).status, 202);
  await third.stop();
  assert.equal((await world.send('GET', address)).status, 503, 'a stop says so at once');
});

test('an answer that has expired is gone; erasing a person forgets every answer', async () => {
  const address = addressOf(await world.send('GET', '/fhir/Patient?family=Phạm', undefined, LATER));
  await poll(address);
  const person = await world.send('POST', '/fhir/Patient', { resourceType: 'Patient' });
  assert.equal((await world.send('POST', `/fhir/Patient/${person.body.id}/$purge?reason=x`)).status, 200);
  const forgotten = await world.send('GET', address);
  assert.equal(forgotten.status, 410);
  assert.match(issueOf(forgotten).diagnostics!, /erased/);
  const { rows } = await database.pool.query(`select from job where request like '%?%'`);
  assert.equal(rows.length, 0, 'what was asked for may be a name');
  const late = addressOf(await world.send('GET', '/fhir/Patient', undefined, LATER));
  await poll(late);
  await database.pool.query(`update job set expires = clock_timestamp() where id = $1`, [
    late.split('/').at(-1),
  ]);
  assert.equal((await world.send('GET', late)).status, 404);
});

test('one owner cannot fill the queue: 429 with Retry-After', async () => {
  const { rows } = await database.pool.query<{ owner: string }>('select owner from job limit 1');
  await database.pool.query(
    `insert into job (id, owner, program, request, state, progress, status, expires)
     select 'full-' || n, $1, 'x', 'x', 'running', 'waiting', 0, clock_timestamp() + interval '1 hour' from generate_series(1, 20) as n`,
    [rows[0]!.owner],
  );
  const refused = await world.send('GET', '/fhir/Patient', undefined, LATER);
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '2']);
  await database.pool.query(`delete from job where id like 'full-%'`);
});

test('a measure and an export keep nobody waiting but their own kind', async () => {
  const jobs = openJobs(world.program.kernel.pool, (error) => assert.fail(String(error)));
  const actor = { id: 'x', unit: null, roles: ['system-client'] } as unknown as Actor;
  const said: string[] = [];
  const ends: (() => void)[] = [];
  const start = (kind: JobKind, name: string, wait?: Promise<void>) => {
    const work = async () => {
      await wait;
      said.push(name);
      return { status: 200, body: Buffer.from('{}') };
    };
    return jobs.start(actor, `GET ${name}`, work, kind);
  };
  const held = () => new Promise<void>((resolve) => ends.push(resolve));
  const first = await start('measure', 'measure 1', held());
  await start('export', 'export 1', held());
  const second = await start('measure', 'measure 2');
  const answered = await start('answer', 'answer');
  const until = async (id: string, state: string) => {
    while ((await jobs.find(actor, id))?.state !== state)
      await new Promise((resolve) => setTimeout(resolve, 10));
  };
  await until(answered, 'done');
  assert.deepEqual(said, ['answer']);
  assert.equal((await jobs.find(actor, second))?.progress, 'waiting');
  for (const end of ends) end();
  await until(first, 'done');
  await until(second, 'done');
  assert.deepEqual(said.toSorted(), ['answer', 'export 1', 'measure 1', 'measure 2']);
  await jobs.close();
});
