/**
 * Numbers whose form the State fixes, by the system they are given under. The personal identification number has twelve
 * digits (Decree 137/2015/NĐ-CP, article 13); what its digits say of a person only warns, at reception.
 */
import { sid } from '../systems.ts';
import type { Context, Json } from './context.ts';

const FORMS: Readonly<Record<string, { pattern: RegExp; vi: string; en: string }>> = {
  [sid.cccd]: {
    pattern: /^\d{12}$/,
    vi: 'số định danh cá nhân phải đủ 12 chữ số, không có ký tự khác',
    en: 'a personal identification number has 12 digits and nothing else',
  },
};

/** Looks at the identifiers of a resource whose shape is right. */
export function checkIdentifiers(resource: Json, context: Context): void {
  if (context.shapeFaults > 0 || !Array.isArray(resource.identifier)) return;
  resource.identifier.forEach((one: Json, index) => {
    const form =
      typeof one?.system === 'string' && Object.hasOwn(FORMS, one.system) ? FORMS[one.system] : undefined;
    if (!form || typeof one.value !== 'string' || form.pattern.test(one.value)) return;
    const shown = one.value.slice(0, 80);
    context.report(
      'value',
      `"${shown}" không hợp lệ: ${form.vi}.`,
      `"${shown}" is not valid: ${form.en}.`,
      `identifier[${index}].value`,
    );
  });
}
