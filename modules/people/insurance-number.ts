/**
 * Insurance numbers: 15 characters = 2 letters group + 1 digit level + 2 digits province + 10-digit social insurance
 * number; 10 digits on newer cards; 20 when the scanner appends the facility (bhyt-benefits.md section 3).
 */
import type { Remark } from '../../kernel/text/remark.ts';

export interface CheckedInsuranceNumber {
  /** False only for a wrong length or wrong characters. */
  ok: boolean;
  /** 15 characters, capitals; null for a 10-digit number. */
  cardNumber: string | null;
  /** Last 10 digits; null when not ok. */
  insuranceNumber: string | null;
  group: string | null;
  levelDigit: string | null;
  province: string | null;
  /** Facility of first registration that a 20-character scan carries. */
  facility: string | null;
  /** Why it is refused. */
  errors: Remark[];
  warnings: Remark[];
}

const FORM = /^([A-Z]{2})(\d)(\d{2})(\d{10})([0-9A-Z]{5})?$/;

/** Spaces, dots and dashes are ignored: `DN 4 00 00 0000 0001` is fine. Never throws. */
export function checkInsuranceNumber(text: string): CheckedInsuranceNumber {
  const number = text.toUpperCase().replace(/[\s.-]/g, '');
  const none = { cardNumber: null, group: null, levelDigit: null, province: null, facility: null };
  if (/^\d{10}$/.test(number))
    return { ok: true, ...none, insuranceNumber: number, errors: [], warnings: [] };
  const parts = FORM.exec(number);
  if (!parts) return { ok: false, ...none, insuranceNumber: null, errors: [wrongForm(number)], warnings: [] };
  const [, group = '', level = '', province = '', insuranceNumber = '', facility = null] = parts;
  return {
    ok: true,
    cardNumber: number.slice(0, 15),
    insuranceNumber,
    group,
    levelDigit: level,
    province,
    facility,
    errors: [],
    warnings: /[1-5]/.test(level) ? [] : [wrongLevel(level)],
  };
}

function wrongForm(number: string): Remark {
  const length = number.length;
  return {
    code: 'insurance-number-form',
    vi:
      length === 15 || length === 20
        ? 'Số thẻ BHYT phải gồm 2 chữ cái rồi 13 chữ số: kiểm tra lại từng ký tự.'
        : `Số thẻ BHYT phải có 15 ký tự (hoặc 10 số), đang có ${length}: kiểm tra lại.`,
    en: `An insurance number has 15 characters (2 letters, 13 digits) or 10 digits; this has ${length}.`,
  };
}

function wrongLevel(digit: string): Remark {
  return {
    code: 'insurance-level',
    vi: `Ký tự thứ 3 của số thẻ là ${digit}; mức hưởng chỉ có 1 đến 5: xem lại số thẻ.`,
    en: `The third character is ${digit}; benefit levels are 1 to 5.`,
  };
}
