/** Forms that ask one question after the other, and what stands beside a question: SDC entryMode, contextExpression, unitOpen. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Extension, Questionnaire, QuestionnaireItem } from '../../kernel/fhir/types.ts';
import { assertAccessible } from './support/accessible.ts';
import { Consulting } from './support/consulting.ts';
import { photograph } from './support/photograph.ts';
import { openProvince, type Province } from './support/province.ts';

const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-';
const CORE = 'http://hl7.org/fhir/StructureDefinition/';
let province: Province;
let consulting: Consulting;

before(async () => {
  province = await openProvince({ people: 10 });
  consulting = new Consulting(province);
  for (const mode of ['sequential', 'prior-edit']) await publish(asked(mode));
});
after(() => province[Symbol.asyncDispose]());

const publish = (form: Questionnaire) => province.program.house.kernel.gate.system('e2e').update(form);

const unit = (code: string): Extension => ({
  url: `${CORE}questionnaire-unitOption`,
  valueCoding: { system: 'http://unitsofmeasure.org', code, display: code },
});
/** What helps to answer: beside a question, or above the form. */
const search = (label: string, expression: string): Extension => ({
  url: `${SDC}contextExpression`,
  extension: [
    { url: 'label', valueString: label },
    { url: 'expression', valueExpression: { language: 'application/x-fhir-query', expression } },
  ],
});
const QUESTIONS: QuestionnaireItem[] = [
  {
    linkId: 'ten',
    type: 'string',
    text: 'Tên con diều',
    required: true,
    extension: [search('Các lượt khám trước', 'Encounter?patient={{%patient.id}}')],
  },
  {
    linkId: 'dai',
    type: 'quantity',
    text: 'Dây dài',
    extension: [unit('m'), unit('cm'), { url: `${SDC}unitOpen`, valueCode: 'optionsOrString' }],
  },
  { linkId: 'gio', type: 'string', text: 'Gió' },
];

const column = (path: string, label: string, width: number): Extension => ({
  url: `${SDC}choiceColumn`,
  extension: [
    { url: 'path', valueString: path },
    { url: 'label', valueString: label },
    { url: 'width', valueQuantity: { value: width, system: 'http://unitsofmeasure.org', code: '%' } },
  ],
});
/** Choices that read as a table: which kite, and what wind it needs. */
const TABLE: Questionnaire = {
  resourceType: 'Questionnaire',
  id: 'thu-bang',
  url: 'http://yba.vn/fhir/Questionnaire/thu-bang',
  version: '2026-01-01',
  title: 'Phiếu chọn diều',
  status: 'active',
  subjectType: ['Patient'],
  effectivePeriod: { start: '2026-01-01' },
  item: [
    {
      linkId: 'dieu',
      type: 'choice',
      text: 'Diều nào',
      extension: [column('code', 'Mã', 20), column('display', 'Con diều', 80)],
      answerOption: [
        { valueCoding: { system: 'http://example.org/dieu', code: 'S1', display: 'Diều sáo' } },
        { valueCoding: { system: 'http://example.org/dieu', code: 'G1', display: 'Diều giấy' } },
      ],
    },
  ],
};

/** @param mode `sequential` or `prior-edit` */
function asked(mode: string): Questionnaire {
  return {
    resourceType: 'Questionnaire',
    id: `thu-${mode}`,
    url: `http://yba.vn/fhir/Questionnaire/thu-${mode}`,
    version: '2026-01-01',
    title: 'Phiếu thả diều',
    status: 'active',
    subjectType: ['Patient'],
    effectivePeriod: { start: '2026-01-01' },
    extension: [
      { url: `${SDC}entryMode`, valueCode: mode },
      search('Người bệnh trong hồ sơ', 'Patient?_id={{%patient.id}}'),
      {
        url: `${SDC}launchContext`,
        extension: [
          {
            url: 'name',
            valueCoding: { system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext', code: 'patient' },
          },
          { url: 'type', valueCode: 'Patient' },
        ],
      },
    ],
    item: QUESTIONS,
  };
}

async function filling(mode: string, name: string) {
  const { patient } = await consulting.arrive(name);
  const guest = await consulting.doctor();
  await guest.page.goto(`/bieu-mau/thu-${mode}?nguoi=${patient}`);
  await guest.page.locator('[data-field]').first().waitFor();
  return { ...guest, patient, [Symbol.asyncDispose]: guest[Symbol.asyncDispose] };
}

const fields = (page: Page) =>
  page.locator('[data-field]').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.field));
