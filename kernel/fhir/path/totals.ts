/** `sum`, `min`, `max`, `avg` of FHIRPath's later drafts, and `weight` (in older forms `ordinal`) of SDC: what forms reckon with. */
import { order } from './equality.ts';
import { boxed, raw, typeOf } from './nodes.ts';
import { addMeasures, exact, measureOf } from './quantities.ts';
import {
  type Call,
  type Compiled,
  compileBase,
  type Functions,
  failedPath,
  NOTHING,
  type Scope,
  then,
} from './scope.ts';

export const TOTALS: Functions = {
  sum: (call, scope) => ofAll(call, scope, (nodes, type) => total(nodes, type, scope.text)),
  avg: (call, scope) =>
    ofAll(call, scope, (nodes, type) => {
      const sum = total(nodes, type, scope.text);
      if (typeof sum === 'number') return exact(sum / nodes.length);
      const { value } = sum as { value: number };
      return { ...(sum as object), value: exact(value / nodes.length) };
    }),
  min: (call, scope) => ofAll(call, scope, (nodes, type) => extreme(nodes, type, -1, scope.text)),
  max: (call, scope) => ofAll(call, scope, (nodes, type) => extreme(nodes, type, 1, scope.text)),
  weight: compileWeight,
  ordinal: compileWeight,
};

/** Something of all nodes; nothing of none. */
function ofAll(
  call: Call,
  scope: Scope,
  of: (nodes: readonly unknown[], type: string | null) => unknown,
): Compiled {
  const base = compileBase(call.base, scope);
  return {
    type: null,
    step: then(base.step, (nodes, work) => {
      work.spend(nodes.length);
      return nodes.length === 0 ? NOTHING : [of(nodes, base.type)];
    }),
  };
}

function total(nodes: readonly unknown[], known: string | null, text: string): unknown {
  const values = nodes.map(raw);
  if (values.every((value) => typeof value === 'number'))
    return exact((values as number[]).reduce((sum, value) => sum + value, 0));
  const measures = nodes.map((node) => measureOf(raw(node), typeOf(node, known)));
  let sum = measures[0];
  for (const next of measures.slice(1)) {
    const added = sum && next ? addMeasures(sum, next, 1) : null;
    sum = added && measureOf(added, 'System.Quantity');
  }
  if (!sum) throw failedPath(text, 'cộng những thứ không phải số', 'it adds what are no numbers');
  return boxed({ value: sum.value, unit: sum.unit, code: sum.unit }, 'System.Quantity');
}

function extreme(nodes: readonly unknown[], known: string | null, sign: 1 | -1, text: string): unknown {
  return nodes.reduce((best, node) => {
    const found = order(node, best, typeOf(node, known), typeOf(best, known));
    if (found === null)
      throw failedPath(text, 'so những thứ không có thứ tự', 'it compares what has no order');
    return found * sign > 0 ? node : best;
  });
}

/** The score of each answer: by its own extension, or as the caller knows it. Answers without one give nothing. */
function compileWeight(call: Call, scope: Scope): Compiled {
  const base = compileBase(call.base, scope);
  return {
    type: 'System.Decimal',
    step: then(base.step, (nodes, work) => {
      work.spend(nodes.length);
      const ask = work.environment.weight;
      if (!ask)
        throw failedPath(scope.text, `ở đây không có ${call.name}()`, `${call.name}() is not at hand here`);
      return nodes.flatMap((node) => ask(raw(node)) ?? []);
    }),
  };
}
