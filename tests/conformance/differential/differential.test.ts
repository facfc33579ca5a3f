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

/** One key of an order: the parameter, and the value of a resource; undefined ones come last. */
type Key = [code: string, value: (r: Any, descending: boolean) => string | number | undefined];

/** R4 leaves to the server which of several values counts: here the least going up, the greatest going down. */
const extreme = (values: readonly number[], descending: boolean): number | undefined =>
  values.length === 0 ? undefined : descending ? Math.max(...values) : Math.min(...values);
const lowOf = (text: string | undefined) => (text === undefined ? undefined : spanOf(text).low);
const BY_ID: Key = ['_id', (r) => r.id];

/** Orders whose keys a reader sees. */
const ORDERS: [WorldType, ...Key[]][] = [
  ['Patient', ['birthdate', (r) => lowOf(r.birthDate)]],
  ['Patient', ['gender', (r) => r.gender]],
  ['Patient', ['gender', (r) => r.gender], ['birthdate', (r) => lowOf(r.birthDate)], BY_ID],
  ['Encounter', ['status', (r) => r.status]],
  ['Encounter', ['status', (r) => r.status], BY_ID],
  ['ValueSet', ['url', (r) => r.url]],
  ['ValueSet', ['status', (r) => r.status], ['date', (r) => lowOf(r.date)], ['url', (r) => r.url], BY_ID],
  ['Condition', ['recorded-date', (r) => lowOf(r.recordedDate)]],
  ['Condition', ['recorded-date', (r) => lowOf(r.recordedDate)], BY_ID],
  [
    'RiskAssessment',
    [
      'probability',
      (r, descending) =>
        extreme(
          (r.prediction ?? []).map((one: Any) => one.probabilityDecimal),
          descending,
        ),
    ],
    BY_ID,
  ],
  ...TYPES.map((type): [WorldType, Key] => [type, BY_ID]),
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

interface Sorting {
  code: string;
  value: Key[1];
  descending: boolean;
}

/** Negative when `a` stands before `b`; what has no value stands behind what has one, whichever way. */
function compareBy(sorts: readonly Sorting[], a: Any, b: Any): number {
  for (const { value, descending } of sorts) {
    const [one, other] = [value(a, descending), value(b, descending)];
    if (one === other) continue;
    if (one === undefined || other === undefined) return one === undefined ? 1 : -1;
    return one < other !== descending ? -1 : 1;
  }
  return 0;
}

function checkOrder(ids: readonly string[], type: WorldType, sorts: readonly Sorting[]) {
  const found = ids.map((id) => world.byKey.get(`${type}/${id}`));
  for (let at = 1; at < found.length; at++)
    assert.ok(compareBy(sorts, found[at - 1], found[at]) <= 0, `${ids[at - 1]} before ${ids[at]}`);
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
  const [, ...keys] = order ?? [type];
  const sorts = keys.map(([code, value]): Sorting => ({ code, value, descending: random() < 0.5 }));
  const sort = sorts.map(({ code, descending }) => `${descending ? '-' : ''}${code}`).join(',');
  const count = includes.length > 0 ? 1000 : pick(random, [3, 7, 50, 1000]);
  const params: [string, string][] = [
    ...criteria.map(({ name, value }): [string, string] => [name, value]),
    ...includes.map(({ name, value }): [string, string] => [name, value]),
    ...(order ? [['_sort', sort] as [string, string]] : []),
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
      checkOrder(found.ids, type, sorts);
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
