/** Names of types: FHIR's (`code`, `Patient.contact`) and FHIRPath's own (`System.String`), and who is a kind of whom. */
import { elementsOf, hasStructure, isPrimitive, isResourceName } from '../definitions/elements.ts';
import type { PathTree } from './tree.ts';

export type Kind = 'boolean' | 'number' | 'text' | 'date' | 'dateTime' | 'time' | 'complex' | 'unknown';

const KINDS: Record<string, Kind> = {
  boolean: 'boolean',
  integer: 'number',
  positiveInt: 'number',
  unsignedInt: 'number',
  decimal: 'number',
  date: 'date',
  dateTime: 'dateTime',
  instant: 'dateTime',
  time: 'time',
  'System.Boolean': 'boolean',
  'System.Integer': 'number',
  'System.Decimal': 'number',
  'System.String': 'text',
  'System.Date': 'date',
  'System.DateTime': 'dateTime',
  'System.Time': 'time',
};

/** @param type FHIR type or `System.…`, or null when only the data know it */
export function kindOf(type: string | null): Kind {
  if (type === null) return 'unknown';
  return KINDS[type] ?? (isPrimitive(type) ? 'text' : 'complex');
}

export const isTemporal = (kind: Kind) => kind === 'date' || kind === 'dateTime' || kind === 'time';

const SYSTEM = new Set([
  'Boolean',
  'String',
  'Integer',
  'Decimal',
  'Date',
  'DateTime',
  'Time',
  'Quantity',
  'Any',
]);

/** Data types of R4 that are a kind of another (http://hl7.org/fhir/R4/datatypes.html). */
const PARENTS: Record<string, string> = {
  code: 'string',
  id: 'string',
  markdown: 'string',
  positiveInt: 'integer',
  unsignedInt: 'integer',
  url: 'uri',
  canonical: 'uri',
  oid: 'uri',
  uuid: 'uri',
  Age: 'Quantity',
  Count: 'Quantity',
  Distance: 'Quantity',
  Duration: 'Quantity',
  BackboneElement: 'Element',
  DomainResource: 'Resource',
};

function parentOf(type: string): string | null {
  if (Object.hasOwn(PARENTS, type)) return PARENTS[type]!;
  if (type === 'Element' || type === 'Resource' || type.startsWith('System.')) return null;
  if (isPrimitive(type)) return 'Element';
  if (isResourceName(type)) return has(type, 'text') ? 'DomainResource' : 'Resource';
  return has(type, 'modifierExtension') ? 'BackboneElement' : 'Element';
}

const has = (type: string, name: string) =>
  hasStructure(type) && elementsOf(type).some((element) => element.name === name);

/** The FHIR type of FHIRPath that a FHIR type stands for where a value is asked for; itself when none. */
export function systemOf(type: string): string | null {
  if (type.startsWith('System.')) return type;
  switch (kindOf(type)) {
    case 'boolean':
      return 'System.Boolean';
    case 'number':
      return type === 'decimal' ? 'System.Decimal' : 'System.Integer';
    case 'text':
      return 'System.String';
    case 'date':
      return 'System.Date';
    case 'dateTime':
      return 'System.DateTime';
    case 'time':
      return 'System.Time';
    default:
      return type === 'Quantity' || PARENTS[type] === 'Quantity' ? 'System.Quantity' : null;
  }
}

/** FHIR's name of a type, as SQL on FHIR declares columns: `System.DateTime` is `dateTime`. */
export function fhirName(type: string | null): string | null {
  if (type === null || !type.startsWith('System.')) return type;
  const name = type.slice('System.'.length);
  if (name === 'Quantity') return name;
  return SYSTEM.has(name) ? name.charAt(0).toLowerCase() + name.slice(1) : null;
}

/** A type that an expression names. */
export interface TypeName {
  namespace: 'FHIR' | 'System' | null;
  name: string;
}

/** `Quantity`, `FHIR.Quantity`, `System.String`; null for what is no type. */
export function typeNamed(tree: PathTree): TypeName | null {
  if (tree.kind !== 'member') return null;
  if (tree.base === null) return known({ namespace: null, name: tree.name });
  if (tree.base.kind !== 'member' || tree.base.base !== null) return null;
  const namespace = tree.base.name;
  return namespace === 'FHIR' || namespace === 'System' ? known({ namespace, name: tree.name }) : null;
}

function known(type: TypeName): TypeName | null {
  const { namespace, name } = type;
  if (namespace !== 'FHIR' && SYSTEM.has(name)) return type;
  return namespace !== 'System' && isFhirType(name) ? type : null;
}

const ABSTRACT = new Set(['Element', 'BackboneElement', 'Resource', 'DomainResource']);

export function isFhirType(name: string): boolean {
  return !name.includes('.') && (hasStructure(name) || isPrimitive(name) || ABSTRACT.has(name));
}

/**
 * Is a value of `type` one of the type that is named (`is`)? A name without namespace means FHIR's type, and FHIRPath's own
 * where FHIR has none: `Boolean` is also what FHIR's `boolean` stands for, as R4's own invariants (que-7) expect.
 */
export function isA(type: string, wanted: TypeName): boolean {
  const { namespace, name } = wanted;
  if (namespace !== 'System' && isFhirType(name)) {
    for (let one: string | null = type; one !== null; one = parentOf(one)) if (one === name) return true;
  }
  return isSystem(type, wanted, namespace === null);
}

/**
 * Does `as` or `ofType` pick a value of `type`? A primitive is of its own type alone: `ofType(string)` picks no code. FHIRPath's
 * types pick what stands for them.
 */
export function fits(type: string, wanted: TypeName): boolean {
  const { namespace, name } = wanted;
  if (namespace !== 'System' && isPrimitive(name)) return type === name;
  return isSystem(type, wanted, true) || isA(type, wanted);
}

function isSystem(type: string, { namespace, name }: TypeName, wide: boolean): boolean {
  if (namespace === 'FHIR' || !SYSTEM.has(name)) return false;
  if (name === 'Any' || type === `System.${name}`) return true;
  return wide && systemOf(type) === `System.${name}`;
}

/** `type()` of FHIRPath: `{namespace: 'FHIR', name: 'code'}`; a backbone element is a `BackboneElement`. */
export function reflected(type: string): { namespace: string; name: string } {
  if (type.startsWith('System.')) return { namespace: 'System', name: type.slice('System.'.length) };
  return { namespace: 'FHIR', name: type.includes('.') ? (parentOf(type) ?? type) : type };
}
