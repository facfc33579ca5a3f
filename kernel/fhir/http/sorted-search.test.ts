/** `_sort` over several types, and pages of several types. R4 search.html#sort, #count, #include. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, type HttpAnswer, issueOf, openFhirWorld } from '../testing.ts';
import type { Resource } from '../types.ts';

let world: FhirWorld;
/** Everything in the order in which it was written. */
const written: string[] = [];

const person = (id: string) => ({ resourceType: 'Patient', id, name: [{ family: id }] });
const observation = (id: string, effectiveDateTime?: string) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: 'Patient/p1' },
  ...(effectiveDateTime && { effectiveDateTime }),
});
const visit = (id: string, start: string) => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { code: 'AMB' },
  subject: { reference: 'Patient/p2' },
  period: { start },
});
/** `date` of the type is the event of a repeating dosage, and kept otherwise than that of the others. */
const request = (id: string, ...event: string[]) => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p2' },
  medicationCodeableConcept: { text: 'x' },
  dosageInstruction: [{ timing: { event } }],
});

const RESOURCES = [
  person('p1'),
  observation('o1', '2026-03-01'),
  visit('v1', '2026-01-05T08:00:00+07:00'),
  person('p2'),
  observation('o2', '2026-02-01'),
  observation('o3'),
  visit('v2', '2026-02-15'),
  request('r1', '2026-02-10', '2026-04-01'),
  visit('v3', '2025'),
  observation('o4', '2026-02-20T10:00:00Z'),
  person('p3'),
  observation('o5', '2026-02-15'),
  request('r2', '2026-01-01'),
] as unknown as (Resource & { id: string })[];

before(async () => {
  world = await openFhirWorld();
  for (const resource of RESOURCES) {
    const { resourceType, id } = resource;
    const answer = await world.send('PUT', `/fhir/${resourceType}/${id}`, resource);
    assert.equal(answer.status, 201, answer.text);
    written.push(id);
  }
});
after(() => world.stop());

const get = (query: string) => world.send('GET', query.startsWith('http') ? query : `/fhir${query}`);
const idsOf = ({ status, text, body }: HttpAnswer, mode = 'match'): string[] => {
  assert.equal(status, 200, text);
  const entries = (body.entry ?? []) as { search: { mode: string }; resource: { id: string } }[];
  return entries.filter(({ search }) => search.mode === mode).map(({ resource }) => resource.id);
};
const nextOf = ({ body }: HttpAnswer): string | undefined =>
  body.link.find((one: { relation: string }) => one.relation === 'next')?.url;

async function pagesOf(query: string): Promise<HttpAnswer[]> {
  const pages = [await get(query)];
  for (let next = nextOf(pages[0]!); next !== undefined; next = nextOf(pages.at(-1)!))
    pages.push(await get(next));
  return pages;
}

const ALL = 'Patient,Observation,Encounter,MedicationRequest';
const DATED = 'Observation,Encounter,MedicationRequest';
const BY_DATE = 'v3 r2 v1 o2 r1 v2 o5 o4 o1 o3';
const BY_DATE_DOWN = 'r1 o1 o4 o5 v2 o2 v1 r2 v3 o3';

const ORDERS: [types: string, sort: string, expected: string][] = [
  [ALL, '_id', 'o1 o2 o3 o4 o5 p1 p2 p3 r1 r2 v1 v2 v3'],
  [ALL, '-_id', 'v3 v2 v1 r2 r1 p3 p2 p1 o5 o4 o3 o2 o1'],
  [DATED, 'patient,-_id', 'o5 o4 o3 o2 o1 v3 v2 v1 r2 r1'],
];

test('the matches of all types stand in one order, whatever the length of a page', async () => {
  const orders = [
    ...ORDERS,
    [ALL, '_lastUpdated', written.join(' ')] as const,
    [ALL, '-_lastUpdated', written.toReversed().join(' ')] as const,
  ];
  for (const [types, sort, expected] of orders)
    for (const count of [1, 2, 3, 5, 50]) {
      const query = `?_type=${types}&_sort=${sort}&_count=${count}`;
      const pages = await pagesOf(query);
      assert.equal(pages.flatMap((page) => idsOf(page)).join(' '), expected, query);
      assert.ok(
        pages.slice(0, -1).every((page) => idsOf(page).length === count),
        query,
      );
    }
});

/** The least date of each going up, the greatest going down; ties in any order, what has none last. */
test('dates are compared as dates, however a type keeps them; what has none comes last', async () => {
  const untied = (ids: string[]) => ids.join(' ').replace('o5 v2', 'v2 o5');
  for (const count of [1, 3, 4, 50]) {
    const up = await pagesOf(`?_type=${DATED}&_sort=date&_count=${count}`);
    assert.equal(untied(up.flatMap((page) => idsOf(page))), BY_DATE);
    const down = await pagesOf(`?_type=${DATED}&_sort=-date&_count=${count}`);
    assert.equal(untied(down.flatMap((page) => idsOf(page))), BY_DATE_DOWN.replace('o5 v2', 'v2 o5'));
  }
});

