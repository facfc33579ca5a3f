/** The consulting room by keyboard, on the whole program in a real browser (issue 2, path 4b–4d). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible } from './support/accessible.ts';
import { ROOM } from './support/arrival.ts';
import { bySaved, Consulting, chooseDiagnosis, prescribe } from './support/consulting.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;
let consulting: Consulting;

before(async () => {
  province = await openProvince({ people: 40 });
  consulting = new Consulting(province);
});

after(() => province[Symbol.asyncDispose]());

async function room(username = 'bacsi') {
  const guest = await province.signIn(username);
  await guest.page.goto(`/phong-kham?phong=${ROOM}`);
  await guest.page.getByRole('grid', { name: 'Danh sách chờ khám' }).waitFor();
  return guest;
}

test('the worklist is pushed: an arrival appears without touching anything, and is opened by keyboard', async () => {
  await using guest = await room();
  const { page } = guest;
  await consulting.arrive('Nguyễn Thị Hoài Phương Thảo');
  const row = page.getByRole('row', { name: /Nguyễn Thị Hoài Phương Thảo/ });
  await row.waitFor();
  await photograph(page, 'worklist');
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'the worklist');
  await row.click();
  await page.getByLabel('Mạch').waitFor();
  assert.match(page.url(), /\/kham\//);
  assert.deepEqual(guest.complaints, []);
});

test('a whole visit: vital signs, F2, diagnosis without marks, a test with its result, prescription, sign, finish', async () => {
  await using guest = await consulting.open('Đỗ Thị Bích Ngọc');
  const { page } = guest;
  await page.getByLabel('Mạch').fill('88');
  await page.getByLabel('Nhiệt độ').fill('38,6');
  await page.getByLabel('HA tâm thu').fill('150');
  await page.getByLabel('HA tâm trương').fill('85');
  await page.getByLabel('Cân nặng').fill('52,5');
  await page.getByLabel('Chiều cao').fill('156');
  await page.getByText('BMI 21,6').waitFor();
  await page.getByText('cao', { exact: true }).first().waitFor();
  await page.getByLabel('Lý do khám').fill('sot');
  await page.keyboard.press('F2');
  assert.equal(await page.getByLabel('Lý do khám').inputValue(), 'Sốt');
  await page.getByLabel('Khám lâm sàng').fill('hg');
  await page.keyboard.press('F2');
  assert.match(await page.getByLabel('Khám lâm sàng').inputValue(), /^Họng đỏ/);
  await chooseDiagnosis(page, 'viem hong cap khong dac hieu', 'J02.9');
  await page.keyboard.press('Control+s');
  await bySaved(page);

  await page.keyboard.press('F7');
  await page.keyboard.type('duong mau mao mach');
  await page.getByRole('listbox').getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByLabel('Glucose mao mạch tại giường').waitFor();
  await page.keyboard.press('F6');
  await page.keyboard.type('12,4');
  await page.getByRole('button', { name: 'Lưu kết quả' }).click();
  await page.getByText('12,4 mmol/L').waitFor();

  await prescribe(page, 'paracetamol 500', 'Paracetamol 500 mg', ['1', '1/2', '', '1', '5', 'sau ăn']);
  await page.getByText('13 viên').waitFor();
  await page.getByText('Đã đối chiếu: không có cảnh báo.').waitFor();
  await photograph(page, 'consultation');
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'the consultation');
  await page.keyboard.press('Alt+Enter');
  await page.getByText(/^Đơn 25D01[0-9a-z]{7}-c/).waitFor();

  await page.keyboard.press('Control+Enter');
  const panel = page.getByRole('dialog', { name: 'Kết thúc khám' });
  await panel.getByText('Người bệnh nộp').waitFor();
  await panel.getByLabel('Hẹn tái khám').fill('+7');
  await photograph(page, 'consultation-finish');
  await assertAccessible(page, 'the finish panel');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Người tiếp theo/ }).waitFor();
  await photograph(page, 'consultation-done');
  assert.deepEqual(guest.complaints, []);
});

test('the keyboard is where something is missing: in the first empty field, and Enter goes on to the diagnosis', async () => {
  await using at = await consulting.open('Cao Thị Phím');
  const { page } = at;
  const focused = () =>
    page.evaluate(() => (document.activeElement as HTMLInputElement).labels?.[0]?.textContent);
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
  assert.equal(await focused(), 'Mạch');
  for (const typed of ['88', '37', '', '', '', '', '', '']) {
    await page.keyboard.type(typed);
    await page.keyboard.press('Enter');
  }
  assert.equal(await focused(), 'Lý do khám');
  assert.equal(
    await page.getByLabel('Lý do khám').getAttribute('placeholder'),
    'Sốt, ho',
    'what reception wrote',
  );
  assert.equal(await page.getByLabel('Nhiệt độ').inputValue(), '37');
  await page.getByLabel('Hướng điều trị, lời dặn').focus();
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'Bệnh chính (ICD-10)');
  await page.keyboard.press('Control+s');
  await bySaved(page);
  await page.reload();
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
  assert.equal(await focused(), 'HA tâm thu', 'what is there is not asked for again');
});

test('warnings stand with reason, management and source; signing waits for a coded reason, which is kept', async () => {
  await using guest = await consulting.open('Trần Thị Mai', {
    allergies: [{ code: 'amoxicilin', text: 'Amoxicilin' }],
  });
  const { page } = guest;
  await chooseDiagnosis(page, 'viem hong cap khong dac hieu', 'J02.9');
  await prescribe(page, 'augmentin 1g', 'Augmentin 1g', ['1', '', '', '1', '5', '']);
  await prescribe(page, 'becoclari', 'Becoclari 500', ['1', '', '', '1', '5', '']);
  await prescribe(page, 'simvastatin', 'Simvastatin 20 mg', ['', '', '', '1', '5', '']);
  await page.getByText('Người bệnh dị ứng Amoxicilin').waitFor();
  await page.getByText(/Chống chỉ định phối hợp .*Simvastatin/i).waitFor();
  await page
    .getByText(/QĐ 5948\/QĐ-BYT/)
    .first()
    .waitFor();
  assert.equal(await page.getByRole('button', { name: /^Ký đơn/ }).isDisabled(), true);
  await photograph(page, 'consultation-alerts');
  await assertAccessible(page, 'the alerts');
  for (const select of await page.getByLabel('Vẫn kê, vì').all()) await select.selectOption('other');
  for (const words of await page.getByLabel('Ghi rõ').all()) await words.fill('Đã hội chẩn');
  await page.keyboard.press('Alt+Enter');
  await page.getByText(/^Đơn 25D01[0-9a-z]{7}-c/).waitFor();
  await page.getByText(/Đã ký dù có cảnh báo: Người bệnh dị ứng Amoxicilin/).waitFor();
  const issues = await province.program.kernel.gate
    .system('e2e')
    .search('DetectedIssue', [['patient', guest.patient]]);
  assert.equal(issues.matches.length, 2);
  assert.deepEqual(guest.complaints, []);
});

test('a remark about a diagnosis is said in the language of the person', async () => {
  await using guest = await consulting.open('Mạc Thị Lan');
  const { page } = guest;
  await chooseDiagnosis(page, 'N40', 'N40');
  await page.keyboard.press('Control+s');
  await bySaved(page);
  await page.getByText(/N40.*nam/).waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText(/^N40 is for male/).waitFor();
});

test('an impossible temperature is a sentence at its field and nothing is saved', async () => {
  await using guest = await consulting.open('Lê Thị Thu');
  const { page } = guest;
  await page.getByLabel('Nhiệt độ').fill('3,7');
  await page.getByText(/Thấp hơn 30: xem lại/).waitFor();
  await page.keyboard.press('Control+s');
  await page
    .getByText(/Nhiệt độ 3,7 °C không thể có/)
    .first()
    .waitFor();
  await page.getByText('Chưa lưu', { exact: true }).waitFor();
  await photograph(page, 'consultation-fault');
});

test('nothing typed is lost: reload in the middle, and ten seconds without network', async () => {
  await using guest = await consulting.open('Phạm Thị Lan');
  const { page, context } = guest;
  await page.getByLabel('Khám lâm sàng').fill('Họng đỏ, amidan sưng');
  await prescribe(page, 'paracetamol 500', 'Paracetamol 500 mg', ['1', '', '', '1', '3', '']);
  await page.reload();
  await page.getByText('Đã mở lại phần gõ dở trước đó').waitFor();
  assert.equal(await page.getByLabel('Khám lâm sàng').inputValue(), 'Họng đỏ, amidan sưng');
  await page.getByText('6 viên').waitFor();
  await context.setOffline(true);
  await page.getByLabel('Khám lâm sàng').fill('Họng đỏ, amidan sưng, không mủ');
  await page.keyboard.press('Control+s');
  await page.waitForTimeout(10_000);
  assert.equal(await page.getByLabel('Khám lâm sàng').inputValue(), 'Họng đỏ, amidan sưng, không mủ');
  await context.setOffline(false);
  await bySaved(page);
  await page.reload();
  await page.getByLabel('Khám lâm sàng').waitFor();
  assert.equal(await page.getByLabel('Khám lâm sàng').inputValue(), 'Họng đỏ, amidan sưng, không mủ');
});

test('two people on one visit: the second sees both versions and chooses', async () => {
  await using guest = await consulting.open('Vũ Thị Hạnh');
  const { page } = guest;
  await page.getByLabel('Khám lâm sàng').fill('Bản của bác sĩ');
  await using other = await province.signIn('truongtram');
  await other.page.goto(`/kham/${guest.encounter}`);
  await other.page.getByLabel('Khám lâm sàng').fill('Bản của trưởng trạm');
  await other.page.keyboard.press('Control+s');
  await bySaved(other.page);
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: 'Hai bản của một lượt khám' });
  await dialog.getByText('Bản của trưởng trạm').waitFor();
  await dialog.getByText('Bản của bác sĩ').waitFor();
  await photograph(page, 'consultation-conflict');
  await dialog.getByRole('radio').last().check();
  await dialog.getByRole('button', { name: 'Lưu bản đã chọn' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Khám lâm sàng').inputValue(), 'Bản của trưởng trạm');
});

test('a second doctor who opens someone’s patient is told who is seeing them', async () => {
  await using guest = await consulting.open('Ngô Thị Yến');
  await using other = await province.signIn('truongtram');
  await other.page.goto(`/kham/${guest.encounter}`);
  await other.page.getByText('Phùng Văn Minh đang khám người bệnh này').waitFor();
  await photograph(other.page, 'consultation-other-doctor');
});

test('a visit whose id holds a dot near its end opens by its address, and a missing file is still no page', async () => {
  const { address } = province.program;
  const page = await fetch(`${address}/kham/I-zR.7Mf`, { headers: { accept: 'text/html,*/*' } });
  assert.match(page.headers.get('content-type') ?? '', /text\/html/);
  for (const path of ['/assets/none.js', '/none.css'])
    assert.equal((await fetch(`${address}${path}`)).status, 404);
});

