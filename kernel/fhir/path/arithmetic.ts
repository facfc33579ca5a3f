/** Arithmetic of FHIRPath: numbers, texts, quantities, dates and quantities. FHIRPath 2.0, "Math" and "Date/Time Arithmetic". */
import { Box, boxed, isObject, raw, singleNode, typeOf } from './nodes.ts';
import {
  addMeasures,
  calendarUnitOf,
  exact,
  type Measure,
  measureOf,
  multiplyMeasures,
} from './quantities.ts';
import { type Compiled, compileBase, failedPath, NOTHING, type Scope } from './scope.ts';
import { moved } from './temporal.ts';
import type { PathTree } from './tree.ts';
import { isTemporal, kindOf, systemOf } from './types.ts';

const SUMS: Record<string, (a: number, b: number) => number | null> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? null : a / b),
  div: (a, b) => (b === 0 ? null : Math.trunc(a / b)),
  mod: (a, b) => (b === 0 ? null : a % b),
};

export const isArithmetic = (operator: string) => Object.hasOwn(SUMS, operator);

/** `-4`, `-(4 'mg')`. */
export function compileMinus(tree: PathTree & { kind: 'minus' }, scope: Scope): Compiled {
  const { step, type } = compileBase(tree.base, scope);
  return {
    type,
    step: (nodes, work) => {
      const node = singleNode(step(nodes, work), scope.text);
      const value = raw(node) ?? null;
      if (value === null) return NOTHING;
      if (typeof value === 'number') return [-value];
      if (isObject(value) && typeof value.value === 'number') {
        const negative = { ...value, value: -value.value };
        return [type === null ? boxed(negative, typeOf(node, null)) : negative];
      }
      throw failedPath(
        scope.text,
        'dấu trừ đứng trước thứ không phải số',
        'a minus stands before what is no number',
      );
    },
  };
}

export function compileArithmetic(
  left: Compiled,
  right: Compiled,
  operator: string,
  { text }: Scope,
): Compiled {
  const sides = [left.type, right.type];
  return {
    type: typeOfSum(sides, operator),
    ...(left.isEnd ? { isEnd: true } : {}),
    step: (nodes, work) => {
      const [one, other] = [
        singleNode(left.step(nodes, work), text),
        singleNode(right.step(nodes, work), text),
      ];
      const [a, b] = [raw(one) ?? null, raw(other) ?? null];
      if (a === null || b === null) return NOTHING;
      if (typeof a === 'number' && typeof b === 'number') return numbers(a, b, operator);
      const [typeA, typeB] = [typeOf(one, left.type), typeOf(other, right.type)];
      if (typeof a === 'string' && isTemporal(kindOf(typeA)))
        return moment(a, typeA, measureOf(b, typeB), operator, text);
      if (operator === '+' && typeof a === 'string' && typeof b === 'string') {
        work.spend((a.length + b.length) >> 3);
        return [a + b];
      }
      return measures(measureOf(a, typeA), measureOf(b, typeB), operator, text);
    },
  };
}

/** What the types of both sides say of the result; null when only the data know it. */
function typeOfSum(sides: (string | null)[], operator: string): string | null {
  const kinds = sides.map(kindOf);
  if (kinds.every((kind) => kind === 'number')) {
    if (operator === 'div') return 'System.Integer';
    const whole = operator !== '/' && sides.every((type) => systemOf(type!) === 'System.Integer');
    return whole ? 'System.Integer' : 'System.Decimal';
  }
  if (operator === '+' && kinds.every((kind) => kind === 'text')) return 'System.String';
  return isTemporal(kinds[0]!) ? sides[0]! : null;
}

function numbers(a: number, b: number, operator: string): readonly unknown[] {
  const result = SUMS[operator]!(a, b);
  return result === null || !Number.isFinite(result) ? NOTHING : [exact(result)];
}

function moment(
  text: string,
  type: string | null,
  by: Measure | null,
  operator: string,
  whole: string,
): readonly unknown[] {
  const unit = by && calendarUnitOf(by);
  if (!unit || (operator !== '+' && operator !== '-'))
    throw failedPath(
      whole,
      'ngày giờ chỉ cộng trừ được với khoảng thời gian như 7 days; năm và tháng của UCUM không có độ dài cố định',
      "a date or time takes + and - with a duration such as 7 days; UCUM's 'a' and 'mo' are no calendar units",
    );
  const result = moved(text, operator === '+' ? by.value : -by.value, unit);
  return result === null ? NOTHING : [boxed(result, type)];
}

function measures(a: Measure | null, b: Measure | null, operator: string, text: string): readonly unknown[] {
  if (!a || !b || operator === 'div' || operator === 'mod')
    throw failedPath(
      text,
      `toán tử ${operator} không dùng được với các giá trị này`,
      `${operator} is not defined for these values`,
    );
  const result =
    operator === '+' || operator === '-'
      ? addMeasures(a, b, operator === '+' ? 1 : -1)
      : multiplyMeasures(a, b, operator === '/');
  return result === null ? NOTHING : [new Box('System.Quantity', result)];
}
