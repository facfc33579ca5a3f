/** The board of rules by keyboard: found, run over the past, switched on with a reason. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TrialTally } from '../../modules/decisions/trials/tally.ts';
import { assertAccessible } from './support/accessible.ts';
import { Consulting, chooseDiagnosis, prescribe } from './support/consulting.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;

before(async () => {
  province = await openProvince({ people: 60 });
  const { pool } = province.program.kernel;
  for (const [role, reason] of [
    ['doctor', 'monitor'],
    ['station-head', 'benefit'],
  ])
    await pool.query(
      `insert into decisions.card (id, rule, version, hook, role, unit, practitioner, shown_at, outcome, reason, outcome_at)
       select gen_random_uuid(), 'tuong-tac', '2026-11-23', 'order-sign', $1, '25D01', 'none', now(), 'overridden', $2, now() from generate_series(1, 30)`,
      [role, reason],
    );
});
after(() => province[Symbol.asyncDispose]());

test('a rule is found, opened, run over the past and switched on with a reason', async () => {
  await using guest = await province.signIn('noidung', 'staff');
  const { page } = guest;
  await page.goto('/quy-tac');
  await page.getByText('Tương tác chống chỉ định').waitFor();
  await page.getByText('Cần xem lại').waitFor();
  await photograph(page, 'rules', ['staff', 'citizen']);
  await assertAccessible(page, 'board of rules');
  await page.getByText('Tương tác chống chỉ định').dblclick();
  await page.getByRole('dialog').getByText('Hơn 90 % thẻ bị bỏ qua').waitFor();
  await page.getByRole('dialog').getByRole('table', { name: 'Theo tháng' }).waitFor();
  await photograph(page, 'rule-review', ['staff', 'citizen']);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('textbox', { name: 'Tìm quy tắc' }).fill('hla');
  await page.getByText('1 dòng', { exact: true }).waitFor();
  await page.getByText('Chạy thầm', { exact: true }).waitFor();
  await page.getByText('Xét nghiệm HLA').dblclick();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Chạy thử' }).press('Enter');
  await dialog.getByText('Xong', { exact: true }).waitFor();
  await dialog.getByRole('radio', { name: 'Đang bật' }).check();
  await dialog.getByLabel('Ai duyệt, dựa vào đâu').fill('Hội đồng thuốc và điều trị họp ngày 20/11');
  await photograph(page, 'rule-trial', ['staff', 'citizen']);
  await assertAccessible(page, 'one rule');
  await page.keyboard.press('Control+Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Đang bật', { exact: true }).waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  assert.deepEqual(guest.complaints, []);
});

test('a run over the past is stopped, goes on where it was, and the list knows of it', async () => {
  await using guest = await province.signIn('noidung', 'staff');
  const { page } = guest;
  await page.goto('/quy-tac');
  await page.getByRole('textbox', { name: 'Tìm quy tắc' }).fill('phac do');
  await page.getByText('1 dòng', { exact: true }).waitFor();
  await page.getByText('chưa chạy').waitFor();
  await page.getByText('Gợi ý theo phác đồ').dblclick();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Chạy thử' }).press('Enter');
  await dialog.getByText('Xong', { exact: true }).waitFor();
  const asked = () => dialog.getByText('Khi mở hồ sơ').locator('xpath=following-sibling::*[1]').textContent();
  const whole = await asked();
  await province.program.kernel.pool.query(
    `update decisions.trial set state = 'stopped', done = 0, result = $1 where rule = 'tuan-thu-phac-do'`,
    [JSON.stringify(new TrialTally().result())],
  );
  await dialog.getByText('Đã dừng', { exact: true }).waitFor();
  await photograph(page, 'rule-stopped', ['staff', 'citizen']);
  await assertAccessible(page, 'a run that was stopped');
  await dialog.getByRole('button', { name: 'Chạy tiếp' }).press('Enter');
  await dialog.getByText('Xong', { exact: true }).waitFor();
  assert.equal(await asked(), whole);
  await page.keyboard.press('Escape');
  await page.getByText('chưa chạy').waitFor({ state: 'detached' });
  assert.deepEqual(guest.complaints, []);
});

test('saved vital signs speak on the consultation, with why and source; a reason sets the card aside and stays', async () => {
  await using guest = await new Consulting(province).open('Lưu Thị Cảnh Báo');
  const { page } = guest;
  await page.getByLabel('Nhịp thở').fill('26');
  await page.getByLabel('SpO₂').fill('88');
  await page.keyboard.press('Control+s');
  const cards = page.getByRole('region', { name: 'Cảnh báo về người bệnh' });
  await cards.getByText(/^NEWS2/).waitFor();
  await cards.getByText(/^Nguồn: /).waitFor();
  await photograph(page, 'rule-cards', ['staff', 'citizen']);
  await assertAccessible(page, 'cards on the consultation');
  await cards.getByRole('button', { name: 'Để qua…' }).press('Enter');
  await cards.getByLabel('Để qua, vì').selectOption({ label: 'Sẽ theo dõi sát (lâm sàng hoặc xét nghiệm)' });
  await photograph(page, 'rule-cards-aside', ['staff', 'citizen']);
  await assertAccessible(page, 'a card that is set aside');
  await cards.getByRole('button', { name: 'Ghi lý do' }).press('Enter');
  await cards.waitFor({ state: 'detached' });
  assert.equal(await sidewaysScroll(page), 0);
  assert.deepEqual(guest.complaints, []);
});

test('at prescribing one press takes the medicine out that a card is about', async () => {
  await using guest = await new Consulting(province).open('Kiều Thị Tương Tác');
  const { page } = guest;
  await chooseDiagnosis(page, 'viem hong cap khong dac hieu', 'J02.9');
  await prescribe(page, 'becoclari', 'Becoclari 500', ['1', '', '', '1', '5', '']);
  await prescribe(page, 'simvastatin', 'Simvastatin 20 mg', ['', '', '', '1', '5', '']);
  const alerts = page.getByRole('region', { name: 'Cảnh báo của đơn' });
  const remove = alerts.getByRole('button', { name: 'Bỏ thuốc này khỏi đơn: Simvastatin 20 mg' });
  await remove.waitFor();
  await remove.scrollIntoViewIfNeeded();
  await photograph(page, 'rule-alternatives', ['staff', 'citizen']);
  await assertAccessible(page, 'alternatives of a card');
  await remove.press('Enter');
  await page.getByText('Đã đối chiếu: không có cảnh báo.').waitFor();
  assert.deepEqual(guest.complaints, []);
});
