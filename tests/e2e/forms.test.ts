/** Filling in forms: every kind of item by keyboard, drafts that nothing loses, finishing, amending, reading. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import type { QuestionnaireResponse } from '../../kernel/fhir/types.ts';
import { everyKind, longForm } from './forms.testing.ts';
import { assertAccessible } from './support/accessible.ts';
import { Consulting } from './support/consulting.ts';
import { compose } from './support/keyboard.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

const FIRST = '2026-01-01';
let province: Province;
let consulting: Consulting;
let arrivals = 0;

before(async () => {
  province = await openProvince({ people: 20 });
  consulting = new Consulting(province);
  await publish(everyKind(FIRST));
  await publish(longForm(500));
});
after(() => province[Symbol.asyncDispose]());

const publish = (form: ReturnType<typeof everyKind>) =>
  province.program.house.kernel.gate.system('e2e').update(form);

/** A doctor before the form of somebody who has checked in. */
async function filling(key = 'thu-moi-loai', patient?: string) {
  arrivals += 1;
  const about = patient ?? (await consulting.arrive(`Nguyễn Thị Hồng Nhung ${arrivals}`)).patient;
  const guest = await consulting.doctor();
  await guest.page.goto(`/bieu-mau/${key}?nguoi=${about}`);
  await guest.page.locator('[data-field]').first().waitFor();
  return { ...guest, patient: about, [Symbol.asyncDispose]: guest[Symbol.asyncDispose] };
}

const box = (page: Page, label: string) => page.getByLabel(new RegExp(`^${label}( \\*)?$`)).first();
const savedDraft = (page: Page) => page.getByText(/^Đã ghi nháp/).waitFor({ timeout: 15_000 });

async function answersOf(patient: string): Promise<QuestionnaireResponse[]> {
  const found = await province.program.house.kernel.gate
    .system('e2e')
    .search('QuestionnaireResponse', [['patient', `Patient/${patient}`]]);
  return found.matches;
}

