/**
 * Thousands of random questions about a random world, against a naive reading of R4 in memory: every kind of parameter, units,
 * value sets, hierarchies of codes and places, distances, narrative, chains, reverse chains, `_filter`, orders, pages.
 * `SEED=n` repeats a run; the seed is printed.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Resource, ResourceType } from '../../fhir/types.ts';
import { pick } from '../../fhir/validation/random.testing.ts';
import type { SearchAnswer, Write } from '../contract.ts';
import { type OpenStore, openStore } from '../index.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';
import {
  CS,
  chance,
  codes,
  FAMILIES,
  type Fact,
  facts,
  isWithin,
  type Person,
  parentOf,
  people,
  places,
  QUESTIONS,
  random,
  resources,
  SEED,
  STORY,
  UCUM,
  UNITS,
  type Visit,
  valueSets,
  visits,
  whole,
  wholeOf,
} from './random-record.testing.ts';
import { randomText } from './random-text.testing.ts';

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

/** A question: how it is asked as a parameter, how in `_filter` (when that can say it), and what it means. */
interface Ask<Row> {
  name: string;
  value: string;
  filter: string | undefined;
  test: (row: Row) => boolean;
}

const plain = (text: string) =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase();

const gramsOf = ({ grams, said }: Fact) => (said === undefined ? grams : undefined);

function askPerson(): Ask<Person> {
  switch (whole(8)) {
    case 0: {
      const family = pick(random, FAMILIES);
      const negated = chance(0.5);
      const test = (row: Person) => (plain(row.family) === plain(family)) !== negated;
      // A criterion cannot say "unequal" of a string.
      return negated
        ? { name: '_filter', value: `family ne ${family}`, filter: `family ne ${family}`, test }
        : { name: 'family', value: family, filter: `family eq ${family}`, test };
    }
    case 1: {
      const part = pick(random, ['an', 'h', 'inh', 'van']);
      const [operator, fits] = pick(random, [
        ['co', (text: string) => text.includes(part)],
        ['sw', (text: string) => text.startsWith(part)],
        ['ew', (text: string) => text.endsWith(part)],
        ['eq', (text: string) => text === part],
      ] as [string, (text: string) => boolean][]);
      const test = (row: Person) => row.given.some((word) => fits(plain(word)));
      const filter = `given ${operator} "${part}"`;
      return operator === 'co'
        ? { name: 'given:contains', value: part, filter, test }
        : { name: '_filter', value: filter, filter, test };
    }
    case 2: {
      const gender = pick(random, ['male', 'female']);
      return {
        name: 'gender',
        value: gender,
        filter: `gender eq ${gender}`,
        test: (row) => row.gender === gender,
      };
    }
    case 3: {
      const missing = chance(0.5);
      const test = (row: Person) => (row.birth === undefined) === missing;
      return { name: 'birthdate:missing', value: String(missing), filter: `birthdate pr ${!missing}`, test };
    }
    case 4: {
      const year = pick(random, ['1980', '1981', '1990']);
      const [prefix, fits] = pick(random, [
        ['ge', (own: string) => own >= year],
        ['lt', (own: string) => own < year],
        ['eq', (own: string) => own === year],
        ['ne', (own: string) => own !== year],
        ['sa', (own: string) => own > year],
      ] as [string, (own: string) => boolean][]);
      const test = (row: Person) => row.birth !== undefined && fits(row.birth.slice(0, 4));
      return { name: 'birthdate', value: prefix + year, filter: `birthdate ${prefix} ${year}`, test };
    }
    case 5: {
      const asked = randomText({ pick: (items) => pick(random, items), chance }, STORY);
      const test = (row: Person) => asked.test(row.story);
      // Some names begin with `ho`, too.
      const name = asked.terms.includes('ho') ? '_text' : pick(random, ['_text', '_content']);
      return { name, value: asked.text, filter: undefined, test };
    }
    case 6: {
      const digits = pick(random, ['0', '1', '3', '21']);
      const [operator, test] = pick(random, [
        ['sw', (row: Person) => row.number.startsWith(digits)],
        ['ew', (row: Person) => row.number.endsWith(digits)],
        ['co', (row: Person) => row.number.includes(digits)],
        ['ne', (row: Person) => row.number !== digits],
      ] as [string, (row: Person) => boolean][]);
      const filter = `identifier ${operator} ${digits}`;
      return { name: '_filter', value: filter, filter, test };
    }
    default: {
      const inner = askFact();
      const test = (row: Person) => facts.some((fact) => fact.person === row.id && inner.test(fact));
      if (inner.name === '_filter' || inner.name.startsWith('_has')) return askPerson();
      return { name: `_has:Observation:patient:${inner.name}`, value: inner.value, filter: undefined, test };
    }
  }
}

