/** "Every role sees its unit": care, units, break-glass and the audit, over HTTP with signed-in staff. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { issueOf } from '../fhir/testing.ts';
import type { Actor } from './contract.ts';
import { openBreakGlass } from './glass.ts';
import { type AccessWorld, openAccessWorld, type Person } from './testing.ts';

const RULES = {
  minutes: 60,
  openingsAnHour: 5,
  reviewDays: 7,
  reasons: [{ code: 'other', words: 'Khác', wordsEn: 'Other' }],
};
let world: AccessWorld;
let doctor: Person;
let stranger: Person;
let reception: Person;

before(async () => {
  world = await openAccessWorld();
  doctor = await world.staff('doctor', 'cs-1');
  stranger = await world.staff('doctor', 'cs-2');
  reception = await world.staff('reception', 'cs-1');
});
after(() => world.stop());

const auditOf = async (patient: string, action?: string) =>
  (
    await world.program.kernel.pool.query<{
      who: string;
      what: string;
      why: string;
      outcome: string;
      unit: string;
      ip: string;
    }>(
      'select who, what, why, outcome, unit, ip from audit where patient = $1 and ($2::text is null or action = $2) order by ts',
      [patient, action ?? null],
    )
  ).rows;
const idsOf = (body: { entry?: { resource: { id: string } }[] }) =>
  (body.entry ?? []).map(({ resource }) => resource.id);

test('a visit at the unit opens the record at once; without one it is closed', async () => {
  const { patient } = await world.arrive('cs-1');
  const observation = await world.observe(patient, {});
  assert.equal((await doctor.call('GET', `/fhir/Observation/${observation}`)).status, 200);
  assert.deepEqual(idsOf((await doctor.call('GET', `/fhir/Observation?patient=${patient}`)).body), [
    observation,
  ]);
  const closed = await stranger.call('GET', `/fhir/Observation/${observation}`);
  assert.equal(closed.status, 403);
  assert.equal(issueOf(closed).code, 'forbidden');
  const search = await stranger.call('GET', `/fhir/Observation?patient=${patient}`);
  assert.deepEqual(
    [search.status, idsOf(search.body), search.body.total],
    [200, [], 0],
    'nothing, as if there were nothing',
  );
});

test('what the unit wrote itself stays open to it', async () => {
  const { patient } = await world.arrive('cs-1');
  const own = await world.observe(patient, { performer: [{ reference: 'Organization/cs-2' }] });
  const other = await world.observe(patient, { performer: [{ reference: 'Organization/cs-1' }] });
  assert.equal((await stranger.call('GET', `/fhir/Observation/${own}`)).status, 200);
  assert.equal((await stranger.call('GET', `/fhir/Observation/${other}`)).status, 403);
  assert.deepEqual(idsOf((await stranger.call('GET', `/fhir/Observation?patient=${patient}`)).body), [own]);
});

test('a finished visit opens the record for 30 days, a cancelled one not at all', async () => {
  const { patient, encounter } = await world.arrive('cs-1');
  const observation = await world.observe(patient, {});
  const visit = (await world.send('GET', `/fhir/Encounter/${encounter}`)).body;
  const end = async (status: string, daysAgo: number) => {
    const at = new Date(Date.now() - daysAgo * 86_400_000).toISOString();
    await world.send('PUT', `/fhir/Encounter/${encounter}`, {
      ...visit,
      status,
      period: { start: at, end: at },
    });
    await world.program.kernel.events.settled();
    // The answer is kept for seconds: ask in the name of a unit's other member after them.
    world.setNow(new Date(Date.now() + 20_000 + end.calls++ * 20_000).toISOString());
    return (await (await world.staff('doctor', 'cs-1')).call('GET', `/fhir/Observation/${observation}`))
      .status;
  };
  end.calls = 0;
  assert.equal(await end('finished', 29), 200);
  assert.equal(await end('finished', 31), 403);
  assert.equal(await end('cancelled', 0), 403);
  assert.equal(await end('in-progress', 0), 200);
});

test('a search that names no person is narrowed to the persons in care', async () => {
  const { patient } = await world.arrive('cs-1');
  const { patient: foreign } = await world.arrive('cs-2');
  const code = { code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] } };
  const mine = await world.observe(patient, code);
  const theirs = await world.observe(foreign, code);
  await world.program.kernel.events.settled();
  const { body } = await (await world.staff('nurse', 'cs-1')).call(
    'GET',
    '/fhir/Observation?code=8867-4&_total=accurate',
  );
  assert.deepEqual([idsOf(body), body.total], [[mine], 1]);
  const other = await (await world.staff('nurse', 'cs-2')).call('GET', '/fhir/Observation?code=8867-4');
  assert.deepEqual(idsOf(other.body), [theirs]);
});

test('the worklist of the own unit needs no person; that of another unit shows only shared patients', async () => {
  const { encounter } = await world.arrive('cs-1');
  const own = await doctor.call(
    'GET',
    '/fhir/Encounter?service-provider=Organization/cs-1&status=arrived&_count=100',
  );
  assert.ok(idsOf(own.body).includes(encounter));
  const foreign = await stranger.call('GET', '/fhir/Encounter?service-provider=Organization/cs-1&_count=100');
  assert.ok(!idsOf(foreign.body).includes(encounter));
});

test('demographics are searched in the whole province, but not by what is in a record', async () => {
  const { patient } = await world.arrive('cs-2');
  const condition = {
    resourceType: 'Condition',
    subject: { reference: `Patient/${patient}` },
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'B20' }] },
  };
  assert.equal((await world.send('POST', '/fhir/Condition', condition)).status, 201);
  assert.ok(idsOf((await reception.call('GET', `/fhir/Patient?_id=${patient}`)).body).includes(patient));
  assert.equal((await reception.call('GET', '/fhir/Patient?_has:Condition:patient:code=B20')).status, 403);
  assert.deepEqual(
    idsOf((await doctor.call('GET', '/fhir/Patient?_has:Condition:patient:code=B20')).body),
    [],
  );
  const included = await doctor.call('GET', `/fhir/Patient?_id=${patient}&_revinclude=Condition:patient`);
  assert.deepEqual(idsOf(included.body), [patient], 'includes are judged one by one');
});

test('writes go to the own unit only', async () => {
  const { patient, encounter } = await world.arrive('cs-1');
  const observation = (more: object) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    subject: { reference: `Patient/${patient}` },
    ...more,
  });
  const write = (person: Person, more: object) => person.call('POST', '/fhir/Observation', observation(more));
  assert.equal((await write(doctor, { encounter: { reference: `Encounter/${encounter}` } })).status, 201);
  assert.equal((await write(doctor, { performer: [{ reference: 'Organization/cs-1' }] })).status, 201);
  assert.equal((await write(doctor, {})).status, 201, 'no unit is named: the unit that cares writes');
  assert.equal((await write(doctor, { performer: [{ reference: 'Organization/cs-2' }] })).status, 403);
  assert.equal((await write(stranger, { encounter: { reference: `Encounter/${encounter}` } })).status, 403);
  assert.equal((await write(stranger, {})).status, 403);
  const own = (await write(doctor, { performer: [{ reference: 'Organization/cs-1' }] })).body;
  const taken = { ...own, performer: [{ reference: 'Organization/cs-2' }] };
  assert.equal(
    (await stranger.call('PUT', `/fhir/Observation/${own.id}`, taken)).status,
    403,
    'taking over what another unit wrote',
  );
  assert.equal(
    (await doctor.call('DELETE', `/fhir/Observation/${own.id}`)).status,
    403,
    'clinical facts are not deleted by staff',
  );
});

test('check-in and findings in one transaction: the visit of the same Bundle counts', async () => {
  const patient = (
    await reception.call('POST', '/fhir/Patient', { resourceType: 'Patient', name: [{ text: 'Người mới' }] })
  ).body.id;
  const entry = (unit: string) => [
    {
      fullUrl: 'urn:uuid:88f151c0-a954-468a-88bd-5ae15c08e059',
      resource: {
        resourceType: 'Encounter',
        status: 'in-progress',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject: { reference: `Patient/${patient}` },
        serviceProvider: { reference: `Organization/${unit}` },
      },
      request: { method: 'POST', url: 'Encounter' },
    },
    {
      resource: {
        resourceType: 'Condition',
        subject: { reference: `Patient/${patient}` },
        encounter: { reference: 'urn:uuid:88f151c0-a954-468a-88bd-5ae15c08e059' },
        code: { text: 'ho' },
      },
      request: { method: 'POST', url: 'Condition' },
    },
  ];
  const post = (unit: string) =>
    doctor.call('POST', '/fhir', { resourceType: 'Bundle', type: 'transaction', entry: entry(unit) });
  assert.equal((await post('cs-2')).status, 403);
  assert.equal((await post('cs-1')).status, 200);
});

test('break-glass: a reason opens one person for a time, says so, and can be reviewed', async () => {
  const { patient } = await world.arrive('cs-1');
  const { patient: other } = await world.arrive('cs-1');
  const observation = await world.observe(patient, {});
  const elsewhere = await world.observe(other, {});
  const person = await world.staff('doctor', 'cs-2');
  const glass = { 'x-break-glass': encodeURIComponent('Cấp cứu, bệnh nhân hôn mê') };
  assert.equal(
    (await person.call('GET', `/fhir/Observation?code=x`, undefined, glass)).status,
    400,
    'it needs a person',
  );
  assert.equal(
    (await person.call('GET', `/fhir/Observation?patient=${patient}`, undefined, { 'x-break-glass': 'vì' }))
      .status,
    400,
    'it needs a reason',
  );
  const opened = await person.call('GET', `/fhir/Observation?patient=${patient}`, undefined, glass);
  assert.deepEqual(idsOf(opened.body), [observation]);
  assert.equal(
    (await person.call('GET', `/fhir/Observation/${observation}`)).status,
    200,
    'it stays open for a while',
  );
  assert.equal(
    (await person.call('GET', `/fhir/Observation/${elsewhere}`)).status,
    403,
    'and only for this person',
  );
  const lines = await auditOf(patient, 'break-glass');
  assert.match(lines[0]!.why, /^BTG: Cấp cứu/);
  const head = await world.staff('station-head', 'cs-2');
  const { rows } = (await head.call('GET', '/api/access/break-glass')).body;
  assert.equal(rows[0].patient, patient);
  assert.deepEqual(
    (await (await world.staff('station-head', 'cs-1')).call('GET', '/api/access/break-glass')).body.rows,
    [],
  );
  assert.equal((await doctor.call('GET', '/api/access/break-glass')).status, 403);
  assert.equal((await person.call('GET', '/fhir/Observation?patient=nobody', undefined, glass)).status, 404);
  const operator = await world.staff('province-operator', null);
  assert.equal((await operator.call('GET', `/fhir/Patient/${patient}`, undefined, glass)).status, 403);
});

test('glass broken in another program on the database counts here at once, and only until its end', async () => {
  const { patient } = await world.arrive('cs-1');
  const observation = await world.observe(patient, {});
  const person = await world.staff('doctor', 'cs-2');
  const see = async () => (await person.call('GET', `/fhir/Observation/${observation}`)).status;
  const list = async () => idsOf((await person.call('GET', '/fhir/Observation?_count=500')).body);
  assert.equal(await see(), 403);
  const other = openBreakGlass(world.program.kernel.pool, RULES, () => new Date());
  const actor = { id: 'doctor.cs-2', name: 'Người trực', unit: 'cs-2' } as Actor;
  await other.open(actor, patient, 'Cấp cứu, mở từ máy chủ thứ hai');
  assert.equal(await see(), 200);
  assert.ok((await list()).includes(observation), 'lists know it too');
  await world.program.kernel.pool.query('update access.opening set until = now() where patient = $1', [
    patient,
  ]);
  assert.equal(await see(), 403);
  assert.ok(!(await list()).includes(observation));
});

test('province operator and administrator see no person, laboratory no demographics of strangers', async () => {
  const { patient } = await world.arrive('cs-1');
  for (const role of ['province-operator', 'administrator'] as const) {
    const person = await world.staff(role, null);
    for (const path of [
      '/fhir/Patient',
      `/fhir/Patient/${patient}`,
      '/fhir/Encounter',
      `/fhir/Patient/${patient}/Observation`,
      '/fhir/_history',
      '/fhir/Patient/_history',
    ]) {
      assert.equal((await person.call('GET', path)).status, 403, `${role} ${path}`);
    }
    assert.equal((await person.call('GET', '/fhir/Organization/cs-1')).status, 200);
  }
  const laboratory = await world.staff('laboratory', 'cs-2');
  assert.equal((await laboratory.call('GET', `/fhir/Patient/${patient}`)).status, 403);
});

test('history of an instance shows only what may be seen; type and system history are for systems', async () => {
  const { patient } = await world.arrive('cs-1');
  const observation = await world.observe(patient, {});
  assert.equal((await doctor.call('GET', `/fhir/Observation/${observation}/_history`)).body.entry.length, 1);
  assert.equal((await stranger.call('GET', `/fhir/Observation/${observation}/_history`)).status, 403);
  assert.equal((await doctor.call('GET', '/fhir/_history')).status, 403);
});

test('audit: reads, searches, writes and refusals of a person, with who, what, why, where', async () => {
  const { patient } = await world.arrive('cs-1');
  const observation = await world.observe(patient, {});
  await doctor.call('GET', `/fhir/Observation/${observation}`);
  await doctor.call('GET', `/fhir/Observation?patient=${patient}`);
  await stranger.call('GET', `/fhir/Observation/${observation}`);
  const lines = await auditOf(patient);
  const by = (who: string) =>
    lines
      .filter((line) => line.who === who)
      .map(({ what, outcome, unit, why }) => `${what} ${outcome} ${unit} ${why}`);
  assert.deepEqual(by('doctor.cs-1'), [
    `Observation/${observation} ok cs-1 TREAT`,
    `Observation?patient=${patient} ok cs-1 TREAT`,
  ]);
  assert.deepEqual(by('stranger'), []);
  assert.deepEqual(by('doctor.cs-2'), [`Observation/${observation} refused cs-2 TREAT`]);
  assert.ok(lines.every(({ ip }) => ip.startsWith('127.0.0.1 - ')));
});

test('audit: every write of a person, and every write that is refused, with who and which', async () => {
  const { patient } = await world.arrive('cs-1');
  const observation = (more: object) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'Mạch' },
    subject: { reference: `Patient/${patient}` },
    performer: [{ reference: 'Organization/cs-1' }],
    ...more,
  });
  const made = await doctor.call('POST', '/fhir/Observation', observation({ valueInteger: 80 }));
  assert.equal(made.status, 201);
  const { id } = made.body;
  const changed = observation({ id, valueInteger: 82 });
  assert.equal((await doctor.call('PUT', `/fhir/Observation/${id}`, changed)).status, 200);
  assert.equal((await stranger.call('PUT', `/fhir/Observation/${id}`, changed)).status, 403);
  const of = async (action: string) =>
    (await auditOf(patient, action))
      .filter(({ who }) => who.startsWith('doctor'))
      .map(({ who, what, outcome, why }) => `${who} ${what} ${outcome} ${why}`);
  assert.deepEqual(await of('create'), [`doctor.cs-1 Observation/${id} ok TREAT`]);
  assert.deepEqual(await of('update'), [
    `doctor.cs-1 Observation/${id} ok TREAT`,
    `doctor.cs-2 Observation/${id} refused TREAT`,
  ]);
});

test('audit of a search lists every person that it returned', async () => {
  const [first, second] = [await world.arrive('cs-1'), await world.arrive('cs-1')];
  await reception.call('GET', `/fhir/Patient?_id=${first.patient},${second.patient}`);
  for (const { patient } of [first, second]) {
    assert.match((await auditOf(patient, 'search'))[0]!.what, /^Patient\?_id=/);
  }
});

test('the administrator reads the audit as AuditEvents and as pages; others do not; nobody writes it', async () => {
  const { patient } = await world.arrive('cs-1');
  await doctor.call('GET', `/fhir/Patient/${patient}`);
  const admin = await world.staff('administrator', null);
  const { body } = await admin.call('GET', `/fhir/AuditEvent?patient=Patient/${patient}&action=R`);
  const [event] = body.entry.map((one: { resource: unknown }) => one.resource);
  const user = event.agent.find(({ altId }: { altId?: string }) => altId === 'doctor.cs-1');
  assert.deepEqual([event.action, event.outcome, user?.requestor], ['R', '0', true]);
  assert.equal(event.entity[0].what.reference, `Patient/${patient}`);
  const found = async (query: string) =>
    (await admin.call('GET', `/fhir/AuditEvent?patient=${patient}&${query}`)).body.entry?.length ?? 0;
  const [year, day] = [event.recorded.slice(0, 4), event.recorded.slice(0, 10)];
  for (const date of [year, `ge${day.slice(0, 7)}`, `gt${Number(year) - 1}`, `le${year}`, `sa2020-01-01`]) {
    assert.ok((await found(`date=${date}`)) > 0, date);
  }
  for (const date of [Number(year) - 1, `gt${year}`, `lt${year}`]) {
    assert.equal(await found(`date=${date}`), 0, String(date));
  }
  const wrong = await admin.call('GET', '/fhir/AuditEvent?date=2026-13');
  assert.deepEqual([wrong.status, wrong.body.issue[0].expression], [400, ['date']]);
  const { issues } = { issues: (await world.send('POST', '/fhir/AuditEvent/$validate', event)).body.issue };
  const faults = issues.filter(({ severity }: { severity: string }) => severity === 'error');
  assert.deepEqual(faults, [], 'only the profile of BALP itself is not known here');
  assert.equal((await admin.call('GET', `/fhir/AuditEvent/${event.id}`)).body.id, event.id);
  const page = (await admin.call('GET', `/api/access/audit?patient=${patient}&count=2`)).body;
  assert.equal(page.rows.length, 2);
  const more = (await admin.call('GET', `/api/access/audit?patient=${patient}&count=2&before=${page.next}`))
    .body;
  assert.ok(
    more.rows.length > 0 &&
      more.rows.every((row: { id: string }) => !page.rows.some((one: { id: string }) => one.id === row.id)),
  );
  assert.equal((await doctor.call('GET', '/fhir/AuditEvent')).status, 403);
  assert.equal((await doctor.call('GET', '/api/access/audit')).status, 403);
  assert.equal((await world.send('POST', '/fhir/AuditEvent', event)).status, 405);
  assert.equal((await world.send('DELETE', `/fhir/AuditEvent/${event.id}`)).status, 405);
  await assert.rejects(world.program.kernel.pool.query('delete from audit'), /append-only/);
});
