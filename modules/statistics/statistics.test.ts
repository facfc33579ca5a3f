/** A report from its numbers to its lock, over HTTP, in the whole program on a database of its own. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import type { Punctuality } from './due.ts';
import type { OverdueUnit } from './reminders.ts';
import { type DueReport, inTurn, type UnitRate } from './routes-list.ts';
import type { SheetAnswer } from './routes-sheet.ts';
import type { State } from './states.ts';
import { openReportWorld, PERIOD, type ReportWorld, readReport, UNIT } from './testing.ts';

let world: ReportWorld;
/** September has no visits, so the check against the month before asks for a reason. */
const FIRST = 'Tháng đầu dùng phần mềm';
const read = () => readReport(world.head, world.sheet);
const write = (changes: unknown, who = world.head) =>
  who.call<
    SheetAnswer & { error: { code: string; details: { theirs: unknown[] }; issues: { text: string }[] } }
  >('PUT', `${world.sheet}/cells`, { changes });
const step = (who: ReportWorld['head'], act: string, reason = '') =>
  who.call<SheetAnswer & { error: { code: string; issues: { expression?: string }[] } }>(
    'POST',
    `${world.sheet}/steps`,
    { act, reason },
  );

before(async () => {
  world = await openReportWorld();
});
after(() => world.stop());

test('a report is counted from the record, and says when', async () => {
  const report = await read();
  assert.equal(report.form.code, 'Biểu 9/BCX');
  assert.equal(report.periodText, 'Tháng 10 năm 2026');
  assert.equal(report.cells['visits.total']?.value, 119, 'the cancelled visit is not counted');
  assert.equal(report.cells['visits.total']?.origin, 'counted');
  assert.equal(report.cells['persons.total']?.value, 80);
  assert.equal(report.cells['village.total']?.value, null);
  assert.equal(report.due, '2026-11-06', 'five working days after the 31st');
  assert.match(report.made, /\+07:00$/);
  assert.deepEqual(report.may, { write: true, acts: ['submit'] });
});

test('typed and corrected numbers: a correction needs a reason, keeps what was counted, and has a history', async () => {
  const without = await write([{ cell: 'visits.total', value: 121, seen: 0 }]);
  assert.equal(without.status, 400);
  assert.match(without.body.error.issues[0]!.text, /lý do/);
  const made = await write([
    { cell: 'visits.total', value: 121, seen: 0, reason: 'Hai lượt ghi sổ giấy ngày mất điện' },
    { cell: 'village.total', value: 40, seen: 0 },
  ]);
  assert.equal(made.status, 200);
  assert.equal(made.body.cells['visits.total']?.origin, 'corrected');
  assert.equal(made.body.cells['visits.total']?.counted, 119);
  const again = await write([{ cell: 'visits.total', value: null, seen: 1 }]);
  assert.equal(again.body.cells['visits.total']?.value, 119, 'taken back: the counted number stands again');
  const history = await world.head.call<{
    rows: { n: number; value: number | null; counted: number; reason: string; byName: string }[];
  }>('GET', `${world.sheet}/cells/visits.total/history`);
  assert.deepEqual(
    history.body.rows.map(({ n, value, counted, byName }) => [n, value, counted, byName]),
    [
      [2, null, 119, 'truongtram'],
      [1, 121, 119, 'truongtram'],
    ],
  );
  for (const cell of ['under6', 'village.none', 'antenatal.under6'])
    assert.equal((await write([{ cell, value: 1, seen: 0 }])).status, 400, cell);
  for (const value of ['1', undefined, 1e300, {}])
    assert.equal((await write([{ cell: 'village.total', value, seen: 1 }])).status, 400, String(value));
});

test('two people in the same cell: who comes second sees the other’s number, and nothing is lost', async () => {
  const nurse = await world.signIn('dieuduong');
  assert.equal((await write([{ cell: 'traditional.total', value: 5, seen: 0 }], nurse)).status, 200);
  const second = await write([
    { cell: 'traditional.total', value: 6, seen: 0 },
    { cell: 'beds.total', value: 4, seen: 0 },
  ]);
  assert.equal(second.status, 412);
  assert.deepEqual(
    second.body.error.details.theirs.map((one) => (one as { value: number; byName: string }).value),
    [5],
  );
  assert.equal((await read()).cells['beds.total']?.value, null, 'all changes or none');
  assert.equal(
    (await write([{ cell: 'traditional.total', value: 5, seen: 0 }])).status,
    200,
    'the same number is no conflict',
  );
});

