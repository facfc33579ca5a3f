/** What a scanner sent, told apart: citizen card, insurance card, a bare number; anything else is refused with a sentence. */
import { Failure } from '../../kernel/failure.ts';
import { type CitizenCard, looksLikeCitizenCard, parseCitizenCardQr } from './citizen-card.ts';
import { type InsuranceCard, looksLikeInsuranceCard, parseInsuranceCardQr } from './insurance-card.ts';

/** A barcode or a typed line with nothing but a 12-digit number. */
export interface CitizenNumberScan {
  kind: 'citizen-number';
  number: string;
}

export type Scan = CitizenCard | InsuranceCard | CitizenNumberScan;

/**
 * @param text raw text of a scanner or of the clipboard: byte-order mark, symbology prefix (`]Q1`) and line ends allowed
 * @throws Failure `invalid-request`: what was scanned and what to scan instead
 */
export function parseScan(text: string): Scan {
  const clean = text
    .replace(/^\uFEFF/, '')
    .trim()
    .replace(/^\][A-Za-z]\d/, '')
    .replace(/^(["'])(.*)\1$/s, '$2');
  if (clean === '') throw refused('Chưa đọc được mã nào: quét lại thẻ.', 'Nothing was scanned.');
  const digits = clean.replace(/[ .-]/g, '');
  if (/^\d{12}$/.test(digits)) return { kind: 'citizen-number', number: digits };
  if (looksLikeCitizenCard(clean)) return parseCitizenCardQr(clean);
  if (looksLikeInsuranceCard(clean)) return parseInsuranceCardQr(clean);
  throw otherCode(clean);
}

function otherCode(text: string): Failure {
  if (/^https?:\/\//i.test(text)) {
    return refused(
      'Mã QR này là một đường dẫn trang web, không phải thẻ. Quét mã trên thẻ căn cước hoặc thẻ BHYT.',
      'A web address.',
    );
  }
  if (/^000201/.test(text)) {
    return refused(
      'Mã QR này là mã chuyển tiền, không phải thẻ. Quét mã trên thẻ căn cước hoặc thẻ BHYT.',
      'A payment code.',
    );
  }
  if (/^ID?VNM/i.test(text)) {
    return refused(
      'Đây là dòng chữ máy đọc ở mặt sau thẻ căn cước. Hãy quét mã QR của thẻ.',
      'The machine-readable zone.',
    );
  }
  if (/^\d+\|/.test(text)) return wrongDigits(text);
  if (/^\d+$/.test(text)) return bareDigits(text);
  return refused(
    'Không nhận ra mã này. Chỉ quét mã QR của thẻ căn cước hoặc thẻ BHYT; nếu vẫn lỗi, tìm theo tên hoặc nhập tay.',
    'Neither a citizen card nor an insurance card.',
  );
}

function wrongDigits(text: string): Failure {
  const length = text.indexOf('|');
  return refused(
    `Số đầu của mã có ${length} chữ số; căn cước phải đủ 12, số BHYT phải đủ 10 hoặc 15 ký tự. Quét lại thẻ.`,
    `The first number has ${length} digits.`,
  );
}

function bareDigits(text: string): Failure {
  if (text.length === 9) {
    return refused(
      'Đây là số chứng minh nhân dân cũ (9 chữ số). Gõ số này vào ô tìm để tìm người, hoặc quét thẻ căn cước.',
      'An old identity card number of 9 digits: search by it.',
    );
  }
  return refused(
    `Số này có ${text.length} chữ số; số căn cước có 12, số BHYT có 10 hoặc 15 ký tự. Kiểm tra và nhập lại.`,
    `${text.length} digits are no citizen number (12) and no insurance number (10 or 15).`,
  );
}

function refused(vi: string, en: string): Failure {
  return new Failure('invalid-request', vi, { textEn: en, expression: 'scan' });
}