const focused = (page: Page, field: string) =>
  page.waitForFunction(
    (wanted) => document.activeElement?.closest<HTMLElement>('[data-field]')?.dataset.field === wanted,
    field,
  );

test('one after the other: a question appears when the one before it is answered, by Enter; what is missing holds it up', async () => {
  await using guest = await filling('prior-edit', 'Lê Thả Diều');
  const { page } = guest;
  assert.deepEqual(await fields(page), ['ten']);
  await page.getByText('Người bệnh trong hồ sơ (1)').waitFor();
  await page.getByText('Các lượt khám trước (1)').click();
  await page.locator('[data-field] .fm-aside li').first().waitFor();
  await page.getByLabel('Tên con diều').focus();
  await page.keyboard.press('Enter');
  await page.getByText('Chưa trả lời "Tên con diều".').waitFor();
  assert.deepEqual(await fields(page), ['ten']);
  await page.keyboard.type('Sáo');
  await page.keyboard.press('Enter');
  await focused(page, 'dai');
  assert.deepEqual(await fields(page), ['ten', 'dai']);
  await page.keyboard.type('12');
  await page.getByLabel('Đơn vị', { exact: true }).selectOption({ label: 'Khác…' });
  await page.getByLabel('Đơn vị khác (ghi rõ)').fill('sải tay');
  await photograph(page, 'forms-steps');
  await assertAccessible(page, 'a form step by step');
  await page.keyboard.press('Enter');
  await focused(page, 'gio');
  assert.equal(await page.getByLabel('Tên con diều').isEditable(), true);
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi phiếu vào hồ sơ').waitFor();
  await page.getByText('12 sải tay').waitFor();
  assert.deepEqual(guest.complaints, []);
});

test('without going back: what is answered stands there and takes no key any more; a draft goes on where it stopped', async () => {
  await using guest = await filling('sequential', 'Phạm Thả Diều');
  const { page } = guest;
  await page.getByLabel('Tên con diều').fill('Ó');
  await page.getByRole('button', { name: 'Tiếp tục' }).click();
  await focused(page, 'dai');
  assert.equal(await page.getByLabel('Tên con diều').isEditable(), false);
  await page.keyboard.type('3');
  await page.keyboard.press('Control+s');
  await page.getByText(/^Đã ghi nháp/).waitFor();
  await page.reload();
  await page.locator('[data-field="dai"]').waitFor();
  assert.deepEqual(await fields(page), ['ten', 'dai']);
  assert.equal(await page.getByLabel('Tên con diều').isEditable(), false);
  assert.deepEqual(guest.complaints, []);
});

test('choices with columns stand in a table, chosen by keyboard as any choice', async () => {
  await publish(TABLE);
  await using guest = await filling('bang', 'Ngô Chọn Diều');
  const { page } = guest;
  const table = page.getByRole('table', { name: 'Diều nào' });
  assert.deepEqual(await table.getByRole('columnheader').allInnerTexts(), ['Mã', 'Con diều']);
  await page.getByRole('radio', { name: 'S1 · Diều sáo' }).focus();
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.getByRole('radio', { name: 'G1 · Diều giấy' }).isChecked(), true);
  await table.getByText('Diều sáo').click();
  assert.equal(await page.getByRole('radio', { name: 'S1 · Diều sáo' }).isChecked(), true);
  await photograph(page, 'forms-columns', ['staff', 'citizen']);
  await assertAccessible(page, 'choices in a table');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Đã ghi phiếu vào hồ sơ').waitFor();
  await page.getByText('Diều sáo').first().waitFor();
  assert.deepEqual(guest.complaints, []);
});
