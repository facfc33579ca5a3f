/** The nine filters of ValueSet.compose (R4 valueset-filter-operator) as tests of a code. */
import { fitting } from './pattern.ts';
import { type CodeSystemView, reach, valuesOf } from './system.ts';

export interface Filter {
  property: string;
  op: string;
  value: string;
}

/** Those that ask for the value of a property. */
const PROPERTY_OPS = new Set(['=', 'in', 'not-in', 'exists', 'regex']);

/** Undefined when the filter is none of R4's, asks for a property that the system does not have, or its pattern cannot be carried out in time. */
export function filterTest(
  system: CodeSystemView,
  { property, op, value }: Filter,
): ((code: string) => boolean) | undefined {
  if (PROPERTY_OPS.has(op) && system.knowsProperty?.(property) === false) return undefined;
  const of = (code: string) => valuesOf(system, code, property);
  const known = (test: (code: string) => boolean) => (code: string) => system.has(code) && test(code);
  switch (op) {
    case 'is-a':
      return (code) => system.isBelow(code, value);
    case 'descendent-of':
      return (code) => code !== value && system.isBelow(code, value);
    case 'is-not-a':
      return known((code) => !system.isBelow(code, value));
    case 'generalizes': {
      const above = reach(system, value, 'parents');
      return (code) => above.has(code);
    }
    case '=':
      return known((code) => of(code).includes(value));
    case 'in':
    case 'not-in': {
      const list = new Set(value.split(',').map((one) => one.trim()));
      return known((code) => of(code).some((one) => list.has(one)) === (op === 'in'));
    }
    case 'exists':
      return known((code) => of(code).length > 0 === (value === 'true'));
    case 'regex':
      return patternTest(system, of, value);
    default:
      return undefined;
  }
}

/** All codes are tried at once, so that one bound of time holds for them together. */
function patternTest(
  system: CodeSystemView,
  of: (code: string) => readonly string[],
  pattern: string,
): ((code: string) => boolean) | undefined {
  const codes: string[] = [];
  const values: string[] = [];
  for (const code of system.codes()) {
    for (const value of of(code)) {
      codes.push(code);
      values.push(value);
    }
  }
  const fits = fitting(pattern, values);
  if (fits === null) return undefined;
  const found = new Set(codes.filter((_, at) => fits[at]));
  return (code) => found.has(code);
}
