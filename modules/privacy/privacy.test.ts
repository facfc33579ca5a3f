/** What a citizen sees of looks, decides, and asks for; and what nobody else can see or decide. Over HTTP. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import { archiveFaults } from '../../engines/documents/index.ts';
import { citizenCookie } from '../../kernel/access/citizen.testing.ts';
import { type AccessWorld, openAccessWorld, type Person } from '../../kernel/access/testing.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type { HttpAnswer } from '../../kernel/fhir/testing.ts';

let world: AccessWorld;
let doctor: Person;
let officer: Person;
let serial = 0;

before(async () => {
  world = await openAccessWorld();
  // A Friday.
  world.setNow('2026-11-20T03:00:00Z');
  doctor = await world.staff('doctor', 'cs-1');
  officer = await world.staff('privacy-officer', null);
});
after(() => world.stop());

const JSON_BODY = { 'content-type': 'application/json' };
interface Citizen {
  patient: string;
  cookie: string;
  get(path: string): Promise<HttpAnswer>;
  post(path: string, body?: object): Promise<HttpAnswer>;
  fhir(method: string, path: string, body?: unknown): Promise<HttpAnswer>;
}

async function citizen(patient?: string): Promise<Citizen> {
  const id = patient ?? (await world.arrive('cs-1')).patient;
  const cookie = await citizenCookie(world.program, id, 'Trần Thị Dân');
  return {
    patient: id,
    cookie,
    get: (path) => world.bare('GET', path, undefined, { cookie }),
    post: (path, body = {}) => world.bare('POST', path, body, { cookie, ...JSON_BODY }),
    fhir: (method, path, body) => world.bare(method, path, body, { cookie }),
  };
}

/** A mother and her child, by the mother's number. */
async function family(birthDate: string): Promise<{ mother: Citizen; child: string }> {
  serial += 1;
  const value = `0991985000${String(serial).padStart(2, '0')}`;
  const created = async (body: object) =>
    (await world.send('POST', '/fhir/Patient', { resourceType: 'Patient', ...body })).body.id;
  const mother = await created({ birthDate: '1985-01-01', identifier: [{ system: sid.cccd, value }] });
  const child = await created({ birthDate, name: [{ text: 'Bé Na' }] });
  await world.send('POST', '/fhir/RelatedPerson', {
    resourceType: 'RelatedPerson',
    active: true,
    patient: { reference: `Patient/${child}` },
    identifier: [{ system: sid.cccd, value }],
    relationship: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'MTH' }] },
    ],
  });
  return { mother: await citizen(mother), child };
}

test('every look is told: who, where, when, what and why, with the lines behind', async () => {
  const person = await citizen();
  await world.observe(person.patient, {});
  await doctor.call('GET', `/fhir/Observation?patient=${person.patient}`);
  await doctor.call('GET', `/fhir/Patient/${person.patient}`);
  const { status, body } = await person.get('/api/citizen/looks');
  assert.equal(status, 200);
  const row = body.rows.find((one: { who: string }) => one.who === 'doctor.cs-1');
  assert.deepEqual(
    [row.unitName, row.name, row.roles, row.refused, row.emergency],
    ['Trạm cs-1', 'Người doctor', ['doctor'], 0, false],
  );
  const acts = row.acts.map(({ vi }: { vi: string }) => vi).join('; ');
  assert.match(acts, /kết quả xét nghiệm/);
  assert.match(acts, /thông tin cá nhân/);
  assert.deepEqual(row.why[0], { vi: 'khám chữa bệnh', en: 'treatment' });
  const lines = await person.get(`/api/citizen/looks/lines?day=${row.day}&who=doctor.cs-1`);
  assert.equal(lines.body.rows.length, row.lines);
});

test('the looks are printed as a paper of the content, in the audit as a print; of somebody else they are refused', async () => {
  const person = await citizen();
  await world.observe(person.patient, {});
  await doctor.call('GET', `/fhir/Patient/${person.patient}`);
  const print = async (query: string) =>
    fetch(`${world.program.address}/api/citizen/looks/paper.pdf${query}`, {
      headers: { cookie: person.cookie },
    });
  const answer = await print('?from=2020-01-01');
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/pdf');
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.deepEqual(archiveFaults(bytes), []);
  const words = new Pdf(bytes).pages().join(' ').replace(/\s+/g, ' ');
  assert.match(words, /AI ĐÃ XEM HỒ SƠ CỦA TÔI/);
  assert.match(words, /Khoảng ngày: từ 01\/01\/2020/);
  assert.match(words, /Người doctor Bác sĩ · Trạm cs-1 .*thông tin cá nhân.*khám chữa bệnh/);
  const printed = (await person.get('/api/citizen/looks')).body.rows.find(({ own }: { own: boolean }) => own);
  assert.ok(printed.acts.some(({ vi }: { vi: string }) => vi.startsWith('In ')));
  const empty = await print('?from=2020-01-01&to=2020-01-02');
  assert.match(new Pdf(Buffer.from(await empty.arrayBuffer())).pages().join(' '), /chưa ai xem hồ sơ/);
  const other = await citizen();
  assert.equal((await print(`?patient=${other.patient}`)).status, 403);
});

