/**
 * The path of issue 2 from a citizen's card to the province's wall, by keyboard alone in four windows that stay open:
 * desk, consulting room, insurance, wall. What the doctor writes stands everywhere at once; nobody types it again.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible } from './support/accessible.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;

before(async () => {
  province = await openProvince({ people: 120 });
});

after(() => province[Symbol.asyncDispose]());

const NAME = 'Hoàng Thị Ánh Nguyệt';
/** Longer than a line of the record. */
const EXAMINED =
  'Họng đỏ, ban xuất huyết rải rác hai cẳng tay. Tim đều, phổi trong, bụng mềm, gan lách không sờ thấy, không phù.';
const hex = (text: string) => Buffer.from(text).toString('hex');
const INSURANCE = `GD4000000007788|${hex(NAME)}|12/6/1988|2|${hex('Tổ 3, phường Vĩnh Yên, tỉnh Phú Thọ')}|25 - D01|1/1/2026|31/12/2026$`;

/** The desk: scan, save, reason, F9. */
async function checkIn(page: Page): Promise<void> {
  await page.goto('/tiep-don');
  await page.getByRole('combobox', { name: /Quét thẻ căn cước/ }).waitFor();
  await page.keyboard.type(INSURANCE, { delay: 2 });
  await page.keyboard.press('Enter');
  await page.getByRole('form', { name: 'Người mới' }).waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByLabel('Lý do đến khám').waitFor();
  await page.getByText('Quỹ trả 100 %', { exact: true }).waitFor();
  await page.keyboard.type('Sốt cao ba ngày');
  await page.keyboard.press('F9');
  await page.locator('[data-ticket]').waitFor();
}

