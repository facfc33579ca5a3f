/** Dates, quantities, codes and flags of random Observations against a naive reading of R4 in memory. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Interval, intervalOf, intervalOfPeriod } from '../../fhir/dates.ts';
import type { Resource } from '../../fhir/types.ts';
import { pick, type Random, randomFrom } from '../../fhir/validation/random.testing.ts';
import type { Write } from '../contract.ts';
import { type OpenStore, openStore } from '../index.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';

interface Made {
  id: string;
  date: Interval | null;
  value: number | null;
  code: string;
  person: string | null;
  resource: Resource;
}

const PREFIXES = ['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'];

function randomMoment(random: Random): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `2026-${two(1 + Math.floor(random() * 3))}-${two(1 + Math.floor(random() * 5))}`;
  const zone = pick(random, ['Z', '+07:00', '-05:00']);
  return pick(random, [
    '2026',
    '2025',
    day.slice(0, 7),
    day,
    day,
    `${day}T${two(Math.floor(random() * 24))}:00:00${zone}`,
  ]);
}

function make(id: string, random: Random): Made {
  // per-1 of R4: a period does not end before it starts.
  const [start, end] = [randomMoment(random), randomMoment(random)].sort(
    (a, b) => intervalOf(a)!.low - intervalOf(b)!.low || intervalOf(a)!.high - intervalOf(b)!.high,
  ) as [string, string];
  const kind = pick(random, ['instant', 'period', 'open', 'until', 'none']);
  const period = kind === 'open' ? { start } : kind === 'until' ? { end } : { start, end };
  const date = kind === 'none' ? null : kind === 'instant' ? intervalOf(start) : intervalOfPeriod(period);
  const value = random() < 0.2 ? null : Math.round(random() * 60) / 10;
  const code = pick(random, ['a', 'b', 'c']);
  const person = pick(random, ['p1', 'p2', null]);
  const resource = {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: `http://s/${code === 'a' ? 1 : 2}`, code }] },
    ...(person ? { subject: { reference: `Patient/${person}` } } : {}),
    ...(kind === 'none'
      ? {}
      : kind === 'instant'
        ? { effectiveDateTime: start }
        : { effectivePeriod: period }),
    ...(value === null ? {} : { valueQuantity: { value, unit: 'x' } }),
  };
  return { id, date, value, code, person, resource: resource as Resource };
}

/** R4 search 3.1.1.4.5 and 3.1.1.4.7, word by word. */
function dateFits(prefix: string, row: Interval, asked: Interval): boolean {
  const contains = asked.low <= row.low && row.high <= asked.high;
  const above = row.high > asked.high;
  const below = row.low < asked.low;
  switch (prefix) {
    case 'ne':
      return !contains;
    case 'gt':
      return above;
    case 'lt':
      return below;
    case 'ge':
      return above || contains;
    case 'le':
      return below || contains;
    case 'sa':
      return row.low >= asked.high;
    case 'eb':
      return row.high <= asked.low;
    default:
      return contains;
  }
}

function numberFits(prefix: string, value: number, text: string): boolean {
  const asked = Number(text);
  const half = text.includes('.') ? 0.05 : 0.5;
  const same = value >= Number((asked - half).toFixed(3)) && value < Number((asked + half).toFixed(3));
  switch (prefix) {
    case 'ne':
      return !same;
    case 'gt':
    case 'sa':
      return value > asked;
    case 'lt':
    case 'eb':
      return value < asked;
    case 'ge':
      return value >= asked;
    case 'le':
      return value <= asked;
    default:
      return same;
  }
}

const random = randomFrom(20261122);
const made = Array.from({ length: 240 }, (_, i) => make(`o${i}`, random));
let database: TestDatabase;
let store: OpenStore;

before(async () => {
  database = await withDatabase();
  store = await openStore({ pool: database.pool, sealEvery: 0 });
  await store.commit(
    made.map(({ resource }): Write => ({ op: 'update', resource })),
    [],
  );
});
after(async () => {
  await store?.close();
  await database?.stop();
});

type Test = (row: Made) => boolean;

/** One random criterion: how it is asked, and what it means. */
function criterion(): [name: string, value: string, test: Test] {
  switch (Math.floor(random() * 6)) {
    case 0:
    case 1: {
      const prefix = pick(random, PREFIXES);
      const text = randomMoment(random);
      const asked = intervalOf(text)!;
      return ['date', prefix + text, (row) => row.date !== null && dateFits(prefix, row.date, asked)];
    }
    case 2: {
      const prefix = pick(random, PREFIXES);
      const text = pick(random, ['1', '2.5', '3.0', '4', '5.5']);
      return [
        'value-quantity',
        prefix + text,
        (row) => row.value !== null && numberFits(prefix, row.value, text),
      ];
    }
    case 3: {
      const code = pick(random, ['a', 'b', 'http://s/1|a', 'http://s/1|b', 'http://s/2|', 'a,c']);
      const codes =
        code === 'http://s/2|'
          ? ['b', 'c']
          : code === 'http://s/1|b'
            ? []
            : code.replace(/^.*\|/, '').split(',');
      const not = random() < 0.4;
      return [not ? 'code:not' : 'code', code, (row) => codes.includes(row.code) !== not];
    }
    case 4: {
      const missing = random() < 0.5;
      return ['date:missing', String(missing), (row) => (row.date === null) === missing];
    }
    default: {
      const person = pick(random, ['p1', 'p2']);
      return ['patient', person, (row) => row.person === person];
    }
  }
}

test('random searches answer what R4 says, whatever the criteria, the order and the size of the page', async () => {
  for (let round = 0; round < 100; round++) {
    const criteria = Array.from({ length: 1 + Math.floor(random() * 3) }, criterion);
    const expected = made.filter((row) => criteria.every(([, , fits]) => fits(row))).map((row) => row.id);
    const params: [string, string][] = criteria.map(([name, value]) => [name, value]);
    const order = pick(random, ['', 'date', '-date', '_id', '-value-quantity']);
    if (order !== '') params.push(['_sort', order]);
    const count = pick(random, [7, 50, 1000]);
    const found: string[] = [];
    let next: [string, string][] | undefined = [...params, ['_count', String(count)]];
    while (next) {
      const answer = await store.search({ type: 'Observation', params: next });
      found.push(...answer.matches.map((match) => match.id));
      next =
        answer.next === undefined ? undefined : ([...new URLSearchParams(answer.next)] as [string, string][]);
    }
    assert.equal(new Set(found).size, found.length, JSON.stringify(params));
    assert.deepEqual([...found].sort(), [...expected].sort(), JSON.stringify(params));
    const total = await store.search({ type: 'Observation', params: [...params, ['_summary', 'count']] });
    assert.equal(total.total, expected.length);
  }
});
