/**
 * Conditions are decided inside the commit (R4 http.html#ccreate, #cond-update, #cdelete): two programs on one database
 * get the same requests at the same time, and what one decides the other sees.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestDatabase, withDatabase } from '../../store/testing.ts';
import { type FhirWorld, type HttpAnswer, issueOf, openFhirWorld } from '../testing.ts';

let database: TestDatabase;
let worlds: FhirWorld[];
before(async () => {
  database = await withDatabase();
  worlds = [await openFhirWorld({ databaseUrl: database.url })];
  worlds.push(await openFhirWorld({ databaseUrl: database.url }));
});
after(async () => {
  for (const world of worlds) await world.stop();
  await database.stop();
});

const SYSTEM = 'urn:conditions';
const person = (value: string, more: object = {}) => ({
  resourceType: 'Patient',
  identifier: [{ system: SYSTEM, value }],
  ...more,
});
const where = (value: string) => `/fhir/Patient?identifier=${SYSTEM}|${value}`;

/** The same twelve times at once, alternating between the programs. */
const twelve = (send: (world: FhirWorld, n: number) => Promise<HttpAnswer>) =>
  Promise.all(Array.from({ length: 12 }, (_, n) => send(worlds[n % 2]!, n)));
const statuses = (answers: HttpAnswer[]) => answers.map(({ status }) => status).sort();
const total = async (value: string) => (await worlds[0]!.send('GET', where(value))).body.total;

test('twelve conditional creates at two programs make one resource, and all name it', async () => {
  const answers = await twelve((world) =>
    world.send('POST', '/fhir/Patient', person('create'), { 'if-none-exist': `identifier=${SYSTEM}|create` }),
  );
  assert.deepEqual(statuses(answers), [...Array(11).fill(200), 201]);
  assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
  assert.equal(await total('create'), 1);
});

test('twelve conditional updates make one resource and are all applied to it, none in silence', async () => {
  const answers = await twelve((world, n) =>
    world.send('PUT', where('update'), person('update', { multipleBirthInteger: n + 1 })),
  );
  assert.deepEqual(
    statuses(answers),
    [...Array(11).fill(200), 201],
    answers.map(({ text }) => text).join('\n'),
  );
  assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
  assert.deepEqual(
    answers.map(({ body }) => Number(body.meta.versionId)).sort((a, b) => a - b),
    Array.from({ length: 12 }, (_, n) => n + 1),
  );
  for (const [n, { body }] of answers.entries()) {
    assert.equal(body.multipleBirthInteger, n + 1, 'each answer is its own content');
  }
});

test('conditional creates that name one identifier in different words, and updates, make one resource', async () => {
  const answers = await twelve((world, n) =>
    n % 3 === 0
      ? world.send('PUT', where('mixed'), person('mixed', { active: true }))
      : world.send('POST', '/fhir/Patient', person('mixed', { active: true }), {
          'if-none-exist': `identifier=${SYSTEM}|mixed${n % 3 === 1 ? '&active=true' : ''}`,
        }),
  );
  assert.equal(answers.filter(({ status }) => status === 201).length, 1);
  assert.equal(await total('mixed'), 1);
});

test('twelve conditional patches are all applied, each to the outcome of another', async () => {
  const made = await worlds[0]!.send('POST', '/fhir/Patient', person('patch', { name: [{ given: ['0'] }] }));
  const answers = await twelve((world, n) =>
    world.send('PATCH', where('patch'), [{ op: 'add', path: '/name/0/given/-', value: String(n + 1) }], {
      'content-type': 'application/json-patch+json',
    }),
  );
  assert.deepEqual(statuses(answers), Array(12).fill(200));
  const { body } = await worlds[1]!.send('GET', `/fhir/Patient/${made.body.id}`);
  assert.equal(new Set(body.name[0].given).size, 13);
  assert.equal(body.meta.versionId, '13');
});

test('twelve conditional deletes delete once; a create beside them is decided before or after', async () => {
  const made = await worlds[0]!.send('POST', '/fhir/Patient', person('delete'));
  const answers = await twelve((world) => world.send('DELETE', where('delete')));
  assert.deepEqual(statuses(answers), Array(12).fill(204));
  const { body } = await worlds[0]!.send('GET', `/fhir/Patient/${made.body.id}/_history`);
  assert.equal(body.total, 2, 'one version and one deletion');
});

test('transactions whose conditions cross do not wait for each other without end', async () => {
  const entry = (value: string) => ({
    resource: person(value),
    request: { method: 'PUT', url: `Patient?identifier=${SYSTEM}|${value}` },
  });
  const answers = await twelve((world, n) =>
    world.send('POST', '/fhir', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: n % 2 === 0 ? [entry('left'), entry('right')] : [entry('right'), entry('left')],
    }),
  );
  assert.deepEqual(statuses(answers), Array(12).fill(200), answers.map(({ text }) => text).join('\n'));
  assert.deepEqual([await total('left'), await total('right')], [1, 1]);
});

test('conditional delete: several matches are 412, and are deleted together only under a _count they fit in', async () => {
  const [world] = worlds as [FhirWorld];
  for (const birthDate of ['2001', '2002', '2003'])
    await world.send('POST', '/fhir/Patient', person('several', { birthDate }));
  assert.equal((await world.send('DELETE', where('several'))).status, 412);
  const few = await world.send('DELETE', `${where('several')}&_count=2`);
  assert.deepEqual([few.status, issueOf(few).code], [412, 'multiple-matches']);
  assert.equal(await total('several'), 3, 'nothing was deleted');
  for (const count of ['0', 'x', '-1', '101', '2&_count=3']) {
    assert.equal((await world.send('DELETE', `${where('several')}&_count=${count}`)).status, 400, count);
  }
  assert.equal(
    (await world.send('DELETE', '/fhir/Patient?_count=5')).status,
    400,
    'criteria must ask something',
  );
  assert.equal((await world.send('DELETE', `${where('several')}&_count=3`)).status, 204);
  assert.equal(await total('several'), 0);
  assert.equal(
    (await world.send('DELETE', `${where('several')}&_count=3`)).status,
    204,
    'nothing is left to do',
  );
});

test('an entry of a transaction may delete several, and the answers stay in the order of the entries', async () => {
  const [world] = worlds as [FhirWorld];
  for (const birthDate of ['2001', '2002'])
    await world.send('POST', '/fhir/Patient', person('many', { birthDate }));
  const answer = await world.send('POST', '/fhir', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      { request: { method: 'DELETE', url: `Patient?identifier=${SYSTEM}|many&_count=10` } },
      {
        resource: person('many', { birthDate: '2003' }),
        request: { method: 'POST', url: 'Patient', ifNoneExist: `identifier=${SYSTEM}|many` },
      },
    ],
  });
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(
    answer.body.entry.map((one: { response: { status: string } }) => one.response.status.slice(0, 3)),
    ['204', '201'],
  );
  const left = await world.send('GET', where('many'));
  assert.deepEqual([left.body.total, left.body.entry[0].resource.birthDate], [1, '2003']);
});
