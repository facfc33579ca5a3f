/** Boxes of a form under the hands of somebody who does not know it: units first, lines emptied, words that are no answer, repeats taken away. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { Extension, Questionnaire } from '../../kernel/fhir/types.ts';
import { assertAccessible } from './support/accessible.ts';
import { box, Filling, savedDraft } from './support/filling.ts';
import { compose } from './support/keyboard.ts';
import { photograph, sidewaysScroll } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const unit = (code: string): Extension => ({
  url: `${CORE}questionnaire-unitOption`,
  valueCoding: { system: 'http://unitsofmeasure.org', code, display: code },
});
/** Units of one's own may be written. */
const OPEN_UNIT: Extension = {
  url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-unitOpen',
  valueCode: 'optionsOrString',
};
const KEY = 'thu-hop-go';
const form: Questionnaire = {
  resourceType: 'Questionnaire',
  id: `${KEY}-2026-01-01`,
  url: `http://yba.vn/fhir/Questionnaire/${KEY}`,
  version: '2026-01-01',
  name: 'ThuHopGo',
  title: 'Phiếu thử hộp gõ',
  status: 'active',
  subjectType: ['Patient'],
  effectivePeriod: { start: '2026-01-01' },
  item: [
    { linkId: 'lieu', type: 'quantity', text: 'Liều', extension: [unit('mg'), unit('mL'), OPEN_UNIT] },
    { linkId: 'ghi-chu', type: 'text', text: 'Ghi chú' },
    { linkId: 'trang', type: 'url', text: 'Trang mạng' },
    {
      linkId: 'benh',
      type: 'open-choice',
      text: 'Bệnh kèm',
      answerOption: [{ valueString: 'Gút' }, { valueString: 'Hen' }],
    },
    {
      linkId: 'dai',
      type: 'quantity',
      text: 'Chiều dài',
      extension: [
        {
          url: `${CORE}questionnaire-unit`,
          valueCoding: { system: 'http://unitsofmeasure.org', code: 'cm', display: 'cm' },
        },
      ],
    },
    { linkId: 'sdt', type: 'string', text: 'Số điện thoại', repeats: true },
    {
      linkId: 'lan',
      type: 'quantity',
      text: 'Các lần đo',
      repeats: true,
      extension: [unit('mm'), unit('cm')],
    },
    { linkId: 'ngay', type: 'date', text: 'Ngày tiêm' },
    {
      linkId: 'dan-toc',
      type: 'choice',
      text: 'Dân tộc',
      repeats: true,
      answerValueSet: 'http://yba.vn/fhir/vs/dan-toc',
    },
    {
      linkId: 'con',
      type: 'group',
      text: 'Con',
      repeats: true,
      item: [
        { linkId: 'ten', type: 'string', text: 'Tên con' },
        {
          linkId: 'mui',
          type: 'group',
          text: 'Mũi tiêm',
          repeats: true,
          item: [{ linkId: 'lo', type: 'string', text: 'Số lô' }],
        },
      ],
    },
  ],
};

let province: Province;
let filling: Filling;

before(async () => {
  province = await openProvince({ people: 20 });
  filling = new Filling(province);
  await filling.publish(form);
});
after(() => province[Symbol.asyncDispose]());

const focusedField = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-field]')?.getAttribute('data-field'));
const finish = async (page: Page) => {
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi phiếu vào hồ sơ').waitFor();
};

test('a unit may be chosen before its number; a fixed unit of a draft asks for no other; several measures have a box each', async () => {
  await using guest = await filling.open(KEY);
  const { page, patient } = guest;
  const dose = page.locator('[data-field="lieu"]');
  await dose.getByLabel('Đơn vị').selectOption('mL');
  await dose.getByLabel('Liều').fill('5');
  await box(page, 'Chiều dài').fill('30');
  await box(page, 'Các lần đo').fill('7');
  await page.getByRole('button', { name: 'Thêm một dòng' }).click();
  await page.getByLabel('Các lần đo (2)').fill('8');
  await page.keyboard.press('Control+s');
  await savedDraft(page);
  await page.reload();
  await page.getByText(/^Mở lại/).waitFor();
  assert.equal(await page.locator('[data-field="dai"]').getByLabel('Đơn vị khác').count(), 0);
  await photograph(page, 'forms-boxes', ['staff', 'citizen']);
  assert.equal(await sidewaysScroll(page), 0);
  await assertAccessible(page, 'boxes of a form');
  await finish(page);
  const [response] = await filling.answersOf(patient);
  const said = (linkId: string) => response!.item!.find((one) => one.linkId === linkId)!.answer!;
  assert.deepEqual(said('lieu'), [
    { valueQuantity: { value: 5, unit: 'mL', system: 'http://unitsofmeasure.org', code: 'mL' } },
  ]);
  assert.deepEqual(
    said('lan').map(({ valueQuantity }) => valueQuantity?.value),
    [7, 8],
  );
  assert.deepEqual(guest.complaints, []);
});

