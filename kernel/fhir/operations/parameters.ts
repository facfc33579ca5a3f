/** The input of an operation, from a query or from a Parameters resource, read by its definition. Pure. */
import { Failure } from '../../failure.ts';
import { type Interval, intervalOf } from '../dates.ts';
import { unknownOrWrong } from '../http/context.ts';
import type { Operation, OperationParameter } from './definition.ts';

export interface OperationInput {
  dates: ReadonlyMap<string, Interval>;
  codes: ReadonlyMap<string, readonly string[]>;
  integers: ReadonlyMap<string, number>;
  strings: ReadonlyMap<string, string>;
  flags: ReadonlyMap<string, boolean>;
}

/**
 * @throws Failure `unknown-parameter` or `invalid-parameter`, naming the parameter
 */
export function readInput(operation: Operation, given: readonly [string, string][]): OperationInput {
  const dates = new Map<string, Interval>();
  const codes = new Map<string, string[]>();
  const integers = new Map<string, number>();
  const strings = new Map<string, string>();
  const flags = new Map<string, boolean>();
  const inputs = operation.parameters.filter(({ use }) => use === 'in');
  const known = inputs.map(({ name }) => name);
  const seen = new Set<string>();
  for (const [name, value] of given) {
    const parameter = inputs.find((one) => one.name === name);
    if (!parameter)
      throw unknownOrWrong(
        name,
        value,
        known.filter((one) => one === name),
      );
    if (seen.has(name) && parameter.max === '1') throw twice(name);
    seen.add(name);
    readValue(parameter, value, { dates, codes, integers, strings, flags });
  }
  return { dates, codes, integers, strings, flags };
}

function readValue(
  { name, type }: OperationParameter,
  value: string,
  into: {
    dates: Map<string, Interval>;
    codes: Map<string, string[]>;
    integers: Map<string, number>;
    strings: Map<string, string>;
    flags: Map<string, boolean>;
  },
): void {
  switch (type) {
    case 'date':
    case 'instant': {
      // The `+` of a zone that was not encoded arrives as a space.
      const interval = intervalOf(value.replace(/ (?=\d\d:\d\d$)/, '+'));
      if (!interval) throw unknownOrWrong(name, value, [name]);
      into.dates.set(name, interval);
      return;
    }
    case 'code': {
      const list = value.split(',').map((one) => one.trim());
      if (list.includes('')) throw unknownOrWrong(name, value, [name]);
      into.codes.set(name, [...(into.codes.get(name) ?? []), ...list]);
      return;
    }
    case 'boolean':
      if (value !== 'true' && value !== 'false') throw unknownOrWrong(name, value, [name]);
      into.flags.set(name, value === 'true');
      return;
    case 'string':
    case 'uri':
    case 'canonical':
      into.strings.set(name, value);
      return;
    case 'integer':
    case 'positiveInt':
      if (!/^[1-9]\d{0,8}$/.test(value)) throw unknownOrWrong(name, value, [name]);
      into.integers.set(name, Number(value));
      return;
    default:
      throw unknownOrWrong(name, value, [name]);
  }
}

function twice(name: string): Failure {
  return new Failure('invalid-parameter', `Tham số ${name} chỉ được cho một lần.`, {
    textEn: `Parameter ${name} may be given once.`,
    expression: name,
  });
}

/**
 * The pairs of a Parameters resource: `{name, value[x]}`. Of a Reference its address, of an Identifier or Coding `system|value`
 * as a search writes it. @throws Failure `invalid-request` when it is none
 */
export function pairsOfParameters(body: unknown): [string, string][] {
  const { resourceType, parameter = [] } = (body ?? {}) as { resourceType?: unknown; parameter?: unknown };
  if (resourceType !== 'Parameters' || !Array.isArray(parameter)) throw noParameters('Parameters');
  return parameter.map((one: unknown, at): [string, string] => {
    const { name, ...rest } = (one ?? {}) as Record<string, unknown>;
    const values = Object.entries(rest).filter(([key]) => /^value[A-Z]/.test(key));
    const text = values.length === 1 ? textOf(...values[0]!) : null;
    if (typeof name !== 'string' || text === null) throw noParameters(`Parameters.parameter[${at}]`);
    return [name, text];
  });
}

/** Null for what no query could write. */
function textOf(key: string, value: unknown): string | null {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  const { reference, system, value: identifier, code } = (value ?? {}) as Record<string, unknown>;
  const said =
    key === 'valueReference'
      ? reference
      : key === 'valueIdentifier'
        ? identifier
        : key === 'valueCoding'
          ? code
          : null;
  if (typeof said !== 'string') return null;
  return typeof system === 'string' ? `${system}|${said}` : said;
}

function noParameters(expression: string): Failure {
  return new Failure(
    'invalid-request',
    'Cần một tài nguyên Parameters với name và value[x] đơn giản (hoặc Reference, Identifier, Coding).',
    {
      textEn:
        'A Parameters resource is expected, each parameter with a name and one value[x]: a primitive, Reference, Identifier or Coding.',
      expression,
    },
  );
}
