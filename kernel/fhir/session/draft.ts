/** From what a caller asks (conditions, patches) to one plain change of one resource, as the record stands now. */
import type { Actor } from '../../access/contract.ts';
import { Failure } from '../../failure.ts';
import type { StoredVersion, WriteResult } from '../../store/contract.ts';
import { copyKeepingDecimals } from '../json/decimals.ts';
import { readStoredJson } from '../json/read.ts';
import { applyPatch } from '../patch/read-patch.ts';
import type { Resource, ResourceType } from '../types.ts';
import type { Parts } from './reads.ts';
import type { WriteIntent } from './session.ts';

/** A write with its place in the Bundle (`Bundle.entry[3]`), null outside of one. */
export interface WriteEntry {
  place: string | null;
  fullUrl?: string;
  intent: WriteIntent;
}

export interface Draft {
  entry: WriteEntry;
  /** Search criteria by which the Bundle refers to it. */
  criteria?: string[];
  type: ResourceType;
  /** Null until a created resource gets its id. */
  id: string | null;
  change:
    | { op: 'create'; resource: Resource; ifNoneExist?: string }
    | { op: 'update'; resource: Resource; ifMatch?: number | null }
    | { op: 'delete'; ifMatch?: number }
    /** Nothing to do: the resource was found, or is not there to be deleted. */
    | { op: 'none'; answer: WriteResult };
  /** The version found by criteria, read for a patch, or about to be deleted. */
  current: StoredVersion | null;
  /** The expected version was found by us and not named by the caller: a conflict is tried again. */
  optimistic: boolean;
}

/**
 * @param leaving resources that the same Bundle deletes by id: they match no criteria
 * Fails with `not-found`, `gone`, `multiple-matches`, `version-conflict`, `invalid-request`.
 */
export async function draftOf(
  parts: Parts,
  actor: Actor,
  entry: WriteEntry,
  leaving: ReadonlySet<string>,
): Promise<Draft> {
  const { intent } = entry;
  const find = (type: ResourceType, criteria: string) => findOne(parts, actor, type, criteria, leaving);
  switch (intent.do) {
    case 'create':
      return draftCreate(entry, intent, find);
    case 'update':
      return draftUpdate(entry, intent, find);
    case 'patch':
      return draftPatch(parts, entry, intent, find);
    case 'delete':
      return draftDelete(parts, entry, intent, find);
  }
}

type Find = (type: ResourceType, criteria: string) => Promise<Match>;

const NOTHING: Match = { found: null, leftOut: false };
type IntentTo<D extends WriteIntent['do']> = Extract<WriteIntent, { do: D }>;

async function draftCreate(entry: WriteEntry, intent: IntentTo<'create'>, find: Find): Promise<Draft> {
  const { resource, ifNoneExist } = intent;
  const base = { entry, type: resource.resourceType, optimistic: false };
  const { found, leftOut } =
    ifNoneExist === undefined ? NOTHING : await find(resource.resourceType, ifNoneExist);
  // The commit asks the condition again, and would find what this same Bundle deletes.
  const condition = ifNoneExist === undefined || leftOut ? {} : { ifNoneExist };
  const change = { op: 'create' as const, resource, ...condition };
  if (!found) return { ...base, id: null, change, current: null };
  return {
    ...base,
    id: found.id,
    change: { op: 'none', answer: answerOf(found, 'matched') },
    current: found,
  };
}

async function draftUpdate(entry: WriteEntry, intent: IntentTo<'update'>, find: Find): Promise<Draft> {
  const { resource, type, id, criteria, ifMatch } = intent;
  if (criteria === undefined) {
    const expected = ifMatch === undefined ? {} : { ifMatch };
    return {
      entry,
      type,
      id: id!,
      change: { op: 'update', resource, ...expected },
      current: null,
      optimistic: false,
    };
  }
  const { found } = await find(type, criteria);
  if (found) {
    if (ifMatch === null) throw conflict(type, found, 0, resource);
    if (resource.id !== undefined && resource.id !== found.id) {
      throw new Failure(
        'invalid-request',
        `Điều kiện tìm thấy ${type}/${found.id}, khác mã "${resource.id}".`,
        {
          textEn: `The criteria match ${type}/${found.id}, but the resource says "${resource.id}".`,
        },
      );
    }
    const change = {
      op: 'update' as const,
      resource: withId(resource, found.id),
      ifMatch: ifMatch ?? found.version,
    };
    return { entry, type, id: found.id, change, current: found, optimistic: ifMatch === undefined };
  }
  if (typeof ifMatch === 'number') throw conflict(type, null, ifMatch);
  if (resource.id !== undefined) {
    const change = { op: 'update' as const, resource, ifMatch: null };
    return { entry, type, id: resource.id, change, current: null, optimistic: false };
  }
  return {
    entry,
    type,
    id: null,
    change: { op: 'create', resource, ifNoneExist: criteria },
    current: null,
    optimistic: true,
  };
}

