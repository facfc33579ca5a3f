/** Operators of FHIRPath, compiled. FHIRPath 2.0, "Operations". */
import { type Compiled, NotCompiled, type Scope, type Step } from './scope.ts';
import type { PathTree } from './tree.ts';
import { areEqual, compare, isTemporal, kindOf, singleOf, truthOf } from './values.ts';

export function compileOperator(tree: PathTree, scope: Scope): Compiled {
  if (tree.kind === 'minus') return compileMinus(tree, scope);
  if (tree.kind !== 'binary') throw new NotCompiled();
  const left = scope.compile(tree.left, scope);
  const right = scope.compile(tree.right, scope);
  const { operator } = tree;
  if (operator === '=' || operator === '!=') return boolean(equality(left, right, operator === '='));
  if (operator in ORDERS) return boolean(order(left, right, ORDERS[operator]!, scope));
  if (operator in LOGIC) return boolean(logic(left, right, LOGIC[operator]!, scope));
  if (operator === '&') return { type: 'string', step: joined(left, right, scope) };
  if (operator in SUMS) return sum(left, right, operator, scope);
  throw new NotCompiled();
}

const boolean = (step: Step): Compiled => ({ type: 'boolean', step });
const TRUE = [true];
const FALSE = [false];
const NOTHING: readonly unknown[] = [];
const answer = (value: boolean | null) => (value === null ? NOTHING : value ? TRUE : FALSE);

function compileMinus(tree: PathTree & { kind: 'minus' }, scope: Scope): Compiled {
  const { step, type } = scope.compile(tree.base, scope);
  return {
    type,
    step: (nodes, work) => {
      const value = singleOf(step(nodes, work), scope.text);
      return typeof value === 'number' ? [-value] : NOTHING;
    },
  };
}

/** Collections are equal when they have the same values in the same order; nothing equals nothing known. */
function equality(left: Compiled, right: Compiled, wanted: boolean): Step {
  const temporal = eitherTemporal(left, right);
  return (nodes, work) => {
    const a = left.step(nodes, work);
    const b = right.step(nodes, work);
    if (a.length === 0 || b.length === 0) return NOTHING;
    if (a.length !== b.length) return answer(!wanted);
    for (const [at, one] of a.entries()) {
      const equal = areEqual(one, b[at], temporal);
      if (equal !== true) return answer(equal === null ? null : !wanted);
    }
    return answer(wanted);
  };
}

/** Complex values (quantities) are compared by the library, which knows units. */
function eitherTemporal(left: Compiled, right: Compiled): boolean {
  const kinds = [kindOf(left.type), kindOf(right.type)];
  if (kinds.includes('complex')) throw new NotCompiled();
  return kinds.some(isTemporal);
}

const ORDERS: Record<string, (order: number) => boolean> = {
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
};

function order(left: Compiled, right: Compiled, holds: (order: number) => boolean, { text }: Scope): Step {
  const temporal = eitherTemporal(left, right);
  return (nodes, work) => {
    const found = compare(
      singleOf(left.step(nodes, work), text),
      singleOf(right.step(nodes, work), text),
      temporal,
    );
    return answer(found === null ? null : holds(found));
  };
}

type Truth = boolean | null;

const LOGIC: Record<string, (a: Truth, b: Truth) => Truth> = {
  and: (a, b) => (a === false || b === false ? false : a === null || b === null ? null : true),
  or: (a, b) => (a === true || b === true ? true : a === null || b === null ? null : false),
  xor: (a, b) => (a === null || b === null ? null : a !== b),
  implies: (a, b) => (a === false || b === true ? true : a === null || b === null ? null : b),
};

function logic(
  left: Compiled,
  right: Compiled,
  decide: (a: Truth, b: Truth) => Truth,
  { text }: Scope,
): Step {
  return (nodes, work) =>
    answer(decide(truthOf(left.step(nodes, work), text), truthOf(right.step(nodes, work), text)));
}

/** `&`: nothing is an empty text. */
function joined(left: Compiled, right: Compiled, { text }: Scope): Step {
  return (nodes, work) => {
    const [a, b] = [left, right].map(({ step }) => singleOf(step(nodes, work), text) ?? '');
    const together = `${a}${b}`;
    work.spend(together.length >> 3);
    return [together];
  };
}

const SUMS: Record<string, (a: number, b: number) => number | null> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? null : a / b),
  div: (a, b) => (b === 0 ? null : Math.trunc(a / b)),
  mod: (a, b) => (b === 0 ? null : a % b),
};

/** Decimals of FHIRPath have at most 8 digits behind the point here, so that 0.1 + 0.2 is 0.3. */
const exact = (value: number) => (Number.isInteger(value) ? value : Number(value.toFixed(8)));

function sum(left: Compiled, right: Compiled, operator: string, { text }: Scope): Compiled {
  // Dates and quantities with units are the library's.
  for (const { type } of [left, right]) {
    const kind = kindOf(type);
    if (kind === 'complex' || isTemporal(kind)) throw new NotCompiled();
  }
  const whole = operator !== '/' && [left, right].every(({ type }) => type === 'integer');
  const texts = operator === '+' && [left, right].every(({ type }) => kindOf(type) === 'text');
  return {
    type: texts
      ? 'string'
      : whole
        ? 'integer'
        : [left, right].every(({ type }) => kindOf(type) === 'number')
          ? 'decimal'
          : null,
    step: (nodes, work) => {
      const a = singleOf(left.step(nodes, work), text);
      const b = singleOf(right.step(nodes, work), text);
      if (operator === '+' && typeof a === 'string' && typeof b === 'string') {
        work.spend((a.length + b.length) >> 3);
        return [a + b];
      }
      if (typeof a !== 'number' || typeof b !== 'number') return NOTHING;
      const result = SUMS[operator]!(a, b);
      return result === null || !Number.isFinite(result) ? NOTHING : [exact(result)];
    },
  };
}
