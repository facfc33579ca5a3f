/** Allergies by keyboard alone, on the whole program in a real browser (issue 2, path 4b and 4c). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { AllergyIntolerance } from '../../kernel/fhir/types.ts';
import { assertAccessible } from './support/accessible.ts';
import { arrivalOf, putAll } from './support/arrival.ts';
import { tabTo } from './support/keyboard.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;
let arrivals = 0;

before(async () => {
  province = await openProvince({ people: 20 });
});
after(() => province[Symbol.asyncDispose]());

/** Someone who has checked in at the station of the demo staff, of whom nobody has asked for allergies. */
async function arrive(name: string) {
  arrivals += 1;
  const { patient, encounter, resources } = arrivalOf(province, {
    name,
    citizenNumber: `09916800${String(7000 + arrivals)}`,
    ticket: String(700 + arrivals),
  });
  await putAll(province, resources);
  return { patient, encounter };
}

const held = async (patient: string) =>
  (await province.program.kernel.gate.system('e2e').search('AllergyIntolerance', [['patient', patient]]))
    .matches as AllergyIntolerance[];

/** Someone else writes the only allergy of the person. */
async function reactionBySomeone(patient: string, text: string): Promise<void> {
  const [allergy] = await held(patient);
  const next = { ...allergy!, reaction: [{ manifestation: [{ text }] }] };
  await province.program.kernel.gate.system('e2e').update(next, Number(allergy!.meta!.versionId));
}

const bannerOf = (page: Page) => page.getByRole('region', { name: 'Người bệnh' });

/** The first letters in the focused search, the line chosen, then the other fields by Enter; `↓` steps in a list. */
async function type(page: Page, typed: string, shown: string, rest: readonly string[]) {
  await page
    .getByRole('combobox', { name: /Dị ứng với/ })
    .and(page.locator(':focus'))
    .waitFor();
  await page.keyboard.type(typed);
  await page.getByRole('option').filter({ hasText: shown }).first().waitFor();
  await page.keyboard.press('Enter');
  for (const one of rest) {
    await page.keyboard.press('Enter');
    if (/^↓+$/.test(one)) for (const _ of one) await page.keyboard.press('ArrowDown');
    else await page.keyboard.type(one);
  }
}

