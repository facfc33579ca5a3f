/** Forms for the browser tests: one of every kind of item, and one of five hundred. */
import type { Questionnaire, QuestionnaireItem } from '../../kernel/fhir/types.ts';

const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const control = (code: string) => ({
  url: `${CORE}questionnaire-itemControl`,
  valueCodeableConcept: { coding: [{ system: 'http://hl7.org/fhir/questionnaire-item-control', code }] },
});
const unit = (code: string) => ({
  url: `${CORE}questionnaire-unit`,
  valueCoding: { system: 'http://unitsofmeasure.org', code, display: code },
});
/** A glass, as a picture that lies in the form. */
const GLASS = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="64"><path d="M8 4h32l-6 56H14z" fill="#cde" stroke="#345"/></svg>',
).toString('base64');
const options = (...words: string[]): QuestionnaireItem['answerOption'] =>
  words.map((display, at) => ({
    valueCoding: { system: 'http://yba.vn/fhir/cs/thu', code: String(at), display },
  }));

/** @param version also the first day */
export function everyKind(version: string, more: QuestionnaireItem[] = []): Questionnaire {
  return {
    resourceType: 'Questionnaire',
    id: `thu-moi-loai-${version}`,
    url: 'http://yba.vn/fhir/Questionnaire/thu-moi-loai',
    version,
    name: 'ThuMoiLoai',
    title: 'Phiếu sàng lọc sức khoẻ người cao tuổi',
    description: 'Dùng cho lần khám định kỳ tại trạm.',
    status: 'active',
    subjectType: ['Patient'],
    effectivePeriod: { start: version },
    item: [
      {
        linkId: 'chung',
        type: 'group',
        text: 'Thông tin chung',
        prefix: '1.',
        item: [
          { linkId: 'ly-do', type: 'string', text: 'Lý do đến khám', required: true },
          {
            linkId: 'can-nang',
            type: 'decimal',
            text: 'Cân nặng',
            extension: [unit('kg'), { url: `${CORE}minValue`, valueDecimal: 20 }],
          },
          { linkId: 'chieu-cao', type: 'quantity', text: 'Chiều cao', extension: [unit('cm')] },
          {
            linkId: 'bmi',
            type: 'decimal',
            text: 'BMI',
            readOnly: true,
            extension: [
              {
                url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression',
                valueExpression: {
                  language: 'text/fhirpath',
                  expression:
                    "(%resource.descendants().where(linkId='can-nang').answer.value / (%resource.descendants().where(linkId='chieu-cao').answer.value.value / 100).power(2)).round(1)",
                },
              },
            ],
          },
          { linkId: 'ngay-kham', type: 'date', text: 'Ngày khám gần nhất' },
          { linkId: 'luc', type: 'dateTime', text: 'Lúc bắt đầu đau' },
          { linkId: 'gio-uong', type: 'time', text: 'Giờ uống thuốc' },
          { linkId: 'ghi-chu', type: 'text', text: 'Ghi chú' },
        ],
      },
      {
        linkId: 'thoi-quen',
        type: 'group',
        text: 'Thói quen',
        prefix: '2.',
        item: [
          {
            linkId: 'thuoc-la',
            type: 'boolean',
            text: 'Có hút thuốc lá không?',
            item: [
              {
                linkId: 'huong-dan',
                type: 'display',
                text: 'Tính cả thuốc lào.',
                extension: [control('help')],
              },
            ],
          },
          {
            linkId: 'so-dieu',
            type: 'integer',
            text: 'Số điếu mỗi ngày',
            enableWhen: [{ question: 'thuoc-la', operator: '=', answerBoolean: true }],
          },
          {
            linkId: 'ruou',
            type: 'choice',
            text: 'Uống rượu bia',
            extension: [
              {
                url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-itemMedia',
                valueAttachment: { contentType: 'image/svg+xml', title: 'Một đơn vị rượu', data: GLASS },
              },
            ],
            answerOption: options('Không', 'Thỉnh thoảng', 'Hằng ngày'),
          },
          {
            linkId: 'benh-kem',
            type: 'open-choice',
            text: 'Bệnh kèm theo',
            repeats: true,
            answerOption: options('Tăng huyết áp', 'Đái tháo đường', 'Hen phế quản'),
          },
          {
            linkId: 'noi-o',
            type: 'choice',
            text: 'Đang ở với',
            extension: [control('drop-down')],
            answerOption: options('Vợ hoặc chồng', 'Con cháu', 'Một mình'),
          },
        ],
      },
      {
        linkId: 'thuoc-dang-dung',
        type: 'group',
        text: 'Thuốc đang dùng',
        prefix: '3.',
        repeats: true,
        extension: [control('gtable')],
        item: [
          { linkId: 'ten-thuoc', type: 'string', text: 'Tên thuốc', required: true },
          { linkId: 'lieu', type: 'string', text: 'Liều' },
          { linkId: 'tu-ngay', type: 'date', text: 'Từ ngày' },
        ],
      },
      {
        linkId: 'tai-lieu',
        type: 'group',
        text: 'Giấy tờ',
        prefix: '4.',
        item: [
          { linkId: 'anh', type: 'attachment', text: 'Ảnh đơn thuốc cũ' },
          { linkId: 'nguoi-kham', type: 'reference', text: 'Người khám trước' },
          { linkId: 'sdt', type: 'string', text: 'Số điện thoại người nhà', repeats: true },
          ...more,
        ],
      },
    ],
  };
}

/** @param items questions, twenty a group; every tenth is calculated from the one before it */
export function longForm(items: number): Questionnaire {
  const groups = Math.ceil(items / 20);
  return {
    resourceType: 'Questionnaire',
    id: 'thu-rat-dai',
    url: 'http://yba.vn/fhir/Questionnaire/thu-rat-dai',
    version: '2026-01-01',
    title: `Phiếu dài ${items} câu`,
    status: 'active',
    subjectType: ['Patient'],
    effectivePeriod: { start: '2026-01-01' },
    item: Array.from({ length: groups }, (_, group) => ({
      linkId: `nhom-${group}`,
      type: 'group' as const,
      text: `Phần ${group + 1}`,
      item: Array.from({ length: Math.min(20, items - group * 20) }, (_, at) => question(group * 20 + at)),
    })),
  };
}

function question(at: number): QuestionnaireItem {
  const linkId = `cau-${at}`;
  const text = `Câu hỏi số ${at + 1}`;
  if (at % 10 === 9)
    return {
      linkId,
      type: 'integer',
      text,
      extension: [
        {
          url: 'http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression',
          valueExpression: {
            language: 'text/fhirpath',
            expression: `%resource.descendants().where(linkId='cau-${at - 1}').answer.value + 1`,
          },
        },
      ],
    };
  if (at % 10 === 8) return { linkId, type: 'integer', text };
  if (at % 5 === 3) return { linkId, type: 'choice', text, answerOption: options('Không', 'Có', 'Không rõ') };
  if (at % 5 === 2) return { linkId, type: 'date', text };
  if (at % 5 === 1) return { linkId, type: 'decimal', text };
  return { linkId, type: 'string', text };
}
