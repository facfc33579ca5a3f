/**
 * What a stranger does with a resource of each type, over HTTP alone: create, read, update, patch, conditions, versions,
 * history, searches, includes, delete. R4 http.html is quoted by section.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { resourceTypeNames } from '../../kernel/fhir/definitions/index.ts';
import { type FhirWorld, type HttpAnswer, openFhirWorld } from '../../kernel/fhir/testing.ts';
import { ratchet } from '../ratchet.ts';
import { askedOf, prepareFhirPath } from './asked.ts';
import { readDefinitions } from './definitions.ts';
import { type Example, inParallel, readExamples, readRefused, storeAll } from './examples.ts';

/** Those of a health service; the definitions of HL7 itself are thousands and all alike. */
const TYPES = (
  'Account AllergyIntolerance Appointment CarePlan CareTeam ChargeItem Claim ClaimResponse ClinicalImpression Communication Composition ' +
  'Condition Consent Coverage Device DiagnosticReport DocumentReference Encounter EpisodeOfCare ExplanationOfBenefit FamilyMemberHistory ' +
  'Flag Goal Group HealthcareService ImagingStudy Immunization Invoice List Location Medication MedicationAdministration ' +
  'MedicationDispense MedicationRequest MedicationStatement Observation Organization Patient Practitioner PractitionerRole Procedure ' +
  'Provenance Questionnaire QuestionnaireResponse RelatedPerson RiskAssessment Schedule ServiceRequest Slot Specimen Task'
).split(' ');

let world: FhirWorld;
const examples = new Map<string, Example>();
/** `Type/id`. */
const stored = new Set<string>();
before(async () => {
  world = await openFhirWorld();
  prepareFhirPath();
  const refused = readRefused();
  const kept: Example[] = [];
  for (const example of readExamples())
    if (TYPES.includes(example.type) && !refused[example.file]) kept.push(example);
  assert.deepEqual(await storeAll(world, kept), []);
  for (const one of kept) {
    stored.add(`${one.type}/${one.id}`);
    if (!examples.has(one.type)) examples.set(one.type, one);
  }
});
after(() => world.stop());

const definitions = readDefinitions(resourceTypeNames);

// biome-ignore lint/suspicious/noExplicitAny: resources of any type
type Any = any;

function expectStatus(answer: HttpAnswer, status: number, what: string): HttpAnswer {
  assert.equal(answer.status, status, `${what}: ${answer.text.slice(0, 400)}`);
  return answer;
}

const json = (answer: HttpAnswer): Any => answer.body;

/** Section 3.1.0.8: the server gives the id; Location, ETag and Last-Modified. */
async function create(type: string, resource: Any): Promise<string> {
  const made = expectStatus(await world.send('POST', `/fhir/${type}`, resource), 201, 'create');
  const { id, meta } = json(made);
  assert.notEqual(id, resource.id);
  assert.match(made.headers.get('location')!, new RegExp(`/fhir/${type}/${id}/_history/1$`));
  assert.equal(made.headers.get('etag'), 'W/"1"');
  assert.ok(Math.abs(Date.parse(made.headers.get('last-modified')!) - Date.parse(meta.lastUpdated)) < 1000);
  return id;
}

/** Sections 3.1.0.1, 3.1.0.1.1: read, not modified, subsets. */
async function read(type: string, id: string, resource: Any): Promise<void> {
  const url = `/fhir/${type}/${id}`;
  const answer = expectStatus(await world.send('GET', url), 200, 'read');
  const { meta, ...body } = json(answer);
  const { meta: sent, ...expected } = { ...resource, id };
  assert.deepEqual(body, expected, 'read as it was sent');
  assert.deepEqual({ ...meta, versionId: 0, lastUpdated: 0 }, { ...sent, versionId: 0, lastUpdated: 0 });
  const etag = answer.headers.get('etag')!;
  const same = await world.send('GET', url, undefined, { 'if-none-match': etag });
  assert.deepEqual([same.status, same.text], [304, '']);
  const head = await world.send('HEAD', url);
  assert.deepEqual([head.status, head.text, head.headers.get('etag')], [200, '', etag]);
  const summary = json(expectStatus(await world.send('GET', `${url}?_summary=true`), 200, 'summary'));
  assert.equal(summary.meta.tag.at(-1).code, 'SUBSETTED');
  assert.equal(summary.text, undefined);
  const elements = json(expectStatus(await world.send('GET', `${url}?_elements=id`), 200, 'elements'));
  assert.equal(elements.id, id);
}

