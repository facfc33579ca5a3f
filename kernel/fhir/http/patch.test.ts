/** FHIRPath Patch over HTTP: by id, by criteria, in Bundles. R4 fhirpatch.html, http.html#patch. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

const SYSTEM = 'urn:patch';
const make = async (value: string) =>
  (
    await world.send('POST', '/fhir/Patient', {
      resourceType: 'Patient',
      gender: 'male',
      identifier: [{ system: SYSTEM, value }],
    })
  ).body;

/** Replaces the gender. */
const gender = (code: string, path = 'Patient.gender') => ({
  resourceType: 'Parameters',
  parameter: [
    {
      name: 'operation',
      part: [
        { name: 'type', valueCode: 'replace' },
        { name: 'path', valueString: path },
        { name: 'value', valueCode: code },
      ],
    },
  ],
});

test('a FHIRPath Patch changes one thing, under If-Match, and answers with the new version', async () => {
  const { id } = await make('one');
  const patched = await world.send('PATCH', `/fhir/Patient/${id}`, gender('female'), { 'if-match': 'W/"1"' });
  assert.deepEqual(
    [patched.status, patched.body.gender, patched.headers.get('etag')],
    [200, 'female', 'W/"2"'],
  );
  const stale = await world.send('PATCH', `/fhir/Patient/${id}`, gender('other'), { 'if-match': 'W/"1"' });
  assert.equal(stale.status, 412);
});

test('a path that finds nothing is 422 with the number of the operation; an invalid outcome is 422 too', async () => {
  const { id } = await make('two');
  const nothing = await world.send(
    'PATCH',
    `/fhir/Patient/${id}`,
    gender('female', 'Patient.contact.gender'),
  );
  assert.equal(nothing.status, 422);
  assert.deepEqual(issueOf(nothing).expression, ['Parameters.parameter[0]']);
  assert.match(issueOf(nothing).diagnostics!, /"Patient\.contact\.gender" finds nothing/);
  const invalid = await world.send('PATCH', `/fhir/Patient/${id}`, gender('nonsense'));
  assert.equal(invalid.status, 422);
  assert.deepEqual(issueOf(invalid).expression, ['Patient.gender']);
  assert.equal((await world.send('PATCH', '/fhir/Patient/absent', gender('female'))).status, 404);
  const deleted = await make('three');
  await world.send('DELETE', `/fhir/Patient/${deleted.id}`);
  assert.equal((await world.send('PATCH', `/fhir/Patient/${deleted.id}`, gender('female'))).status, 410);
});

test('conditional patch: one match is patched, none is 404, many are 412', async () => {
  const { id } = await make('single');
  const patched = await world.send('PATCH', `/fhir/Patient?identifier=${SYSTEM}|single`, gender('female'));
  assert.deepEqual([patched.status, patched.body.id, patched.body.gender], [200, id, 'female']);
  assert.equal((await world.send('PATCH', '/fhir/Patient?identifier=none', gender('female'))).status, 404);
  await Promise.all([make('double'), make('double')]);
  const many = await world.send('PATCH', `/fhir/Patient?identifier=${SYSTEM}|double`, gender('female'));
  assert.equal(many.status, 412);
});

for (const type of ['batch', 'transaction']) {
  test(`a Parameters resource is the patch of an entry of a ${type}, also under ifMatch`, async () => {
    const { id } = await make(`in-${type}`);
    const send = (ifMatch: string) =>
      world.send('POST', '/fhir', {
        resourceType: 'Bundle',
        type,
        entry: [
          { resource: gender('female'), request: { method: 'PATCH', url: `Patient/${id}`, ifMatch } },
          { request: { method: 'GET', url: `Patient/${id}` } },
        ],
      });
    const done = await send('W/"1"');
    assert.equal(done.status, 200, done.text);
    assert.match(done.body.entry[0].response.status, /^200/);
    assert.equal(done.body.entry[0].response.etag, 'W/"2"');
    assert.equal(done.body.entry[1].resource.gender, 'female');
    const stale = await send('W/"1"');
    if (type === 'transaction') assert.equal(stale.status, 412);
    else assert.match(stale.body.entry[0].response.status, /^412/);
  });
}

