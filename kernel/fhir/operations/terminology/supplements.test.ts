/** Code system supplements (R4 codesystem.html#supplements): names and properties beside those of the system. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FhirWorld } from '../../testing.ts';
import { ANIMAL, assertRefused, ICD, openTerms, outOf, parameters, partsOf } from './fixture.testing.ts';

const SUPPLEMENT = 'http://example.org/cs/con-vat-fr';
const base = { resourceType: 'CodeSystem', content: 'supplement' };
const FRENCH = {
  ...base,
  id: 'con-vat-fr',
  url: SUPPLEMENT,
  version: '1',
  language: 'fr',
  status: 'active',
  supplements: `${ANIMAL}|2`,
  property: [{ code: 'pattes', type: 'integer' }],
  concept: [
    {
      code: 'cho',
      display: 'Chien',
      designation: [{ language: 'de', value: 'Hund' }],
      property: [
        { code: 'pattes', valueInteger: 4 },
        { code: 'inactive', valueBoolean: true },
      ],
    },
    { code: 'khong-co', display: 'Absent' },
  ],
};
const OLD = {
  ...FRENCH,
  id: 'con-vat-cu',
  url: 'http://example.org/cs/con-vat-cu',
  supplements: `${ANIMAL}|1`,
  concept: [{ code: 'meo', display: 'Vieux' }],
};
const DRAFT = {
  ...base,
  id: 'con-vat-es',
  url: 'http://example.org/cs/con-vat-es',
  language: 'es',
  status: 'draft',
  supplements: ANIMAL,
  concept: [{ code: 'meo', display: 'Gato' }],
};
const OF_ICD = {
  ...base,
  id: 'icd-fr',
  url: 'http://example.org/cs/icd-fr',
  language: 'fr',
  status: 'active',
  supplements: ICD,
  concept: [{ code: 'E11.9', display: 'Diabète sucré de type 2, sans complication' }],
};
const NEEDS = {
  resourceType: 'ValueSet',
  id: 'can-bo-sung',
  url: 'http://example.org/vs/can-bo-sung',
  status: 'active',
  extension: [
    { url: 'http://hl7.org/fhir/StructureDefinition/valueset-supplement', valueCanonical: DRAFT.url },
  ],
  compose: { include: [{ system: ANIMAL }] },
};

let world: FhirWorld;
before(async () => {
  world = await openTerms(FRENCH, OLD, DRAFT, OF_ICD, NEEDS);
});
after(() => world.stop());

const get = (path: string) => world.send('GET', `/fhir/${path}`);
const lookUp = (query: string) => get(`CodeSystem/$lookup?system=${ANIMAL}&${query}`);

test('$lookup answers names and properties of an active supplement beside those of the system', async () => {
  const answer = await lookUp('code=cho');
  assert.equal(outOf(answer).display, 'Chó');
  const names = partsOf(answer, 'designation').map(({ language, value }) => `${language}: ${value}`);
  assert.ok(
    names.includes('fr: Chien') && names.includes('de: Hund') && names.includes('en: Dog'),
    String(names),
  );
  const legs = partsOf(answer, 'property').find(({ code }) => code === 'pattes');
  assert.equal(legs?.value, 4);
  const inactive = partsOf(answer, 'property').filter(({ code }) => code === 'inactive');
  assert.deepEqual(
    inactive.map(({ value }) => value),
    [false],
    'whether a code is in use is for its system to say',
  );
  assert.equal(outOf(await lookUp('code=cho&displayLanguage=fr')).display, 'Chien');
  assert.deepEqual(partsOf(await lookUp('code=cho&property=pattes'), 'property').length, 1);
});

test('a supplement adds no codes, is no system of its own, and holds for the version that it names', async () => {
  assertRefused(await lookUp('code=khong-co'), 404, 'code');
  assertRefused(await get(`CodeSystem/$lookup?system=${SUPPLEMENT}&code=cho`), 404, 'system');
  assert.equal(outOf(await lookUp('code=meo&displayLanguage=fr')).display, 'Mèo');
});

test('what is not in use is used when it is asked for; what is not there, or no supplement, is refused', async () => {
  assert.equal(outOf(await lookUp('code=meo&displayLanguage=es')).display, 'Mèo');
  assert.equal(outOf(await lookUp(`code=meo&displayLanguage=es&useSupplement=${DRAFT.url}`)).display, 'Gato');
  assertRefused(await lookUp('code=meo&useSupplement=http://example.org/cs/none'), 404, 'useSupplement');
  assertRefused(await lookUp(`code=meo&useSupplement=${ANIMAL}`), 422, 'useSupplement');
});

test('$expand names codes in the supplement’s language, finds them by its names, and says that it used it', async () => {
  const set = (more: object[]) =>
    world.send(
      'POST',
      '/fhir/ValueSet/$expand',
      parameters(
        {
          name: 'valueSet',
          resource: {
            resourceType: 'ValueSet',
            status: 'active',
            compose: { include: [{ system: ANIMAL }] },
          },
        },
        ...more,
      ),
    );
  const found = await set([
    { name: 'filter', valueString: 'chien' },
    { name: 'displayLanguage', valueCode: 'fr' },
  ]);
  assert.deepEqual(
    found.body.expansion.contains.map(({ code, display }: { code: string; display: string }) => [
      code,
      display,
    ]),
    [['cho', 'Chien']],
  );
  assert.ok(
    found.body.expansion.parameter.some(
      (one: { name: string; valueUri?: string }) =>
        one.name === 'used-supplement' && one.valueUri === `${SUPPLEMENT}|1`,
    ),
  );
  const byProperty = await world.send(
    'POST',
    '/fhir/ValueSet/$expand',
    parameters({
      name: 'valueSet',
      resource: {
        resourceType: 'ValueSet',
        status: 'active',
        compose: { include: [{ system: ANIMAL, filter: [{ property: 'pattes', op: '=', value: '4' }] }] },
      },
    }),
  );
  assert.deepEqual(
    byProperty.body.expansion.contains.map(({ code }: { code: string }) => code),
    ['cho'],
  );
});

test('a name of a supplement is a name of the code, also of a list of the content', async () => {
  const right = await get(`CodeSystem/$validate-code?url=${ANIMAL}&code=cho&display=Chien`);
  assert.equal(outOf(right).result, true);
  const ofList = await get(`CodeSystem/$lookup?system=${ICD}&code=E11.9&displayLanguage=fr`);
  assert.match(String(outOf(ofList).display), /^Diabète/);
});

test('a value set that needs a supplement uses it, and fails without it', async () => {
  const answer = await get('ValueSet/can-bo-sung/$expand?displayLanguage=es');
  const cat = answer.body.expansion.contains.find(({ code }: { code: string }) => code === 'meo');
  assert.equal(cat.display, 'Gato');
  const needs = {
    ...NEEDS,
    extension: [{ ...NEEDS.extension[0], valueCanonical: 'http://example.org/cs/none' }],
  };
  const refused = await world.send(
    'POST',
    '/fhir/ValueSet/$expand',
    parameters({ name: 'valueSet', resource: needs }),
  );
  assertRefused(refused, 404, 'valueSet');
});
