/** Signing in and the staff frame, on the whole program in a real browser. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible } from './support/accessible.ts';
import { focusedName, tabTo } from './support/keyboard.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province, signInOn } from './support/province.ts';

let province: Province;

before(async () => {
  province = await openProvince();
});

after(() => province[Symbol.asyncDispose]());

test('the sign-in page is calm, accessible, and takes the keyboard at once', async () => {
  await using guest = await province.open();
  const { page } = guest;
  await page.goto('/');
  await page.getByLabel('Tên đăng nhập').waitFor();
  assert.equal(await focusedName(page), 'Tên đăng nhập');
  await assertAccessible(page, 'the sign-in page');
  await photograph(page, 'sign-in', ['staff', 'citizen']);
  assert.deepEqual(guest.complaints, []);
});

test('a wrong password says what to do, keeps the name, and tells nobody which of both was wrong', async () => {
  await using guest = await province.open();
  const { page } = guest;
  await page.goto('/');
  await page.getByLabel('Tên đăng nhập').fill('bacsi');
  await page.getByLabel('Mật khẩu').fill('sai');
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('Tên đăng nhập').inputValue(), 'bacsi');
  await photograph(page, 'sign-in-refused');
  await assertAccessible(page, 'the refused sign-in');
});

test('a deep link opens its screen after signing in, and reload stays signed in', async () => {
  await using guest = await province.open();
  const { page } = guest;
  await page.goto('/so/so-kham-benh');
  await signInOn(page, 'bacsi');
  await page.getByRole('heading', { level: 1, name: 'Sổ khám bệnh' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Sổ khám bệnh' }).waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('the screen of an address is fetched while the server is still asked who is signed in', async () => {
  await using guest = await province.signIn('letan');
  const { page } = guest;
  const fetched = Promise.withResolvers<void>();
  page.on('response', (answer) => /\/assets\/reception-/.test(answer.url()) && fetched.resolve());
  await page.route('**/api/access/me', async (route) => {
    await fetched.promise;
    await route.continue();
  });
  await page.goto('/tiep-don');
  await page.getByRole('heading', { level: 1, name: 'Tiếp đón' }).waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('the frame shows the unit, who I am, my workplaces and the label of the demo province', async () => {
  await using guest = await province.signIn('letan');
  const { page } = guest;
  await page.getByText('Tỉnh trình diễn – không phải người thật').waitFor();
  await page.getByRole('button', { name: /Nguyễn Thị Thu Hà/ }).waitFor();
  const rail = page.getByRole('navigation', { name: 'Nơi làm việc' });
  assert.ok((await rail.getByRole('link').count()) >= 1);
  assert.equal(await rail.getByText('Điều hành y tế').count(), 0);
  assert.equal(await sidewaysScroll(page), 0);
  await photograph(page, 'shell');
  await assertAccessible(page, 'the staff frame');
  assert.deepEqual(guest.complaints, []);
});

test('a page that hears nothing says so, and leaves the name of who is signed in its place', async () => {
  await using guest = await province.signIn('bacsi');
  const { page } = guest;
  await page.route('**/api/events?*', (route) => route.fulfill({ status: 403, body: '' }));
  await page.goto('/phong-kham');
  await page.getByText('Trang này không tự cập nhật').waitFor();
  const hidden = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.yb-who-name, .yb-top-lost, .yb-top-home, .yb-top-demo')].flatMap(
        (one) => {
          const { left, right, width } = one.getBoundingClientRect();
          const isCut = one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0;
          const isOut = left < 0 || right > window.innerWidth || width === 0;
          return isCut || isOut ? [`${one.className}: ${one.textContent}`] : [];
        },
      ),
    );
  assert.deepEqual(await hidden(), []);
  assert.equal(await sidewaysScroll(page), 0);
  await photograph(page, 'shell-unheard', ['staff', 'citizen']);
  await assertAccessible(page, 'a page that hears nothing');
});

test('the language is switched without losing what is typed, and is remembered', async () => {
  await using guest = await province.signIn('letan');
  const { page } = guest;
  const search = page.getByRole('combobox', { name: 'Tìm người' });
  await search.fill('ngu');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('navigation', { name: 'Workplaces' }).waitFor();
  assert.equal(await page.getByRole('combobox', { name: 'Find a person' }).inputValue(), 'ngu');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await photograph(page, 'shell-english');
  await page.reload();
  await page.getByRole('button', { name: 'Tiếng Việt' }).click();
  await page.getByRole('navigation', { name: 'Nơi làm việc' }).waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('a person is found from anywhere: Ctrl+K, or a slash outside of a field; without marks, in any word order', async () => {
  await using guest = await province.signIn('bacsi');
  const { page } = guest;
  await page.locator('main').first().focus();
  await page.keyboard.press('/');
  assert.equal(await focusedName(page), 'Tìm người');
  await page.keyboard.type('nguyen');
  await page.getByRole('listbox').getByRole('option').first().waitFor();
  await photograph(page, 'person-search');
  await assertAccessible(page, 'the person search');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/ho-so\/.+/);
  await page.keyboard.press('Control+k');
  assert.equal(await focusedName(page), 'Tìm người');
  await page.keyboard.type('a/b');
  assert.equal(await page.getByRole('combobox', { name: 'Tìm người' }).inputValue(), 'a/b');
  await page.goBack();
  await page.waitForURL((url) => !url.pathname.startsWith('/ho-so/'));
});

test('workplaces are reached by keyboard alone', async () => {
  await using guest = await province.signIn('truongtram');
  const { page } = guest;
  const links = page.getByRole('navigation', { name: 'Nơi làm việc' }).getByRole('link');
  const second = ((await links.nth(1).textContent()) ?? '').trim();
  await tabTo(page, second);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: second }).waitFor();
  await page.keyboard.press('Alt+1');
  await links.nth(0).and(page.locator('[aria-current=page]')).waitFor();
});

