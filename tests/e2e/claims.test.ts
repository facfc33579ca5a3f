/** The insurance clerk at work: the day's files, what is wrong with one and what to do, its tables, its download (issue 2, path 4e). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type ClaimsWorld, DAY, openClaimsWorld, PERSON } from '../../modules/insurance/claims/testing.ts';
import { buildWeb } from '../../web/build.ts';
import { assertAccessible } from './support/accessible.ts';
import { launchBrowser, type Visit, visit } from './support/browser.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { signInOn } from './support/province.ts';

let world: ClaimsWorld;
let browser: Browser;

before(async () => {
  await buildWeb();
  [world, browser] = await Promise.all([openClaimsWorld(), launchBrowser()]);
  await world.finishedVisit();
  const long = 'Nguyễn Hoàng Phạm Thị Phương Thảo Nguyên';
  await world.finishedVisit({ ...PERSON, address: undefined, name: [{ text: long }] });
  await world.arrive({ ...PERSON, name: [{ text: 'Lê Văn Chờ' }] });
});
after(async () => {
  await browser.close();
  await world.stop();
});

async function clerk(): Promise<Visit> {
  const guest = await visit(browser, world.program.address);
  await guest.page.goto('/');
  await signInOn(guest.page, 'giamdinh', 'demo');
  await guest.page.goto(`/giam-dinh?ngay=${DAY}`);
  await guest.page.getByText('Nguyễn Thị Ánh Đào').waitFor();
  return guest;
}

const openFile = async (page: Page, name: string) => {
  await page.getByText(name).first().click();
  await page.getByRole('complementary', { name }).waitFor();
};

test('the day’s files with state and first fault; a filter keeps only those with errors', async () => {
  await using guest = await clerk();
  const { page } = guest;
  await photograph(page, 'claims');
  await assertAccessible(page, 'the list of insurance files');
  for (const state of ['Có lỗi', 'Đạt', 'Đang khám'])
    assert.ok(await page.getByText(state).first().isVisible(), state);
  await page.getByRole('button', { name: 'Có lỗi' }).click();
  await page.getByText('Nguyễn Thị Ánh Đào').waitFor({ state: 'detached' });
  await page.getByText('Nguyễn Hoàng Phạm Thị Phương Thảo Nguyên').waitFor();
  assert.match(page.url(), /loc=errors/);
  assert.deepEqual(guest.complaints, []);
});

test('on a phone an opened file comes into sight, wherever its row stands', async () => {
  await using guest = await clerk();
  const { page } = guest;
  await page.setViewportSize({ width: 390, height: 844 });
  await openFile(page, 'Nguyễn Thị Ánh Đào');
  await page.getByRole('link', { name: 'Tải tệp XML' }).waitFor();
  const panel = page.getByRole('complementary', { name: 'Nguyễn Thị Ánh Đào' });
  await page.waitForFunction(() => {
    const { top = 999, bottom = 999 } = document.querySelector('.yb-side')?.getBoundingClientRect() ?? {};
    return top < 120 || bottom <= window.innerHeight;
  });
  assert.ok(await panel.getByRole('heading', { level: 2 }).isVisible());
  await page.getByRole('tab', { name: /XML3/ }).click();
  const narrowest = await panel
    .locator('.yb-facts dd')
    .evaluateAll((values) => Math.min(...values.map((one) => one.getBoundingClientRect().width)));
  assert.ok(narrowest >= 100, `a value has room for words, not for single letters: ${narrowest} px`);
  await photograph(page, 'claims-phone');
});

test('an open file says what is missing in which table and what to do; its tables show every field', async () => {
  await using guest = await clerk();
  const { page } = guest;
  await openFile(page, 'Nguyễn Hoàng Phạm Thị Phương Thảo Nguyên');
  const panel = page.getByRole('complementary', { name: 'Nguyễn Hoàng Phạm Thị Phương Thảo Nguyên' });
  await panel.getByText('Địa chỉ (DIA_CHI): chưa có; mở hồ sơ người bệnh (Hành chính) và bổ sung.').waitFor();
  await photograph(page, 'claims-faults');
  assert.equal(await sidewaysScroll(page), 0);
  await page.getByRole('tab', { name: /XML3/ }).click();
  await page.getByText('Đường máu mao mạch').waitFor();
  await photograph(page, 'claims-table');
  await assertAccessible(page, 'a table of an insurance file');
  assert.equal(await page.getByText('Mã giường (MA_GIUONG)').count(), 0);
  await page.getByLabel('Hiện cả trường trống').check();
  assert.ok((await page.getByText('Mã giường (MA_GIUONG)').count()) > 0);
  assert.deepEqual(guest.complaints, []);
});

test('the file is downloaded under the code of the episode', async () => {
  await using guest = await clerk();
  const { page } = guest;
  await openFile(page, 'Nguyễn Thị Ánh Đào');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Tải tệp XML' }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^25D01\.\d{12}\.\d{3}\.xml$/);
});
