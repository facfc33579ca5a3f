/** Whatever somebody does leaves its line: over HTTP, found again as an AuditEvent by the one who may read it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AuditEvent } from '../../fhir/types.ts';
import { parseCheckpoint } from '../../store/audit/note.ts';
import type { OpenStore } from '../../store/index.ts';
import { sealAll } from '../../store/samples.testing.ts';
import { type AccessWorld, openAccessWorld, type Person } from '../testing.ts';

let world: AccessWorld;
let admin: Person;
let officer: Person;
let doctor: Person;
let patient: string;
before(async () => {
  world = await openAccessWorld();
  admin = await world.staff('administrator', null);
  officer = await world.staff('privacy-officer', null);
  doctor = await world.staff('doctor', 'cs-1');
  ({ patient } = await world.arrive('cs-2'));
});
after(() => world.stop());

const JSON_BODY = { 'content-type': 'application/json' };
const FHIR_BODY = { 'content-type': 'application/fhir+json' };

/** Events that a search of the data protection officer finds. */
async function events(query: string): Promise<AuditEvent[]> {
  const { status, body } = await officer.call('GET', `/fhir/AuditEvent?${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return (body.entry ?? []).map(({ resource }: { resource: AuditEvent }) => resource);
}

test('sign-in, also one that fails and one of nobody, and sign-out', async () => {
  await world.signIn('doctor.cs-1', 'sai mật khẩu rồi');
  await world.signIn('khong-co-ai', 'x');
  const other = await world.staff('nurse', 'cs-1');
  await other.call('POST', '/api/access/sign-out', {}, JSON_BODY);
  assert.equal((await events('subtype=110122&outcome=8&altid=doctor.cs-1')).length, 1);
  assert.equal((await events('subtype=110122&outcome=8&altid=khong-co-ai')).length, 1);
  assert.equal((await events('subtype=110122&outcome=0&altid=nurse.cs-1')).length >= 1, true);
  assert.equal((await events('subtype=110123&altid=nurse.cs-1')).length, 1);
});

test('a refusal, an emergency opening with its reason, and the look that it opened', async () => {
  const encounter = `/fhir/Encounter?patient=${patient}`;
  const observation = await world.observe(patient, {});
  assert.equal((await doctor.call('GET', `/fhir/Observation/${observation}`)).status, 403);
  const reason = 'Người bệnh hôn mê tại trạm, không có người nhà đi cùng';
  const opened = await doctor.call(
    'POST',
    '/api/access/break-glass',
    { patient, kind: 'life', reason },
    JSON_BODY,
  );
  assert.equal(opened.status, 200, JSON.stringify(opened.body));
  assert.equal((await doctor.call('GET', encounter)).status, 200);
  assert.equal((await events(`patient=${patient}&outcome=4&altid=doctor.cs-1`)).length, 1);
  const [emergency] = await events(`patient=${patient}&subtype=110127`);
  assert.equal(emergency?.purposeOfEvent?.[0]?.coding?.[0]?.code, 'BTG');
  assert.equal(emergency?.purposeOfEvent?.[0]?.text?.includes(reason), true);
  assert.equal((await events(`patient=${patient}&subtype=search-type&altid=doctor.cs-1`)).length, 1);
});

test('writes of every kind, a Consent among them', async () => {
  const consent = await world.send('POST', '/fhir/Consent', {
    resourceType: 'Consent',
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'INFAO' }] }],
    patient: { reference: `Patient/${patient}` },
    dateTime: '2026-11-22',
    policyRule: { text: 'x' },
    provision: { type: 'permit' },
  });
  assert.equal(consent.status, 201, JSON.stringify(consent.body));
  const flag = await world.send('POST', '/fhir/Flag', {
    resourceType: 'Flag',
    status: 'active',
    code: { text: 'dị ứng' },
    subject: { reference: `Patient/${patient}` },
  });
  const { id } = flag.body;
  await world.send('PUT', `/fhir/Flag/${id}`, { ...flag.body, status: 'inactive' });
  await world.send('DELETE', `/fhir/Flag/${id}`);
  assert.equal((await events(`patient=${patient}&entity=Consent/${consent.body.id}&action=C`)).length, 1);
  for (const letter of ['C', 'U', 'D'])
    assert.equal((await events(`patient=${patient}&entity=Flag/${id}&action=${letter}`)).length, 1, letter);
});

test('accounts that are opened and closed', async () => {
  const made = await admin.call(
    'POST',
    '/api/access/accounts',
    { id: 'moi.ve', name: 'Người mới', roles: ['nurse'], unit: 'cs-1' },
    JSON_BODY,
  );
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const [event] = await events('type=110113&entity-name=account/moi.ve');
  assert.deepEqual(
    [event?.subtype?.[0]?.code, event?.agent.some(({ altId }) => altId === 'administrator.tinh')],
    ['110137', true],
  );
});

test('an export, its request by name; bodies that are refused', async () => {
  const asked = await world.send('GET', '/fhir/$export?_type=Flag', undefined, { prefer: 'respond-async' });
  assert.equal(asked.status, 202, JSON.stringify(asked.body));
  const refused = await doctor.call(
    'POST',
    '/fhir/Organization',
    { resourceType: 'Organization', name: 'x' },
    FHIR_BODY,
  );
  assert.equal(refused.status, 403);
  for (let tries = 0; tries < 100 && (await events('type=110106')).length === 0; tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await events('type=110106')).length >= 1, true);
  assert.equal((await events('outcome=4&altid=doctor.cs-1&action=C')).length, 1);
});

test('the request id goes from the client into answer and event', async () => {
  const answer = await doctor.call('GET', `/fhir/Encounter?patient=${patient}`, undefined, {
    'x-request-id': 'bv-77.a_b',
  });
  assert.equal(answer.headers.get('x-request-id'), 'bv-77.a_b');
  const [event] = await events(`patient=${patient}&altid=doctor.cs-1&_count=1`);
  const request = event?.entity?.find(({ type }) => type?.code === 'XrequestId');
  assert.equal(request?.what?.identifier?.value, 'bv-77.a_b');
  const strange = await doctor.call('GET', '/fhir/metadata', undefined, { 'x-request-id': 'a b' });
  assert.match(strange.headers.get('x-request-id')!, /^[0-9a-f]{16}$/);
});

test('reading the audit leaves lines, too; only its readers read it, and heads are for everybody', async () => {
  await officer.call('GET', `/fhir/AuditEvent?patient=${patient}`);
  assert.equal((await events('entity-name=AuditEvent?patient&altid=privacy-officer.tinh')).length >= 1, true);
  await world.program.kernel.store.audit([]);
  await sealAll(world.program.house.kernel.store as OpenStore);
  const face = await world.bare('GET', '/.well-known/yba-audit');
  assert.equal(face.body.keys.length, 1);
  const head = await fetch(`${world.program.address}/.well-known/yba-audit/checkpoint`);
  assert.equal(parseCheckpoint(await head.text())?.head.origin, face.body.origin);
  assert.equal(
    (await world.bare('GET', `/.well-known/yba-audit/consistency?from=1&to=${face.body.size}`)).status,
    200,
  );
  assert.equal((await world.bare('GET', '/.well-known/yba-audit/consistency?from=0&to=x')).status, 400);
  assert.equal((await world.bare('GET', '/.well-known/yba-audit/witnessed')).status, 404);

  const { rows } = await world.program.kernel.pool.query(
    `select era || '-' || xid || '-' || n as id from audit order by xid limit 1`,
  );
  const proof = await officer.call('GET', `/api/access/audit/proof/inclusion?id=${rows[0].id}`);
  assert.deepEqual([proof.status, proof.body.index], [200, 0]);
  for (const path of ['proof/inclusion?id=1-1-1', 'checkpoint', 'proof/consistency?from=1&to=1']) {
    assert.equal((await world.bare('GET', `/api/access/audit/${path}`)).status, 401, path);
    assert.equal((await doctor.call('GET', `/api/access/audit/${path}`)).status, 403, path);
  }
  assert.equal((await officer.call('GET', '/api/access/audit/proof/inclusion')).status, 400);
  assert.equal((await officer.call('GET', '/api/access/audit/proof/inclusion?id=9-9-9')).status, 404);
  assert.equal((await officer.call('GET', '/api/access/audit/checkpoint?size=1000000')).status, 404);
});

test('IHE ITI-81: by the identifier of the person, of who acted, and by the role of the agent', async () => {
  const identifier = { system: 'http://yba.vn/sid/thu', value: 'BN-81' };
  const made = await world.send('POST', '/fhir/Patient', {
    resourceType: 'Patient',
    identifier: [identifier],
    name: [{ text: 'Người Có Mã' }],
  });
  const { id } = made.body;
  const query = encodeURIComponent(`${identifier.system}|${identifier.value}`);
  for (const name of ['patient.identifier', 'patient:Patient.identifier']) {
    const found = await events(`${name}=${query}`);
    assert.ok(found.length >= 1, name);
    for (const event of found) assert.ok(JSON.stringify(event.entity).includes(`Patient/${id}`), name);
  }
  assert.deepEqual(await events('patient.identifier=http://yba.vn/sid/thu|khong-co'), []);
  const machines = await events(`patient=${id}&agent-role=dataprocessor`);
  assert.ok(machines.length >= 1);
  const written = (all: AuditEvent[]) => all.filter(({ action }) => action === 'C').length;
  const people = await events(`patient=${id}&agent-role=humanuser`);
  assert.deepEqual([written(machines), written(people)], [1, 0], 'a system wrote the person');
  const refused = await doctor.call('GET', `/fhir/AuditEvent?patient.identifier=${query}`);
  assert.equal(refused.status, 403);
});
