/** What cannot be read or done gets a clear answer: an OperationOutcome, Vietnamese and English, never a stack trace. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { type FhirWorld, type HttpAnswer, issueOf, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld({ proxies: ['127.0.0.1'] });
});
after(() => world.stop());

function refused(answer: HttpAnswer, status: number): ReturnType<typeof issueOf> {
  assert.equal(answer.status, status, answer.text.slice(0, 300));
  const issue = issueOf(answer);
  assert.ok(issue.details?.text, 'a Vietnamese sentence');
  assert.ok(issue.diagnostics, 'an English sentence');
  assert.doesNotMatch(answer.text, /\.ts:\d+|node_modules|at async/);
  return issue;
}

const patient = { resourceType: 'Patient' };

test('malformed JSON is 400 with line and column', async () => {
  const issue = refused(
    await world.send('POST', '/fhir/Patient', '{\n  "resourceType": "Patient",\n  "active": yes\n}'),
    400,
  );
  assert.match(issue.diagnostics!, /line 3, column 13/);
  for (const text of ['', '{', '[]', '"Patient"', 'null', '5', '{"resourceType":"Patient"} {}']) {
    refused(
      await world.send('POST', '/fhir/Patient', text, { 'content-type': 'application/fhir+json' }),
      400,
    );
  }
});

test('duplicate names, __proto__, NUL, nesting bombs and bytes that are no UTF-8 are refused', async () => {
  refused(
    await world.send('POST', '/fhir/Patient', '{"resourceType":"Patient","active":true,"active":false}'),
    400,
  );
  refused(
    await world.send('POST', '/fhir/Patient', '{"resourceType":"Patient","__proto__":{"active":true}}'),
    400,
  );
  refused(await world.send('POST', '/fhir/Patient', '{"resourceType":"Patient","id":"a\\u0000b"}'), 400);
  refused(
    await world.send(
      'POST',
      '/fhir/Patient',
      `{"resourceType":"Patient","contained":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    ),
    400,
  );
  refused(await world.send('POST', '/fhir/Patient', Buffer.from([0x7b, 0xff, 0x7d])), 400);
});

test('wrong types, unknown elements and impossible dates are 422 with a FHIRPath expression', async () => {
  const cases: [object, RegExp][] = [
    [{ active: 'yes' }, /^Patient\.active/],
    [{ birthDate: '1985-02-30' }, /^Patient\.birthDate/],
    [{ birthDate: 1985 }, /^Patient\.birthDate/],
    [{ gender: 'nữ' }, /^Patient\.gender/],
    [{ colour: 'red' }, /^Patient\.colour/],
    [{ name: { text: 'x' } }, /^Patient\.name/],
    [{ name: [{ given: 'x' }] }, /^Patient\.name\[0\]\.given/],
    [{ constructor: { prototype: 1 } }, /^Patient/],
  ];
  for (const [more, place] of cases) {
    const issue = refused(await world.send('POST', '/fhir/Patient', { ...patient, ...more }), 422);
    assert.match(issue.expression![0]!, place);
  }
});

test('a resource of another type than the address is 400', async () => {
  refused(await world.send('POST', '/fhir/Patient', { resourceType: 'Observation' }), 400);
  refused(await world.send('PUT', '/fhir/Patient/x', { resourceType: 'Observation', id: 'x' }), 400);
  refused(await world.send('POST', '/fhir/Patient', { id: 'x' }), 400);
});

test('wrong media types are 415', async () => {
  for (const type of [
    'application/fhir+xml',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/fhir+json; fhirVersion=3.0',
  ]) {
    refused(
      await world.send('POST', '/fhir/Patient', '{"resourceType":"Patient"}', { 'content-type': type }),
      415,
    );
  }
  refused(
    await world.send('PATCH', '/fhir/Patient/x', '<diff/>', { 'content-type': 'application/xml-patch+xml' }),
    415,
  );
  const json = { 'content-type': 'application/json; charset=UTF-8' };
  assert.equal((await world.send('POST', '/fhir/Patient', '{"resourceType":"Patient"}', json)).status, 201);
});

test('a 415 says what is not taken: the whole media type, or that the body is compressed (RFC 9110 section 8.4)', async () => {
  const sentences = async (headers: Record<string, string>) => {
    const { body } = await world.send('POST', '/fhir/Patient', '{"resourceType":"Patient"}', {
      'content-type': 'application/fhir+json',
      ...headers,
    });
    const [issue] = (body as { issue: { details: { text: string }; diagnostics: string }[] }).issue;
    return `${issue?.details.text} ${issue?.diagnostics}`;
  };
  assert.match(
    await sentences({ 'content-type': 'application/fhir+json; fhirVersion=5.0' }),
    /kiểu "application\/fhir\+json; fhirversion=5\.0".*FHIR 4\.0/,
  );
  for (const coding of ['gzip', 'br', 'deflate', 'zoo'])
    assert.match(
      await sentences({ 'content-encoding': coding }),
      new RegExp(`nội dung nén \\(Content-Encoding: ${coding}\\).*send it uncompressed`),
    );
});

test('unknown types, ids and addresses are 404 with an OperationOutcome', async () => {
  for (const path of [
    '/fhir/Nonsense',
    '/fhir/Nonsense/1',
    '/fhir/patient',
    '/fhir/Patient/absent',
    '/fhir/Patient/a/b/c/d/e',
    '/fhir/Patient/x/_history/abc',
    '/fhir/Patient/x/_history/0',
    '/fhir/Patient/x/$nonsense',
    '/fhir/$nonsense',
  ]) {
    refused(await world.send('GET', path), 404);
  }
  refused(await world.send('GET', `/fhir/Patient/${'x'.repeat(65)}`), 404);
  refused(await world.send('GET', `/fhir/Patient/${'x'.repeat(500)}`), 404);
  refused(await world.send('GET', '/fhir/Patient/%zz'), 400);
  refused(await world.send('PUT', '/fhir/Patient/not_an_id', { ...patient, id: 'not_an_id' }), 400);
});

test('a method that an address does not know is 405 with Allow', async () => {
  const cases: [string, string, string][] = [
    ['POST', '/fhir/Patient/x', 'HEAD, GET, PUT, PATCH, DELETE'],
    ['PUT', '/fhir', 'HEAD, GET, POST'],
    ['DELETE', '/fhir/metadata', 'HEAD, GET'],
    ['PUT', '/fhir/Patient/x/_history', 'HEAD, GET, DELETE'],
    ['DELETE', '/fhir/Patient/_search', 'POST'],
  ];
  for (const [method, path, allow] of cases) {
    const answer = await world.send(method, path, method === 'DELETE' ? undefined : patient);
    refused(answer, 405);
    assert.equal(answer.headers.get('allow'), allow, `${method} ${path}`);
    const options = await world.send('OPTIONS', path);
    assert.deepEqual([options.status, options.headers.get('allow')], [204, allow]);
  }
});

test('a body above the limit is 413', async () => {
  const large = `{"resourceType":"Patient","name":[{"text":"${'x'.repeat(9_000_000)}"}]}`;
  const answer = await world.send('POST', '/fhir/Patient', large);
  refused(answer, 413);
  assert.match(issueOf(answer).diagnostics ?? '', /has 8\.6 MB, more than 8 MB\. Split it/);
});

test('without a token, with a wrong one or a wrong scheme: 401 with WWW-Authenticate', async () => {
  for (const authorization of [
    undefined,
    'Bearer nonsense',
    'Bearer a.b.c',
    'Basic dXNlcjpwYXNz',
    'Bearer',
    '',
  ]) {
    const answer = await world.bare(
      'GET',
      '/fhir/Patient',
      undefined,
      authorization === undefined ? {} : { authorization },
    );
    refused(answer, 401);
    // RFC 6750 section 3: what was wrong is said to who showed something, and to nobody else.
    const fault = authorization === undefined ? '' : ', error="invalid_token"';
    assert.equal(answer.headers.get('www-authenticate'), `Bearer realm="fhir"${fault}`);
  }
});

test('scopes narrow: a token for reading Patients writes nothing and reads nothing else', async () => {
  const authorization = `Bearer ${await world.token('system/Patient.rs')}`;
  const send = (method: string, path: string, body?: unknown) =>
    world.bare(method, path, body, { authorization });
  assert.equal((await send('GET', '/fhir/Patient')).status, 200);
  refused(await send('POST', '/fhir/Patient', patient), 403);
  const beyond = await send('GET', '/fhir/Observation');
  refused(beyond, 403);
  assert.equal(beyond.headers.get('www-authenticate'), 'Bearer realm="fhir", error="insufficient_scope"');
  refused(await send('GET', '/fhir/Patient?_has:Observation:patient:code=29463-7'), 403);
  refused(await send('GET', '/fhir/_history'), 403);
  const batch = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ resource: patient, request: { method: 'POST', url: 'Patient' } }],
  };
  refused(await send('POST', '/fhir', batch), 403);
});

test('parameters named as members of objects are unknown like any other', async () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    refused(await world.send('GET', `/fhir/Patient?${name}=1`), 400);
  }
});

test('what is no percent-encoding of UTF-8 is refused, naming the parameter', async () => {
  for (const [query, name] of [
    ['family=100%', 'family'],
    ['family=a&name=%zz', 'name'],
    ['given:exact=%E1%BA', 'given:exact'],
    ['%ff=x', '%ff=x'],
    ['_count=%1', '_count'],
  ] as const) {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const answer of [
      await world.send('GET', `/fhir/Patient?${query}`),
      await world.send('POST', '/fhir/Patient/_search', query, form),
      await world.send('DELETE', `/fhir/Patient?${query}`),
      await world.send('POST', '/fhir/Patient', patient, { 'if-none-exist': query }),
    ]) {
      refused(answer, 400);
      assert.deepEqual(issueOf(answer).expression, [name], query);
    }
  }
  const batch = {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [{ request: { method: 'GET', url: 'Patient?name=%zz' } }],
  };
  assert.equal((await world.send('POST', '/fhir', batch)).body.entry[0].response.status.slice(0, 3), '400');
});

test('If-None-Exist in UTF-8 means what it says; other bytes are refused by name', async () => {
  const named = { ...patient, name: [{ family: 'Nguyễn', text: 'ifnoneexist' }] };
  const bytes = Buffer.from('family=Nguyễn&name=ifnoneexist').toString('latin1');
  const ask = () => world.send('POST', '/fhir/Patient', named, { 'if-none-exist': bytes });
  assert.deepEqual([(await ask()).status, (await ask()).status], [201, 200]);
  const wrong = await world.send('POST', '/fhir/Patient', named, { 'if-none-exist': 'family=Nguy\xean' });
  assert.deepEqual(refused(wrong, 400).expression, ['If-None-Exist']);
});

test('an address with letters as they are is told to encode them', async () => {
  const { hostname, port } = new URL(world.program.address);
  const socket = connect(Number(port), hostname);
  socket.end('GET /fhir/Patient?family=Nguyễn HTTP/1.1\r\nHost: x\r\n\r\n');
  const answer = await text(socket);
  assert.match(answer, /^HTTP\/1.1 400 /);
  assert.match(answer, /must be percent-encoded as UTF-8/);
});

test('malformed queries and conditions are never a 5xx', async () => {
  const queries = [
    '_count=-1',
    '_count=x',
    '_sort=colour',
    '_include=x',
    '_include=Patient',
    '_has:',
    '_has:Observation',
    'name:nonsense=x',
    'birthdate=tomorrow',
    'birthdate=ge',
    'identifier=|',
    '_lastUpdated=x',
    '_cursor=zzz',
    'a.b.c.d=1',
    'general-practitioner:Nonsense.name=x',
    '_id=%00',
    'name=%00',
    '_elements=',
    '_total=x',
    '=x',
    '&&&',
  ];
  for (const query of queries) {
    const answer = await world.send('GET', `/fhir/Patient?${query}`);
    assert.ok(answer.status < 500, `${query}: ${answer.status} ${answer.text}`);
  }
  for (const header of ['x', 'W/', '**', '"a"']) {
    refused(await world.send('PUT', '/fhir/Patient/x', { ...patient, id: 'x' }, { 'if-match': header }), 400);
  }
});

test('$validate answers with an OperationOutcome and writes nothing', async () => {
  const good = await world.send('POST', '/fhir/Patient/$validate', patient);
  assert.deepEqual([good.status, issueOf(good).severity], [200, 'information']);
  const bad = await world.send('POST', '/fhir/Patient/$validate', { ...patient, birthDate: 'x' });
  assert.deepEqual([bad.status, issueOf(bad).expression![0]], [200, 'Patient.birthDate']);
  const wrapped = { resourceType: 'Parameters', parameter: [{ name: 'resource', resource: patient }] };
  assert.equal(issueOf(await world.send('POST', '/fhir/Patient/$validate', wrapped)).severity, 'information');
});

test('a Host that is none is 400; its characters never come into an answer of data', async () => {
  for (const host of ['evil"host', 'a b', '<script>', 'x?y', 'x/y']) {
    for (const name of ['x-forwarded-host', 'x-forwarded-proto']) {
      const answer = await world.send('GET', '/fhir/Patient?_count=1', undefined, { [name]: host });
      assert.equal(answer.status, 400, host);
      assert.equal(issueOf(answer).code, 'invalid');
    }
  }
  const proxied = { 'x-forwarded-host': 'yba.example.vn:8443', 'x-forwarded-proto': 'https' };
  const good = await world.send('GET', '/fhir/Patient?_count=1', undefined, proxied);
  assert.equal(good.body.link[0].url, 'https://yba.example.vn:8443/fhir/Patient?_count=1');
});
