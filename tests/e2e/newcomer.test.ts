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
  ['bacsi', '/so/so-kham-benh'],
  ['xetnghiem', '/xet-nghiem'],
  ['thungan', '/giam-dinh'],
  ['truongtram', '/giam-dinh'],
  ['bacsi2', '/phong-kham'],
  ['giamdinh', '/giam-dinh'],
  ['dieuhanh', '/dieu-hanh/luot-kham'],
  ['quantri', '/nhat-ky'],
  ['noidung', '/thiet-ke-bieu-mau'],
  ['bacsi', '/bieu-mau'],
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
      // No row is cut, once the list has measured them.
      await page.waitForFunction(() =>
        [...document.querySelectorAll('.yb-list-body > .yb-list-row')].every(
          (row) => row.scrollHeight <= row.clientHeight + 1,
        ),
      );
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

test('the wall is not scrolled, however many diseases and alerts it has: its panels are', async () => {
  await using guest = await province.signIn('dieuhanh', 'wall');
  const { page } = guest;
  await page.goto('/dieu-hanh');
  const diseases = page.locator('.op-panel ol');
  await diseases.waitFor({ state: 'attached' });
  // Soon after midnight nobody has a diagnosis of the day yet.
  await diseases.evaluate((list) => {
    const line = list.firstElementChild ?? document.createElement('li');
    if (line.textContent === '') line.textContent = 'A90';
    for (let n = 0; n < 40; n += 1) list.append(line.cloneNode(true));
  });
  assert.equal(
    await page.evaluate(() => document.documentElement.scrollHeight - document.documentElement.clientHeight),
    0,
  );
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.getByRole('heading', { name: 'Cảnh báo' }).scrollIntoViewIfNeeded();
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
  await page.route('**/assets/books*.js', (route) => route.abort());
  await page.getByRole('link', { name: 'Sổ sách' }).click();
  await page.getByText('Chưa tải được màn hình này').waitFor();
  await page.unroute('**/assets/books*.js');
  await page.getByRole('link', { name: 'Sổ khám bệnh' }).waitFor({ timeout: 15_000 });
});

test('in English nothing of the interface stays Vietnamese: states in the register, ages in full', async () => {
  await using guest = await province.signIn('bacsi');
  const { page } = guest;
  await page.getByRole('button', { name: 'English' }).click();
  await page.goto('/so/so-kham-benh');
  await rows(page).first().waitFor();
  const register = await page.locator('.yb-list-body').innerText();
  assert.match(register, /Waiting|Being seen/);
  assert.doesNotMatch(register, /Chờ khám|Đang khám|Đã huỷ/);
  await page.goto('/phong-kham');
  await rows(page).first().waitFor();
  const ages = page.locator('.yb-list-body .yb-cell').filter({ hasText: /(years|months|days)/ });
  assert.ok((await ages.count()) > 0);
  const cut = await ages.evaluateAll(
    (cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length,
  );
  assert.equal(cut, 0);
});

test('in Vietnamese the log of accesses says in words what was done, and shows all that was done on one person', async () => {
  await using reader = await province.signIn('letan');
  await reader.page.goto('/so/so-kham-benh');
  await rows(reader.page).first().waitFor();
  await using guest = await province.signIn('quantri');
  const { page } = guest;
  await page.goto('/nhat-ky');
  await rows(page).first().waitFor();
  const list = await page.locator('.yb-list-body').innerText();
  assert.match(list, /Sổ khám bệnh A1\/CSYT/);
  assert.doesNotMatch(list, /AuditEvent|session|register|wall|notifiable|Encounter/);
  await page
    .locator('.yb-list-body')
    .getByRole('row', { name: /Sổ khám bệnh .*người bệnh/ })
    .first()
    .click();
  await page.getByRole('button', { name: /Bỏ lọc người bệnh/ }).waitFor();
  await rows(page).first().waitFor();
  const persons = await rows(page).evaluateAll(
    (all) => new Set(all.map((row) => /người bệnh (\S+)/.exec(row.textContent ?? '')?.[1])).size,
  );
  assert.equal(persons, 1);
  await assertAccessible(page, 'log of one person');
});

test('a name typed without marks, or a ticket, finds one in the worklist', async () => {
  await using guest = await province.signIn('bacsi');
  const { page } = guest;
  await page.goto('/phong-kham');
  await rows(page).first().waitFor();
  const name = (await rows(page).last().locator('.yb-cell').nth(1).innerText()).trim();
  const folded = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
  await page.getByLabel('Tìm họ tên, số').fill(folded.split(' ').toReversed().join(' '));
  await page.getByText('1 dòng', { exact: true }).waitFor();
  await rows(page).filter({ hasText: name }).waitFor();
  await page.getByLabel('Tìm họ tên, số').fill('zzz');
  await page.getByText('Không có ai như vậy trong danh sách này').waitFor();
  await photograph(page, 'worklist-none');
});
