/** The registration form: read, checked field by field, with a sentence at each field that cannot be. Pure. */
import type { Content } from '../../kernel/content/content.ts';
import type { Issue } from '../../kernel/failure.ts';
import type { Remark } from '../../kernel/text/remark.ts';
import { readDate, showDate } from './card-dates.ts';
import { isNoName } from './card-text.ts';
import { checkCitizenNumber } from './citizen-number.ts';
import { communeOn } from './commune-of-address.ts';
import { checkInsuranceNumber } from './insurance-number.ts';
import { normalPhone, type PersonFacts, type Sex } from './person-facts.ts';

/** What the desk knows of a person; the facts that are compared and what the record keeps beside them. */
export interface PersonForm extends PersonFacts {
  /** Hamlet, street, house: the part of the address below the commune. */
  line: string | null;
  /** Code of `catalog/dan-toc`. */
  ethnicity: string | null;
  /** Code of `catalog/nghe-nghiep`. */
  occupation: string | null;
}

export interface ReadForm {
  form: PersonForm;
  /** Errors at fields (`expression` = name of the field); nothing is written while there is one. */
  issues: Issue[];
  /** Shown, not blocking: structure of the citizen number. */
  warnings: Remark[];
}

const SEXES = new Set<Sex>(['male', 'female', 'other', 'unknown']);
/** Nobody alive was born earlier; a date before is a typing error. */
const OLDEST_YEARS = 130;

type Fields = Record<string, unknown>;
type Report = (field: string, vi: string, en: string) => void;

/**
 * @param body JSON of the screen: `{name, birthDate, sex, citizenNumber, oldNumber, passport, insuranceNumber, phone, line,
 *   commune, address, mother, ethnicity, occupation}`, all texts, all but the name may be absent
 * @param today ISO day
 */
export function readPersonForm(body: unknown, today: string, content: Content): ReadForm {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Fields;
  const issues: Issue[] = [];
  const report: Report = (expression, text, textEn) =>
    issues.push({ severity: 'error', code: 'value', text, textEn, expression });
  const birthDate = readBirth(text(fields.birthDate), today, report);
  const sex = readSex(text(fields.sex), report);
  const citizen = readCitizenNumber(text(fields.citizenNumber), { sex, birthDate, today }, content, report);
  const commune = readCommune(text(fields.commune), today, content, report);
  const form: PersonForm = {
    name: readName(text(fields.name), report),
    birthDate,
    sex,
    citizenNumber: citizen.number,
    oldNumber: readPattern(text(fields.oldNumber), /^\d{9}$/, 'oldNumber', OLD_NUMBER, report),
    passport: readPattern(
      text(fields.passport).toUpperCase(),
      /^[A-Z]{1,2}\d{6,8}$/,
      'passport',
      PASSPORT,
      report,
    ),
    insuranceNumber: readInsurance(text(fields.insuranceNumber), report),
    phones: readPhone(text(fields.phone), report),
    line: text(fields.line) || null,
    commune,
    address: addressOf(text(fields.line), commune, text(fields.address), today, content),
    mother: titleName(text(fields.mother)) || null,
    ethnicity: readCode(text(fields.ethnicity), 'ethnicity', 'catalog/dan-toc', 'dân tộc', {
      today,
      content,
      report,
    }),
    occupation: readCode(text(fields.occupation), 'occupation', 'catalog/nghe-nghiep', 'nghề nghiệp', {
      today,
      content,
      report,
    }),
  };
  return { form, issues, warnings: citizen.warnings };
}

const OLD_NUMBER = { vi: 'Số CMND cũ phải đủ 9 chữ số.', en: 'An old identity card number has 9 digits.' };
const PASSPORT = {
  vi: 'Số hộ chiếu gồm chữ cái rồi chữ số, ví dụ C1234567.',
  en: 'A passport is letters, then digits.',
};

function text(value: unknown): string {
  return typeof value === 'string' ? value.normalize('NFC').replace(/\s+/g, ' ').trim() : '';
}

