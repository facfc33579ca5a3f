/** The demands of one element on one value: types, fixed, pattern, bounds, length, binding. */

import { convert, unitOf } from '../../store/search/ucum.ts';
import { baseTypeOf, type Element, isPrimitive } from '../definitions/index.ts';
import { compareTemporal } from '../path/index.ts';
import { isObject, type Json } from './definition.ts';
import { type Binding, type Facets, hasPattern, isFixed } from './facets.ts';
import type { Item, ItemCheck } from './items.ts';
import type { Codes, Library } from './library.ts';
import type { Run } from './run.ts';

const ABSTRACT = new Set(['Resource', 'DomainResource', 'Element', 'BackboneElement']);

/** @param base what R4 says: what it checks already is left out */
export function valueChecks(facets: Facets, base: Element | null, library: Library): ItemCheck[] {
  const checks: ItemCheck[] = [];
  const types = typeCheck(facets, base);
  if (types) checks.push(types);
  if (facets.fixed !== undefined) checks.push(fixedCheck(facets.fixed));
  if (facets.pattern !== undefined) checks.push(patternCheck(facets.pattern));
  if (facets.minValue !== undefined) checks.push(boundCheck(facets.minValue, 'least'));
  if (facets.maxValue !== undefined) checks.push(boundCheck(facets.maxValue, 'most'));
  if (facets.maxLength !== undefined) checks.push(lengthCheck(facets.maxLength));
  const { binding } = facets;
  if (binding && !isBaseBinding(binding, base)) {
    const check = bindingCheck(binding, library);
    if (check) checks.push(check);
  }
  return checks;
}

function typeCheck({ types }: Facets, base: Element | null): ItemCheck | null {
  if (types === undefined || base === null || base.types.some(({ code }) => code.includes('.'))) return null;
  // One primitive type leaves no choice: HL7's own extensions call Extension.url a uri, R4 a string.
  if (base.types.length === 1 && isPrimitive(base.types[0]!.code)) return null;
  const allowed = new Set(types.map(({ code }) => baseTypeOf(code)));
  // Extension.url and ids are System.String in R4's tables; published profiles say uri or id.
  if (['url', 'id'].includes(base.name) && base.types.every(({ code }) => code === 'string')) return null;
  if ([...allowed].some((code) => ABSTRACT.has(code))) return null;
  if (base.types.every(({ code }) => allowed.has(baseTypeOf(code)))) return null;
  const list = [...allowed].join(', ');
  return (item, run) => {
    if (allowed.has(item.type)) return;
    run.report(
      'structure',
      `Kiểu ${item.type} không được dùng ở đây; chỉ nhận ${list}.`,
      `Type ${item.type} is not allowed here; allowed: ${list}.`,
    );
  };
}

const SHOWN = 300;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function fixedCheck(fixed: unknown): ItemCheck {
  return (item, run) => {
    if (isFixed(item.value, fixed)) return;
    run.report(
      'value',
      `Giá trị phải đúng là ${shown(fixed)}, không phải ${shown(item.value)}.`,
      `The value must be exactly ${shown(fixed)} (fixed), not ${shown(item.value)}.`,
    );
  };
}

function patternCheck(pattern: unknown): ItemCheck {
  return (item, run) => {
    if (hasPattern(item.value, pattern)) return;
    run.report(
      'value',
      `Giá trị phải chứa ${shown(pattern)}, hiện là ${shown(item.value)}.`,
      `The value must contain ${shown(pattern)} (pattern); it is ${shown(item.value)}.`,
    );
  };
}

function boundCheck(bound: unknown, side: 'least' | 'most'): ItemCheck {
  const [vi, en] = side === 'least' ? ['nhỏ', 'below the minimum'] : ['lớn', 'above the maximum'];
  return (item, run) => {
    const order = compareValues(item.value, bound);
    if (order === null || (side === 'least' ? order >= 0 : order <= 0)) return;
    run.report(
      'value',
      `${shown(item.value)} ${vi} hơn giới hạn ${shown(bound)}.`,
      `${shown(item.value)} is ${en} ${shown(bound)}.`,
    );
  };
}

