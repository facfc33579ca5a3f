/** Forms that are not here are told with why; a province adds one by a file alone, and it is made and handed in like any other. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { type MissingForm, missingForms } from './missing-forms.ts';
import type { DueReport } from './routes-list.ts';
import type { SheetAnswer } from './routes-sheet.ts';
import { openReportWorld, type ReportWorld, UNIT } from './testing.ts';

const OWN = join(import.meta.dirname, '../../content');
/** As docs/content/6-bao-cao.md says of a form that is typed by hand. */
const FORM = {
  code: 'Biểu 1/BCX',
  title: 'Thông tin chung',
  titleEn: 'General information',
  source: 'bản in của Sở Y tế',
  status: 'house',
  period: 'month',
  dueDays: 5,
  units: ['tram-y-te'],
  rowTitle: 'Chỉ tiêu',
  sources: {},
  columns: [{ code: 'total', title: 'Tổng số' }],
  rows: [{ code: 'households', number: '1', title: 'Số hộ' }],
};

let world: ReportWorld;
let folder: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yba-form-'));
  mkdirSync(join(folder, 'reports/thong-tin-chung'), { recursive: true });
  writeFileSync(join(folder, 'reports/thong-tin-chung/2026-01-01.json'), JSON.stringify(FORM));
  world = await openReportWorld([folder]);
});
after(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

test('the forms of the circular that nobody could lay out are named with their reason, and no others', () => {
  const own = openContent(OWN);
  const missing = missingForms(own, '2026-12-31', ['tram-y-te']);
  assert.deepEqual(
    missing.map(({ code }) => code),
    ['Biểu 1/BCX', 'Biểu 13/BCX'],
  );
  for (const { reason, reasonEn } of missing) assert.ok(reason.length > 40 && reasonEn.length > 40);
  assert.deepEqual(missingForms(own, '2026-12-31', ['benh-vien']), [], 'a hospital does not owe them');
  assert.deepEqual(missingForms(own, '2027-03-31', ['tram-y-te']), [], 'nor does anybody after the circular');
});

test('a province adds a form by its file alone: it is due, typed, handed in, and no longer missing', async () => {
  const list = await world.head.call<{ rows: DueReport[]; missing: MissingForm[] }>(
    'GET',
    '/api/statistics/forms?month=2026-10',
  );
  assert.deepEqual(
    list.body.missing.map(({ code }) => code),
    ['Biểu 13/BCX'],
  );
  assert.ok(list.body.rows.some(({ form, unit }) => form === 'thong-tin-chung' && unit === UNIT));
  const sheet = `/api/statistics/sheets/thong-tin-chung/${UNIT}/2026-10`;
  const written = await world.head.call<SheetAnswer>('PUT', `${sheet}/cells`, {
    changes: [{ cell: 'households.total', value: 2134, seen: 0 }],
  });
  assert.deepEqual(
    [
      written.status,
      written.body.cells['households.total']?.value,
      written.body.cells['households.total']?.way,
    ],
    [200, 2134, 'typed'],
  );
  const handed = await world.head.call<SheetAnswer>('POST', `${sheet}/steps`, { act: 'submit', reason: '' });
  assert.deepEqual([handed.status, handed.body.state], [200, 'submitted']);
});

test('money and staff of a year: typed by hand, sums made, parts never above their whole', async () => {
  const adx = () =>
    world.head.call<{ error: { message: string } }>(
      'GET',
      `/api/statistics/sheets/tai-chinh/${UNIT}/2026/file.adx`,
    );
  const empty = await adx();
  assert.equal(empty.status, 422, 'a group of ADX has at least one number');
  assert.match(JSON.stringify(empty.body), /chưa có số nào/);
  const write = (form: string, changes: Record<string, number>) =>
    world.head.call<SheetAnswer>('PUT', `/api/statistics/sheets/${form}/${UNIT}/2026/cells`, {
      changes: Object.entries(changes).map(([cell, value]) => ({ cell, value, seen: 0 })),
    });
  const money = await write('tai-chinh', {
    'state.amount': 812.5,
    'insurance.amount': 340.125,
    'salaries.amount': 700,
    'supplies.amount': 95.5,
    'investment.amount': 120,
  });
  const amounts = Object.fromEntries(
    ['income', 'running', 'spending'].map((row) => [row, money.body.cells[`${row}.amount`]?.value]),
  );
  assert.deepEqual(amounts, { income: 1152.625, running: 795.5, spending: 915.5 });
  const staff = await write('nhan-luc', {
    'bac-si.station-total': 2,
    'bac-si.station-female': 3,
    'y-si.station-total': 1,
    'khac.village-total': 9,
  });
  assert.equal(staff.body.cells['total.station-total']?.value, 3);
  assert.equal(staff.body.cells['total.village-total']?.value, 9);
  assert.match(
    staff.body.faults.map(({ text }) => text).join('\n'),
    /Bác sĩ.*Số nữ không thể nhiều hơn tổng số/s,
  );
});
