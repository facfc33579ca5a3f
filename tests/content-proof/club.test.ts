/** A club that nobody wrote code for, from the form to the approved report, over HTTP (issue 6, 6). The browser walks it in `walk.browser.test.ts`. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import { type Call, type Club, FIRST_DAY, openClub, UNIT } from './club.testing.ts';

let club: Club;
let nurse: Call;
const form = (key: string) => `http://yba.vn/fhir/Questionnaire/${key}|2026-01-01`;
const MONTH = FIRST_DAY.slice(0, 7);

before(async () => {
  club = await openClub();

  nurse = await club.signIn('dieuduong');
});
after(() => club[Symbol.asyncDispose]());

type Item = { linkId: string; answer?: object[]; item?: Item[] };
const answered = (linkId: string, value: object): Item => ({ linkId, answer: [value] });

/** Fills in a form as the screen does: what it begins with, and the answers by group. */
function fill(key: string, patient: string, item: Item[]) {
  return nurse('POST', '/api/forms/answers', {
    form: form(key),
    patient,
    response: { resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: form(key), item },
  });
}

const application = (metres: number, { isAfraid = false, second = '' } = {}): Item[] => [
  { linkId: 'nguoi', item: [answered('so-gio', { valueBoolean: isAfraid })] },
  {
    linkId: 'dieu',
    item: [
      answered('loai', {
        valueCoding: { system: 'http://yba.vn/fhir/cs/loai-dieu', code: 'sao', display: 'Diều sáo' },
      }),
      answered('so-sao', { valueInteger: 3 }),
      answered('day', { valueDecimal: metres }),
      answered('do-cao', { valueDecimal: metres * 0.7 }),
      ...(second === '' ? [] : [answered('nguoi-giu', { valueString: second })]),
    ],
  },
];

const flight = (wind: number, place: string): Item[] => [
  answered('gio', { valueInteger: wind }),
  answered('bay', { valueString: place }),
];

async function ok(answer: Promise<{ status: number; body: unknown }>) {
  const { status, body } = await answer;
  assert.ok(status < 300, `${status} ${JSON.stringify(body).slice(0, 600)}`);
  // biome-ignore lint/suspicious/noExplicitAny: bodies of many routes
  return body as any;
}

const settled = () => club.program.kernel.events.settled();

test('the form: refused with a sentence where it is wrong, written with its facts where it is right', async () => {
  const { patient } = club.villagers[0]!;
  const long = await fill('don-xin-tha-dieu', patient, application(300));
  assert.equal(long.status, 422, JSON.stringify(long.body).slice(0, 400));
  assert.match(JSON.stringify(long.body), /người giữ dây thứ hai/);
  await ok(fill('don-xin-tha-dieu', patient, application(120)));
  club.setDay(FIRST_DAY, '09:05');
  await ok(fill('don-xin-tha-dieu', club.villagers[1]!.patient, application(30, { isAfraid: true })));
  const facts = await ok(
    nurse(
      'GET',
      `/fhir/Observation?patient=${patient}&code=http://yba.vn/fhir/cs/viec-tha-dieu|day-dieu,http://yba.vn/fhir/cs/viec-tha-dieu|don-xin`,
    ),
  );
  assert.deepEqual(
    facts.entry
      .map(({ resource: one }: { resource: { valueQuantity?: { value: number; code: string } } }) =>
        one.valueQuantity ? `${one.valueQuantity.value} ${one.valueQuantity.code}` : 'asked',
      )
      .sort(),
    ['120 m', 'asked'],
  );
  const { rows } = await ok(nurse('GET', `/api/record/${patient}/timeline`));
  assert.equal(rows[0].title, 'Đơn xin vào câu lạc bộ thả diều');
  assert.ok(rows[0].lines.some(({ text }: { text: string }) => text === 'Chiều dài dây: 120 m'));
});

