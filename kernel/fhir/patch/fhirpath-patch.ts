/** FHIRPath Patch (R4 fhirpatch.html) on a parsed resource. The resource that comes in is not changed. */
import { Failure } from '../../failure.ts';
import { baseTypeOf, type Element, isPrimitive, propertyName } from '../definitions/index.ts';
import { carryDecimal, cloneKeepingDecimals } from '../json/decimals.ts';
import {
  elementNamed,
  type Holder,
  type Location,
  locate,
  locateCollection,
  notOne,
  structureOf,
} from './location.ts';
import { type PatchOperation, type PatchValue, readPatchParameters } from './patch-parameters.ts';

/**
 * Applies all operations in order, or none. The expression of a failure names the operation (`Parameters.parameter[2]`).
 * @param parameters Parameters resource with one parameter `operation` for each change
 * Fails with `invalid-request` when it is no FHIRPath Patch, `business-rule` (422) when the resource has no such place, or
 * the value does not belong there. Whether the outcome is valid is for the validator.
 */
export function applyFhirPathPatch<T extends object>(resource: T, parameters: object): T {
  const result = cloneKeepingDecimals(resource);
  for (const operation of readPatchParameters(parameters)) apply(result, operation);
  return result;
}

function apply(resource: object, operation: PatchOperation): void {
  switch (operation.type) {
    case 'add':
      add(resource, operation);
      break;
    case 'insert':
      insert(resource, operation);
      break;
    case 'delete':
      remove(resource, operation);
      break;
    case 'replace':
      replace(resource, operation);
      break;
    case 'move':
      move(resource, operation);
      break;
  }
}

type Of<T extends PatchOperation['type']> = Extract<PatchOperation, { type: T }>;

function add(resource: object, { path, name, value, place }: Of<'add'>): void {
  const target = theOne(resource, path, place);
  if (!isHolder(target.value)) throw wrongPlace(name, structureOf(target), place);
  put(target.value, structureOf(target), name, value, place);
}

/** Appends to a list; a single element may not be there yet. */
function put(holder: Holder, structure: string, name: string, value: PatchValue, place: string): void {
  const element = elementNamed(structure, name);
  if (!element) throw wrongPlace(name, structure, place);
  const { key, built } = fit(element, value, place);
  if (element.max > 1) {
    const list = holder[key];
    if (Array.isArray(list)) list.push(built);
    else holder[key] = [built];
    return;
  }
  if (element.types.some((type) => Object.hasOwn(holder, propertyName(element, type)))) {
    throw new Failure('business-rule', `"${name}" đã có sẵn và chỉ có một; hãy dùng replace.`, {
      textEn: `"${name}" is there already and does not repeat: use replace.`,
      expression: place,
    });
  }
  holder[key] = built;
  if (value.kind === 'typed') carryDecimal(value.holder, value.key, holder, key);
}

function insert(resource: object, { path, index, value, place }: Of<'insert'>): void {
  const { holder, element } = locateCollection(resource, path, place);
  const list = listOf(holder, element, path, place);
  if (index > list.length) throw outside(index, list.length, place);
  const { key, built } = fit(element, value, place);
  list.splice(index, 0, built);
  holder[key] = list;
  shadowOf(holder, key)?.splice(index, 0, null);
}

/** "The element to delete (if found)": nothing there is nothing to do. */
function remove(resource: object, { path, place }: Of<'delete'>): void {
  const found = locate(resource, path, place);
  if (found.length === 0) return;
  if (found.length > 1) throw notOne(path, found.length, place);
  const { holder, key, index, element } = found[0]!;
  if (element === null) throw wholeResource(place);
  const list = holder[key];
  if (index === null || !Array.isArray(list) || list.length === 1) {
    delete holder[key];
    delete holder[`_${key}`];
    return;
  }
  list.splice(index, 1);
  shadowOf(holder, key)?.splice(index, 1);
}