test('without _type, everything by what all types know', async () => {
  const found = (await pagesOf('?_lastUpdated=ge2020&_sort=-_lastUpdated&_count=6')).flatMap((page) =>
    idsOf(page),
  );
  assert.deepEqual(
    found.filter((id) => written.includes(id)),
    written.toReversed(),
  );
  assert.equal((await get('?_sort=_id')).status, 400);
});

test('a page never holds more than was asked for, sorted or not, and nothing twice', async () => {
  for (const sort of ['', '&_sort=_id'])
    for (const count of [1, 2, 4, 7]) {
      const pages = await pagesOf(`?_type=${ALL}${sort}&_count=${count}`);
      const pageSizes = pages.map((page) => idsOf(page).length);
      assert.ok(
        pageSizes.every((size) => size <= count),
        pageSizes.join(' '),
      );
      assert.deepEqual(pages.flatMap((page) => idsOf(page)).sort(), written.toSorted());
    }
});

test('what is a match does not come along as well, and what comes along comes once', async () => {
  for (const sort of ['', '&_sort=_id']) {
    const matched = await get(`?_type=Patient,Observation&_include=Observation:patient${sort}`);
    assert.deepEqual([idsOf(matched).length, idsOf(matched, 'include')], [8, []]);
    const others = await get(
      `?_type=Encounter,MedicationRequest&_include=Encounter:patient&_include=MedicationRequest:patient${sort}`,
    );
    assert.deepEqual([idsOf(others).length, idsOf(others, 'include')], [5, ['p2']]);
  }
});

test('the total is of all types: where it is known, and where it is asked for', async () => {
  const query = `?_type=${ALL}&_sort=_id`;
  assert.equal((await get(query)).body.total, 13);
  assert.equal((await get(`${query}&_count=3`)).body.total, undefined);
  for (const page of await pagesOf(`${query}&_count=6&_total=accurate`)) assert.equal(page.body.total, 13);
  assert.equal((await get(`${query}&_summary=count`)).body.total, 13);
  assert.equal((await get(`${query}&_count=0`)).body.total, 13);
});

test('links lead on and to the first; one that was changed, and an order that not all types have, are refused', async () => {
  const first = await get(`?_type=${ALL}&_sort=_id&_count=3`);
  const second = await get(nextOf(first)!);
  const linkOf = (relation: string) =>
    second.body.link.find((one: { relation: string }) => one.relation === relation)?.url;
  assert.deepEqual(idsOf(await get(linkOf('first'))), idsOf(first));
  assert.deepEqual(idsOf(await get(linkOf('self'))), idsOf(second));
  const spoilt = nextOf(first)!.replace(/%21[^~%]{5}/, '%21abcde');
  assert.notEqual(spoilt, nextOf(first));
  for (const [query, name] of [
    [spoilt, '_cursor'],
    [`?_type=${ALL}&_sort=_id&_cursor=9!`, '_cursor'],
    [`?_type=${ALL}&_sort=nosuch`, '_sort'],
    [`?_type=${ALL}&_sort=birthdate`, '_sort'],
    [`?_type=${ALL}&_sort=_id&_count=x`, '_count'],
    ['?_type=Patient,AuditEvent&_sort=_lastUpdated', '_sort'],
  ] as const) {
    const answer = await get(query);
    assert.equal(answer.status, 400, query);
    assert.deepEqual(issueOf(answer).expression, [name], query);
  }
});

test('the audit tells of the persons who were shown, and of nobody else', async () => {
  await get('?_type=Patient,Encounter&_sort=_id&_count=1&_lastUpdated=ge2021');
  const { rows } = await world.program.kernel.pool.query<{ patient: string }>(
    `select distinct patient from audit where what like '%ge2021%'`,
  );
  assert.deepEqual(
    rows.map(({ patient }) => patient),
    ['p1'],
  );
});

test('a compartment of all types has the same order', async () => {
  const pages = await pagesOf('/Patient/p2/*?_sort=-_lastUpdated&_count=2&_type=Encounter,MedicationRequest');
  assert.equal(pages.flatMap((page) => idsOf(page)).join(' '), 'r2 v3 r1 v2 v1');
});

test('as many types as there are', async () => {
  const { body } = await get('/metadata');
  const types = (body.rest[0].resource as { type: string }[])
    .map(({ type }) => type)
    .filter((type) => type !== 'AuditEvent');
  assert.ok(types.length > 100);
  const found = idsOf(await get(`?_type=${types.join(',')}&_id=p1,o2,v3&_sort=_id`));
  assert.deepEqual(found, ['o2', 'p1', 'v3']);
  assert.deepEqual(idsOf(await get(`?_type=${types.join(',')}&_id=p1,o2,v3`)).sort(), found);
});
