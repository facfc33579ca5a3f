/** Signing in by password, code, passkey and one-time code; my account; accounts of the unit: in a real browser. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { codeAt, stepOf } from '../../kernel/access/factors/totp.ts';
import { fromBase32 } from '../../kernel/access/testing.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import { assertAccessible } from './support/accessible.ts';
import { focusedName } from './support/keyboard.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province, signInOn } from './support/province.ts';

let province: Province;
/** Passkeys belong to a domain: the same program under its name. */
let local: string;
const PASSWORD = 'Cầu vồng trên đồi chè 7!';

before(async () => {
  province = await openProvince();
  local = province.program.address.replace('127.0.0.1', 'localhost');
  const { accounts } = province.program.house.access;
  const add = (id: string, name: string, roles: ('administrator' | 'doctor')[], unit: string | null) =>
    accounts.add({ id, name, roles, unit, practitioner: null, password: PASSWORD });
  await add('quan.tri', 'Đặng Nguyễn Thị Quỳnh Trang', ['administrator'], null);
  await add('bac.si', 'Trịnh Hoàng Khánh Linh', ['doctor'], 'cs-25D01');
});
after(() => province[Symbol.asyncDispose]());

async function password(page: Page, username: string, word = PASSWORD): Promise<void> {
  await page.getByLabel('Tên đăng nhập').fill(username);
  await page.keyboard.press('Enter');
  await page.keyboard.type(word);
  await page.keyboard.press('Enter');
}