function replace(resource: object, { path, value, place }: Of<'replace'>): void {
  const { holder, key: old, index, element } = theOne(resource, path, place);
  if (element === null) throw wholeResource(place);
  const { key, built } = fit(element, value, place);
  if (index !== null) {
    (holder[old] as unknown[])[index] = built;
    const shadow = shadowOf(holder, old);
    if (shadow && index < shadow.length) shadow[index] = null;
    return;
  }
  delete holder[`_${old}`];
  if (key !== old) delete holder[old];
  holder[key] = built;
  if (value.kind === 'typed') carryDecimal(value.holder, value.key, holder, key);
}

function move(resource: object, { path, source, destination, place }: Of<'move'>): void {
  const { holder, element } = locateCollection(resource, path, place);
  const list = listOf(holder, element, path, place);
  const last = list.length - 1;
  for (const index of [source, destination]) if (index > last) throw outside(index, list.length, place);
  const shadow = shadowOf(holder, element.name);
  if (shadow) while (shadow.length < list.length) shadow.push(null);
  for (const one of [list, shadow]) if (one) one.splice(destination, 0, one.splice(source, 1)[0]);
}

/** A value as the element takes it, with the JSON name it gets there. */
function fit(element: Element, value: PatchValue, place: string): { key: string; built: unknown } {
  if (value.kind === 'parts') {
    const [type] = element.types;
    if (element.choice || type === undefined || isPrimitive(type.code))
      throw wrongType(element, 'part', place);
    const built: Holder = {};
    for (const part of value.parts) put(built, baseTypeOf(type.code), part.name, part.value, part.place);
    return { key: element.name, built };
  }
  const type = element.types.find(({ code }) => baseTypeOf(code) === value.type) ?? kin(element, value);
  if (!type) throw wrongType(element, value.type, place);
  return { key: propertyName(element, type), built: cloneKeepingDecimals(value.value) };
}

/** A code may come as a string: the JSON is one, and the validator checks the outcome. A choice needs the very type. */
function kin(element: Element, { type }: Extract<PatchValue, { kind: 'typed' }>) {
  if (element.choice || !isPrimitive(type)) return undefined;
  return element.types.find(({ code }) => isPrimitive(code) && jsonKind(code) === jsonKind(type));
}

function jsonKind(type: string): string {
  if (type === 'boolean') return 'boolean';
  return ['integer', 'positiveInt', 'unsignedInt', 'decimal'].includes(type) ? 'number' : 'string';
}

function theOne(resource: object, path: string, place: string): Location {
  const found = locate(resource, path, place);
  if (found.length !== 1) throw notOne(path, found.length, place);
  return found[0]!;
}

function listOf(holder: Holder, element: Element, path: string, place: string): unknown[] {
  const list = holder[element.name] ?? [];
  if (element.max > 1 && Array.isArray(list)) return list;
  throw new Failure('business-rule', `"${path}" không phải danh sách.`, {
    textEn: `"${path}" is no list.`,
    expression: place,
  });
}

/** Extensions of a list of primitives (`_given` beside `given`). */
function shadowOf(holder: Holder, key: string): unknown[] | undefined {
  const shadow = holder[`_${key}`];
  return Array.isArray(shadow) ? shadow : undefined;
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongPlace(name: string, structure: string, place: string): Failure {
  return new Failure('business-rule', `${structure} không có phần tử "${name}".`, {
    textEn: `${structure} has no element "${name}".`,
    expression: place,
  });
}

function wrongType(element: Element, type: string, place: string): Failure {
  const types = element.types.map(({ code }) => code).join(', ');
  return new Failure('business-rule', `"${element.name}" nhận kiểu ${types}, không nhận ${type}.`, {
    textEn: `"${element.name}" takes ${types}, not ${type}.`,
    expression: place,
  });
}

function wholeResource(place: string): Failure {
  return new Failure('business-rule', 'Bản sửa không xóa hay thay cả tài nguyên.', {
    textEn: 'A patch does not delete or replace the whole resource.',
    expression: place,
  });
}

function outside(index: number, length: number, place: string): Failure {
  return new Failure('business-rule', `Vị trí ${index} ngoài danh sách có ${length} phần tử.`, {
    textEn: `Index ${index} is outside the list of ${length}.`,
    expression: place,
  });
}
