/** JSON Patch (RFC 6902) on a parsed resource. Pure: the document that comes in is not changed. */
import { Failure } from '../../failure.ts';
import { cloneKeepingDecimals } from '../json/decimals.ts';
import { leaveOut } from './leave-out.ts';
import { parsePointer, readIndex, resolveIn } from './pointer.ts';

type Json = unknown;

interface Operation {
  op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  path: string;
  from?: string;
  value?: Json;
}

const OPS = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/**
 * Applies all operations or none (RFC 6902 section 5). Fails with `invalid-request` when the patch is no JSON Patch or
 * names a place that is not there, and with `business-rule` (422) when a `test` does not hold; the expression says which
 * operation. Lists and objects of which the operations have taken everything are left out: FHIR knows none that are empty.
 */
export function applyJsonPatch(document: Json, patch: Json): Json {
  if (!Array.isArray(patch))
    throw fault('JSON Patch phải là danh sách.', 'A JSON Patch must be an array.', '');
  let result = cloneKeepingDecimals(document);
  const emptied = new Set<Json>();
  for (const [index, raw] of patch.entries())
    result = applyOne(result, readOperation(raw, index), `patch[${index}]`, emptied);
  if (emptied.size > 0) leaveOut(result, emptied);
  return result;
}

function readOperation(raw: Json, index: number): Operation {
  const place = `patch[${index}]`;
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw fault('Thao tác phải là đối tượng.', 'An operation must be an object.', place);
  }
  const { op, path, from } = raw as Record<string, Json>;
  if (typeof op !== 'string' || !OPS.has(op)) {
    throw fault(`Thao tác "${String(op)}" không có.`, `Unknown op "${String(op)}".`, `${place}.op`);
  }
  if (typeof path !== 'string') throw fault('Thiếu "path".', 'Missing path.', `${place}.path`);
  if ((op === 'move' || op === 'copy') && typeof from !== 'string') {
    throw fault('Thiếu "from".', 'Missing from.', `${place}.from`);
  }
  if ((op === 'add' || op === 'replace' || op === 'test') && !Object.hasOwn(raw, 'value')) {
    throw fault('Thiếu "value".', 'Missing value.', `${place}.value`);
  }
  return raw as Operation;
}

/** @param emptied gets the lists and objects of which an operation took the last member */
function applyOne(document: Json, operation: Operation, place: string, emptied: Set<Json>): Json {
  const path = parsePointer(operation.path, `${place}.path`);
  switch (operation.op) {
    case 'add':
      return add(document, path, cloneKeepingDecimals(operation.value), place);
    case 'replace': {
      resolveIn(document, path, place);
      if (path.length === 0) return cloneKeepingDecimals(operation.value);
      return put(document, path, cloneKeepingDecimals(operation.value), place);
    }
    case 'remove':
      return remove(document, path, place, emptied);
    case 'copy': {
      const from = parsePointer(operation.from!, `${place}.from`);
      return add(document, path, cloneKeepingDecimals(resolveIn(document, from, place)), place);
    }
    case 'move':
      return move(document, operation, path, place, emptied);
    case 'test': {
      if (!sameJson(resolveIn(document, path, place), operation.value)) {
        throw new Failure('business-rule', `Phép thử ở "${operation.path}" không đúng.`, {
          textEn: `The test of "${operation.path}" failed.`,
          expression: place,
        });
      }
      return document;
    }
  }
}

function move(document: Json, operation: Operation, path: string[], place: string, emptied: Set<Json>): Json {
  const from = parsePointer(operation.from!, `${place}.from`);
  const value = resolveIn(document, from, place);
  if (operation.path === operation.from) return document;
  if (operation.path.startsWith(`${operation.from}/`)) {
    throw fault('Không thể chuyển vào chính nó.', 'A value cannot be moved into itself.', place);
  }
  return add(remove(document, from, place, emptied), path, value, place);
}

function add(document: Json, path: string[], value: Json, place: string): Json {
  const name = path.at(-1);
  if (name === undefined) return value;
  const parent = resolveIn(document, path.slice(0, -1), place);
  if (Array.isArray(parent)) {
    const index = name === '-' ? parent.length : readIndex(name, parent.length, place);
    parent.splice(index, 0, value);
    return document;
  }
  return put(document, path, value, place);
}

function put(document: Json, path: string[], value: Json, place: string): Json {
  const name = path.at(-1)!;
  const parent = resolveIn(document, path.slice(0, -1), place);
  if (Array.isArray(parent)) parent[readIndex(name, parent.length - 1, place)] = value;
  else if (typeof parent === 'object' && parent !== null) {
    if (name === '__proto__') throw fault('Tên không được phép.', 'Forbidden name "__proto__".', place);
    (parent as Record<string, Json>)[name] = value;
  } else throw fault(`Không có "/${path.join('/')}".`, `"/${path.join('/')}" has no container.`, place);
  return document;
}

function remove(document: Json, path: string[], place: string, emptied: Set<Json>): Json {
  resolveIn(document, path, place);
  const name = path.at(-1);
  if (name === undefined)
    throw fault('Không thể bỏ cả tài nguyên.', 'The whole document cannot be removed.', place);
  const parent = resolveIn(document, path.slice(0, -1), place);
  if (Array.isArray(parent)) parent.splice(readIndex(name, parent.length - 1, place), 1);
  else delete (parent as Record<string, Json>)[name];
  if (Object.keys(parent as object).length === 0) emptied.add(parent);
  return document;
}

/** RFC 6902 section 4.6: numbers by value, arrays in order, objects by members in any order. */
function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const namesOfA = Object.keys(a);
  const namesOfB = Object.keys(b);
  return (
    namesOfA.length === namesOfB.length &&
    namesOfA.every(
      (name) =>
        Object.hasOwn(b, name) &&
        sameJson((a as Record<string, Json>)[name], (b as Record<string, Json>)[name]),
    )
  );
}

function fault(vi: string, en: string, expression: string): Failure {
  return new Failure('invalid-request', vi, { textEn: en, ...(expression === '' ? {} : { expression }) });
}
