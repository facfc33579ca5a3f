/** What is wrong with the answer to one question, whatever the others are. Pure. */

import { Work } from '../../../kernel/fhir/path/index.ts';
import { Pattern } from '../../../kernel/fhir/path/pattern/index.ts';
import { isMoment } from '../../../kernel/fhir/path/temporal.ts';
import type { Coding, QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { ANSWER_TYPE, compareValues, decimalPlaces, isObject, isSameValue, labelOf } from '../answer.ts';
import { EXT, extensionsOf, extensionValue, numberOf, textOf } from '../extension.ts';
import type { Option, Value } from './types.ts';
import { unitOpenOf, unitValueSet } from './units.ts';

/** A fault in words: Vietnamese and English, each a sentence about "this answer". */
export interface Wrong {
  kind: string;
  vi: string;
  en: string;
}

export interface Limits {
  min: Value | null;
  max: Value | null;
  options: readonly Option[] | null;
  valueSet: string | null;
  /** Units to choose from, as far as the form holds them. */
  units: readonly Coding[] | null;
  memberOf(value: Value, valueSet: string): boolean | null;
}

const wrong = (kind: string, vi: string, en: string): Wrong => ({ kind, vi, en });

/** Faults of each value, then of their number. */
export function wrongsOf(item: QuestionnaireItem, values: readonly Value[], limits: Limits): Wrong[] {
  const found = values.flatMap((value) => wrongOf(item, value, limits) ?? []);
  if (values.length > 1 && item.repeats !== true)
    found.push(wrong('type', 'Câu này chỉ nhận một câu trả lời.', 'Only one answer is taken here.'));
  const most = numberOf(item, EXT.maxOccurs);
  if (most !== null && values.length > most)
    found.push(
      wrong('range', `Chỉ được nhiều nhất ${most} câu trả lời.`, `At most ${most} answers are taken.`),
    );
  const exclusive = limits.options?.find(
    (one) => one.exclusive && values.some((value) => isSameValue(value, one.value)),
  );
  if (exclusive && values.length > 1)
    found.push(
      wrong(
        'constraint',
        `"${exclusive.label}" không đi cùng lựa chọn khác.`,
        `"${exclusive.label}" excludes other choices.`,
      ),
    );
  if (new Set(values.map((value) => JSON.stringify(value))).size < values.length && limits.options)
    found.push(wrong('duplicate-link', 'Một lựa chọn được nêu hai lần.', 'A choice is given twice.'));
  return found;
}

function wrongOf(item: QuestionnaireItem, value: Value, limits: Limits): Wrong | null {
  return (
    wrongType(item, value) ??
    wrongRange(value, limits) ??
    wrongForm(item, value, limits) ??
    wrongChoice(item, value, limits)
  );
}

const IS: Readonly<Record<string, (value: Value) => boolean>> = {
  boolean: (value) => typeof value === 'boolean',
  decimal: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: (value) => Number.isInteger(value) && Math.abs(value as number) <= 2_147_483_648,
  date: (value) => typeof value === 'string' && /^\d{4}(-\d\d(-\d\d)?)?$/.test(value) && isMoment(value),
  dateTime: (value) =>
    typeof value === 'string' &&
    /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?$/.test(value) &&
    isMoment(value),
  time: (value) => typeof value === 'string' && /^\d\d:\d\d:\d\d(\.\d+)?$/.test(value) && isMoment(value),
  string: (value) => typeof value === 'string',
  uri: (value) => typeof value === 'string' && /^\S+$/.test(value),
  Attachment: isObject,
  Reference: isObject,
  Quantity: (value) => isObject(value) && (value.value === undefined || typeof value.value === 'number'),
};

const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  boolean: ['có hoặc không', 'yes or no'],
  decimal: ['một số', 'a number'],
  integer: ['một số nguyên', 'a whole number'],
  date: ['một ngày có thật', 'a date that exists'],
  dateTime: [
    'một thời điểm có thật, có múi giờ nếu có giờ',
    'a moment that exists, with its zone if it has a time',
  ],
  time: ['giờ:phút:giây', 'hours:minutes:seconds'],
  string: ['chữ', 'text'],
  uri: ['một địa chỉ không có dấu cách', 'an address without spaces'],
  Attachment: ['một tệp đính kèm', 'an attachment'],
  Reference: ['một tham chiếu', 'a reference'],
  Quantity: ['một số kèm đơn vị', 'a number with its unit'],
};

