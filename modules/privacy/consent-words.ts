/** A choice in words, before it is made and after: what it does and what it does not do. Pure. */
import type { Choice } from './consent-form.ts';

export interface Names {
  /** Category in words. */
  category(code: string): string;
  /** Organization or practitioner in words. */
  reader(reference: string): string;
  /** ISO day in words. */
  day(day: string): string;
}

/** Vietnamese and English sentence of a choice. */
export function sentenceOf(choice: Choice, names: { vi: Names; en: Names }): { vi: string; en: string } {
  return { vi: vietnamese(choice, names.vi), en: english(choice, names.en) };
}

function vietnamese({ effect, category, reader, from, until }: Choice, names: Names): string {
  const what = category === null ? 'toàn bộ hồ sơ' : `thông tin về ${names.category(category)}`;
  const when = [
    from && `từ ${names.day(from)}`,
    until ? `đến hết ${names.day(until)}` : 'cho đến khi bạn rút lại',
  ]
    .filter(Boolean)
    .join(' ');
  if (effect === 'permit')
    return `${names.reader(reader ?? '')} được xem ${what}, kể cả khi bạn không khám ở đó, ${when}.`;
  const who = reader === null ? 'Mọi cơ sở và nhân viên y tế' : names.reader(reader);
  return `${who} không xem được ${what}, ${when}.`;
}

function english({ effect, category, reader, from, until }: Choice, names: Names): string {
  const what = category === null ? 'the whole record' : `what is about ${names.category(category)}`;
  const when = [
    from && `from ${names.day(from)}`,
    until ? `until ${names.day(until)}` : 'until you withdraw it',
  ]
    .filter(Boolean)
    .join(' ');
  if (effect === 'permit')
    return `${names.reader(reader ?? '')} may see ${what}, even when you are not treated there, ${when}.`;

  return reader === null
    ? `No facility and no member of staff may see ${what}, ${when}.`
    : `${names.reader(reader)} may not see ${what}, ${when}.`;
}
