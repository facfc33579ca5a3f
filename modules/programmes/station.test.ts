/** The lists of a station follow the record; what it writes comes back in them; rebuilt is as live. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cookieOf } from '../../kernel/access/sign-in.testing.ts';
import { cs, ext } from '../../kernel/fhir/systems.ts';
import type { Consent, ConsentProvision, Patient, Resource } from '../../kernel/fhir/types.ts';
import { type Browser, openWorld, type World } from '../clinic/testing.ts';
import { lookAgain, rebuildProgrammes } from './follow.ts';
import type { WorkRow } from './lists.ts';
import { sessionGrid } from './session-paper.ts';
import type { SessionPlan } from './session-plan.ts';

const COMMUNE = { url: ext.unit, valueCoding: { system: cs.unit, code: '08824' } };
const address = [{ text: 'Thôn Đoài, xã Tam Dương', line: ['Thôn Đoài'], extension: [COMMUNE] }];
const CVX = 'http://hl7.org/fhir/sid/cvx';

let world: World;
let nurse: Browser;
let doctor: Browser;
const ids: Record<string, string> = {};

before(async () => {
  world = await openWorld();
  await put({
    resourceType: 'Organization',
    id: 'cs-25D01',
    name: 'Trạm Y tế',
    type: [{ coding: [{ system: cs.facilityType, code: 'tram-y-te' }] }],
    address: [{ text: 'xã Tam Dương', extension: [COMMUNE] }],
  });
  nurse = await world.signIn('dieuduong');
  doctor = await world.signIn('bacsi');
  ids.child = await person({ birthDate: '2026-09-22', name: [{ text: 'Phùng Minh Khôi' }] });
  ids.late = await person({ birthDate: '2026-01-10', name: [{ text: 'Đỗ Bảo Ngọc' }] });
  ids.ill = await person({ birthDate: '1960-05-01', name: [{ text: 'Lê Văn Tám' }] });
  await put({
    resourceType: 'Condition',
    id: world.program.kernel.store.newId('Condition', ids.ill),
    subject: { reference: `Patient/${ids.ill}` },
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10' }] },
    recordedDate: '2026-01-05',
  });
  await settled();
});
after(() => world.stop());

const settled = () => world.program.kernel.events.settled();

async function put(resource: Resource): Promise<void> {
  const request = { method: 'PUT' as const, url: `${resource.resourceType}/${resource.id}` };
  await world.program.kernel.gate
    .system('test')
    .transaction({ resourceType: 'Bundle', type: 'transaction', entry: [{ resource, request }] });
}

async function person(more: Partial<Patient>): Promise<string> {
  const id = world.program.kernel.store.newId('Patient');
  await put({ resourceType: 'Patient', id, address, ...more });
  return id;
}

async function list(key: string, name: string, more = ''): Promise<WorkRow[]> {
  const { status, body } = await nurse.call<{ rows: WorkRow[] }>(
    'GET',
    `/api/programmes/${key}/worklist?list=${name}${more}`,
  );
  assert.equal(status, 200, JSON.stringify(body));
  return body.rows;
}
const names = (rows: WorkRow[]) => rows.map(({ fullName }) => fullName);
const EPI = 'tiem-chung-mo-rong';

const restriction: Consent = {
  resourceType: 'Consent',
  status: 'active',
  scope: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
  },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  policy: [{ uri: 'http://yba.vn/chinh-sach/quyen-rieng-tu' }],
};

async function rows(): Promise<unknown[]> {
  const found = await Promise.all([
    world.program.kernel.pool.query('select * from programmes.member order by pt, programme'),
    world.program.kernel.pool.query('select * from programmes.task order by pt, programme, key'),
  ]);
  return found.map((one) => one.rows);
}

test('a child of the commune stands in the list of its station as soon as it is registered', async () => {
  assert.deepEqual(names(await list(EPI, 'due')), ['Phùng Minh Khôi']);
  assert.deepEqual(names(await list(EPI, 'overdue')).sort(), ['Phùng Minh Khôi', 'Đỗ Bảo Ngọc'].sort());
  assert.deepEqual(
    names(await list(EPI, 'all', '&q=ngoc do')),
    ['Đỗ Bảo Ngọc'],
    'found without marks, in any order',
  );
  assert.deepEqual(names(await list(EPI, 'all', `&village=${encodeURIComponent('Thôn Đông')}`)), []);
  const [child] = await list(EPI, 'due');
  assert.ok(
    child!.tasks.some(({ title }) => title.startsWith('5 trong 1')),
    JSON.stringify(child),
  );
});

test('another station sees nobody of it; other roles see nothing', async () => {
  const other = await world.hire('khac', 'nurse', 'cs-25D02');
  const seen = await other.call<{ rows: WorkRow[] }>('GET', `/api/programmes/${EPI}/worklist?list=all`);
  assert.deepEqual(seen.body.rows, []);
  const desk = await world.hire('tiepdon-ct', 'reception');
  for (const path of ['', `/${EPI}/worklist`, `/${EPI}/session`, `/people/${ids.child}`])
    assert.equal((await desk.call('GET', `/api/programmes${path}`)).status, 403, path);
});

test('who has the disease is to be invited, is enrolled at a visit, and is due a month later', async () => {
  assert.deepEqual(names(await list('tang-huyet-ap', 'invite')), ['Lê Văn Tám']);
  const path = `/api/programmes/tang-huyet-ap/people/${ids.ill}`;
  const enrolled = await doctor.call('POST', `${path}/enrol`, {});
  assert.equal(enrolled.status, 200, JSON.stringify(enrolled.body));
  assert.equal((await doctor.call('POST', `${path}/enrol`, {})).status, 422, 'not twice');
  await settled();
  assert.deepEqual(names(await list('tang-huyet-ap', 'invite')), []);
  const [row] = await list('tang-huyet-ap', 'all');
  assert.deepEqual([row?.since, row?.state], ['2026-11-22', 'enrolled']);
  const counts = await nurse.call<{ rows: { key: string; enrolled: number }[] }>('GET', '/api/programmes');
  assert.equal(counts.body.rows.find(({ key }) => key === 'tang-huyet-ap')?.enrolled, 1);
});

test('a call says what came of it; a refusal silences until its day', async () => {
  const path = `/api/programmes/tang-huyet-ap/people/${ids.ill}/calls`;
  assert.equal((await nurse.call('POST', path, { result: 'maybe' })).status, 422);
  assert.equal(
    (await nurse.call('POST', path, { result: 'later', next: '2026-11-22' })).status,
    422,
    'in the past',
  );
  assert.equal((await nurse.call('POST', path, { result: 'later', about: 'nothing' })).status, 422);
  assert.equal((await nurse.call('POST', path, { result: 'refused', next: '2026-12-20' })).status, 200);
  await settled();
  const [row] = await list('tang-huyet-ap', 'silent');
  assert.deepEqual([row?.silence, row?.nextCall], ['refused', '2026-12-20']);
  assert.deepEqual(names(await list('tang-huyet-ap', 'overdue')), []);
});

test('who agreed to a later day is in no list of who is due until that day', async () => {
  const path = `/api/programmes/${EPI}/people/${ids.late}/calls`;
  assert.equal((await nurse.call('POST', path, { result: 'later' })).status, 422, 'later needs its day');
  assert.equal((await nurse.call('POST', path, { result: 'later', next: '2026-11-24' })).status, 200);
  await settled();
  assert.deepEqual(names(await list(EPI, 'overdue', '&q=bao ngoc')), []);
  const [row] = await list(EPI, 'later');
  assert.deepEqual([row?.fullName, row?.tasks[0]?.nextCall], ['Đỗ Bảo Ngọc', '2026-11-24']);
  world.setNow('2026-11-24T08:30:00+07:00');
  nurse = await world.signIn('dieuduong');
  assert.deepEqual(names(await list(EPI, 'calls')), ['Đỗ Bảo Ngọc']);
  assert.deepEqual(names(await list(EPI, 'overdue', '&q=bao ngoc')), ['Đỗ Bảo Ngọc']);
  world.setNow('2026-11-22T08:35:00+07:00');
  nurse = await world.signIn('dieuduong');
  assert.equal((await nurse.call('POST', path, { result: 'unreachable' })).status, 200);
  await settled();
  assert.deepEqual(names(await list(EPI, 'overdue', '&q=bao ngoc')), ['Đỗ Bảo Ngọc'], 'the last call counts');
});

test('a person who restricts the unit, or what the programme reads, is in no list, session or count of a name', async () => {
  const child = await person({ birthDate: '2026-03-01', name: [{ text: 'Khổng Kín Đáo' }] });
  await settled();
  const seen = async () => [
    names(await list(EPI, 'overdue', '&q=kin dao')).length,
    (
      await nurse.call<SessionPlan>('GET', `/api/programmes/${EPI}/session?day=2026-11-23`)
    ).body.villages.some(({ people }) => people.some(({ patient }) => patient === child)),
  ];
  assert.deepEqual(await seen(), [1, true]);
  const deny = async (id: string, status: 'active' | 'inactive', more: ConsentProvision) =>
    put({
      ...restriction,
      id,
      status,
      patient: { reference: `Patient/${child}` },
      provision: { type: 'deny', ...more },
    });
  const actor = {
    role: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'PRCP' }],
    },
    reference: { reference: 'Organization/cs-25D01' },
  };
  const id = world.program.kernel.store.newId('Consent', child);
  await deny(id, 'active', { actor: [actor] });
  assert.deepEqual(await seen(), [0, false]);
  const { body } = await nurse.call<{ total?: number }>(
    'GET',
    `/api/programmes/${EPI}/worklist?list=all&q=kin dao`,
  );
  assert.equal(body.total, undefined, 'nor is it said how many there are of the name');
  const classes = [{ system: 'http://hl7.org/fhir/resource-types', code: 'Immunization' }];
  await deny(id, 'active', { class: classes });
  assert.deepEqual(await seen(), [0, false], 'the category that it is made of');
  await deny(id, 'inactive', {});
  assert.deepEqual(await seen(), [1, true], 'withdrawn');
  await deny(id, 'active', {});
});

test('what a person restricts by category stays out of tasks, warnings and targets of the lists', async () => {
  const ill = await person({ birthDate: '1958-02-01', name: [{ text: 'Tạ Thị Giữ Kín' }] });
  const condition = world.program.kernel.store.newId('Condition', ill);
  await put({
    resourceType: 'Condition',
    id: condition,
    subject: { reference: `Patient/${ill}` },
    meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] },
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10' }] },
    recordedDate: '2026-01-05',
  });
  await settled();
  const shown = async () => names(await list('tang-huyet-ap', 'invite', '&q=giu kin'));
  const before = await shown();
  await put({
    ...restriction,
    id: world.program.kernel.store.newId('Consent', ill),
    patient: { reference: `Patient/${ill}` },
    provision: {
      type: 'deny',
      class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Condition' }],
    },
  });
  assert.deepEqual([before.length <= 1, await shown()], [true, []]);
});

test('a session lists children by village with doses and vials; a dose given leaves the list', async () => {
  const plan = await nurse.call<SessionPlan>('GET', `/api/programmes/${EPI}/session?day=2026-11-23`);
  assert.deepEqual(
    plan.body.villages.map(({ village }) => village),
    ['Thôn Đoài'],
  );
  assert.equal(plan.body.people, 2);
  const polio = plan.body.products.find(({ product }) => product === `${CVX}|02`)!;
  assert.deepEqual([polio.doses, polio.vial, polio.vials], [2, 20, 1]);
  const path = `/api/programmes/${EPI}/people/${ids.child}/doses`;
  const dose = {
    product: `${CVX}|102`,
    lot: 'L1',
    expires: '2027-05-01',
    site: 'Đùi trái',
    isFit: true,
    temperature: 36.8,
  };
  for (const [wrong, field] of [
    [{ ...dose, expires: '2026-11-21' }, /hết hạn/],
    [{ ...dose, isFit: false }, /sàng lọc/],
    [{ ...dose, temperature: 37.5 }, /hoãn/],
    [{ ...dose, lot: '' }, /số lô/],
    [{ ...dose, product: 'x|1' }, /vắc xin/],
  ] as const) {
    const refused = await nurse.call('POST', path, wrong);
    assert.equal(refused.status, 422);
    assert.match(JSON.stringify(refused.body), field);
  }
  const given = await nurse.call<{ dose: string; watchUntil: string }>('POST', path, dose);
  assert.equal(given.status, 200, JSON.stringify(given.body));
  assert.equal(given.body.watchUntil, '2026-11-22T09:05:00+07:00');
  const [written] = (await world.recordOf(ids.child!, 'Immunization')) as {
    protocolApplied?: { doseNumberPositiveInt?: number }[];
  }[];
  assert.deepEqual(
    written?.protocolApplied?.map(({ doseNumberPositiveInt }) => doseNumberPositiveInt),
    [1, 1, 1, 1, 1],
  );
  const reaction = await nurse.call('POST', `/api/programmes/doses/${given.body.dose}/reactions`, {
    text: 'Sốt 39 °C',
    isSerious: false,
  });
  assert.equal(reaction.status, 200, JSON.stringify(reaction.body));
  await settled();
  const [child] = await list(EPI, 'week', '&q=khoi');
  assert.equal(child, undefined);
  const after = await nurse.call<SessionPlan>('GET', `/api/programmes/${EPI}/session?day=2026-11-23`);
  const left = after.body.villages[0]!.people.find(({ patient }) => patient === ids.child)!;
  assert.ok(left.doses.every(({ product }) => product !== `${CVX}|102`));
});

test('the list of a session is a paper: everybody of it by village, in words of the content, with what to prepare', async () => {
  const { body } = await nurse.call<SessionPlan>('GET', `/api/programmes/${EPI}/session?day=2026-11-23`);
  const grid = sessionGrid(body, {
    words: world.program.kernel.content.inForce('messages/session-list', '2026-11-22'),
    programme: 'Tiêm chủng mở rộng',
    unit: 'Trạm Y tế',
    day: '2026-11-23',
    hasDoses: true,
  });
  assert.deepEqual(
    [grid.title, grid.subtitle],
    ['Danh sách mời tiêm chủng', ['Tiêm chủng mở rộng', 'Buổi ngày 23/11/2026']],
  );
  const lines = grid.body.map((cells) => cells.map(({ text }) => text));
  const people = body.villages.flatMap((village) => village.people);
  assert.equal(lines.length, body.villages.length + people.length);
  assert.match(lines[0]![0]!, /^Thôn Đoài \(\d+\)$/);
  assert.deepEqual(
    lines.filter(({ length }) => length > 1).map(([number, name]) => [number, name]),
    people.map(({ fullName }, at) => [String(at + 1), fullName]),
  );
  assert.match(grid.notes[0]!, /^Chuẩn bị: .*\d+ liều, \d+ lọ/);
  for (const row of [...grid.head, ...grid.body])
    assert.equal(
      row.reduce((across, one) => across + one.across, 0),
      grid.widths.length,
    );
  const cookie = await cookieOf(world.program.address, 'dieuduong');
  const paper = await fetch(
    `${world.program.address}/api/programmes/${EPI}/session/paper.pdf?day=2026-11-23`,
    { headers: { cookie } },
  );
  assert.deepEqual([paper.status, paper.headers.get('content-type')], [200, 'application/pdf']);
  assert.match((await paper.text()).slice(0, 8), /^%PDF-1/);
});

test('a programme of visits has its session, too: who is due by village, without doses or vials', async () => {
  const plan = await nurse.call<SessionPlan & { hasDoses: boolean }>(
    'GET',
    '/api/programmes/tang-huyet-ap/session?day=2027-01-10',
  );
  assert.equal(plan.status, 200);
  assert.deepEqual([plan.body.hasDoses, plan.body.doses, plan.body.products], [false, 0, []]);
});

test('what is made again from the first change is what stood there', async () => {
  const live = await rows();
  assert.ok((live[0] as unknown[]).length >= 3 && (live[1] as unknown[]).length > 5);
  await rebuildProgrammes(world.program.kernel);
  await settled();
  assert.deepEqual(await rows(), live);
});

test('a new day writes nothing until something changes by time alone; then the daily look does it', async () => {
  const { pool } = world.program.kernel;
  const xmin = async () =>
    (
      await pool.query('select xmin::text, key from programmes.task where patient = $1 order by key', [
        ids.late,
      ])
    ).rows;
  const before = await xmin();
  world.setNow('2026-11-25T08:00:00+07:00');
  assert.equal(await lookAgain(world.program.kernel), 0);
  assert.deepEqual(await xmin(), before);
  world.setNow('2027-01-11T08:00:00+07:00');
  assert.ok((await lookAgain(world.program.kernel)) > 0);
  const { rows: gone } = await pool.query(
    `select key from programmes.task where patient = $1 and product like '%|19'`,
    [ids.late],
  );
  assert.deepEqual(gone, [], 'a year old: no BCG any more');
});

test('death ends the tasks; a deleted person leaves no row', async () => {
  await put({
    resourceType: 'Patient',
    id: ids.late!,
    address,
    birthDate: '2026-01-10',
    name: [{ text: 'Đỗ Bảo Ngọc' }],
    deceasedDateTime: '2026-11-20',
  });
  await settled();
  const { pool } = world.program.kernel;
  const tasks = await pool.query('select from programmes.task where patient = $1', [ids.late]);
  assert.equal(tasks.rows.length, 0);
  const member = await pool.query(
    'select silence, silent_since::text as since from programmes.member where patient = $1',
    [ids.late],
  );
  assert.deepEqual(member.rows, [{ silence: 'died', since: '2026-11-20' }]);
});
