/** What is typed into a form and not finished: nothing loses it, and it goes on elsewhere as it was begun. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { everyKind } from './forms.testing.ts';
import { assertAccessible } from './support/accessible.ts';
import { box, Filling, savedDraft } from './support/filling.ts';
import { photograph } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

const FIRST = '2026-01-01';
let province: Province;
let filling: Filling;

before(async () => {
  province = await openProvince({ people: 20 });
  filling = new Filling(province);
  await filling.publish(everyKind(FIRST));
});
after(() => province[Symbol.asyncDispose]());

test('a draft is saved within ten seconds without a key and goes on at another PC, with its version, although a newer one is in force', async () => {
  await using guest = await filling.open();
  await box(guest.page, 'Lý do đến khám').fill('Chóng mặt');
  await savedDraft(guest.page);
  // The past does not change: what is newer begins today.
  const newer = vietnamDay(new Date());
  await filling.publish(everyKind(newer, [{ linkId: 'moi', type: 'string', text: 'Câu hỏi mới' }]));
  try {
    await using other = await filling.open('thu-moi-loai', guest.patient);
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
    await using fresh = await filling.open();
    await fresh.page.getByLabel('Câu hỏi mới').waitFor();
  } finally {
    // Past the gate, which keeps what was published: the other tests go on with the first version.
    await province.program.house.kernel.store.commit(
      [{ op: 'delete', type: 'Questionnaire', id: `thu-moi-loai-${newer}` }],
      [],
    );
  }
});

test('ten seconds without network and a crashed page lose nothing', async () => {
  await using guest = await filling.open();
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
  await using guest = await filling.open();
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