/** Sections 3.1.0.3 and 3.1.0.5: a new version; If-Match; JSON Patch; a change of nothing is none. */
async function change(type: string, id: string, resource: Any): Promise<void> {
  const url = `/fhir/${type}/${id}`;
  const next = { ...resource, id, language: 'vi' };
  const wrong = await world.send('PUT', url, next, { 'if-match': 'W/"7"' });
  expectStatus(wrong, 412, 'a version that is not the one there');
  expectStatus(await world.send('PUT', url, { ...next, id: 'another' }), 400, 'another id than the address');
  const put = expectStatus(await world.send('PUT', url, next, { 'if-match': 'W/"1"' }), 200, 'update');
  assert.deepEqual([put.headers.get('etag'), json(put).language], ['W/"2"', 'vi']);
  const patch = [{ op: 'replace', path: '/language', value: 'en' }];
  const type6902 = { 'content-type': 'application/json-patch+json' };
  const patched = expectStatus(await world.send('PATCH', url, JSON.stringify(patch), type6902), 200, 'patch');
  assert.deepEqual([patched.headers.get('etag'), json(patched).language], ['W/"3"', 'en']);
  const minimal = await world.send('PUT', url, json(patched), { prefer: 'return=minimal' });
  assert.deepEqual([expectStatus(minimal, 200, 'minimal').text], ['']);
}

/** Sections 3.1.0.2 and 3.1.0.12: each version as it was, newest first. */
async function versions(type: string, id: string, newest: number): Promise<void> {
  const history = json(expectStatus(await world.send('GET', `/fhir/${type}/${id}/_history`), 200, 'history'));
  assert.deepEqual([history.type, history.total], ['history', newest]);
  const tags = history.entry.map((one: Any) => one.response.etag);
  assert.deepEqual(
    tags,
    Array.from({ length: newest }, (_, n) => `W/"${newest - n}"`),
  );
  const first = expectStatus(await world.send('GET', `/fhir/${type}/${id}/_history/1`), 200, 'vread');
  assert.deepEqual([first.headers.get('etag'), json(first).meta.versionId], ['W/"1"', '1']);
  assert.equal(json(first).language === 'en', false);
  expectStatus(await world.send('GET', `/fhir/${type}/${id}/_history/99`), 404, 'a version that never was');
}

/** Answers of several searches, asked in one batch. */
async function askAll(urls: readonly string[]): Promise<Any[]> {
  if (urls.length === 0) return [];
  const entry = urls.map((url) => ({ request: { method: 'GET', url } }));
  const batch = { resourceType: 'Bundle', type: 'batch', entry };
  const answer = expectStatus(await world.send('POST', '/fhir', batch), 200, 'batch');
  return answer.body.entry.map((one: Any, at: number) => {
    assert.equal(one.response.status.slice(0, 3), '200', `${urls[at]}: ${JSON.stringify(one.response)}`);
    return one.resource;
  });
}

const idsOf = (bundle: Any, mode = 'match'): string[] =>
  (bundle.entry ?? [])
    .filter((one: Any) => one.search.mode === mode)
    .map(({ resource }: Any) => (mode === 'match' ? resource.id : `${resource.resourceType}/${resource.id}`));

/** True or false for every Patient; we call it missing where the record says nothing. */
const NEVER_MISSING = ['deceased'];