function wrongType(item: QuestionnaireItem, value: Value): Wrong | null {
  const type = ANSWER_TYPE[item.type];
  if (type === null) {
    if (item.type === 'choice' || item.type === 'open-choice') return null;
    return wrong('type', 'Mục này không có câu trả lời.', 'Nothing is answered here.');
  }
  if (type === undefined || IS[type]!(value)) return null;
  const [vi, en] = NAMES[type]!;
  return wrong('type', `Câu trả lời phải là ${vi}.`, `The answer must be ${en}.`);
}

function wrongRange(value: Value, { min, max }: Limits): Wrong | null {
  const below = min === null ? null : compareValues(value, min);
  if (below !== null && below < 0)
    return wrong('range', `Không được nhỏ hơn ${labelOf(min)}.`, `Must not be less than ${labelOf(min)}.`);
  const beyond = max === null ? null : compareValues(value, max);
  if (beyond !== null && beyond > 0)
    return wrong('range', `Không được lớn hơn ${labelOf(max)}.`, `Must not be more than ${labelOf(max)}.`);
  return null;
}

function wrongForm(item: QuestionnaireItem, value: Value, limits: Limits): Wrong | null {
  if (typeof value === 'string') return wrongText(item, value);
  if (typeof value === 'number') {
    const places = numberOf(item, EXT.maxDecimalPlaces);
    if (places !== null && decimalPlaces(value) > places)
      return wrong(
        'range',
        `Nhiều nhất ${places} chữ số sau dấu phẩy.`,
        `At most ${places} digits after the point.`,
      );
    return null;
  }
  if (item.type === 'quantity') return wrongQuantity(item, value, limits);
  if (item.type === 'attachment') return wrongAttachment(item, value);
  return item.type === 'reference' ? wrongReference(item, value) : null;
}

function wrongText(item: QuestionnaireItem, value: string): Wrong | null {
  if (value.trim() === '') return wrong('required', 'Câu trả lời trống.', 'The answer is empty.');
  if (item.maxLength !== undefined && value.length > item.maxLength)
    return wrong('range', `Nhiều nhất ${item.maxLength} ký tự.`, `At most ${item.maxLength} characters.`);
  const least = numberOf(item, EXT.minLength);
  if (least !== null && value.length < least)
    return wrong('range', `Ít nhất ${least} ký tự.`, `At least ${least} characters.`);
  const regex = textOf(item, EXT.regex);
  if (regex === null || matchesWhole(regex, value)) return null;
  const format = textOf(item, EXT.entryFormat);
  return wrong(
    'type',
    format ? `Phải viết theo mẫu ${format}.` : 'Viết không đúng khuôn mẫu.',
    format ? `Must be written as ${format}.` : 'Is not written in the form that is asked for.',
  );
}

/** A pattern that nobody can read binds nobody: it is refused when the form is published. */
export function matchesWhole(regex: string, value: string): boolean {
  const pattern = Pattern.read(regex);
  return !(pattern instanceof Pattern) || pattern.fits(value, new Work());
}

function wrongQuantity(item: QuestionnaireItem, value: Value, limits: Limits): Wrong | null {
  const {
    value: amount,
    code,
    system,
    unit,
  } = value as { value?: number; code?: string; system?: string; unit?: string };
  if (amount === undefined) return wrong('type', 'Thiếu số.', 'The number is missing.');
  const places = numberOf(item, EXT.maxDecimalPlaces);
  if (places !== null && decimalPlaces(amount) > places)
    return wrong(
      'range',
      `Nhiều nhất ${places} chữ số sau dấu phẩy.`,
      `At most ${places} digits after the point.`,
    );
  return wrongUnit(item, { code, system, unit }, limits);
}

