/** A pregnancy at a station as a nurse types it: a calm first form, a birth, and the child who is a person then. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Patient } from '../../kernel/fhir/types.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { assertAccessible } from './support/accessible.ts';
import { box } from './support/filling.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;

before(async () => {
  province = await openProvince({ people: 40 });
});
after(() => province[Symbol.asyncDispose]());

const mother = (name: string): Promise<Patient> =>
  province.program.kernel.gate.system('e2e').create<Patient>({
    resourceType: 'Patient',
    name: [{ text: name }],
    gender: 'female',
    birthDate: '1996-05-04',
    identifier: [{ system: sid.cccd, value: `09919600${String(name.length).padStart(4, '0')}` }],
  });

/** A day so many days from today, as it is typed. */
const typedDay = (days: number) =>
  vietnamDay(new Date(Date.now() + days * 86_400_000))
    .split('-')
    .reverse()
    .join('/');

test('a fresh form blames nobody; a try to finish says what is needed, and what was said goes when it is answered elsewhere', async () => {
  const { id } = await mother('Nguyễn Thị Lần Đầu');
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto(`/bieu-mau/kham-thai?nguoi=${id}`);
  await box(page, 'Ngày đầu kỳ kinh cuối').waitFor();
  const said = page.locator('[data-field="thai-ky/kinh-cuoi"]').getByText('Cần ngày kinh cuối');
  assert.equal(await page.locator('.yb-error').count(), 0);
  await page.keyboard.press('Control+Enter');
  await said.waitFor();
  await page.getByText(/chỗ cần sửa/).waitFor();
  await box(page, 'Ngày dự sinh theo siêu âm').fill(typedDay(150));
  await box(page, 'Có thai lần thứ').focus();
  await said.waitFor({ state: 'detached' });
  assert.deepEqual(guest.complaints, []);
});

test('a birth is finished by keyboard, the page leads to the children, and a child’s record knows the mother', async () => {
  const { id } = await mother('Nguyễn Thị Sinh Đôi');
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto(`/bieu-mau/ghi-nhan-sinh?nguoi=${id}`);
  await box(page, 'Ngày đẻ').fill(typedDay(-1));
  await box(page, 'Tuổi thai khi đẻ \\(tuần\\)').fill('38');
  await box(page, 'Số con trong lần đẻ này').fill('2');
  const choose = (field: string, name: string) =>
    page.locator(`[data-field="${field}"]`).getByLabel(name, { exact: true }).check();
  await choose('me/noi-de', 'Bệnh viện');
  await choose('me/nguoi-do', 'Bác sĩ');
  await choose('me/cach-de', 'Mổ lấy thai');
  await choose('me/me-tu-vong', 'Không');
  await choose('thai-ky/quan-ly-thai', 'Có');
  await box(page, 'Số con hiện sống').fill('2');
  await page.getByRole('button', { name: /Thêm: Con/ }).click();
  for (const [at, sex] of [
    [0, 'Nữ'],
    [1, 'Nam'],
  ] as const) {
    await page
      .locator(`[data-field="con#${at}/thu"]`)
      .getByRole('textbox')
      .fill(String(at + 1));
    await choose(`con#${at}/gioi`, sex);
    await choose(`con#${at}/tinh-trang`, 'Sống');
  }
  await photograph(page, 'birth-twins', ['staff', 'citizen']);
  await page.keyboard.press('Control+Enter');
  await page.waitForURL('**/phieu/**');
  await page.getByText('Đã lập hồ sơ từ phiếu này').waitFor();
  await page.getByRole('link', { name: 'Con bà Nguyễn Thị Sinh Đôi (1)' }).waitFor();
  assert.equal(await page.getByText('Lấy từ hồ sơ mẹ').count(), 0);
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'a birth that was recorded');
  await photograph(page, 'birth-recorded', ['staff', 'citizen']);
  await page.getByRole('link', { name: 'Con bà Nguyễn Thị Sinh Đôi (2)' }).click();
  await page.waitForURL('**/ho-so/**');
  const toMother = page.getByRole('link', { name: 'Mẹ: Nguyễn Thị Sinh Đôi' });
  await toMother.waitFor();
  await photograph(page, 'record-of-a-newborn', ['staff', 'citizen']);
  assert.equal(await sidewaysScroll(page), 0);
  await toMother.click();
  await page.getByRole('link', { name: 'Mẹ của Con bà Nguyễn Thị Sinh Đôi (1)' }).waitFor();
  assert.deepEqual(guest.complaints, []);
});