test('doctor and nurse: "none" said, an allergy recorded by keyboard, the banner pushed, the prescription warned, removed', async () => {
  const { patient, encounter } = await arrive('Đỗ Thị Mề Đay');
  await using doctor = await province.signIn('bacsi');
  const { page } = doctor;
  await page.goto(`/kham/${encounter}`);
  await bannerOf(page).getByText('Chưa hỏi dị ứng').waitFor();
  await page.keyboard.press('F8');
  await page.getByLabel('Mạch').waitFor();
  await page.getByLabel('Mạch').fill('88');

  await page.keyboard.press('Alt+a');
  const panel = page.getByRole('dialog', { name: 'Dị ứng' });
  await panel.getByText('Chưa hỏi', { exact: true }).waitFor();
  await photograph(page, 'allergies-unasked', ['staff', 'citizen']);
  assert.equal(await sidewaysScroll(page), 0);
  await page.keyboard.press('Alt+0');
  await panel.getByText('Không có dị ứng đã biết').waitFor();
  await bannerOf(page).getByText('Không dị ứng đã biết').waitFor();
  assert.equal((await held(patient))[0]!.code!.coding![0]!.code, '716186003');

  await type(page, 'amoxicillin', 'Amoxicilin', ['', '↓', 'Nổi mề đay', '2019']);
  await page.keyboard.press('Control+Enter');
  await bannerOf(page).getByText('Dị ứng: Amoxicilin').waitFor();
  await panel.getByText('Thuốc · Nổi mề đay · từ 2019').waitFor();
  await type(page, 'tôm', 'tôm', ['↓↓', '↓↓', 'Ngứa', '']);
  await page.keyboard.press('Control+Enter');
  await bannerOf(page).getByText('Dị ứng: tôm').waitFor();
  await photograph(page, 'allergies', ['staff', 'citizen']);
  await assertAccessible(page, 'the allergies');
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Mạch').inputValue(), '88', 'what is typed below stays');

  await page.keyboard.press('F3');
  await page.keyboard.type('augmentin 1g');
  await page.getByRole('option').filter({ hasText: 'Augmentin 1g' }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByLabel('Sáng, Augmentin 1g').waitFor();
  for (const cell of ['1', '', '', '1', '5']) {
    await page.keyboard.type(cell);
    await page.keyboard.press('Enter');
  }
  await page.getByText('Người bệnh dị ứng Amoxicilin').waitFor();

  await using nurse = await province.signIn('dieuduong');
  await nurse.page.goto(`/ho-so/${patient}`);
  await bannerOf(nurse.page).getByRole('link', { name: 'Dị ứng' }).waitFor();
  await tabTo(nurse.page, 'Dị ứng');
  await nurse.page.keyboard.press('Enter');
  await nurse.page.getByRole('button', { name: /^Gỡ Amoxicilin/ }).waitFor();
  await photograph(nurse.page, 'allergies-page', ['staff', 'citizen']);
  await assertAccessible(nurse.page, 'the page of allergies');
  await nurse.page.getByRole('button', { name: /^Gỡ Amoxicilin/ }).focus();
  await nurse.page.keyboard.press('Enter');
  await bannerOf(nurse.page).getByText('Dị ứng: Amoxicilin').waitFor({ state: 'detached' });
  await bannerOf(page).getByText('Dị ứng: Amoxicilin').waitFor({ state: 'detached' });
  await page.getByText('Người bệnh dị ứng Amoxicilin').waitFor({ state: 'detached' });
  const said = (await held(patient)).map((one) => one.verificationStatus!.coding![0]!.code).sort();
  assert.deepEqual(said, ['confirmed', 'entered-in-error', 'refuted']);
  assert.deepEqual([...doctor.complaints, ...nurse.complaints], []);
});

test('faults stand at their fields; two people on one allergy see both versions', async () => {
  const { patient } = await arrive('Vũ Thị Hai Bản');
  await using doctor = await province.signIn('truongtram');
  const { page } = doctor;
  // While it is shut, the page keeps what it has read; also what was asked before and answered since comes no more.
  let isShut = false;
  await page.route(`**/api/clinic/people/${patient}/allergies`, async (route) => {
    const response = isShut ? null : await route.fetch();
    await (isShut || response === null ? route.abort() : route.fulfill({ response }));
  });
  await page.goto(`/di-ung/${patient}`);
  await page.getByText('Chưa hỏi', { exact: true }).waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText('Còn 3 chỗ cần sửa').waitFor();
  await page.getByRole('combobox', { name: /Dị ứng với/ }).focus();
  await type(page, 'ibuprofen', 'Ibuprofen', ['', '↓↓', 'Ngứa']);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Sửa Ibuprofen' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Biểu hiện').fill('Phản vệ độ 2');
  isShut = true;
  await reactionBySomeone(patient, 'Nổi mề đay');
  await page.keyboard.press('Control+Enter');
  const dialog = page.getByRole('dialog', { name: 'Hai bản của một dị ứng' });
  await dialog.getByText('Nổi mề đay').waitFor();
  await dialog.getByText('Phản vệ độ 2').waitFor();
  await photograph(page, 'allergies-conflict', ['staff', 'citizen']);
  isShut = false;
  await dialog.getByRole('button', { name: 'Lưu bản đã chọn' }).focus();
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Phản vệ độ 2').waitFor();
  assert.equal((await held(patient))[0]!.reaction![0]!.manifestation[0]!.text, 'Phản vệ độ 2');

  isShut = true;
  await reactionBySomeone(patient, 'Sốc');
  await page.getByRole('button', { name: /^Gỡ Ibuprofen/ }).focus();
  await page.keyboard.press('Enter');
  await dialog.getByText('Bản bạn đã xem').waitFor();
  await dialog.getByText('Sốc').waitFor();
  await photograph(page, 'allergies-removal-conflict', ['staff', 'citizen']);
  isShut = false;
  await dialog.getByRole('button', { name: 'Vẫn gỡ bản mới' }).focus();
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Chưa hỏi', { exact: true }).waitFor();
});