function askVisit(): Ask<Visit> {
  switch (whole(5)) {
    case 0: {
      const direction = pick(random, ['below', 'above']);
      const { id } = pick(random, places);
      const test = (row: Visit) =>
        direction === 'below' ? isWithin(row.place, id, wholeOf) : isWithin(id, row.place, wholeOf);
      return {
        name: `location:${direction}`,
        value: pick(random, [id, `Location/${id}`]),
        filter: undefined,
        test,
      };
    }
    case 1: {
      const [latitude, longitude, km] = [
        21 + whole(10) / 10,
        105 + whole(10) / 10,
        pick(random, [5, 20, 60]),
      ];
      const near = new Set(
        places.filter((place) => distance(place, { latitude, longitude }) <= km).map(({ id }) => id),
      );
      const value = pick(random, [`${km}|km`, `${km * 1000}|m`]);
      return {
        name: 'location.near',
        value: `${latitude}|${longitude}|${value}`,
        filter: `location.near eq ${latitude}|${longitude}|${value}`,
        test: (row) => near.has(row.place),
      };
    }
    case 2: {
      const month = `2026-0${1 + whole(9)}`;
      return {
        name: 'date',
        value: `ge${month}`,
        filter: `date ge ${month}`,
        test: (row) => row.start.slice(0, 7) >= month,
      };
    }
    default: {
      const inner = askPerson();
      const test = (row: Visit) => inner.test(people.find(({ id }) => id === row.person)!);
      if (inner.name === '_filter') {
        const filter = `subject:Patient.${inner.value}`;
        return { name: '_filter', value: filter, filter, test };
      }
      if (inner.name.startsWith('_has'))
        return { name: `subject:Patient.${inner.name}`, value: inner.value, filter: undefined, test };
      const filter = inner.filter && `subject[${inner.filter}].gender pr true`;
      return { name: `subject:Patient.${inner.name}`, value: inner.value, filter: filter || undefined, test };
    }
  }
}

/** Haversine, km. */
function distance(a: { latitude: number; longitude: number }, b: typeof a): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half =
    Math.sin(radians(a.latitude - b.latitude) / 2) ** 2 +
    Math.cos(radians(a.latitude)) *
      Math.cos(radians(b.latitude)) *
      Math.sin(radians(a.longitude - b.longitude) / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.sqrt(half));
}

function askFact(): Ask<Fact> {
  switch (whole(8)) {
    case 0: {
      const unit = pick(random, Object.keys(UNITS));
      const grams = pick(random, [0.001, 0.005, 0.5, 1, 70]);
      const asked = Number((grams / UNITS[unit]!).toPrecision(12));
      const [prefix, fits] = pick(random, [
        ['gt', (own: number) => own > grams * (1 + 1e-9)],
        ['le', (own: number) => own <= grams * (1 + 1e-9)],
        ['ge', (own: number) => own >= grams * (1 - 1e-9)],
      ] as [string, (own: number) => boolean][]);
      const code = `${asked}|${UCUM}|${unit}`;
      return {
        name: 'value-quantity',
        value: prefix + code,
        filter: `value-quantity ${prefix} ${code}`,
        test: (row) => gramsOf(row) !== undefined && fits(gramsOf(row)!),
      };
    }
    case 1: {
      const set = pick(random, valueSets);
      const negated = chance(0.5);
      const url = pick(random, [`http://random/vs/${set.id}`, `ValueSet/${set.id}`]);
      return {
        name: negated ? 'code:not-in' : 'code:in',
        value: url,
        filter: `code ${negated ? 'ni' : 'in'} ${url}`,
        test: (row) => set.has(row.code) !== negated,
      };
    }
    case 2: {
      const { code } = pick(random, codes);
      const below = chance(0.5);
      return {
        name: below ? 'code:below' : 'code:above',
        value: `${CS}|${code}`,
        filter: `code ${below ? 'ss' : 'sb'} ${CS}|${code}`,
        test: (row) => (below ? isWithin(row.code, code, parentOf) : isWithin(code, row.code, parentOf)),
      };
    }
    case 3: {
      const { code } = pick(random, codes);
      const value = pick(random, [code, `${CS}|${code}`]);
      return { name: 'code', value, filter: `code eq ${value}`, test: (row) => row.code === code };
    }
    case 4: {
      const [exact, text] = pick(random, [
        [true, 'Sốt cao'],
        [true, 'sốt cao'],
        [false, 'sot'],
        [false, 'Không'],
      ] as [boolean, string][]);
      const test = (row: Fact) =>
        row.said !== undefined && (exact ? row.said === text : plain(row.said).startsWith(plain(text)));
      return {
        name: exact ? 'value-string:exact' : 'value-string',
        value: text,
        filter: exact ? undefined : `value-string sw "${text}"`,
        test,
      };
    }
    case 5: {
      const { id } = pick(random, people);
      return {
        name: 'patient',
        value: id,
        filter: `subject re Patient/${id}`,
        test: (row) => row.person === id,
      };
    }
    case 6: {
      const missing = chance(0.5);
      const test = (row: Fact) => (row.visit === undefined) === missing;
      return { name: 'encounter:missing', value: String(missing), filter: `encounter pr ${!missing}`, test };
    }
    default: {
      const inner = askVisit();
      const test = (row: Fact) => visits.some((visit) => visit.id === row.visit && inner.test(visit));
      if (inner.name === '_filter') return askFact();
      return { name: `encounter:Encounter.${inner.name}`, value: inner.value, filter: undefined, test };
    }
  }
}