/** Below 0, 0, above 0; null where there is no order: other units, dates less precise than needed. */
export function compareValues(value: unknown, bound: unknown): number | null {
  if (typeof value === 'number' && typeof bound === 'number') return value - bound;
  if (typeof value === 'string' && typeof bound === 'string') return compareTemporal(value, bound);
  if (!isObject(value) || !isObject(bound)) return null;
  if (typeof value.value !== 'number' || typeof bound.value !== 'number') return null;
  const amount = inUnitOf(value, bound);
  return amount === null ? null : amount - bound.value;
}

function inUnitOf(value: Json, bound: Json): number | null {
  const unit = String(value.code ?? value.unit ?? '');
  const wanted = String(bound.code ?? bound.unit ?? '');
  if (unit === wanted || wanted === '') return value.value as number;
  const [from, to] = [unitOf(unit), unitOf(wanted)];
  if (!from || !to || from.dimension !== to.dimension) return null;
  return convert(value.value as number, from, to);
}

function lengthCheck(most: number): ItemCheck {
  return (item, run) => {
    if (typeof item.value !== 'string' || [...item.value].length <= most) return;
    run.report(
      'too-long',
      `Dài ${[...item.value].length} ký tự; tối đa ${most}.`,
      `It has ${[...item.value].length} characters; at most ${most} are allowed (maxLength).`,
    );
  };
}

/** R4's own binding of the same element is checked by the base validation. */
function isBaseBinding({ strength, valueSet }: Binding, base: Element | null): boolean {
  return (
    strength === 'required' &&
    base?.codes !== undefined &&
    valueSet.split('|')[0]!.endsWith(`/ValueSet/${base.codes}`)
  );
}

/** R4 terminologies.html#4.1: what can be bound. */
const BINDABLE = new Set(['code', 'Coding', 'CodeableConcept', 'Quantity', 'string', 'uri']);

function bindingCheck({ strength, valueSet }: Binding, library: Library): ItemCheck | null {
  if (strength !== 'required' && strength !== 'extensible') return null;
  const severity = strength === 'required' ? 'error' : 'warning';
  return (item, run) => {
    if (!BINDABLE.has(item.type) || item.value === undefined) return;
    if (severity === 'warning' && !run.warnings) return;
    const codes = library.codes(valueSet);
    const fits = codes === null ? null : isMember(item, codes);
    if (fits === null) {
      run.report(
        'not-found',
        `Không kiểm được mã theo danh mục ${valueSet}: danh mục hoặc hệ mã không có ở đây.`,
        `The binding to ${valueSet} cannot be checked: the value set or its code system is not here.`,
        undefined,
        'warning',
      );
    } else if (!fits) reportBinding(item, { strength, valueSet }, codes!, severity, run);
  };
}

function reportBinding(
  item: Item,
  { strength, valueSet }: Binding,
  codes: Codes,
  severity: 'error' | 'warning',
  run: Run,
): void {
  const sample = codes.sample();
  const given = givenCodes(item);
  run.report(
    'code-invalid',
    `${given === '' ? 'Chưa có mã' : `Mã ${given} không có`} trong danh mục ${strength === 'required' ? 'bắt buộc' : 'nên dùng'} ${valueSet}${sample && `: ${sample}`}.`,
    `${given === '' ? 'There is no code' : `Code ${given} is not`} in the ${strength} value set ${valueSet}${sample && `: ${sample}`}.`,
    undefined,
    severity,
  );
}

function givenCodes({ value }: Item): string {
  if (typeof value === 'string') return `"${value}"`;
  if (!isObject(value)) return '';
  const codings = Array.isArray(value.coding) ? (value.coding as Json[]) : [value];
  return codings
    .filter((one) => one?.code !== undefined)
    .map((one) => `"${String(one.system ?? '')}|${String(one.code)}"`)
    .join(', ');
}

/** True when a code of the value is in the set; null when that cannot be told. */
export function isMember({ value, type }: Pick<Item, 'value' | 'type'>, codes: Codes): boolean | null {
  if (typeof value === 'string') return codes.hasCode(value);
  if (!isObject(value)) return true;
  if (type === 'CodeableConcept' || Array.isArray(value.coding)) {
    const list = Array.isArray(value.coding) ? (value.coding as Json[]) : [];
    return list.some((one) => isObject(one) && holds(one, codes));
  }
  return holds(value, codes);
}

function holds({ system, code }: Json, codes: Codes): boolean {
  return typeof code === 'string' && codes.has(typeof system === 'string' ? system : '', code);
}
