/** What entries of a Bundle call each other by, and reads among them. R4 http.html#trules, bundle.html#references. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

type Entry = Record<string, unknown>;
const bundle = (type: string, ...entry: Entry[]) => ({ resourceType: 'Bundle', type, entry });
const post = (type: 'batch' | 'transaction', ...entry: Entry[]) =>
  world.send('POST', '/fhir', bundle(type, ...entry));

const patient = (more: object = {}) => ({ resourceType: 'Patient', name: [{ text: 'Trần Văn B' }], ...more });
const observation = (subject: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'cân nặng' },
  subject: { reference: subject },
  ...more,
});
const PROVENANCE = {
  target: [{ reference: 'Organization/kept' }],
  recorded: '2026-01-01T08:00:00+07:00',
  agent: [{ who: { display: 'x' } }],
};
const idOf = (entry: { response: { location: string } }) => entry.response.location.split('/')[1]!;

test('version-specific references: to what gets a new address the version falls away, to what keeps it it stays', async () => {
  const kept = await world.send('PUT', '/fhir/Organization/kept', {
    resourceType: 'Organization',
    id: 'kept',
    name: 'x',
  });
  assert.ok(kept.status < 300);
  const base = kept.headers.get('location')?.replace(/\/Organization.*/, '') ?? '';
  const answer = await post(
    'transaction',
    {
      fullUrl: 'http://elsewhere/fhir/Patient/1',
      resource: patient({ managingOrganization: { reference: 'Organization/kept/_history/1' } }),
      request: { method: 'POST', url: 'Patient' },
    },
    {
      fullUrl: 'http://elsewhere/fhir/Observation/1',
      resource: observation('Patient/1/_history/7'),
      request: { method: 'POST', url: 'Observation' },
    },
    {
      fullUrl: `${base}/Organization/kept`,
      resource: {
        resourceType: 'Organization',
        id: 'kept',
        name: 'y',
        partOf: { reference: 'Organization/kept/_history/1' },
      },
      request: { method: 'PUT', url: 'Organization/kept' },
    },
  );
  assert.equal(answer.status, 200, answer.text);
  const [first, second] = answer.body.entry.map(idOf);
  const read = async (name: string) => (await world.send('GET', `/fhir/${name}`)).body;
  assert.equal(
    (await read(`Patient/${first}`)).managingOrganization.reference,
    'Organization/kept/_history/1',
  );
  assert.equal((await read(`Observation/${second}`)).subject.reference, `Patient/${first}`);
  assert.equal((await read('Organization/kept')).partOf.reference, 'Organization/kept/_history/1');
});