/** A security key that says yes by itself (Chromium's virtual authenticator). */
async function withAuthenticator(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

test('an administrator enrols a code generator by its QR code, keeps the recovery codes, and signs in with a code', async () => {
  await using guest = await province.open();
  const { page } = guest;
  await page.goto('/dang-nhap?next=/quan-tri/tai-khoan');
  await password(page, 'quan.tri');
  await page.getByRole('heading', { name: 'Thêm yếu tố thứ hai' }).waitFor();
  await photograph(page, 'sign-in-enrol', ['staff', 'citizen']);
  await assertAccessible(page, 'choosing a second factor');
  await page.reload();
  await page.getByRole('button', { name: 'Ứng dụng tạo mã trên điện thoại' }).click();
  await page.getByAltText('Mã QR của khóa bí mật').waitFor();
  const secret = fromBase32((await page.locator('code').innerText()).replaceAll(' ', ''));
  await photograph(page, 'sign-in-generator', ['staff', 'citizen']);
  await assertAccessible(page, 'the code generator');
  await page.getByLabel('Mã 6 chữ số').fill('000000');
  await page.keyboard.press('Enter');
  await page.getByText('Mã không đúng').first().waitFor();
  const step = stepOf(new Date());
  await page.getByLabel('Mã 6 chữ số').fill(codeAt(secret, step));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Mã dự phòng' }).waitFor();
  assert.equal(await page.getByRole('listitem').count(), 10);
  await photograph(page, 'sign-in-recovery-codes', ['staff', 'citizen']);
  await assertAccessible(page, 'the recovery codes');
  await page.getByLabel('Tôi đã chép lại các mã này').check();
  await page.getByRole('button', { name: 'Làm tiếp' }).click();
  await page.getByRole('heading', { level: 1, name: 'Tài khoản nhân viên' }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/quan-tri/tai-khoan');

  await using again = await province.open();
  await again.page.goto('/');
  await password(again.page, 'quan.tri');
  await again.page.getByRole('heading', { name: 'Bước 2: xác thực' }).waitFor();
  assert.equal(await focusedName(again.page), 'Mã 6 chữ số trong ứng dụng tạo mã');
  await photograph(again.page, 'sign-in-code', ['staff', 'citizen']);
  await assertAccessible(again.page, 'the code');
  await again.page.keyboard.type(codeAt(secret, step + 1));
  await again.page.keyboard.press('Enter');
  await again.page.getByRole('button', { name: /Quỳnh Trang/ }).waitFor();
  assert.deepEqual([...guest.complaints, ...again.complaints], []);
});

test('a doctor adds a passkey, signs in by it without a name, and names it', async () => {
  await using guest = await province.open();
  const { page } = guest;
  await withAuthenticator(page);
  await page.goto(`${local}/tai-khoan`);
  await password(page, 'bac.si');
  await page.getByRole('heading', { level: 1, name: 'Tài khoản của tôi' }).waitFor();
  await page.getByText('Tài khoản chỉ có mật khẩu').waitFor();
  await photograph(page, 'my-account', ['staff', 'citizen']);
  await assertAccessible(page, 'my account');
  assert.equal(await sidewaysScroll(page), 0);
  await page.getByRole('button', { name: 'Thêm khóa' }).click();
  await page.getByLabel('Tên khóa').fill('Máy phòng khám');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Mã dự phòng', exact: true }).waitFor();
  await page.getByLabel('Tôi đã chép lại các mã này').check();
  await page.getByRole('button', { name: 'Làm tiếp' }).click();
  await page.getByRole('table').getByText('Máy phòng khám').waitFor();
  await photograph(page, 'my-account-passkey', ['staff', 'citizen']);

  const signOut = async () => {
    await page.getByRole('button', { name: /Khánh Linh/ }).click();
    await page.getByRole('menuitem', { name: 'Đăng xuất' }).click();
  };
  // The field of the name offers the key; the authenticator of the tests says yes to the offer by itself.
  const taken = page.waitForResponse((answer) => answer.url().endsWith('/sign-in/passkey') && answer.ok());
  await signOut();
  await taken;
  await page.getByRole('button', { name: /Khánh Linh/ }).waitFor();
  // Without an offer there is the button.
  await page.addInitScript(() => {
    Object.defineProperty(PublicKeyCredential, 'isConditionalMediationAvailable', {
      value: async () => false,
    });
  });
  const left = page.waitForEvent('load');
  await signOut();
  await left;
  await page.getByRole('button', { name: 'Dùng khóa truy cập' }).click();
  await page.getByRole('button', { name: /Khánh Linh/ }).waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('an application that asks for a fresh proof gets one before it goes on, and there is no circle', async () => {
  await using guest = await province.signIn('letan');
  const { page } = guest;
  await page.goto('/dang-nhap?lai=1&next=/tai-khoan');
  await page.getByRole('heading', { name: 'Xác nhận lại danh tính' }).waitFor();
  await photograph(page, 'sign-in-proof', ['staff', 'citizen']);
  await assertAccessible(page, 'the proof for an application');
  await page.getByLabel('Mật khẩu').waitFor();
  await page.keyboard.type('demo');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Tài khoản của tôi' }).waitFor();
  await page.goto('/dang-nhap?acr=urn:yba:acr:two-factors&next=/tai-khoan');
  await page.getByText('Tài khoản chưa có yếu tố thứ hai').waitFor();
  await page.goto('/dang-nhap?next=/tai-khoan');
  await page.getByRole('heading', { level: 1, name: 'Tài khoản của tôi' }).waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('a passkey of nobody is refused with what to do', async () => {
  await using guest = await province.open();
  const { page } = guest;
  await withAuthenticator(page);
  await page.goto(`${local}/`);
  await page.getByRole('button', { name: 'Dùng khóa truy cập' }).click();
  await page
    .getByRole('alert')
    .getByText(/Thiết bị không trả lời/)
    .waitFor();
});

test('the head of the unit hands over a password; the person chooses their own at the first sign-in', async () => {
  await using guest = await province.signIn('truongtram');
  const { page } = guest;
  await page.goto('/quan-tri/tai-khoan');
  await page.getByRole('heading', { level: 1, name: 'Tài khoản nhân viên' }).waitFor();
  await page.getByText('bac.si', { exact: true }).waitFor();
  await photograph(page, 'accounts', ['staff', 'citizen']);
  await assertAccessible(page, 'the list of accounts');
  assert.equal(await sidewaysScroll(page), 0);
  await page.getByLabel('Họ tên, tên đăng nhập').fill('khanh linh');
  await page.getByText('dieuduong', { exact: true }).waitFor({ state: 'detached' });
  await page.getByText('bac.si', { exact: true }).click();
  await page.getByRole('button', { name: 'Trao mật khẩu mới' }).click();
  const given = await page
    .getByRole('status')
    .getByText(/Mật khẩu của bac\.si/)
    .innerText();
  const word = given.split(': ')[1]!.trim();
  await photograph(page, 'accounts-handed-over', ['staff', 'citizen']);
  await assertAccessible(page, 'one account');

  await using other = await province.open();
  await other.page.goto('/');
  await password(other.page, 'bac.si', word);
  await other.page.getByRole('heading', { name: 'Bước 2: xác thực' }).waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('an act of administration after a while asks who is there, and then goes on by itself', async () => {
  await using guest = await province.signIn('truongtram');
  const { page } = guest;
  await province.program.kernel.pool.query(
    `update access.session set proved_at = proved_at - interval '16 minutes' where account = 'truongtram'`,
  );
  await province.program.house.access.accounts.change('truongtram', {});
  await page.goto('/quan-tri/tai-khoan');
  await page.getByText('bac.si', { exact: true }).click();
  await page.getByRole('button', { name: 'Trao mật khẩu mới' }).click();
  await page.getByRole('heading', { name: 'Xác nhận lại danh tính' }).waitFor();
  await photograph(page, 'proof', ['staff', 'citizen']);
  await assertAccessible(page, 'the proof');
  await page.getByRole('dialog', { name: 'Xác nhận lại danh tính' }).getByLabel('Mật khẩu').waitFor();
  assert.equal(await focusedName(page), 'Mật khẩu');
  await page.keyboard.type('demo');
  await page.keyboard.press('Enter');
  await page
    .getByRole('status')
    .getByText(/Mật khẩu của bac\.si/)
    .waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('the administrator opens an account: its unit is found by its name', async () => {
  await using guest = await province.signIn('quantri');
  const { page } = guest;
  await page.goto('/quan-tri/tai-khoan');
  await page.getByRole('button', { name: 'Mở tài khoản' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Họ tên' }).fill('Phạm Thị Chuyên Gia');
  await dialog.getByRole('textbox', { name: 'Tên đăng nhập' }).fill('chuyen.gia');
  await dialog.getByRole('combobox', { name: 'Đơn vị' }).fill('vinh yen');
  await page.getByRole('option', { name: 'Trạm Y tế phường Vĩnh Yên' }).waitFor();
  await photograph(page, 'account-new', ['staff', 'citizen']);
  await assertAccessible(page, 'a new account');
  await page.keyboard.press('Enter');
  await dialog.getByRole('checkbox', { name: 'Bác sĩ', exact: true }).check();
  await dialog.getByRole('button', { name: 'Mở tài khoản' }).click();
  await page.getByText('Mật khẩu của chuyen.gia').waitFor();
  const account = await province.program.house.access.accounts.read('chuyen.gia');
  assert.equal(account?.unit, 'cs-25D01');
  assert.deepEqual(guest.complaints, []);
});

test('the review of a unit is looked through, person by person, and signed', async () => {
  await using guest = await province.signIn('truongtram');
  const { page } = guest;
  await page.goto('/quan-tri/ra-soat');
  await page.getByRole('button', { name: 'Rà soát' }).click();
  const keep = page.getByRole('radio', { name: 'Giữ' });
  await keep.first().waitFor();
  await photograph(page, 'account-review', ['staff', 'citizen']);
  await assertAccessible(page, 'the review');
  for (let n = 0; n < (await keep.count()); n += 1) await keep.nth(n).check();
  await page.getByRole('button', { name: 'Ký rà soát' }).click();
  await page.getByText('Nguyễn Hữu Thắng').last().waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('a citizen asks for a code on the phone and signs in with it', async () => {
  const { store } = province.program.kernel;
  const id = store.newId('Patient');
  await province.program.kernel.gate.system('e2e').create({
    resourceType: 'Patient',
    id,
    identifier: [{ system: sid.cccd, value: '099168009901' }],
    name: [{ text: 'Nguyễn Thị Công Dân' }],
    telecom: [{ system: 'phone', value: '0912345901' }],
  } as never);
  await using guest = await province.open('citizen');
  const { page } = guest;
  await page.goto('/cong-dan');
  await page.getByLabel('Số định danh cá nhân').waitFor();
  await photograph(page, 'sign-in-citizen', ['citizen', 'staff']);
  await assertAccessible(page, 'the citizen’s sign-in');
  await page.getByLabel('Số định danh cá nhân').fill('099168009901');
  await page.getByLabel('Số điện thoại').fill('0912 345 901');
  await page.keyboard.press('Enter');
  await page.getByLabel('Mã trong tin nhắn').waitFor();
  await photograph(page, 'sign-in-citizen-code', ['citizen', 'staff']);
  await assertAccessible(page, 'the citizen’s code');
  assert.equal(await sidewaysScroll(page), 0);
  await page.getByLabel('Mã trong tin nhắn').fill('000000');
  await page.keyboard.press('Enter');
  await page.getByText('Mã không đúng hoặc đã quá giờ').first().waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('the sign-in page speaks English, and leads nowhere else', async () => {
  await using guest = await province.open();
  const { page } = guest;
  await page.goto('/dang-nhap?next=//evil.example/x');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('tab', { name: 'Citizens' }).click();
  await page.getByLabel('Citizen number').waitFor();
  await photograph(page, 'sign-in-english');
  await page.getByRole('tab', { name: 'Staff' }).click();
  await page.getByRole('button', { name: 'Tiếng Việt' }).click();
  await signInOn(page, 'bacsi');
  await page.getByRole('button', { name: /Phùng Văn Minh/ }).waitFor();
  assert.equal(new URL(page.url()).host, new URL(province.program.address).host);
});
