/** R4 http.html#transaction over the wire: batches and transactions. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FhirWorld, issueOf, openFhirWorld } from '../testing.ts';

let world: FhirWorld;
before(async () => {
  world = await openFhirWorld();
});
after(() => world.stop());

type Entry = Record<string, unknown>;
const bundle = (type: string, ...entry: Entry[]) => ({ resourceType: 'Bundle', type, entry });
const post = (type: 'batch' | 'transaction', ...entry: Entry[]) =>
  world.send('POST', '/fhir', bundle(type, ...entry));
const PATIENT = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
const VISIT = 'urn:uuid:88f151c0-a954-468a-88bd-5ae15c08e059';

const patient = (more: object = {}) => ({ resourceType: 'Patient', name: [{ text: 'Trần Văn B' }], ...more });
const observation = (subject: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'cân nặng' },
  subject: { reference: subject },
  ...more,
});
const create = (resource: { resourceType: string }, more: Entry = {}, request: object = {}): Entry => ({
  resource,
  request: { method: 'POST', url: resource.resourceType, ...request },
  ...more,
});
const idOf = (entry: { response: { location: string } }) => entry.response.location.split('/')[1]!;

test('urn:uuid references are rewritten everywhere, whatever the order of the entries', async () => {
  const encounter = {
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: PATIENT },
  };
  const note = {
    ...observation(PATIENT, { encounter: { reference: VISIT } }),
    text: {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${VISIT}">x</a></div>`,
    },
    extension: [{ url: 'http://example.org/see', valueUri: VISIT }],
    identifier: [{ system: 'urn:ietf:rfc:3986', value: VISIT }],
  };
  const answer = await post(
    'transaction',
    create(note),
    create(encounter, { fullUrl: VISIT }),
    create(patient(), { fullUrl: PATIENT }),
  );
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.type, 'transaction-response');
  assert.deepEqual(
    answer.body.entry.map((one: { response: { status: string } }) => one.response.status),
    ['201 Created', '201 Created', '201 Created'],
  );
  const [noteId, visitId, patientId] = answer.body.entry.map(idOf);
  const stored = (await world.send('GET', `/fhir/Observation/${noteId}`)).body;
  assert.equal(stored.subject.reference, `Patient/${patientId}`);
  assert.equal(stored.encounter.reference, `Encounter/${visitId}`);
  assert.match(stored.text.div, new RegExp(`href="Encounter/${visitId}"`));
  assert.equal(stored.extension[0].valueUri, `Encounter/${visitId}`);
  assert.equal(stored.identifier[0].value, VISIT, 'an identifier is a string and no reference');
  assert.equal((await world.send('GET', `/fhir/Observation?patient=${patientId}`)).body.total, 1);
});

test('absolute fullUrls: relative references are read against the base of the entry', async () => {
  const base = 'http://other.example/fhir';
  const answer = await post(
    'transaction',
    create(patient({ id: 'p' }), { fullUrl: `${base}/Patient/p` }),
    create(observation('Patient/p'), { fullUrl: `${base}/Observation/o` }),
    create(observation(`${base}/Patient/p`), { fullUrl: `${base}/Observation/q` }),
  );
  const [patientId, first, second] = answer.body.entry.map(idOf);
  for (const id of [first, second]) {
    assert.equal(
      (await world.send('GET', `/fhir/Observation/${id}`)).body.subject.reference,
      `Patient/${patientId}`,
    );
  }
});

test('all or nothing: one invalid entry, named by its place, and nothing is written', async () => {
  const before = (await world.send('GET', '/fhir/Patient?_summary=count')).body.total;
  const answer = await post(
    'transaction',
    create(patient()),
    create({ resourceType: 'Patient', birthDate: '31/12/1999' } as never),
  );
  assert.equal(answer.status, 422);
  assert.equal(issueOf(answer).expression![0], 'Bundle.entry[1].resource.birthDate');
  assert.equal((await world.send('GET', '/fhir/Patient?_summary=count')).body.total, before);
});

test('all or nothing: a version conflict names its entry', async () => {
  const made = (await world.send('POST', '/fhir/Patient', patient())).body;
  const put = { resource: made, request: { method: 'PUT', url: `Patient/${made.id}`, ifMatch: 'W/"7"' } };
  const answer = await post('transaction', create(patient({ name: [{ text: 'không được ghi' }] })), put);
  assert.equal(answer.status, 412);
  assert.match(issueOf(answer).expression![0]!, /^Bundle\.entry\[1\]/);
  assert.equal((await world.send('GET', '/fhir/Patient?name=không được ghi')).body.entry, undefined);
});

test('a batch: each entry stands alone, failures are answers in their place', async () => {
  const answer = await post(
    'batch',
    create(patient()),
    create({ resourceType: 'Patient', birthDate: 'nope' } as never),
    { request: { method: 'GET', url: 'Patient/absent' } },
    { request: { method: 'JUMP', url: 'Patient' } },
    create(patient()),
  );
  assert.equal(answer.status, 200);
  assert.equal(answer.body.type, 'batch-response');
  const statuses = answer.body.entry.map((one: { response: { status: string } }) =>
    one.response.status.slice(0, 3),
  );
  assert.deepEqual(statuses, ['201', '422', '404', '400', '201']);
  assert.equal(
    answer.body.entry[1].response.outcome.issue[0].expression[0],
    'Bundle.entry[1].resource.birthDate',
  );
});

test('order: DELETE, POST, PUT, GET; reads see what the transaction wrote', async () => {
  const identifier = [{ system: 'urn:test', value: 'order' }];
  const old = (await world.send('POST', '/fhir/Patient', patient({ identifier }))).body;
  const answer = await post(
    'transaction',
    { request: { method: 'GET', url: 'Patient?identifier=urn:test|order' } },
    create(patient({ identifier }), {}, { ifNoneExist: 'identifier=urn:test|order' }),
    { request: { method: 'DELETE', url: `Patient/${old.id}` } },
  );
  assert.equal(answer.status, 200, answer.text);
  const [found, made, deleted] = answer.body.entry;
  assert.equal(deleted.response.status, '204 No Content');
  assert.equal(made.response.status, '201 Created', 'the deleted one matches no more');
  assert.deepEqual(
    found.resource.entry.map((one: { resource: { id: string } }) => one.resource.id),
    [idOf(made)],
  );
});

test('conditional create within a transaction: references go to the resource that was found', async () => {
  const identifier = [{ system: 'http://yba.vn/fhir/sid/cccd', value: '099185000022' }];
  const first = (await world.send('POST', '/fhir/Patient', patient({ identifier }))).body;
  const answer = await post(
    'transaction',
    create(
      patient({ identifier }),
      { fullUrl: PATIENT },
      { ifNoneExist: 'identifier=http://yba.vn/fhir/sid/cccd|099185000022' },
    ),
    create(observation(PATIENT)),
  );
  assert.deepEqual(
    answer.body.entry.map((one: { response: { status: string } }) => one.response.status),
    ['200 OK', '201 Created'],
  );
  const stored = (await world.send('GET', `/fhir/Observation/${idOf(answer.body.entry[1])}`)).body;
  assert.equal(stored.subject.reference, `Patient/${first.id}`);
});

test('eight transactions at once with one condition make one person and eight observations of it', async () => {
  const identifier = [{ system: 'urn:test', value: 'race' }];
  const visit = () =>
    post(
      'transaction',
      create(patient({ identifier }), { fullUrl: PATIENT }, { ifNoneExist: 'identifier=urn:test|race' }),
      create(observation(PATIENT)),
    );
  const answers = await Promise.all(Array.from({ length: 8 }, visit));
  assert.deepEqual(
    answers.map(({ status }) => status),
    Array.from({ length: 8 }, () => 200),
  );
  const found = (await world.send('GET', '/fhir/Patient?identifier=urn:test|race')).body;
  assert.equal(found.total, 1);
  assert.equal(
    (await world.send('GET', `/fhir/Observation?patient=${found.entry[0].resource.id}`)).body.total,
    8,
  );
});

test('conditional references: one match is put in, none and many fail the transaction', async () => {
  const one = (
    await world.send(
      'POST',
      '/fhir/Patient',
      patient({ identifier: [{ system: 'urn:test', value: 'ref1' }] }),
    )
  ).body;
  for (let n = 0; n < 2; n += 1)
    await world.send(
      'POST',
      '/fhir/Patient',
      patient({ identifier: [{ system: 'urn:test', value: 'ref2' }] }),
    );
  const good = await post('transaction', create(observation('Patient?identifier=urn:test|ref1')));
  const stored = (await world.send('GET', `/fhir/Observation/${idOf(good.body.entry[0])}`)).body;
  assert.equal(stored.subject.reference, `Patient/${one.id}`);
  for (const [value, code] of [
    ['ref2', 'multiple-matches'],
    ['ref0', 'not-found'],
  ]) {
    const bad = await post('transaction', create(observation(`Patient?identifier=urn:test|${value}`)));
    assert.deepEqual([bad.status, issueOf(bad).code], [412, code], value);
    assert.match(issueOf(bad).expression![0]!, /^Bundle\.entry\[0\]/);
  }
});

test('conditional update, patch and delete by criteria inside a transaction', async () => {
  const make = async (value: string) =>
    (await world.send('POST', '/fhir/Patient', patient({ identifier: [{ system: 'urn:test', value }] })))
      .body;
  const [updated, patched, deleted] = [await make('tu'), await make('tp'), await make('td')];
  const data = Buffer.from(JSON.stringify([{ op: 'add', path: '/gender', value: 'male' }])).toString(
    'base64',
  );
  const answer = await post(
    'transaction',
    {
      fullUrl: PATIENT,
      resource: patient({ identifier: [{ system: 'urn:test', value: 'tu' }], gender: 'female' }),
      request: { method: 'PUT', url: 'Patient?identifier=urn:test|tu' },
    },
    {
      resource: { resourceType: 'Binary', contentType: 'application/json-patch+json', data },
      request: { method: 'PATCH', url: 'Patient?identifier=urn:test|tp' },
    },
    { request: { method: 'DELETE', url: 'Patient?identifier=urn:test|td' } },
    create(observation(PATIENT)),
  );
  assert.equal(answer.status, 200, answer.text);
  assert.equal((await world.send('GET', `/fhir/Patient/${updated.id}`)).body.gender, 'female');
  assert.equal((await world.send('GET', `/fhir/Patient/${patched.id}`)).body.gender, 'male');
  assert.equal((await world.send('GET', `/fhir/Patient/${deleted.id}`)).status, 410);
  const stored = (await world.send('GET', `/fhir/Observation/${idOf(answer.body.entry[3])}`)).body;
  assert.equal(stored.subject.reference, `Patient/${updated.id}`);
});

test('the same resource twice, or one fullUrl twice, is refused', async () => {
  const put = { resource: patient({ id: 'twice' }), request: { method: 'PUT', url: 'Patient/twice' } };
  const again = await post('transaction', put, { request: { method: 'DELETE', url: 'Patient/twice' } });
  assert.equal(again.status, 400);
  const url = await post(
    'transaction',
    create(patient(), { fullUrl: PATIENT }),
    create(patient(), { fullUrl: PATIENT }),
  );
  assert.equal(url.status, 400);
  assert.equal(issueOf(url).expression![0], 'Bundle.entry[1].fullUrl');
  assert.equal((await world.send('GET', '/fhir/Patient/twice')).status, 404);
});

test('a urn:uuid that is not in the Bundle is refused by its place', async () => {
  const answer = await post('transaction', create(patient()), create(observation(PATIENT)));
  assert.equal(answer.status, 400);
  assert.equal(issueOf(answer).expression![0], 'Bundle.entry[1].resource.subject.reference');
});

test('faulty Bundles are refused by place', async () => {
  const faulty: [unknown, string][] = [
    [{ resourceType: 'Patient' }, 'resourceType'],
    [{ resourceType: 'Bundle', type: 'collection' }, 'Bundle.type'],
    [{ resourceType: 'Bundle', type: 'transaction', entry: {} }, 'Bundle.entry'],
    [bundle('transaction', null as never), 'Bundle.entry[0]'],
    [bundle('transaction', { resource: patient() }), 'Bundle.entry[0].request'],
    [
      bundle('transaction', { request: { method: 'post', url: 'Patient' } }),
      'Bundle.entry[0].request.method',
    ],
    [bundle('transaction', { request: { method: 'POST', url: 'Patient' } }), 'Bundle.entry[0].resource'],
    [
      bundle('transaction', create(patient(), {}, { url: 'Observation' })),
      'Bundle.entry[0].resource.resourceType',
    ],
    [bundle('transaction', create(patient(), {}, { url: 'Patients' })), 'Bundle.entry[0].request.url'],
    [bundle('transaction', { request: { method: 'DELETE', url: 'Patient' } }), 'Bundle.entry[0].request.url'],
    [
      bundle('transaction', { resource: patient({ id: 'a' }), request: { method: 'PUT', url: 'Patient/b' } }),
      'Bundle.entry[0].resource.id',
    ],
    [
      bundle('transaction', { request: { method: 'DELETE', url: 'Patient/b', ifMatch: 'newest' } }),
      'Bundle.entry[0].request.ifMatch',
    ],
  ];
  for (const [body, place] of faulty) {
    const answer = await world.send('POST', '/fhir', body);
    assert.ok([400, 404, 422].includes(answer.status), `${answer.status} ${place}`);
    assert.equal(issueOf(answer).expression?.[0], place);
  }
});

test('an empty transaction is answered with an empty Bundle', async () => {
  const answer = await world.send('POST', '/fhir/', { resourceType: 'Bundle', type: 'transaction' });
  assert.deepEqual(
    [answer.status, answer.body.type, answer.body.entry],
    [200, 'transaction-response', undefined],
  );
});

test('Prefer: return=OperationOutcome says of every entry that it is done, deletions too', async () => {
  const made = (await world.send('POST', '/fhir/Patient', patient())).body;
  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [create(patient()), { request: { method: 'DELETE', url: `Patient/${made.id}` } }],
  };
  const answer = await world.send('POST', '/fhir', bundle, { prefer: 'return=OperationOutcome' });
  for (const { response, resource } of answer.body.entry) {
    assert.equal(response.outcome.issue[0].severity, 'information');
    assert.equal(resource, undefined);
  }
});

test('Prefer: return=representation puts the resources into the answer', async () => {
  const answer = await world.send('POST', '/fhir', bundle('transaction', create(patient())), {
    prefer: 'return=representation',
  });
  assert.equal(answer.body.entry[0].resource.name[0].text, 'Trần Văn B');
});

test('R4: a transaction is accepted only when every entry is: a read that fails is named, and nothing is written', async () => {
  const identifier = [{ system: 'urn:test', value: 'with a failing read' }];
  for (const [url, status] of [
    ['Patient/nobody', 404],
    ['Patient?nonsense=1', 400],
  ] as const) {
    const answer = await post('transaction', create(patient({ identifier })), {
      request: { method: 'GET', url },
    });
    assert.equal(answer.status, status, answer.text);
    assert.match(issueOf(answer).expression![0]!, /^Bundle\.entry\[1\]/);
  }
  const found = await world.send('GET', '/fhir/Patient?identifier=urn:test|with%20a%20failing%20read');
  assert.equal(found.body.total, 0);
  const own = await post(
    'transaction',
    { request: { method: 'GET', url: 'Patient/read-own' } },
    { resource: { ...patient(), id: 'read-own' }, request: { method: 'PUT', url: 'Patient/read-own' } },
  );
  assert.equal(own.body.entry?.[0].resource.id, 'read-own', own.text);
});

test('two creates under one condition in one transaction are refused: they would be one resource twice', async () => {
  const identifier = [{ system: 'urn:test', value: 'twice' }];
  const twice = () => create(patient({ identifier }), {}, { ifNoneExist: 'identifier=urn:test|twice' });
  const other = create(patient({ identifier }), {}, { ifNoneExist: '?identifier=urn%3Atest%7Ctwice' });
  for (const second of [twice(), other]) {
    const answer = await post('transaction', twice(), second);
    assert.deepEqual([answer.status, issueOf(answer).expression], [400, ['Bundle.entry[1]']]);
  }
  assert.equal((await world.send('GET', '/fhir/Patient?identifier=urn:test|twice')).body.total, 0);
});

test('request.url may be absolute below our own address, and nowhere else', async () => {
  const put = (base: string): Entry => ({
    resource: { ...patient(), id: 'absolute' },
    request: { method: 'PUT', url: `${base}/fhir/Patient/absolute` },
  });
  const { address } = world.program;
  const answer = await post('transaction', put(address), {
    request: { method: 'GET', url: `${address}/fhir/Patient/absolute` },
  });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.entry[1].resource.id, 'absolute');
  assert.equal((await post('transaction', put('http://other.example'))).status, 400);
  const foreign = await post('transaction', {
    request: { method: 'GET', url: 'http://other.example/fhir/Patient/a' },
  });
  assert.equal(foreign.status, 400);
  assert.match(foreign.body.issue[0].diagnostics, /is not below/);
});

const auditOf = async (text: string) =>
  (
    await world.program.kernel.pool.query<{ action: string; what: string }>(
      'select action, what from audit where strpos(what, $1) > 0',
      [text],
    )
  ).rows
    .map(({ action }) => action)
    .sort();

test('a read or search of a batch or transaction is answered once and leaves one line in the audit', async () => {
  const { id } = (await world.send('POST', '/fhir/Patient', patient())).body;
  for (const [type, writes] of [
    ['batch', 0],
    ['transaction', 0],
    ['transaction', 1],
  ] as const) {
    const family = `once-${type}-${writes}`;
    await post(
      type,
      { request: { method: 'GET', url: `Patient?family=${family}` } },
      { request: { method: 'GET', url: `Patient/${id}` } },
      ...(writes ? [create(patient())] : []),
    );
    assert.deepEqual(await auditOf(`family=${family}`), ['search'], family);
  }
  assert.deepEqual(await auditOf(`Patient/${id}`), ['create', 'read', 'read', 'read']);
});

test('what a transaction writes is read from it: instance, history and compartment', async () => {
  const put = {
    resource: patient({ id: 'own-reads' }),
    request: { method: 'PUT', url: 'Patient/own-reads' },
  };
  const read = (url: string) => ({ request: { method: 'GET', url } });
  const answer = await post(
    'transaction',
    put,
    read('Patient/own-reads/_history/1'),
    read('Patient/own-reads/_history'),
    read('Patient/own-reads/Observation'),
  );
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.entry[1].resource.id, 'own-reads');
  assert.equal(answer.body.entry[2].resource.total, 1);
});

test('our own address in If-None-Exist, conditional addresses and conditional references is the relative one', async () => {
  const base = `${world.program.address}/fhir`;
  const unit = (
    await world.send('PUT', '/fhir/Organization/own-base', {
      resourceType: 'Organization',
      id: 'own-base',
      name: 'x',
    })
  ).body;
  const where = `organization=${base}/Organization/${unit.id}`;
  const of = { managingOrganization: { reference: 'Organization/own-base' } };
  const first = (await world.send('POST', '/fhir/Patient', patient(of))).body;
  const again = await world.send('POST', '/fhir/Patient', patient(of), { 'if-none-exist': where });
  assert.deepEqual([again.status, again.body.id], [200, first.id]);
  const put = await world.send('PUT', `/fhir/Patient?${where}`, patient({ ...of, gender: 'male' }));
  assert.deepEqual([put.status, put.body.id], [200, first.id]);
  const answer = await post(
    'transaction',
    create(patient(of), { fullUrl: PATIENT }, { ifNoneExist: `${base}/Patient?${where}` }),
    create(observation(`Patient?${where}`)),
    create(
      observation(`${base}/Patient?organization=${encodeURIComponent(`${base}/Organization/own-base`)}`),
    ),
  );
  assert.equal(answer.body.entry?.[0].response.status, '200 OK', answer.text);
  for (const entry of answer.body.entry.slice(1)) {
    const stored = (await world.send('GET', `/fhir/Observation/${idOf(entry)}`)).body;
    assert.equal(stored.subject.reference, `Patient/${first.id}`);
  }
  const escaped = JSON.stringify(observation(`${base}/Patient/${first.id}`)).replaceAll('/', '\\/');
  const made = (await world.send('POST', '/fhir/Observation', escaped)).body;
  assert.equal(made.subject?.reference, `Patient/${first.id}`, 'JSON may write / as \\/');
});

test('If-None-Exist: a ? within a value is no address, another type than the created one is 400', async () => {
  const identifier = [{ system: 'http://example.org/sys?x=1', value: '7' }];
  const where = { 'if-none-exist': 'identifier=http://example.org/sys?x=1|7' };
  const made = await world.send('POST', '/fhir/Patient', patient({ identifier }), where);
  const again = await world.send('POST', '/fhir/Patient', patient({ identifier }), where);
  assert.deepEqual([made.status, again.status, again.body.id], [201, 200, made.body.id]);
  const other = { 'if-none-exist': 'Group?identifier=7' };
  assert.equal((await world.send('POST', '/fhir/Patient', patient(), other)).status, 400);
});

test('RFC 4122: urn:uuid is one in upper and lower case', async () => {
  const answer = await post(
    'transaction',
    create(patient(), { fullUrl: PATIENT.toUpperCase().replace('URN:UUID', 'urn:uuid') }),
    create(observation(PATIENT)),
    create(observation(PATIENT.toUpperCase())),
  );
  assert.equal(answer.status, 200, answer.text);
  for (const entry of answer.body.entry.slice(1)) {
    const stored = (await world.send('GET', `/fhir/Observation/${idOf(entry)}`)).body;
    assert.equal(stored.subject.reference, `Patient/${idOf(answer.body.entry[0])}`);
  }
  const twice = await post(
    'transaction',
    create(patient(), { fullUrl: PATIENT }),
    create(patient(), { fullUrl: PATIENT.toUpperCase() }),
  );
  assert.equal(twice.status, 400);
});

test('R4: deletes come first, also those by criteria: what they remove matches no other entry', async () => {
  const identifier = [{ system: 'urn:test', value: 'leaving' }];
  const where = 'identifier=urn:test|leaving';
  const old = (await world.send('POST', '/fhir/Patient', patient({ identifier }))).body;
  const answer = await post(
    'transaction',
    create(patient({ identifier }), { fullUrl: PATIENT }, { ifNoneExist: where }),
    { request: { method: 'DELETE', url: `Patient?${where}` } },
    create(observation(`Patient?${where}`)),
  );
  assert.equal(answer.body.entry?.[0].response.status, '201 Created', answer.text);
  const made = idOf(answer.body.entry[0]);
  assert.notEqual(made, old.id);
  const stored = (await world.send('GET', `/fhir/Observation/${idOf(answer.body.entry[2])}`)).body;
  assert.equal(stored.subject.reference, `Patient/${made}`);
});

test('R4: conditional references are resolved last, so they find what the Bundle itself writes', async () => {
  const identifier = [{ system: 'urn:test', value: 'written here' }];
  const visit = {
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    identifier: [{ system: 'urn:test', value: 'visit here' }],
    subject: { reference: 'Patient?identifier=urn:test|written here' },
  };
  const answer = await post(
    'transaction',
    create(
      observation('Patient?identifier=urn:test|written here', {
        encounter: { reference: 'Encounter?identifier=urn:test|visit here' },
      }),
    ),
    create(visit),
    create(patient({ identifier })),
  );
  assert.equal(answer.status, 200, answer.text);
  const [note, encounter, person] = answer.body.entry.map(idOf);
  const stored = (await world.send('GET', `/fhir/Observation/${note}`)).body;
  assert.deepEqual(
    [stored.subject.reference, stored.encounter.reference],
    [`Patient/${person}`, `Encounter/${encounter}`],
  );
  assert.equal((await world.send('GET', `/fhir/Observation?patient=${person}`)).body.total, 1);
  const twice = await post(
    'transaction',
    create(observation('Patient?identifier=urn:test|written here')),
    create(patient({ identifier })),
  );
  assert.deepEqual([twice.status, issueOf(twice).code], [412, 'multiple-matches']);
});

test('a Bundle with wrong types or misspelt names is refused by place; in a batch only the entry', async () => {
  const faulty: [Entry, string][] = [
    [create(patient(), {}, { ifNoneExists: 'identifier=x' }), 'Bundle.entry[0].request.ifNoneExists'],
    [create(patient(), {}, { ifNoneExist: 5 }), 'Bundle.entry[0].request.ifNoneExist'],
    [create(patient(), { fullUrl: 5 }), 'Bundle.entry[0].fullUrl'],
    [create(patient(), { fullURL: PATIENT }), 'Bundle.entry[0].fullURL'],
  ];
  for (const [entry, place] of faulty) {
    const whole = await post('transaction', entry);
    assert.deepEqual([whole.status, issueOf(whole).expression], [422, [place]]);
    const batch = await post('batch', entry, create(patient()));
    const [first, second] = batch.body.entry;
    assert.deepEqual(first.response.outcome?.issue[0].expression, [place]);
    assert.equal(second.response.status, '201 Created');
  }
  const extra = await world.send('POST', '/fhir', { ...bundle('batch', create(patient())), entries: [] });
  assert.deepEqual([extra.status, issueOf(extra).expression], [422, ['Bundle.entries']]);
});

test('If-None-Match: * makes what is not there and changes nothing that is', async () => {
  const put = (ifNoneMatch: string) => ({
    resource: patient({ id: 'absent-once', gender: 'male' }),
    request: { method: 'PUT', url: 'Patient/absent-once', ifNoneMatch },
  });
  assert.equal((await post('transaction', put('*'))).body.entry?.[0].response.status, '201 Created');
  assert.equal((await post('transaction', put('*'))).status, 412);
  assert.equal((await post('transaction', put('W/"1"'))).status, 400);
  const alone = await world.send('PUT', '/fhir/Patient/absent-once', patient({ id: 'absent-once' }), {
    'if-none-match': '*',
  });
  assert.deepEqual([alone.status, issueOf(alone).code], [412, 'conflict']);
  assert.match(issueOf(alone).diagnostics!, /there already/);
  const now = (await world.send('GET', '/fhir/Patient/absent-once')).body;
  assert.deepEqual([now.meta.versionId, now.gender], ['1', 'male']);
});

test('outside of a Bundle a urn:uuid names nothing; what cannot be written is 405 whatever it holds', async () => {
  const answer = await world.send('POST', '/fhir/Observation', observation(PATIENT));
  assert.deepEqual([answer.status, issueOf(answer).expression], [400, ['Observation.subject.reference']]);
  const document = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ fullUrl: VISIT, resource: observation(PATIENT) }],
  };
  assert.equal((await world.send('POST', '/fhir/Bundle', document)).status, 201);
  for (const resourceType of ['AuditEvent', 'Parameters', 'OperationOutcome']) {
    assert.equal((await world.send('POST', `/fhir/${resourceType}`, { resourceType })).status, 405);
  }
});
