/**
 * Expressions outside the compiled part, by the evaluator of @medplum/core. It cannot be interrupted, so only operators and
 * functions are let through whose work is bounded by the size of the resource, and only for resources of ordinary size.
 */
import { evalFhirPathTyped, type TypedValue, toTypedValue } from '@medplum/core';
import { Failure } from '../../failure.ts';
import { type Compiled, refusedPath, type Scope } from './scope.ts';
import type { PathTree } from './tree.ts';

/** Every one goes over its input once, or compares each with each. */
const BOUNDED = new Set(
  `abs allFalse allTrue anyFalse anyTrue as all ceiling contains convertsToBoolean convertsToDate convertsToDateTime
  convertsToDecimal convertsToInteger convertsToString convertsToTime count distinct empty endsWith exclude exists
  first floor iif indexOf intersect is isDistinct last length lower not ofType round select single skip sqrt
  startsWith subsetOf substring supersetOf tail take toBoolean toDate toDateTime toDecimal toInteger toString
  toTime truncate union upper where`.split(/\s+/),
);

/** Largest resource, in values, that the library is handed. */
const LARGEST = 2_000;

/** @throws Failure `invalid-resource` for a function that may run without bound or is not known */
export function generally(tree: PathTree, scope: Scope): Compiled {
  check(tree, scope);
  const variables: Record<string, TypedValue> = {};
  for (const [name, { type, value }] of scope.constants) variables[`%${name}`] = { type, value };
  return {
    type: null,
    step: (nodes, work) => {
      const size = nodes.reduce<number>((sum, node) => sum + sizeOf(node), 0);
      work.spend(size);
      if (size > LARGEST) throw tooLarge(scope.text);
      const input = nodes.map((node) => typed(node, scope.type));
      return evaluated(scope.text, input, variables);
    },
  };
}

function evaluated(text: string, input: TypedValue[], variables: Record<string, TypedValue>): unknown[] {
  try {
    return evalFhirPathTyped(text, input, variables).map(({ value }) => value);
  } catch (error) {
    throw new Failure('business-rule', `Không tính được biểu thức "${text}" trên một tài nguyên.`, {
      textEn: `The expression "${text}" cannot be evaluated on a resource: ${error instanceof Error ? error.message : error}`,
      expression: text,
      cause: error,
    });
  }
}

function typed(node: unknown, type: string | null): TypedValue {
  return type === null || typeof node !== 'object' ? toTypedValue(node) : { type, value: node };
}

function check(tree: PathTree, scope: Scope): void {
  switch (tree.kind) {
    case 'call':
      if (!BOUNDED.has(tree.name))
        throw refusedPath(
          scope.text,
          `gọi ${tree.name}(): hàm này không có ở đây, hoặc có thể chạy không dừng`,
          `calls ${tree.name}(), which is not offered here or may run without end`,
        );
      if (tree.base) check(tree.base, scope);
      for (const arg of tree.args) check(arg, scope);
      return;
    case 'member':
      if (tree.base) check(tree.base, scope);
      return;
    case 'index':
      check(tree.base, scope);
      check(tree.index, scope);
      return;
    case 'binary':
      check(tree.left, scope);
      check(tree.right, scope);
      return;
    case 'minus':
      check(tree.base, scope);
      return;
    case 'constant':
      if (!scope.constants.has(tree.name))
        throw refusedPath(
          scope.text,
          `dùng hằng %${tree.name} chưa được khai báo trong "constant"`,
          `uses %${tree.name}, which is not in the view's constants`,
        );
  }
}

function sizeOf(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 1;
  let size = 1;
  for (const value of Object.values(node)) size += sizeOf(value);
  return size;
}

function tooLarge(text: string): Failure {
  return new Failure(
    'too-large',
    `Biểu thức "${text}" chỉ tính được trên tài nguyên nhỏ hơn ${LARGEST} giá trị.`,
    {
      textEn: `The expression "${text}" is only evaluated on resources of at most ${LARGEST} values: use the functions of SQL on FHIR.`,
      expression: text,
    },
  );
}