/** The unit of a quantity beside those that are offered, and what may be written besides (unitOpen). */
function wrongUnit(
  item: QuestionnaireItem,
  { code, system, unit }: { code?: string; system?: string; unit?: string },
  { memberOf, units }: Limits,
): Wrong | null {
  const open = unitOpenOf(item);
  if (open === 'optionsOrString' || (open === 'optionsOrType' && code !== undefined)) return null;
  const set = unitValueSet(item);
  if (set !== null && !units) {
    if (code === undefined) return wrong('unknown-unit', 'Đơn vị phải có mã.', 'The unit must be coded.');
    return memberOf({ system, code, display: unit }, set) === false
      ? wrong('unknown-unit', `Đơn vị không thuộc bộ mã ${set}.`, `The unit is not in the value set ${set}.`)
      : null;
  }
  const fixed = extensionValue(item, EXT.unit) as Coding | undefined;
  const options = units ?? (fixed ? [fixed] : null);
  if (!options) return null;
  const isOne = options.some(
    (one) =>
      (one.code === code && (one.system ?? system) === system) ||
      (code === undefined && one.display === unit),
  );
  if (isOne) return null;
  const names = options.map((one) => one.display ?? one.code).join(', ');
  return wrong('unknown-unit', `Đơn vị phải là ${names}.`, `The unit must be ${names}.`);
}

function wrongAttachment(item: QuestionnaireItem, value: Value): Wrong | null {
  const { contentType, size, data } = value as { contentType?: string; size?: number; data?: string };
  const types = extensionsOf(item, EXT.mimeType).map((one) => one.valueCode);
  if (types.length > 0 && !types.some((type) => fitsMime(contentType ?? '', type ?? '')))
    return wrong('type', `Tệp phải thuộc loại ${types.join(', ')}.`, `The file must be ${types.join(', ')}.`);
  const most = numberOf(item, EXT.maxSize);
  const bytes = Math.max(size ?? 0, Math.floor(((data ?? '').length * 3) / 4));
  if (most !== null && bytes > most * 1_000_000)
    return wrong('range', `Tệp không được quá ${most} MB.`, `The file must not exceed ${most} MB.`);
  return null;
}

const fitsMime = (type: string, wanted: string) =>
  wanted === '*/*' || type === wanted || (wanted.endsWith('/*') && type.startsWith(wanted.slice(0, -1)));

function wrongReference(item: QuestionnaireItem, value: Value): Wrong | null {
  const targets = extensionsOf(item, EXT.referenceResource).map((one) => one.valueCode);
  const { reference, type } = value as { reference?: string; type?: string };
  const named =
    type ??
    (typeof reference === 'string' ? /(?:^|\/)([A-Z][A-Za-z]+)\/[^/]+$/.exec(reference)?.[1] : undefined);
  if (targets.length === 0 || named === undefined || targets.includes(named as never)) return null;
  return wrong('type', `Phải dẫn tới ${targets.join(', ')}.`, `Must refer to ${targets.join(', ')}.`);
}

function wrongChoice(
  item: QuestionnaireItem,
  value: Value,
  { options, valueSet, memberOf }: Limits,
): Wrong | null {
  if (item.type === 'open-choice' && typeof value === 'string') return null;
  const said = labelOf(value);
  if (options) {
    const found = options.find((one) => isSameValue(one.value, value));
    if (found?.enabled) return null;
    if (!found && item.type === 'open-choice' && isObject(value) && value.code === undefined) return null;
    return wrong(
      'not-an-option',
      `"${said}" không có trong các lựa chọn.`,
      `"${said}" is none of the choices.`,
    );
  }
  // Choices that a search gives are known to whoever filled the form in.
  const isGiven = extensionsOf(item, EXT.answerExpression).length > 0;
  if (item.type === 'choice' && !isObject(value) && !isGiven)
    return wrong('type', 'Câu trả lời phải là một mã (Coding).', 'The answer must be a code (Coding).');
  if (valueSet === null || !isObject(value) || memberOf(value, valueSet) !== false) return null;
  return wrong(
    'not-an-option',
    `"${said}" không thuộc bộ mã ${valueSet}.`,
    `"${said}" is not in the value set ${valueSet}.`,
  );
}
