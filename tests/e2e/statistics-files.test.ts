/** Numbers come in by a file with a preview; a merged station's series stands beside those of the stations of which it was made. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import {
  boundariesFolder,
  openReportWorld,
  PERIOD,
  type ReportWorld,
  readReport,
  UNIT,
} from '../../modules/statistics/testing.ts';
import { buildWeb } from '../../web/build.ts';
import { assertAccessible } from './support/accessible.ts';
import { launchBrowser, type Visit, visit } from './support/browser.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { signInOn } from './support/province.ts';

const FORMER = ['tich-son', 'hoi-hop', 'thanh-tru'];
const NAMES = ['Trạm Y tế phường Tích Sơn', 'Trạm Y tế phường Hội Hợp', 'Trạm Y tế xã Thanh Trù'];
const folder = boundariesFolder(FORMER.map((unit) => `cs-${unit},${UNIT},2026-08-01,,,NQ`));
let world: ReportWorld;
let browser: Browser;

before(async () => {
  await buildWeb();
  [world, browser] = await Promise.all([openReportWorld([folder]), launchBrowser()]);
  const { pool } = world.program.kernel;
  for (const [at, unit] of FORMER.entries()) {
    await pool.query(
      `insert into views.unit (resource_key, name, kind) values ('cs-' || $1, $2, 'tram-y-te')`,
      [unit, NAMES[at]],
    );
    await visits(`cs-${unit}`, ['2026-05', '2026-06', '2026-07'], 20 + at * 15, 0.4 + at * 0.2);
  }
  await visits(UNIT, ['2026-08', '2026-09'], 110, 0.7);
  await pool.query(
    `insert into views.coverage (resource_key, person, card_number) values ('the-1', 'co-the', 'DN')`,
  );
});
after(async () => {
  await browser.close();
  await world.stop();
  rmSync(folder, { recursive: true });
});

async function visits(
  unit: string,
  months: string[],
  many: number,
  insured: number,
  where = world,
): Promise<void> {
  for (const [at, month] of months.entries())
    await where.program.kernel.pool.query(
      `insert into views.visit (resource_key, person, unit, started, status, visit_type)
       select $1 || $2 || n, case when n <= $4::float8 * $3::int then 'co-the' else 'khong' end, $1, ($2 || '-10T08:00:00+07:00')::timestamptz, 'finished', '01'
       from generate_series(1, $3::int) n`,
      [unit, month, many + at * 4, insured],
    );
}

async function come(username: string, path: string, where = world): Promise<Visit> {
  const guest = await visit(browser, where.program.address);
  await guest.page.goto('/');
  await signInOn(guest.page, username, 'demo');
  await guest.page.goto(path);
  return guest;
}

test('a file is looked at before it is written: wrong lines, corrections with their reason, new numbers', async () => {
  await using guest = await come('truongtram', `/bao-cao/kham-chua-benh/${UNIT}/${PERIOD}`);
  const { page } = guest;
  const at = (cell: string, value: string) => `kham-chua-benh,${UNIT},${PERIOD},${cell},${value}`;
  await page.getByRole('button', { name: 'Nhập từ tệp' }).waitFor();
  await page.setInputFiles('input[type=file]', {
    name: 'thang-10.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      [
        'form,unit,period,cell,value',
        at('village.total', '12'),
        at('visits.total', '121'),
        at('beds.total', 'năm'),
      ].join('\n'),
    ),
  });
  await page.getByText('Xem trước thang-10.csv').waitFor();
  await page.getByText('“năm” không phải số').waitFor();
  await photograph(page, 'report-import', ['staff', 'citizen']);
  await assertAccessible(page, 'the preview of a file');
  await page.getByLabel('Lý do sửa số đếm từ hồ sơ').fill('Sổ giấy ngày mất điện');
  await page.getByRole('button', { name: 'Bỏ 1 dòng sai, ghi 2 số' }).click();
  await page.getByText('Đã ghi 2 số từ tệp').waitFor();
  const { cells } = await readReport(world.head, world.sheet);
  assert.deepEqual([cells['village.total']?.value, cells['visits.total']?.value], [12, 121]);
  assert.deepEqual(guest.complaints, []);
});

test('forty rows of LibreOffice and of Excel are pasted at once, what is beyond the form is told, one undo takes all back', async () => {
  const sheet = `/api/statistics/sheets/nhan-luc/${UNIT}/2026`;
  await using guest = await come('truongtram', `/bao-cao/nhan-luc/${UNIT}/2026`);
  const { page } = guest;
  const cell = (row: string, column: string) =>
    page.locator(`td[role=gridcell][aria-label^="${row}, ${column}:"]`);
  const first = cell('Tiến sĩ y khoa', 'Tổng số').first();
  const paste = async (kinds: Record<string, string>) => {
    await first.click();
    await first.evaluate((target, data) => {
      const clipboard = new DataTransfer();
      for (const [kind, text] of Object.entries(data)) clipboard.setData(kind, text);
      target.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }),
      );
    }, kinds);
  };
  const saved = () => page.getByText('Đã lưu').waitFor();
  const sumOf = async () => (await readReport(world.head, sheet)).cells['total.station-total']?.value;
  const rows = Array.from({ length: 40 }, (_, at) => [at + 1000, at]);
  const shown = (value: number) => value.toLocaleString('en-US');

  await paste({ 'text/plain': rows.map((row) => row.join('\t')).join('\r\n') });
  await page.getByText('10 ô nằm ngoài biểu').waitFor();
  await cell('Bác sĩ', 'Tổng số').first().filter({ hasText: '1.004' }).waitFor();
  await saved();
  assert.equal(await sumOf(), 35 * 1000 + (34 * 35) / 2, 'the 35 rows of the form');
  await photograph(page, 'report-pasted', ['staff', 'citizen']);

  await page.keyboard.press('Control+z');
  await cell('Bác sĩ', 'Tổng số').first().filter({ hasNotText: '1.004' }).waitFor();
  await saved();
  assert.equal(await sumOf(), null);

  const line = (row: number[]) =>
    `<tr>${row.map((value) => `<td align="right" sdval="${value}" sdnum="1033;0;#,##0">${shown(value)}</td>`).join('')}</tr>`;
  await paste({
    'text/plain': rows.map((row) => row.map(shown).join('\t')).join('\n'),
    'text/html': `<html><body><table>${rows.map(line).join('')}</table></body></html>`,
  });
  await cell('Bác sĩ', 'Tổng số').first().filter({ hasText: '1.004' }).waitFor();
  await saved();
  assert.equal(await sumOf(), 35 * 1000 + (34 * 35) / 2);
  assert.deepEqual(guest.complaints, []);
});

test('old and new series of a merged station are drawn together', async () => {
  await using guest = await come('truongtram', '/chi-so?chi-so=kham-bhyt');
  const { page } = guest;
  for (const name of NAMES) await page.locator('.st-chart figcaption', { hasText: name }).waitFor();
  const former = page.locator('.st-chart svg[role=img] .st-chart-line[data-kind=former]');
  await former.nth(2).waitFor({ state: 'attached' });
  assert.equal(await former.count(), 3);
  await page.getByText('đổi địa giới', { exact: true }).waitFor();
  await page.getByText(/Số đếm lúc/).waitFor();
  await photograph(page, 'indicators-merged', ['staff', 'citizen']);
  await assertAccessible(page, 'an indicator over a change of boundaries');
  assert.equal(await sidewaysScroll(page), 0);
  assert.deepEqual(guest.complaints, []);
});

test('an unusual number is asked about where it stands, and answered', async () => {
  // A unit that has been there for a year: who began in August is not asked about the months before.
  const old = await openReportWorld();
  await using _ = { [Symbol.asyncDispose]: () => old.stop() };
  await visits(UNIT, ['2025-11', '2025-12', '2026-01', '2026-02', '2026-03', '2026-04'], 20, 0.7, old);
  await visits(UNIT, ['2026-10'], 110, 0.7, old);
  await using guest = await come('truongtram', `/bao-cao/kham-chua-benh/${UNIT}/${PERIOD}`, old);
  const { page } = guest;
  await page.getByRole('button', { name: 'Xem và trả lời' }).click();
  const why = page.getByLabel('Vì sao số này đúng').first();
  await why.waitFor();
  await photograph(page, 'report-questions', ['staff', 'citizen']);
  await assertAccessible(page, 'questions about unusual numbers');
  await why.fill('Khám sức khoẻ học sinh toàn xã');
  await page.getByRole('button', { name: 'Ghi lý do' }).first().click();
  await page.getByText('“Khám sức khoẻ học sinh toàn xã”').waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('a number of a pivot and of an indicator opens the cell of the report that it is, with the people behind', async () => {
  await using guest = await come(
    'dieuhanh',
    '/bang-xoay?form=kham-chua-benh&from=2026-08&to=2026-10&rows=unit&columns=period&row=visits&column=insured',
  );
  const { page } = guest;
  const counted = page.locator('table tbody').filter({ hasNotText: '…' });
  await counted.waitFor();
  const line = counted.locator('tr').filter({ hasText: 'Vĩnh Yên' }).first();
  await line.getByRole('link').last().press('Enter');
  await page.getByRole('heading', { name: 'Lượt khám bệnh · Có BHYT' }).waitFor();
  await page.getByRole('tab', { name: 'Người phía sau' }).waitFor();
  await page.locator('td[aria-label^="Lượt khám bệnh, Có BHYT:"]').waitFor();
  await photograph(page, 'report-opened', ['staff', 'citizen']);
  await page.goto('/chi-so?chi-so=kham-bhyt');
  const shares = page.getByRole('table').locator('tbody tr').filter({ hasText: 'Vĩnh Yên' }).first();
  await shares.getByRole('link').last().click();
  await page.getByRole('heading', { name: 'Lượt khám bệnh · Có BHYT' }).waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('the province writes down whom it reminded', async () => {
  await using guest = await come('dieuhanh', `/bao-cao?thang=${PERIOD}`);
  const { page } = guest;
  await page.getByRole('tab', { name: 'Cần nhắc' }).click();
  await page.getByRole('button', { name: 'Ghi lần nhắc' }).first().click();
  await page.getByLabel('Đã gọi ai, nói gì, hẹn khi nào').fill('Gọi chị Hà, hẹn chiều nay');
  await page.getByRole('button', { name: 'Ghi lại' }).click();
  await page.getByText(/dieuhanh: Gọi chị Hà/).waitFor();
  await photograph(page, 'reports-overdue', ['staff', 'citizen']);
  await assertAccessible(page, 'units that are reminded');
  assert.equal(await sidewaysScroll(page), 0);
  assert.deepEqual(guest.complaints, []);
});