/** Capitals of a card become a name: `NGUYỄN THỊ HÒA` → `Nguyễn Thị Hòa`; mixed case is kept as typed. */
export function titleName(name: string): string {
  if (name !== name.toUpperCase() && name !== name.toLowerCase()) return name;
  return name
    .toLowerCase()
    .replace(/(^|[\s'-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

/** HO_TEN of insurance table 1 (Decision 3176/QĐ-BYT): 255 characters. */
const LONGEST_NAME = 255;

function readName(name: string, report: Report): string {
  if (name === '') report('name', 'Chưa có họ tên: nhập họ tên như trên giấy tờ.', 'The name is missing.');
  else if (/\d/.test(name)) report('name', 'Họ tên không có chữ số: xem lại.', 'A name has no digits.');
  else if (isNoName(name)) {
    report('name', 'Họ tên chỉ gồm chữ cái: bỏ các ký tự khác.', 'A name has letters only.');
  } else if (name.length > LONGEST_NAME) {
    report(
      'name',
      `Họ tên dài quá ${LONGEST_NAME} ký tự: xem lại.`,
      `A name has at most ${LONGEST_NAME} characters.`,
    );
  }
  return titleName(name);
}

function readBirth(typed: string, today: string, report: Report): string | null {
  if (typed === '') {
    report(
      'birthDate',
      'Chưa có ngày sinh: nhập ngày, hoặc chỉ năm nếu không rõ.',
      'The birth date is missing.',
    );
    return null;
  }
  const date = readDate(typed);
  if (!date) {
    report(
      'birthDate',
      `Không có ngày “${typed}”: nhập ngày/tháng/năm, hoặc chỉ năm.`,
      `No such date: ${typed}.`,
    );
  } else if (date > today.slice(0, date.length)) {
    report(
      'birthDate',
      `Ngày sinh ${showDate(date)} ở tương lai: xem lại.`,
      'The birth date is in the future.',
    );
  } else if (Number(date.slice(0, 4)) < Number(today.slice(0, 4)) - OLDEST_YEARS) {
    report('birthDate', `Năm sinh ${date.slice(0, 4)} quá xa: xem lại.`, 'The birth year is too long ago.');
  }
  return date;
}

function readSex(sex: string, report: Report): Sex | null {
  if (SEXES.has(sex as Sex)) return sex as Sex;
  report('sex', 'Chưa chọn giới tính.', 'The sex is missing or unknown to the list.');
  return null;
}

function readCitizenNumber(
  typed: string,
  facts: { sex: string | null; birthDate: string | null; today: string },
  content: Content,
  report: Report,
): { number: string | null; warnings: Remark[] } {
  if (typed === '') return { number: null, warnings: [] };
  const checked = checkCitizenNumber(typed, facts, content);
  for (const error of checked.errors) report('citizenNumber', error.vi, error.en);
  return { number: checked.number, warnings: checked.warnings };
}

function readInsurance(typed: string, report: Report): string | null {
  if (typed === '') return null;
  const checked = checkInsuranceNumber(typed);
  for (const error of checked.errors) report('insuranceNumber', error.vi, error.en);
  return checked.insuranceNumber;
}

function readPhone(typed: string, report: Report): string[] {
  if (typed === '') return [];
  const phone = normalPhone(typed);
  if (!/^0\d{8,10}$/.test(phone)) {
    report(
      'phone',
      'Số điện thoại phải bắt đầu bằng 0 và có 9 đến 11 chữ số.',
      'A phone number has 9 to 11 digits.',
    );
  }
  return [phone];
}

function readPattern(
  typed: string,
  form: RegExp,
  field: string,
  sentence: { vi: string; en: string },
  report: Report,
): string | null {
  if (typed === '') return null;
  const compact = typed.replace(/[\s.-]/g, '');
  if (!form.test(compact)) report(field, sentence.vi, sentence.en);
  return compact;
}

function readCommune(code: string, today: string, content: Content, report: Report): string | null {
  if (code === '') return null;
  if (!communeOn(code, today, content)) {
    report(
      'commune',
      `Mã xã ${code} không có trong danh mục đang dùng: chọn lại xã, phường (đã sáp nhập từ 01/07/2025).`,
      `Commune ${code} is not in force.`,
    );
  }
  return code;
}

function addressOf(
  line: string,
  commune: string | null,
  whole: string,
  today: string,
  content: Content,
): string | null {
  const unit = commune ? communeOn(commune, today, content) : null;
  if (!unit) return whole || line || null;
  return [line, unit.name, unit.province].filter((part) => part !== '').join(', ');
}

function readCode(
  code: string,
  field: string,
  list: string,
  label: string,
  { today, content, report }: { today: string; content: Content; report: Report },
): string | null {
  if (code === '') return null;
  if (!content.inForce(list, today).some((row) => row.code === code)) {
    report(
      field,
      `Mã ${label} ${code} không có trong danh mục: chọn lại.`,
      `Code ${code} is not in ${list}.`,
    );
  }
  return code;
}
