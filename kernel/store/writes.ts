/** From an intended write to everything the commit needs of it. No I/O. */
import { Failure } from '../failure.ts';
import type { Resource } from '../fhir/types.ts';
import { Together } from '../together.ts';
import { tailOf } from './body.ts';
import type { Codecs, Packed } from './codecs.ts';
import { isSharedType, patientOf, shardKey } from './compartment.ts';
import type { Criteria, SearchBounds, Write } from './contract.ts';
import { hash64 } from './hash.ts';
import { idWithin, isId, keyInside, looseId } from './ids.ts';
import type { IndexRow } from './index-row.ts';
import { type StoredType, typeNumber } from './resource-types.ts';
import { liesSealed } from './sealed-body.ts';

/** Operation codes of fhir_commit. */
export const CREATE = 1;
export const PUT = 2;
export const DELETE = 3;

/** Expectations of fhir_commit below the version numbers. */
export const ANYTHING = -1;
export const NOTHING = 0;

export interface PreparedWrite {
  /** Place among the writes of the commit. */
  n: number;
  op: typeof CREATE | typeof PUT | typeof DELETE;
  type: StoredType;
  t: number;
  id: string;
  idh: bigint;
  /** Person of the resource as it will be; for a delete null and 0 until it is located. */
  patient: string | null;
  pt: bigint;
  /** False when the resource may lie elsewhere than under `pt`. */
  placed: boolean;
  expect: number;
  packed: Packed | null;
  row: IndexRow | null;
  resource: Resource | null;
  criteria?: Criteria;
  bounds?: SearchBounds;
}

export type Extract = (resource: Resource) => IndexRow;

export interface PrepareTools {
  extract: Extract;
  codecs: Codecs;
  /** Where a client-assigned id was seen lately, if at all. */
  known: (idh: bigint) => bigint | undefined;
}

/** Prepares the writes of commits that come together by their types. */
export function preparingBy(tools: PrepareTools): Together<Write, PreparedWrite> {
  return new Together(
    (write) => (write.op === 'delete' ? write.type : write.resource.resourceType),
    (write, n) => prepareWrite(write, n, tools),
  );
}

export function prepareWrite(write: Write, n: number, tools: PrepareTools): PreparedWrite {
  if (write.op === 'delete') return prepareDelete(write, n, tools.known);
  const resource = withId(write);
  const type = resource.resourceType as StoredType;
  const patient = patientOf(resource);
  const pt = shardKey(patient);
  const id = resource.id!;
  const idh = type === 'Patient' ? pt : hash64(`${type}/${id}`);
  const fresh = write.op === 'create';
  const row = tools.extract(resource);
  return {
    n,
    op: fresh ? CREATE : PUT,
    type,
    t: typeNumber(type)!,
    id,
    idh,
    patient,
    pt,
    placed: isPlacedBy(type, id, pt) || (!fresh && tools.known(idh) === pt),
    expect: write.op === 'create' || write.ifMatch === undefined ? ANYTHING : (write.ifMatch ?? NOTHING),
    packed: tools.codecs.pack(type, tailOf(resource), patient ?? id, liesSealed(type, row.sec)),
    row,
    resource,
    ...(write.criteria && { criteria: write.criteria }),
    ...(write.bounds && { bounds: write.bounds }),
  };
}

function prepareDelete(
  write: Write & { op: 'delete' },
  n: number,
  known: (idh: bigint) => bigint | undefined,
): PreparedWrite {
  const type = knownType(write.type);
  checkId(type, write.id);
  const idh = hash64(`${type}/${write.id}`);
  const pt = type === 'Patient' ? idh : isSharedType(type) ? 0n : (known(idh) ?? keyInside(write.id));
  return {
    n,
    op: DELETE,
    type,
    t: typeNumber(type)!,
    id: write.id,
    idh,
    patient: type === 'Patient' ? write.id : null,
    pt: pt ?? 0n,
    placed: pt !== null,
    expect: write.ifMatch ?? ANYTHING,
    packed: null,
    row: null,
    resource: null,
    ...(write.criteria && { criteria: write.criteria }),
    ...(write.bounds && { bounds: write.bounds }),
  };
}

/** True when the id alone leads to the person's key. */
export function isPlacedBy(type: StoredType, id: string, pt: bigint): boolean {
  return type === 'Patient' || isSharedType(type) || (keyInside(id) ?? 0n) === pt;
}

/** Reserves an id; see `Store.newId`. */
export function newId(type: string, patientId?: string): string {
  if (type === 'Patient' || isSharedType(type)) return looseId();
  return idWithin(shardKey(patientId ?? null));
}

function withId(write: Write & { resource: Resource }): Resource {
  const type = knownType(write.resource.resourceType);
  if (write.resource.id === undefined) {
    if (write.op === 'update')
      throw new Failure('invalid-resource', 'Cập nhật cần có id của bản ghi.', {
        textEn: 'An update needs the id.',
      });
    return { ...write.resource, id: newId(type, patientOf(write.resource) ?? undefined) };
  }
  checkId(type, write.resource.id);
  return write.resource;
}

function knownType(type: string): StoredType {
  if (typeNumber(type) !== undefined) return type as StoredType;
  throw new Failure('not-supported', `Không có loại bản ghi ${type} trong FHIR R4.`, {
    textEn: `FHIR R4 has no resource type ${type}.`,
  });
}

function checkId(type: string, id: string): void {
  if (isId(id)) return;
  throw new Failure(
    'invalid-resource',
    `Mã ${id} không hợp lệ: chỉ gồm chữ, số, dấu - và dấu chấm, tối đa 64 ký tự.`,
    {
      textEn: `The id ${id} is not valid: letters, digits, - and . only, at most 64.`,
      expression: `${type}.id`,
    },
  );
}
