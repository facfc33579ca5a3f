/** Any Questionnaire on paper: order of the form, repeats, words of the version that was answered (SDC, QuestionnaireResponse). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Questionnaire, QuestionnaireResponse } from '../../kernel/fhir/types.ts';
import { answeredForm } from './answered-form.ts';

const form: Questionnaire = {
  resourceType: 'Questionnaire',
  status: 'active',
  title: 'Phiếu hội thả diều',
  version: '2026-05-01',
  item: [
    { linkId: 'loi', type: 'display', text: 'Hỏi từng người.' },
    {
      linkId: 'g',
      prefix: 'I.',
      text: 'Con diều',
      type: 'group',
      item: [
        {
          linkId: 'mau',
          text: 'Màu',
          type: 'choice',
          repeats: true,
          answerOption: [{ valueCoding: { code: 'do', display: 'Đỏ' } }],
        },
        {
          linkId: 'cao',
          text: 'Bay cao',
          type: 'decimal',
          extension: [
            {
              url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit',
              valueCoding: { code: 'm', display: 'mét' },
            },
          ],
        },
        {
          linkId: 'rach',
          text: 'Có rách',
          type: 'boolean',
          item: [{ linkId: 'rach-luc', text: 'Lúc', type: 'dateTime' }],
        },
      ],
    },
    {
      linkId: 'lan',
      text: 'Lần bay',
      type: 'group',
      repeats: true,
      item: [{ linkId: 'ngay', text: 'Ngày', type: 'date' }],
    },
    {
      linkId: 'trong',
      text: 'Nhóm không ai điền',
      type: 'group',
      item: [{ linkId: 'x', text: 'X', type: 'string' }],
    },
    {
      linkId: 'diem',
      text: 'Điểm ẩn',
      type: 'integer',
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-hidden', valueBoolean: true },
      ],
    },
  ],
};
const response: QuestionnaireResponse = {
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  authored: '2026-11-22T01:05:00Z',
  author: { display: 'Phùng Văn Minh' },
  item: [
    { linkId: 'lan', item: [{ linkId: 'ngay', answer: [{ valueDate: '2026-05-01' }] }] },
    { linkId: 'lan', item: [{ linkId: 'ngay', answer: [{ valueDate: '2026-05' }] }] },
    {
      linkId: 'g',
      item: [
        {
          linkId: 'mau',
          answer: [{ valueCoding: { code: 'do' } }, { valueCoding: { code: 'x', display: 'Xanh' } }],
        },
        { linkId: 'cao', answer: [{ valueDecimal: 1234.5 }] },
        {
          linkId: 'rach',
          answer: [
            {
              valueBoolean: true,
              item: [{ linkId: 'rach-luc', answer: [{ valueDateTime: '2026-05-01T20:00:00Z' }] }],
            },
          ],
        },
      ],
    },
    { linkId: 'diem', answer: [{ valueInteger: 3 }] },
    { linkId: 'trong' },
  ],
};
const drawn = (one: Questionnaire | null, given = response) =>
  answeredForm(one, given).lines.map(({ kind, level, text, answers }) =>
    `${kind} ${level} ${text} ${answers.join(' + ')}`.trim(),
  );

test('groups and questions stand in the order of the form, answers in words, with their units and option texts', () => {
  assert.deepEqual(drawn(form), [
    'note 1 Hỏi từng người.',
    'group 1 I. Con diều',
    'answer 2 Màu Đỏ + Xanh',
    'answer 2 Bay cao 1.234,5 mét',
    'answer 2 Có rách Có',
    'answer 3 Lúc 03:00 ngày 02/05/2026',
    'group 1 Lần bay (1)',
    'answer 2 Ngày 01/05/2026',
    'group 1 Lần bay (2)',
    'answer 2 Ngày 05/2026',
  ]);
  const { title, version, at, author, amended } = answeredForm(form, { ...response, status: 'amended' });
  assert.deepEqual(
    [title, version, at, author, amended],
    ['Phiếu hội thả diều', '01/05/2026', '08:05 ngày 22/11/2026', 'Phùng Văn Minh', true],
  );
});

test('a form that is not known here is set by what the response says itself; nothing answered is lost', () => {
  const [first] = drawn(null, {
    ...response,
    item: [{ linkId: 'q', text: 'Cân nặng', answer: [{ valueQuantity: { value: 7.5, unit: 'kg' } }] }],
  });
  assert.equal(first, 'answer 1 Cân nặng 7,5 kg');
  const extra = {
    ...response,
    item: [...response.item!, { linkId: 'la', answer: [{ valueString: 'thêm' }] }],
  };
  assert.ok(drawn(form, extra).includes('answer 1 la thêm'));
});

test('every type of answer has words', () => {
  const words = (answer: object) =>
    answeredForm(null, { ...response, item: [{ linkId: 'q', answer: [answer] }] }).lines[0]!.answers;
  const cases: [object, string][] = [
    [{ valueBoolean: false }, 'Không'],
    [{ valueInteger: 0 }, '0'],
    [{ valueTime: '07:42:00' }, '07:42'],
    [{ valueUri: 'urn:x' }, 'urn:x'],
    [{ valueAttachment: { contentType: 'image/png', title: 'vết tiêm.png' } }, 'vết tiêm.png'],
    [{ valueReference: { reference: 'Location/a', display: 'Phòng tiêm' } }, 'Phòng tiêm'],
    [{ valueQuantity: { value: 36.8, unit: '°C' } }, '36,8 °C'],
  ];
  for (const [answer, wanted] of cases) assert.deepEqual(words(answer), [wanted]);
});
