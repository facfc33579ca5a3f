/** Files of a record in a real browser: a photograph is chosen, turned, sorted in and kept; found again, turned once more, taken away with a reason. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible } from './support/accessible.ts';
import { arrivalOf, putAll } from './support/arrival.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;
before(async () => {
  province = await openProvince({ people: 20 });
});
after(() => province[Symbol.asyncDispose]());

async function somebody(serial: number): Promise<string> {
  const { patient, resources } = arrivalOf(province, {
    name: 'Đỗ Hoàng Ẵm Thị Phương Quỳnh',
    citizenNumber: `09922400${String(8000 + serial)}`,
    ticket: String(700 + serial),
    birthDate: '1968-02-09',
  });
  await putAll(province, resources);
  return patient;
}

/** A photograph that lies: 300 × 120, written by the browser itself. */
const lying = (page: { evaluate: <T>(run: () => Promise<T>) => Promise<T> }) =>
  page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [300, 120];
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#dbeafe';
    context.fillRect(0, 0, 300, 120);
    context.fillStyle = '#1e3a8a';
    context.font = '24px sans-serif';
    context.fillText('Kết quả siêu âm', 40, 66);
    return canvas.toDataURL('image/jpeg').replace(/^data:[^,]*,/, '');
  });

test('a photograph is turned before it is kept, found by category and words, turned again, and taken away with a reason', async () => {
  const patient = await somebody(1);
  await using doctor = await province.signIn('bacsi');
  const { page } = doctor;
  await page.goto(`/giay-to/${patient}`);
  await page.getByRole('link', { name: 'Tài liệu đính kèm' }).click();
  await page.getByText('Chưa có tài liệu nào').waitFor();
  await photograph(page, 'attachments-empty', ['staff']);
  const buffer = Buffer.from(await lying(page), 'base64');
  await page
    .getByLabel('Chọn tệp')
    .first()
    .setInputFiles({ name: 'IMG_2031.jpg', mimeType: 'image/jpeg', buffer });
  const dialog = page.getByRole('dialog', { name: 'Đính kèm tài liệu' });
  await dialog.getByAltText('Ảnh sẽ lưu').waitFor();
  await dialog.getByRole('button', { name: 'Xoay phải' }).click();
  await dialog.getByRole('button', { name: 'Lưu vào hồ sơ' }).click();
  await dialog.getByText('Chọn loại tài liệu.').first().waitFor();
  await dialog.getByRole('combobox', { name: 'Loại' }).selectOption({ label: 'Kết quả xét nghiệm nơi khác' });
  await dialog.getByLabel('Tên tài liệu').fill('Siêu âm bụng tháng 10');
  await assertAccessible(page, 'attach');
  await photograph(page, 'attach', ['staff', 'citizen']);
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã đính kèm vào hồ sơ.').waitFor();
  const row = page.getByRole('row').filter({ hasText: 'Siêu âm bụng tháng 10' });
  await row.getByText('Kết quả xét nghiệm nơi khác').waitFor();
  const shape = (standing: boolean) =>
    page.waitForFunction((upright) => {
      const picture = document.querySelector<HTMLImageElement>('img[alt^="Ảnh “"]');
      if (!picture?.complete || picture.naturalWidth === 0) return false;
      return upright === picture.naturalHeight > picture.naturalWidth;
    }, standing);
  await shape(true);
  await page.waitForFunction(
    () => document.querySelector<HTMLImageElement>('[role=row] img')!.naturalHeight > 0,
  );
  await assertAccessible(page, 'attachments');
  await photograph(page, 'attachments', ['staff', 'citizen']);
  assert.equal(await sidewaysScroll(page), 0);
  await page.getByRole('button', { name: 'Xoay phải' }).click();
  await shape(false);
  await page.getByLabel('Tìm tên, loại, người đính kèm').fill('khong co dau');
  await page.getByText('Không có tài liệu nào như vậy').waitFor();
  await page.getByLabel('Tìm tên, loại, người đính kèm').fill('sieu am');
  await row.waitFor();
  await page.getByRole('button', { name: 'Sửa tên, loại' }).click();
  const sorting = page.getByRole('dialog', { name: 'Sửa tên, loại' });
  await sorting.getByRole('combobox', { name: 'Loại' }).selectOption({ label: 'Phim và hình ảnh y học' });
  await sorting.getByRole('button', { name: 'Lưu' }).click();
  await row.getByText('Phim và hình ảnh y học').waitFor();
  await page.getByRole('button', { name: 'Bỏ tệp' }).click();
  const removing = page.getByRole('dialog', { name: /Bỏ “/ });
  await removing.getByRole('textbox', { name: 'Lý do' }).fill('Ảnh của người khác');
  await removing.getByRole('button', { name: 'Bỏ tệp' }).click();
  await row.getByText('Đã bỏ').waitFor();
  await page.getByText(/Ảnh của người khác · /).waitFor();
  await photograph(page, 'attachments-removed', ['staff']);
  assert.deepEqual(doctor.complaints, []);
});

test('what is no picture and no PDF is refused with a sentence, and nothing typed is lost', async () => {
  const patient = await somebody(2);
  await using nurse = await province.signIn('dieuduong');
  const { page } = nurse;
  await page.goto(`/dinh-kem/${patient}`);
  await page.getByText('Chưa có tài liệu nào').waitFor();
  const buffer = Buffer.from('đây không phải là ảnh, chỉ mang tên của ảnh');
  await page
    .getByLabel('Chọn tệp')
    .first()
    .setInputFiles({ name: 'anh.jpg', mimeType: 'image/jpeg', buffer });
  const dialog = page.getByRole('dialog', { name: 'Đính kèm tài liệu' });
  await dialog.getByRole('combobox', { name: 'Loại' }).selectOption({ label: 'Khác' });
  await dialog.getByLabel('Tên tài liệu').fill('Giấy mang theo');
  await dialog.getByRole('button', { name: 'Lưu vào hồ sơ' }).click();
  await dialog
    .getByText('Không đọc được ảnh này. Chưa lưu gì; hãy chụp lại hoặc chọn tệp khác.')
    .first()
    .waitFor();
  assert.equal(await dialog.getByLabel('Tên tài liệu').inputValue(), 'Giấy mang theo');
});
