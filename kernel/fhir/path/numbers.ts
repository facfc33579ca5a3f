/** Functions on numbers. FHIRPath 2.0, 5.7 "Math". */
import { boxed, isObject, raw, singleNode, singleOf, typeOf } from './nodes.ts';
import { exact, type QuantityJson } from './quantities.ts';
import { compileArgument, compileBase, type Functions, NOTHING, then } from './scope.ts';

/** What is no number, or has no value, gives nothing. */
const reckoned =
  (type: string, of: (value: number, by: number | null) => number, needs = false): Functions[string] =>
  (call, scope) => {
    const base = compileBase(call.base, scope);
    const given = call.args.length > 0 || needs ? compileArgument(call, scope).step : null;
    return {
      type,
      step: (nodes, work) => {
        const value = singleOf(base.step(nodes, work), scope.text);
        const by = given ? singleOf(given(nodes, work), scope.text) : null;
        if (typeof value !== 'number' || (given !== null && typeof by !== 'number')) return NOTHING;
        const result = of(value, by as number | null);
        return Number.isFinite(result) ? [exact(result)] : NOTHING;
      },
    };
  };

const HALF = 0.5;

/** A half goes up: -1.5 is rounded to -1, as in CQL. */
function rounded(value: number, digits: number | null): number {
  const places = digits ?? 0;
  if (places < 0 || places > 100) return Number.NaN;
  // Of what is written: 1.005 is between 1.00 and 1.01, whatever the nearest binary number is.
  const [head = '', exponent = '0'] = String(value).split('e');
  const shifted = Number(`${head}e${Number(exponent) + places}`);
  return Number(`${Math.floor(shifted + HALF)}e${-places}`);
}

export const NUMBERS: Functions = {
  abs: (call, scope) => {
    const base = compileBase(call.base, scope);
    return {
      type: base.type,
      step: then(base.step, (nodes) => {
        const node = singleNode(nodes, scope.text);
        const value = raw(node) ?? null;
        if (typeof value === 'number') return [Math.abs(value)];
        if (!isObject(value) || typeof value.value !== 'number') return NOTHING;
        const quantity = { ...value, value: Math.abs(value.value) } as unknown as QuantityJson;
        return [base.type === null ? boxed(quantity, typeOf(node, null) ?? 'System.Quantity') : quantity];
      }),
    };
  },
  ceiling: reckoned('System.Integer', Math.ceil),
  floor: reckoned('System.Integer', Math.floor),
  truncate: reckoned('System.Integer', Math.trunc),
  round: reckoned('System.Decimal', rounded),
  exp: reckoned('System.Decimal', Math.exp),
  ln: reckoned('System.Decimal', Math.log),
  log: reckoned('System.Decimal', (value, base) => Math.log(value) / Math.log(base!), true),
  power: reckoned('System.Decimal', (value, by) => value ** by!, true),
  sqrt: reckoned('System.Decimal', Math.sqrt),
};