test('a change of the record reaches the number, before and after it moved', async () => {
  const { encounter } = await world.arrive();
  const { kernel } = world.program;
  const session = kernel.gate.system('test');
  const visit = await session.read('Encounter', encounter);
  const at = async (start: string) => {
    const now = await session.read('Encounter', encounter);
    await session.update({ ...now, period: { ...now.period, start } });
    await kernel.events.settled();
    return (await read()).cells['visits.total']?.value;
  };
  assert.equal(visit.serviceProvider?.reference, `Organization/${UNIT}`);
  assert.equal(await at('2026-10-20T08:00:00+07:00'), 120);
  assert.equal(await at('2026-09-20T08:00:00+07:00'), 119, 'the month that it left is counted anew too');
});

test('people behind a number: names of those whom the reader may see, the others without, each looked at in the audit', async () => {
  const arrived = await world.arrive({ name: [{ text: 'Nguyễn Thị Ánh Đào' }] });
  const { kernel } = world.program;
  await kernel.events.settled();
  const november = world.sheet.replace(PERIOD, '2026-11');
  const path = `${november}/cells/visits.total/people`;
  const seen = await world.head.call<{
    rows: { resource: string; name?: string; birthYear: string }[];
    withheld: number;
  }>('GET', path);
  const line = seen.body.rows.find(({ resource }) => resource === arrived.encounter);
  assert.equal(line?.name, 'Nguyễn Thị Ánh Đào');
  const audit = await kernel.pool.query(
    'select 1 from audit where patient = $1 and who = $2 and action = $3',
    [arrived.patient, 'truongtram', 'read'],
  );
  assert.ok(audit.rows.length > 0);
  const bare = await world.province.call<{ rows: { resource: string; name?: string }[]; withheld: number }>(
    'GET',
    path,
  );
  assert.ok(bare.body.rows.length > 0 && bare.body.rows.every(({ name }) => name === undefined));
  assert.equal(bare.body.withheld, bare.body.rows.length);
  const october = await world.head.call<{ rows: unknown[]; next?: string; withheld: number }>(
    'GET',
    `${world.sheet}/cells/visits.total/people`,
  );
  assert.equal(october.body.rows.length, 50);
  assert.equal(october.body.withheld, 50, 'rows that the record does not show are counted without a name');
  const second = await world.head.call<{ rows: unknown[]; next?: string }>(
    'GET',
    `${world.sheet}/cells/visits.total/people?cursor=${october.body.next}`,
  );
  assert.equal(second.body.rows.length, 50);
  assert.equal((await world.head.call('GET', `${world.sheet}/cells/village.total/people`)).status, 400);
});

test('another unit’s report is not there, for its readers and its writers', async () => {
  const other = await world.hire('truongtram9', 'station-head', 'bhxh');
  assert.equal((await other.call('GET', world.sheet)).status, 404);
  assert.equal((await other.call('GET', `${world.sheet}/cells/visits.total/people`)).status, 404);
  const { rows: lines } = await world.program.kernel.pool.query<{ what: string }>(
    `select what from audit where who = 'truongtram9' and outcome = 'refused'`,
  );
  assert.deepEqual(
    lines.map(({ what }) => what),
    [`numbers of ${UNIT}`, `numbers of ${UNIT}`],
  );
  assert.equal((await write([{ cell: 'village.total', value: 1, seen: 0 }], other)).status, 404);
  assert.equal((await write([{ cell: 'village.total', value: 1, seen: 0 }], world.province)).status, 403);
  const clerk = await world.hire('giamdinh9', 'insurance');
  assert.equal((await clerk.call('GET', world.sheet)).status, 403);
  for (const path of ['kham-chua-benh/khong-co/2026-10', 'khong-co/cs-25D01/2026-10'])
    assert.equal((await world.head.call('GET', `/api/statistics/sheets/${path}`)).status, 404, path);
  for (const period of ['2026-13', '2026-Q1', 'x', '2026'])
    assert.equal((await world.head.call('GET', world.sheet.replace(PERIOD, period))).status, 400, period);
});

test('comments and flags stand at their cell and in the list of what is to be looked at', async () => {
  const path = `${world.sheet}/cells/visits.total/remark`;
  await world.head.call('PUT', path, { text: 'Hỏi lại điểm trạm', follow: true });
  assert.equal((await read()).cells['visits.total']?.remark, 'Hỏi lại điểm trạm');
  const list = await world.province.call<{ rows: { cell: string; text: string }[] }>(
    'GET',
    `/api/statistics/follow-up?month=${PERIOD}`,
  );
  assert.deepEqual(
    list.body.rows.map(({ cell, text }) => [cell, text]),
    [['visits.total', 'Hỏi lại điểm trạm']],
  );
  await world.head.call('PUT', path, { text: '', follow: false });
  assert.equal((await read()).cells['visits.total']?.remark, undefined);
});

