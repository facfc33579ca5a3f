/** A token of one person never shows a byte of another: by every path, and by random queries. `SEED=n` repeats a run. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HttpAnswer } from '../../fhir/testing.ts';
import { pick, randomFrom } from '../../fhir/validation/random.testing.ts';
import { supportedSearchParameters } from '../../store/search/index.ts';
import { assertOwn, type ConfinedWorld, idsOf, openConfinedWorld } from './confinement.testing.ts';

const SEED = Number(process.env.SEED ?? 20261122);
const random = randomFrom(SEED);

let confined: ConfinedWorld;
before(async () => {
  confined = await openConfinedWorld();
});
after(() => confined.world.stop());

interface BatchEntry {
  response: { location?: string };
  resource?: { entry?: unknown };
}

test('every path to the other person is closed, and says no more of her than of nobody', async () => {
  const { app, other, token } = confined;
  const closed: [string, string, number[]][] = [
    ['GET', `/Patient/${other.patient}`, [404]],
    ['GET', `/Observation/${other.laboratory}`, [404]],
    ['GET', `/Observation/${other.laboratory}/_history/1`, [404]],
    ['GET', `/Observation/${other.laboratory}/_history`, [404]],
    ['GET', `/Patient/${other.patient}/$everything`, [404]],
    ['GET', `/Encounter/${other.encounter}/$everything`, [404]],
    ['GET', `/Patient/${other.patient}/$summary`, [404]],
    ['GET', `/Group/${other.group}`, [404]],
    ['DELETE', `/Observation/${other.laboratory}`, [403, 404]],
    ['GET', '/$export?_type=Observation', [403, 404]],
    ['GET', '/Patient/$export', [403, 404]],
  ];
  for (const [method, path, statuses] of closed) {
    const answer = await app.call(
      token,
      method,
      path,
      undefined,
      path.includes('export') ? { prefer: 'respond-async' } : {},
    );
    assert.ok(
      statuses.includes(answer.status),
      `${method} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`,
    );
    assertOwn(confined, answer, path);
  }
  const empty = [
    `/Observation?patient=${other.patient}`,
    `/Patient?_id=${other.patient}`,
    `/Patient?identifier=urn:mark|qzz`,
    `/Patient?name=${encodeURIComponent('Nguyễnqzz')}`,
    `/Patient/${other.patient}/Observation`,
    `/Group?member=Patient/${other.patient}`,
    `/Observation?identifier=qzz&_total=accurate`,
    `/Observation/$lastn?patient=${other.patient}&category=laboratory`,
    `/Patient?_has:Observation:patient:identifier=qzz`,
    `/Observation?patient.name=${encodeURIComponent('Nguyễnqzz')}`,
    `/Observation?_filter=identifier eq qzz`,
    `/?_type=Observation,Condition&identifier=qzz`,
  ];
  for (const path of empty) {
    const answer = await app.call(token, 'GET', path);
    if (answer.status === 200) assert.deepEqual([idsOf(answer), answer.body.total ?? 0], [[], 0], path);
    else assert.ok([400, 403, 404].includes(answer.status), `${path}: ${answer.status}`);
    assertOwn(confined, answer, path);
  }
  const count = await app.call(token, 'GET', '/Observation?_summary=count');
  assert.equal(count.body.total, 2, 'counts are of the own person');
});

test('the own record is there by the same paths', async () => {
  const { app, own, token } = confined;
  assert.equal((await app.call(token, 'GET', `/Patient/${own.patient}`)).status, 200);
  assert.deepEqual(idsOf(await app.call(token, 'GET', '/Observation')), [own.laboratory, own.vital].sort());
  const everything = await app.call(token, 'GET', `/Patient/${own.patient}/$everything`);
  for (const id of [own.laboratory, own.vital, own.condition]) assert.ok(idsOf(everything).includes(id));
  assertOwn(confined, everything, '$everything');
  assert.equal((await app.call(token, 'GET', '/Organization/cs-1')).status, 200, 'places are everybody’s');
  const included = await app.call(token, 'GET', '/Observation?_include=*&_revinclude=Group:member');
  assertOwn(confined, included, 'includes');
});

test('writes stay with the own person: as it was and as it will be, by criteria, patches and batches', async () => {
  const { app, other, own, token } = confined;
  const subject = (id: string) => ({ subject: { reference: `Patient/${id}` } });
  const resource = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
  assert.equal(
    (await app.call(token, 'POST', '/Observation', { ...resource, ...subject(own.patient) })).status,
    201,
  );
  const refused: [string, string, unknown, Record<string, string>?][] = [
    ['POST', '/Observation', { ...resource, ...subject(other.patient) }],
    ['POST', '/Observation', resource],
    ['POST', '/Patient', { resourceType: 'Patient', name: [{ text: 'Người mới' }] }],
    ['PUT', `/Observation/${own.vital}`, { ...resource, id: own.vital, ...subject(other.patient) }],
    ['PUT', `/Observation/${other.vital}`, { ...resource, id: other.vital, ...subject(own.patient) }],
    ['PUT', '/Observation?identifier=qzz', { ...resource, ...subject(own.patient) }],
    ['DELETE', '/Observation?identifier=qzz', undefined],
    ['POST', '/Observation', { ...resource, ...subject(own.patient) }, { 'if-none-exist': 'identifier=qzz' }],
    ['POST', '/Observation', { ...resource, subject: { reference: 'Patient?identifier=urn:mark|qzz' } }],
  ];
  for (const [method, path, body, headers] of refused) {
    const answer = await app.call(token, method, path, body, headers);
    assert.equal(answer.status, 403, `${method} ${path}: ${answer.text}`);
    assertOwn(confined, answer, path);
  }
  const patch = await app.call(
    token,
    'PATCH',
    `/Observation/${own.vital}`,
    [{ op: 'replace', path: '/subject/reference', value: `Patient/${other.patient}` }],
    { 'content-type': 'application/json-patch+json' },
  );
  assert.equal(patch.status, 403);
  const entry = (method: string, url: string, more: object = {}) => ({ request: { method, url }, ...more });
  const batch = await app.call(token, 'POST', '/', {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [
      entry('GET', `Patient/${other.patient}`),
      entry('GET', `Observation?patient=${other.patient}`),
      entry('POST', 'Observation', { resource: { ...resource, ...subject(other.patient) } }),
      entry('DELETE', `Observation/${other.laboratory}`),
      entry('GET', `Patient/${own.patient}`),
    ],
  });
  const statuses = batch.body.entry.map((one: { response: { status: string } }) =>
    one.response.status.slice(0, 3),
  );
  assert.deepEqual(
    [statuses[0], statuses[1], statuses[2], statuses[4]],
    ['404', '200', '403', '200'],
    batch.text,
  );
  assert.ok(['403', '404'].includes(statuses[3]));
  // A link repeats the question.
  const shown = batch.body.entry.map(({ response, resource: one }: BatchEntry) => [
    response.location,
    one?.entry,
  ]);
  assertOwn(confined, { ...batch, body: { entry: shown } }, 'batch');
});

test('an answer that is fetched later belongs to the token of the same person', async () => {
  const { app, other, token } = confined;
  const later = await app.call(token, 'GET', '/Observation', undefined, { prefer: 'respond-async' });
  assert.equal(later.status, 202, later.text);
  const job = later.headers.get('content-location')!;
  const ask = { client: 'app', scope: 'launch/patient patient/*.cruds' };
  const foreign = (await app.enter(ask, { patient: other.patient })).access_token;
  assert.equal((await app.call(foreign, 'GET', job)).status, 404, 'same app and doctor, another patient');
  assert.notEqual((await app.call(token, 'GET', job)).status, 404);
});

test('a token that is confined listens to nothing and exports nothing', async () => {
  const { app, token } = confined;
  const subscription = {
    resourceType: 'Subscription',
    status: 'requested',
    reason: 'x',
    criteria: 'Observation?status=final',
    channel: { type: 'rest-hook', endpoint: 'https://example.org/hook' },
  };
  assert.equal((await app.call(token, 'POST', '/Subscription', subscription)).status, 403);
});

test(`random questions show nothing of the other person (seed ${SEED})`, async () => {
  const { app, other, token } = confined;
  const types = [
    'Patient',
    'Observation',
    'Condition',
    'Encounter',
    'Group',
    'Organization',
    'Provenance',
    'List',
  ] as const;
  const values = [
    'qzz',
    'urn:mark|qzz',
    other.patient,
    `Patient/${other.patient}`,
    `Encounter/${other.encounter}`,
    'Nguyễnqzz',
    'final',
    'laboratory',
    'female',
    'ge1980',
    'gt1',
    'true',
    'I10',
    'finished',
  ];
  const controls: [string, string[]][] = [
    ['_sort', ['date', '-date', '_lastUpdated', '-_id', 'name', 'patient', '-code']],
    ['_total', ['accurate', 'estimate']],
    ['_summary', ['count']],
    ['_count', ['1', '3', '0']],
    ['_include', ['*', 'Observation:patient', 'Group:member', 'Observation:encounter']],
    ['_revinclude', ['*', 'Observation:patient', 'Group:member', 'Condition:encounter', 'Encounter:patient']],
    ['_include:iterate', ['Encounter:patient', 'Observation:encounter']],
  ];
  let answered = 0;
  for (let i = 0; i < 300; i += 1) {
    const type = pick(random, types);
    const query = new URLSearchParams();
    for (let n = Math.floor(random() * 3); n >= 0; n -= 1)
      query.append(criterion(type), pick(random, values));
    for (const [name, some] of controls) if (random() < 0.2) query.append(name, pick(random, some));
    const path = `/${type}?${query}`;
    let next: string | undefined = path;
    for (let pages = 0; next !== undefined && pages < 4; pages += 1) {
      const answer: HttpAnswer = await app.call(token, 'GET', next);
      const text = JSON.stringify(
        (answer.body?.entry ?? []).filter(
          (one: { search?: { mode: string } }) => one.search?.mode !== 'outcome',
        ),
      );
      assert.ok(answer.status < 500, `${path}: ${answer.status} ${answer.text}`);
      for (const mark of other.marks) assert.ok(!text.includes(mark), `${path} shows ${mark}`);
      if (answer.status === 200) answered += 1;
      if (answer.body?.total !== undefined && type !== 'Organization')
        assert.ok(answer.body.total <= ownCount(type), `${path} counts ${answer.body.total}`);
      next = answer.body?.link?.find((one: { relation: string }) => one.relation === 'next')?.url;
    }
  }
  assert.ok(answered > 30, `${answered} of the questions were answered`);
});

/** How many resources of a type the own person has at most. */
function ownCount(type: string): number {
  return { Patient: 1, Observation: 6, Condition: 1, Encounter: 1 }[type] ?? 0;
}

function criterion(type: string): string {
  const of = (one: string) =>
    pick(
      random,
      supportedSearchParameters(one as 'Patient').map(({ name }) => name),
    );
  const kind = random();
  if (kind < 0.5) return of(type);
  if (kind < 0.65)
    return `${of(type)}:${pick(random, ['not', 'missing', 'exact', 'contains', 'text', 'identifier', 'of-type', 'Patient'])}`;
  if (kind < 0.8)
    return `${pick(random, ['patient', 'subject', 'encounter', 'subject:Patient', 'member:Patient'])}.${of('Patient')}`;
  const source = pick(random, ['Observation', 'Condition', 'Encounter', 'Group']);
  return `_has:${source}:${pick(random, ['patient', 'encounter', 'subject', 'member'])}:${of(source)}`;
}
