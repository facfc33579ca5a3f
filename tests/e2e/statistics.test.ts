/** The head of a station makes a report: types, corrects with a reason, pastes, undoes, hands in; the province approves (issue 6, 4). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import {
  openReportWorld,
  PERIOD,
  type ReportWorld,
  readReport,
  UNIT,
} from '../../modules/statistics/testing.ts';
import { buildWeb } from '../../web/build.ts';
import { assertAccessible } from './support/accessible.ts';
import { launchBrowser, SIZES, type Visit, visit } from './support/browser.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { signInOn } from './support/province.ts';

let world: ReportWorld;
let browser: Browser;

before(async () => {
  await buildWeb();
  [world, browser] = await Promise.all([openReportWorld(), launchBrowser()]);
});
after(async () => {
  await browser.close();
  await world.stop();
});

async function come(username: string, path: string): Promise<Visit> {
  const guest = await visit(browser, world.program.address);
  await guest.page.goto('/');
  await signInOn(guest.page, username, 'demo');
  await guest.page.goto(path);
  return guest;
}

const cell = (page: Page, row: string, column: string) =>
  page.locator(`td[role=gridcell][aria-label^="${row}, ${column}:"]`);
const SHEET = `/bao-cao/kham-chua-benh/${UNIT}/${PERIOD}`;

test('the list of the month says what is overdue and opens a report', async () => {
  await using guest = await come('truongtram', `/bao-cao?thang=${PERIOD}`);
  const { page } = guest;
  await page.getByText('Hoạt động khám, chữa bệnh').waitFor();
  await page.getByText('Quá hạn, chưa nộp').first().waitFor();
  await photograph(page, 'reports');
  await assertAccessible(page, 'the list of reports');
  await page.getByRole('button', { name: '2 biểu chưa có ở đây' }).click();
  const missing = page.getByRole('dialog', { name: 'Biểu phải lập mà chưa có ở đây' });
  await missing.getByText('Biểu 1/BCX: Thông tin chung').waitFor();
  await missing.getByText('Sở Y tế thêm biểu bằng một tệp nội dung').waitFor();
  await photograph(page, 'reports-missing', ['staff', 'citizen']);
  await assertAccessible(page, 'the forms that are not here');
  await missing.getByRole('button', { name: 'Đã rõ' }).click();
  await page.getByText('Hoạt động khám, chữa bệnh').click();
  await page.getByRole('grid').waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('numbers are typed by keyboard, corrected with a reason, pasted, undone, and kept', async () => {
  await using guest = await come('truongtram', SHEET);
  const { page } = guest;
  await cell(page, 'Lượt khám lưu động tại thôn', 'Tổng số').click();
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');
  await page.keyboard.type('5');
  await page.keyboard.press('Enter');
  await page.getByText('Đã lưu').waitFor();
  const report = await readReport(world.head, world.sheet);
  assert.equal(report.cells['village.total']?.value, 12);
  assert.equal(report.cells['beds.total']?.value, 5);

  await cell(page, 'Lượt khám bệnh', 'Tổng số').click();
  await page.keyboard.type('121');
  await page.keyboard.press('Enter');
  await page.getByLabel('Lý do sửa').fill('Hai lượt ghi sổ giấy ngày mất điện');
  await photograph(page, 'report-reason');
  await page.getByRole('button', { name: 'Ghi số đã sửa' }).click();
  await page.getByText('Đã lưu').waitFor();
  assert.equal(
    (await readReport(world.head, world.sheet)).cells['visits.total']?.reason,
    'Hai lượt ghi sổ giấy ngày mất điện',
  );

  const start = cell(page, 'Lượt khám bằng y học cổ truyền', 'Tổng số');
  await start.click();
  await start.evaluate((target) => {
    const data = new DataTransfer();
    data.setData('text/plain', '7\t3\r\n8\t4\r\n');
    target.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  await cell(page, 'Lượt khám bằng y học cổ truyền', 'Nữ').filter({ hasText: '3' }).waitFor();
  await cell(page, 'Lượt khám lưu động tại thôn', 'Tổng số').filter({ hasText: '8' }).waitFor();
  await page.getByText('Đã lưu').waitFor();
  await page.keyboard.press('Control+z');
  await cell(page, 'Lượt khám lưu động tại thôn', 'Tổng số').filter({ hasText: '12' }).waitFor();
  await page.getByText('Đã lưu').waitFor();
  assert.equal((await readReport(world.head, world.sheet)).cells['village.total']?.value, 12);
  await photograph(page, 'report');
  await assertAccessible(page, 'a report that is typed in');
  assert.equal(await sidewaysScroll(page), 0);
  assert.deepEqual(guest.complaints, []);
});

test('a spreadsheet’s own numbers are pasted, however it shows them; a correction without a reason is not written', async () => {
  await using guest = await come('truongtram', SHEET);
  const { page } = guest;
  const start = cell(page, 'Lượt khám bằng y học cổ truyền', 'Tổng số');
  await start.click();
  await start.evaluate((target) => {
    const data = new DataTransfer();
    data.setData('text/plain', '1,234');
    data.setData('text/html', '<table><tr><td sdval="1234" sdnum="1033;0;#,##0">1,234</td></tr></table>');
    target.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  });
  await start.filter({ hasText: '1.234' }).waitFor();
  await page.keyboard.press('Control+z');
  await page.getByText('Đã lưu').waitFor();
  await cell(page, 'Số người đến khám', 'Tổng số').click();
  await page.keyboard.type('70');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Ghi số đã sửa' }).click();
  await page.getByText('Ghi lý do rồi mới sửa được').waitFor();
  await page.getByLabel('Lý do sửa').fill('x'.repeat(600));
  assert.equal((await page.getByLabel('Lý do sửa').inputValue()).length, 500);
  await page.getByRole('button', { name: 'Giữ số đếm' }).click();
  await page.getByText('Đã lưu').waitFor();
});

test('ten seconds without network: what is typed stays on the machine and goes when the line is back', async () => {
  await using guest = await come('truongtram', SHEET);
  const { page } = guest;
  await page.clock.install();
  await page.goto(SHEET);
  await cell(page, 'Lượt khám lưu động tại thôn', 'Tổng số').click();
  await page.context().setOffline(true);
  await page.keyboard.type('33');
  await page.keyboard.press('Enter');
  await page.clock.runFor(10_000);
  await page.getByText('Mất mạng: giữ trên máy này, có mạng sẽ gửi').waitFor();
  assert.equal((await readReport(world.head, world.sheet)).cells['village.total']?.value, 12);
  await page.context().setOffline(false);
  await page.getByText('Đã lưu').waitFor();
  assert.equal((await readReport(world.head, world.sheet)).cells['village.total']?.value, 33);
});

test('two people in one cell see each other’s number and choose', async () => {
  await using guest = await come('truongtram', SHEET);
  const { page } = guest;
  const village = cell(page, 'Lượt khám lưu động tại thôn', 'Tổng số');
  await village.click();
  const nurse = await world.signIn('dieuduong');
  const { cells } = await readReport(nurse, world.sheet);
  await nurse.call('PUT', `${world.sheet}/cells`, {
    changes: [{ cell: 'village.total', value: 50, seen: cells['village.total']!.n }],
  });
  await page.keyboard.type('51');
  await page.keyboard.press('Enter');
  await page.getByText('Người khác vừa ghi vào cùng ô').waitFor();
  await page.getByText(/ghi 50, bạn ghi 51/).waitFor();
  await photograph(page, 'report-conflict');
  await page.getByRole('button', { name: 'Giữ số của tôi' }).click();
  await page.getByText('Đã lưu').waitFor();
  const own = (await readReport(world.head, world.sheet)).cells['village.total']!;
  assert.equal(own.value, 51);
  await nurse.call('PUT', `${world.sheet}/cells`, {
    changes: [{ cell: 'village.total', value: 52, seen: own.n }],
  });
  await village.click();
  await page.keyboard.type('53');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Lấy số của họ' }).click();
  await village.filter({ hasText: '52' }).waitFor();
  await page.getByText('Đã lưu').waitFor();
});

test('two reviewers at once: the second is told and sees what the first did; what is typed in a locked report is let go', async () => {
  await using guest = await come('truongtram', SHEET);
  await using reviewer = await come('dieuhanh', SHEET);
  const station = guest.page;
  const { page } = reviewer;
  const step = async (who: ReportWorld['head'], act: string, reason = '') => {
    const answer = await who.call('POST', `${world.sheet}/steps`, { act, reason, answers: {} });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  };
  await cell(station, 'Lượt khám lưu động tại thôn', 'Tổng số').click();
  await step(world.head, 'submit', 'Đúng như sổ giấy');
  await page.reload();
  await page.getByRole('button', { name: 'Trả lại' }).waitFor();
  await step(world.province, 'approve');
  await page.getByRole('button', { name: 'Trả lại' }).click();
  await page.getByLabel('Lý do').fill('Thiếu một dòng');
  await page.getByRole('dialog').getByRole('button', { name: 'Trả lại' }).click();
  await page.getByRole('dialog', { name: 'Chưa làm được' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('Đã duyệt, đã khoá').waitFor();
  await page.getByRole('button', { name: 'Mở lại' }).waitFor();

  // The station has the page open from before.
  await station.keyboard.type('77');
  await station.keyboard.press('Enter');
  await station.getByText('Báo cáo đã nộp nên không ghi được nữa').waitFor();
  await station.getByText('Đã duyệt, đã khoá').waitFor();
  await station.getByRole('button', { name: 'Bỏ số chưa ghi được' }).click();
  await cell(station, 'Lượt khám lưu động tại thôn', 'Tổng số').filter({ hasText: '52' }).waitFor();
  await step(world.province, 'reopen', 'Bổ sung');
});

test('a number opens to its people; the report goes to the province and is locked', async () => {
  {
    await using guest = await come('truongtram', SHEET);
    const { page } = guest;
    await cell(page, 'Lượt khám bệnh', 'Tổng số').click();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('tab', { name: 'Người phía sau' }).waitFor();
    await page.locator('.st-people li').first().waitFor();
    await photograph(page, 'report-people');
    await assertAccessible(page, 'people behind a number');
    await page.getByRole('button', { name: 'Nộp báo cáo' }).click();
    const before = page.getByRole('dialog', { name: 'Trước khi nộp' });
    await before.getByText('Lượt khám khác tháng trước hơn 3 lần').waitFor();
    await photograph(page, 'report-hand-in');
    await assertAccessible(page, 'what is asked before a report is handed in');
    await before.getByRole('button', { name: 'Nộp báo cáo' }).click();
    await before.getByText('Ghi vài chữ rồi mới nộp được').first().waitFor();
    await before.getByLabel(/Lý do vẫn nộp/).fill('Tháng đầu dùng phần mềm');
    for (const words of await before.getByLabel(/Vì sao số này đúng/).all())
      await words.fill('Đã đối chiếu sổ');
    await before.getByRole('button', { name: 'Nộp báo cáo' }).click();
    await page.getByText('Đã nộp, chờ duyệt').waitFor();
    assert.deepEqual(guest.complaints, []);
  }
  await using guest = await come('dieuhanh', SHEET);
  const { page } = guest;
  await page.getByText('Tháng đầu dùng phần mềm').waitFor();
  await page.getByRole('button', { name: 'Duyệt và khoá' }).click();
  await page.getByText('Đã duyệt, đã khoá').waitFor();
  await photograph(page, 'report-approved');
  await page.setViewportSize({ width: 390, height: 844 });
  await photograph(page, 'report-phone');
  assert.deepEqual(guest.complaints, []);
});

test('the board of the month: a mark for each report of each unit, which opens it', async () => {
  await using guest = await come('dieuhanh', `/bao-cao?thang=${PERIOD}`);
  const { page } = guest;
  await page.getByRole('tab', { name: 'Tỷ lệ nộp theo đơn vị' }).click();
  const marks = page.getByRole('table').getByRole('link');
  await marks.filter({ hasText: '!' }).first().waitFor();
  await photograph(page, 'board', ['staff', 'citizen']);
  await assertAccessible(page, 'the board of the month');
  assert.equal(await sidewaysScroll(page), 0);
  await page.getByRole('link', { name: /^Biểu 9\/BCX, .*Đã duyệt, đã khoá, Nộp muộn$/ }).press('Enter');
  await page.getByRole('heading', { name: 'Hoạt động khám, chữa bệnh' }).waitFor();
  await page.getByText('Đã duyệt, đã khoá').waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('indicators: a table of units and months, the map, the definition with its grounds', async () => {
  await world.program.kernel.pool.query(
    `insert into views.unit (resource_key, name, kind, unit_code) values ('cs-khac', 'Trạm Y tế phường Vĩnh Phúc', 'tram-y-te', '08716')`,
  );
  await using guest = await come('dieuhanh', '/chi-so');
  const { page } = guest;
  await page.getByRole('table').waitFor();
  await page.getByText('Định nghĩa', { exact: true }).waitFor();
  await page.goto(new URL('/chi-so?chi-so=luot-kham-dau-nguoi', page.url()).href);
  await page.getByText(/^dân số của xã ÷ 12 tháng/).waitFor();
  await page.getByText('theo trí nhớ, chưa kiểm chứng').waitFor();
  await photograph(page, 'indicators');
  await assertAccessible(page, 'indicators');
  assert.equal(await sidewaysScroll(page), 0);
  assert.deepEqual(guest.complaints, []);
});

test('an indicator by age and sex: both sides, the people and their source, a file of it', async () => {
  await world.program.kernel.pool.query(`update views.unit set unit_code = '08707' where resource_key = $1`, [
    UNIT,
  ]);
  await world.program.kernel.pool.query(
    `insert into views.unit (resource_key, name, kind, unit_code) values ('cs-khong-dan', 'Trạm Y tế chưa có dân số', 'tram-y-te', '99999')`,
  );
  await using guest = await come('dieuhanh', '/chi-so?chi-so=luot-kham-dau-nguoi');
  const { page } = guest;
  await page.getByRole('tab', { name: 'Theo tuổi và giới' }).click();
  await page.getByRole('cell', { name: '40–59' }).waitFor();
  await page.getByText(/WPP 2019/).waitFor();
  await page.getByLabel('Đơn vị').selectOption(UNIT);
  await photograph(page, 'indicator-groups', ['staff', 'citizen']);
  await assertAccessible(page, 'an indicator by age and sex');
  assert.equal(await sidewaysScroll(page), 0);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV' }).click(),
  ]);
  assert.match(file.suggestedFilename(), /theo-nhom\.csv$/);
  assert.deepEqual(guest.complaints, []);
});

test('a pivot: chosen, drawn as table, chart and map, kept by name and opened again', async () => {
  await using guest = await come('dieuhanh', '/bang-xoay');
  const { page } = guest;
  await page.getByRole('table').waitFor();
  await photograph(page, 'pivot', ['staff', 'citizen']);
  await assertAccessible(page, 'a pivot as a table');
  assert.equal(await sidewaysScroll(page), 0);
  await page.getByRole('tab', { name: 'Biểu đồ' }).click();
  await page.locator('.st-chart svg[role=img]').waitFor();
  await photograph(page, 'pivot-chart', ['staff', 'citizen']);
  await page.getByRole('tab', { name: 'Bản đồ' }).click();
  await page.locator('svg.st-map').waitFor();
  await photograph(page, 'pivot-map', ['staff', 'citizen']);
  await assertAccessible(page, 'a pivot as a map');
  await page.getByLabel('Hàng', { exact: true }).selectOption('age');
  await page.getByLabel('Cột', { exact: true }).selectOption('sex');
  await page.getByRole('cell', { name: '40–59' }).waitFor();
  await page.getByLabel('Giữ bảng này với tên').fill('Khám theo tuổi');
  await page.getByRole('button', { name: 'Giữ bảng', exact: true }).click();
  await page.getByText('Đã giữ bảng “Khám theo tuổi”').waitFor();
  await photograph(page, 'pivot-kept', ['staff', 'citizen']);
  await page.goto('/bang-xoay');
  await page.getByRole('button', { name: 'Khám theo tuổi', exact: true }).press('Enter');
  await page.getByRole('cell', { name: '40–59' }).waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'XLSX' }).click(),
  ]);
  assert.match(file.suggestedFilename(), /^bang-xoay-.*\.xlsx$/);
  await page.getByRole('button', { name: 'Bỏ bảng Khám theo tuổi' }).click();
  await page.getByText('Chưa giữ bảng nào').waitFor();
  await page.goto('/bang-xoay?form=kham-chua-benh&rows=age&columns=sex&row=village');
  await page.getByText('Chưa có số nào cho bảng này').waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('on a phone the table of a pivot stands beneath one line of what was chosen, which opens', async () => {
  await using guest = await come('dieuhanh', '/bao-cao');
  const { page } = guest;
  await page.setViewportSize(SIZES.citizen);
  await page.goto('/bang-xoay?form=kham-chua-benh');
  await page.getByRole('table').waitFor();
  const { y } = (await page.getByRole('table').boundingBox())!;
  assert.ok(y < SIZES.citizen.height / 2, `the table begins at ${y} px`);
  assert.equal(await page.getByLabel('Hàng', { exact: true }).isVisible(), false);
  await page.getByRole('button', { name: 'Đổi bảng' }).click();
  await page.getByLabel('Hàng', { exact: true }).selectOption('sex');
  await page.getByText(/^Giới × Kỳ/).waitFor();
  await page.getByRole('button', { name: 'Xong' }).click();
  await page.getByRole('cell', { name: 'Cả hai giới' }).waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  assert.deepEqual(guest.complaints, []);
});

test('a pivot by sex that takes long says how far it is, is stopped and goes on', async () => {
  await using guest = await come('truongtram', '/bao-cao');
  const { page } = guest;
  await page.getByRole('heading', { name: 'Báo cáo thống kê' }).waitFor();
  const lock = await world.program.kernel.pool.connect();
  await lock.query('begin');
  await lock.query('lock table views.visit in access exclusive mode');
  await page.goto(
    '/bang-xoay?form=kham-chua-benh&from=2026-03&to=2026-04&rows=sex&columns=period&row=visits',
  );
  await page.getByText('Đang đếm: xong 0 trên 2').waitFor();
  await photograph(page, 'pivot-counting', ['staff', 'citizen']);
  await assertAccessible(page, 'a pivot that is being counted');
  await page.getByRole('button', { name: 'Dừng đếm' }).click();
  await page.getByText('Đã dừng đếm: xong 0 trên 2').waitFor();
  await lock.query('rollback');
  lock.release();
  await page.getByRole('button', { name: 'Đếm tiếp' }).click();
  await page.getByText('Đã dừng đếm').waitFor({ state: 'detached' });
  await page.locator('table tbody tr').filter({ hasText: 'Cả hai giới' }).getByText('0').first().waitFor();
  assert.deepEqual(guest.complaints, []);
});