test('an address without a screen, and a screen of another role, say so and show the way back', async () => {
  await using guest = await province.signIn('letan');
  const { page } = guest;
  await page.goto('/khong-co');
  await page.getByText('Địa chỉ này không có màn hình nào').waitFor();
  await page.getByRole('link', { name: 'Về trang đầu' }).waitFor();
  await page.goto('/ca-benh');
  await page.getByText('Tài khoản này không dùng màn hình này').waitFor();
  await photograph(page, 'not-yours');
});

test('an expired session is renewed over the screen, and the screen stays', async () => {
  await using guest = await province.signIn('bacsi');
  const { page, context } = guest;
  await page.goto('/so/so-kham-benh');
  await page.getByRole('heading', { level: 1, name: 'Sổ khám bệnh' }).waitFor();
  await context.clearCookies();
  await page.getByRole('combobox', { name: 'Tìm người' }).fill('nguyen');
  const dialog = page.getByRole('dialog', { name: 'Đăng nhập lại để làm tiếp' });
  await dialog.waitFor();
  await photograph(page, 'sign-in-again');
  await assertAccessible(page, 'signing in again');
  await signInOn(page, 'bacsi');
  await dialog.waitFor({ state: 'detached' });
  assert.match(page.url(), /\/so\/so-kham-benh/);
  assert.equal(await page.getByRole('heading', { level: 1, name: 'Sổ khám bệnh' }).count(), 1);
});

test('signing out ends the session and leaves nothing personal on the machine', async () => {
  await using guest = await province.signIn('bacsi');
  const { page } = guest;
  await page.evaluate(() =>
    localStorage.setItem('yba.draft.bacsi.x', JSON.stringify({ at: Date.now(), value: 'Nguyễn' })),
  );
  await page.getByRole('button', { name: /Phùng Văn Minh/ }).click();
  await photograph(page, 'who-i-am');
  await page.getByRole('menuitem', { name: 'Đăng xuất' }).click();
  await page.getByLabel('Tên đăng nhập').waitFor();
  const left = await page.evaluate(() =>
    Object.keys(localStorage).filter((name) => name.startsWith('yba.draft.')),
  );
  assert.deepEqual(left, []);
  assert.equal((await page.request.get('/api/access/me')).status(), 401);
});

test('high contrast is a theme, chosen by the person and remembered', async () => {
  await using guest = await province.signIn('bacsi');
  const { page } = guest;
  await page.getByRole('button', { name: /Phùng Văn Minh/ }).click();
  await page.getByRole('menuitem', { name: 'Bật tương phản cao' }).click();
  await page.locator('html[data-theme=contrast]').waitFor();
  await page.reload();
  await page.locator('html[data-theme=contrast]').waitFor();
  await page.getByRole('navigation', { name: 'Nơi làm việc' }).waitFor();
  await photograph(page, 'shell-contrast');
  await assertAccessible(page, 'high contrast');
});

test('on a phone the workplaces open from a button and nothing scrolls sideways', async () => {
  await using guest = await province.signIn('truongtram', 'citizen');
  const { page } = guest;
  assert.equal(await sidewaysScroll(page), 0);
  await photograph(page, 'shell-phone');
  await page.getByRole('button', { name: 'Nơi làm việc' }).click();
  await page.getByRole('navigation', { name: 'Nơi làm việc' }).getByRole('link').first().waitFor();
  await photograph(page, 'shell-phone-open');
  await assertAccessible(page, 'the phone frame');
});

test('without network the frame says so calmly, and says when it is over', async () => {
  await using guest = await province.signIn('letan');
  const { page, context } = guest;
  await context.setOffline(true);
  await page.getByRole('combobox', { name: 'Tìm người' }).fill('nguyen');
  await page.getByText('Mất kết nối, đang nối lại').waitFor();
  await page.getByText('Chưa tìm được. Kiểm tra mạng rồi gõ tiếp; không mất gì cả.').waitFor();
  await photograph(page, 'shell-offline');
  await assertAccessible(page, 'the frame without network');
  await context.setOffline(false);
  await page.getByText('Mất kết nối, đang nối lại').waitFor({ state: 'detached' });
});