/** The room: start, measure, diagnose, save. */
async function diagnose(page: Page): Promise<void> {
  await page.getByRole('row', { name: new RegExp(NAME) }).waitFor();
  // The list has the focus and the first row is chosen: Enter opens it and begins.
  await page.keyboard.press('Enter');
  await page.getByLabel('Nhiệt độ').waitFor();
  await page.getByLabel('Nhiệt độ').fill('39,2');
  await page.getByLabel('Cân nặng').fill('51');
  await page.getByLabel('Khám lâm sàng').fill(EXAMINED);
  await page.getByRole('combobox', { name: /ICD-10/ }).fill('sot xuat huyet co dau hieu canh bao');
  await page.getByRole('option').filter({ hasText: 'A97.1' }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('table', { name: 'Chẩn đoán' }).getByText('A97.1', { exact: true }).waitFor();
  await page.keyboard.press('Control+s');
  await page.getByText('Đã lưu', { exact: true }).waitFor();
}

async function prescribeAndFinish(page: Page): Promise<void> {
  await page.keyboard.press('F3');
  await page.keyboard.type('paracetamol 500');
  await page.getByRole('option').filter({ hasText: 'Paracetamol 500 mg' }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    () => document.activeElement?.tagName === 'INPUT' && !document.activeElement.getAttribute('role'),
  );
  for (const cell of ['1', '', '', '1', '3', '']) {
    if (cell) await page.keyboard.type(cell);
    await page.keyboard.press('Enter');
  }
  await page.getByText('6 viên').first().waitFor();
  await page.getByText('Đã đối chiếu: không có cảnh báo.').waitFor();
  await page.keyboard.press('Alt+Enter');
  await page.getByText(/^Đơn 25D01/).waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog', { name: 'Kết thúc khám' }).getByText('Người bệnh nộp').waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Người tiếp theo/ }).waitFor();
}

test('from the card to the wall: written once, seen everywhere', async () => {
  await using wall = await province.signIn('dieuhanh', 'wall');
  await wall.page.goto('/dieu-hanh');
  const total = wall.page.locator('.yb-tile-number').first();
  await total.waitFor();
  await wall.page.locator('.op-shape').first().waitFor();
  const before = Number(await total.textContent());

  await using room = await province.signIn('bacsi');
  await room.page.goto('/phong-kham?phong=25D01-kham');
  await room.page.getByRole('grid', { name: 'Danh sách chờ khám' }).waitFor();

  await using desk = await province.signIn('letan');
  await checkIn(desk.page);
  await wall.page.waitForFunction(
    (count) => Number(document.querySelector('.yb-tile-number')?.textContent) > count,
    before,
    { timeout: 5_000 },
  );

  await diagnose(room.page);
  // "A notifiable disease appears within 5 seconds as an alert."
  await wall.page
    .locator('.op-alerts')
    .getByText('Sốt xuất huyết Dengue')
    .first()
    .waitFor({ timeout: 5_000 });
  assert.doesNotMatch((await wall.page.locator('body').textContent()) ?? '', new RegExp(NAME));
  await photograph(wall.page, 'wall');
  await assertAccessible(wall.page, 'the wall');

  await prescribeAndFinish(room.page);
  await desk.page.goto('/so/so-kham-benh');
  const line = desk.page.getByRole('row', { name: new RegExp(NAME) });
  await line.getByText(/A97\.1/).waitFor();
  await line.getByText(/Paracetamol 500 mg × 6 viên/).waitFor();
  await photograph(desk.page, 'register');
  assert.equal(await sidewaysScroll(desk.page), 0);
  await assertAccessible(desk.page, 'the register');

  await room.page.goto('/phong-kham?phong=25D01-kham');
  await room.page.getByRole('grid', { name: 'Danh sách chờ khám' }).waitFor();
  await room.page.keyboard.press('Control+k');
  await room.page.keyboard.type('nguyet anh hoang');
  await room.page.getByRole('option').filter({ hasText: NAME }).first().waitFor();
  await room.page.keyboard.press('Enter');
  await room.page
    .locator('.yb-timeline')
    .getByText(/A97\.1/)
    .waitFor();
  await room.page.getByText('Paracetamol 500 mg × 6 viên').waitFor();
  await room.page.getByText(EXAMINED).waitFor();
  const edges = await room.page
    .getByRole('button', { name: /^Nguồn: / })
    .evaluateAll((buttons) => buttons.map((one) => Math.round(one.getBoundingClientRect().right)));
  assert.equal(new Set(edges).size, 1, 'beside a long line too, its source stands in the column of sources');
  await photograph(room.page, 'record', ['staff', 'citizen']);
  assert.equal(await sidewaysScroll(room.page), 0);
  await assertAccessible(room.page, 'the record');

  await using insurer = await province.signIn('giamdinh');
  await insurer.page.goto('/giam-dinh');
  await insurer.page.getByRole('row', { name: new RegExp(NAME) }).waitFor();
  assert.deepEqual([...wall.complaints, ...room.complaints, ...desk.complaints, ...insurer.complaints], []);
});

test('the wall opens its figures down to visits, and the register finds a name typed without marks', async () => {
  await using wall = await province.signIn('dieuhanh', 'wall');
  await wall.page.goto('/dieu-hanh');
  await wall.page
    .locator('.op-panel')
    .getByRole('button', { name: /A97\.1/ })
    .click();
  await wall.page
    .getByRole('row', { name: /A97\.1/ })
    .first()
    .waitFor();
  assert.doesNotMatch((await wall.page.locator('body').textContent()) ?? '', new RegExp(NAME));
  await photograph(wall.page, 'wall-visits');
  await assertAccessible(wall.page, 'the visits behind a figure');

  await using desk = await province.signIn('letan');
  await desk.page.goto('/so/so-kham-benh');
  await desk.page.getByLabel('Tìm trong sổ').fill('anh nguyet');
  await desk.page.getByRole('row', { name: new RegExp(NAME) }).waitFor();
  await desk.page.getByLabel('Tìm trong sổ').fill('khong co ai');
  await desk.page.getByText('Không có dòng nào').waitFor();
  await photograph(desk.page, 'register-empty');
});

test('a record outside the care of the unit says so and opens for a stated reason, which the audit keeps', async () => {
  const { pool } = province.program.kernel;
  const elsewhere = await pool.query<{ person: string }>(
    "select person from views.visit group by person having bool_and(unit <> 'cs-25D01') limit 1",
  );
  const person = elsewhere.rows[0]!.person;
  await province.program.kernel.gate.system('e2e').create({
    resourceType: 'AllergyIntolerance',
    patient: { reference: `Patient/${person}` },
    clinicalStatus: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
      ],
    },
    code: { text: 'Penicilin' },
  });
  await using guest = await province.signIn('bacsi');
  const { page } = guest;
  await page.goto(`/ho-so/${person}`);
  await page.getByText('Hồ sơ đang đóng với bạn', { exact: true }).waitFor();
  await page.getByText('Dị ứng: đang đóng với bạn').waitFor();
  await photograph(page, 'record-withheld');
  await assertAccessible(page, 'the record that is closed');
  await page.getByRole('button', { name: 'Mở vì lý do chuyên môn' }).click();
  await page.getByRole('radio', { name: 'Cấp cứu đe dọa tính mạng' }).check();
  await page.getByLabel('Ghi cụ thể').fill('Cấp cứu, cần tiền sử bệnh');
  await page.keyboard.press('Control+Enter');
  await page.locator('.yb-timeline').locator('.yb-timeline-entry').first().waitFor();
  await page.getByText('Dị ứng: Penicilin').waitFor();
  const kept = await pool.query(
    "select 1 from audit where patient = $1 and who = 'bacsi' and why like '%Cấp cứu%'",
    [person],
  );
  assert.ok(kept.rows.length > 0);
});

test('disease control sees the case with its deadline', async () => {
  await using guest = await province.signIn('cdc');
  await guest.page.goto('/ca-benh');
  await guest.page.getByRole('row', { name: new RegExp(NAME) }).waitFor();
  await photograph(guest.page, 'cases');
  assert.equal(await sidewaysScroll(guest.page), 0);
  await assertAccessible(guest.page, 'the cases');
  assert.deepEqual(guest.complaints, []);
});
