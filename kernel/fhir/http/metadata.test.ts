/** `/metadata` by its modes (R4 http.html#capabilities). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../testing.ts';
import type { CapabilityStatement, TerminologyCapabilities } from '../types.ts';

let world: FhirWorld;

before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

test('full and normative answer the CapabilityStatement, terminology what is known of codes; both are valid by R4', async () => {
  for (const [mode, type] of [
    ['full', 'CapabilityStatement'],
    ['normative', 'CapabilityStatement'],
    ['terminology', 'TerminologyCapabilities'],
  ] as const) {
    const { status, body, text } = await world.bare('GET', `/fhir/metadata?mode=${mode}`);
    assert.equal(status, 200, text);
    assert.equal(body.resourceType, type);
    const verdict = await world.send('POST', `/fhir/${type}/$validate`, body);
    assert.equal(issueOf(verdict).severity, 'information', verdict.text);
  }
});

test('each profile that is announced for a type is there, and one of that type', async () => {
  const { body } = await world.bare('GET', '/fhir/metadata');
  const { resource = [] } = (body as CapabilityStatement).rest![0]!;
  const own = resource.flatMap(({ type, supportedProfile = [] }) =>
    supportedProfile.filter((url) => url.startsWith('http://yba.vn/')).map((url) => ({ type, url })),
  );
  assert.ok(own.length >= 18, String(own.length));
  for (const { type, url } of own) {
    const found = await world.send('GET', `/fhir/StructureDefinition?url=${url}`);
    assert.deepEqual(
      [found.body.total ?? found.body.entry.length, found.body.entry[0].resource.type],
      [1, type],
    );
  }
});

test('an unknown mode is 400 and named', async () => {
  const answer = await world.bare('GET', '/fhir/metadata?mode=everything');
  assert.equal(answer.status, 400);
  assert.deepEqual(issueOf(answer).expression, ['mode']);
});

test('each system that is announced is known to $lookup in its version, with the properties and the tree that are said', async () => {
  const { body } = await world.bare('GET', '/fhir/metadata?mode=terminology');
  const { codeSystem = [] } = body as TerminologyCapabilities;
  const urls = codeSystem.map(({ uri }) => uri);
  assert.ok(
    urls.includes('http://hl7.org/fhir/sid/icd-10') &&
      urls.includes('http://hl7.org/fhir/administrative-gender'),
  );
  assert.equal(new Set(urls).size, urls.length);
  // All of the content's, and of R4's thousand every twentieth.
  const isOurs = (uri = '') => !/^http:\/\/(hl7\.org\/fhir|terminology\.hl7\.org)\//.test(uri);
  for (const { uri, version } of codeSystem.filter((one, at) => isOurs(one.uri) || at % 20 === 0)) {
    const [{ code, filter = [], property = [] } = {}] = version ?? [];
    const canonical = code === undefined ? uri! : `${uri}|${code}`;
    const asked = {
      resourceType: 'ValueSet',
      status: 'active',
      compose: { include: [{ system: uri, ...(code === undefined ? {} : { version: code }) }] },
    };
    const { body: set, text } = await world.send('POST', '/fhir/ValueSet/$expand?count=1', asked);
    assert.equal(set.expansion?.contains?.length, 1, `${canonical}: ${text}`);
    const one = set.expansion.contains[0].code;
    const query = new URLSearchParams({
      system: uri!,
      code: one,
      ...(code === undefined ? {} : { version: code }),
    });
    const found = await world.send('GET', `/fhir/CodeSystem/$lookup?${query}`);
    assert.equal(found.status, 200, `${canonical}: ${found.text}`);
    const told = (found.body.parameter as { name: string; part?: { valueCode?: string }[] }[])
      .filter(({ name }) => name === 'property')
      .map(({ part }) => part?.[0]?.valueCode);
    for (const name of told) assert.ok(name === 'definition' || property.includes(name!), `${uri}: ${name}`);
    assert.ok(filter.some((one) => one.op?.includes('is-a')));
  }
});

test('every operation on codes that is announced takes the parameters that the expansion is said to take', async () => {
  const { expansion } = (await world.bare('GET', '/fhir/metadata?mode=terminology'))
    .body as TerminologyCapabilities;
  const statement = (await world.bare('GET', '/fhir/metadata')).body as CapabilityStatement;
  const announced = statement.rest![0]!.resource!.find(({ type }) => type === 'ValueSet')!.operation!;
  assert.ok(announced.some(({ name }) => name === 'expand'));
  const definition = (await world.send('GET', '/fhir/OperationDefinition/ValueSet-expand')).body;
  assert.deepEqual(
    expansion!.parameter!.map(({ name }) => name),
    definition.parameter
      .filter((one: { use: string }) => one.use === 'in')
      .map((one: { name: string }) => one.name),
  );
});

test("R4's five compartments are announced, and each is searched", async () => {
  const { compartment } = ((await world.bare('GET', '/fhir/metadata')).body as CapabilityStatement).rest![0]!;
  assert.deepEqual(
    compartment!.map((address) => address.replace('http://hl7.org/fhir/CompartmentDefinition/', '')),
    ['device', 'encounter', 'patient', 'practitioner', 'relatedPerson'],
  );
  for (const type of ['Device', 'Encounter', 'Patient', 'Practitioner', 'RelatedPerson'])
    assert.equal((await world.send('GET', `/fhir/${type}/x/*?_count=1`)).status, 200, type);
});

test('the statement has an ETag by which it is asked for again', async () => {
  const first = await world.bare('GET', '/fhir/metadata');
  const etag = first.headers.get('etag')!;
  assert.match(etag, /^W\/"[0-9a-f]{16}"$/);
  const again = await world.bare('GET', '/fhir/metadata', undefined, { 'if-none-match': etag });
  assert.deepEqual([again.status, again.text, again.headers.get('etag')], [304, '', etag]);
  const other = await world.bare('GET', '/fhir/metadata?_elements=software');
  assert.notEqual(other.headers.get('etag'), etag);
});

test('an answer says what the client calls the request, and what is known of it here (R4 http.html#custom)', async () => {
  const idsOf = async (headers: Record<string, string>) => {
    const answer = await world.bare('GET', '/fhir/metadata?_elements=software', undefined, headers);
    return [answer.headers.get('x-request-id'), answer.headers.get('x-correlation-id')];
  };
  assert.deepEqual(await idsOf({ 'x-request-id': 'own-1' }), ['own-1', null]);
  const long = 'x'.repeat(100);
  const [ours, theirs] = await idsOf({ 'x-request-id': long });
  assert.notEqual(ours, long);
  assert.equal(theirs, long);
  assert.deepEqual(await idsOf({ 'x-request-id': 'own-2', 'x-correlation-id': 'chain/7' }), [
    'own-2',
    'chain/7',
  ]);
});
