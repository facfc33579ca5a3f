/** Values of answers: their property in FHIR's JSON, equality, order, and what an expression's result is as an answer. Pure. */
import { compareMeasures, measureOf } from '../../kernel/fhir/path/quantities.ts';
import { compareTemporal } from '../../kernel/fhir/path/temporal.ts';
import type {
  Coding,
  Quantity,
  QuestionnaireItem,
  QuestionnaireItemAnswerOption,
  QuestionnaireResponseItemAnswer,
} from '../../kernel/fhir/types.ts';
import type { Value } from './form/types.ts';

export type ItemType = QuestionnaireItem['type'];
type Json = Record<string, unknown>;

/** FHIR type of the answer by the item's type; null for what has no answer, or has several. */
export const ANSWER_TYPE: Readonly<Record<ItemType, string | null>> = {
  group: null,
  question: null,
  display: null,
  boolean: 'boolean',
  decimal: 'decimal',
  integer: 'integer',
  date: 'date',
  dateTime: 'dateTime',
  time: 'time',
  string: 'string',
  text: 'string',
  url: 'uri',
  choice: null,
  'open-choice': null,
  attachment: 'Attachment',
  reference: 'Reference',
  quantity: 'Quantity',
};

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** The one `value[x]` of an answer, an option, an initial value: its type and value; null when there is none. */
export function valueIn(holder: object, prefix = 'value'): { type: string; value: Value } | null {
  for (const [name, value] of Object.entries(holder)) {
    if (!name.startsWith(prefix) || name.length === prefix.length || value === undefined) continue;
    const rest = name.slice(prefix.length);
    const first = rest.charAt(0);
    if (first !== first.toUpperCase()) continue;
    const type = PRIMITIVE.has(rest.toLowerCase()) ? first.toLowerCase() + rest.slice(1) : rest;
    return { type, value };
  }
  return null;
}

const PRIMITIVE = new Set([
  'boolean',
  'decimal',
  'integer',
  'date',
  'datetime',
  'time',
  'string',
  'uri',
  'code',
]);

/** FHIR type of a value under an item: an option's own type decides for a choice. */
export function typeOfValue(item: QuestionnaireItem, value: Value): string {
  const known = ANSWER_TYPE[item.type];
  if (known) return known;
  if (isObject(value)) return 'reference' in value && !('code' in value) ? 'Reference' : 'Coding';
  if (typeof value === 'number') return 'integer';
  const option = item.answerOption?.map((one) => valueIn(one)).find((one) => one?.value === value);
  return option?.type ?? 'string';
}

export function answerOf(item: QuestionnaireItem, value: Value): QuestionnaireResponseItemAnswer {
  const type = typeOfValue(item, value);
  const plain = type === 'Coding' ? withoutTranslations(value) : value;
  return { [`value${type.charAt(0).toUpperCase()}${type.slice(1)}`]: plain };
}

/** Translations of a choice stand in the form; the answer says what was chosen. */
function withoutTranslations(value: Value): Value {
  if (!isObject(value) || !('_display' in value)) return value;
  const { _display: _, ...coding } = value;
  return coding;
}

/** Same answer: a Coding by system and code, everything else whole. */
export function isSameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (typeof a.code === 'string' && typeof b.code === 'string' && !('value' in a) && !('value' in b))
    return a.code === b.code && (a.system ?? null) === (b.system ?? null);
  return JSON.stringify(a) === JSON.stringify(b);
}

export function areSameValues(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((one, at) => isSameValue(one, b[at]));
}

/** Below 0, 0, above 0; null where two answers have no order. */
export function compareValues(a: Value, b: Value): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') {
    const temporal = compareTemporal(a, b);
    return temporal ?? (DIGITS.test(a) && DIGITS.test(b) ? null : a < b ? -1 : a > b ? 1 : 0);
  }
  const [one, other] = [measureOf(a, 'Quantity'), measureOf(b, 'Quantity')];
  return one && other ? compareMeasures(one, other) : null;
}

/** Dates whose precision leaves the order open. */
const DIGITS = /^\d{4}(-\d\d){0,2}(T|$)/;

