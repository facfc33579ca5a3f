/** R4 http.html#transaction over the wire: batches and transactions, all or nothing, references, order and answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issueOf } from '../testing.ts';
import {
  bundle,
  create,
  idOf,
  observation,
  PATIENT,
  patient,
  VISIT,
  withBundles,
} from './bundles.testing.ts';

const bundles = withBundles();
const { post } = bundles;

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
  const stored = (await bundles.world.send('GET', `/fhir/Observation/${noteId}`)).body;
  assert.equal(stored.subject.reference, `Patient/${patientId}`);
  assert.equal(stored.encounter.reference, `Encounter/${visitId}`);
  assert.match(stored.text.div, new RegExp(`href="Encounter/${visitId}"`));
  assert.equal(stored.extension[0].valueUri, `Encounter/${visitId}`);
  assert.equal(stored.identifier[0].value, VISIT, 'an identifier is a string and no reference');
  assert.equal((await bundles.world.send('GET', `/fhir/Observation?patient=${patientId}`)).body.total, 1);
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
      (await bundles.world.send('GET', `/fhir/Observation/${id}`)).body.subject.reference,
      `Patient/${patientId}`,
    );
  }
});

test('all or nothing: one invalid entry, named by its place, and nothing is written', async () => {
  const before = (await bundles.world.send('GET', '/fhir/Patient?_summary=count')).body.total;
  const answer = await post(
    'transaction',
    create(patient()),
    create({ resourceType: 'Patient', birthDate: '31/12/1999' } as never),
  );
  assert.equal(answer.status, 422);
  assert.equal(issueOf(answer).expression![0], 'Bundle.entry[1].resource.birthDate');
  assert.equal((await bundles.world.send('GET', '/fhir/Patient?_summary=count')).body.total, before);
});

test('all or nothing: a version conflict names its entry', async () => {
  const made = (await bundles.world.send('POST', '/fhir/Patient', patient())).body;
  const put = { resource: made, request: { method: 'PUT', url: `Patient/${made.id}`, ifMatch: 'W/"7"' } };
  const answer = await post('transaction', create(patient({ name: [{ text: 'không được ghi' }] })), put);
  assert.equal(answer.status, 412);
  assert.match(issueOf(answer).expression![0]!, /^Bundle\.entry\[1\]/);
  assert.equal((await bundles.world.send('GET', '/fhir/Patient?name=không được ghi')).body.entry, undefined);
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
  const old = (await bundles.world.send('POST', '/fhir/Patient', patient({ identifier }))).body;
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

test('an empty transaction is answered with an empty Bundle', async () => {
  const answer = await bundles.world.send('POST', '/fhir/', { resourceType: 'Bundle', type: 'transaction' });
  assert.deepEqual(
    [answer.status, answer.body.type, answer.body.entry],
    [200, 'transaction-response', undefined],
  );
});

test('Prefer: return=OperationOutcome says of every entry that it is done, deletions too', async () => {
  const made = (await bundles.world.send('POST', '/fhir/Patient', patient())).body;
  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [create(patient()), { request: { method: 'DELETE', url: `Patient/${made.id}` } }],
  };
  const answer = await bundles.world.send('POST', '/fhir', bundle, { prefer: 'return=OperationOutcome' });
  for (const { response, resource } of answer.body.entry) {
    assert.equal(response.outcome.issue[0].severity, 'information');
    assert.equal(resource, undefined);
  }
});

test('Prefer: return=representation puts the resources into the answer', async () => {
  const answer = await bundles.world.send('POST', '/fhir', bundle('transaction', create(patient())), {
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
  const found = await bundles.world.send(
    'GET',
    '/fhir/Patient?identifier=urn:test|with%20a%20failing%20read',
  );
  assert.equal(found.body.total, 0);
  const own = await post(
    'transaction',
    { request: { method: 'GET', url: 'Patient/read-own' } },
    { resource: { ...patient(), id: 'read-own' }, request: { method: 'PUT', url: 'Patient/read-own' } },
  );
  assert.equal(own.body.entry?.[0].resource.id, 'read-own', own.text);
});

const auditOf = async (text: string) =>
  (
    await bundles.world.program.kernel.pool.query<{ action: string; what: string }>(
      'select action, what from audit where strpos(what, $1) > 0',
      [text],
    )
  ).rows
    .map(({ action }) => action)
    .sort();

test('a read or search of a batch or transaction is answered once and leaves one line in the audit', async () => {
  const { id } = (await bundles.world.send('POST', '/fhir/Patient', patient())).body;
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

test('RFC 4122: urn:uuid is one in upper and lower case', async () => {
  const answer = await post(
    'transaction',
    create(patient(), { fullUrl: PATIENT.toUpperCase().replace('URN:UUID', 'urn:uuid') }),
    create(observation(PATIENT)),
    create(observation(PATIENT.toUpperCase())),
  );
  assert.equal(answer.status, 200, answer.text);
  for (const entry of answer.body.entry.slice(1)) {
    const stored = (await bundles.world.send('GET', `/fhir/Observation/${idOf(entry)}`)).body;
    assert.equal(stored.subject.reference, `Patient/${idOf(answer.body.entry[0])}`);
  }
  const twice = await post(
    'transaction',
    create(patient(), { fullUrl: PATIENT }),
    create(patient(), { fullUrl: PATIENT.toUpperCase() }),
  );
  assert.equal(twice.status, 400);
});
