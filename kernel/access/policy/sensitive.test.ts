/**
 * Sensitive data over HTTP: what another unit has written of a hidden category is as if it were not there, by every way in;
 * the own unit, a purpose, broken glass and content decide who sees it.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type AccessWorld, openAccessWorld, type Person } from '../testing.ts';

let world: AccessWorld;
let patient: string;
let doctor: Person;
let other: Person;

const ICD = 'http://hl7.org/fhir/sid/icd-10';

before(async () => {
  world = await openAccessWorld();
  doctor = await world.staff('doctor', 'cs-1');
  other = await world.staff('doctor', 'cs-2');
  ({ patient } = await world.arrive('cs-1'));
  await world.send('POST', '/fhir/Encounter', visitAt('cs-2'));
});
after(() => world.stop());

const visitAt = (unit: string) => ({
  resourceType: 'Encounter',
  status: 'in-progress',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  subject: { reference: `Patient/${patient}` },
  serviceProvider: { reference: `Organization/${unit}` },
  period: { start: '2026-11-22T07:00:00+07:00' },
});

const condition = (code: string, more: object = {}) => ({
  resourceType: 'Condition',
  subject: { reference: `Patient/${patient}` },
  category: [{ coding: [{ code: 'encounter-diagnosis' }] }],
  code: { coding: [{ system: ICD, code }] },
  identifier: [{ system: 'http://test/id', value: code }],
  ...more,
});

async function write(resource: object): Promise<string> {
  const { status, body } = await world.send(
    'POST',
    `/fhir/${(resource as { resourceType: string }).resourceType}`,
    resource,
  );
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}

const idsOf = (body: { entry?: { resource: { id: string } }[] }) =>
  (body.entry ?? []).map((one) => one.resource.id);

/** Answers without what differs between two moments: instants, addresses' cursors. */
const plain = (body: unknown) =>
  JSON.stringify(body)
    .replace(/"lastUpdated":"[^"]*"/g, '')
    .replace(/"timestamp":"[^"]*"/g, '')
    .replace(/"Bundle","id":"[^"]*"/g, '')
    .replace(/_cursor=[^"&]*/g, '_cursor');

test('a diagnosis of a hidden category is not there for another unit, by any way that leads to it', async () => {
  const asked = [
    `/fhir/Condition?patient=${patient}`,
    `/fhir/Condition?patient=Patient/${patient}&_total=accurate&_sort=-recorded-date&_count=1`,
    `/fhir/Condition?patient=${patient}&_summary=count`,
    `/fhir/Condition?code=${ICD}|B20.1`,
    '/fhir/Condition?identifier=http://test/id|B20.1',
    `/fhir/Condition?patient=${patient}&code:below=${ICD}|B20`,
    `/fhir/Patient?_id=${patient}&_revinclude=Condition:patient`,
    `/fhir/Patient?_has:Condition:patient:code=${ICD}|B20.1`,
    `/fhir/Encounter?patient=${patient}&_revinclude=Condition:encounter&_sort=date`,
    `/fhir/Patient/${patient}/$everything`,
    `/fhir/Patient/${patient}/$everything?_count=2`,
    `/fhir/Patient/${patient}/Condition`,
    `/fhir?_type=Condition&patient=${patient}`,
    `/fhir/Condition/_history?_count=2`,
    `/fhir/ViewDefinition/diagnosis/$viewdefinition-run?patient=${patient}&_format=csv`,
    '/fhir/ViewDefinition/diagnosis/$viewdefinition-run?_format=ndjson',
  ];
  await write(condition('I10'));
  const before = await Promise.all(asked.map((path) => other.call('GET', path)));
  const hidden = await write(condition('B20.1', { recorder: { display: 'cs-1' } }));
  const later = await Promise.all(asked.map((path) => other.call('GET', path)));
  for (const [at, path] of asked.entries()) {
    assert.equal(later[at]!.status, before[at]!.status, path);
    assert.equal(
      plain(later[at]!.body ?? later[at]!.text),
      plain(before[at]!.body ?? before[at]!.text),
      path,
    );
  }
  for (const path of [
    `/fhir/Condition/${hidden}`,
    `/fhir/Condition/${hidden}/_history`,
    `/fhir/Condition/${hidden}/_history/1`,
  ]) {
    const answer = await other.call('GET', path);
    const nowhere = await other.call('GET', path.replace(hidden, 'nothing-of-that-name'));
    assert.equal(answer.status, 404, path);
    assert.equal(
      plain(answer.body).replaceAll(hidden, ''),
      plain(nowhere.body).replaceAll('nothing-of-that-name', ''),
      path,
    );
  }
});

test('criteria of writes do not tell of it either, and what refers to it leads nowhere', async () => {
  const hidden = await write(condition('B21.7'));
  const mine = { ...condition('B21.7'), recorder: { reference: 'Practitioner/none' } };
  const created = await world.send('POST', '/fhir/Condition', mine);
  assert.equal(created.status, 201);
  const own = {
    ...condition('B21.7'),
    encounter: { reference: `Encounter/${await write(visitAt('cs-2'))}` },
  };
  const answer = await other.call('POST', '/fhir/Condition', own, {
    'if-none-exist': 'identifier=http://test/id|B21.7',
  });
  assert.equal(answer.status, 201, 'what is not seen matches no criteria');
  assert.notEqual(answer.body.id, hidden);
  const strict = await other.call(
    'POST',
    '/fhir/Observation',
    {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'mạch' },
      subject: { reference: `Patient/${patient}` },
      encounter: own.encounter,
      focus: [{ reference: `Condition/${hidden}` }],
    },
    { prefer: 'handling=strict' },
  );
  assert.equal(strict.status, 422);
  assert.equal((await other.call('DELETE', `/fhir/Condition/${hidden}`)).status === 200, false);
  assert.equal(
    (
      await other.call('PATCH', `/fhir/Condition/${hidden}`, [{ op: 'remove', path: '/identifier' }], {
        'content-type': 'application/json-patch+json',
      })
    ).status,
    404,
  );
  assert.equal((await world.send('GET', `/fhir/Condition/${hidden}`)).body.meta.versionId, '1');
});

test('the unit that wrote it sees it, by the visit or by the organization; a clerk of the unit does not', async () => {
  const visit = await write(visitAt('cs-1'));
  const id = await write(condition('F32.1', { encounter: { reference: `Encounter/${visit}` } }));
  assert.equal((await doctor.call('GET', `/fhir/Condition/${id}`)).status, 200);
  assert.ok(idsOf((await doctor.call('GET', `/fhir/Condition?patient=${patient}`)).body).includes(id));
  assert.equal((await other.call('GET', `/fhir/Condition/${id}`)).status, 404);
  const cashier = await world.staff('cashier', 'cs-1');
  assert.equal((await cashier.call('GET', `/fhir/Condition/${id}`)).status, 404);
});

test('a label of meta.security hides as codes do, and broken glass opens it to the account for its time', async () => {
  const id = await write(condition('I11', { meta: { security: [{ code: 'SDV' }] } }));
  assert.equal((await other.call('GET', `/fhir/Condition/${id}`)).status, 404);
  const opened = await other.call(
    'POST',
    '/api/access/break-glass',
    {
      patient,
      reason: 'Cấp cứu: bất tỉnh, cần tiền sử ngay',
    },
    { 'content-type': 'application/json' },
  );
  assert.equal(opened.status, 200, JSON.stringify(opened.body));
  assert.equal((await other.call('GET', `/fhir/Condition/${id}`)).status, 200);
  assert.ok(idsOf((await other.call('GET', `/fhir/Condition?patient=${patient}`)).body).includes(id));
  const nurse = await world.staff('nurse', 'cs-2');
  assert.equal((await nurse.call('GET', `/fhir/Condition/${id}`)).status, 404, 'nobody else of the unit');
});

test('who may not label less takes no label away: a patch is refused, an update that says nothing keeps them; a doctor of the unit may', async () => {
  const visit = await write(visitAt('cs-1'));
  const body = (security?: string[]) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'lời kể' },
    subject: { reference: `Patient/${patient}` },
    encounter: { reference: `Encounter/${visit}` },
    ...(security && { meta: { security: security.map((code) => ({ code })) } }),
  });
  const id = await write(body(['SDV', 'R']));
  const nurse = await world.staff('nurse', 'cs-1');
  const labels = async () =>
    (await doctor.call('GET', `/fhir/Observation/${id}`)).body.meta.security?.map(
      ({ code }: { code: string }) => code,
    );
  const patch = (who: Person, path: string) =>
    who.call('PATCH', `/fhir/Observation/${id}`, [{ op: 'remove', path }], {
      'content-type': 'application/json-patch+json',
    });
  for (const path of ['/meta/security', '/meta/security/0', '/meta'])
    assert.equal((await patch(nurse, path)).status, 403, path);
  const narrower = await nurse.call('PUT', `/fhir/Observation/${id}`, { ...body(['R']), id });
  assert.equal(narrower.status, 403, narrower.text);
  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [{ request: { method: 'PUT', url: `Observation/${id}` }, resource: { ...body(['R']), id } }],
  };
  assert.equal((await nurse.call('POST', '/fhir', bundle)).status, 403);
  assert.deepEqual(await labels(), ['SDV', 'R']);
  const silent = await nurse.call('PUT', `/fhir/Observation/${id}`, { ...body(), id, valueString: 'sửa' });
  assert.equal(silent.status, 200, silent.text);
  assert.deepEqual([await labels(), silent.body.valueString], [['SDV', 'R'], 'sửa']);
  const elsewhere = await world.staff('nurse', 'cs-2');
  assert.equal((await elsewhere.call('GET', `/fhir/Observation/${id}`)).status, 404);
  const more = await nurse.call('PUT', `/fhir/Observation/${id}`, { ...body(['SDV', 'R', 'HIV']), id });
  assert.equal(more.status, 200, 'more may be labelled by everybody who writes');
  assert.equal((await patch(doctor, '/meta/security')).status, 200);
  assert.equal(await labels(), undefined);
  const { rows } = await world.program.kernel.pool.query<{ who: string; outcome: string }>(
    `select who, outcome from audit where action = 'declassify'`,
  );
  assert.deepEqual([...new Set(rows.map(({ who, outcome }) => `${who} ${outcome}`))].sort(), [
    'doctor.cs-1 ok',
    'nurse.cs-1 refused',
  ]);
});

test('a purpose may be stated when the role allows it, and changes what is seen', async () => {
  const visit = await write(visitAt('cs-1'));
  const id = await write(condition('F33.1', { encounter: { reference: `Encounter/${visit}` } }));
  const stated = (purpose: string) =>
    doctor.call('GET', `/fhir/Condition/${id}`, undefined, { 'x-purpose-of-use': purpose });
  assert.equal((await stated('TREAT')).status, 200);
  assert.equal((await stated('HRESCH')).status, 404, 'research sees no sensitive category');
  const refused = await stated('PUBHLTH');
  assert.equal(refused.status, 403);
  assert.match(refused.body.issue[0].diagnostics, /it may state: .*TREAT/);
});

test('refusals of what is hidden are in the audit', async () => {
  const { rows } = await world.program.kernel.pool.query<{ n: number }>(
    "select count(*)::int as n from audit where outcome = 'refused' and who = 'doctor.cs-2' and what like 'Condition/%'",
  );
  assert.ok(rows[0]!.n >= 4);
});