test('a patch in a transaction may name what the same Bundle creates', async () => {
  const { id } = await make('named');
  const answer = await world.send('POST', '/fhir', {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: 'urn:uuid:aaaaaaaa-0000-4000-8000-000000000001',
        resource: { resourceType: 'Organization', name: 'Trạm y tế' },
        request: { method: 'POST', url: 'Organization' },
      },
      {
        resource: {
          resourceType: 'Parameters',
          parameter: [
            {
              name: 'operation',
              part: [
                { name: 'type', valueCode: 'add' },
                { name: 'path', valueString: 'Patient' },
                { name: 'name', valueString: 'managingOrganization' },
                {
                  name: 'value',
                  valueReference: { reference: 'urn:uuid:aaaaaaaa-0000-4000-8000-000000000001' },
                },
              ],
            },
          ],
        },
        request: { method: 'PATCH', url: `Patient/${id}` },
      },
    ],
  });
  assert.equal(answer.status, 200, answer.text);
  const made = /^Organization\/[^/]+/.exec(answer.body.entry[0].response.location)![0];
  const { managingOrganization } = (await world.send('GET', `/fhir/Patient/${id}`)).body;
  assert.equal(managingOrganization.reference, made);
});

test('/metadata announces both kinds of patch, and conditional delete as single: several need a _count', async () => {
  const { body } = await world.bare('GET', '/fhir/metadata');
  assert.deepEqual(body.patchFormat, ['application/json-patch+json', 'application/fhir+json']);
  const patient = body.rest[0].resource.find((one: { type: string }) => one.type === 'Patient');
  assert.equal(patient.conditionalDelete, 'single');
  assert.ok(patient.operation.some((one: { name: string }) => one.name === 'purge'));
});

test('a narrative that was made of the data goes when the data change; one that says more, when something of them is gone', async () => {
  const text = (status: string) => ({
    status,
    div: '<div xmlns="http://www.w3.org/1999/xhtml">Nam</div>',
  });
  const patch = (id: string, body: unknown, type = 'application/json-patch+json') =>
    world.send('PATCH', `/fhir/Patient/${id}`, body, { 'content-type': type });
  const made = async (status: string) =>
    (
      await world.send('POST', '/fhir/Patient', {
        resourceType: 'Patient',
        gender: 'male',
        text: text(status),
      })
    ).body.id as string;
  const change = { op: 'replace', path: '/gender', value: 'female' };
  const retold = {
    op: 'replace',
    path: '/text',
    value: { ...text('generated'), div: text('x').div.replace('Nam', 'Nữ') },
  };
  for (const status of ['generated', 'extensions']) {
    const id = await made(status);
    assert.equal(
      (await patch(id, [{ op: 'test', path: '/gender', value: 'male' }])).body.text.status,
      status,
    );
    const tagged = await patch(id, [{ op: 'add', path: '/meta/tag', value: [{ code: 'x' }] }]);
    assert.equal(tagged.body.text.status, status);
    const told = await patch(id, [{ ...change, value: 'other' }, retold]);
    assert.match(told.body.text.div, /Nữ/);
    const patched = await patch(id, [change]);
    assert.deepEqual([patched.status, patched.body.gender, patched.body.text], [200, 'female', undefined]);
  }
  const id = await made('generated');
  assert.equal((await patch(id, gender('female'), 'application/fhir+json')).body.text, undefined);
  const more = await made('additional');
  const added = await patch(more, [
    { op: 'add', path: '/birthDate', value: '1990' },
    { op: 'add', path: '/identifier', value: [{ value: '1' }] },
  ]);
  assert.equal(added.body.text?.status, 'additional', 'what it says is still there');
  const front = { op: 'add', path: '/identifier/0', value: { value: '0' } };
  assert.equal((await patch(more, [front])).body.text?.status, 'additional');
  const gone = await patch(more, [{ op: 'remove', path: '/identifier/1' }]);
  assert.deepEqual([gone.status, gone.body.text], [200, undefined]);
  const before = await world.send('GET', `/fhir/Patient/${more}/_history/3`);
  assert.equal(before.body.text.status, 'additional');
  const other = await made('additional');
  assert.equal((await patch(other, [change])).body.text, undefined);
});
