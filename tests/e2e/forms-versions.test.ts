/** A version published for a day to come, walked through that day: what is in force before, on and after it, and how it is taken back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Questionnaire } from '../../kernel/fhir/types.ts';
import { addDays, vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { assertAccessible } from './support/accessible.ts';
import { box, Filling, savedDraft } from './support/filling.ts';
import { photograph } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

const KEY = 'thu-do-gio';
const FIRST = '2026-01-01';
const form: Questionnaire = {
  resourceType: 'Questionnaire',
  id: `${KEY}-${FIRST}`,
  url: `http://yba.vn/fhir/Questionnaire/${KEY}`,
  version: FIRST,
  name: 'ThuDoGio',
  title: 'Phiếu đo gió',
  status: 'active',
  subjectType: ['Patient'],
  effectivePeriod: { start: FIRST },
  item: [{ linkId: 'gio', type: 'integer', text: 'Cấp gió cũ' }],
};

/** The browser's day is the machine's; the program's clock begins there and is set forward. */
const TODAY = vietnamDay(new Date());
/** The first day of the version to come, and of the one that takes its place. */
const DAY = addDays(TODAY, 7);
const LATER = addDays(TODAY, 20);
let clock = new Date();
const shown = (day: string) => day.split('-').reverse().join('/');

let province: Province;
let filling: Filling;

before(async () => {
  province = await openProvince({ people: 20, now: () => clock });
  filling = new Filling(province);
  await filling.publish(form);
});
after(() => province[Symbol.asyncDispose]());

function goTo(day: string, time: string): void {
  clock = new Date(`${day}T${time}:00+07:00`);
  filling.newDay();
}

const versions = (page: Page) => page.getByRole('table', { name: 'Các phiên bản' }).getByRole('row');

async function designer() {
  const guest = await province.signIn('noidung');
  await guest.page.goto(`/thiet-ke-bieu-mau/${KEY}`);
  await guest.page.getByRole('treeitem').first().waitFor();
  return guest;
}

async function seeVersions(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Các phiên bản' }).click();
  await versions(page).first().waitFor();
}

/** Asks what a new response to the form is asked, at the program's moment. */
async function askedNow(): Promise<string> {
  await using guest = await filling.open(KEY);
  return (await guest.page.locator('[data-field] label').first().textContent()) ?? '';
}

test('a version waits for its day; what was begun before goes on as it was begun; who changes their mind keeps the old one', async () => {
  await using officer = await designer();
  const { page } = officer;
  await page.getByRole('treeitem', { name: /Cấp gió cũ/ }).click();
  await page.getByLabel('Lời hỏi').fill('Cấp gió mới');
  await page.getByRole('button', { name: 'Công bố' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Có hiệu lực từ').fill(shown(DAY));
  await dialog.getByRole('button', { name: 'Công bố' }).click();
  await page.getByText(`Đã công bố phiên bản ${shown(DAY)}`).waitFor();
  await seeVersions(page);
  await versions(page)
    .filter({ hasText: shown(DAY) })
    .getByText('Sắp có hiệu lực')
    .waitFor();
  await versions(page).filter({ hasText: '01/01/2026' }).getByText('Đang có hiệu lực').waitFor();
  await photograph(page, 'versions-coming', ['staff', 'citizen']);
  await assertAccessible(page, 'a version to come');
  assert.deepEqual(officer.complaints, []);

  // Until the last minute before the day the old words are asked.
  assert.equal(await askedNow(), 'Cấp gió cũ');
  goTo(addDays(DAY, -1), '23:50');
  await using begun = await filling.open(KEY);
  await box(begun.page, 'Cấp gió cũ').fill('4');
  await begun.page.keyboard.press('Control+s');
  await savedDraft(begun.page);

  goTo(DAY, '00:05');
  assert.equal(await askedNow(), 'Cấp gió mới');
  await using resumed = await filling.open(KEY, begun.patient);
  await resumed.page
    .getByText(`tiếp tục theo phiên bản 01/01/2026 lúc bắt đầu; từ ${shown(DAY)}`, { exact: false })
    .waitFor();
  assert.equal(await box(resumed.page, 'Cấp gió cũ').inputValue(), '4');
  await photograph(resumed.page, 'versions-begun-before', ['staff', 'citizen']);
  await resumed.page.keyboard.press('Control+Enter');
  await resumed.page.getByText('Đã ghi phiếu vào hồ sơ').waitFor();
  const [response] = await filling.answersOf(begun.patient);
  assert.equal(response!.questionnaire, `${form.url}|${FIRST}`);
  assert.equal(response!.item![0]!.text, 'Cấp gió cũ');

  // Rolled back from a day to come: until then the new words stay, and the one in force may be kept after all.
  goTo(addDays(DAY, 1), '09:00');
  await using again = await designer();
  await seeVersions(again.page);
  const back = again.page.getByRole('dialog');
  await versions(again.page)
    .filter({ hasText: '01/01/2026' })
    .getByRole('button', { name: 'Quay lại bản này' })
    .click();
  await back.getByLabel('Có hiệu lực từ').fill(shown(LATER));
  await back.getByLabel('Lý do').fill('Từ mới làm người dân hiểu nhầm');
  await back.getByRole('button', { name: 'Quay lại bản 01/01/2026' }).click();
  await back.waitFor({ state: 'detached' });
  assert.equal(await askedNow(), 'Cấp gió mới');

  goTo(LATER, '00:05');
  assert.equal(await askedNow(), 'Cấp gió cũ');
});

test('a version that was published ahead is taken back before its day: the one in force is kept', async () => {
  goTo(addDays(LATER, 1), '09:00');
  await using officer = await designer();
  const { page } = officer;
  const day = addDays(LATER, 10);
  await page.getByRole('treeitem', { name: /Cấp gió/ }).click();
  await page.getByLabel('Lời hỏi').fill('Cấp gió vội');
  await page.getByRole('button', { name: 'Công bố' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Có hiệu lực từ').fill(shown(day));
  await dialog.getByRole('button', { name: 'Công bố' }).click();
  await dialog.waitFor({ state: 'detached' });
  await seeVersions(page);
  await page.getByRole('button', { name: 'Giữ bản này' }).click();
  // Its day is filled in already, and the dialog says what will not come.
  assert.equal(await dialog.getByLabel('Có hiệu lực từ').inputValue(), shown(day));
  await dialog.getByText(`Bản ${shown(day)} đã công bố trước sẽ không có hiệu lực nữa.`).waitFor();
  await dialog.getByLabel('Lý do').fill('Công bố nhầm, chưa được duyệt');
  await photograph(page, 'versions-keep', ['staff', 'citizen']);
  await assertAccessible(page, 'keeping a version');
  await dialog.getByRole('button', { name: /^Giữ bản/ }).click();
  await dialog.waitFor({ state: 'detached' });
  await seeVersions(page);
  assert.equal(await page.getByText('Sắp có hiệu lực').count(), 1, 'only one of a day is still to come');

  // Something urgent before that day says until when it holds.
  await page.getByRole('button', { name: 'Công bố' }).click();
  await dialog.getByText(`Chỉ đến trước ${shown(day)}`, { exact: false }).waitFor();
  await page.keyboard.press('Escape');
  goTo(day, '00:05');
  assert.equal(await askedNow(), 'Cấp gió cũ');
  assert.deepEqual(officer.complaints, []);
});
