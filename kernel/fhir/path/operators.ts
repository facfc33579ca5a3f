/** Operators of FHIRPath, compiled. FHIRPath 2.0, "Operations". */

import { intervalOf } from '../dates.ts';
import { compileArithmetic, isArithmetic } from './arithmetic.ts';
import { areEqual, Bag, equalLists, order, similarLists } from './equality.ts';
import { boxing, raw, singleNode, singleOf, truthOf, valueStep } from './nodes.ts';
import { answer, type Compiled, NOTHING, type Scope, type Step, truth } from './scope.ts';
import { compareTemporal } from './temporal.ts';
import type { PathTree } from './tree.ts';
import { isTemporal, kindOf } from './types.ts';
import type { Work } from './work.ts';

export function compileBinary(tree: PathTree & { kind: 'binary' }, scope: Scope): Compiled {
  const left = scope.compile(tree.left, scope);
  const right = scope.compile(tree.right, scope);
  const { operator } = tree;
  if (isArithmetic(operator)) return compileArithmetic(left, right, operator, scope);
  switch (operator) {
    case '=':
    case '!=':
      return truth(equality(left, right, operator === '='));
    case '~':
    case '!~':
      return truth(equivalence(left, right, operator === '~'));
    case 'in':
      return truth(membershipOfTexts(left, tree.right, scope) ?? membership(left, right, scope));
    case 'contains':
      return truth(membership(right, left, scope));
    case '|':
      return union(left, right);
    case '&':
      return { type: 'System.String', step: joined(left, right, scope) };
    default:
      return operator in ORDERS
        ? truth(ordered(left, right, ORDERS[operator]!, scope))
        : truth(logic(left, right, operator, scope));
  }
}

const PLAIN = new Set(['boolean', 'number', 'text']);
const isPlain = ({ type }: Compiled) => PLAIN.has(kindOf(type));

function equality(left: Compiled, right: Compiled, wanted: boolean): Step {
  if (isPlain(left) && isPlain(right)) return plainEquality(left, right, wanted);
  return (nodes, work) => {
    const a = { nodes: left.step(nodes, work), type: left.type };
    const b = { nodes: right.step(nodes, work), type: right.type };
    const equal = equalLists(a, b, work);
    return answer(equal === null ? null : equal === wanted);
  };
}

/** Both are known to be no dates and no structures: most comparisons are of this kind. */
function plainEquality(left: Compiled, right: Compiled, wanted: boolean): Step {
  const [one, other] = [valueStep(left), valueStep(right)];
  return (nodes, work) => {
    const a = one(nodes, work);
    const b = other(nodes, work);
    if (a.length === 0 || b.length === 0) return NOTHING;
    if (a.length !== b.length) return answer(!wanted);
    for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return answer(!wanted);
    work.spend(a.length);
    return answer(wanted);
  };
}

function equivalence(left: Compiled, right: Compiled, wanted: boolean): Step {
  return (nodes, work) => {
    const a = { nodes: left.step(nodes, work), type: left.type };
    const b = { nodes: right.step(nodes, work), type: right.type };
    return answer(similarLists(a, b, work) === wanted);
  };
}

const ORDERS: Record<string, (order: number) => boolean> = {
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
};

function ordered(left: Compiled, right: Compiled, holds: (order: number) => boolean, { text }: Scope): Step {
  const isEnd = left.isEnd ?? right.isEnd ?? false;
  const temporal = isTemporal(kindOf(left.type)) || isTemporal(kindOf(right.type));
  return (nodes, work) => {
    const a = singleNode(left.step(nodes, work), text);
    const b = singleNode(right.step(nodes, work), text);
    if (a === null || b === null) return NOTHING;
    const found =
      isEnd && typeof raw(a) === 'string' && typeof raw(b) === 'string'
        ? orderOfBeginnings(String(raw(a)), String(raw(b)))
        : temporal && typeof a === 'string' && typeof b === 'string'
          ? compareTemporal(a, b)
          : order(a, b, left.type, right.type);
    return answer(found === null ? null : holds(found));
  };
}

/** Of dates of any precision; null for what is none. */
function orderOfBeginnings(a: string, b: string): number | null {
  const [one, other] = [intervalOf(a), intervalOf(b)];
  return one && other ? one.low - other.low : null;
}

type Truth = boolean | null;

const LOGIC: Record<string, (a: Truth, b: Truth) => Truth> = {
  and: (a, b) => (a === false || b === false ? false : a === null || b === null ? null : true),
  or: (a, b) => (a === true || b === true ? true : a === null || b === null ? null : false),
  xor: (a, b) => (a === null || b === null ? null : a !== b),
  implies: (a, b) => (a === false || b === true ? true : a === null || b === null ? null : b),
};
/** What the left side decides alone: the right one is not looked at. */
const DECIDED: Record<string, Truth> = { and: false, or: true, implies: false };

function logic(left: Compiled, right: Compiled, operator: string, { text }: Scope): Step {
  const decide = LOGIC[operator]!;
  const decided = DECIDED[operator];
  return (nodes, work) => {
    const a = truthOf(left.step(nodes, work), text);
    if (a !== null && a === decided) return answer(operator !== 'and');
    return answer(decide(a, truthOf(right.step(nodes, work), text)));
  };
}

/** `&`: nothing is an empty text. */
function joined(left: Compiled, right: Compiled, { text }: Scope): Step {
  return (nodes, work) => {
    const a = singleOf(left.step(nodes, work), text) ?? '';
    const b = singleOf(right.step(nodes, work), text) ?? '';
    const together = `${a}${b}`;
    work.spend(together.length >> 3);
    return [together];
  };
}

function membership(item: Compiled, list: Compiled, { text }: Scope): Step {
  return (nodes, work) => {
    const one = singleNode(item.step(nodes, work), text);
    const all = list.step(nodes, work);
    if (one === null) return NOTHING;
    return answer(all.some((other) => areEqual(one, other, item.type, list.type, work) === true));
  };
}

/** `code in ('a' | 'b')`: lists of codes that stand in the expression are made once, and not for each node. */
function membershipOfTexts(item: Compiled, list: PathTree, { text }: Scope): Step | null {
  const listed = kindOf(item.type) === 'text' ? literalTexts(list) : null;
  if (listed === null) return null;
  const texts = new Set<unknown>(listed);
  return (nodes, work) => {
    const one = singleNode(item.step(nodes, work), text);
    work.spend(1);
    return one === null ? NOTHING : answer(texts.has(raw(one)));
  };
}

/** Of a tree of nothing but texts and `|`; null for any other. */
function literalTexts(tree: PathTree): string[] | null {
  if (tree.kind === 'literal' && typeof tree.value === 'string' && tree.type === 'System.String')
    return [tree.value];
  if (tree.kind !== 'binary' || tree.operator !== '|') return null;
  const left = literalTexts(tree.left);
  const right = literalTexts(tree.right);
  return left && right && [...left, ...right];
}

/** `|` and `union()`: each value once. */
export function union(left: Compiled, right: Compiled): Compiled {
  const type = left.type === right.type ? left.type : null;
  const [a, b] =
    type === null ? [left, right].map((one) => boxing(one.step, one.type)) : [left.step, right.step];
  return { type, step: (nodes, work) => distinct([...a!(nodes, work), ...b!(nodes, work)], type, work) };
}

export function distinct(nodes: readonly unknown[], type: string | null, work: Work): readonly unknown[] {
  if (nodes.length < 2) return nodes;
  const bag = new Bag(work);
  for (const node of nodes) bag.add(node, type);
  return bag.nodes;
}