test('attachments and links of the narrative name entries by urn, by address and by relative address', async () => {
  const urn = 'urn:oid:2.16.840.1.113883.4.9';
  const relative = { contentType: 'text/plain', url: 'Binary/1' };
  const answer = await post(
    'transaction',
    {
      fullUrl: 'http://elsewhere/fhir/Binary/1',
      resource: { resourceType: 'Binary', contentType: 'text/plain', data: 'YQ==' },
      request: { method: 'POST', url: 'Binary' },
    },
    { fullUrl: urn, resource: patient(), request: { method: 'POST', url: 'Patient' } },
    {
      fullUrl: 'http://elsewhere/fhir/DocumentReference/1',
      resource: {
        resourceType: 'DocumentReference',
        status: 'current',
        text: {
          status: 'generated',
          div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="Binary/1">tệp</a><a href="${urn}">người</a><img src="http://elsewhere/fhir/Binary/1"/></div>`,
        },
        subject: { reference: urn },
        content: [
          { attachment: relative },
          { attachment: { ...relative, url: 'http://elsewhere/fhir/Binary/1' } },
        ],
      },
      request: { method: 'POST', url: 'DocumentReference' },
    },
  );
  assert.equal(answer.status, 200, answer.text);
  const [binary, person, document] = answer.body.entry.map(idOf);
  const { body } = await world.send('GET', `/fhir/DocumentReference/${document}`);
  assert.deepEqual(
    body.content.map((one: { attachment: { url: string } }) => one.attachment.url),
    [`Binary/${binary}`, `Binary/${binary}`],
  );
  assert.equal(body.subject.reference, `Patient/${person}`);
  assert.deepEqual(
    [...body.text.div.matchAll(/(?:href|src)="([^"]*)"/g)].map((one: string[]) => one[1]),
    [`Binary/${binary}`, `Patient/${person}`, `Binary/${binary}`],
  );
});

for (const type of ['batch', 'transaction'] as const) {
  test(`reads of a ${type} take ifNoneMatch and ifModifiedSince; HEAD has the headers without the resource`, async () => {
    const made = (await world.send('POST', '/fhir/Patient', patient())).body;
    const url = `Patient/${made.id}`;
    const later = new Date(Date.parse(made.meta.lastUpdated) + 2_000).toUTCString();
    const answer = await post(
      type,
      { request: { method: 'GET', url, ifNoneMatch: 'W/"1"' } },
      { request: { method: 'GET', url, ifNoneMatch: 'W/"2"' } },
      { request: { method: 'GET', url, ifModifiedSince: made.meta.lastUpdated } },
      { request: { method: 'GET', url, ifModifiedSince: '2001-01-01T00:00:00Z' } },
      { request: { method: 'HEAD', url } },
    );
    assert.equal(answer.status, 200, answer.text);
    const [same, other, unchanged, changed, head] = answer.body.entry;
    assert.deepEqual(
      [same, other, unchanged, changed, head].map((one) => one.response.status.slice(0, 3)),
      ['304', '200', '304', '200', '200'],
    );
    assert.deepEqual([same.resource, unchanged.resource, head.resource], [undefined, undefined, undefined]);
    assert.equal(head.response.etag, 'W/"1"');
    assert.equal(other.resource.id, made.id);
    assert.equal(
      (await world.send('GET', `/fhir/${url}`, undefined, { 'if-modified-since': later })).status,
      304,
    );
  });
}

test('R4: elements of type uri and url are replaced, canonicals and strings are not; nor is the URL of a definition', async () => {
  const home = 'http://elsewhere/fhir';
  const urn = 'urn:uuid:0c2b5a04-5d0c-4b64-9c6f-2d1b7a1f0e11';
  const definition = (type: string, id: string, more: object) => ({
    fullUrl: `${home}/${type}/${id}`,
    resource: { resourceType: type, url: `${home}/${type}/${id}`, status: 'active', ...more },
    request: { method: 'POST', url: type },
  });
  const made = await post(
    'transaction',
    { fullUrl: urn, resource: patient(), request: { method: 'POST', url: 'Patient' } },
    {
      resource: observation(urn, {
        code: { coding: [{ system: `${home}/CodeSystem/a`, code: '1' }] },
        extension: [
          { url: 'http://example.org/uri', valueUri: urn },
          { url: 'http://example.org/url', valueUrl: urn },
          { url: 'http://example.org/canonical', valueCanonical: urn },
          { url: 'http://example.org/string', valueString: urn },
          { url: 'http://example.org/reference', valueReference: { reference: '#p' } },
        ],
        contained: [{ resourceType: 'Provenance', id: 'p', ...PROVENANCE, policy: [urn] }],
      }),
      request: { method: 'POST', url: 'Observation' },
    },
    definition('CodeSystem', 'a', {
      content: 'complete',
      valueSet: `${home}/ValueSet/a`,
      concept: [{ code: '1' }],
    }),
    definition('ValueSet', 'a', { compose: { include: [{ system: `${home}/CodeSystem/a` }] } }),
    definition('Questionnaire', 'a', {
      item: [{ linkId: '1', text: 'x', type: 'choice', answerValueSet: `${home}/ValueSet/a` }],
    }),
  );
  assert.equal(made.status, 200, made.text);
  const read = async (at: number) =>
    (await world.send('GET', `/fhir/${made.body.entry[at].response.location}`)).body;
  const person = `Patient/${idOf(made.body.entry[0])}`;
  const measured = await read(1);
  assert.deepEqual(
    measured.extension.slice(0, 4).map((one: Record<string, string>) => Object.values(one)[1]),
    [person, person, urn, urn],
  );
  assert.deepEqual(measured.contained[0].policy, [person]);
  assert.equal(measured.code.coding[0].system, `${home}/CodeSystem/a`);
  const [system, set, form] = [await read(2), await read(3), await read(4)];
  assert.deepEqual([system.url, system.valueSet], [`${home}/CodeSystem/a`, `${home}/ValueSet/a`]);
  assert.deepEqual([set.url, set.compose.include[0].system], [`${home}/ValueSet/a`, `${home}/CodeSystem/a`]);
  assert.equal(form.item[0].answerValueSet, `${home}/ValueSet/a`);
});

test('5,000 deletes of one transaction are done, and leave room for others', async () => {
  const names = Array.from({ length: 5000 }, (_, at) => `Basic/many-${at}`);
  const put = await post(
    'transaction',
    ...names.map((url) => ({
      resource: { resourceType: 'Basic', id: url.slice(6), code: { text: 'x' } },
      request: { method: 'PUT', url },
    })),
  );
  assert.equal(put.status, 200, put.text.slice(0, 300));
  const [gone, other] = await Promise.all([
    post('transaction', ...names.map((url) => ({ request: { method: 'DELETE', url } }))),
    world.send('GET', '/fhir/Organization/kept'),
  ]);
  assert.equal(gone.status, 200, gone.text.slice(0, 300));
  assert.equal(other.status, 200);
  assert.ok(
    gone.body.entry.every((one: { response: { status: string } }) => one.response.status.startsWith('204')),
  );
});

test('a search by POST is an entry like the same by GET', async () => {
  const found = await post(
    'transaction',
    { request: { method: 'POST', url: 'Organization/_search?_id=kept' } },
    { request: { method: 'POST', url: '_search?_type=Organization&_id=kept' } },
  );
  assert.deepEqual(
    found.body.entry.map((one: { resource: { total: number } }) => one.resource.total),
    [1, 1],
  );
});
