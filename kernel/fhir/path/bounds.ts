/** `lowBoundary`, `highBoundary`, `precision`, compiled. */
import { dateBoundary, dateTimeBoundary, decimalBoundary, type Side, timeBoundary } from './boundary.ts';
import { boxed, isObject, raw, singleNode, singleOf, typeOf } from './nodes.ts';
import {
  type Call,
  type Compiled,
  compileArgument,
  compileBase,
  type Functions,
  NOTHING,
  refusedPath,
  type Scope,
} from './scope.ts';
import { precisionOf } from './temporal.ts';
import { isTemporal, kindOf } from './types.ts';

export const BOUNDS: Functions = {
  lowBoundary: (call, scope) => compileBoundary(call, scope, 'low'),
  highBoundary: (call, scope) => compileBoundary(call, scope, 'high'),
  precision: (call, scope) => {
    const base = compileBase(call.base, scope);
    return {
      type: 'System.Integer',
      step: (nodes, work) => {
        const node = singleNode(base.step(nodes, work), scope.text);
        const value = raw(node) ?? null;
        if (typeof value === 'number') return [(/\.(\d+)/.exec(String(value))?.[1] ?? '').length];
        return typeof value === 'string' && isTemporal(kindOf(typeOf(node, base.type)))
          ? [precisionOf(value)]
          : NOTHING;
      },
    };
  },
};

function compileBoundary(call: Call, scope: Scope, side: Side): Compiled {
  const base = compileBase(call.base, scope);
  const digits = call.args.length > 0 ? compileArgument(call, scope).step : null;
  const kind = kindOf(base.type);
  if (kind === 'boolean' || kind === 'text' || (kind === 'complex' && !/Quantity$/.test(base.type!)))
    throw refusedPath(
      scope.text,
      `gọi ${call.name}() trên thứ không phải số, ngày hay giờ`,
      `calls ${call.name}() on what is no decimal, date or time: use ofType()`,
    );
  return {
    type: base.type === 'instant' ? 'dateTime' : base.type,
    step: (nodes, work) => {
      const node = singleNode(base.step(nodes, work), scope.text);
      const precision = digits ? singleOf(digits(nodes, work), scope.text) : null;
      if (node === null || (digits && typeof precision !== 'number')) return NOTHING;
      const type = typeOf(node, base.type);
      const found = boundaryOf(raw(node), type, side, precision as number | null);
      return found === null ? NOTHING : [base.type === null ? boxed(found, type) : found];
    },
  };
}

/** Null for what has no boundary, and for a precision that the type does not have. */
function boundaryOf(value: unknown, type: string | null, side: Side, digits: number | null): unknown {
  if (typeof value === 'number') return decimalBoundary(value, side, digits);
  if (isObject(value) && typeof value.value === 'number') {
    const end = decimalBoundary(value.value, side, digits);
    return end === null ? null : { ...value, value: end };
  }
  if (typeof value !== 'string') return null;
  switch (kindOf(type)) {
    case 'date':
      return dateBoundary(value, side, digits);
    case 'dateTime':
      return dateTimeBoundary(value, side, digits);
    case 'time':
      return timeBoundary(value, side, digits);
    default:
      return null;
  }
}