test('station → province: refused with a fault, handed in, returned with a reason, approved, locked, reopened', async () => {
  const wrong = await write([{ cell: 'traditional.total', value: 1000, seen: 1 }]);
  assert.ok(wrong.body.faults.some(({ code, level }) => code === 'yhct' && level === 'compulsory'));
  const refused = await step(world.head, 'submit', FIRST);
  assert.equal(refused.status, 422);
  assert.equal(refused.body.error.issues[0]?.expression, 'checks.yhct');
  await write([{ cell: 'traditional.total', value: 5, seen: 2 }]);
  const nurse = await world.signIn('dieuduong');
  assert.equal((await step(nurse, 'submit')).status, 403);
  assert.equal((await step(world.province, 'approve')).status, 409, 'nothing was handed in yet');
  const handed = await step(world.head, 'submit', FIRST);
  assert.equal(handed.body.state, 'submitted');
  assert.equal(handed.body.punctuality, 'late');
  assert.equal(
    (await write([{ cell: 'village.total', value: 41, seen: 1 }])).status,
    409,
    'what was handed in is not written in',
  );
  assert.equal((await step(world.province, 'return')).status, 400, 'a return says why');
  assert.equal((await step(world.province, 'return', 'Thiếu khám lưu động')).body.state, 'open');
  await write([{ cell: 'village.total', value: 42, seen: 1 }]);
  await step(world.head, 'submit', FIRST);
  assert.equal((await step(world.head, 'approve')).status, 403);
  const approved = await step(world.province, 'approve');
  assert.equal(approved.body.state, 'approved');
  assert.deepEqual(
    approved.body.steps.map(({ act }) => act),
    ['submit', 'return', 'submit', 'approve'],
  );
  assert.equal((await step(world.head, 'withdraw', 'quên')).status, 409);
});

test('a locked report keeps its numbers when the record changes, and shows the difference', async () => {
  const { pool } = world.program.kernel;
  await pool.query(`update views.visit set status = 'cancelled' where resource_key = 'luot-001'`);
  await pool.query('update statistics.figure set stale = true');
  const locked = await read();
  assert.equal(locked.cells['visits.total']?.value, 119);
  assert.equal(locked.cells['visits.total']?.today, 118);
  assert.equal((await step(world.province, 'reopen', 'Một lượt ghi nhầm')).body.state, 'open');
  const opened = await read();
  assert.equal(opened.cells['visits.total']?.value, 118);
  assert.equal(opened.cells['visits.total']?.today, undefined);
  await step(world.head, 'submit', FIRST);
  await step(world.province, 'approve');
});

test('a report of a period that has not begun is not checked, asked about or handed in', async () => {
  const path = world.sheet.replace(PERIOD, '2026-12');
  const ahead = await readReport(world.head, path);
  assert.deepEqual([ahead.begins, ahead.faults, ahead.may.acts], ['2026-12-01', [], []]);
  const running = await readReport(world.head, world.sheet.replace(PERIOD, '2026-11'));
  assert.equal(running.begins, null);
  assert.ok(running.faults.length > 0, 'the running month is looked at');
  const questions = await world.head.call<{ rows: unknown[] }>('GET', `${path}/questions`);
  assert.deepEqual(questions.body.rows, []);
  const { status, body } = await world.head.call<{ message?: string }>('POST', `${path}/steps`, {
    act: 'submit',
    reason: 'Cả tháng không có ai',
  });
  assert.equal(status, 422, JSON.stringify(body));
  assert.match(JSON.stringify(body), /01\/12\/2026/);
  assert.equal((await readReport(world.head, path)).state, 'open');
});

test('words are kept whole or refused, never cut short', async () => {
  const long = 'x'.repeat(501);
  const status = async (answer: Promise<{ status: number }>) => (await answer).status;
  assert.equal(
    await status(world.province.call('POST', `${world.sheet}/steps`, { act: 'reopen', reason: long })),
    400,
  );
  const reminder = { month: PERIOD, text: long };
  assert.equal(
    await status(world.province.call('POST', `/api/statistics/overdue/${UNIT}/reminders`, reminder)),
    400,
  );
  const remark = (text: string) =>
    status(world.head.call('PUT', `${world.sheet}/cells/visits.total/remark`, { text, follow: false }));
  assert.equal(await remark('x'.repeat(1001)), 400);
  assert.equal(await remark('x'.repeat(1000)), 200);
  assert.equal((await read()).cells['visits.total']?.remark?.length, 1000);
  assert.equal(await remark(''), 200);
});

