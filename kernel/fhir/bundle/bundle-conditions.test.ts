/** R4 http.html#transaction: conditions of entries and conditional references, decided together inside one commit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { issueOf } from '../testing.ts';
import { create, idOf, observation, PATIENT, patient, withBundles } from './bundles.testing.ts';

const bundles = withBundles();
const { post } = bundles;

test('conditional create within a transaction: references go to the resource that was found', async () => {
  const identifier = [{ system: 'http://yba.vn/fhir/sid/cccd', value: '099185000022' }];
  const first = (await bundles.world.send('POST', '/fhir/Patient', patient({ identifier }))).body;
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
  const stored = (await bundles.world.send('GET', `/fhir/Observation/${idOf(answer.body.entry[1])}`)).body;
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
  const found = (await bundles.world.send('GET', '/fhir/Patient?identifier=urn:test|race')).body;
  assert.equal(found.total, 1);
  assert.equal(
    (await bundles.world.send('GET', `/fhir/Observation?patient=${found.entry[0].resource.id}`)).body.total,
    8,
  );
});

test('conditional references: one match is put in, none and many fail the transaction', async () => {
  const one = (
    await bundles.world.send(
      'POST',
      '/fhir/Patient',
      patient({ identifier: [{ system: 'urn:test', value: 'ref1' }] }),
    )
  ).body;
  for (let n = 0; n < 2; n += 1)
    await bundles.world.send(
      'POST',
      '/fhir/Patient',
      patient({ identifier: [{ system: 'urn:test', value: 'ref2' }] }),
    );
  const good = await post('transaction', create(observation('Patient?identifier=urn:test|ref1')));
  const stored = (await bundles.world.send('GET', `/fhir/Observation/${idOf(good.body.entry[0])}`)).body;
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
    (
      await bundles.world.send(
        'POST',
        '/fhir/Patient',
        patient({ identifier: [{ system: 'urn:test', value }] }),
      )
    ).body;
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
  assert.equal((await bundles.world.send('GET', `/fhir/Patient/${updated.id}`)).body.gender, 'female');
  assert.equal((await bundles.world.send('GET', `/fhir/Patient/${patched.id}`)).body.gender, 'male');
  assert.equal((await bundles.world.send('GET', `/fhir/Patient/${deleted.id}`)).status, 410);
  const stored = (await bundles.world.send('GET', `/fhir/Observation/${idOf(answer.body.entry[3])}`)).body;
  assert.equal(stored.subject.reference, `Patient/${updated.id}`);
});

test('two creates under one condition in one transaction are refused: they would be one resource twice', async () => {
  const identifier = [{ system: 'urn:test', value: 'twice' }];
  const twice = () => create(patient({ identifier }), {}, { ifNoneExist: 'identifier=urn:test|twice' });
  const other = create(patient({ identifier }), {}, { ifNoneExist: '?identifier=urn%3Atest%7Ctwice' });
  for (const second of [twice(), other]) {
    const answer = await post('transaction', twice(), second);
    assert.deepEqual([answer.status, issueOf(answer).expression], [400, ['Bundle.entry[1]']]);
  }
  assert.equal((await bundles.world.send('GET', '/fhir/Patient?identifier=urn:test|twice')).body.total, 0);
});

test('our own address in If-None-Exist, conditional addresses and conditional references is the relative one', async () => {
  const base = `${bundles.world.program.address}/fhir`;
  const unit = (
    await bundles.world.send('PUT', '/fhir/Organization/own-base', {
      resourceType: 'Organization',
      id: 'own-base',
      name: 'x',
    })
  ).body;
  const where = `organization=${base}/Organization/${unit.id}`;
  const of = { managingOrganization: { reference: 'Organization/own-base' } };
  const first = (await bundles.world.send('POST', '/fhir/Patient', patient(of))).body;
  const again = await bundles.world.send('POST', '/fhir/Patient', patient(of), { 'if-none-exist': where });
  assert.deepEqual([again.status, again.body.id], [200, first.id]);
  const put = await bundles.world.send('PUT', `/fhir/Patient?${where}`, patient({ ...of, gender: 'male' }));
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
    const stored = (await bundles.world.send('GET', `/fhir/Observation/${idOf(entry)}`)).body;
    assert.equal(stored.subject.reference, `Patient/${first.id}`);
  }
  const escaped = JSON.stringify(observation(`${base}/Patient/${first.id}`)).replaceAll('/', '\\/');
  const made = (await bundles.world.send('POST', '/fhir/Observation', escaped)).body;
  assert.equal(made.subject?.reference, `Patient/${first.id}`, 'JSON may write / as \\/');
});

test('If-None-Exist: a ? within a value is no address, another type than the created one is 400', async () => {
  const identifier = [{ system: 'http://example.org/sys?x=1', value: '7' }];
  const where = { 'if-none-exist': 'identifier=http://example.org/sys?x=1|7' };
  const made = await bundles.world.send('POST', '/fhir/Patient', patient({ identifier }), where);
  const again = await bundles.world.send('POST', '/fhir/Patient', patient({ identifier }), where);
  assert.deepEqual([made.status, again.status, again.body.id], [201, 200, made.body.id]);
  for (const nothing of ['Group?identifier=7', '_count=1', '_sort=birthdate&_summary=true', '']) {
    const answer = await bundles.world.send('POST', '/fhir/Patient', patient(), { 'if-none-exist': nothing });
    assert.equal(answer.status, 400, nothing);
  }
});

test('R4: deletes come first, also those by criteria: what they remove matches no other entry', async () => {
  const identifier = [{ system: 'urn:test', value: 'leaving' }];
  const where = 'identifier=urn:test|leaving';
  const old = (await bundles.world.send('POST', '/fhir/Patient', patient({ identifier }))).body;
  const answer = await post(
    'transaction',
    create(patient({ identifier }), { fullUrl: PATIENT }, { ifNoneExist: where }),
    { request: { method: 'DELETE', url: `Patient?${where}` } },
    create(observation(`Patient?${where}`)),
  );
  assert.equal(answer.body.entry?.[0].response.status, '201 Created', answer.text);
  const made = idOf(answer.body.entry[0]);
  assert.notEqual(made, old.id);
  const stored = (await bundles.world.send('GET', `/fhir/Observation/${idOf(answer.body.entry[2])}`)).body;
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
  const stored = (await bundles.world.send('GET', `/fhir/Observation/${note}`)).body;
  assert.deepEqual(
    [stored.subject.reference, stored.encounter.reference],
    [`Patient/${person}`, `Encounter/${encounter}`],
  );
  assert.equal((await bundles.world.send('GET', `/fhir/Observation?patient=${person}`)).body.total, 1);
  const twice = await post(
    'transaction',
    create(observation('Patient?identifier=urn:test|written here')),
    create(patient({ identifier })),
  );
  assert.deepEqual([twice.status, issueOf(twice).code], [412, 'multiple-matches']);
});

test('If-None-Match: * makes what is not there and changes nothing that is', async () => {
  const put = (ifNoneMatch: string) => ({
    resource: patient({ id: 'absent-once', gender: 'male' }),
    request: { method: 'PUT', url: 'Patient/absent-once', ifNoneMatch },
  });
  assert.equal((await post('transaction', put('*'))).body.entry?.[0].response.status, '201 Created');
  assert.equal((await post('transaction', put('*'))).status, 412);
  assert.equal((await post('transaction', put('W/"1"'))).status, 400);
  const alone = await bundles.world.send('PUT', '/fhir/Patient/absent-once', patient({ id: 'absent-once' }), {
    'if-none-match': '*',
  });
  assert.deepEqual([alone.status, issueOf(alone).code], [412, 'conflict']);
  assert.match(issueOf(alone).diagnostics!, /there already/);
  const now = (await bundles.world.send('GET', '/fhir/Patient/absent-once')).body;
  assert.deepEqual([now.meta.versionId, now.gender], ['1', 'male']);
});