test('every kind of item is filled in by keyboard alone and stands in the record', async () => {
  await using guest = await filling();
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
  const [response] = await answersOf(guest.patient);
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
  await using guest = await filling();
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
  await using guest = await filling();
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

test('a draft is saved within ten seconds without a key and goes on at another PC, with its version, although a newer one is in force', async () => {
  await using guest = await filling();
  await box(guest.page, 'Lý do đến khám').fill('Chóng mặt');
  await savedDraft(guest.page);
  const newer = '2026-02-01';
  await publish(everyKind(newer, [{ linkId: 'moi', type: 'string', text: 'Câu hỏi mới' }]));
  try {
    await using other = await filling('thu-moi-loai', guest.patient);
    await other.page.getByText(/^Mở lại bản nháp/).waitFor();
    assert.equal(await box(other.page, 'Lý do đến khám').inputValue(), 'Chóng mặt');
    await other.page.getByText(/tiếp tục theo phiên bản 01\/01\/2026/).waitFor();
    assert.equal(await other.page.getByLabel('Câu hỏi mới').count(), 0);
    await photograph(other.page, 'forms-resumed');
    // Two PCs: the second does not write over the first unseen.
    await box(other.page, 'Lý do đến khám').fill('Chóng mặt, buồn nôn');
    await other.page.keyboard.press('Control+s');
    await savedDraft(other.page);
    await box(guest.page, 'Lý do đến khám').fill('Đau lưng');
    await guest.page.keyboard.press('Control+s');
    await guest.page.getByText('Phiếu này còn một bản nháp khác').waitFor();
    await guest.page.getByRole('cell', { name: 'Chóng mặt, buồn nôn' }).waitFor();
    await guest.page.getByRole('cell', { name: 'Đau lưng' }).waitFor();
    await photograph(guest.page, 'forms-conflict');
    await assertAccessible(guest.page, 'two drafts');
    await guest.page.getByRole('button', { name: 'Lấy bản ở máy kia' }).click();
    await guest.page.getByText(/^Mở lại bản nháp/).waitFor();
    assert.equal(await box(guest.page, 'Lý do đến khám').inputValue(), 'Chóng mặt, buồn nôn');
    await using fresh = await filling();
    await fresh.page.getByLabel('Câu hỏi mới').waitFor();
  } finally {
    await province.program.house.kernel.gate.system('e2e').remove('Questionnaire', `thu-moi-loai-${newer}`);
  }
});

test('ten seconds without network and a crashed page lose nothing', async () => {
  await using guest = await filling();
  const { page } = guest;
  await guest.context.setOffline(true);
  await box(page, 'Lý do đến khám').fill('Mất ngủ');
  await page.getByText('Đang giữ trong máy này').waitFor({ timeout: 15_000 });
  await box(page, 'Cân nặng').fill('48');
  await page.waitForTimeout(600);
  // The browser ends without a word: nothing more reaches the server from it.
  await page.close({ runBeforeUnload: false });
  await guest.context.setOffline(false);
  const again = await guest.context.newPage();
  await again.goto(`/bieu-mau/thu-moi-loai?nguoi=${guest.patient}`);
  await again.getByText('Mở lại phần gõ dở trong máy này').waitFor();
  assert.equal(await box(again, 'Lý do đến khám').inputValue(), 'Mất ngủ');
  assert.equal(await box(again, 'Cân nặng').inputValue(), '48');
  await savedDraft(again);
});

test('leaving the page saves; the list says what is begun, and throwing away begins anew', async () => {
  await using guest = await filling();
  const { page } = guest;
  await box(page, 'Lý do đến khám').fill('Ho kéo dài');
  await page.getByRole('link', { name: 'Biểu mẫu' }).first().click();
  const row = page.getByRole('row', { name: /Phiếu sàng lọc/ }).first();
  await row.waitFor();
  await photograph(page, 'forms-drafts', ['staff', 'citizen']);
  await assertAccessible(page, 'drafts');
  await page.goto(`/bieu-mau/thu-moi-loai?nguoi=${guest.patient}`);
  await page.getByText(/^Mở lại/).waitFor();
  assert.equal(await box(page, 'Lý do đến khám').inputValue(), 'Ho kéo dài');
  await page.getByRole('button', { name: 'Bỏ nháp, làm lại từ đầu' }).click();
  await page.getByText(/^Mở lại/).waitFor({ state: 'detached' });
  assert.equal(await box(page, 'Lý do đến khám').inputValue(), '');
});

test('the earlier answer stands beside its field and is taken over by one key; a finished form is amended and its first version stays', async () => {
  await using guest = await filling();
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
  const [response] = await answersOf(patient);
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
  await using guest = await filling();
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
    (await answersOf(patient)).map(({ status }) => status),
    ['entered-in-error'],
  );
});

test('a photograph is made smaller, kept as a document of the person and shown', async () => {
  await using guest = await filling();
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

test('five hundred items: in sight at once, all of it there for search and keyboard, calculated as one types', async () => {
  await using guest = await filling('thu-rat-dai');
  const { page } = guest;
  await page.getByText('Câu hỏi số 500').waitFor({ state: 'attached' });
  assert.equal(await page.locator('[data-field]').count(), 500);
  await page.getByLabel('Câu hỏi số 499').fill('41');
  await page.waitForFunction(
    () => (document.querySelector('[data-field="nhom-24/cau-499"] input') as HTMLInputElement).value === '42',
  );
  await page.getByRole('button', { name: 'Phần 13' }).click();
  await page.getByLabel('Câu hỏi số 241').waitFor();
  await photograph(page, 'forms-long');
  await assertAccessible(page, 'a long form');
  assert.deepEqual(guest.complaints, []);
});

test('a key in a form of five hundred items lays out its own box alone, and what it calculates stands in the same frame', async () => {
  await using guest = await filling('thu-rat-dai');
  const { page } = guest;
  await page.getByText('Câu hỏi số 500').waitFor({ state: 'attached', timeout: 30_000 });
  await box(page, 'Câu hỏi số 1').fill('mệt');
  await page.keyboard.press('End');
  const layouts = await layoutsOf(guest.context, page, () => typeByFrames(page, 'mỏi'));
  assert.ok(layouts.length >= 3, `${layouts.length} layouts were seen`);
  assert.ok(Math.max(...layouts) <= 10, `laid out: ${layouts.join(', ')} objects`);

  await box(page, 'Câu hỏi số 9').focus();
  await page.evaluate(() => {
    const here = window as unknown as { shown: string[] };
    here.shown = [];
    const labels = [...document.querySelectorAll('label')];
    const dependent = labels.find((one) => one.textContent === 'Câu hỏi số 10')!.control as HTMLInputElement;
    document.addEventListener('input', () => requestAnimationFrame(() => here.shown.push(dependent.value)));
  });
  const dependent = await layoutsOf(guest.context, page, () => typeByFrames(page, '47'));
  assert.ok(Math.max(...dependent) <= 10, `with what is calculated: ${dependent.join(', ')} objects`);
  await page.waitForFunction(() => (window as unknown as { shown: string[] }).shown.length === 2);
  const shown = await page.evaluate(() => (window as unknown as { shown: string[] }).shown);
  assert.deepEqual(shown, ['5', '48']);
});

/** One letter a frame: a quick machine draws several at once otherwise. */
async function typeByFrames(page: Page, text: string): Promise<void> {
  for (const letter of text) {
    await page.keyboard.type(letter);
    await page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
    );
  }
}

/** How many objects each layout of the page had to look at while `act` went on. */
async function layoutsOf(context: BrowserContext, page: Page, act: () => Promise<void>): Promise<number[]> {
  const devtools = await context.newCDPSession(page);
  const found: number[] = [];
  devtools.on('Tracing.dataCollected', ({ value }) => {
    for (const one of value as unknown as { name: string; args?: { beginData?: { totalObjects: number } } }[])
      if (one.name === 'Layout' && one.args?.beginData) found.push(one.args.beginData.totalObjects);
  });
  const complete = new Promise((done) => devtools.once('Tracing.tracingComplete', done));
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline'] },
  });
  await act();
  await devtools.send('Tracing.end');
  await complete;
  await devtools.detach();
  return found;
}
