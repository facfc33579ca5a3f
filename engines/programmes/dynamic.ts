/** `dynamicValue` (R4 ActivityDefinition, PlanDefinition.action): what an expression gives is put where its path says. Pure. */
import { type Property, propertiesOf } from '../../kernel/fhir/definitions/index.ts';
import type { Resource } from '../../kernel/fhir/types.ts';

/** Why a path cannot be followed, in Vietnamese and English. */
export type PathFault = readonly [vi: string, en: string];

const SEGMENT = /^([A-Za-z]\w*)(?:\[(\d{1,3})\])?$/;

interface Place {
  node: Record<string, unknown>;
  structure: string;
}

/**
 * Sets an element of a resource; what is on the way is made. Elements are named as R4 names them (`dosageInstruction[0].text`,
 * `occurrence`); of a choice the type is told by the value.
 * @returns null, or why it was not done
 */
export function setPath(resource: Resource, path: string, values: readonly unknown[]): PathFault | null {
  const named = path.startsWith(`${resource.resourceType}.`)
    ? path.slice(resource.resourceType.length + 1)
    : path;
  const segments = named.split('.').map((text) => SEGMENT.exec(text));
  if (segments.some((one) => one === null))
    return [`"${path}" không phải đường dẫn đơn giản`, `"${path}" is no simple path`];
  let place: Place = {
    node: resource as unknown as Record<string, unknown>,
    structure: resource.resourceType,
  };
  for (const [at, segment] of segments.entries()) {
    const [, name = '', index] = segment!;
    const isLast = at === segments.length - 1;
    const property = propertyOf(place.structure, name, isLast ? values[0] : undefined);
    if (property === null)
      return [`không có phần tử "${name}" trong ${place.structure}`, `${place.structure} has no "${name}"`];
    const position = index === undefined ? undefined : Number(index);
    if (isLast) return put(place.node, property, position, values);
    place = stepInto(place, property, position ?? 0);
  }
  return null;
}

interface Named {
  name: string;
  property: Property;
}

function propertyOf(structure: string, name: string, value: unknown): Named | null {
  const known = propertiesOf(structure).get(name);
  if (known) return { name, property: known };
  const choices = [...propertiesOf(structure)].filter(
    ([, { element }]) => element.choice && element.name === name,
  );
  const fitting = typesOf(value);
  for (const code of fitting) {
    const found = choices.find(([, { type }]) => type.code === code);
    if (found) return { name: found[0], property: found[1] };
  }
  return null;
}

/** Types that a value can be of, the narrowest first. */
function typesOf(value: unknown): string[] {
  if (typeof value === 'boolean') return ['boolean'];
  if (typeof value === 'number')
    return Number.isInteger(value) ? ['integer', 'positiveInt', 'decimal'] : ['decimal'];
  if (typeof value === 'string')
    return /^\d{4}(-\d\d(-\d\d(T.*)?)?)?$/.test(value)
      ? ['dateTime', 'date', 'instant', 'string']
      : ['string', 'code', 'uri', 'canonical', 'markdown'];
  if (typeof value !== 'object' || value === null) return [];
  if ('reference' in value) return ['Reference'];
  if ('coding' in value) return ['CodeableConcept'];
  if ('repeat' in value) return ['Timing'];
  if ('start' in value || 'end' in value) return ['Period'];
  if ('low' in value || 'high' in value) return ['Range'];
  if ('value' in value) return ['Quantity', 'SimpleQuantity', 'Duration', 'Age'];
  return ['CodeableConcept', 'Period'];
}

function put(
  node: Record<string, unknown>,
  { name, property }: Named,
  index: number | undefined,
  values: readonly unknown[],
): PathFault | null {
  const repeats = property.element.max > 1;
  if (!repeats && values.length > 1)
    return [
      `biểu thức cho ${values.length} giá trị, "${name}" chỉ nhận một`,
      `gives ${values.length} values for "${name}", which takes one`,
    ];
  if (!repeats) {
    node[name] = values[0];
    return null;
  }
  if (index === undefined) {
    node[name] = [...values];
    return null;
  }
  const list = [...((node[name] as unknown[] | undefined) ?? [])];
  if (index > list.length)
    return [`"${name}" mới có ${list.length} phần tử`, `"${name}" has ${list.length} only`];
  list[index] = values[0];
  node[name] = list;
  return null;
}

function stepInto({ node }: Place, { name, property }: Named, index: number): Place {
  const structure = property.type.code;
  if (property.element.max <= 1) {
    const next = { ...(node[name] as object | undefined) };
    node[name] = next;
    return { node: next, structure };
  }
  const list = [...((node[name] as object[] | undefined) ?? [])];
  const at = Math.min(index, list.length);
  const next = { ...list[at] };
  list[at] = next;
  node[name] = list;
  return { node: next as Record<string, unknown>, structure };
}
