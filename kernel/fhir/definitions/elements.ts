/**
 * Element tables of every R4 resource, backbone element and data type, of `elements.gen.json`, parsed one structure at a
 * time when first asked for. Needs nothing of Node: forms ask it in the browser, too.
 *
 * Notation of a line: `name cardinality types[ =codeset]`. Cardinality `?` 0..1, `!` 1..1, `*` 0..*, `+` 1..*, else
 * `min..max`. Types separated by `|`; a name ending in `[x]` is a choice; `Reference(A,B)` lists allowed targets; a type
 * that is a path (`Patient.contact`) is a backbone element or a content reference.
 */
import tables from './elements.gen.json' with { type: 'json' };
import types from './types.gen.json' with { type: 'json' };

export interface ElementType {
  /** Data type (`HumanName`, `code`, `Reference`, `Resource`) or structure path (`Patient.contact`). */
  readonly code: string;
  /** Allowed target types of a Reference; undefined = any. */
  readonly targets?: readonly string[];
}

export interface Element {
  /** Name without `[x]`. */
  readonly name: string;
  readonly min: number;
  /** Infinity for `*`. */
  readonly max: number;
  readonly choice: boolean;
  readonly types: readonly ElementType[];
  /** Short name of the value set with a required binding (`requiredCodes`). */
  readonly codes?: string;
}

/** One JSON property of a structure: choices are spread (`valueQuantity`, `valueString` …). */
export interface Property {
  readonly element: Element;
  readonly type: ElementType;
}

const lines: Readonly<Record<string, readonly string[]>> = tables;
const resources = new Set(types.resources);
const complex = new Set(types.complex);
const primitives = new Set([...types.primitives, 'string', 'boolean', 'integer', 'decimal']);
const elements = new Map<string, readonly Element[]>();
const properties = new Map<string, ReadonlyMap<string, Property>>();

/** Names of the 146 concrete resource types, sorted. */
export const resourceTypeNames: readonly string[] = types.resources;

export function isResourceName(name: string): boolean {
  return resources.has(name);
}

export function isPrimitive(code: string): boolean {
  return primitives.has(code);
}

/** Data types, not resources: HumanName, Quantity, SimpleQuantity … */
export function isComplexType(code: string): boolean {
  return complex.has(code);
}

/** True when the tables know the structure: a type or a backbone path. */
export function hasStructure(path: string): boolean {
  return Object.hasOwn(lines, path);
}

/** Elements of a structure in the order of the definition. An unknown structure is a defect and throws. */
export function elementsOf(path: string): readonly Element[] {
  const known = elements.get(path);
  if (known) return known;
  const source = lines[path];
  if (!source) throw new Error(`no structure ${path}`);
  const parsed = source.map(parseLine);
  elements.set(path, parsed);
  return parsed;
}

/** JSON property name → element and type, choices spread out. */
export function propertiesOf(path: string): ReadonlyMap<string, Property> {
  const known = properties.get(path);
  if (known) return known;
  const map = new Map<string, Property>();
  for (const element of elementsOf(path)) {
    for (const type of element.types) {
      map.set(propertyName(element, type), { element, type });
    }
  }
  properties.set(path, map);
  return map;
}

/** `effective[x]` of dateTime → `effectiveDateTime`; a profile of Quantity is written as `Quantity`. */
export function propertyName(element: Element, type: ElementType): string {
  if (!element.choice) return element.name;
  const code = baseTypeOf(type.code);
  return element.name + code.charAt(0).toUpperCase() + code.slice(1);
}

/** SimpleQuantity and MoneyQuantity are Quantity with less; every other type is itself. */
export function baseTypeOf(code: string): string {
  return code === 'SimpleQuantity' || code === 'MoneyQuantity' ? 'Quantity' : code;
}

const CARDINALITY: Record<string, [number, number]> = {
  '?': [0, 1],
  '!': [1, 1],
  '*': [0, Number.POSITIVE_INFINITY],
  '+': [1, Number.POSITIVE_INFINITY],
};

function parseLine(line: string): Element {
  const [name = '', card = '', types = '', codes] = line.split(' ');
  const [min, max] = CARDINALITY[card] ?? parseRange(card);
  const choice = name.endsWith('[x]');
  return {
    name: choice ? name.slice(0, -3) : name,
    min,
    max,
    choice,
    types: types.split('|').map(parseType),
    ...(codes ? { codes: codes.slice(1) } : {}),
  };
}

function parseRange(card: string): [number, number] {
  const [min = '0', max = '*'] = card.split('..');
  return [Number(min), max === '*' ? Number.POSITIVE_INFINITY : Number(max)];
}

function parseType(text: string): ElementType {
  const open = text.indexOf('(');
  if (open < 0) return { code: text };
  return { code: text.slice(0, open), targets: text.slice(open + 1, -1).split(',') };
}
