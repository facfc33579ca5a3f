/** Operations of a FHIRPath Patch, read from their Parameters resource. Pure. R4 fhirpatch.html. */
import { Failure } from '../../failure.ts';
import { propertiesOf } from '../definitions/index.ts';

/** What an operation brings: a value of a data type, a resource, or the parts of an element without a type of its own. */
export type PatchValue =
  | { kind: 'typed'; type: string; value: unknown; holder: object; key: string }
  | { kind: 'parts'; parts: { name: string; value: PatchValue; place: string }[] };

export type PatchOperation = { /** `Parameters.parameter[2]` */ place: string; path: string } & (
  | { type: 'add'; name: string; value: PatchValue }
  | { type: 'insert'; index: number; value: PatchValue }
  | { type: 'delete' }
  | { type: 'replace'; value: PatchValue }
  | { type: 'move'; source: number; destination: number }
);

interface Part {
  name?: unknown;
  part?: unknown;
  resource?: unknown;
  [value: `value${string}`]: unknown;
}

const TYPES = ['add', 'insert', 'delete', 'replace', 'move'];

/** Fails with `invalid-request` and the place of the fault. */
export function readPatchParameters(parameters: object): PatchOperation[] {
  const list = (parameters as { parameter?: unknown }).parameter ?? [];
  if (!Array.isArray(list))
    throw fault('"parameter" phải là danh sách.', 'parameter must be a list.', 'Parameters.parameter');
  return list.map((one, index) => readOperation(one, `Parameters.parameter[${index}]`));
}

function readOperation(raw: unknown, place: string): PatchOperation {
  if (!isObject(raw) || raw.name !== 'operation') {
    throw fault(
      'Mỗi tham số của bản sửa phải có tên "operation".',
      'Each parameter of a FHIRPath Patch is named "operation".',
      `${place}.name`,
    );
  }
  const parts = readParts(raw.part, place);
  const type = wanted(parts, 'type', 'string', place) as string;
  const path = wanted(parts, 'path', 'string', place) as string;
  const base = { place, path };
  switch (type) {
    case 'add':
      return {
        ...base,
        type,
        name: wanted(parts, 'name', 'string', place) as string,
        value: readValue(parts, place),
      };
    case 'insert':
      return {
        ...base,
        type,
        index: wanted(parts, 'index', 'number', place) as number,
        value: readValue(parts, place),
      };
    case 'replace':
      return { ...base, type, value: readValue(parts, place) };
    case 'delete':
      return { ...base, type };
    case 'move': {
      const source = wanted(parts, 'source', 'number', place) as number;
      return { ...base, type, source, destination: wanted(parts, 'destination', 'number', place) as number };
    }
    default:
      throw fault(
        `Thao tác "${type}" không có; chỉ có ${TYPES.join(', ')}.`,
        `Unknown operation type "${type}": ${TYPES.join(', ')}.`,
        place,
      );
  }
}

interface Placed {
  part: Part;
  place: string;
}

function readParts(list: unknown, place: string): Map<string, Placed> {
  const parts = new Map<string, Placed>();
  if (!Array.isArray(list)) throw fault('Thao tác thiếu "part".', 'The operation has no part.', place);
  for (const [index, part] of list.entries()) {
    const at = `${place}.part[${index}]`;
    if (!isObject(part) || typeof part.name !== 'string' || parts.has(part.name)) {
      throw fault(
        'Mỗi phần cần một tên, mỗi tên một lần.',
        'Each part needs a name, and each name stands once.',
        at,
      );
    }
    parts.set(part.name, { part: part as Part, place: at });
  }
  return parts;
}

function wanted(
  parts: Map<string, Placed>,
  name: string,
  kind: 'string' | 'number',
  place: string,
): string | number {
  const found = parts.get(name);
  const key = found && valueKey(found.part);
  const value = key === undefined ? undefined : found?.part[key];
  if (kind === 'string' ? typeof value === 'string' : Number.isInteger(value) && (value as number) >= 0) {
    return value as string | number;
  }
  throw fault(
    `Thao tác cần "${name}" (${kind === 'string' ? 'chuỗi' : 'số nguyên không âm'}).`,
    `The operation needs "${name}" (${kind === 'string' ? 'a string' : 'a whole number from 0'}).`,
    found?.place ?? place,
  );
}

function readValue(parts: Map<string, Placed>, place: string): PatchValue {
  const found = parts.get('value');
  if (found) return readTyped(found.part, found.place);
  throw fault('Thao tác cần "value".', 'The operation needs "value".', place);
}

function readTyped(part: Part, place: string): PatchValue {
  const key = valueKey(part);
  const hasParts = Array.isArray(part.part) && part.part.length > 0;
  if ([key !== undefined, hasParts, part.resource !== undefined].filter(Boolean).length !== 1) {
    throw fault(
      'Cần đúng một giá trị: value[x], resource hoặc part.',
      'One value is needed: value[x], resource or part.',
      place,
    );
  }
  if (hasParts) {
    const parts = (part.part as unknown[]).map((one, index) => {
      const at = `${place}.part[${index}]`;
      if (!isObject(one) || typeof one.name !== 'string')
        throw fault('Mỗi phần cần một tên.', 'Each part needs a name.', at);
      return { name: one.name, value: readTyped(one as Part, at), place: at };
    });
    return { kind: 'parts', parts };
  }
  if (key === undefined)
    return { kind: 'typed', type: 'Resource', value: part.resource, holder: part, key: 'resource' };
  const type = propertiesOf('Parameters.parameter').get(key)?.type.code;
  if (type === undefined) throw fault(`Không có "${key}".`, `There is no "${key}".`, place);
  return { kind: 'typed', type, value: part[key], holder: part, key };
}

function valueKey(part: Part): `value${string}` | undefined {
  return Object.keys(part).find((name) => name.startsWith('value')) as `value${string}` | undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fault(vi: string, en: string, expression: string): Failure {
  return new Failure('invalid-request', vi, { textEn: en, expression });
}
