/** R4 patient-operation-match.html over HTTP. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sid } from '../../kernel/fhir/systems.ts';
import { type FhirWorld, issueOf, openFhirWorld } from '../../kernel/fhir/testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
  for (const one of PEOPLE) {
    const put = await world.send('PUT', `/fhir/Patient/${one.id}`, { resourceType: 'Patient', ...one });
    assert.equal(put.status, 201, put.text);
  }
});
after(() => world.stop());

const name = (text: string) => [{ text }];
const PEOPLE = [
  {
    id: 'mai',
    name: name('Nguyễn Thị Mai'),
    gender: 'female',
    birthDate: '1988-04-12',
    identifier: [{ system: sid.cccd, value: '099188000123' }],
    telecom: [{ system: 'phone', value: '0912345678' }],
  },
  { id: 'mai-khac', name: name('Nguyễn Thị Mai'), gender: 'female', birthDate: '1951-09-30' },
  {
    id: 'doi-tac',
    name: name('Lò Văn Pản'),
    gender: 'male',
    birthDate: '1970',
    identifier: [{ system: 'http://partner.example/mrn', value: 'a,1|b' }],
  },
  { id: 'nguoi-la', name: name('Trần Văn Tám'), gender: 'male', birthDate: '2001-01-01' },
];
const described = (more: object) => ({ resourceType: 'Patient', ...more });
const asked = (patient: object, ...more: object[]) => ({
  resourceType: 'Parameters',
  parameter: [{ name: 'resource', resource: described(patient) }, ...more],
});
const match = (body: object, query = '') => world.send('POST', `/fhir/Patient/$match${query}`, body);

interface Entry {
  fullUrl: string;
  resource: { id: string };
  search: { mode: string; score: number; extension: { url: string; valueCode: string }[] };
}
const found = async (body: object, query = '') => {
  const answer = await match(body, query);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.type, 'searchset');
  const entries: Entry[] = answer.body.entry ?? [];
  assert.equal(answer.body.total, entries.length);
  return entries.map(
    ({ resource, search }) => [resource.id, search.extension[0]!.valueCode, search.score] as const,
  );
};

const MAI = { name: name('Nguyễn Thị Mai'), gender: 'female', birthDate: '1988-04-12' };

test('an equal identity number and the same facts are certain, with score 1 and the resource itself', async () => {
  const whole = { ...MAI, identifier: [{ system: sid.cccd, value: '099188000123' }] };
  const [first] = await found(asked(whole));
  assert.deepEqual(first, ['mai', 'certain', 1]);
  assert.deepEqual(await found(described(whole), '?onlyCertainMatches=true'), [['mai', 'certain', 1]]);
  const { body } = await match(asked(whole));
  const [entry] = body.entry as Entry[];
  assert.equal(entry!.search.mode, 'match');
  assert.equal(entry!.search.extension[0]!.url, 'http://hl7.org/fhir/StructureDefinition/match-grade');
  assert.match(entry!.fullUrl, /\/fhir\/Patient\/mai$/);
});

test('without a number the same facts are probable at most, best first, and nobody else is shown', async () => {
  const people = await found(asked(MAI));
  assert.equal(people[0]![0], 'mai');
  assert.ok(people.every(([, grade, score]) => grade !== 'certain' && score > 0 && score < 1));
  assert.ok(people.every(([id]) => id !== 'nguoi-la'));
  assert.deepEqual(await found(asked(MAI, { name: 'onlyCertainMatches', valueBoolean: true })), []);
  assert.equal((await found(asked(MAI, { name: 'count', valueInteger: 1 }))).length, 1);
  assert.deepEqual(await found(asked({ name: name('Hoàng Không Ai'), birthDate: '1999-09-09' })), []);
});

test("a number of a partner's own system is probably the same person, whatever the letters in it", async () => {
  const [first, ...others] = await found(asked({ identifier: PEOPLE[2]!.identifier! }));
  assert.deepEqual([first![0], first![1]], ['doi-tac', 'probable']);
  assert.deepEqual(others, []);
});

test('what is no description of a person is refused by name', async () => {
  const refusals: [object, number, string][] = [
    [{ resourceType: 'Parameters' }, 400, 'resource'],
    [asked(MAI, { name: 'count', valueInteger: 0 }), 400, 'count'],
    [asked(MAI, { name: 'onlyCertainMatches', valueString: 'maybe' }), 400, 'onlyCertainMatches'],
    [asked(MAI, { name: 'colour', valueString: 'red' }), 400, 'colour'],
    [asked({ gender: 'x' }), 422, 'Patient.gender'],
  ];
  for (const [body, status, place] of refusals) {
    const answer = await match(body);
    assert.deepEqual([answer.status, issueOf(answer).expression], [status, [place]], answer.text);
  }
  const other = await match({ resourceType: 'Observation', status: 'final', code: { text: 'x' } });
  assert.equal(other.status, 400, other.text);
});

test('a client that may not search people is told so, and finds nobody', async () => {
  const authorization = `Bearer ${await world.token('system/Observation.rs')}`;
  const answer = await world.bare('POST', '/fhir/Patient/$match', asked(MAI), { authorization });
  assert.equal(answer.status, 403, answer.text);
});
