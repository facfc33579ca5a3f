/** The element tables of R4 as JSON Schemas (2020-12), one component for each structure, data type and list of codes. Pure. */
import {
  baseTypeOf,
  type Element,
  type ElementType,
  elementsOf,
  isPrimitive,
  isResourceName,
  propertyName,
  requiredCodes,
} from '../definitions/index.ts';

export type Schema = Record<string, unknown>;

/** R4 datatypes.html#primitive. */
const PRIMITIVES: Readonly<Record<string, Schema>> = {
  boolean: { type: 'boolean' },
  integer: { type: 'integer', minimum: -2147483648, maximum: 2147483647 },
  unsignedInt: { type: 'integer', minimum: 0, maximum: 2147483647 },
  positiveInt: { type: 'integer', minimum: 1, maximum: 2147483647 },
  decimal: { type: 'number' },
  string: { type: 'string', minLength: 1 },
  markdown: { type: 'string', minLength: 1 },
  xhtml: { type: 'string', minLength: 1 },
  code: { type: 'string', pattern: '^[^\\s]+(\\s[^\\s]+)*$' },
  id: { type: 'string', pattern: '^[A-Za-z0-9\\-.]{1,64}$' },
  uri: { type: 'string', pattern: '^\\S*$' },
  url: { type: 'string', pattern: '^\\S*$' },
  canonical: { type: 'string', pattern: '^\\S*$' },
  oid: { type: 'string', pattern: '^urn:oid:[0-2](\\.(0|[1-9][0-9]*))+$' },
  uuid: { type: 'string', pattern: '^urn:uuid:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' },
  base64Binary: { type: 'string', contentEncoding: 'base64' },
  date: { type: 'string', pattern: '^\\d{4}(-\\d\\d(-\\d\\d)?)?$' },
  dateTime: {
    type: 'string',
    pattern: '^\\d{4}(-\\d\\d(-\\d\\d(T\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d))?)?)?$',
  },
  instant: {
    type: 'string',
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$',
  },
  time: { type: 'string', pattern: '^\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?$' },
};

const CODES = 'codes.';
/** What stands in another resource (`contained`, `Bundle.entry.resource`): validated by its own type. */
const ANY_RESOURCE: Schema = {
  type: 'object',
  description: 'Any resource of R4.',
  properties: { resourceType: { type: 'string' } },
  required: ['resourceType'],
};

/** `#/components/schemas/Patient`. */
export function schemaRef(name: string): string {
  return `${PREFIX}${name}`;
}

/**
 * The schemas of some structures and of everything that they lead to, by name, sorted.
 * @param names resource types and data types
 */
export function schemasOf(names: readonly string[]): Record<string, Schema> {
  const made = new Map<string, Schema>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (made.has(name)) continue;
    const schema = schemaOf(name);
    made.set(name, schema);
    open.push(...referredBy(schema));
  }
  return Object.fromEntries([...made].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const PREFIX = '#/components/schemas/';

/** Schemas that a part of the document names, each once. */
export function referredBy(part: unknown): string[] {
  const found = new Set<string>();
  // Parts are shared: an answer of failures stands under thousands of addresses.
  const seen = new Set<unknown>();
  const open: unknown[] = [part];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one !== 'object' || one === null || seen.has(one)) continue;
    seen.add(one);
    const { $ref } = one as { $ref?: unknown };
    if (typeof $ref === 'string' && $ref.startsWith(PREFIX)) found.add($ref.slice(PREFIX.length));
    for (const inner of Object.values(one)) open.push(inner);
  }
  return [...found];
}

function schemaOf(name: string): Schema {
  if (name === 'Resource') return ANY_RESOURCE;
  if (name.startsWith(CODES)) return codesOf(name.slice(CODES.length));
  const primitive = PRIMITIVES[name];
  return primitive ?? structureOf(name);
}

function codesOf(name: string): Schema {
  const codes = [...requiredCodes(name)!.values()].flatMap((one) => [...one]);
  return {
    type: 'string',
    description: `http://hl7.org/fhir/ValueSet/${name}`,
    enum: [...new Set(codes)],
  };
}

function structureOf(path: string): Schema {
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  const oneOf: Schema[] = [];
  if (isResourceName(path)) {
    properties.resourceType = { const: path };
    required.push('resourceType');
  }
  for (const element of elementsOf(path)) {
    const names = element.types.map((type) => addProperty(properties, path, element, type));
    if (element.min === 0) continue;
    const all = names.flat();
    if (all.length === 1) required.push(all[0]!);
    else oneOf.push({ anyOf: all.map((one) => ({ required: [one] })) });
  }
  return {
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
    ...(oneOf.length > 0 ? { allOf: oneOf } : {}),
    additionalProperties: false,
  };
}

/** @returns names under which the element may come: a primitive also by its extensions alone (`_birthDate`) */
function addProperty(
  properties: Record<string, Schema>,
  path: string,
  element: Element,
  type: ElementType,
): string[] {
  const name = propertyName(element, type);
  const code = baseTypeOf(type.code);
  const value = valueSchema(element, code, type);
  properties[name] = element.max > 1 ? listOf(element, value, isPrimitive(code)) : value;
  if (!isPrimitive(code) || isInherent(path, element)) return [name];
  const extensions = { $ref: schemaRef('Element') };
  properties[`_${name}`] =
    element.max > 1 ? { type: 'array', items: { anyOf: [extensions, { type: 'null' }] } } : extensions;
  return [name, `_${name}`];
}

/** Ids and the addresses of extensions have no extensions of their own. */
function isInherent(path: string, { name }: Element): boolean {
  return (name === 'id' && !isResourceName(path)) || (path === 'Extension' && name === 'url');
}

function valueSchema(element: Element, code: string, { targets }: ElementType): Schema {
  if (code === 'code' && element.codes !== undefined && requiredCodes(element.codes) !== undefined)
    return { $ref: schemaRef(`${CODES}${element.codes}`) };
  const ref = { $ref: schemaRef(code) };
  return targets === undefined ? ref : { ...ref, description: `Reference(${targets.join(' | ')})` };
}

function listOf({ max }: Element, value: Schema, primitive: boolean): Schema {
  return {
    type: 'array',
    items: primitive ? { anyOf: [value, { type: 'null' }] } : value,
    minItems: 1,
    ...(Number.isFinite(max) ? { maxItems: max } : {}),
  };
}
