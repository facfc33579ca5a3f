/** Answers in words: for earlier values, for comparing two drafts, for reading and print. Pure. */
import type { FieldState } from '../../../../engines/forms/browser.ts';
import type { Attachment, Coding, Quantity, Reference } from '../../../../kernel/fhir/types.ts';
import { formatDate, formatDateTime, formatNumber, t } from '../../../../web/ui/index.ts';

type Typed = Pick<FieldState, 'type' | 'unit' | 'options'>;

/** @param value as FHIR's JSON has it */
export function wordsOf(value: unknown, field: Typed): string {
  if (typeof value === 'boolean') return value ? t('forms.yes', 'Có') : t('forms.no', 'Không');
  if (typeof value === 'number')
    return withUnit(formatNumber(value), field.unit?.display ?? field.unit?.code);
  if (typeof value === 'string') return dayOrText(value, field.type);
  return partsOf(value as Coding & Quantity & Reference & Attachment, field);
}

function dayOrText(value: string, type: FieldState['type']): string {
  if (type === 'date') return formatDate(value);
  if (type === 'time') return value.slice(0, 5);
  if (type === 'dateTime') return value.length > 10 ? formatDateTime(value) : formatDate(value);
  return value;
}

function partsOf(value: Coding & Quantity & Reference & Attachment, field: Typed): string {
  if (value.value !== undefined) return withUnit(formatNumber(value.value), value.unit ?? value.code);
  if (value.contentType !== undefined) return value.title ?? t('forms.file', 'Tệp đính kèm');
  const option = field.options?.find(({ value: one }) => (one as Coding)?.code === value.code);
  return option?.label ?? value.display ?? value.code ?? value.reference ?? '';
}

const withUnit = (number: string, unit: string | undefined) => (unit ? `${number} ${unit}` : number);

/** The sentence about words in a box that are no answer. */
export const unreadWords = (text: string): string =>
  t('forms.unread', '"{text}" chưa thành câu trả lời: gõ hoặc chọn lại, hay xoá đi.', { text });