test('an emergency and a refused attempt stand in the log at once, with the reason', async () => {
  const person = await citizen();
  const observation = await world.observe(person.patient, {});
  const stranger = await world.staff('doctor', 'cs-2');
  assert.equal((await stranger.call('GET', `/fhir/Observation/${observation}`)).status, 403);
  const rowOf = async () =>
    (await person.get('/api/citizen/looks')).body.rows.find(
      (one: { who: string }) => one.who === 'doctor.cs-2',
    );
  assert.deepEqual([(await rowOf()).refused, (await rowOf()).emergency], [1, false]);
  const opened = await stranger.call(
    'POST',
    '/api/access/break-glass',
    { patient: person.patient, reason: 'Tai nạn giao thông, hôn mê', code: 'unconscious' },
    JSON_BODY,
  );
  assert.equal(opened.status, 200);
  assert.deepEqual([(await rowOf()).emergency, (await rowOf()).reason], [true, 'Tai nạn giao thông, hôn mê']);
});

test('thousands of looks are read page by page, each once, by day and by unit', async () => {
  const person = await citizen();
  const { pool } = world.program.kernel;
  const values = Array.from(
    { length: 400 },
    (_, n) => `('${new Date(Date.parse('2026-11-20T03:00:00Z') - n * 3_600_000 * 6).toISOString()}', ${n})`,
  );
  await pool.query(
    `insert into audit (ts, pt, xid, n, era, who, who_display, patient, action, what, why, outcome, ip, unit)
     select v.at::timestamptz, a.pt, 900000 + v.n, 0, a.era, 'nguoi-' || v.n % 3, 'Người ' || v.n % 3, a.patient, 'read', 'Observation/x', 'TREAT', 'ok', '', 'cs-' || (1 + v.n % 2)
     from (values ${values.join(',')}) as v(at, n), (select pt, era, patient from audit where patient = $1 limit 1) a
     where v.at::timestamptz >= date_trunc('month', now())`,
    [person.patient],
  );
  const seen = new Map<string, number>();
  let cursor = '';
  let pages = 0;
  for (;;) {
    const { body } = await person.get(
      `/api/citizen/looks?count=10${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    for (const row of body.rows) seen.set(row.id, (seen.get(row.id) ?? 0) + row.lines);
    pages += 1;
    if (body.next === undefined) break;
    cursor = body.next;
  }
  const { rows } = await pool.query('select count(*)::int as n from audit where patient = $1', [
    person.patient,
  ]);
  const total = [...seen.values()].reduce((sum, lines) => sum + lines, 0);
  assert.ok(pages > 3, `${pages} pages`);
  // Each page that was read is itself a line.
  assert.ok(total <= rows[0].n && total >= rows[0].n - pages, `${total} of ${rows[0].n}`);
  const ofUnit = (await person.get('/api/citizen/looks?unit=cs-2&count=200')).body.rows;
  assert.ok(ofUnit.length > 0 && ofUnit.every(({ unit }: { unit: string }) => unit === 'cs-2'));
  assert.equal((await person.get('/api/citizen/looks?from=2026-02-30')).status, 400);
  assert.equal((await person.get('/api/citizen/looks?cursor=x')).status, 400);
});

test("another citizen's log, a stranger's child, staff: refused, and the refusal stands in that person's log", async () => {
  const person = await citizen();
  const other = await citizen();
  assert.equal((await other.get(`/api/citizen/looks?patient=${person.patient}`)).status, 403);
  assert.equal((await other.get(`/api/citizen/consents?patient=${person.patient}`)).status, 403);
  assert.equal(
    (await other.post('/api/citizen/requests', { right: 'copy', patient: person.patient })).status,
    403,
  );
  assert.equal((await other.get('/api/citizen/looks?patient=../x')).status, 403);
  assert.equal((await doctor.call('GET', '/api/citizen/looks')).status, 403);
  assert.equal((await world.bare('GET', '/api/citizen/looks')).status, 401);
  const { rows } = (await person.get('/api/citizen/looks')).body;
  assert.ok(rows.some(({ refused, own }: { refused: number; own: boolean }) => refused >= 2 && !own));
});

test('a mother sees the log of her small child, not of her grown one', async () => {
  const { mother, child } = await family('2021-05-05');
  const persons = (await mother.get('/api/citizen/persons')).body.rows;
  assert.deepEqual(
    persons.map(({ patient, kind }: { patient: string; kind: string }) => [patient, kind]),
    [
      [mother.patient, 'self'],
      [child, 'representative'],
    ],
  );
  assert.equal((await mother.get(`/api/citizen/looks?patient=${child}`)).status, 200);
  const grown = await family('2000-05-05');
  assert.equal((await grown.mother.get(`/api/citizen/looks?patient=${grown.child}`)).status, 403);
});

test('what is private of an adolescent is shown to the adolescent, not to the mother: reads, searches, counts, everything', async () => {
  const { mother, child } = await family('2010-05-05');
  const label = {
    meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
  };
  const hidden = await world.observe(child, label);
  const plain = await world.observe(child, {});
  const self = await citizen(child);
  const seenBy = async (who: Citizen) => {
    const ids = ((await who.fhir('GET', `/fhir/Observation?patient=${child}`)).body.entry ?? []).map(
      ({ resource }: { resource: { id: string } }) => resource.id,
    );
    const { total } = (await who.fhir('GET', `/fhir/Observation?patient=${child}&_summary=count`)).body;
    const read = (await who.fhir('GET', `/fhir/Observation/${hidden}`)).status;
    const all = (await who.fhir('GET', `/fhir/Patient/${child}/$everything`)).text.includes(hidden);
    return { ids: ids.sort(), total, read: read === 200, all };
  };
  assert.deepEqual(await seenBy(mother), { ids: [plain], total: 1, read: false, all: false });
  assert.deepEqual(await seenBy(self), { ids: [hidden, plain].sort(), total: 2, read: true, all: true });
});

test('a request has its clocks in working days, is worked on by the officer alone, and told to the citizen', async () => {
  const person = await citizen();
  const made = await person.post('/api/citizen/requests', { right: 'delete', text: 'Xóa số điện thoại cũ' });
  assert.deepEqual(
    [made.status, made.body.answerDue, made.body.due, made.body.left],
    [200, '2026-11-24', '2026-12-18', 2],
  );
  assert.equal((await person.post('/api/citizen/requests', { right: 'gift' })).status, 400);
  assert.equal((await person.post('/api/citizen/requests', { right: 'unknown-look' })).status, 400);
  const list = (await officer.call('GET', '/api/privacy/requests')).body.rows;
  assert.ok(list.some(({ id }: { id: string }) => id === made.body.id));
  const work = (who: Person, body: object) =>
    who.call('POST', `/api/privacy/requests/${made.body.id}`, body, JSON_BODY);
  const staff = await world.staff('doctor', 'cs-1');
  assert.equal((await work(staff, { step: 'accept' })).status, 403);
  assert.equal((await staff.call('GET', '/api/privacy/requests')).status, 403);
  assert.equal((await work(officer, { step: 'accept' })).body.left, 20);
  assert.equal((await work(officer, { step: 'complete', note: 'xong' })).status, 400);
  assert.equal(
    (await work(officer, { step: 'extend', note: 'Cần hỏi thêm cơ sở y tế' })).body.due,
    '2027-01-04',
  );
  assert.equal((await work(officer, { step: 'complete', note: 'Đã xóa số điện thoại cũ' })).body.left, null);
  assert.equal((await work(officer, { step: 'accept' })).status, 409);
  const { rows } = (await person.get('/api/citizen/requests')).body;
  assert.deepEqual([rows[0].status, rows[0].notes.at(-1).text], ['completed', 'Đã xóa số điện thoại cũ']);
});

test('an unknown look is reported to the officer with its words', async () => {
  const person = await citizen();
  const sent = await person.post('/api/citizen/requests', {
    right: 'unknown-look',
    look: 'Người doctor, Trạm cs-1, 20/11/2026',
    text: 'Tôi không khám ở đây',
  });
  assert.deepEqual([sent.status, sent.body.look], [200, 'Người doctor, Trạm cs-1, 20/11/2026']);
  const { rows } = (await officer.call('GET', '/api/privacy/requests')).body;
  const line = rows.find(({ id }: { id: string }) => id === sent.body.id);
  assert.deepEqual([line.code, line.patient, line.left], ['unknown-look', person.patient, 2]);
});
