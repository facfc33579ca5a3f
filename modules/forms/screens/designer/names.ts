import type { QuestionnaireItem } from '../../../../kernel/fhir/types.ts';
import { t } from '../../../../web/ui/index.ts';

type ItemType = QuestionnaireItem['type'];

export const TYPES: ItemType[] = [
  'string',
  'text',
  'integer',
  'decimal',
  'quantity',
  'boolean',
  'choice',
  'open-choice',
  'date',
  'dateTime',
  'time',
  'attachment',
  'reference',
  'url',
  'group',
  'display',
];

/** The type of an item in words. */
export function typeName(type: ItemType): string {
  const names: Partial<Record<ItemType, string>> = {
    string: t('forms.type-name.string', 'Chữ một dòng'),
    text: t('forms.type-name.text', 'Chữ nhiều dòng'),
    integer: t('forms.type-name.integer', 'Số nguyên'),
    decimal: t('forms.type-name.decimal', 'Số thập phân'),
    quantity: t('forms.type-name.quantity', 'Số kèm đơn vị'),
    boolean: t('forms.type-name.boolean', 'Có hoặc không'),
    choice: t('forms.type-name.choice', 'Chọn trong danh sách'),
    'open-choice': t('forms.type-name.open-choice', 'Chọn hoặc ghi khác'),
    date: t('forms.type-name.date', 'Ngày'),
    dateTime: t('forms.type-name.date-time', 'Ngày giờ'),
    time: t('forms.type-name.time', 'Giờ'),
    attachment: t('forms.type-name.attachment', 'Ảnh, tệp'),
    reference: t('forms.type-name.reference', 'Người, nơi trong hồ sơ'),
    url: t('forms.type-name.url', 'Địa chỉ mạng'),
    group: t('forms.type-name.group', 'Nhóm'),
    display: t('forms.type-name.display', 'Lời dẫn'),
  };
  return names[type] ?? type;
}
