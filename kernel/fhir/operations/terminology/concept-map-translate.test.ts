import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FhirWorld } from '../../testing.ts';
import { CONCEPT_MAP_TRANSLATE } from './concept-map-translate.ts';
import {
  ANIMAL,
  assertAnnounced,
  assertRefused,
  ICD,
  openTerms,
  outOf,
  parameters,
  partsOf,
  UNIT,
} from './fixture.testing.ts';

const url = 'http://example.org/cm/tieng';
const SOUND = 'http://example.org/cs/tieng';
const MAP = {
  resourceType: 'ConceptMap',
  id: 'tieng',
  url,
  version: '1',
  status: 'active',
  sourceUri: 'http://example.org/vs/con-vat',
  group: [
    {
      source: ANIMAL,
      target: SOUND,
      element: [
        { code: 'cho', target: [{ code: 'gau', display: 'Gâu', equivalence: 'wider' }] },
        { code: 'chim', target: [{ equivalence: 'unmatched', comment: 'im lặng' }] },
        {
          code: 'meo',
          target: [
            {
              code: 'meo-meo',
              equivalence: 'equivalent',
              dependsOn: [{ property: 'http://example.org/tuoi', value: 'con' }],
            },
            {
              code: 'ngao',
              equivalence: 'equivalent',
              dependsOn: [{ property: 'http://example.org/tuoi', value: 'lon' }],
              product: [{ property: 'http://example.org/to', system: 'http://example.org/muc', value: '9' }],
            },
          ],
        },
      ],
      unmapped: { mode: 'fixed', code: 'khac', display: 'Tiếng khác' },
    },
  ],
};
const other = (id: string, to: string) => ({
  resourceType: 'ConceptMap',
  id,
  url: `http://example.org/cm/${id}`,
  status: 'active',
  group: [
    {
      source: ANIMAL,
      target: SOUND,
      element: [{ code: 'chi-o-day', target: [{ code: 'x', equivalence: 'equal' }] }],
      unmapped: { mode: 'other-map', url: to },
    },
  ],
});

let world: FhirWorld;
before(async () => {
  world = await openTerms(MAP, other('sau', url), other('vong', 'http://example.org/cm/vong'), {
    resourceType: 'ValueSet',
    id: 'on',
    url: 'http://example.org/vs/on',
    status: 'active',
    compose: { include: [{ system: SOUND, concept: [{ code: 'gau' }] }] },
  });
});
after(() => world.stop());

const ask = (query: string) => world.send('GET', `/fhir/ConceptMap/$translate?${query}`);
const targets = async (query: string) => {
  const answer = await ask(query);
  const { result, message } = outOf(answer);
  assert.equal(message === undefined, result === true, 'without a result there is a reason');
  return partsOf(answer, 'match').map(
    ({ equivalence, concept }) => `${equivalence} ${(concept as { code?: string } | undefined)?.code ?? ''}`,
  );
};

test('old administrative units to new ones: a commune of Vĩnh Phúc is part of a ward of Phú Thọ', async () => {
  const cm = 'url=http://yba.vn/fhir/cm/don-vi-hanh-chinh-2025';
  const answer = await ask(`${cm}&system=${UNIT}&code=08707`);
  assert.equal(outOf(answer).result, true);
  const [match] = partsOf(answer, 'match');
  const concept = match!.concept as { system: string; code: string; display: string };
  assert.equal(concept.system, UNIT);
  assert.ok(concept.display.length > 3);
  const back = await ask(`${cm}&system=${UNIT}&code=${concept.code}&reverse=true`);
  const old = partsOf(back, 'match').map((one) => (one.concept as { code: string }).code);
  assert.ok(old.includes('08707'), 'and back: what became the ward');
  assert.ok(old.length > 1);
});

test('dagger and asterisk codes of ICD-10, by all maps from their system', async () => {
  assert.ok(
    (await targets(`url=http://yba.vn/fhir/cm/icd-10-kiem-sao&system=${ICD}&code=A01.0`)).includes(
      'relatedto G01',
    ),
  );
  assert.ok((await targets(`system=${ICD}&code=A01.0&targetsystem=${ICD}`)).includes('relatedto G01'));
  assert.deepEqual(await targets('system=http://yba.vn/fhir/cs/gioi-tinh&code=2'), ['equivalent female']);
});