test('who is late, and how punctual each unit is', async () => {
  const list = await world.province.call<{ rows: DueReport[] }>(
    'GET',
    `/api/statistics/forms?month=${PERIOD}`,
  );
  const own = list.body.rows.filter(({ unit }) => unit === UNIT);
  assert.deepEqual(own.map(({ form, state, punctuality }) => [form, state, punctuality]).sort(), [
    ['cham-soc-ba-me', 'open', 'missing'],
    ['kham-chua-benh', 'approved', 'late'],
    ['khong-lay-nhiem', 'open', 'missing'],
    ['tiem-chung', 'open', 'missing'],
  ]);
  const rates = await world.province.call<{ rows: UnitRate[] }>(
    'GET',
    `/api/statistics/reporting?month=${PERIOD}`,
  );
  assert.deepEqual(
    rates.body.rows.map(({ expected, handed, inTime }) => [expected, handed, inTime]),
    [[4, 1, 0]],
  );
  assert.equal(
    (await world.head.call<{ rows: UnitRate[] }>('GET', '/api/statistics/reporting?month=2026-11')).body
      .rows[0]?.expected,
    0,
  );
});

test('what waits for the reader stands first: of the province what was handed in longest ago, of a unit what it owes', () => {
  const row = (form: string, state: State, how: Punctuality, handed: string | null): DueReport => ({
    ...{
      form,
      code: form,
      title: form,
      titleEn: form,
      unit: UNIT,
      unitName: '',
      period: PERIOD,
      periodText: '',
    },
    ...{ state, due: '', punctuality: how, handed },
  });
  const rows = [
    row('approved', 'approved', 'late', '2026-11-01'),
    row('in-time', 'open', 'waiting', null),
    row('owed', 'open', 'missing', null),
    row('second', 'submitted', 'in-time', '2026-11-03'),
    row('first', 'submitted', 'late', '2026-11-02'),
  ];
  const order = (province: boolean) => inTurn(rows, province).map(({ form }) => form);
  assert.deepEqual(order(true), ['first', 'second', 'owed', 'in-time', 'approved']);
  assert.deepEqual(order(false), ['owed', 'in-time', 'second', 'first', 'approved']);
});

test('who is overdue is reminded by the province with words, and sees it', async () => {
  const path = `/api/statistics/overdue?month=${PERIOD}`;
  const read = async (who: ReportWorld['head']) =>
    (await who.call<{ rows: OverdueUnit[] }>('GET', path)).body.rows.find(({ unit }) => unit === UNIT);
  const remind = (who: ReportWorld['head'], text: string, unit = UNIT) =>
    who.call<{ rows: OverdueUnit[] }>('POST', `/api/statistics/overdue/${unit}/reminders`, {
      month: PERIOD,
      text,
    });
  const before = await read(world.province);
  assert.ok(before!.missing.length > 0);
  assert.deepEqual(before!.reminders, []);
  assert.equal((await remind(world.province, ' ')).status, 400);
  assert.equal((await remind(world.province, 'gọi', 'khong-co')).status, 404);
  assert.equal((await remind(world.head, 'gọi')).status, 403);
  assert.equal((await remind(world.province, 'Gọi chị Hà, hẹn chiều nay')).status, 200);
  assert.deepEqual(
    (await read(world.head))?.reminders.map(({ text, byName }) => [text, byName]),
    [['Gọi chị Hà, hẹn chiều nay', 'dieuhanh']],
  );
});

test('every form of the content opens, and leaves the house as page, spreadsheet, paper and CSV', async () => {
  for (const form of ['kham-chua-benh', 'tiem-chung', 'khong-lay-nhiem', 'cham-soc-ba-me']) {
    const path = world.sheet.replace('kham-chua-benh', form);
    assert.equal((await readReport(world.head, path)).form.key, form);
    for (const ending of ['html', 'xlsx', 'csv', 'pdf', 'adx']) {
      const file = await world.download(`${path}/file.${ending}`);
      assert.equal(file.status, 200, `${form}.${ending}`);
      const bytes = Buffer.from(await file.arrayBuffer());
      if (ending === 'pdf') {
        const words = new Pdf(bytes).pages().join(' ').replace(/\s+/g, ' ');
        assert.ok(words.includes('Tháng 10 năm 2026') && words.includes('Thủ trưởng đơn vị'), words);
      }
      if (ending === 'adx' && form === 'kham-chua-benh') {
        const { adx } = new XMLParser({ ignoreAttributes: false }).parse(bytes.toString(), true);
        assert.equal(adx['@_xmlns'], 'urn:ihe:qrph:adx:2015');
        assert.deepEqual(
          [adx.group['@_orgUnit'], adx.group['@_period'], adx.group['@_dataSet']],
          [UNIT, '2026-10-01/P1M', 'kham-chua-benh|2025-07-01'],
        );
        const values = adx.group.dataValue as Record<string, string>[];
        assert.equal(values.find((one) => one['@_dataElement'] === 'visits.total')?.['@_value'], '118');
      }
      if (ending === 'csv' && form === 'kham-chua-benh')
        assert.match(
          bytes.toString(),
          /^Biểu 9\/BCX,2025-07-01,cs-25D01,2026-10,visits\.total,118,counted$/m,
        );
    }
  }
});