/** A random expression of `_filter` with its meaning: `and` and `or` from left to right. */
function expression<Row>(ask: () => Ask<Row>, depth: number): { text: string; test: (row: Row) => boolean } {
  const one = (): { text: string; test: (row: Row) => boolean } => {
    if (depth > 0 && chance(0.3)) {
      const inner = expression(ask, depth - 1);
      const negated = chance(0.5);
      return {
        text: `${negated ? pick(random, ['not ', 'not']) : ''}(${inner.text})`,
        test: (row) => inner.test(row) !== negated,
      };
    }
    for (;;) {
      const { filter, test } = ask();
      if (filter !== undefined) return { text: filter, test };
    }
  };
  let all = one();
  for (let more = whole(3); more > 0; more--) {
    const [left, right, and] = [all, one(), chance(0.5)];
    all = {
      text: `${left.text} ${and ? 'and' : 'or'} ${right.text}`,
      test: (row) => (and ? left.test(row) && right.test(row) : left.test(row) || right.test(row)),
    };
  }
  return all;
}

const SORTS: Record<string, string[]> = {
  Patient: ['', 'family,given', '-birthdate', 'identifier', '-name,_id', 'gender,-identifier'],
  Encounter: ['', '-date', 'location,patient', '-subject,date', 'status,_lastUpdated'],
  Observation: ['', 'code,-_id', 'encounter', '-patient,code', 'value-quantity', '-value-string'],
};

async function everyPage(type: ResourceType, params: [string, string][]): Promise<string[]> {
  const found: string[] = [];
  let next: [string, string][] | undefined = params;
  let last: SearchAnswer | undefined;
  let first: string[] | undefined;
  let pages = 0;
  while (next) {
    last = await store.search({ type, params: next });
    const page = last.matches.map((match) => match.id);
    first ??= page;
    found.push(...page);
    next = last.next === undefined ? undefined : ([...new URLSearchParams(last.next)] as [string, string][]);
    pages += 1;
  }
  while (last?.previous !== undefined && pages < 6) {
    const params = [...new URLSearchParams(last.previous)] as [string, string][];
    last = await store.search({ type, params });
    if (last.previous === undefined)
      assert.deepEqual(
        last.matches.map((match) => match.id),
        first,
      );
  }
  return found;
}

async function compare<Row extends { id: string }>(
  type: ResourceType,
  rows: readonly Row[],
  ask: () => Ask<Row>,
): Promise<void> {
  const params: [string, string][] = [];
  const tests: ((row: Row) => boolean)[] = [];
  for (let n = whole(3); n >= 0; n--) {
    if (chance(0.4)) {
      const { text, test } = expression(ask, 2);
      params.push(['_filter', text]);
      tests.push(test);
    } else {
      const { name, value, test } = ask();
      params.push([name, value]);
      tests.push(test);
    }
  }
  const expected = rows.filter((row) => tests.every((one) => one(row))).map((row) => row.id);
  const sort = pick(random, SORTS[type]!);
  if (sort !== '') params.push(['_sort', sort]);
  const said = `SEED=${SEED} ${type}?${params.map(([name, value]) => `${name}=${value}`).join('&')}`;
  const found = await everyPage(type, [...params, ['_count', pick(random, ['5', '20', '100'])]]);
  assert.equal(new Set(found).size, found.length, said);
  assert.deepEqual([...found].sort(), [...expected].sort(), said);
  const counted = await store.search({ type, params: [...params, ['_summary', 'count']] });
  assert.equal(counted.total, expected.length, said);
}

test(`${QUESTIONS} random questions are answered as a naive reading of R4 answers them`, async (context) => {
  context.diagnostic(`SEED=${SEED}`);
  for (let n = 0; n < QUESTIONS; n++) {
    const kind = whole(3);
    if (kind === 0) await compare('Patient', people, askPerson);
    else if (kind === 1) await compare('Encounter', visits, askVisit);
    else await compare('Observation', facts, askFact);
  }
});
