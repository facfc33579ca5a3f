/** Expressions beyond the grammar of `paths.ts`, by `kernel/fhir/path`. */
import { compilePath, Work } from '../../fhir/path/index.ts';

/** The values an expression leads to in a resource, in its order. A resource on which it fails has none. */
export type Evaluate = (resource: unknown) => unknown[];

/** @throws Error that says what is wrong with the expression */
export function compileFhirPath(expression: string, type: string): Evaluate {
  const { step } = compilePath(expression, { type, constants: new Map(), lenient: true });
  return (resource) => {
    try {
      return [...step([resource], new Work())];
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
