/**
 * The store against a naive reading of R4 in memory: a random world, thousands of random searches, every page of each.
 * `YBA_SEED=… node tests/run.ts tests/conformance/differential` repeats a run, `YBA_ROUNDS` makes it longer.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ResourceType } from '../../../kernel/fhir/types.ts';
import type { Write } from '../../../kernel/store/contract.ts';
import { type OpenStore, openStore } from '../../../kernel/store/index.ts';
import { type TestDatabase, withDatabase } from '../../../kernel/store/testing.ts';
import { ratchet } from '../../ratchet.ts';
import { type Criterion, randomCriterion, type World } from './criteria.ts';
import { type Include, included, randomInclude } from './includes.ts';
import { spanOf } from './naive.ts';
import { type Any, COUNTS, makeWorld, type WorldType } from './people.ts';
import { pick, randomFrom, seedOfRun } from './random.ts';

const seed = seedOfRun();
const ROUNDS = Number(process.env.YBA_ROUNDS ?? 2000);
const random = randomFrom(seed);
const all = makeWorld(random);
const world: World = { all, byKey: new Map(all.map((one) => [`${one.resourceType}/${one.id}`, one])) };
const TYPES = Object.keys(COUNTS) as WorldType[];

let database: TestDatabase;
let store: OpenStore;
before(async () => {
  database = await withDatabase();
  store = await openStore({ pool: database.pool, sealEvery: 0 });
  const writes = all.map((resource): Write => ({ op: 'update', resource }));
  for (let at = 0; at < writes.length; at += 50) await store.commit(writes.slice(at, at + 50), []);
});
after(async () => {
  await store?.close();
  await database?.stop();
});

/** Orders whose keys a reader sees: the type, and the value of a resource; undefined ones come last. */
const ORDERS: [WorldType, string, (r: Any) => string | number | undefined][] = [
  ['Patient', 'birthdate', (r) => (r.birthDate === undefined ? undefined : spanOf(r.birthDate).low)],
  ['Patient', 'gender', (r) => r.gender],
  ['Encounter', 'status', (r) => r.status],
  ['ValueSet', 'url', (r) => r.url],
  [
    'Condition',
    'recorded-date',
    (r) => (r.recordedDate === undefined ? undefined : spanOf(r.recordedDate).low),
  ],
  ...TYPES.map((type): [WorldType, string, (r: Any) => string] => [type, '_id', (r) => r.id]),
];

interface Found {
  ids: string[];
  includes: string[];
  totals: Set<number>;
}

/** Every page of a search, by its links. */
async function searchAll(type: WorldType, params: [string, string][]): Promise<Found> {
  const found: Found = { ids: [], includes: [], totals: new Set() };
  let next: [string, string][] | undefined = params;
  while (next) {
    const answer = await store.search({ type: type as ResourceType, params: next });
    found.ids.push(...answer.matches.map(({ id }) => id));
    found.includes.push(...answer.includes.map((one) => `${one.type}/${one.id}`));
    if (answer.total !== undefined) found.totals.add(answer.total);
    next =
      answer.next === undefined ? undefined : ([...new URLSearchParams(answer.next)] as [string, string][]);
    assert.ok(found.ids.length <= all.length, 'pages without an end');
  }
  return found;
}

function checkOrder(ids: readonly string[], type: WorldType, key: (r: Any) => unknown, descending: boolean) {
  const keys = ids.map((id) => key(world.byKey.get(`${type}/${id}`)) as number | undefined);
  const there = keys.filter((one) => one !== undefined);
  assert.deepEqual(
    keys.slice(there.length).filter((one) => one !== undefined),
    [],
    'empty values come last',
  );
  for (let at = 1; at < there.length; at++) {
    const [a, b] = [there[at - 1]!, there[at]!];
    assert.ok(descending ? a >= b : a <= b, `${a} before ${b}`);
  }
}

/** Names one resource that is missing, and one that should not be there. */
function checkMatches(ids: readonly string[], matches: readonly Any[], type: WorldType, asked: string): void {
  const missing = matches.find(({ id }) => !ids.includes(id));
  const extra = ids.find((id) => !matches.some((one) => one.id === id));
  const show = (what: string, one: Any) => (one === undefined ? '' : `\n  ${what} ${JSON.stringify(one)}`);
  const text = show('missing', missing) + show('too many', extra && world.byKey.get(`${type}/${extra}`));
  assert.equal(text, '', asked + text);
}

/** One search: its parameters, and what must come back. */
async function round(): Promise<void> {
  const order = random() < 0.3 ? pick(random, ORDERS) : null;
  const type = order ? order[0] : pick(random, TYPES);
  const criteria: Criterion[] = Array.from({ length: Math.floor(random() * 4) }, () =>
    randomCriterion(world, type, random),
  );
  const includes: Include[] =
    random() < 0.2
      ? Array.from({ length: 1 + Math.floor(random() * 2) }, () => randomInclude(type, random))
      : [];
  const descending = random() < 0.5;
  const count = includes.length > 0 ? 1000 : pick(random, [3, 7, 50, 1000]);
  const params: [string, string][] = [
    ...criteria.map(({ name, value }): [string, string] => [name, value]),
    ...includes.map(({ name, value }): [string, string] => [name, value]),
    ...(order ? [['_sort', `${descending ? '-' : ''}${order[1]}`] as [string, string]] : []),
    ['_count', String(count)],
    ...(random() < 0.3 ? [['_total', 'accurate'] as [string, string]] : []),
  ];
  const matches = all.filter((one) => one.resourceType === type && criteria.every(({ fits }) => fits(one)));
  const asked = `seed ${seed}: ${type}?${params.map((pair) => pair.join('=')).join('&')}`;
  const found = await searchAll(type, params).catch((error: Error) =>
    assert.fail(`${asked}\n${error.message}`),
  );
  assert.equal(new Set(found.ids).size, found.ids.length, `${asked}: a match came twice`);
  checkMatches(found.ids, matches, type, asked);
  assert.deepEqual([...found.totals], found.totals.size === 0 ? [] : [matches.length], asked);
  if (order) {
    try {
      checkOrder(found.ids, type, order[2], descending);
    } catch (error) {
      assert.fail(`${asked}: ${(error as Error).message}`);
    }
  }
  assert.deepEqual([...found.includes].sort(), [...included(world, matches, includes)].sort(), asked);
}

/** More than that say nothing new. */
const MOST_FAULTS = 10;

test(`${ROUNDS} random searches answer what R4 says (seed ${seed})`, async (context) => {
  context.diagnostic(`seed ${seed}`);
  const faults: string[] = [];
  for (let at = 0; at < ROUNDS && faults.length < MOST_FAULTS; at++)
    await round().catch((error: Error) => faults.push(error.message));
  assert.equal(faults.length, 0, faults.join('\n\n'));
  if (process.env.YBA_ROUNDS === undefined) ratchet(context, 'differential searches', ROUNDS);
});
