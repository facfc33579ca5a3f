/** Papers in a real browser: made, looked at, copied, cancelled with a reason; a signed card checked by anybody, also off line. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Pdf } from '../../engines/documents/fixtures/pdf-text.ts';
import { scanned } from '../../engines/documents/fixtures/scan.ts';
import { citizenCookie } from '../../kernel/access/citizen.testing.ts';
import { DEMO_LABEL } from '../../kernel/fhir/systems.ts';
import { assertAccessible } from './support/accessible.ts';
import { arrivalOf, putAll } from './support/arrival.ts';
import { Consulting } from './support/consulting.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;
before(async () => {
  province = await openProvince({ people: 20 });
});
after(() => province[Symbol.asyncDispose]());

const NAME = 'Đỗ Hoàng Ẵm Thị Phương Quỳnh';

async function vaccinated(serial: number): Promise<string> {
  const { patient, resources } = arrivalOf(province, {
    name: NAME,
    citizenNumber: `09922400${String(7000 + serial)}`,
    ticket: String(800 + serial),
    birthDate: '2024-02-09',
  });
  const store = province.program.kernel.store;
  await putAll(province, [
    ...resources,
    ...['2024-02-09', '2024-04-12'].map((day, at) => ({
      resourceType: 'Immunization' as const,
      id: store.newId('Immunization', patient),
      meta: { security: [DEMO_LABEL] },
      status: 'completed' as const,
      vaccineCode: {
        coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: at === 0 ? '08' : '102' }],
        text: 'Vắc xin',
      },
      patient: { reference: `Patient/${patient}` },
      occurrenceDateTime: day,
      lotNumber: `DEMO-${at}`,
    })),
  ]);
  return patient;
}

/** The text of the QR code on the newest paper of the person. */
async function cardOf(patient: string): Promise<string> {
  const { matches } = await province.program.kernel.gate
    .system('e2e')
    .search('DocumentReference', [['patient', patient]]);
  const bytes = Buffer.from(matches[0]!.content[0]!.attachment.data!, 'base64');
  return new Pdf(bytes)
    .pictures()
    .map(scanned)
    .find((each) => each?.startsWith('shc:/'))!;
}

