/**
 * A criterion says the same of one resource in memory and of all of them in the database: random questions by every
 * parameter that the types of a random record have. `SEED=n` repeats a run.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Failure } from '../../failure.ts';
import type { Resource, ResourceType } from '../../fhir/types.ts';
import { pick } from '../../fhir/validation/random.testing.ts';
import type { Write } from '../contract.ts';
import { type OpenStore, openStore } from '../index.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';
import { indexedParametersOf } from './parameters.ts';
import { chance, random, resources, SEED } from './random-record.testing.ts';
import { resourceTest } from './resource-test.ts';

const QUESTIONS = 600;
const all = resources().flat() as unknown as Resource[];
const types = [...new Set(all.map(({ resourceType }) => resourceType))];

let database: TestDatabase;
let store: OpenStore;

before(async () => {
  database = await withDatabase();
  store = await openStore({ pool: database.pool, sealEvery: 0 });
  for (const some of resources()) {
    await store.commit(
      some.map((resource): Write => ({ op: 'update', resource: resource as unknown as Resource })),
      [],
    );
  }
});
after(async () => {
  await store?.close();
  await database?.stop();
});

/** Values as they stand in the resources of a type, each in the ways it may be asked for. */
function valuesIn(node: unknown, found: Set<string>): Set<string> {
  if (typeof node === 'number') {
    for (const text of [`${node}`, `ge${node}`, `lt${node}`, `ap${node}`, `ne${node}`]) found.add(text);
  } else if (typeof node === 'string') {
    if (node.length > 60 || node === '') return found;
    found.add(node.replace(/([,|$\\])/g, '\\$1'));
    found.add(node.slice(0, 3));
    if (/^\d{4}(-\d\d)*/.test(node))
      for (const prefix of ['ge', 'le', 'sa', 'eb', 'ne', 'ap', 'gt', 'lt']) found.add(prefix + node);
  } else if (typeof node === 'object' && node !== null) {
    const { system, code, value } = node as Record<string, unknown>;
    if (typeof system === 'string')
      for (const one of [code, value]) if (typeof one === 'string') found.add(`${system}|${one}`);
    if (typeof value === 'number') found.add(`${value}|${system ?? ''}|${code ?? ''}`);
    for (const item of Object.values(node)) valuesIn(item, found);
  }
  return found;
}

const MODIFIERS = [
  '',
  '',
  '',
  ':not',
  ':missing',
  ':contains',
  ':below',
  ':above',
  ':identifier',
  ':of-type',
  ':Patient',
];

function question(type: ResourceType, values: readonly string[]): [string, string] {
  const parameter = pick(random, [...indexedParametersOf(type).keys()]);
  const modifier = pick(random, MODIFIERS);
  const value = modifier === ':missing' ? pick(random, ['true', 'false']) : pick(random, values);
  return [parameter + modifier, chance(0.2) ? `${value},${pick(random, values)}` : value];
}

test(`memory and database agree (seed ${SEED})`, async () => {
  const values = new Map(
    types.map((type) => [
      type,
      [
        ...valuesIn(
          all.filter((one) => one.resourceType === type),
          new Set(),
        ),
      ],
    ]),
  );
  let asked = 0;
  let found = 0;
  for (let tries = 0; asked < QUESTIONS && tries < 40 * QUESTIONS; tries += 1) {
    const type = pick(random, types) as ResourceType;
    const params = [
      question(type, values.get(type)!),
      ...(chance(0.2) ? [question(type, values.get(type)!)] : []),
    ];
    const matches = testOf(type, params);
    if (matches === null) continue;
    asked += 1;
    const wanted = all.filter((one) => one.resourceType === type && matches(one)).map(({ id }) => id);
    const told = `${type}?${params.map(([name, value]) => `${name}=${value}`).join('&')}`;
    assert.deepEqual(await idsOf({ type, params: [...params, ['_count', '1000']] }), wanted.sort(), told);
    const only = { type, params: [['_count', '1000']] as [string, string][], anyOf: [{ query: params }] };
    assert.deepEqual(await idsOf(only), wanted, `alternative ${told}`);
    found += wanted.length > 0 && wanted.length < all.length ? 1 : 0;
  }
  assert.equal(asked, QUESTIONS);
  assert.ok(found > QUESTIONS / 10, `${found} of ${asked} found something`);
});

function testOf(type: ResourceType, params: [string, string][]) {
  try {
    return resourceTest(type, params);
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return null;
  }
}

async function idsOf(request: Parameters<OpenStore['search']>[0]): Promise<string[]> {
  const { matches } = await store.search(request);
  return matches.map(({ id }) => id).sort();
}

test('several alternatives are one search: matches, pages, count and total', async () => {
  const anyOf = [
    { query: [['gender', 'female']] as const },
    { persons: ['person1', 'person3'], query: [['gender', 'male']] as const },
  ];
  const wanted = all
    .filter((one) => one.resourceType === 'Patient')
    .filter(
      ({ id, ...one }) =>
        'gender' in one && (one.gender === 'female' || ['person1', 'person3'].includes(id!)),
    )
    .map(({ id }) => id!)
    .sort();
  const read: string[] = [];
  let params: [string, string][] | null = [['_count', '7']];
  while (params) {
    const { matches, next }: { matches: { id: string }[]; next?: string } = await store.search({
      type: 'Patient',
      params,
      anyOf,
    });
    read.push(...matches.map(({ id }) => id));
    params = next === undefined ? null : ([...new URLSearchParams(next)] as [string, string][]);
  }
  assert.deepEqual(read.sort(), wanted);
  const { total } = await store.search({ type: 'Patient', params: [['_summary', 'count']], anyOf });
  assert.equal(total, wanted.length);
  assert.equal(
    (await store.search({ type: 'Patient', params: [['_summary', 'count']], anyOf: [] })).total,
    0,
  );
});

test('what one resource does not show by itself is refused by name', () => {
  const refused: [ResourceType, string, string][] = [
    ['Observation', 'subject.name', 'a'],
    ['Patient', '_has:Observation:patient:code', 'k1'],
    ['Observation', 'code:in', 'http://x'],
    ['Observation', 'code:below', 'http://x|k1'],
    ['Observation', 'code:text', 'a'],
    ['Observation', '_filter', 'code eq k1 or code eq k2'],
    ['Observation', '_content', 'a'],
    ['Observation', '_text', 'a'],
    ['Observation', '_list', 'a'],
    ['Observation', '_lastUpdated', 'gt2020'],
    ['Patient', 'name:exact', 'a'],
    ['Location', 'near', '21|105|5|km'],
    ['Observation', '_include', 'Observation:subject'],
    ['Observation', '_sort', 'date'],
    ['Observation', 'nothing', 'a'],
    ['Observation', 'date', 'yesterday'],
  ];
  for (const [type, name, value] of refused)
    assert.throws(() => resourceTest(type, [[name, value]]), Failure, `${type}?${name}=${value}`);
});