test('the programme: who applied is proposed, enrolled, reminded, called, and done with the flight', async () => {
  const [flyer, afraid] = club.villagers as [Club['villagers'][0], Club['villagers'][0]];
  await settled();
  const invited = await ok(nurse('GET', '/api/programmes/tha-dieu/worklist?list=invite'));
  assert.deepEqual(
    invited.rows.map(({ patient }: { patient: string }) => patient),
    [flyer.patient],
  );
  const refused = await nurse('POST', `/api/programmes/tha-dieu/people/${afraid.patient}/enrol`, {});
  assert.equal(refused.status, 422);
  assert.match(JSON.stringify(refused.body), /Sợ gió/);
  await ok(nurse('POST', `/api/programmes/tha-dieu/people/${flyer.patient}/enrol`, {}));
  club.setDay('2026-10-20');
  nurse = await club.signIn('dieuduong');
  await settled();
  const late = await ok(nurse('GET', '/api/programmes/tha-dieu/worklist?list=overdue'));
  assert.equal(late.rows.length, 1);
  assert.equal(late.rows[0].patient, flyer.patient);
  assert.equal(late.rows[0].tasks[0].title, 'Chuyến bay đầu');
  assert.equal(late.rows[0].tasks[0].due, '2026-10-15');
  await ok(
    nurse('POST', `/api/programmes/tha-dieu/people/${flyer.patient}/calls`, {
      result: 'agreed',
      about: 'chuyen-dau',
      note: 'Chiều nay ra bãi cỏ',
    }),
  );
  await ok(fill('phieu-bay', flyer.patient, flight(3, 'Bãi cỏ đầu làng')));
  await settled();
  const after = await ok(nurse('GET', '/api/programmes/tha-dieu/worklist?list=overdue'));
  assert.equal(after.total, 0);
  const all = await ok(nurse('GET', '/api/programmes/tha-dieu/worklist?list=all'));
  assert.deepEqual(all.rows[0].advice ?? [], []);
  club.setDay('2026-10-20', '09:10');
  await ok(
    fill('phieu-bay', flyer.patient, [
      answered('gio', { valueInteger: 2 }),
      answered('kiem', {
        valueCoding: {
          system: 'http://yba.vn/fhir/cs/ket-qua-kiem-dieu',
          code: 'rach',
          display: 'Diều rách',
        },
      }),
      answered('thu', { valueString: 'Bà Tư' }),
    ]),
  );
  await settled();
  const [torn] = (await ok(nurse('GET', '/api/programmes/tha-dieu/worklist?list=all'))).rows;
  assert.equal(torn.advice[0].title, 'Diều rách: dán lại trước khi bay');
  const targets = all.rows[0].targets;
  assert.deepEqual(targets, [{ key: 'day-dai', text: 'Dây diều dài từ 50 m', met: true }]);
});