test('a nurse writes vital signs of someone who waits; the doctor finds them there', async () => {
  const { encounter } = await consulting.arrive('Bùi Thị Nga');
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto(`/kham/${encounter}`);
  await page.getByLabel('Nhiệt độ').fill('38,2');
  await page.keyboard.press('Control+s');
  await bySaved(page);
  assert.equal(await page.getByRole('combobox', { name: /ICD-10/ }).count(), 0);
  await using treating = await consulting.doctor();
  await treating.page.goto(`/kham/${encounter}`);
  await treating.page.getByRole('button', { name: /^Bắt đầu khám/ }).click();
  await treating.page.getByLabel('Nhiệt độ').waitFor();
  assert.equal(await treating.page.getByLabel('Nhiệt độ').inputValue(), '38,2');
  assert.deepEqual(guest.complaints, []);
});

test('the laboratory: an order appears by itself, its result is typed and stands at the doctor’s at once', async () => {
  await using guest = await consulting.open('Hà Thị Tuyết');
  await using laboratory = await province.signIn('xetnghiem');
  await laboratory.page.goto('/xet-nghiem');
  await laboratory.page.getByRole('grid', { name: 'Chỉ định chờ kết quả' }).waitFor();
  await guest.page.keyboard.press('F7');
  await guest.page.keyboard.type('duong mau mao mach');
  await guest.page.getByRole('listbox').getByRole('option').first().waitFor();
  await guest.page.keyboard.press('Enter');
  const row = laboratory.page.getByRole('row', { name: /Hà Thị Tuyết/ });
  await row.click();
  await laboratory.page.getByLabel('Glucose mao mạch tại giường').waitFor();
  await photograph(laboratory.page, 'laboratory');
  await assertAccessible(laboratory.page, 'the laboratory');
  await laboratory.page.keyboard.type('30,5');
  await laboratory.page.keyboard.press('Enter');
  await row.waitFor({ state: 'detached' });
  await guest.page.getByText('cao nguy kịch').waitFor();
  assert.deepEqual([...guest.complaints, ...laboratory.complaints], []);
});
