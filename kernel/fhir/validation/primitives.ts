/** Formats of the primitive types: http://hl7.org/fhir/R4/datatypes.html#primitive, with dates that exist. */
import { daysInMonth } from '../dates.ts';

export interface PrimitiveCheck {
  /** True when the value is valid. */
  test(value: unknown): boolean;
  /** What would be right. */
  wanted: string;
  wantedEn: string;
}

const DATE = /^(?!0000)\d{4}(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?$/;
const TIME_OF_DAY = '(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d+)?';
const ZONE = '(?:Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))';
const MOMENT = new RegExp(
  `^(?!0000)\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T${TIME_OF_DAY}${ZONE}$`,
);
const TIME = new RegExp(`^${TIME_OF_DAY}$`);
/** White space as the schemas of R4 mean it (XSD `\s`): a no-break space is a character like any other. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are excluded
const CODE = /^[^\u0000- ]+(?: [^\u0000- ]+)*$/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are excluded
const NO_BLANKS = /^[^\s\u0000-\u001f]+$/;
const OID = /^urn:oid:[0-2](?:\.(?:0|[1-9]\d*))+$/;
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;
/** FHIR strings carry no control characters but tab, carriage return and line feed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;
const NOT_BLANK = /\S/;
const LARGEST_STRING = 1024 * 1024;

function isDay(text: string): boolean {
  return (
    text.length < 10 ||
    Number(text.slice(8, 10)) <= daysInMonth(Number(text.slice(0, 4)), Number(text.slice(5, 7)))
  );
}

const isString = (value: unknown): value is string => typeof value === 'string';

function isPlain(value: unknown): boolean {
  return isString(value) && NOT_BLANK.test(value) && !FORBIDDEN.test(value);
}

/** R4 datatypes.html#string: at most 1 MB. That holds for strings, not for the narrative. */
function isText(value: unknown): boolean {
  return isPlain(value) && (value as string).length <= LARGEST_STRING;
}

function isDate(value: unknown): boolean {
  return isString(value) && DATE.test(value) && isDay(value);
}

function isMoment(value: unknown): boolean {
  return isString(value) && MOMENT.test(value) && isDay(value);
}

function isBase64(value: unknown): boolean {
  if (!isString(value) || value === '' || !BASE64.test(value)) return false;
  return /\s/.test(value) ? value.replace(/\s+/g, '').length % 4 === 0 : value.length % 4 === 0;
}

function isWhole(low: number): (value: unknown) => boolean {
  return (value) => Number.isInteger(value) && (value as number) >= low && (value as number) <= 2_147_483_647;
}

function matching(pattern: RegExp): (value: unknown) => boolean {
  return (value) => isString(value) && pattern.test(value);
}

const check = (test: (value: unknown) => boolean, wanted: string, wantedEn: string): PrimitiveCheck => ({
  test,
  wanted,
  wantedEn,
});

const TEXT = check(
  isText,
  'chuỗi ký tự không rỗng, không có ký tự điều khiển',
  'a string that is not empty, without control characters',
);
const HTML = { ...TEXT, test: isPlain };
const URI = check(matching(NO_BLANKS), 'địa chỉ (URI) không có khoảng trắng', 'a URI without blanks');

export const PRIMITIVES: Record<string, PrimitiveCheck> = {
  boolean: check(
    (value) => typeof value === 'boolean',
    'true hoặc false, không có dấu nháy',
    'true or false without quotes',
  ),
  integer: check(isWhole(-2_147_483_648), 'số nguyên', 'a whole number'),
  unsignedInt: check(isWhole(0), 'số nguyên từ 0 trở lên', 'a whole number, 0 or more'),
  positiveInt: check(isWhole(1), 'số nguyên từ 1 trở lên', 'a whole number, 1 or more'),
  decimal: check(
    (value) => Number.isFinite(value),
    'số thập phân, không có dấu nháy',
    'a decimal number without quotes',
  ),
  string: TEXT,
  markdown: TEXT,
  xhtml: HTML,
  uri: URI,
  url: URI,
  canonical: URI,
  code: check(
    matching(CODE),
    'mã, không có khoảng trắng ở đầu, cuối hoặc hai khoảng trắng liền nhau',
    'a code without blanks at its ends or two in a row',
  ),
  id: check(
    matching(ID),
    '1–64 chữ cái không dấu, chữ số, dấu - hoặc dấu chấm',
    '1–64 letters, digits, "-" or "."',
  ),
  oid: check(matching(OID), 'dạng urn:oid:1.2.3', 'the form urn:oid:1.2.3'),
  uuid: check(matching(UUID), 'dạng urn:uuid:… theo RFC 4122', 'the form urn:uuid:… of RFC 4122'),
  base64Binary: check(isBase64, 'dữ liệu base64', 'base64 data'),
  date: check(
    isDate,
    'ngày có thật dạng 2026, 2026-11 hoặc 2026-11-22',
    'an existing date: 2026, 2026-11 or 2026-11-22',
  ),
  dateTime: check(
    (value) => isDate(value) || isMoment(value),
    'ngày có thật, hoặc ngày giờ có múi giờ như 2026-11-22T08:30:00+07:00',
    'an existing date, or a date and time with a zone such as 2026-11-22T08:30:00+07:00',
  ),
  instant: check(
    isMoment,
    'thời điểm có múi giờ như 2026-11-22T08:30:00.000+07:00',
    'an instant with a zone such as 2026-11-22T08:30:00.000+07:00',
  ),
  time: check(matching(TIME), 'giờ dạng 08:30:00', 'a time such as 08:30:00'),
};
