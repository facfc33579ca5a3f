/** Bundles that cannot be carried out: refused by the place of what is wrong. R4 http.html#transaction. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issueOf } from '../testing.ts';
import {
  bundle,
  create,
  type Entry,
  observation,
  PATIENT,
  patient,
  VISIT,
  withBundles,
} from './bundles.testing.ts';

const bundles = withBundles();
const { post } = bundles;

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
  assert.equal((await bundles.world.send('GET', '/fhir/Patient/twice')).status, 404);
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
    const answer = await bundles.world.send('POST', '/fhir', body);
    assert.ok([400, 404, 422].includes(answer.status), `${answer.status} ${place}`);
    assert.equal(issueOf(answer).expression?.[0], place);
  }
});

test('request.url may be absolute below our own address, and nowhere else', async () => {
  const put = (base: string): Entry => ({
    resource: { ...patient(), id: 'absolute' },
    request: { method: 'PUT', url: `${base}/fhir/Patient/absolute` },
  });
  const { address } = bundles.world.program;
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
  const extra = await bundles.world.send('POST', '/fhir', {
    ...bundle('batch', create(patient())),
    entries: [],
  });
  assert.deepEqual([extra.status, issueOf(extra).expression], [422, ['Bundle.entries']]);
});

test('outside of a Bundle a urn:uuid names nothing; what cannot be written is 405 whatever it holds', async () => {
  const answer = await bundles.world.send('POST', '/fhir/Observation', observation(PATIENT));
  assert.deepEqual([answer.status, issueOf(answer).expression], [400, ['Observation.subject.reference']]);
  const document = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ fullUrl: VISIT, resource: observation(PATIENT) }],
  };
  assert.equal((await bundles.world.send('POST', '/fhir/Bundle', document)).status, 201);
  for (const resourceType of ['AuditEvent', 'Parameters', 'OperationOutcome']) {
    assert.equal((await bundles.world.send('POST', `/fhir/${resourceType}`, { resourceType })).status, 405);
  }
});

test('many reads are answered together, each in its place; of those that fail a transaction names the first', async () => {
  await post('transaction', {
    resource: patient({ id: 'doc-nhieu' }),
    request: { method: 'PUT', url: 'Patient/doc-nhieu' },
  });
  const names = Array.from({ length: 50 }, (_, at) => (at % 7 === 3 ? `khong-${at}` : 'doc-nhieu'));
  const reads = names.map((name) => ({ request: { method: 'GET', url: `Patient/${name}` } }));
  const batch = await post('batch', ...reads);
  assert.deepEqual(
    batch.body.entry.map((one: { resource?: { id: string } }) => one.resource?.id ?? 'none'),
    names.map((name) => (name === 'doc-nhieu' ? name : 'none')),
  );
  const whole = await post('transaction', ...reads);
  assert.equal(whole.status, 404);
  assert.match(issueOf(whole).expression![0]!, /^Bundle\.entry\[3\]/);
});
