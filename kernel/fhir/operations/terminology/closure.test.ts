/** `$closure`: R4 conceptmap-operation-closure.html, terminology-service.html#closure. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../../testing.ts';
import type { ConceptMap } from '../../types.ts';
import { assertRefused, parameters } from './fixture.testing.ts';

const ICD = 'http://hl7.org/fhir/sid/icd-10';
const ANIMALS = 'http://example.org/cs/animals';
let world: FhirWorld;

before(async () => {
  world = await openFhirWorld();
  const animals = {
    resourceType: 'CodeSystem',
    id: 'animals',
    url: ANIMALS,
    status: 'active',
    content: 'complete',
    caseSensitive: false,
    concept: [
      {
        code: 'animal',
        concept: [{ code: 'mammal', concept: [{ code: 'cat' }, { code: 'dog' }] }, { code: 'bird' }],
      },
    ],
  };
  assert.equal((await world.send('PUT', '/fhir/CodeSystem/animals', animals)).status, 201);
});
after(() => world.stop());

const named = (name: string) => ({ name: 'name', valueString: name });
const concept = (system: string, code: string) => ({ name: 'concept', valueCoding: { system, code } });
const since = (version: string) => ({ name: 'version', valueString: version });
const ask = (...list: object[]) => world.send('POST', '/fhir/$closure', parameters(...list));

/** `cat<mammal` for each entry, sorted. */
function pairs(map: ConceptMap): string[] {
  return (map.group ?? [])
    .flatMap(({ element }) => element)
    .flatMap(({ code, target }) =>
      target!.map((one) => {
        assert.equal(one.equivalence, 'subsumes');
        return `${code}<${one.code}`;
      }),
    )
    .toSorted();
}

test('a table begins empty, grows by what is new, and tells again what came after a version', async () => {
  const begun = await ask(named('zoo'));
  assert.equal(begun.status, 200, begun.text);
  assert.equal(begun.body.resourceType, 'ConceptMap');
  assert.equal(begun.body.version, '0');
  assert.deepEqual(pairs(begun.body), []);

  const first = (await ask(named('zoo'), concept(ANIMALS, 'cat'), concept(ANIMALS, 'animal'))).body;
  assert.equal(first.version, '1');
  assert.deepEqual(pairs(first), ['cat<animal']);
  assert.equal(first.group[0].source, ANIMALS);
  assert.equal(first.group[0].target, ANIMALS);

  const second = (await ask(named('zoo'), concept(ANIMALS, 'mammal'), concept(ANIMALS, 'bird'))).body;
  assert.equal(second.version, '2');
  assert.deepEqual(pairs(second), ['bird<animal', 'cat<mammal', 'mammal<animal']);

  const same = (await ask(named('zoo'), concept(ANIMALS, 'CAT'))).body;
  assert.equal(same.version, '2', 'a code that is there, in another spelling, is nothing new');
  assert.deepEqual(pairs(same), []);

  assert.deepEqual(pairs((await ask(named('zoo'), since('1'))).body), pairs(second));
  assert.deepEqual(
    pairs((await ask(named('zoo'), since('0'))).body),
    [...pairs(first), ...pairs(second)].toSorted(),
  );
  assert.deepEqual(pairs((await ask(named('zoo'), since('2'))).body), []);

  assert.equal((await ask(named('zoo'))).body.version, '0');
  assert.deepEqual(
    pairs((await ask(named('zoo'), concept(ANIMALS, 'mammal'))).body),
    [],
    'a name alone begins anew',
  );
});

test('codes of ICD-10 and of a stored system stand in one table, each in its own group', async () => {
  await ask(named('mixed'));
  const codes = ['E11', 'E11.9', 'J18'].map((code) => concept(ICD, code));
  const { body } = await ask(named('mixed'), ...codes, concept(ANIMALS, 'dog'), concept(ANIMALS, 'mammal'));
  assert.deepEqual(pairs(body), ['E11.9<E11', 'dog<mammal']);
  assert.equal(body.group.length, 2);
  const verdict = await world.send('POST', '/fhir/ConceptMap/$validate', body);
  assert.equal(issueOf(verdict).severity, 'information', verdict.text);
});

test('requests for one table at the same time lose nothing, and no entry is told twice', async () => {
  await ask(named('together'));
  const answers = await Promise.all(
    ['cat', 'dog', 'mammal', 'animal', 'bird'].map((code) => ask(named('together'), concept(ANIMALS, code))),
  );
  const told = answers.flatMap(({ body }) => pairs(body)).toSorted();
  assert.deepEqual(told, pairs((await ask(named('together'), since('0'))).body));
  assert.equal(told.length, 6);
  assert.deepEqual(answers.map(({ body }) => body.version).toSorted(), ['1', '2', '3', '4', '5']);
});

test('a table is its client’s alone', async () => {
  await ask(named('mine'), concept(ANIMALS, 'cat'));
  await world.program.house.access.clients.add({
    id: 'other',
    name: 'other',
    secret: 'another secret of tests',
    scopes: 'system/*.cruds',
  });
  const answer = await fetch(`${world.program.address}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'other',
      client_secret: 'another secret of tests',
    }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  const body = parameters(named('zoo'), since('0'));
  const other = await world.bare('POST', '/fhir/$closure', body, { authorization: `Bearer ${access_token}` });
  assert.equal(other.status, 404, other.text);
  assert.equal((await world.bare('POST', '/fhir/$closure', body)).status, 401);
});

test('what cannot be answered is refused by its place', async () => {
  await ask(named('refusals'));
  assertRefused(await ask(), 400, 'name');
  assertRefused(await ask(named(' ')), 400, 'name');
  assertRefused(await ask(named('x'.repeat(201))), 400, 'name');
  assertRefused(await ask(named('nobody'), concept(ANIMALS, 'cat')), 404, 'name');
  assertRefused(await ask(named('nobody'), since('0')), 404, 'name');
  assertRefused(await ask(named('refusals'), since('7')), 400, 'version');
  assertRefused(await ask(named('refusals'), since('soon')), 400, 'version');
  assertRefused(await ask(named('refusals'), since('0'), concept(ANIMALS, 'cat')), 400, 'version');
  assertRefused(
    await ask(named('refusals'), concept(ANIMALS, 'cat'), concept(ANIMALS, 'fish')),
    404,
    'concept[1]',
  );
  assertRefused(await ask(named('refusals'), concept('http://example.org/none', 'x')), 404, 'concept[0]');
  assertRefused(await ask(named('refusals'), { name: 'concept', valueCode: 'cat' }), 400, 'concept');
  const many = Array.from({ length: 1001 }, () => concept(ANIMALS, 'cat'));
  assertRefused(await ask(named('refusals'), ...many), 400, 'concept');
  assert.equal((await world.send('GET', '/fhir/$closure?name=zoo')).status, 404);
  assert.equal(
    (await ask(named('refusals'), since('0'))).body.version,
    '0',
    'a refused request adds nothing',
  );
});

test('its definition has HL7’s inputs and outputs', async () => {
  const { body } = await world.send('GET', '/fhir/OperationDefinition/ConceptMap-closure');
  const official = JSON.parse(
    readFileSync(
      createRequire(import.meta.url).resolve(
        'hl7.fhir.r4.examples/OperationDefinition-ConceptMap-closure.json',
      ),
      'utf8',
    ),
  );
  const shape = ({ name, use, min, max, type }: Record<string, unknown>) => ({ name, use, min, max, type });
  assert.equal(body.url, official.url);
  assert.equal(body.system, true);
  assert.equal(body.affectsState, true);
  assert.deepEqual(body.parameter.map(shape), official.parameter.map(shape));
});
