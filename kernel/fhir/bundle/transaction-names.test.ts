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
