/**
 * Expressions beyond the grammar of `paths.ts`, by the FHIRPath engine of `@medplum/core`. It takes 22 MB and is loaded when
 * the first such expression is met; one evaluation takes some 30 µs, a path of the grammar a tenth of a microsecond.
 */
import { createRequire } from 'node:module';

type Engine = Pick<typeof import('@medplum/core'), 'evalFhirPathTyped' | 'parseFhirPath' | 'toTypedValue'>;

const require = createRequire(import.meta.url);
let engine: Engine | undefined;

/** The values an expression leads to in a resource, in its order. A resource on which it fails has none. */
export type Evaluate = (resource: unknown) => unknown[];

/** @throws Error that says what is wrong with the expression */
export function compileFhirPath(expression: string, type: string): Evaluate {
  engine ??= require('@medplum/core') as Engine;
  const { evalFhirPathTyped, parseFhirPath, toTypedValue } = engine;
  const tree = parseFhirPath(expression);
  const run: Evaluate = (resource) =>
    evalFhirPathTyped(tree, [toTypedValue(resource)]).map((found) => found.value as unknown);
  // Unknown functions are found by the first evaluation only.
  run({ resourceType: type });
  return (resource) => {
    try {
      return run(resource);
    } catch {
      return [];
    }
  };
}

interface Shape {
  [name: string]: unknown;
}

const CONTACT_SYSTEMS = new Set(['phone', 'fax', 'email', 'pager', 'url', 'sms', 'other']);

/** Data type of a value that an expression made, by the kind of parameter and the value's own shape; null = none of its types. */
export function shapeOf(kind: string, value: unknown): string | null {
  if (typeof value === 'string') return STRINGS[kind] ?? null;
  if (typeof value === 'number') return kind === 'number' ? 'decimal' : null;
  if (typeof value === 'boolean') return kind === 'token' ? 'boolean' : null;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return OBJECTS[kind]?.(value as Shape) ?? null;
}

const STRINGS: Record<string, string> = {
  token: 'code',
  string: 'string',
  date: 'dateTime',
  uri: 'uri',
  reference: 'canonical',
};

const OBJECTS: Record<string, (value: Shape) => string> = {
  token: (value) => {
    if (Array.isArray(value.coding)) return 'CodeableConcept';
    if (value.value !== undefined)
      return CONTACT_SYSTEMS.has(String(value.system)) ? 'ContactPoint' : 'Identifier';
    return value.code === undefined ? 'CodeableConcept' : 'Coding';
  },
  string: (value) =>
    (value.family ?? value.given) ? 'HumanName' : (value.line ?? value.city) ? 'Address' : 'HumanName',
  date: (value) => ((value.repeat ?? value.event) ? 'Timing' : 'Period'),
  quantity: (value) => ((value.low ?? value.high) ? 'Range' : value.origin ? 'SampledData' : 'Quantity'),
  number: () => 'Range',
  reference: () => 'Reference',
};
