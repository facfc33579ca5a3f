/** One test of `_filter`: a parameter, an operator and a value → the criterion it means. Pure. */
import type { StoredType } from '../resource-types.ts';
import { invalidValue, unknownParameter, unsupported } from './faults.ts';
import { modifiersOf } from './modifiers.ts';
import { type IndexedParameter, indexedParametersOf } from './parameters.ts';
import { parseCommon, refuseNul } from './parse-common.ts';
import type { Criterion, Operator } from './query.ts';

const ORDER = ['gt', 'lt', 'ge', 'le', 'ap', 'sa', 'eb'];
/** Operators that are a modifier under another name. `ss`: the value subsumes; `sb`: it is subsumed. */
const AS_MODIFIER: Record<string, string> = {
  ss: 'below',
  sb: 'above',
  in: 'in',
  ni: 'not-in',
  pr: 'missing',
};

/** All of R4. */
export const OPERATORS: ReadonlySet<string> = new Set([
  'eq',
  'ne',
  'co',
  'sw',
  'ew',
  ...ORDER,
  'pr',
  'po',
  'ss',
  'sb',
  'in',
  'ni',
  're',
]);

/** Which operators each kind takes beside `pr` and those that are modifiers. */
const BY_KIND: Record<string, readonly string[]> = {
  string: ['eq', 'ne', 'co', 'sw', 'ew'],
  token: ['eq', 'ne', 'co', 'sw', 'ew'],
  uri: ['eq', 'ne', 'co', 'sw', 'ew', 're'],
  reference: ['eq', 'ne', 'co', 'sw', 'ew', 're'],
  date: ['eq', 'ne', ...ORDER, 'po'],
  number: ['eq', 'ne', ...ORDER],
  quantity: ['eq', 'ne', ...ORDER],
  composite: ['eq'],
  special: ['eq'],
};

/** Fails with `unknown-parameter`, or `invalid-parameter` when the parameter does not take the operator. */
export function filterLeaf(type: StoredType, name: string, operator: string, value: string): Criterion {
  if (name.includes(':'))
    throw invalidValue('_filter', name, 'tên không có bổ từ', 'a name without a modifier');
  refuseNul('_filter', value);
  const escaped = value.replace(/\\/g, '\\\\');
  const common = ofAllTypes(type, name, operator, escaped);
  if (common) return common;
  const parameter = indexedParametersOf(type).get(name);
  if (!parameter) throw unknownParameter(type, name);
  return { ...ofParameter(parameter, name, operator, escaped), kind: 'parameter', name, parameter };
}

function ofParameter(
  parameter: IndexedParameter,
  name: string,
  operator: string,
  value: string,
): { modifier: string | undefined; values: string[]; operator?: Operator } {
  const modifier = AS_MODIFIER[operator];
  if (modifier !== undefined) {
    if (!modifiersOf(parameter).includes(modifier)) throw noOperator(name, operator);
    if (modifier !== 'missing') return { modifier, values: [value] };
    if (value !== 'true' && value !== 'false')
      throw invalidValue(name, value, 'true hoặc false', 'true or false');
    return { modifier, values: [value === 'true' ? 'false' : 'true'] };
  }
  if (!BY_KIND[parameter.kind]!.includes(operator)) throw noOperator(name, operator);
  if (['date', 'number', 'quantity'].includes(parameter.kind)) {
    return operator === 'po'
      ? { modifier: undefined, values: [value], operator }
      : { modifier: undefined, values: [operator + value] };
  }
  const isPlain = operator === 're' || (operator === 'eq' && parameter.kind !== 'string');
  return { modifier: undefined, values: [value], ...(isPlain ? {} : { operator: operator as Operator }) };
}

/** `_id`, `_lastUpdated` and their like; null for any other name. */
function ofAllTypes(type: StoredType, name: string, operator: string, value: string): Criterion | null {
  const isInstant = name === '_lastUpdated' && ORDER.concat('eq', 'ne').includes(operator);
  const criterion = parseCommon(type, name, name, undefined, [isInstant ? operator + value : value]);
  if (!criterion || isInstant || operator === 'eq') return criterion;
  if (operator === 'ne') return { kind: 'not', name, of: criterion };
  throw noOperator(name, operator);
}

function noOperator(name: string, operator: string) {
  return unsupported(
    '_filter',
    `"${name}" không dùng được với "${operator}".`,
    `"${name}" does not take "${operator}".`,
  );
}
