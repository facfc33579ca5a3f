/**
 * The QR of the insurance card: fields with `|`, text as hexadecimal UTF-8, `$` at the end; also bare numbers of
 * barcode scanners (citizen-identity-and-payment.md section 3, sourced as practice). Lenient: trailing fields may miss.
 */
import { Failure } from '../../kernel/failure.ts';
import type { Remark } from '../../kernel/text/remark.ts';
import { readDate } from './card-dates.ts';
import { cardText, hexText, isBroken, isNoName, strangeName } from './card-text.ts';
import { checkInsuranceNumber } from './insurance-number.ts';

export interface InsuranceCard {
  kind: 'insurance-card';
  /** 15 characters; null on newer cards, which show only the social insurance number. */
  cardNumber: string | null;
  /** 10-digit social insurance number. */
  insuranceNumber: string;
  name: string | null;
  birthDate: string | null;
  sex: 'male' | 'female' | null;
  address: string | null;
  /** Facility of first registration, 5 characters. */
  facility: string | null;
  validFrom: string | null;
  validTo: string | null;
  issuedOn: string | null;
  /** Code of the managing insurance office. */
  office: string | null;
  /** Parent's name on a child's card. */
  parent: string | null;
  /** K1–K3, or the digit the card carries (meaning of digits not verified, kept as scanned). */
  livingArea: string | null;
  fiveYearsOn: string | null;
  /** Further fields without the end mark, untouched. */
  extra: string[];
  remarks: Remark[];
}

/** True when the text begins with an insurance number: 15 or 20 characters, or 10 digits, alone or before a bar. */
export function looksLikeInsuranceCard(text: string): boolean {
  return /^([A-Za-z]{2}\d{13}(\w{5})?|\d{10})(\||\$|$)/.test(text.trim());
}

/**
 * @param text what the scanner sent, with or without the `$`
 * @throws Failure `invalid-request` when it is no insurance card, or when an input method has garbled the text
 */
export function parseInsuranceCardQr(text: string): InsuranceCard {
  const trimmed = text.trim();
  if (!looksLikeInsuranceCard(trimmed)) {
    throw refused(
      'Đây không phải mã QR của thẻ BHYT. Quét mã trên thẻ giấy hoặc trong VssID, hoặc nhập số thẻ.',
      'This is not the QR of an insurance card.',
    );
  }
  const fields = trimmed.replace(/\$.*$/s, '').split('|');
  const remarks: Remark[] = [];
  const field = (index: number): string | null => {
    const value = fields[index]?.trim() ?? '';
    return value === '' || value === '-' ? null : value;
  };
  const number = checkInsuranceNumber(fields[0] ?? '');
  remarks.push(...number.warnings);
  const name = textField(field(1));
  if (name !== null && isNoName(name)) remarks.push(strangeName(name));
  const date = (index: number, label: Label) => dateField(field(index), label, remarks);
  return {
    kind: 'insurance-card',
    cardNumber: number.cardNumber,
    insuranceNumber: number.insuranceNumber ?? '',
    name,
    birthDate: date(2, BIRTH),
    sex: sexOf(field(3)),
    address: textField(field(4)),
    facility: facilityOf(field(5)) ?? number.facility,
    validFrom: date(6, FROM),
    validTo: date(7, TO),
    issuedOn: date(8, ISSUED),
    office: field(9),
    parent: textField(field(10)),
    livingArea: field(11)?.toUpperCase() ?? null,
    fiveYearsOn: date(12, FIVE_YEARS),
    extra: fields.slice(13),
    remarks,
  };
}

type Label = { code: string; vi: string; en: string };
const BIRTH: Label = { code: 'birth-date-unreadable', vi: 'Ngày sinh', en: 'Birth date' };
const FROM: Label = { code: 'valid-from-unreadable', vi: 'Ngày bắt đầu giá trị', en: 'First day' };
const TO: Label = { code: 'valid-to-unreadable', vi: 'Ngày hết hạn', en: 'Last day' };
const ISSUED: Label = { code: 'issue-date-unreadable', vi: 'Ngày cấp', en: 'Issue date' };
const FIVE_YEARS: Label = {
  code: 'five-years-unreadable',
  vi: 'Thời điểm đủ 5 năm liên tục',
  en: 'Five-year date',
};

function dateField(text: string | null, label: Label, remarks: Remark[]): string | null {
  if (text === null) return null;
  const date = readDate(text);
  if (!date) {
    remarks.push({
      code: label.code,
      vi: `${label.vi} trên thẻ không đọc được (“${text}”): xem mặt thẻ rồi nhập tay.`,
      en: `${label.en} of the card cannot be read (“${text}”): type it.`,
    });
  }
  return date;
}

/** Read as hexadecimal when the field is all hex digits in pairs; anything else is taken as it stands. */
function textField(text: string | null): string | null {
  if (text === null) return null;
  const isHex = text.length % 2 === 0 && /^[0-9a-f]+$/i.test(text);
  const read = isHex ? hexText(text) : cardText(text);
  if (read === null ? looksGarbled(text) : looksGarbled(read) || isBroken(read)) throw garbled();
  return read ?? text;
}

/**
 * Hex that a Vietnamese input method has eaten (`aa` → `â`, `dd` → `đ`, a trailing `f` → a grave mark): a long word of
 * letters and many digits. No name and no address looks so.
 */
function looksGarbled(text: string): boolean {
  return /^[\p{L}\p{M}\d]{12,}$/u.test(text) && (text.match(/\d/g)?.length ?? 0) * 2 >= text.length;
}

function sexOf(text: string | null): InsuranceCard['sex'] {
  if (text === '1' || text?.toLowerCase() === 'nam') return 'male';
  return text === '2' || text?.toLowerCase() === 'nữ' ? 'female' : null;
}

/** `79 - 024` → `79024`. */
function facilityOf(text: string | null): string | null {
  const joined = text?.replace(/[\s-]+/g, '').toUpperCase() ?? '';
  return /^[0-9A-Z]{5}$/.test(joined) ? joined : null;
}

function garbled(): Failure {
  return refused(
    'Mã quét bị bộ gõ tiếng Việt hoặc bảng mã của máy quét làm sai. Tắt Telex/VNI (chuyển sang E), đặt máy quét sang UTF-8 rồi quét lại.',
    'An input method or the code page of the scanner has garbled the scan. Switch Telex/VNI off and scan again.',
  );
}

function refused(vi: string, en: string): Failure {
  return new Failure('invalid-request', vi, { textEn: en, expression: 'scan' });
}
