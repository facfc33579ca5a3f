/**
 * The QR of the citizen identity card: text with `|`, at least seven fields
 * (citizen-identity-and-payment.md section 2, sourced as practice).
 */
import { Failure } from '../../kernel/failure.ts';
import type { Remark } from '../../kernel/text/remark.ts';
import { readDate } from './card-dates.ts';
import { cardText, isBroken, isNoName, strangeName } from './card-text.ts';

export interface CitizenCard {
  kind: 'citizen-card';
  /** 12 digits. */
  number: string;
  /** Old 9-digit number, null when the field is empty. */
  oldNumber: string | null;
  /** With marks, NFC, single spaces; capitals as printed. */
  name: string;
  /** FHIR date of the precision printed; null when the field is empty or impossible (then a remark says so). */
  birthDate: string | null;
  sex: 'male' | 'female' | null;
  /** Permanent address, one line as printed. */
  address: string;
  issuedOn: string | null;
  /** Fields after the seventh, untouched: cards issued since 01/07/2024 may carry more. */
  extra: string[];
  remarks: Remark[];
}

const FIELDS = 7;

/** True when the text begins like a citizen card: 12 digits, then a bar. */
export function looksLikeCitizenCard(text: string): boolean {
  return /^\d{12}\|/.test(text.trim());
}

/**
 * @param text what the scanner sent
 * @throws Failure `invalid-request` with what to do when it is no citizen card or the scan is cut off
 */
export function parseCitizenCardQr(text: string): CitizenCard {
  const fields = text.trim().replace(/\$$/, '').split('|').map(cardText);
  const [number = '', oldNumber = '', name = '', birth = '', sex = '', address = '', issued = ''] = fields;
  if (!/^\d+$/.test(number) || fields.length < FIELDS) throw notACitizenCard(fields);
  if (number.length !== 12) throw wrongLength(number);
  if (name === '')
    throw refused('Mã QR căn cước không có họ tên: quét lại, hoặc nhập tay.', 'The QR has no name.');
  if (isBroken(name)) throw wrongCodePage(number, name);
  const remarks: Remark[] = [];
  if (isNoName(name)) remarks.push(strangeName(name));
  return {
    kind: 'citizen-card',
    number,
    oldNumber: /^\d{9}$/.test(oldNumber) ? oldNumber : null,
    name,
    birthDate: dateField(birth, 'birth-date-unreadable', 'Ngày sinh', remarks),
    sex: sexField(sex, remarks),
    address: addressField(address, remarks),
    issuedOn: dateField(issued, 'issue-date-unreadable', 'Ngày cấp', remarks),
    extra: fields.slice(FIELDS),
    remarks,
  };
}

function dateField(text: string, code: string, label: string, remarks: Remark[]): string | null {
  if (text === '') return null;
  const date = readDate(text);
  if (!date) {
    remarks.push({
      code,
      vi: `${label} trên thẻ không đọc được (“${text}”): nhập tay theo mặt thẻ.`,
      en: `${code.startsWith('birth') ? 'Birth' : 'Issue'} date of the card cannot be read (“${text}”): type it.`,
    });
  }
  return date;
}

function addressField(address: string, remarks: Remark[]): string {
  if (!isBroken(address)) return address;
  remarks.push({
    code: 'address-unreadable',
    vi: 'Địa chỉ trên thẻ bị sai bảng mã: nhập tay theo mặt thẻ.',
    en: 'The address of the card came in a wrong code page: type it.',
  });
  return '';
}

function sexField(text: string, remarks: Remark[]): CitizenCard['sex'] {
  const folded = text.toLowerCase();
  if (folded === 'nam') return 'male';
  if (folded === 'nữ' || folded === 'nu') return 'female';
  if (text !== '') {
    remarks.push({
      code: 'sex-unreadable',
      vi: `Giới tính trên thẻ không đọc được (“${text}”): chọn bằng tay.`,
      en: `Sex on the card cannot be read (“${text}”): choose it by hand.`,
    });
  }
  return null;
}

function notACitizenCard(fields: string[]): Failure {
  return fields.length > 1 && /^\d{12}$/.test(fields[0] ?? '')
    ? refused(
        `Mã QR căn cước bị thiếu: chỉ đọc được ${fields.length} trong ${FIELDS} mục. Giữ máy quét yên và quét lại.`,
        `The citizen card's QR is cut off: ${fields.length} of ${FIELDS} fields. Scan again.`,
      )
    : refused(
        'Đây không phải mã QR của thẻ căn cước. Quét mã ở mặt trước (thẻ cũ: mặt sau) của thẻ, hoặc nhập tay.',
        'This is not the QR of a citizen card.',
      );
}

function wrongLength(number: string): Failure {
  return refused(
    `Số căn cước trong mã có ${number.length} chữ số, phải đủ 12. Quét lại, hoặc nhập tay.`,
    `The number in the QR has ${number.length} digits instead of 12.`,
  );
}

function wrongCodePage(number: string, name: string): Failure {
  return refused(
    `Họ tên trong mã bị sai bảng mã (“${name}”): đặt máy quét sang UTF-8 rồi quét lại, hoặc tìm theo số ${number}.`,
    'The name came in a wrong code page: set the scanner to UTF-8, or search by the number.',
  );
}

function refused(vi: string, en: string): Failure {
  return new Failure('invalid-request', vi, { textEn: en, expression: 'scan' });
}
