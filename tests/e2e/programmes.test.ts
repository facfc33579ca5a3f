/** A nurse's programmes: counts, worklist, a call by keyboard, a person's doses, a dose given, the plan of a session. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible } from './support/accessible.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;
const EPI = '/chuong-trinh/tiem-chung-mo-rong';

before(async () => {
  province = await openProvince({ people: 400 });
  await province.program.kernel.events.settled();
});
after(() => province[Symbol.asyncDispose]());

test('the programmes of the station, and a call written down by keyboard', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto('/chuong-trinh');
  await page.getByRole('heading', { name: 'Tiêm chủng mở rộng' }).waitFor();
  await page.getByText('Huyết áp dưới 140/90 mmHg').first().waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'programmes');
  await photograph(page, 'programmes', ['staff', 'citizen']);
  await page.goto(`${EPI}?loc=overdue`);
  const list = page.getByRole('grid').or(page.getByRole('listbox')).first();
  await list.waitFor();
  await page
    .getByText(/trễ từ/)
    .first()
    .waitFor();
  await assertAccessible(page, 'worklist');
  await photograph(page, 'programme-worklist', ['staff', 'citizen']);
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('F8');
  await page.getByRole('dialog').waitFor();
  await page.getByRole('radio', { name: 'Không liên lạc được' }).check();
  await assertAccessible(page, 'a call');
  await photograph(page, 'programme-call');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi: Không liên lạc được').waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByText('Không liên lạc được', { exact: true }).first().waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('a child: doses by antigen, and one given after screening, with the watch of 30 minutes', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto(`${EPI}/buoi`);
  await page.getByRole('heading', { name: /Cần chuẩn bị cho/ }).waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'session');
  await photograph(page, 'programme-session', ['staff', 'citizen']);
  await page.getByRole('table').nth(1).getByRole('link').first().click();
  await page.getByRole('heading', { name: 'Mũi theo từng kháng nguyên' }).waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'a child');
  await photograph(page, 'programme-person', ['staff', 'citizen']);
  await page.getByRole('button', { name: 'Tiêm', exact: true }).first().click();
  await page.getByLabel(/Số lô/).fill('VN-2026-11');
  await page.getByLabel(/Hạn dùng/).fill('31122030');
  await page.getByLabel(/Thân nhiệt/).fill('36,8');
  await page.getByRole('checkbox', { name: /đủ điều kiện tiêm/ }).check();
  await assertAccessible(page, 'a dose');
  await photograph(page, 'programme-dose');
  await page.keyboard.press('Control+Enter');
  await page.getByText(/Theo dõi tại chỗ đến/).waitFor();
  await page.getByRole('button', { name: 'Ghi phản ứng' }).click();
  await page.getByText('VN-2026-11').waitFor();
  await page.getByRole('textbox', { name: /Phản ứng sau tiêm/ }).fill('Sốt nhẹ 38 °C');
  await assertAccessible(page, 'a reaction');
  await photograph(page, 'programme-reaction');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi phản ứng sau tiêm').waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('a list is reminded, and the queue says that no message has left the house; reactions stand in a list', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto(`${EPI}?loc=overdue`);
  await page.getByRole('button', { name: 'Nhắc hẹn' }).click();
  await page.getByRole('button', { name: 'Đưa vào hàng đợi' }).click();
  const outcome = await page.getByText(/lời nhắc vào hàng đợi/).textContent();
  await page.getByText('Chưa nối cổng nhắn tin: chưa tin nào được gửi').waitFor();
  await assertAccessible(page, 'reminders made');
  await page.getByRole('link', { name: 'Xem hàng đợi' }).click();
  await page.getByRole('heading', { name: 'Lời nhắc hẹn' }).waitFor();
  const { rows } = await page.evaluate(async () => (await fetch('/api/programmes/reminders')).json());
  assert.equal(rows.length, Number(/^\d+/.exec(outcome ?? '')?.[0]), outcome ?? '');
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'the queue of reminders');
  await photograph(page, 'reminders', ['staff', 'citizen']);
  await page.goto('/phan-ung-sau-tiem');
  await page.getByText('Sốt nhẹ 38 °C').waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'reactions');
  await photograph(page, 'reactions', ['staff', 'citizen']);
  assert.deepEqual(guest.complaints, []);
});

test('at any visit a person is enrolled with one press', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto('/chuong-trinh/tang-huyet-ap?loc=invite');
  await page.getByText('Thuộc diện, chưa ghi danh').first().waitFor();
  const { rows } = await page.evaluate(async () =>
    (await fetch('/api/programmes/tang-huyet-ap/worklist?list=invite')).json(),
  );
  await page.goto(`/theo-doi/${rows[0].patient}`);
  await page.getByRole('button', { name: 'Ghi danh' }).first().click();
  await page.getByText('Đã ghi danh').waitFor();
  await page
    .getByRole('link', { name: /Mở theo dõi/ })
    .first()
    .waitFor();
  await assertAccessible(page, 'programmes of a person');
  await photograph(page, 'programme-enrol', ['staff', 'citizen']);
  assert.deepEqual(guest.complaints, []);
});

test('vaccines: a code is scanned, received, found again, and a vial is opened with its hour', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto('/kho-vac-xin');
  await page.getByRole('heading', { name: 'Kho vắc xin' }).waitFor();
  await assertAccessible(page, 'an empty stock');
  const scan = page.getByLabel('Quét mã trên lọ hoặc hộp');
  await scan.fill('(01)09506000134352(17)280531(10)MR2605');
  await scan.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  assert.equal(await dialog.getByLabel('Số lô').inputValue(), 'MR2605');
  await dialog.getByRole('combobox', { name: /^Vắc xin/ }).selectOption({ label: 'Sởi - rubella (MR)' });
  await dialog.getByLabel('Số lọ').fill('3');
  await assertAccessible(page, 'a receipt');
  await photograph(page, 'vaccine-receipt');
  await dialog.getByRole('button', { name: 'Lưu phiếu nhập' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('3 lọ nguyên').waitFor();
  await scan.fill('(01)09506000134352(17)280531(10)MR2605');
  await scan.press('Enter');
  await dialog.waitFor();
  await dialog.getByRole('button', { name: /Mở một lọ/ }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Lọ đang mở' }).waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'the stock');
  await photograph(page, 'vaccine-stock', ['staff', 'citizen']);
  await page.getByRole('button', { name: 'Mở lô' }).first().click();
  await dialog.waitFor();
  await assertAccessible(page, 'a lot');
  await photograph(page, 'vaccine-lot');
  assert.deepEqual(guest.complaints, []);
});
