/** Several searches in one statement answer what each answers alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadFixture } from './fixture.testing.ts';
import { requestOf as request, withStored } from './stored.testing.ts';

const stored = withStored(loadFixture);

/** Plain ones, and ones that need more than a page of rows: includes, a total, an exact name, a name, an order by text. */
const ADDRESSES = [
  'Patient?_id=lan',
  'Observation?patient=lan&_sort=-date',
  'Observation?patient=lan&_count=1&_sort=-date',
  'Observation?code=8867-4',
  'Observation?code=nothing',
  'Observation?patient=nobody-known',
  'Encounter?patient=lan&_include=Encounter:subject',
  'Encounter?patient=lan&_total=accurate',
  'Patient?name=lan',
  'Patient?family:exact=Nguyễn',
  'Patient?_sort=family',
  'Patient?_sort=-_lastUpdated&_count=2',
  'Organization?_count=3',
];

test('each search of a group answers what it answers alone, page and next page included', async () => {
  const requests = ADDRESSES.map((address) => request(address));
  const together = await stored.store.searchTogether(requests);
  assert.equal(together.length, requests.length);
  let found = 0;
  for (const [at, one] of requests.entries()) {
    const alone = await stored.store.search(one);
    const { matches, includes, next } = together[at]!;
    assert.deepEqual(matches, alone.matches, ADDRESSES[at]);
    assert.deepEqual(includes, alone.includes, ADDRESSES[at]);
    assert.equal(next === undefined, alone.next === undefined, ADDRESSES[at]);
    found += matches.length;
  }
  assert.ok(found > 10, 'the fixture is found at all');
});

test('where no further page is wanted the first is what it is alone, without another statement', async () => {
  const one = request('Observation?patient=lan&_count=1&_sort=-date');
  const alone = await stored.store.search(one);
  assert.ok(alone.next, 'there is more than a page');
  const [first, last] = await stored.store.searchTogether([
    { ...one, onlyPage: true },
    request('Observation?patient=nobody-known'),
  ]);
  assert.deepEqual(first!.matches, alone.matches);
  assert.equal(first!.total, undefined, 'a page does not say how many there are');
  assert.equal(last!.total, 0);
});

test('the same shape again, now planned once, answers the values of now', async () => {
  const ask = async (person: string) =>
    (
      await stored.store.searchTogether([
        request(`Patient?_id=${person}`),
        request(`Observation?patient=${person}`),
      ])
    ).map(({ matches }) => matches.map(({ id }) => id).sort());
  const alone = async (person: string) =>
    (await stored.store.search(request(`Observation?patient=${person}`))).matches.map(({ id }) => id).sort();
  for (const person of ['lan', 'dao', 'minh', 'lan', 'minh', 'dao', 'lan']) {
    assert.deepEqual(await ask(person), [[person], await alone(person)]);
  }
});

test('a bound on persons holds for each search of the group', async () => {
  const [own, other] = await stored.store.searchTogether([
    request('Observation?code=8867-4', ['lan']),
    request('Observation?patient=lan', ['dao']),
  ]);
  assert.deepEqual(
    own!.matches.map(({ patient }) => patient),
    ['lan'],
  );
  assert.deepEqual(other!.matches, []);
});

test('an unknown parameter fails by its name, whatever else is asked', async () => {
  await assert.rejects(
    stored.store.searchTogether([request('Patient?_id=lan'), request('Patient?colour=red')]),
    {
      code: 'unknown-parameter',
    },
  );
});
