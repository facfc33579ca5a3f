/**
 * The first look of a stranger, on a Sunday: every demo account arrives at a workplace where something is to be done or
 * seen, on an old PC and on a phone, and finds the way out again.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible } from './support/accessible.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;

before(async () => {
  province = await openProvince({ people: 600, day: true });
  await province.program.kernel.events.settled();
});

after(() => province[Symbol.asyncDispose]());

/** Rows of the first list, the head left out. */
const rows = (page: Page) => page.locator('.yb-list-body').first().getByRole('row');

const ARRIVALS: [account: string, path: string][] = [
  ['letan', '/tiep-don'],
  ['dieuduong', '/phong-kham'],
  ['bacsi', '/phong-kham'],
  ['bacsi', '/so-kham-benh'],
  ['xetnghiem', '/xet-nghiem'],
  ['thungan', '/giam-dinh'],
  ['truongtram', '/giam-dinh'],
  ['bacsi2', '/phong-kham'],
  ['giamdinh', '/giam-dinh'],
  ['dieuhanh', '/dieu-hanh/luot-kham'],
  ['quantri', '/nhat-ky'],
];

for (const [account, path] of ARRIVALS) {
  test(`${account} finds ${path} alive, readable on an old PC and on a phone`, async () => {
    await using guest = await province.signIn(account);
    const { page } = guest;
    await page.goto(path);
    await rows(page).first().waitFor();
    const name = `newcomer-${account}${path.replaceAll('/', '-')}`;
    for (const size of ['staff', 'citizen'] as const) {
      await photograph(page, name, [size]);
      await page.setViewportSize(
        size === 'staff' ? { width: 1366, height: 768 } : { width: 390, height: 844 },
      );
      assert.equal(await sidewaysScroll(page), 0, size);
      await page.waitForTimeout(100);
      const cut = await page.evaluate(() =>
        [...document.querySelectorAll('.yb-list-body > .yb-list-row')]
          .filter((row) => row.scrollHeight > row.clientHeight + 1)
          .map((row) => row.textContent),
      );
      assert.deepEqual(cut, [], `rows that are cut at ${size}`);
      await assertAccessible(page, `${name} ${size}`);
    }
    assert.deepEqual(guest.complaints, []);
  });
}

test('the wall counts the day that has begun and says what yesterday was', async () => {
  await using guest = await province.signIn('dieuhanh', 'wall');
  const { page } = guest;
  await page.goto('/dieu-hanh');
  await page.locator('.yb-tile-number').first().waitFor();
  assert.ok(Number(await page.locator('.yb-tile-number').first().innerText()) > 0);
  await page.getByText(/Cả ngày hôm qua: [1-9]\d* lượt/).waitFor();
  await photograph(page, 'newcomer-wall');
  await assertAccessible(page, 'wall');
});

test('who may not see a screen is told so in the frame, with the way to the own workplaces', async () => {
  await using guest = await province.signIn('truongtram');
  await guest.page.goto('/dieu-hanh');
  await guest.page.getByText('Tài khoản này không dùng màn hình này').waitFor();
  await guest.page.getByRole('navigation', { name: 'Nơi làm việc' }).waitFor();
  assert.equal(await guest.page.evaluate(() => document.documentElement.dataset.theme), 'light');
});

test('from the wall there is a way to the other workplaces, to English and out, by keyboard', async () => {
  await using guest = await province.signIn('cdc', 'wall');
  const { page } = guest;
  await page.goto('/dieu-hanh');
  await page.locator('.yb-tile-number').first().waitFor();
  const menu = page.getByRole('button', { name: 'Tài khoản và nơi làm việc' });
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Ca bệnh phải báo cáo' }).waitFor();
  await assertAccessible(page, 'menu of the wall');
  await page.getByRole('menuitem', { name: 'Ca bệnh phải báo cáo' }).click();
  await page.getByRole('heading', { name: 'Ca bệnh phải báo cáo' }).waitFor();
  await page.goBack();
  await menu.click();
  await page.getByRole('menuitem', { name: 'Đăng xuất' }).click();
  await page.getByLabel('Tên đăng nhập').waitFor();
});

test('a screen that could not be fetched says so and opens by itself when the network is back', async () => {
  await using guest = await province.signIn('bacsi');
  const { page } = guest;
  await page.route('**/assets/register*.js', (route) => route.abort());
  await page.getByRole('link', { name: 'Sổ khám bệnh' }).click();
  await page.getByText('Chưa tải được màn hình này').waitFor();
  await page.unroute('**/assets/register*.js');
  await rows(page).first().waitFor({ timeout: 15_000 });
});