test('a certificate is made, shown as a picture, copied and cancelled with a reason', async () => {
  const patient = await vaccinated(1);
  await using doctor = await province.signIn('bacsi');
  const { page, context } = doctor;
  await page.goto(`/giay-to/${patient}`);
  await page.getByText('Chưa có giấy nào').waitFor();
  await page.getByLabel('Lập giấy').selectOption({ label: 'Giấy xác nhận tiêm chủng' });
  const opened = context.waitForEvent('page');
  await page.keyboard.press('F9');
  await opened;
  const row = page.getByRole('row').filter({ hasText: 'Giấy xác nhận tiêm chủng' });
  await row.getByText('Còn hiệu lực').waitFor();
  const picture = page.getByAltText(/Hình của giấy/);
  await picture.waitFor();
  await page.waitForFunction(
    () => document.querySelector<HTMLImageElement>('img[alt^="Hình"]')!.naturalWidth > 100,
  );
  await assertAccessible(page, 'papers');
  await photograph(page, 'papers', ['staff', 'citizen']);
  assert.equal(await sidewaysScroll(page), 0);
  const copied = context.waitForEvent('page');
  await page.getByRole('button', { name: 'In bản sao' }).click();
  await copied;
  await page.getByText('Đã in bản sao lần 1.').waitFor();
  await page.getByRole('button', { name: 'Huỷ giấy' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Lý do').fill('Ghi sai ngày sinh của cháu');
  await dialog.getByRole('button', { name: 'Huỷ giấy' }).click();
  await row.getByText('Đã huỷ').waitFor();
  await page.getByText(/Ghi sai ngày sinh của cháu · /).waitFor();
  await photograph(page, 'papers-cancelled', ['staff']);
  await page.getByLabel('Tìm tên giấy, số, người in').fill('khong co dau');
  await page.getByText('Không có giấy nào như vậy').waitFor();
  await page.getByLabel('Tìm tên giấy, số, người in').fill('tiem chung');
  await row.getByText('Đã huỷ').waitFor();
  await page.getByText('Còn hiệu lực', { exact: true }).first().click();
  await page.getByText('Không có giấy nào như vậy').waitFor();
  assert.deepEqual(doctor.complaints, []);
});

test('anybody checks a card without signing in, and without a network after the page was open once', async () => {
  const patient = await vaccinated(2);
  await using nurse = await province.signIn('dieuduong');
  const made = await nurse.page.request.post('/api/documents/papers/vaccination-certificate', {
    data: { subject: `Patient/${patient}` },
    headers: { origin: province.program.address },
  });
  assert.equal(made.status(), 201, await made.text());
  const card = await cardOf(patient);
  await using stranger = await province.open('citizen');
  const { page, context } = stranger;
  await page.goto('/kiem-tra');
  await page.getByRole('heading', { name: 'Kiểm tra giấy có mã QR' }).waitFor();
  await page.waitForFunction(() => localStorage.getItem('yb-cards-known') !== null);
  await context.setOffline(true);
  const box = page.getByLabel('Nội dung mã');
  await box.fill(card);
  await page.getByText('Giấy thật, chữ ký đúng').waitFor();
  await page.getByText(NAME).waitFor();
  await assertAccessible(page, 'card');
  await photograph(page, 'card-valid', ['citizen']);
  const digits = card.length - 40;
  await box.fill(`${card.slice(0, digits)}${card[digits] === '1' ? '0' : '1'}${card.slice(digits + 1)}`);
  await page.getByText('GIẤY GIẢ hoặc đã bị sửa').waitFor();
  await photograph(page, 'card-tampered', ['citizen']);
  await box.fill('https://thu.vn');
  await page.getByText('Không phải mã của giấy có chữ ký').waitFor();
});

test('a citizen opens the own papers on a phone, as they were issued', async () => {
  const patient = await vaccinated(3);
  await using nurse = await province.signIn('dieuduong');
  const made = await nurse.page.request.post('/api/documents/papers/vaccination-certificate', {
    data: { subject: `Patient/${patient}` },
    headers: { origin: province.program.address },
  });
  const issued = await made.body();
  await using guest = await province.open('citizen');
  const { page, context } = guest;
  const [name, value] = (await citizenCookie(province.program, patient)).split('=') as [string, string];
  await context.addCookies([{ name, value, url: province.program.address }]);
  await page.goto('/giay-cua-toi');
  await page.getByText('Giấy xác nhận tiêm chủng').waitFor();
  await page.getByText('Còn hiệu lực').waitFor();
  const link = await page.getByRole('link', { name: 'Mở giấy' }).getAttribute('href');
  const opened = await context.request.get(`${province.program.address}${link}`);
  assert.ok((await opened.body()).equals(issued));
  await assertAccessible(page, 'my papers');
  await photograph(page, 'papers-mine', ['citizen', 'staff']);
  assert.equal(await sidewaysScroll(page), 0);
  assert.deepEqual(guest.complaints, []);
});

test('a paper of a visit is made in the consultation, by what the content has', async () => {
  await using guest = await new Consulting(province).open('Lê Văn Ổ Giấy');
  const { page, context } = guest;
  await page.getByLabel('Loại giấy').selectOption({ label: 'Giấy hẹn khám lại' });
  await photograph(page, 'consultation-papers');
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Lập và in giấy' }).click();
  await opened;
  await page.getByText(/Đã in giấy 25D01\/HK\/\d{4}\/\d{6}/).waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('the card of a cancelled paper is told as cancelled, to anybody', async () => {
  const patient = await vaccinated(4);
  await using doctor = await province.signIn('bacsi');
  const headers = { origin: province.program.address };
  const made = await doctor.page.request.post('/api/documents/papers/vaccination-certificate', {
    data: { subject: `Patient/${patient}` },
    headers,
  });
  const card = await cardOf(patient);
  const cancelled = await doctor.page.request.post(`${made.headers().location}/cancel`, {
    data: { reason: 'Ghi sai ngày sinh' },
    headers,
  });
  assert.equal(cancelled.status(), 200, await cancelled.text());
  await using stranger = await province.open('citizen');
  const { page } = stranger;
  await page.goto('/kiem-tra');
  await page.getByLabel('Nội dung mã').fill(card);
  await page.getByText('Giấy ĐÃ BỊ HUỶ').waitFor();
  await photograph(page, 'card-revoked', ['citizen', 'staff']);
  assert.equal(await sidewaysScroll(page), 0);
});

test('a head of the station takes the whole record out as one file; others are not offered it', async () => {
  const patient = await vaccinated(5);
  await using doctor = await province.signIn('bacsi');
  const headers = { origin: province.program.address };
  const made = await doctor.page.request.post('/api/documents/papers/vaccination-certificate', {
    data: { subject: `Patient/${patient}` },
    headers,
  });
  assert.equal(made.status(), 201, await made.text());
  await doctor.page.goto(`/giay-to/${patient}`);
  await doctor.page.getByRole('button', { name: 'In bản sao' }).waitFor();
  assert.equal(await doctor.page.getByText('Tải gói lưu trữ').count(), 0);
  await using head = await province.signIn('truongtram');
  const { page } = head;
  await page.goto(`/giay-to/${patient}`);
  const link = page.getByRole('link', { name: 'Tải gói lưu trữ' });
  await link.waitFor();
  await page.getByRole('button', { name: 'In bản sao' }).waitFor();
  await photograph(page, 'papers-archive', ['staff', 'citizen']);
  await assertAccessible(page, 'papers with the archive');
  assert.equal(await sidewaysScroll(page), 0);
  const saved = await page.request.get((await link.getAttribute('href'))!);
  assert.equal(saved.status(), 200);
  const bytes = await saved.body();
  const paper = Buffer.from(await (await page.request.get(`${made.headers().location}/original.pdf`)).body());
  assert.ok(bytes.includes(paper), 'the paper lies in it as it was issued');
});
