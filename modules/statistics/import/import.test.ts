/** Files into reports: previewed line by line, written whole or not at all, and our own exports read back without a change. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adx, sheetRows } from '../../../engines/reports/index.ts';
import { openReportWorld, PERIOD, type ReportWorld, readReport, UNIT } from '../testing.ts';
import { numberIn } from './lines.ts';
import type { ImportAnswer } from './routes.ts';

let world: ReportWorld;
type Refused = { error: { code: string; issues: { text: string; expression?: string }[] } };
const FORM = 'kham-chua-benh';
const OPEN = { form: FORM, unit: UNIT, period: PERIOD };

before(async () => {
  world = await openReportWorld();
});
after(() => world.stop());

const send = (file: string | Buffer, more: object = {}, who = world.head) =>
  who.call<ImportAnswer & Refused>('POST', '/api/statistics/import', {
    content: Buffer.from(file).toString('base64'),
    ...more,
  });
const csv = (...lines: string[]) => ['form,unit,period,cell,value', ...lines].join('\n');
const at = (cell: string, value: string, period = PERIOD, unit = UNIT) =>
  `${FORM},${unit},${period},${cell},${value}`;
const outcomes = ({ lines }: ImportAnswer) => lines.map(({ line, outcome }) => [line, outcome]);

test('a preview says what each line would do, and writes nothing', async () => {
  const file = csv(
    at('village.total', '12'),
    at('visits.total', '121'),
    at('visits.female', 'nhiều'),
    at('khong.co', '1'),
    at('village.total', '13'),
    at('beds.total', '5', '2026-13'),
    at('beds.total', '5', PERIOD, 'tram-khac'),
    at('persons.total', '80'),
  );
  const { status, body } = await send(file);
  assert.equal(status, 200);
  assert.deepEqual(outcomes(body), [
    [2, 'typed'],
    [3, 'corrected'],
    [4, 'wrong'],
    [5, 'wrong'],
    [6, 'wrong'],
    [7, 'wrong'],
    [8, 'wrong'],
    [9, 'same'],
  ]);
  assert.match(body.lines[4]!.text!, /dòng 2/);
  assert.equal(body.lines[1]!.before, 119);
  assert.match(body.lines[0]!.title, /Tổng số/);
  assert.equal(body.written, false);
  assert.equal((await readReport(world.head, world.sheet)).cells['village.total']?.value, null);
});

test('wrong lines are refused unless they are left out by number; a corrected count needs a reason; all lines or none', async () => {
  const file = csv(at('village.total', '12'), at('visits.total', '121'), at('khong.co', '1'));
  const { token } = (await send(file)).body;
  const refused = await send(file, { write: { token, reason: 'Sổ giấy' } });
  assert.equal(refused.status, 400);
  assert.equal(refused.body.error.issues[0]?.expression, 'lines[4]');
  const without = await send(file, { write: { token, leaveOut: [4] } });
  assert.match(without.body.error.issues[0]?.text ?? '', /lý do/);
  assert.equal(
    (await readReport(world.head, world.sheet)).cells['village.total']?.value,
    null,
    'nothing was written',
  );
  const done = await send(file, { write: { token, reason: 'Sổ giấy', leaveOut: [4] } });
  assert.equal(done.status, 200);
  assert.equal(done.body.written, true);
  const report = await readReport(world.head, world.sheet);
  assert.deepEqual(
    [
      report.cells['village.total']?.value,
      report.cells['visits.total']?.value,
      report.cells['visits.total']?.reason,
    ],
    [12, 121, 'Sổ giấy'],
  );
  const stale = await send(file, { write: { token, reason: 'x', leaveOut: [4] } });
  assert.equal(stale.status, 412, 'what was shown is no more');
});

test('what leaves the house comes back without a change: CSV, ADX and the spreadsheet', async () => {
  for (const ending of ['csv', 'adx', 'xlsx']) {
    const bytes = Buffer.from(await (await world.download(`${world.sheet}/file.${ending}`)).arrayBuffer());
    const { status, body } = await send(bytes, OPEN);
    assert.equal(status, 200, ending);
    assert.equal(body.kind, ending);
    assert.ok(body.lines.length > 10, ending);
    assert.deepEqual(
      body.lines.filter(({ outcome }) => outcome !== 'same'),
      [],
      ending,
    );
    assert.deepEqual(body.notes, [], ending);
  }
});

test('numbers of another system come in by ADX, each group to its unit and month', async () => {
  const group = (period: string, value: number) => ({
    unit: UNIT,
    period,
    form: `${FORM}|2025-07-01`,
    values: [{ cell: 'village.total', value }],
  });
  const file = adx([group('2026-08-01/P1M', 8), group('2026-09-01/P1M', 9), group('2026-09-15/P1W', 1)], 'x');
  const { body } = await send(file);
  assert.deepEqual(outcomes(body), [
    [1, 'typed'],
    [2, 'typed'],
    [3, 'wrong'],
  ]);
  const done = await send(file, { write: { token: body.token, leaveOut: [3] } });
  assert.equal(done.status, 200);
  for (const [month, value] of [
    ['2026-08', 8],
    ['2026-09', 9],
  ] as const) {
    const report = await readReport(world.head, world.sheet.replace(PERIOD, month));
    assert.equal(report.cells['village.total']?.value, value);
  }
});

test('a file says where a cell made of others differs, and never writes it', async () => {
  const report = await readReport(world.head, world.sheet);
  const formula = report.formulas[0]?.cell;
  if (formula === undefined) return;
  const { body } = await send(csv(at(formula, '999999')));
  assert.equal(body.lines[0]?.outcome, 'formula');
  assert.match(body.lines[0]?.text ?? '', /tính từ ô khác/);
});

test('half a visit and less than none are refused by name, in a file and in the grid', async () => {
  const { body } = await send(csv(at('village.total', '1.5'), at('village.female', '-1')));
  assert.deepEqual(
    body.lines.map(({ outcome, text }) => [outcome, text]),
    [
      ['wrong', 'Ô này là số nguyên, không ghi 1,5 được.'],
      ['wrong', 'Số -1 nhỏ hơn 0.'],
    ],
  );
  for (const value of [1.5, -1]) {
    const changes = [{ cell: 'village.total', value, seen: 0 }];
    const { status } = await world.head.call('PUT', `${world.sheet}/cells`, { changes });
    assert.equal(status, 400, String(value));
  }
});

test('others’ units, handed-in reports and files that are none are refused with a sentence', async () => {
  assert.equal(
    (await send(csv(at('village.total', '1')), {}, world.province)).body.lines[0]?.outcome,
    'wrong',
  );
  for (const file of [
    'a,b\n1,2',
    '<html/>',
    '<adx',
    'PK\u0003\u0004 nothing',
    '<!DOCTYPE a [<!ENTITY b "c">]><adx/>',
    '',
  ]) {
    const { status, body } = await send(file, OPEN);
    assert.equal(status, 400, file);
    assert.ok(body.error.issues[0]?.text, file);
  }
  const bytes = Buffer.from(await (await world.download(`${world.sheet}/file.xlsx`)).arrayBuffer());
  assert.equal((await send(bytes)).status, 400, 'a spreadsheet does not say where its numbers belong');
});

test('numbers as files write them; a directory that leads out of the file is no spreadsheet', () => {
  const cases: [string | number | null, number | null | undefined][] = [
    ['12', 12],
    ['-1.5', -1.5],
    ['12,5', 12.5],
    ['1.234,5', 1234.5],
    ['1.234.567', 1234567],
    ['1e3', 1000],
    [7, 7],
    [null, null],
    ['1,234.5', undefined],
    ['=1+1', undefined],
    ['', undefined],
  ];
  for (const [text, number] of cases) assert.equal(numberIn(text), number, String(text));
  const broken = Buffer.alloc(22);
  broken.writeUInt32LE(0x06054b50, 0);
  broken.writeUInt16LE(3, 10);
  broken.writeUInt32LE(0xfffffff0, 16);
  assert.equal(sheetRows(broken), null);
});
