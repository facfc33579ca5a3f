/** A nurse and the medicines of the station: receive by barcode and by keyboard, hand out by prescription, see what runs short and who has not come. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Encounter } from '../../kernel/fhir/types.ts';
import { addDays, vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { assertAccessible } from './support/accessible.ts';
import { SIZES } from './support/browser.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

let province: Province;
const TODAY = vietnamDay(new Date());
const typed = (day: string) => day.split('-').reverse().join('');

before(async () => {
  province = await openProvince({ people: 800 });
  await province.program.kernel.events.settled();
});
after(() => province[Symbol.asyncDispose]());

/** In the dialog of a receipt, the medicine chosen already. */
async function finishReceipt(page: Page, amount: string): Promise<void> {
  await page.keyboard.type(amount);
  await page.keyboard.press('Control+Enter');
  await page.getByText(`Đã nhập: lô còn ${amount} viên`).first().waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

test('the stock says what runs short; a receipt is typed without a mouse, and the next box is known by its barcode', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  await page.goto('/kho-thuoc');
  await page
    .getByText(/thiếu từ/)
    .first()
    .waitFor();
  await page.keyboard.press('F8');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('bebloc');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type('AML01');
  await page.keyboard.press('Enter');
  await page.keyboard.type(typed(addDays(TODAY, 400)));
  await page.keyboard.press('Enter');
  await assertAccessible(page, 'a receipt');
  await finishReceipt(page, '90');
  const scan = page.getByLabel('Quét mã trên hộp để nhập');
  const code = `]d2010950600013435217${addDays(TODAY, 500).slice(2).replaceAll('-', '')}10AML02`;
  await scan.fill(code);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'Số lô', exact: true }).inputValue(), 'AML02');
  await page.keyboard.type('bebloc');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByLabel('Số lượng').focus();
  await finishReceipt(page, '60');
  await scan.fill(code);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute('name')),
    'amount',
    'a box that was received before needs its number alone',
  );
  await page.keyboard.press('Escape');
  await scan.fill('khong-phai-ma');
  await page.keyboard.press('Enter');
  await page.getByText(/Không đọc được mã/).waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'medicine stock');
  await photograph(page, 'medicine-stock', ['staff', 'citizen']);
  assert.deepEqual(guest.complaints, []);
});

test('a signed prescription is handed out with one key, and lists, lots and the card follow', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  const { person, name } = await signedToday();
  await page.goto('/cap-thuoc');
  const row = page.getByRole('row').filter({ hasText: name }).first();
  await row.waitFor();
  await assertAccessible(page, 'pick-ups');
  await photograph(page, 'medicine-pick-ups', ['staff', 'citizen']);
  await row.click();
  await page.waitForURL(`**/cap-thuoc/${person}`);
  await page.getByText(/AML01 \(hạn/).waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'hand-over');
  await photograph(page, 'medicine-hand-over', ['staff', 'citizen']);
  const amount = page.getByLabel(/^Số lượng/).first();
  await amount.fill('999');
  await page.keyboard.press('Control+Enter');
  await page.getByText(/đơn chỉ còn 62/).waitFor();
  await amount.fill('31');
  await page.keyboard.press('Control+Enter');
  await page.getByText(/Đã cấp: /).waitFor();
  await page.getByText(/đã cấp đủ đến/).waitFor();
  await page.getByRole('table', { name: 'Đã cấp' }).getByText('AML01').waitFor();
  await page.goto('/kho-thuoc/T080');
  await page.getByRole('table', { name: 'Thẻ kho' }).getByText('Cấp theo đơn').waitFor();
  await page.getByText('−31').waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'stock card');
  await photograph(page, 'medicine-card', ['staff', 'citizen']);
  await page.goto('/so/so-cap-thuoc');
  await page.getByText(name).first().waitFor();
  await page.getByText('AML01').first().waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('what decision support says of the medicines that are chosen stands over them, and goes with them', async () => {
  await using guest = await province.signIn('dieuduong');
  const { page } = guest;
  const { person } = await signedToday();
  await province.program.kernel.gate.system('test').create({
    resourceType: 'AllergyIntolerance',
    clinicalStatus: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
      ],
    },
    patient: { reference: `Patient/${person}` },
    code: { text: 'Amlodipin' },
  });
  await page.goto(`/cap-thuoc/${person}`);
  const cards = page.getByRole('region', { name: 'Cảnh báo về người bệnh' });
  const allergy = cards.getByText('Người bệnh dị ứng Amlodipin');
  await allergy.first().waitFor();
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'cards at handing out');
  await photograph(page, 'medicine-cards', ['staff', 'citizen']);
  const boxes = page.getByRole('table').getByRole('checkbox', { checked: true });
  while ((await boxes.count()) > 0) await boxes.first().uncheck();
  await allergy.first().waitFor({ state: 'detached' });
  await page.setViewportSize(SIZES.citizen);
  const onward = await page.getByRole('link', { name: 'Chương trình theo dõi' }).boundingBox();
  assert.ok(onward!.x + onward!.width <= SIZES.citizen.width, 'what leads on stands within a phone');
  assert.deepEqual(guest.complaints, []);
});

/** Somebody whom the station follows gets 62 days of amlodipin from the doctor. */
async function signedToday(): Promise<{ person: string; name: string }> {
  const { kernel } = province.program;
  const { rows } = await kernel.pool.query<{ person: string; name: string }>(
    `select e.person, c.full_name as name from views.enrolment e join views.patient c on c.resource_key = e.person
      where e.unit = 'cs-25D01' and e.programme = 'tang-huyet-ap' and e.status = 'active' and c.deceased is null
      order by e.person limit 1`,
  );
  const { person, name } = rows[0]!;
  const system = kernel.gate.system('test');
  const at = `${TODAY}T00:05:00+07:00`;
  const { id: encounter } = await system.create<Encounter>({
    resourceType: 'Encounter',
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: `Patient/${person}` },
    serviceProvider: { reference: 'Organization/cs-25D01' },
    period: { start: at },
  });
  await system.create({
    resourceType: 'MedicationRequest',
    status: 'active',
    intent: 'order',
    groupIdentifier: { system: 'http://yba.vn/fhir/sid/ma-don-thuoc', value: '25D01thuoc01-c' },
    medicationCodeableConcept: {
      coding: [
        { system: 'http://yba.vn/fhir/cs/thuoc', code: 'T080' },
        { system: 'http://www.whocc.no/atc', code: 'C08CA01' },
      ],
      text: 'Amlodipin 5 mg',
    },
    subject: { reference: `Patient/${person}` },
    encounter: { reference: `Encounter/${encounter}` },
    authoredOn: at,
    requester: { reference: 'Practitioner/nv-bacsi' },
    dosageInstruction: [{ text: 'Sáng 1 viên' }],
    dispenseRequest: {
      quantity: { value: 62, unit: 'viên' },
      expectedSupplyDuration: { value: 62, unit: 'ngày', system: 'http://unitsofmeasure.org', code: 'd' },
    },
  });
  await kernel.events.settled();
  return { person, name };
}
