/** The citizen's page on a phone, by keyboard: who looked, restrict, withdraw, report, ask; and the officer's board. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { citizenCookie } from '../../kernel/access/citizen.testing.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import type { Patient } from '../../kernel/fhir/types.ts';
import { assertAccessible } from './support/accessible.ts';
import type { Size, Visit } from './support/browser.ts';
import { tabTo } from './support/keyboard.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

const MOTHER = 'Nguyễn Thị Hồng Nhung Khánh Huyền';
let province: Province;

before(async () => {
  province = await openProvince({ people: 20 });
  const system = province.program.house.kernel.gate.system('e2e');
  const number = '099198500001';
  await system.update({
    resourceType: 'Patient',
    id: 'me-e2e',
    name: [{ text: MOTHER }],
    birthDate: '1985-01-01',
    identifier: [{ system: sid.cccd, value: number }],
  });
  await system.update({
    resourceType: 'Patient',
    id: 'con-e2e',
    name: [{ text: 'Nguyễn Bảo An' }],
    birthDate: '2021-05-05',
  });
  await system.update({
    resourceType: 'RelatedPerson',
    id: 'qh-e2e',
    active: true,
    patient: { reference: 'Patient/con-e2e' },
    identifier: [{ system: sid.cccd, value: number }],
    relationship: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'MTH' }] },
    ],
  });
  const line = {
    who: 'bs.a',
    whoDisplay: 'Bác sĩ Trần Văn Bình',
    patient: 'me-e2e',
    outcome: 'ok' as const,
    ip: '',
    unit: 'cs-25D01',
  };
  await province.program.house.kernel.store.audit([
    { ...line, action: 'read', what: 'Patient/me-e2e', why: 'TREAT' },
    { ...line, action: 'search', what: 'Observation?patient=Patient/me-e2e', why: 'TREAT' },
    {
      ...line,
      who: 'dd.b',
      whoDisplay: 'Lê Thị Cúc',
      action: 'read',
      what: 'Condition/x',
      why: 'TREAT',
      outcome: 'refused',
    },
    {
      ...line,
      who: 'bs.c',
      whoDisplay: 'Phạm Quốc Đạt',
      action: 'break-glass',
      what: 'Patient/me-e2e',
      why: 'BTG: Tai nạn giao thông, hôn mê, không có người nhà',
    },
  ]);
});
after(() => province[Symbol.asyncDispose]());

async function citizen(size: Size): Promise<Visit> {
  const guest = await province.open(size);
  const [name, value] = (await citizenCookie(province.program, 'me-e2e', MOTHER)).split('=') as [
    string,
    string,
  ];
  await guest.context.addCookies([
    { name, value, url: province.program.address, httpOnly: true, sameSite: 'Strict' },
  ]);
  return guest;
}

test('who looked: emergencies and refusals marked, single acts behind, an unknown look reported', async () => {
  await using guest = await citizen('citizen');
  const { page } = guest;
  await page.goto('/toi');
  await page.getByText('Phạm Quốc Đạt').waitFor();
  await page.getByText('Cấp cứu').first().waitFor();
  await page.getByText('Bị từ chối 1 lần').waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'who looked');
  await photograph(page, 'me-looks', ['citizen', 'staff']);
  await tabTo(page, 'Tôi không biết lượt này');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('Tôi không khám ở đây');
  await photograph(page, 'me-report');
  await page.keyboard.press('Control+Enter');
  await page.getByText(/Đã gửi/).waitFor();
  await page
    .getByRole('button', { name: /Xem từng lần/ })
    .first()
    .click();
  await page.getByRole('listitem').first().waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('restricting in three steps by keyboard, withdrawn in one', async () => {
  await using guest = await citizen('citizen');
  const { page } = guest;
  await page.goto('/toi?muc=ai-duoc-xem');
  await page.getByRole('button', { name: 'Hạn chế người xem' }).waitFor();
  await assertAccessible(page, 'who may look, empty');
  await photograph(page, 'me-consents-empty');
  await tabTo(page, 'Hạn chế người xem');
  await page.keyboard.press('Enter');
  await page.getByText('Bước 1/3').waitFor();
  await page.getByRole('radio', { name: 'Sức khỏe tâm thần' }).check();
  await photograph(page, 'me-decide-1');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Bước 2/3').waitFor();
  await page.getByRole('radio', { name: 'Một cơ sở hoặc một người' }).check();
  await page.getByLabel('Tên cơ sở hoặc nhân viên y tế').fill('Bệnh viện');
  await page.getByRole('listbox').getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByLabel(/Đến hết ngày/).fill('31122030');
  await photograph(page, 'me-decide-2');
  await assertAccessible(page, 'who is restricted');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Bước 3/3').waitFor();
  await page.getByText(/không xem được thông tin về sức khỏe tâm thần, đến hết 31\/12\/2030/).waitFor();
  await photograph(page, 'me-decide-3');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Rút lại' }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await photograph(page, 'me-consents', ['citizen', 'staff']);
  await assertAccessible(page, 'who may look');
  await page.getByRole('button', { name: 'Rút lại' }).click();
  await page.getByText('Bạn chưa hạn chế hay cho thêm ai').waitFor();
  assert.deepEqual(guest.complaints, []);
});

test("a request is sent with its terms, and the child's record is one choice away", async () => {
  await using guest = await citizen('citizen');
  const { page } = guest;
  await page.goto('/toi?muc=quyen');
  await page.getByLabel('Bạn muốn').selectOption('copy');
  await page.getByRole('button', { name: 'Gửi', exact: true }).click();
  await page.getByText(/trả lời chậm nhất/).waitFor();
  await page.getByText('Nhận bản sao dữ liệu', { exact: true }).waitFor();
  await photograph(page, 'me-requests', ['citizen', 'staff']);
  await assertAccessible(page, 'my rights');
  await page.getByLabel('Xem hồ sơ của').selectOption({ label: 'Nguyễn Bảo An' });
  await page.getByRole('heading', { name: 'Nguyễn Bảo An' }).waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  assert.deepEqual(guest.complaints, []);
});

test('the officer sees openings and requests, and concludes in writing', async () => {
  const { access, kernel } = province.program.house;
  const doctor = {
    id: 'bs.c',
    name: 'Phạm Quốc Đạt',
    roles: ['doctor' as const],
    unit: 'cs-25D01',
    practitioner: null,
    ip: '',
    purpose: { code: 'TREAT' },
  };
  await access.glass.open(
    doctor,
    'me-e2e',
    'Tai nạn giao thông, hôn mê, không có người nhà đi cùng',
    'unconscious',
  );
  await kernel.pool.query(
    `insert into access.account (id, name, roles, password) values ('dpo.e2e', 'Vũ Thị Minh Châu', '{privacy-officer}', '') on conflict do nothing`,
  );
  const { openSessions } = await import('../../kernel/access/sessions/sessions.ts');
  const account = (await access.accounts.read('dpo.e2e'))!;
  const sessions = openSessions(kernel.pool, access.limits, kernel.settings.now, kernel.store.notices);
  const value = await sessions.open({
    account,
    ip: '127.0.0.1',
    agent: 'e2e',
    strength: 'full',
    methods: ['pwd', 'otp', 'mfa'],
  });
  await using guest = await province.open('staff');
  await guest.context.addCookies([
    { name: 'yba_session', value, url: province.program.address, httpOnly: true, sameSite: 'Strict' },
  ]);
  const { page } = guest;
  await page.goto('/bao-ve-du-lieu');
  await page.getByText(/Tai nạn giao thông/).waitFor();
  await photograph(page, 'privacy-openings', ['staff']);
  await assertAccessible(page, 'emergency openings');
  await page.getByText(/Tai nạn giao thông/).dblclick();
  await page.getByRole('dialog').waitFor();
  await page.getByRole('radio', { name: 'Có lý do', exact: true }).check();
  await page.getByLabel('Kết luận bằng văn bản').fill('Có lượt cấp cứu tại bệnh viện trong giờ đó.');
  await photograph(page, 'privacy-review');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByText('Có lý do').first().waitFor();
  await page.getByRole('tab', { name: 'Cảnh báo' }).click();
  await page.getByRole('button', { name: 'Tất cả' }).waitFor();
  await photograph(page, 'privacy-alerts', ['staff']);
  await assertAccessible(page, 'alerts');
  await page.getByRole('tab', { name: 'Yêu cầu của người dân' }).click();
  await page.getByText('Nhận bản sao dữ liệu').first().waitFor();
  await photograph(page, 'privacy-requests', ['staff']);
  await assertAccessible(page, 'requests of citizens');
  const record = province.program.kernel.gate.system('e2e');
  const name = [{ text: 'Lưu Thị Giấy Cũ' }];
  const person = await record.create<Patient>({ resourceType: 'Patient', name });
  await record.create({
    resourceType: 'Consent',
    status: 'active',
    scope: { coding: [{ code: 'patient-privacy' }] },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { reference: `Patient/${person.id}` },
    policy: [{ uri: 'http://yba.vn/chinh-sach/luat-91-2025' }],
    provision: { type: 'deny', securityLabel: [{ code: 'SPI' }] },
  });
  await page.getByRole('tab', { name: 'Quyết định cần hỏi lại' }).click();
  await page.getByText('Lưu Thị Giấy Cũ').waitFor();
  await photograph(page, 'privacy-notes', ['staff']);
  await assertAccessible(page, 'decisions to ask about');
  await page.getByText('Lưu Thị Giấy Cũ').dblclick();
  await page
    .getByRole('dialog')
    .getByText(/hạn chế rộng hơn/)
    .waitFor();
  await assertAccessible(page, 'a decision to ask about');
  assert.deepEqual(guest.complaints, []);
});
