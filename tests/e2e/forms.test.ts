/** Filling in forms: every kind of item by keyboard, faults, photographs, finishing, amending, cancelling, reading. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { everyKind, longForm } from './forms.testing.ts';
import { assertAccessible } from './support/accessible.ts';
import { box, Filling, savedDraft } from './support/filling.ts';
import { compose } from './support/keyboard.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

const FIRST = '2026-01-01';
let province: Province;
let filling: Filling;

before(async () => {
  province = await openProvince({ people: 20 });
  filling = new Filling(province);
  await filling.publish(everyKind(FIRST));
  await filling.publish(longForm(20));
});
after(() => province[Symbol.asyncDispose]());

test('every kind of item is filled in by keyboard alone and stands in the record', async () => {
  await using guest = await filling.open();
  const { page } = guest;
  await page.getByRole('img', { name: 'Một đơn vị rượu' }).waitFor();
  await photograph(page, 'forms-fill', ['staff', 'citizen']);
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'a form');
  // The first question has the keyboard already.
  await page.getByLabel('Lý do đến khám').and(page.locator(':focus')).waitFor();
  for (const typed of ['Đau đầu', '60', '160']) {
    await page.keyboard.type(typed);
    await page.keyboard.press('Enter');
  }
  assert.equal(await box(page, 'BMI').inputValue(), '23,4');
  await page.getByLabel('Ngày khám gần nhất').focus();
  await page.keyboard.type('070225');
  await page.keyboard.press('Enter');
  await page.keyboard.type('1/3/25');
  await page.keyboard.press('Enter');
  await page.keyboard.type('7h30');
  await page.keyboard.press('Enter');
  await page.keyboard.type('2030');
  await page.keyboard.press('Enter');
  assert.equal(await page.getByLabel('Số điếu mỗi ngày').count(), 0);
  await page.getByRole('group', { name: 'Có hút thuốc lá không?' }).getByLabel('Có').click();
  await page.getByLabel('Số điếu mỗi ngày').fill('10');
  await page.getByLabel('Tăng huyết áp').check();
  await page.getByLabel('Khác (ghi rõ)').fill('Gút');
  await page.getByLabel('Đang ở với').selectOption({ label: 'Một mình' });
  await page.getByLabel('Tên thuốc').focus();
  await page.keyboard.type('Amlodipin');
  await page.keyboard.press('Enter');
  await page.keyboard.type('5 mg');
  await page.getByRole('button', { name: 'Thêm: Thuốc đang dùng' }).click();
  await page.waitForFunction(() =>
    document.activeElement
      ?.closest('[data-field]')
      ?.getAttribute('data-field')
      ?.startsWith('thuoc-dang-dung#1/ten-thuoc'),
  );
  await page.keyboard.type('Metformin');
  await photograph(page, 'forms-fill-filled', ['staff', 'citizen']);
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi phiếu vào hồ sơ').waitFor();
  await page.getByRole('heading', { name: 'Phiếu sàng lọc sức khoẻ người cao tuổi' }).first().waitFor();
  await photograph(page, 'forms-answer', ['staff', 'citizen']);
  await assertAccessible(page, 'an answered form');
  const [response] = await filling.answersOf(guest.patient);
  assert.equal(response!.status, 'completed');
  assert.equal(response!.questionnaire, `http://yba.vn/fhir/Questionnaire/thu-moi-loai|${FIRST}`);
  const text = JSON.stringify(response!.item);
  for (const part of [
    'Đau đầu',
    '"valueQuantity":{"value":160',
    '"valueDecimal":23.4',
    '"valueDate":"2025-02-07"',
    '"valueDateTime":"2025-03-01T07:30:00+07:00"',
    '"valueTime":"20:30:00"',
    '"valueBoolean":true',
    '"valueInteger":10',
    '"valueString":"Gút"',
    '"display":"Một mình"',
    'Amlodipin',
  ])
    assert.ok(text.includes(part), `${part} in ${text}`);
  assert.deepEqual(guest.complaints, []);
});

test('what is missing or wrong stands as a sentence at its field, and finishing goes to the first of them', async () => {
  await using guest = await filling.open();
  const { page } = guest;
  await box(page, 'Cân nặng').fill('3');
  await page.keyboard.press('Control+Enter');
  await page.getByText(/Còn \d chỗ cần sửa/).waitFor();
  await page.waitForFunction(
    () => document.activeElement?.closest('[data-field]')?.getAttribute('data-field') === 'chung/ly-do',
  );
  await photograph(page, 'forms-faults');
  await assertAccessible(page, 'a form with faults');
  await page.getByRole('button', { name: /^Cân nặng/ }).click();
  await page.waitForFunction(
    () => document.activeElement?.closest('[data-field]')?.getAttribute('data-field') === 'chung/can-nang',
  );
  await box(page, 'Cân nặng').fill('50');
  await box(page, 'Lý do đến khám').fill('Khám định kỳ');
  // The table of medicines shows a line to begin with; one that nobody begins asks for nothing.
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi phiếu vào hồ sơ').waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('a composed letter of Telex is never broken, and what was composed is saved', async () => {
  await using guest = await filling.open();
  const { page } = guest;
  await box(page, 'Lý do đến khám').focus();
  await compose(page, ['d', 'đ', 'đa', 'đau'], 'đau');
  await page.keyboard.type(' ');
  await compose(page, ['n', 'ng', 'ngu', 'ngư', 'ngực'], 'ngực');
  assert.equal(await box(page, 'Lý do đến khám').inputValue(), 'đau ngực');
  await page.keyboard.press('Control+s');
  await savedDraft(page);
  const { rows } = await province.program.house.kernel.pool.query<{ body: string }>(
    'select body::text as body from forms.draft where patient = $1',
    [guest.patient],
  );
  assert.match(rows[0]!.body, /đau ngực/);
});

test('the earlier answer stands beside its field and is taken over by one key; a finished form is amended and its first version stays', async () => {
  await using guest = await filling.open();
  const { page, patient } = guest;
  await box(page, 'Lý do đến khám').fill('Khám lần đầu');
  await box(page, 'Cân nặng').fill('52,5');
  await page.getByLabel('Tên thuốc').fill('Không');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi phiếu vào hồ sơ').waitFor();
  const amending = new URL(page.url()).pathname.split('/').at(-1)!;
  await page.goto(`/bieu-mau/thu-moi-loai?nguoi=${patient}`);
  await page.getByText(/Lần trước \(.*\): 52,5 kg/).waitFor();
  await photograph(page, 'forms-previous');
  await box(page, 'Cân nặng').focus();
  await page.keyboard.press('Control+ArrowUp');
  assert.equal(await box(page, 'Cân nặng').inputValue(), '52,5');
  await page.goto(`/bieu-mau/thu-moi-loai?nguoi=${patient}&sua=${amending}`);
  await page.locator('[data-field]').first().waitFor();
  await box(page, 'Cân nặng').fill('53');
  await page.keyboard.press('Control+Enter');
  await page.getByLabel('Các lần ghi').waitFor();
  await page
    .getByText('53 kg')
    .or(page.getByText('53', { exact: true }))
    .first()
    .waitFor();
  await page.getByLabel('Các lần ghi').selectOption({ index: 1 });
  await page.getByText('Đang xem bản cũ').waitFor();
  const [response] = await filling.answersOf(patient);
  assert.equal(response!.status, 'amended');
  assert.equal(response!.meta?.versionId, '2');
  await page.goto(`/bieu-mau?nguoi=${patient}`);
  await page.getByRole('row', { name: /Phiếu sàng lọc/ }).waitFor();
  await photograph(page, 'forms-answers', ['staff', 'citizen']);
  await assertAccessible(page, 'answered forms');
  await page
    .getByRole('button', { name: /Điền phiếu mới/ })
    .first()
    .click();
  await page.getByRole('row', { name: /Phiếu dài/ }).waitFor();
  await photograph(page, 'forms-choose');
  // The search has the keyboard: words, Tab, Enter, and the form that opens has it at its first question.
  await page.keyboard.type('dài');
  const choice = page.getByRole('dialog').getByRole('row');
  await choice.filter({ hasText: 'Phiếu sàng lọc' }).first().waitFor({ state: 'detached' });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('[data-field] :focus').waitFor();
});

test('a form that was filled in by mistake is cancelled with a reason, and says so to whoever opens it', async () => {
  await using guest = await filling.open();
  const { page, patient } = guest;
  await box(page, 'Lý do đến khám').fill('Điền nhầm người');
  await page.getByLabel('Tên thuốc').fill('Không');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi phiếu vào hồ sơ').waitFor();
  await page.getByRole('button', { name: 'Huỷ phiếu', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const act = dialog.getByRole('button', { name: 'Huỷ phiếu ghi nhầm' });
  assert.equal(await act.isDisabled(), true);
  await dialog.getByLabel(/Lý do huỷ/).fill('Điền nhầm sang người khác');
  await photograph(page, 'form-cancel', ['staff', 'citizen']);
  await assertAccessible(page, 'cancelling a form');
  await act.click();
  await page.getByText(/^Phiếu này đã huỷ vì ghi nhầm/).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Sửa phiếu' }).count(), 0);
  await photograph(page, 'form-cancelled', ['staff', 'citizen']);
  assert.equal(await sidewaysScroll(page), 0);
  assert.deepEqual(
    (await filling.answersOf(patient)).map(({ status }) => status),
    ['entered-in-error'],
  );
});

test('a photograph is made smaller, kept as a document of the person and shown', async () => {
  await using guest = await filling.open();
  const { page, patient } = guest;
  const picture = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 3000;
    canvas.height = 2000;
    const context = canvas.getContext('2d')!;
    for (let at = 0; at < 400; at++) {
      context.fillStyle = `hsl(${(at * 37) % 360} 60% 50%)`;
      context.fillRect((at * 113) % 3000, (at * 71) % 2000, 200, 150);
    }
    return canvas.toDataURL('image/png').split(',')[1]!;
  });
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Chụp ảnh' }).click(),
  ]);
  await chooser.setFiles({
    name: 'don-thuoc.png',
    mimeType: 'image/png',
    buffer: Buffer.from(picture, 'base64'),
  });
  await page.getByRole('img', { name: 'don-thuoc.png' }).waitFor();
  const wide = await page.getByRole('img', { name: 'don-thuoc.png' }).evaluate(async (image) => {
    await (image as HTMLImageElement).decode();
    return (image as HTMLImageElement).naturalWidth;
  });
  assert.equal(wide, 1600);
  await page.getByRole('button', { name: 'Xoay ảnh don-thuoc.png' }).click();
  await page.waitForFunction(() => {
    const image = document.querySelector<HTMLImageElement>('img[alt="don-thuoc.png"]');
    return image?.complete === true && image.naturalWidth === 1067 && image.naturalHeight === 1600;
  });
  const documents = await province.program.house.kernel.gate.system('e2e').search('DocumentReference', [
    ['patient', `Patient/${patient}`],
    ['status', 'current'],
  ]);
  assert.equal(documents.matches.length, 1, 'what was turned is superseded');
  assert.equal(documents.matches[0]!.content[0]!.attachment.contentType, 'image/jpeg');
  assert.deepEqual(guest.complaints, []);
});
