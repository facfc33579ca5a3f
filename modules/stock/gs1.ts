/**
 * What a GS1 barcode on a vial or a carton says (DataMatrix, GS1-128, QR): application identifiers of the GS1 General
 * Specifications, as a scanner that types like a keyboard sends them. Pure; runs in the browser.
 */

export interface Gs1 {
  /** GTIN of 14 digits. */
  gtin: string;
  lot: string;
  /** ISO day; a date without a day is good until the month's end (§3.4). */
  expires: string;
  serial: string;
  /** Every element in order, by application identifier. */
  elements: readonly { ai: string; value: string }[];
}

/** Why a text is no GS1 element string, in both languages. */
export interface Gs1Fault {
  text: string;
  textEn: string;
}

const SEPARATOR = '\u001d';
/** Symbology identifiers (ISO/IEC 15424) that scanners put in front of GS1 data. */
const SYMBOLOGY = /^\](?:d2|C1|Q3|e0|J1)/;
/** How scanners without control characters write the separator. */
const WRITTEN_SEPARATORS = /\u241d|\^\]|<GS>|\{GS\}/g;

/** Length with its identifier, by the first two digits (General Specifications, figure 7.8.5-2). */
const FIXED = new Map<string, number>([
  ['00', 20],
  ['01', 16],
  ['02', 16],
  ['03', 16],
  ['04', 18],
  ...['11', '12', '13', '14', '15', '16', '17', '18', '19'].map((ai): [string, number] => [ai, 8]),
  ['20', 4],
  ...['31', '32', '33', '34', '35', '36'].map((ai): [string, number] => [ai, 10]),
  ['41', 16],
]);

/** Digits of an identifier, by its first two. */
const LENGTHS = new Map<string, number>([
  ...['23', '24', '25', '40', '41', '42', '71'].map((ai): [string, number] => [ai, 3]),
  ...['31', '32', '33', '34', '35', '36', '39', '43', '70', '72', '80', '81', '82'].map(
    (ai): [string, number] => [ai, 4],
  ),
]);

/** Longest value of what is of any length; 90 where nothing shorter is said. */
const LONGEST = new Map<string, number>([
  ['10', 20],
  ['21', 20],
  ['22', 20],
  ['30', 8],
  ['37', 8],
]);

/** @param today ISO day: years are the ones nearest to it (§7.12) */
export function readGs1(scanned: string, today: string): Gs1 | Gs1Fault {
  const text = scanned.trim().replace(SYMBOLOGY, '').replace(WRITTEN_SEPARATORS, SEPARATOR);
  const elements = text.startsWith('(') ? bracketed(text) : plain(text);
  if ('text' in elements) return elements;
  const value = (ai: string) => elements.find((one) => one.ai === ai)?.value ?? '';
  const gtin = value('01') || value('02');
  if (gtin !== '' && !isGtin(gtin))
    return fault(
      `số kiểm tra của mã ${gtin} không đúng: quét lại`,
      `the check digit of ${gtin} is wrong: scan again`,
    );
  const expiry = value('17');
  const expires = expiry === '' ? '' : dayOfDate(expiry, today);
  if (expires === null)
    return fault(`hạn dùng "${expiry}" không phải ngày`, `the expiry "${expiry}" is no date`);
  return { gtin, lot: value('10'), expires, serial: value('21'), elements };
}

type Elements = Gs1['elements'];

const fault = (text: string, textEn: string): Gs1Fault => ({ text, textEn });

/** `(01)…(17)…`, as it is printed below the code and typed by hand. */
function bracketed(text: string): Elements | Gs1Fault {
  const found = [...text.matchAll(/\((\d{2,4})\)([^(]*)/g)];
  if (found.map(([whole]) => whole).join('') !== text)
    return fault('mã viết trong ngoặc không đúng dạng (01)…(17)…(10)…', 'not of the form (01)…(17)…(10)…');
  return found.map(([, ai = '', value = '']) => ({ ai, value: value.trim() }));
}

function plain(text: string): Elements | Gs1Fault {
  const elements: { ai: string; value: string }[] = [];
  let rest = afterSeparator(text);
  if (rest === '') return fault('chưa quét được gì', 'nothing was scanned');
  while (rest !== '') {
    const start = rest.slice(0, 2);
    const length = LENGTHS.get(start) ?? 2;
    const ai = rest.slice(0, length);
    if (!/^\d{2,4}$/.test(ai) || ai.length < length)
      return fault(`"${rest.slice(0, 12)}" không phải mã GS1`, `"${rest.slice(0, 12)}" is no GS1 element`);
    const fixed = FIXED.get(start);
    const end = fixed ?? endOf(rest);
    const value = rest.slice(length, end);
    if (fixed !== undefined && (rest.length < fixed || value.includes(SEPARATOR)))
      return fault(`phần (${ai}) bị cụt: quét lại`, `(${ai}) is cut off: scan again`);
    if (value === '' || value.length > (LONGEST.get(ai) ?? 90))
      return fault(`phần (${ai}) dài không đúng: quét lại`, `(${ai}) is not of its length: scan again`);
    elements.push({ ai, value });
    rest = afterSeparator(rest.slice(end));
  }
  return elements;
}

const afterSeparator = (text: string) => (text.startsWith(SEPARATOR) ? text.slice(1) : text);

function endOf(text: string): number {
  const at = text.indexOf(SEPARATOR);
  return at < 0 ? text.length : at;
}

/** Modulo 10 with weights 3 and 1 from the right (§7.9.1). */
export function isGtin(digits: string): boolean {
  if (!/^\d{14}$/.test(digits)) return false;
  const sum = [...digits].reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return sum % 10 === 0;
}

/** YYMMDD; null = no date. A year 51 to 99 ahead of this one is the last century's, 50 to 99 behind the next one's (§7.12). */
function dayOfDate(text: string, today: string): string | null {
  const [, yy = '', month = '', day = ''] = /^(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  if (yy === '') return null;
  const thisYear = Number(today.slice(0, 4));
  const century = thisYear - (thisYear % 100);
  const ahead = Number(yy) - (thisYear % 100);
  const year = century + Number(yy) + (ahead >= 51 ? -100 : ahead <= -50 ? 100 : 0);
  const last = new Date(Date.UTC(year, Number(month), 0)).getUTCDate();
  if (Number(month) < 1 || Number(month) > 12 || Number(day) > last) return null;
  return `${year}-${month}-${day === '00' ? String(last).padStart(2, '0') : day}`;
}