test('a line that is emptied to be written anew stays where it is', async () => {
  await using guest = await filling.open(KEY);
  const { page, patient } = guest;
  await box(page, 'Số điện thoại').fill('0900');
  await page.locator('[data-field="sdt"]').getByRole('button', { name: 'Thêm một dòng' }).click();
  await page.getByLabel('Số điện thoại (2)').fill('0901');
  await box(page, 'Số điện thoại').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.type('0999');
  assert.equal(await page.getByLabel('Số điện thoại (2)').inputValue(), '0901');
  await finish(page);
  const [response] = await filling.answersOf(patient);
  assert.deepEqual(
    response!.item!.find(({ linkId }) => linkId === 'sdt')!.answer!.map(({ valueString }) => valueString),
    ['0999', '0901'],
  );
});

test('words that are no answer are not lost without a word: finishing goes to them', async () => {
  await using guest = await filling.open(KEY);
  const { page } = guest;
  await box(page, 'Ngày tiêm').fill('32/13');
  await box(page, 'Số điện thoại').fill('0900');
  await page.keyboard.press('Control+Enter');
  await page.getByText('"32/13" chưa thành câu trả lời', { exact: false }).first().waitFor();
  assert.equal(await focusedField(page), 'ngay');
  await photograph(page, 'forms-unread', ['staff', 'citizen']);
  await assertAccessible(page, 'words that are no answer');
  await box(page, 'Ngày tiêm').fill('3/1/26');
  await page.getByRole('combobox', { name: 'Dân tộc' }).fill('không có dân tộc này');
  await page.getByRole('button', { name: 'Hoàn tất', exact: true }).click();
  await page.getByText('"không có dân tộc này" chưa thành câu trả lời', { exact: false }).first().waitFor();
  await page.getByRole('combobox', { name: 'Dân tộc' }).fill('');
  await finish(page);
});

test('repeats within repeats by keyboard: added, taken away, and the keyboard is never lost', async () => {
  await using guest = await filling.open(KEY);
  const { page, patient } = guest;
  await box(page, 'Tên con').fill('An');
  await page.getByLabel('Số lô').fill('A1');
  await page.getByRole('button', { name: 'Thêm: Mũi tiêm' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-field="con#0/mui#1/lo"] :focus').waitFor();
  await page.keyboard.type('A2');
  await page.getByRole('button', { name: 'Thêm: Con' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-field="con#1/ten"] :focus').waitFor();
  await page.keyboard.type('Bình');
  await page.getByRole('button', { name: 'Bỏ Mũi tiêm lần 1' }).first().focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-field="con#0/mui#1/lo"] :focus').waitFor();
  await page.getByRole('button', { name: 'Bỏ Con lần 2' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-field="con#0/ten"] :focus').waitFor();
  await finish(page);
  const [response] = await filling.answersOf(patient);
  const children = response!.item!.filter(({ linkId }) => linkId === 'con');
  assert.deepEqual(
    children.map(({ item }) =>
      item!.map(({ linkId, answer, item: below }) => [
        linkId,
        (answer ?? below![0]!.answer)![0]!.valueString,
      ]),
    ),
    [
      [
        ['ten', 'An'],
        ['mui', 'A2'],
      ],
    ],
  );
  assert.deepEqual(guest.complaints, []);
});

test('Telex in every box of words: no letter is broken, and what was composed is the answer', async () => {
  await using guest = await filling.open(KEY);
  const { page, patient } = guest;
  const typed = async (label: Locator) => {
    await label.focus();
    await compose(page, ['t', 'tu', 'tui', 'tuới', 'tưới'], 'tưới');
    await page.keyboard.type(' ');
    await compose(page, ['n', 'nu', 'nuo', 'nươ', 'nước'], 'nước');
    assert.equal(await label.inputValue(), 'tưới nước');
  };
  await page.locator('[data-field="lieu"]').getByLabel('Đơn vị').selectOption({ label: 'Khác…' });
  // A unit in words, written before its number.
  await typed(page.getByLabel('Đơn vị khác (ghi rõ)'));
  await page.locator('[data-field="lieu"]').getByLabel('Liều').fill('2');
  await typed(page.getByLabel('Ghi chú'));
  await typed(page.getByLabel('Khác (ghi rõ)', { exact: true }));
  await typed(box(page, 'Số điện thoại'));
  await typed(box(page, 'Tên con'));
  const race = page.getByRole('combobox', { name: 'Dân tộc' });
  await race.focus();
  await compose(page, ['t', 'ta', 'tay', 'tày'], 'tày');
  await page.locator('.yb-option').first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('[data-field="dan-toc"]').getByText('Tày', { exact: true }).waitFor();
  await finish(page);
  const [response] = await filling.answersOf(patient);
  const said = (linkId: string) => response!.item!.find((one) => one.linkId === linkId)!.answer![0]!;
  assert.equal(said('lieu').valueQuantity?.unit, 'tưới nước');
  assert.equal(said('ghi-chu').valueString, 'tưới nước');
  assert.equal(said('benh').valueString, 'tưới nước');
  assert.equal(said('sdt').valueString, 'tưới nước');
  assert.equal(said('dan-toc').valueCoding?.display, 'Tày');
  assert.deepEqual(guest.complaints, []);
});