async function draftPatch(
  parts: Parts,
  entry: WriteEntry,
  intent: IntentTo<'patch'>,
  find: Find,
): Promise<Draft> {
  const { type, id, criteria, ifMatch } = intent;
  const current =
    criteria === undefined ? await parts.store.read(type, id!) : (await find(type, criteria)).found;
  if (!current) {
    throw new Failure('not-found', `Không tìm thấy ${type} để sửa.`, { textEn: `No ${type} to patch.` });
  }
  if (current.deleted) {
    throw new Failure('gone', `${type}/${current.id} đã bị xóa.`, {
      textEn: `${type}/${current.id} was deleted.`,
    });
  }
  if (ifMatch !== undefined && ifMatch !== current.version) throw conflict(type, current, ifMatch);
  const patched = applyPatch(readStoredJson(current.body) as object, intent.patch) as Resource;
  if (
    patched === null ||
    typeof patched !== 'object' ||
    patched.resourceType !== type ||
    patched.id !== current.id
  ) {
    throw new Failure('invalid-request', 'Bản sửa không được đổi loại hay mã tài nguyên.', {
      textEn: 'A patch may not change resourceType or id.',
    });
  }
  const change = { op: 'update' as const, resource: patched, ifMatch: current.version };
  return { entry, type, id: current.id, change, current, optimistic: ifMatch === undefined };
}

async function draftDelete(
  parts: Parts,
  entry: WriteEntry,
  intent: IntentTo<'delete'>,
  find: Find,
): Promise<Draft> {
  const { type, id, criteria, ifMatch } = intent;
  const current =
    criteria === undefined ? await parts.store.read(type, id!) : (await find(type, criteria)).found;
  if (!current || current.deleted) {
    if (ifMatch !== undefined) throw conflict(type, current, ifMatch);
    const answer: WriteResult = current
      ? answerOf(current, 'deleted')
      : { type, id: id ?? '', version: 0, lastUpdated: '', outcome: 'deleted', patient: null, body: null };
    return { entry, type, id: id ?? null, change: { op: 'none', answer }, current: null, optimistic: false };
  }
  const change = { op: 'delete' as const, ...(ifMatch === undefined ? {} : { ifMatch }) };
  return { entry, type, id: current.id, change, current, optimistic: false };
}

export interface Match {
  found: StoredVersion | null;
  /** Something else matched that the same Bundle deletes. */
  leftOut: boolean;
}

/** The one match of criteria. Criteria must ask something; many matches fail with `multiple-matches`. */
export async function findOne(
  parts: Parts,
  actor: Actor,
  type: ResourceType,
  criteria: string,
  leaving: ReadonlySet<string>,
): Promise<Match> {
  const params = [...new URLSearchParams(criteria)].filter(([name]) => name !== '_format');
  if (params.length === 0) {
    throw new Failure('invalid-request', 'Điều kiện tìm kiếm trống.', {
      textEn: 'The search criteria are empty.',
    });
  }
  if (parts.guard.reach(actor, 'search', type) === 'none') {
    throw new Failure('forbidden', `Bạn không được tìm ${type}.`, { textEn: `You may not search ${type}.` });
  }
  // Enough to see two that stay, whatever leaves.
  const count = String(Math.min(leaving.size + 2, 1000));
  const { matches } = await parts.store.search({ type, params: [...params, ['_count', count]] });
  const staying = matches.filter((match) => !leaving.has(`${match.type}/${match.id}`));
  if (staying.length > 1) {
    throw new Failure('multiple-matches', `Nhiều ${type} khớp điều kiện "${criteria}".`, {
      textEn: `More than one ${type} matches "${criteria}".`,
    });
  }
  return { found: staying[0] ?? null, leftOut: staying.length < matches.length };
}

/** `version-conflict` with both versions in `details` ({current, yours, version, expected}), for who wants to compare. */
export function conflict(
  type: string,
  current: StoredVersion | null,
  expected: number,
  yours: Resource | null = null,
): Failure {
  const name = current ? `${type}/${current.id}` : type;
  if (current && expected === 0) {
    return new Failure('version-conflict', `${name} đã có sẵn, ở phiên bản ${current.version}.`, {
      textEn: `${name} is there already, at version ${current.version}.`,
      details: { version: current.version, expected, yours, current: readStoredJson(current.body) },
    });
  }
  const now = current ? `${current.version}${current.deleted ? ' (đã xóa)' : ''}` : '0';
  return new Failure(
    'version-conflict',
    `${name} đã có người khác sửa: bạn gửi phiên bản ${expected}, hiện là ${now}.`,
    {
      textEn: current
        ? `${name} is at version ${current.version}, not ${expected}. Compare ${name}/_history/${expected} with ${name}/_history/${current.version}.`
        : `No ${name} at version ${expected} exists.`,
      details: current
        ? {
            version: current.version,
            expected,
            yours,
            current: current.deleted ? null : readStoredJson(current.body),
          }
        : { version: null, expected, yours, current: null },
    },
  );
}

export function withId<T extends Resource>(resource: T, id: string): T {
  return resource.id === id ? resource : Object.assign(copyKeepingDecimals(resource), { id });
}

function answerOf(version: StoredVersion, outcome: WriteResult['outcome']): WriteResult {
  const { type, id, lastUpdated, patient, body } = version;
  return {
    type,
    id,
    version: version.version,
    lastUpdated,
    outcome,
    patient,
    body: outcome === 'deleted' ? null : body,
  };
}