/** Does an answer meet the value that a condition asks for? A code without system on the asking side is any system's. */
export function meets(answer: Value, asked: Value): boolean {
  if (isObject(answer) && isObject(asked)) {
    if ('code' in asked && !('value' in asked))
      return answer.code === asked.code && (asked.system === undefined || asked.system === answer.system);
    if ('reference' in asked) return answer.reference === asked.reference;
    const order = compareValues(answer, asked);
    return order === null ? isSameValue(answer, asked) : order === 0;
  }
  if (typeof answer === 'string' && typeof asked === 'string')
    return answer === asked || (DIGITS.test(asked) && compareTemporal(answer, asked) === 0);
  return answer === asked;
}

export const labelOf = (value: Value): string => {
  if (!isObject(value)) return String(value);
  const { display, code, reference, text, value: amount, unit, title } = value;
  if (typeof amount === 'number') return `${amount} ${unit ?? code ?? ''}`.trim();
  return String(display ?? text ?? title ?? code ?? reference ?? '');
};

/** Property and value of an option. */
export function optionValue(option: QuestionnaireItemAnswerOption): Value {
  return valueIn(option)?.value;
}

/** How far a number reaches behind its point, as it is written shortest. */
export function decimalPlaces(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent));
}

/**
 * What an expression gave, as an answer of this item: a date of a moment, a Reference to a resource, a Coding of a concept or of
 * an option's code, a Quantity of a number with the item's unit. Undefined for what cannot be one.
 */
export function answerFrom(item: QuestionnaireItem, given: Value, unit: Coding | null): Value | undefined {
  switch (item.type) {
    case 'group':
    case 'display':
      return undefined;
    case 'integer':
    case 'decimal':
      return numberFrom(given);
    case 'boolean':
      return typeof given === 'boolean' ? given : undefined;
    case 'date':
      return typeof given === 'string' ? given.slice(0, 10) : undefined;
    case 'dateTime':
    case 'time':
      return typeof given === 'string' ? given : undefined;
    case 'string':
    case 'text':
    case 'url':
      return isObject(given) ? textFrom(given) : String(given);
    case 'quantity':
      return quantityFrom(given, unit);
    case 'reference':
      return referenceFrom(given);
    case 'attachment':
      return isObject(given) ? given : undefined;
    default:
      return choiceFrom(item, given);
  }
}

function numberFrom(given: Value): Value | undefined {
  if (typeof given === 'number') return given;
  if (isObject(given) && typeof given.value === 'number') return given.value;
  return undefined;
}

const textFrom = (given: Json) => {
  const { coding } = given as { coding?: Coding[] };
  const text = given.text ?? given.display ?? coding?.[0]?.display ?? coding?.[0]?.code ?? given.code;
  return typeof text === 'string' ? text : undefined;
};

function quantityFrom(given: Value, unit: Coding | null): Value | undefined {
  if (typeof given === 'number') {
    const quantity: Quantity = { value: given };
    if (unit?.code !== undefined) quantity.code = unit.code;
    if (unit?.system !== undefined) quantity.system = unit.system;
    const shown = unit?.display ?? unit?.code;
    if (shown !== undefined) quantity.unit = shown;
    return quantity;
  }
  return isObject(given) && typeof given.value === 'number' ? given : undefined;
}

function referenceFrom(given: Value): Value | undefined {
  if (!isObject(given)) return undefined;
  if (typeof given.reference === 'string') return given;
  const { resourceType, id } = given;
  return typeof resourceType === 'string' && typeof id === 'string'
    ? { reference: `${resourceType}/${id}` }
    : undefined;
}

function choiceFrom(item: QuestionnaireItem, given: Value): Value | undefined {
  const options = (item.answerOption ?? []).map(optionValue);
  const code = isObject(given) ? ((given as { coding?: Coding[] }).coding?.[0] ?? (given as Coding)) : given;
  const found = options.find((one) =>
    isObject(one) ? (isObject(code) ? meets(code, one) : one.code === code) : one === code,
  );
  if (found !== undefined) return found;
  if (isObject(code)) {
    if (typeof code.code === 'string' || typeof code.reference === 'string') return code;
    const text = textFrom(given as Json);
    return item.type === 'open-choice' ? text : undefined;
  }
  return item.type === 'open-choice' || !item.answerOption ? code : undefined;
}
