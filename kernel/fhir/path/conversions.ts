/** From one type of value to another. FHIRPath 2.0, 5.5 "Conversion". */
import { isObject, raw, singleNode, singleOf, typeOf } from './nodes.ts';
import {
  inUnit,
  measureOf,
  type QuantityJson,
  quantityText,
  readQuantity,
  ucumQuantity,
} from './quantities.ts';
import { answer, compileArgument, compileBase, type Functions, NOTHING, truth } from './scope.ts';
import { isMoment, isTimeText } from './temporal.ts';
import { kindOf, systemOf } from './types.ts';

/** The value in the other type; null when it cannot be. */
type Convert = (value: unknown, type: string | null) => unknown;

const TRUE = new Set(['true', 't', 'yes', 'y', '1', '1.0']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0', '0.0']);
const INTEGER = /^[+-]?\d{1,10}$/;
const DECIMAL = /^[+-]?\d{1,40}(?:\.\d{1,40})?$/;
const LARGEST = 2 ** 31;

function toBoolean(value: unknown): unknown {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value === 1 ? true : value === 0 ? false : null;
  if (typeof value !== 'string') return null;
  const text = value.toLowerCase();
  return TRUE.has(text) ? true : FALSE.has(text) ? false : null;
}

function toInteger(value: unknown, type: string | null): unknown {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number')
    return type !== null && systemOf(type) === 'System.Decimal' ? null : whole(value);
  return typeof value === 'string' && INTEGER.test(value) ? whole(Number(value)) : null;
}

const whole = (value: number) =>
  Number.isInteger(value) && value >= -LARGEST && value < LARGEST ? value : null;

function toDecimal(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return value;
  return typeof value === 'string' && DECIMAL.test(value) ? Number(value) : null;
}

function toText(value: unknown, type: string | null): unknown {
  if (!isObject(value)) return String(value);
  const measure = type !== null && systemOf(type) === 'System.Quantity' ? measureOf(value, type) : null;
  return measure ? quantityText(value as unknown as QuantityJson) : null;
}

function toDate(value: unknown, type: string | null): unknown {
  if (typeof value !== 'string' || !convertible(type, ['date', 'dateTime']) || isTimeText(value)) return null;
  return isMoment(value) ? value.slice(0, 10) : null;
}

function toDateTime(value: unknown, type: string | null): unknown {
  if (typeof value !== 'string' || !convertible(type, ['date', 'dateTime']) || isTimeText(value)) return null;
  return isMoment(value) ? value : null;
}

function toTime(value: unknown, type: string | null): unknown {
  if (typeof value !== 'string' || !convertible(type, ['time'])) return null;
  const text = value.replace(/^T/, '');
  return isTimeText(text) && isMoment(text) ? text : null;
}

/** Text, or of the kinds. */
const convertible = (type: string | null, kinds: string[]) =>
  ['text', 'unknown', ...kinds].includes(kindOf(type));

function toQuantity(value: unknown, type: string | null): unknown {
  if (typeof value === 'boolean') return ucumQuantity(Number(value), '1');
  if (typeof value === 'number') return ucumQuantity(value, '1');
  if (typeof value === 'string') return kindOf(type) === 'text' ? readQuantity(value) : null;
  return type !== null && systemOf(type) === 'System.Quantity' && measureOf(value, type) ? value : null;
}

const conversion =
  (result: string, of: Convert): Functions[string] =>
  (call, scope) => {
    const base = compileBase(call.base, scope);
    return {
      type: result,
      step: (nodes, work) => {
        const node = singleNode(base.step(nodes, work), scope.text);
        const value = raw(node) ?? null;
        const made = value === null ? null : of(value, typeOf(node, base.type));
        return made === null ? NOTHING : [made];
      },
    };
  };

const possible =
  (of: Convert): Functions[string] =>
  (call, scope) => {
    const base = compileBase(call.base, scope);
    return truth((nodes, work) => {
      const node = singleNode(base.step(nodes, work), scope.text);
      const value = raw(node) ?? null;
      return answer(value === null ? null : of(value, typeOf(node, base.type)) !== null);
    });
  };

const WAYS: Record<string, [result: string, of: Convert]> = {
  Boolean: ['System.Boolean', toBoolean],
  Integer: ['System.Integer', toInteger],
  Decimal: ['System.Decimal', toDecimal],
  String: ['System.String', toText],
  Date: ['System.Date', toDate],
  DateTime: ['System.DateTime', toDateTime],
  Time: ['System.Time', toTime],
};

export const CONVERSIONS: Functions = {
  ...Object.fromEntries(
    Object.entries(WAYS).flatMap(([name, [result, of]]) => [
      [`to${name}`, conversion(result, of)],
      [`convertsTo${name}`, possible(of)],
    ]),
  ),
  toQuantity: quantified((quantity) => (quantity === null ? NOTHING : [quantity]), 'System.Quantity'),
  convertsToQuantity: quantified((quantity) => answer(quantity !== null), 'System.Boolean'),
};

/** `toQuantity('g')`: in that unit, when it can be written so. */
function quantified(give: (quantity: unknown) => readonly unknown[], type: string): Functions[string] {
  return (call, scope) => {
    const base = compileBase(call.base, scope);
    const unit = call.args.length > 0 ? compileArgument(call, scope).step : null;
    return {
      type,
      step: (nodes, work) => {
        const node = singleNode(base.step(nodes, work), scope.text);
        const value = raw(node) ?? null;
        if (value === null) return NOTHING;
        const quantity = toQuantity(value, typeOf(node, base.type));
        if (quantity === null || unit === null) return give(quantity);
        const wanted = singleOf(unit(nodes, work), scope.text);
        if (typeof wanted !== 'string') return NOTHING;
        const measure = measureOf(quantity, isObject(value) ? typeOf(node, base.type) : 'System.Quantity');
        return give(measure && inUnit(measure, wanted));
      },
    };
  };
}