/** Section 3.1.1: by each of its parameters together with its id, by POST, and not as one that lacks them. */
async function search(type: string, id: string, resource: Any): Promise<number> {
  const asked = definitions
    .get(type)!
    .filter(({ code }) => !['_id', '_lastUpdated'].includes(code))
    .map((definition) => ({ ...definition, values: askedOf(definition, resource)[0] ?? [] }))
    .filter(({ values }) => values.length > 0);
  const there = asked.map(
    ({ code, values }) =>
      `${type}?${new URLSearchParams([...values.map((one) => [code, one]), ['_id', id]])}`,
  );
  for (const [at, found] of (await askAll(there)).entries())
    assert.deepEqual([idsOf(found), found.total], [[id], 1], there[at]);
  const missing = asked
    .filter(
      ({ kind, expression, code }) =>
        kind !== 'composite' && expression !== '' && !NEVER_MISSING.includes(code),
    )
    .map(({ code }) => `${type}?_id=${id}&${code}:missing=true`);
  for (const [at, found] of (await askAll(missing)).entries())
    assert.deepEqual(idsOf(found), [], missing[at]);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const posted = await world.send('POST', `/fhir/${type}/_search`, `_id=${id}&_lastUpdated=ge2020`, form);
  assert.deepEqual(idsOf(expectStatus(posted, 200, 'POST _search').body), [id]);
  expectStatus(await world.send('GET', `/fhir/${type}?nonsense=x`), 400, 'an unknown parameter');
  return asked.length;
}

/** What is referred to by a parameter comes along, when it is there. */
async function includes(type: string, id: string, resource: Any): Promise<void> {
  const links = definitions.get(type)!.filter(({ kind }) => kind === 'reference');
  const urls = links.map(({ code }) => `${type}?_id=${id}&_include=${type}:${code}`);
  for (const [at, bundle] of (await askAll(urls)).entries()) {
    const targets = askedOf(links[at]!, resource).map(([one]) => one!);
    const expected = new Set(targets.filter((one) => stored.has(one)));
    assert.deepEqual(idsOf(bundle, 'include').sort(), [...expected].sort(), urls[at]);
  }
}

/** Sections 3.1.0.8.1, 3.1.0.4.3 and 3.1.0.7.1: by criteria, where none, one or many fit. */
async function conditions(type: string, id: string, resource: Any): Promise<void> {
  const exists = { 'if-none-exist': `_id=${id}` };
  const found = expectStatus(
    await world.send('POST', `/fhir/${type}`, resource, exists),
    200,
    'If-None-Exist',
  );
  assert.match(found.headers.get('location')!, new RegExp(`/${type}/${id}/_history/`));
  const { id: _, ...without } = resource;
  const updated = await world.send('PUT', `/fhir/${type}?_id=${id}`, { ...without, language: 'fr' });
  assert.equal(json(expectStatus(updated, 200, 'conditional update')).id, id);
  const deleted = await world.send('DELETE', `/fhir/${type}?_id=nobody-has-this`);
  assert.ok([200, 204].includes(deleted.status), 'nothing fits: nothing is deleted');
}

/** Sections 3.1.0.7 and 3.1.0.1: gone, its versions remain, it can come back. */
async function remove(type: string, id: string, resource: Any): Promise<void> {
  const url = `/fhir/${type}/${id}`;
  assert.ok([200, 204].includes((await world.send('DELETE', url)).status));
  expectStatus(await world.send('GET', url), 410, 'gone');
  assert.deepEqual(idsOf((await world.send('GET', `/fhir/${type}?_id=${id}`)).body), []);
  expectStatus(await world.send('GET', `${url}/_history/1`), 200, 'the first version is still there');
  const { entry } = json(await world.send('GET', `${url}/_history`));
  assert.deepEqual([entry[0].request.method, entry[0].resource], ['DELETE', undefined]);
  expectStatus(await world.send('DELETE', url), 204, 'deleting twice');
  const back = await world.send('PUT', url, { ...resource, id });
  assert.equal(expectStatus(back, 201, 'brought back').headers.get('etag'), `W/"${entry.length + 1}"`);
}

test('a resource of each type lives as R4 says, from its creation to its return', async (context) => {
  const faults: string[] = [];
  let asked = 0;
  await inParallel(3, TYPES, async (type) => {
    const resource = examples.get(type)?.resource as Any;
    try {
      assert.ok(resource, 'there is no example');
      const id = await create(type, resource);
      await read(type, id, resource);
      const parameters = await search(type, id, { ...resource, id });
      asked += parameters;
      await includes(type, id, resource);
      await change(type, id, resource);
      await versions(type, id, 3);
      await conditions(type, id, resource);
      await remove(type, id, resource);
    } catch (error) {
      faults.push(`${type}: ${(error as Error).message.slice(0, 600)}`);
    }
  });
  assert.equal(faults.length, 0, faults.join('\n'));
  ratchet(context, 'types that live as R4 says', TYPES.length);
  ratchet(context, 'parameters of one resource each', asked);
});