test('a stored map: by URL, version and instance, given with the question; what is unmapped', async () => {
  const code = (one: string) => `system=${ANIMAL}&code=${one}`;
  assert.deepEqual(await targets(`url=${url}&conceptMapVersion=1&${code('cho')}`), ['wider gau']);
  assert.deepEqual(await targets(`url=${url}&${code('chim')}`), ['unmatched ']);
  assert.deepEqual(await targets(`url=${url}&${code('thu')}`), ['inexact khac']);
  assert.deepEqual(
    await targets(`url=http://example.org/cm/sau&${code('cho')}`),
    ['wider gau'],
    'unmapped.mode other-map',
  );
  const at = await world.send('GET', `/fhir/ConceptMap/tieng/$translate?${code('cho')}`);
  assert.equal((partsOf(at, 'match')[0]!.concept as { display: string }).display, 'Gâu');
  assert.equal(partsOf(at, 'match')[0]!.source, url);
  const inline = { ...MAP, url: 'urn:khac', group: [{ ...MAP.group[0], unmapped: { mode: 'provided' } }] };
  const coding = { name: 'coding', valueCoding: { system: ANIMAL, code: 'thu' } };
  const posted = await world.send(
    'POST',
    '/fhir/ConceptMap/$translate',
    parameters({ name: 'conceptMap', resource: inline }, coding),
  );
  assert.equal(partsOf(posted, 'match')[0]!.equivalence, 'equal');
});

test('dependencies choose among targets, products come along', async () => {
  const dependency = (text: string) => ({
    name: 'dependency',
    part: [
      { name: 'element', valueUri: 'http://example.org/tuoi' },
      { name: 'concept', valueCodeableConcept: { text } },
    ],
  });
  const post = (...more: object[]) =>
    world.send(
      'POST',
      '/fhir/ConceptMap/$translate',
      parameters(
        { name: 'url', valueUri: url },
        { name: 'coding', valueCoding: { system: ANIMAL, code: 'meo' } },
        ...more,
      ),
    );
  const grown = await post(dependency('lon'));
  assert.equal((partsOf(grown, 'match')[0]!.concept as { code: string }).code, 'ngao');
  assert.ok(grown.text.includes('http://example.org/to'));
  assert.equal(outOf(await post()).result, false, 'without what it depends on nothing corresponds');
});

test('target and targetsystem narrow, reverse turns what is wider', async () => {
  const code = `url=${url}&system=${ANIMAL}&code=cho`;
  assert.deepEqual(await targets(`${code}&target=http://example.org/vs/on`), ['wider gau']);
  assert.deepEqual(await targets(`url=${url}&system=${ANIMAL}&code=thu&target=http://example.org/vs/on`), []);
  const elsewhere = 'http://example.org/vs/not-stored-here';
  const leading = { ...MAP, id: undefined, url: undefined, targetCanonical: `${elsewhere}|2` };
  const told = parameters(
    { name: 'conceptMap', resource: leading },
    { name: 'coding', valueCoding: { system: ANIMAL, code: 'cho' } },
    { name: 'target', valueUri: elsewhere },
  );
  const led = await world.send('POST', '/fhir/ConceptMap/$translate', told);
  assert.equal(outOf(led).result, true, 'the map says that it leads there');
  assert.deepEqual(await targets(`${code}&targetsystem=${ICD}`), []);
  assert.deepEqual(await targets(`url=${url}&system=${SOUND}&code=gau&reverse=true`), ['narrower cho']);
});

test('whatever is wrong is told by name', async () => {
  assertRefused(await ask(`url=http://nowhere&system=${ANIMAL}&code=cho`), 404, 'url');
  assertRefused(await ask(`url=${url}&code=cho`), 400, 'system');
  assertRefused(await ask(`url=${url}&system=${ANIMAL}`), 400, 'code');
  assertRefused(await ask(`url=${url}&conceptMapVersion=9&system=${ANIMAL}&code=cho`), 404, 'url');
  assertRefused(await ask(`url=${url}&system=${ANIMAL}&code=cho&target=http://nowhere`), 404, 'target');
  assertRefused(await ask(`url=http://example.org/cm/vong&system=${ANIMAL}&code=cho`), 422, 'url');
  assertRefused(await ask(`url=${url}&system=${ANIMAL}&code=cho&dependency=x`), 400, 'dependency');
  assertRefused(await ask(`url=${url}&system=${ANIMAL}&code=cho&reverse=x`), 400, 'reverse');
  const dependency = { name: 'dependency', part: [{ name: 'khac', valueUri: 'x' }] };
  assertRefused(
    await world.send('POST', '/fhir/ConceptMap/$translate', parameters(dependency)),
    400,
    'dependency.khac',
  );
});

test('it is announced and defined as HL7 defines it', () => assertAnnounced(world, CONCEPT_MAP_TRANSLATE));
