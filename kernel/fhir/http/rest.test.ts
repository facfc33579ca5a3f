/** R4 http.html over the wire: one resource at a time. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
const patient = {
  resourceType: 'Patient',
  name: [{ text: 'Nguyễn Thị Ánh Đào', family: 'Nguyễn' }],
  gender: 'female',
  birthDate: '1985-02-07',
};

before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

const create = async (resource: object = patient) =>
  (await world.send('POST', '/fhir/Patient', resource)).body;

test('create: 201 with Location of the version, ETag, Last-Modified and the resource', async () => {
  const answer = await world.send('POST', '/fhir/Patient', {
    ...patient,
    id: 'chosen-by-client',
    meta: { versionId: '77', lastUpdated: '1990-01-01T00:00:00Z' },
  });
  assert.equal(answer.status, 201);
  const { id } = answer.body;
  assert.notEqual(id, 'chosen-by-client', 'the server SHALL ignore the id');
  assert.equal(answer.headers.get('location'), `${world.program.address}/fhir/Patient/${id}/_history/1`);
  assert.equal(answer.headers.get('etag'), 'W/"1"');
  assert.equal(answer.body.meta.versionId, '1');
  assert.ok(Math.abs(Date.parse(answer.headers.get('last-modified')!) - Date.now()) < 60_000);
  assert.match(answer.headers.get('content-type')!, /^application\/fhir\+json/);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
});

test('read: the stored resource, with ETag; HEAD is the same without a body', async () => {
  const { id } = await create();
  const answer = await world.send('GET', `/fhir/Patient/${id}`);
  assert.equal(answer.status, 200);
  assert.equal(answer.body.name[0].text, 'Nguyễn Thị Ánh Đào');
  assert.equal(answer.headers.get('etag'), 'W/"1"');
  const head = await world.send('HEAD', `/fhir/Patient/${id}`);
  assert.deepEqual([head.status, head.text, head.headers.get('etag')], [200, '', 'W/"1"']);
});

test('conditional read: If-None-Match and If-Modified-Since answer 304 without a body', async () => {
  const { id } = await create();
  const same = await world.send('GET', `/fhir/Patient/${id}`, undefined, { 'if-none-match': 'W/"1"' });
  assert.deepEqual([same.status, same.text], [304, '']);
  const other = await world.send('GET', `/fhir/Patient/${id}`, undefined, { 'if-none-match': 'W/"2"' });
  assert.equal(other.status, 200);
  const future = new Date(Date.now() + 3_600_000).toUTCString();
  assert.equal(
    (await world.send('GET', `/fhir/Patient/${id}`, undefined, { 'if-modified-since': future })).status,
    304,
  );
  const past = new Date(Date.now() - 3_600_000).toUTCString();
  assert.equal(
    (await world.send('GET', `/fhir/Patient/${id}`, undefined, { 'if-modified-since': past })).status,
    200,
  );
});

test('update: If-Match of the current version is taken, an older one gets 412, and both versions can be read', async () => {
  const made = await create();
  const first = await world.send(
    'PUT',
    `/fhir/Patient/${made.id}`,
    { ...made, gender: 'male' },
    { 'if-match': 'W/"1"' },
  );
  assert.deepEqual([first.status, first.headers.get('etag'), first.body.gender], [200, 'W/"2"', 'male']);
  const second = await world.send(
    'PUT',
    `/fhir/Patient/${made.id}`,
    { ...made, gender: 'other' },
    { 'if-match': 'W/"1"' },
  );
  assert.equal(second.status, 412);
  assert.equal(issueOf(second).code, 'conflict');
  assert.match(issueOf(second).diagnostics!, /_history\/1.*_history\/2/);
  assert.equal(second.headers.get('etag'), 'W/"2"');
  assert.equal((await world.send('GET', `/fhir/Patient/${made.id}/_history/1`)).body.gender, 'female');
  assert.equal((await world.send('GET', `/fhir/Patient/${made.id}/_history/2`)).body.gender, 'male');
});

test('update without a change keeps the version', async () => {
  const made = await create();
  const again = await world.send('PUT', `/fhir/Patient/${made.id}`, made);
  assert.deepEqual([again.status, again.body.meta.versionId], [200, '1']);
});

test('update as create: PUT to a new id is 201; If-Match on nothing is 412', async () => {
  const put = await world.send('PUT', '/fhir/Organization/cs-25D01', {
    resourceType: 'Organization',
    id: 'cs-25D01',
    name: 'Trạm y tế',
  });
  assert.deepEqual([put.status, put.body.id, put.headers.get('etag')], [201, 'cs-25D01', 'W/"1"']);
  const absent = await world.send(
    'PUT',
    '/fhir/Organization/absent',
    { resourceType: 'Organization', id: 'absent', name: 'x' },
    { 'if-match': 'W/"1"' },
  );
  assert.equal(absent.status, 412);
  assert.match(issueOf(absent).details!.text!, /^Không có Organization nào ở phiên bản 1/);
});

test('update: id of the body must be the id of the address', async () => {
  for (const id of ['other', undefined]) {
    const answer = await world.send('PUT', '/fhir/Patient/this', { ...patient, id });
    assert.equal(answer.status, 400);
    assert.equal(issueOf(answer).expression![0], 'Patient.id');
  }
});

test('delete: 204, then 410 with the version, again 204; If-Match of an older version is 412', async () => {
  const made = await create();
  assert.equal(
    (await world.send('DELETE', `/fhir/Patient/${made.id}`, undefined, { 'if-match': 'W/"9"' })).status,
    412,
  );
  const deleted = await world.send('DELETE', `/fhir/Patient/${made.id}`);
  assert.deepEqual([deleted.status, deleted.text, deleted.headers.get('etag')], [204, '', 'W/"2"']);
  const gone = await world.send('GET', `/fhir/Patient/${made.id}`);
  assert.equal(gone.status, 410);
  assert.equal(issueOf(gone).code, 'deleted');
  assert.equal((await world.send('GET', `/fhir/Patient/${made.id}/_history/2`)).status, 410);
  assert.equal((await world.send('GET', `/fhir/Patient/${made.id}/_history/1`)).status, 200);
  assert.equal((await world.send('DELETE', `/fhir/Patient/${made.id}`)).status, 204);
  assert.equal((await world.send('DELETE', '/fhir/Patient/never-was')).status, 204);
  assert.equal(
    (await world.send('PUT', `/fhir/Patient/${made.id}`, made)).status,
    201,
    'a deleted id may come back',
  );
});

test('patch: JSON Patch changes one thing; a failed test is 422 and changes nothing', async () => {
  const made = await create();
  const headers = { 'content-type': 'application/json-patch+json' };
  const patched = await world.send(
    'PATCH',
    `/fhir/Patient/${made.id}`,
    [{ op: 'replace', path: '/gender', value: 'male' }],
    headers,
  );
  assert.deepEqual([patched.status, patched.body.gender, patched.body.meta.versionId], [200, 'male', '2']);
  const failed = await world.send(
    'PATCH',
    `/fhir/Patient/${made.id}`,
    [{ op: 'test', path: '/gender', value: 'female' }],
    headers,
  );
  assert.equal(failed.status, 422);
  const invalid = await world.send(
    'PATCH',
    `/fhir/Patient/${made.id}`,
    [{ op: 'add', path: '/colour', value: 'red' }],
    headers,
  );
  assert.equal(invalid.status, 422);
  const renamed = await world.send(
    'PATCH',
    `/fhir/Patient/${made.id}`,
    [{ op: 'replace', path: '/id', value: 'x' }],
    headers,
  );
  assert.equal(renamed.status, 400);
  const stale = await world.send('PATCH', `/fhir/Patient/${made.id}`, [{ op: 'remove', path: '/gender' }], {
    ...headers,
    'if-match': 'W/"1"',
  });
  assert.equal(stale.status, 412);
  assert.equal((await world.send('PATCH', '/fhir/Patient/absent', [], headers)).status, 404);
});

test('conditional create: If-None-Exist finds the one, or creates, or 412 on many', async () => {
  const identifier = [{ system: 'http://yba.vn/fhir/sid/cccd', value: '099185000011' }];
  const headers = { 'if-none-exist': 'identifier=http://yba.vn/fhir/sid/cccd|099185000011' };
  const first = await world.send('POST', '/fhir/Patient', { ...patient, identifier }, headers);
  const second = await world.send('POST', '/fhir/Patient', { ...patient, identifier }, headers);
  assert.deepEqual([first.status, second.status], [201, 200]);
  assert.equal(second.body.id, first.body.id);
  await create({ ...patient, identifier });
  assert.equal((await world.send('POST', '/fhir/Patient', patient, headers)).status, 412);
  assert.equal(
    (await world.send('POST', '/fhir/Patient', patient, { 'if-none-exist': 'colour=red' })).status,
    400,
  );
});

test('eight conditional creates at once make one resource', async () => {
  const identifier = [{ system: 'urn:test', value: 'race' }];
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      world.send(
        'POST',
        '/fhir/Patient',
        { ...patient, identifier },
        { 'if-none-exist': 'identifier=urn:test|race' },
      ),
    ),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, 200, 200, 200, 200, 201]);
  assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
});

test('conditional update: none creates, one updates, many are 412, another id is 400', async () => {
  const identifier = [{ system: 'urn:test', value: 'cu' }];
  const url = '/fhir/Patient?identifier=urn:test|cu';
  const made = await world.send('PUT', url, { ...patient, identifier });
  assert.equal(made.status, 201);
  const changed = await world.send('PUT', url, { ...patient, identifier, gender: 'male' });
  assert.deepEqual([changed.status, changed.body.id, changed.body.meta.versionId], [200, made.body.id, '2']);
  assert.equal((await world.send('PUT', url, { ...patient, identifier, id: 'another' })).status, 400);
  await create({ ...patient, identifier });
  assert.equal((await world.send('PUT', url, { ...patient, identifier })).status, 412);
  assert.equal(
    (await world.send('PUT', '/fhir/Patient', patient)).status,
    400,
    'criteria must ask something',
  );
});

test('conditional delete and patch: one match only', async () => {
  const identifier = [{ system: 'urn:test', value: 'cd' }];
  const made = await create({ ...patient, identifier });
  const headers = { 'content-type': 'application/json-patch+json' };
  const patched = await world.send(
    'PATCH',
    '/fhir/Patient?identifier=urn:test|cd',
    [{ op: 'replace', path: '/gender', value: 'male' }],
    headers,
  );
  assert.equal(patched.body.gender, 'male');
  assert.equal((await world.send('DELETE', '/fhir/Patient?identifier=urn:test|cd')).status, 204);
  assert.equal((await world.send('GET', `/fhir/Patient/${made.id}`)).status, 410);
  assert.equal((await world.send('DELETE', '/fhir/Patient?identifier=urn:test|cd')).status, 204);
  await create({ ...patient, identifier });
  await create({ ...patient, identifier });
  assert.equal((await world.send('DELETE', '/fhir/Patient?identifier=urn:test|cd')).status, 412);
});

test('Prefer: return=minimal has no body, OperationOutcome says that it is done', async () => {
  const minimal = await world.send('POST', '/fhir/Patient', patient, { prefer: 'return=minimal' });
  assert.deepEqual([minimal.status, minimal.text], [201, '']);
  assert.match(minimal.headers.get('location')!, /\/_history\/1$/);
  const outcome = await world.send('POST', '/fhir/Patient', patient, { prefer: 'return=OperationOutcome' });
  assert.equal(issueOf(outcome).severity, 'information');
});

test('decimals keep their precision (R4 datatypes: 1.10 is not 1.1)', async () => {
  const { id } = await create();
  const text = `{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/${id}"},"valueQuantity":{"value":1.10,"unit":"mg"}}`;
  const made = await world.send('POST', '/fhir/Observation', text);
  assert.match(made.text, /"value":1\.10,/);
  assert.match((await world.send('GET', `/fhir/Observation/${made.body.id}`)).text, /"value":1\.10,/);
  assert.match(
    (await world.send('GET', `/fhir/Observation/${made.body.id}?_pretty=true`)).text,
    /"value": 1\.10,/,
  );
  assert.match(
    (await world.send('GET', `/fhir/Observation/${made.body.id}?_elements=value`)).text,
    /SUBSETTED/,
  );
});

test('decimals at the top level of a resource keep their precision too', async () => {
  const { id } = await create();
  const text = `{"resourceType":"ChargeItem","status":"billable","code":{"text":"x"},"subject":{"reference":"Patient/${id}"},"factorOverride":1.50}`;
  const made = await world.send('POST', '/fhir/ChargeItem', text);
  assert.equal(made.status, 201, made.text);
  assert.match((await world.send('GET', `/fhir/ChargeItem/${made.body.id}`)).text, /"factorOverride":1\.50/);
});

test('metadata: unknown parameters are refused, parts of it can be asked for, search-system is announced', async () => {
  for (const query of ['foo=1', 'mode=short', 'mode=', '_summary=count'])
    assert.equal((await world.bare('GET', `/fhir/metadata?${query}`)).status, 400, query);
  assert.equal((await world.bare('GET', '/fhir/metadata?mode=full')).body.rest.length, 1);
  const part = (await world.bare('GET', '/fhir/metadata?_elements=software')).body;
  assert.deepEqual([part.software.name, part.rest, part.fhirVersion], ['Y Bạ', undefined, '4.0.1']);
  const codes = (await world.bare('GET', '/fhir/metadata')).body.rest[0].interaction;
  assert.ok(codes.some(({ code }: { code: string }) => code === 'search-system'));
});

test('what is not kept is not answered as if it were empty: Parameters, and versions of AuditEvent', async () => {
  for (const path of [
    'Parameters',
    'OperationOutcome/x',
    'AuditEvent/_history',
    'AuditEvent/1-1/_history/1',
  ]) {
    const answer = await world.send('GET', `/fhir/${path}`);
    assert.deepEqual([answer.status, issueOf(answer).code], [404, 'not-supported'], path);
  }
  assert.equal((await world.send('GET', '/fhir/AuditEvent?_sort=-date')).status, 200);
  assert.equal((await world.send('GET', '/fhir/AuditEvent?_sort=agent')).status, 400);
});