test('the rule: silent first, run over the past, switched on, then its card is shown with source and alternative', async () => {
  const { patient } = club.villagers[2]!;
  await ok(fill('phieu-bay', patient, [answered('gio', { valueInteger: 8 })]));
  const { store, gate } = club.program.kernel;
  await gate.system('test').create({
    resourceType: 'Encounter',
    id: store.newId('Encounter', patient),
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${patient}` },
    serviceProvider: { reference: `Organization/${UNIT}` },
    period: { start: '2026-10-20T10:00:00+07:00', end: '2026-10-20T11:00:00+07:00' },
  } as never);
  const hook = () =>
    nurse('POST', '/cds-services/yba-patient-view', {
      hook: 'patient-view',
      hookInstance: randomUUID(),
      context: { userId: 'Practitioner/nv-25D01-dieuduong', patientId: patient },
    });
  assert.ok(!JSON.stringify((await hook()).body).includes('Gió cấp'), 'a silent rule speaks');
  const officer = await club.signIn('noidung');
  const tooSoon = await officer('POST', '/api/decisions/rules/gio-qua-manh/state', {
    state: 'live',
    note: 'Ban gió họp',
  });
  assert.equal(tooSoon.status, 422);
  await ok(
    officer('POST', '/api/decisions/rules/gio-qua-manh/trials', { from: '2026-10-01', to: '2026-10-20' }),
  );
  let rule = await ok(officer('GET', '/api/decisions/rules/gio-qua-manh'));
  while (rule.trial.state === 'running') rule = await ok(officer('GET', '/api/decisions/rules/gio-qua-manh'));
  assert.equal(rule.trial.state, 'done', JSON.stringify(rule.trial));
  await ok(
    officer('POST', '/api/decisions/rules/gio-qua-manh/state', {
      state: 'live',
      note: 'Ban gió họp ngày 20/10',
    }),
  );
  const { cards } = await ok(hook());
  const card = cards.find(({ summary }: { summary: string }) => summary.startsWith('Gió cấp 8'));
  assert.equal(card.indicator, 'warning');
  assert.match(card.detail, /đứt dây/);
  assert.match(card.source.label, /Nội quy câu lạc bộ thả diều, điều 7/);
  assert.equal(card.suggestions[0].label, 'Hẹn thả diều hôm khác');
});

test('the certificate: numbered, signed, the same paper when it is asked for again', async () => {
  const { patient } = club.villagers[0]!;
  const made = await ok(
    nurse('POST', '/api/documents/papers/giay-hoi-vien', { subject: `Patient/${patient}` }),
  );
  assert.match(made.slice(0, 8), /^%PDF-1\.7/);
  const { rows } = await ok(nurse('GET', `/api/documents/people/${patient}/papers`));
  assert.equal(rows.length, 1);
  assert.match(rows[0].number, /DIEU/);
  const { matches } = await club.program.kernel.gate
    .system('test')
    .search('DocumentReference', [['patient', patient]]);
  const bytes = Buffer.from(matches[0]!.content[0]!.attachment.data!, 'base64');
  const printed = new Pdf(bytes).pages().join(' ').replace(/\s+/g, ' ');
  assert.match(printed, /GIẤY HỘI VIÊN THẢ DIỀU/);
  assert.match(printed, /NGUYỄN THỊ SÁO/);
  assert.match(printed, /Số chuyến đã bay:? 1\b/);
  assert.match(printed, /20\/10\/2026: Bãi cỏ đầu làng/);
  await ok(nurse('POST', '/api/documents/papers/giay-hoi-vien', { subject: `Patient/${patient}` }));
  assert.equal((await ok(nurse('GET', `/api/documents/people/${patient}/papers`))).rows.length, 1);
});

test('the report: counted, opened down to the person, checked, handed in, approved; the indicator has its people', async () => {
  club.setDay('2026-11-02');
  const [head, province] = [await club.signIn('truongtram'), await club.signIn('dieuhanh')];
  await settled();
  const path = `/api/statistics/sheets/tha-dieu/${UNIT}/${MONTH}`;
  const sheet = await ok(head('GET', path));
  const numbers = Object.fromEntries(
    Object.entries(sheet.cells as Record<string, { value: number | null }>).map(([key, { value }]) => [
      key,
      value,
    ]),
  );
  assert.deepEqual(
    ['members', 'asked', 'flown', 'flyers', 'torn'].map((row) => numbers[`${row}.all`]),
    [1, 2, 1, 1, 1],
    JSON.stringify(numbers),
  );
  assert.deepEqual([numbers['asked.female'], numbers['asked.male']], [1, 1]);
  const people = await ok(head('GET', `${path}/cells/members.all/people`));
  assert.equal(people.rows[0].patient ?? people.rows[0].person, club.villagers[0]!.patient);
  const wrong = await head('PUT', `${path}/cells`, { changes: [{ cell: 'trees.all', value: 5, seen: 0 }] });
  assert.equal(wrong.status, 200, JSON.stringify(wrong.body));
  const held = await head('POST', `${path}/steps`, { act: 'submit' });
  assert.equal(held.status, 422);
  assert.match(JSON.stringify(held.body), /mắc cây không thể nhiều hơn/);
  const seen = wrong.body.cells['trees.all'].n;
  await ok(head('PUT', `${path}/cells`, { changes: [{ cell: 'trees.all', value: 1, seen }] }));
  await ok(head('POST', `${path}/steps`, { act: 'submit' }));
  assert.equal((await ok(province('POST', `${path}/steps`, { act: 'approve' }))).state, 'approved');
  const { values } = await ok(
    province('GET', `/api/statistics/indicators/tha-dieu-tren-nghin?from=${MONTH}&to=${MONTH}`),
  );
  const own = values.find((one: { unit: string }) => one.unit === UNIT);
  assert.equal(own.numerator, 1, JSON.stringify(own));
  assert.ok(own.denominator > 1000 && own.value > 0, JSON.stringify(own));
});

test('the register: its own columns, by days and words; a line opens the person', async () => {
  nurse = await club.signIn('dieuduong');
  const { rows: books } = await ok(nurse('GET', '/api/station/books'));
  assert.ok(books.some(({ key }: { key: string }) => key === 'so-tha-dieu'));
  const book = await ok(nurse('GET', '/api/station/books/so-tha-dieu?from=2026-10-01&to=2026-10-31'));
  const [flyer, afraid] = club.villagers.map(({ name }) => name);
  assert.deepEqual(
    book.rows.map(({ cells }: { cells: Record<string, string> }) => [
      cells.number,
      cells.name,
      cells.what,
      cells.detail,
      cells.string,
    ]),
    [
      ['1', flyer, 'Nộp đơn', 'Diều sáo', '120'],
      ['2', afraid, 'Nộp đơn', 'Diều sáo', '30'],
      ['3', flyer, 'Bay', 'Bãi cỏ đầu làng', '120'],
      ['4', flyer, 'Kiểm diều', 'Diều rách', '120'],
      ['5', flyer, 'Thử gió', 'Bà Tư', '120'],
    ],
  );
  const found = await ok(
    nurse('GET', '/api/station/books/so-tha-dieu?from=2026-10-01&to=2026-10-31&q=bai%20co'),
  );
  assert.equal(found.total, 1);
  assert.equal(found.rows[0].person, club.villagers[0]!.patient);
  const file = await nurse('GET', '/api/station/books/so-tha-dieu/file.xlsx?from=2026-10-01&to=2026-10-31');
  assert.match(file.body.slice(0, 2), /^PK/);
  const page = await ok(
    nurse('GET', '/api/station/books/so-tha-dieu/file.html?from=2026-10-01&to=2026-10-31'),
  );
  assert.match(page, /<caption>Sổ thả diều · .*<\/caption>[\s\S]*Con diều[\s\S]*Bãi cỏ đầu làng/);
  const paper = await ok(
    nurse('GET', '/api/station/books/so-tha-dieu/file.pdf?from=2026-10-01&to=2026-10-31'),
  );
  assert.match(paper.slice(0, 8), /^%PDF-1\.7/);
  assert.equal((await nurse('GET', '/api/station/books/so-khac')).status, 404);
  assert.equal((await nurse('GET', '/api/station/books/so-tha-dieu?from=2026-13-01')).status, 400);
});
