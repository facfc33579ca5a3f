/** Restricting, granting and withdrawing over HTTP: at once, by the person alone. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { citizenCookie } from '../../kernel/access/citizen.testing.ts';
import { type AccessWorld, openAccessWorld } from '../../kernel/access/testing.ts';

let world: AccessWorld;
before(async () => {
  world = await openAccessWorld();
});
after(() => world.stop());

const JSON_BODY = { 'content-type': 'application/json' };
async function citizen(patient?: string) {
  const id = patient ?? (await world.arrive('cs-1')).patient;
  const cookie = await citizenCookie(world.program, id);
  const call = (method: string, path: string, body?: unknown) =>
    world.bare(method, path, body, body === undefined ? { cookie } : { cookie, ...JSON_BODY });
  return {
    patient: id,
    cookie,
    call,
    decide: (choice: object) => call('POST', '/api/citizen/consents', choice),
  };
}

test('a choice is said in words, made, listed with its proof, and withdrawn in one step', async () => {
  const person = await citizen();
  const choice = { effect: 'deny', category: 'HIV', reader: 'Organization/cs-2', until: '2027-12-31' };
  const preview = (await person.call('POST', '/api/citizen/consents/preview', choice)).body;
  assert.equal(preview.vi, 'Trạm cs-2 không xem được thông tin về HIV/AIDS, đến hết 31/12/2027.');
  assert.equal(preview.en, 'Trạm cs-2 may not see what is about HIV/AIDS, until 31/12/2027.');
  const made = await person.decide(choice);
  assert.equal(made.status, 200, made.text);
  const stored = (await world.send('GET', `/fhir/Consent/${made.body.id}`)).body;
  assert.equal(stored.verification[0].verifiedWith.reference, `Patient/${person.patient}`);
  const rules = async () =>
    (await world.program.house.kernel.store.consentRules.of([person.patient], new Date())).size;
  assert.equal(await rules(), 1);
  const withdrawn = await person.call('POST', `/api/citizen/consents/${made.body.id}/withdraw`, {});
  assert.deepEqual([withdrawn.body.active, await rules()], [false, 0]);
  const { rows, changes, limits } = (await person.call('GET', '/api/citizen/consents')).body;
  assert.deepEqual([rows.length, rows[0].active], [1, false]);
  assert.deepEqual(
    changes.map(({ action }: { action: string }) => action),
    ['update', 'create'],
  );
  assert.ok(
    limits.length >= 4 &&
      limits.every(
        ({ vi, ground }: { vi: string; ground: { vi: string } }) => vi.length > 20 && ground.vi.length > 5,
      ),
  );
});

test('a denied code is found in components, categories and coded values, and nowhere else', async () => {
  const { patient } = await world.arrive('cs-1');
  const doctor = await world.staff('doctor', 'cs-1');
  const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
  const value = { valueQuantity: { value: 1 } };
  const found = {
    main: await world.observe(patient, { code: loinc('8480-6'), ...value }),
    component: await world.observe(patient, { component: [{ code: loinc('8480-6'), ...value }] }),
    category: await world.observe(patient, { category: [loinc('8480-6')], ...value }),
    coded: await world.observe(patient, { valueCodeableConcept: loinc('8480-6') }),
    other: await world.observe(patient, { component: [{ code: loinc('8462-4'), ...value }] }),
  };
  const deny = {
    resourceType: 'Consent',
    status: 'active',
    scope: { coding: [{ code: 'patient-privacy' }] },
    category: [loinc('59284-0')],
    patient: { reference: `Patient/${patient}` },
    policy: [{ uri: 'http://yba.vn/chinh-sach/luat-91-2025' }],
    provision: {
      type: 'deny',
      actor: [{ role: { coding: [{ code: 'PRCP' }] }, reference: { reference: 'Organization/cs-1' } }],
      code: [loinc('8480-6')],
    },
  };
  const seen = async () => {
    const { body } = await doctor.call('GET', `/fhir/Observation?patient=${patient}`);
    return ((body.entry ?? []) as { resource: { id: string } }[]).map(({ resource }) => resource.id).sort();
  };
  assert.deepEqual(await seen(), Object.values(found).sort());
  assert.equal((await world.send('POST', '/fhir/Consent', deny)).status, 201);
  assert.deepEqual(await seen(), [found.other]);
  for (const [place, id] of Object.entries(found)) {
    const { status } = await doctor.call('GET', `/fhir/Observation/${id}`);
    assert.equal(status, place === 'other' ? 200 : 404, place);
  }
});

test('what cannot be chosen is refused at its field', async () => {
  const person = await citizen();
  const at = async (choice: object) => {
    const { status, body } = await person.decide(choice);
    return [
      status,
      body.error?.issues?.[0]?.expression ?? body.error?.expression ?? body.issue?.[0]?.expression?.[0],
    ];
  };
  assert.equal((await at({ effect: 'maybe' }))[0], 400);
  assert.equal((await at({ effect: 'permit', category: 'HIV' }))[0], 400);
  assert.equal((await at({ effect: 'deny', category: 'MONEY' }))[0], 400);
  assert.equal((await at({ effect: 'deny', until: '2020-01-01' }))[0], 400);
  assert.equal((await at({ effect: 'deny', reader: 'Patient/x' }))[0], 400);
});

test('readers are found by name', async () => {
  const person = await citizen();
  const { rows } = (await person.call('GET', '/api/citizen/readers?q=Tr%E1%BA%A1m')).body;
  assert.ok(rows.some(({ code }: { code: string }) => code === 'Organization/cs-2'));
});

const HELD = { performer: [{ reference: 'Organization/cs-9' }] };
const consentOf = (patient: string, provision: object, more: object = {}) => ({
  resourceType: 'Consent',
  status: 'active',
  scope: { coding: [{ code: 'patient-privacy' }] },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: { reference: `Patient/${patient}` },
  policy: [{ uri: 'http://yba.vn/chinh-sach/luat-91-2025' }],
  provision,
  ...more,
});
const PERMIT_CS2 = {
  type: 'permit',
  actor: [{ role: { coding: [{ code: 'PRCP' }] }, reference: { reference: 'Organization/cs-2' } }],
};

test('a restriction closes the record to the unit with its answer, and the withdrawal opens it again', async () => {
  const doctor = await world.staff('doctor', 'cs-1');
  const person = await citizen();
  const observation = await world.observe(person.patient, HELD);
  const look = async () => (await doctor.call('GET', `/fhir/Observation/${observation}`)).status;
  const list = async () =>
    ((await doctor.call('GET', `/fhir/Observation?patient=${person.patient}`)).body.entry ?? []).length;
  assert.deepEqual([await look(), await list()], [200, 1]);
  const { body } = await person.decide({ effect: 'deny', reader: 'Organization/cs-1' });
  assert.notEqual(await look(), 200);
  assert.equal(await list(), 0);
  assert.equal(
    (await person.call('GET', `/fhir/Observation/${observation}`)).status,
    200,
    'the person sees it',
  );
  await person.call('POST', `/api/citizen/consents/${body.id}/withdraw`, {});
  assert.deepEqual([await look(), await list()], [200, 1]);
});

test('looks beside the write of a restriction: none that begins after its answer sees anything', async () => {
  const doctor = await world.staff('doctor', 'cs-1');
  const person = await citizen();
  const observation = await world.observe(person.patient, HELD);
  let answered = false;
  let late = 0;
  let looks = 0;
  const looking = Array.from({ length: 4 }, async () => {
    for (let turn = 0; turn < 30; turn++) {
      const begunAfter = answered;
      const { status } = await doctor.call('GET', `/fhir/Observation/${observation}`);
      looks += 1;
      if (begunAfter && status === 200) late += 1;
    }
  });
  assert.equal((await person.decide({ effect: 'deny' })).status, 200);
  answered = true;
  await Promise.all(looking);
  assert.deepEqual([late, looks], [0, 120]);
});

test('an emergency passes over a restriction, and the person sees it', async () => {
  const doctor = await world.staff('doctor', 'cs-1');
  const person = await citizen();
  const observation = await world.observe(person.patient, HELD);
  await person.decide({ effect: 'deny' });
  assert.notEqual((await doctor.call('GET', `/fhir/Observation/${observation}`)).status, 200);
  const reason = 'Cấp cứu, bệnh nhân hôn mê';
  await doctor.call(
    'POST',
    '/api/access/break-glass',
    { patient: person.patient, reason, code: 'unconscious' },
    JSON_BODY,
  );
  assert.equal((await doctor.call('GET', `/fhir/Observation/${observation}`)).status, 200);
  const { rows } = (await person.call('GET', '/api/citizen/looks')).body;
  assert.ok(rows.some(({ emergency }: { emergency: boolean }) => emergency));
});

test('a grant opens a category to who is named, at a unit that does not treat the person', async () => {
  const stranger = await world.staff('doctor', 'cs-2');
  const person = await citizen();
  const observation = await world.observe(person.patient, HELD);
  const look = async () => (await stranger.call('GET', `/fhir/Observation/${observation}`)).status;
  assert.notEqual(await look(), 200);
  const { body } = await person.decide({ effect: 'permit', reader: 'Organization/cs-2' });
  assert.equal(await look(), 200);
  await person.call('POST', `/api/citizen/consents/${body.id}/withdraw`, {});
  assert.notEqual(await look(), 200);
});

test('nobody decides for somebody else: a forged Consent, by another citizen or over FHIR, is refused', async () => {
  const person = await citizen();
  const other = await citizen();
  const forged = await world.bare('POST', '/fhir/Consent', consentOf(person.patient, PERMIT_CS2), {
    cookie: other.cookie,
  });
  assert.equal(forged.status, 403);
  assert.equal(
    (await other.decide({ effect: 'permit', reader: 'Organization/cs-2', patient: person.patient })).status,
    403,
  );
  const { body } = await person.decide({ effect: 'deny' });
  assert.ok(
    [403, 404].includes((await other.call('POST', `/api/citizen/consents/${body.id}/withdraw`, {})).status),
  );
  const own = await world.bare('POST', '/fhir/Consent', consentOf(person.patient, PERMIT_CS2), {
    cookie: person.cookie,
  });
  assert.equal(own.status, 201);
});

test('staff write a permission for the person only with the signed paper and the person, never to end a restriction without', async () => {
  const nurse = await world.staff('nurse', 'cs-1');
  const person = await citizen();
  const at = { organization: [{ reference: 'Organization/cs-1' }] };
  const write = (more: object) =>
    nurse.call('POST', '/fhir/Consent', consentOf(person.patient, PERMIT_CS2, { ...at, ...more }));
  const bare = await write({});
  assert.equal(bare.status, 422, bare.text);
  const proof = {
    sourceAttachment: { title: 'Giấy đồng ý có chữ ký' },
    verification: [
      {
        verified: true,
        verifiedWith: { reference: `Patient/${person.patient}` },
        verificationDate: new Date().toISOString(),
      },
    ],
  };
  assert.equal((await write(proof)).status, 201);
  const { body } = await person.decide({ effect: 'deny', category: 'HIV' });
  const stored = (await world.send('GET', `/fhir/Consent/${body.id}`)).body;
  const ended = await nurse.call('PUT', `/fhir/Consent/${body.id}`, { ...stored, status: 'inactive' });
  assert.ok([403, 422].includes(ended.status), ended.text);
  const deny = await nurse.call('POST', '/fhir/Consent', consentOf(person.patient, { type: 'deny' }, at));
  assert.equal(deny.status, 201, 'a restriction is written down without more');
});

test('who looked as AuditEvents, of the own person alone', async () => {
  const doctor = await world.staff('doctor', 'cs-1');
  const person = await citizen();
  const other = await citizen();
  const find = (query: string) => person.call('GET', `/fhir/AuditEvent${query}`);
  await doctor.call('GET', `/fhir/Encounter?patient=${person.patient}`);
  await doctor.call('GET', `/fhir/Encounter?patient=${other.patient}`);
  for (const query of [`?patient=${person.patient}`, '']) {
    const found = await find(query);
    assert.ok(found.status === 200 && found.body.entry?.length > 0, found.text.slice(0, 500));
    assert.ok(!found.text.includes(other.patient));
  }
  assert.equal((await find(`?patient=${other.patient}`)).status, 403);
  assert.equal((await find(`?patient=${person.patient},${other.patient}`)).status, 403);
  assert.notEqual((await find('?patient.name=x')).status, 200);
  const [line] = (await world.send('GET', `/fhir/AuditEvent?patient=${other.patient}`)).body.entry;
  assert.equal((await find(`/${line.resource.id}`)).status, 404);
});

test('a Consent that cannot be carried out to the letter is kept, carried out safely, and told to everybody concerned', async () => {
  const doctor = await world.staff('doctor', 'cs-1');
  const person = await citizen();
  const observation = await world.observe(person.patient, HELD);
  const look = async () => (await doctor.call('GET', `/fhir/Observation/${observation}`)).status;
  assert.equal(await look(), 200);
  const provision = { type: 'deny', securityLabel: [{ code: 'SPI' }] };
  const sent = consentOf(person.patient, provision);
  const made = await world.bare('POST', '/fhir/Consent', sent, { cookie: person.cookie });
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(made.body.provision, provision);
  assert.match(String(made.headers.get('warning')), /^299 yba "Consent\.provision\.securityLabel\[0\]: /);
  assert.equal(await look(), 404, 'the wider denial');
  const preferred = await world.bare(
    'PUT',
    `/fhir/Consent/${made.body.id}`,
    { ...made.body, language: 'vi' },
    {
      cookie: person.cookie,
      prefer: 'return=OperationOutcome',
    },
  );
  const told = (issue: { severity: string; expression?: string[] }[]) =>
    issue.filter(({ severity }) => severity === 'warning').map(({ expression }) => expression?.[0]);
  const place = 'Consent.provision.securityLabel[0]';
  assert.deepEqual(told(preferred.body.issue), [place]);
  const entry = [{ resource: sent, request: { method: 'POST', url: 'Consent' } }];
  const bundle = { resourceType: 'Bundle', type: 'batch', entry };
  const answer = await world.bare('POST', '/fhir', bundle, { cookie: person.cookie });
  assert.deepEqual(told(answer.body.entry[0].response.outcome.issue), [place]);
  const checked = await world.bare('POST', '/fhir/Consent/$validate', sent, { cookie: person.cookie });
  assert.deepEqual(told(checked.body.issue), [place]);
  const officer = await world.staff('privacy-officer', null);
  const { rows } = (await officer.call('GET', `/api/privacy/consents?patient=${person.patient}`)).body;
  assert.deepEqual(
    rows.map(({ parts }: { parts: { place: string }[] }) => parts.map((part) => part.place)),
    [[place], [place]],
  );
  assert.equal((await doctor.call('GET', '/api/privacy/consents')).status, 403);
  const own = (await person.call('GET', '/api/citizen/consents')).body.rows;
  assert.match(own[0].notes[0].vi, /rộng hơn/);
});
