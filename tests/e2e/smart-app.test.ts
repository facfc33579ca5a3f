/** A SMART app of somebody else, walked in a browser: from a visit (EHR launch), by itself (standalone), refused, taken back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type ServedApp, serveApp } from '../smart-app/serve.ts';
import { assertAccessible } from './support/accessible.ts';
import { Consulting } from './support/consulting.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;
let app: ServedApp;
let base: string;

before(async () => {
  [province, app] = await Promise.all([openProvince({ people: 40 }), serveApp()]);
  base = `${province.program.address}/fhir`;
  await province.program.house.access.clients.add({
    id: 'sample-app',
    name: 'Biểu đồ huyết áp',
    scopes: 'openid fhirUser offline_access launch launch/patient patient/*.rs',
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: [`${app.origin}/index.html`],
    launchUrl: `${app.origin}/index.html`,
  });
});

after(async () => {
  await app?.[Symbol.asyncDispose]();
  await province?.[Symbol.asyncDispose]();
});

const done = (page: Page) => page.getByRole('status').getByText('xong').waitFor();

test('EHR launch: a doctor opens the app from the visit, consents, and the app shows this patient', async () => {
  await using guest = await new Consulting(province).open('Đỗ Thị Bích Ngọc');
  await guest.page.getByRole('button', { name: 'Ứng dụng' }).click();
  const opening = guest.context.waitForEvent('page');
  await guest.page.getByRole('button', { name: 'Biểu đồ huyết áp' }).click();
  const page = await opening;
  await page.getByRole('button', { name: 'Cho phép' }).waitFor();
  await page.getByText('Đỗ Thị Bích Ngọc').waitFor();
  await assertAccessible(page, 'the consent page of a launch');
  await photograph(page, 'consent-launch', ['staff', 'citizen']);
  await page.getByRole('button', { name: 'Cho phép' }).click();
  await done(page);
  assert.equal(await page.locator('#patient').textContent(), 'Đỗ Thị Bích Ngọc');
  assert.notEqual(await page.locator('#encounter').textContent(), '');
  assert.deepEqual(guest.complaints, []);
});

test('standalone: the person is found by name, one kind of data unticked, by keyboard; refresh; then taken back', async () => {
  await using guest = await province.signIn('bacsi');
  const { page } = guest;
  await new Consulting(province).arrive('Nguyễn Thị Hoài Phương Thảo');
  await page.goto(`${app.origin}/index.html?iss=${encodeURIComponent(base)}`);
  await page.getByRole('button', { name: 'Đăng nhập với Y Bạ' }).click();
  const allow = page.getByRole('button', { name: 'Cho phép' });
  await allow.waitFor();
  assert.ok(await allow.isDisabled(), 'nobody is chosen yet');
  await page.getByLabel('Hồ sơ của ai').fill('nguyen thi hoai phuong thao');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Chọn từng loại dữ liệu').click();
  await page.getByLabel('Dữ liệu gen').uncheck();
  assert.equal(await sidewaysScroll(page), 0);
  await photograph(page, 'consent-standalone', ['staff', 'citizen']);
  await assertAccessible(page, 'the consent page');
  await allow.focus();
  await page.keyboard.press('Enter');
  await done(page);
  const scope = (await page.locator('#scope').textContent()) ?? '';
  assert.ok(
    scope.includes('patient/Observation.rs') &&
      !scope.includes('patient/*.rs') &&
      !scope.includes('MolecularSequence'),
    scope,
  );
  await page.getByRole('button', { name: 'Làm mới' }).click();
  await done(page);

  await page.goto(`${province.program.address}/tai-khoan/ung-dung`);
  await page.getByRole('heading', { level: 1, name: 'Ứng dụng đã cho phép' }).waitFor();
  await page.getByText('Biểu đồ huyết áp').first().waitFor();
  await photograph(page, 'given-apps', ['staff', 'citizen']);
  await assertAccessible(page, 'given applications');
  for (
    let left = await page.getByRole('button', { name: 'Thu hồi' }).count();
    left > 0;
    left = await page.getByRole('button', { name: 'Thu hồi' }).count()
  ) {
    await page.getByRole('button', { name: 'Thu hồi' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Thu hồi' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.waitForTimeout(300);
  }
  await page.getByText('Bạn chưa cho ứng dụng nào').waitFor();
  await page.goto(`${app.origin}/index.html`);
  await page.getByRole('button', { name: 'Làm mới' }).click();
  await page.getByRole('status').getByText('invalid_grant').waitFor();
});

test('refused: the app is told, and has nothing', async () => {
  await using guest = await province.signIn('bacsi');
  const { page } = guest;
  await page.goto(`${app.origin}/index.html?iss=${encodeURIComponent(base)}`);
  await page.getByRole('button', { name: 'Đăng nhập với Y Bạ' }).click();
  await page.getByRole('button', { name: 'Từ chối' }).click();
  await page.getByText('bị từ chối: access_denied').waitFor();
});
