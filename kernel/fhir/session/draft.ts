/** From what a caller asks (conditions, patches) to one plain change of one resource, as the record stands now. */
import type { Actor } from '../../access/contract.ts';
import { Failure } from '../../failure.ts';
import type { Criteria, SearchBounds, StoredVersion, WriteResult } from '../../store/contract.ts';
import { copyKeepingDecimals } from '../json/decimals.ts';
import { readStoredJson } from '../json/read.ts';
import type { IfMatch } from '../names.ts';
import { withSafeNarrative } from '../patch/narrative.ts';
import { applyPatch } from '../patch/read-patch.ts';
import type { Resource, ResourceType } from '../types.ts';
import { readToChange } from './criteria.ts';
import { findMatches, theOnly } from './matches.ts';
import { type Parts, refused } from './reads.ts';
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
    | { op: 'create'; resource: Resource; ifNoneExist?: string; criteria?: Criteria }
    | { op: 'update'; resource: Resource; ifMatch?: number | null; criteria?: Criteria }
    | { op: 'delete'; ifMatch?: number; criteria?: Criteria }
    /** Nothing to do: the resource was found, or is not there to be deleted. */
    | { op: 'none'; answer: WriteResult };
  /** The version found by criteria, read for a patch, or about to be deleted. */
  current: StoredVersion | null;
  /** The expected version was found by us and not named by the caller: a conflict is tried again. */
  optimistic: boolean;
  /** What its criteria were asked of, and are asked of again within the commit. */
  bounds?: SearchBounds;
  /** It takes labels of sensitivity away. */
  declassifies?: boolean;
  /** Further resources that the same entry deletes. */
  others?: Draft[];
}

/** What is the same for all entries of one try. */
export interface Round {
  /** Resources that the same Bundle deletes by id (`Type/id`): they match no criteria. */
  leaving: ReadonlySet<string>;
  /** A try before was overtaken: criteria are now held by their locks and not by the version that was found. */
  again: boolean;
}

/**
 * Fails with `not-found`, `gone`, `multiple-matches`, `version-conflict`, `invalid-request`.
 */
export async function draftOf(parts: Parts, actor: Actor, entry: WriteEntry, round: Round): Promise<Draft> {
  const reading: Reading = { parts, actor, round, bounds: undefined };
  const draft = await draftWithin(reading, entry);
  return reading.bounds === undefined ? draft : { ...draft, bounds: reading.bounds };
}

/** What finds the resources that an intent is about, and in what. */
interface Reading {
  parts: Parts;
  actor: Actor;
  round: Round;
  /** Of the criteria that were asked. */
  bounds: SearchBounds | undefined;
}

async function draftWithin(reading: Reading, entry: WriteEntry): Promise<Draft> {
  const { parts, actor, round } = reading;
  const { intent } = entry;
  await refuseUnreached(reading, intent);
  const find: Find = async (type, criteria) => {
    const { found, bounds } = await findMatches(parts, actor, type, criteria, round.leaving, 2);
    reading.bounds = bounds;
    return theOnly(type, criteria, found);
  };
  const read: Read = (type, id, action) => readToChange(parts, actor, type, id, action);
  switch (intent.do) {
    case 'create':
      return draftCreate(entry, intent, find);
    case 'update':
      return draftUpdate(entry, intent, find, read, round);
    case 'patch':
      return draftPatch(entry, intent, find, read);
    case 'delete':
      return draftDelete(reading, entry, intent, find, read);
  }
}

/** Who may not change the type at all is told so whether or not the resource is there. */
async function refuseUnreached({ parts, actor }: Reading, intent: WriteIntent): Promise<void> {
  if (intent.do !== 'delete' && intent.do !== 'patch') return;
  const action = intent.do === 'delete' ? 'delete' : 'update';
  if (parts.guard.reach(actor, action, intent.type) !== 'none') return;
  throw await refused(parts.store, actor, action, `${intent.type}/${intent.id ?? ''}`, null);
}

type Read = (type: ResourceType, id: string, action: 'update' | 'delete') => Promise<StoredVersion | null>;

type Find = (type: ResourceType, criteria: string) => Promise<StoredVersion | null>;

type IntentTo<D extends WriteIntent['do']> = Extract<WriteIntent, { do: D }>;

async function draftCreate(entry: WriteEntry, intent: IntentTo<'create'>, find: Find): Promise<Draft> {
  const { resource, ifNoneExist } = intent;
  const base = { entry, type: resource.resourceType, optimistic: false };
  const found = ifNoneExist === undefined ? null : await find(resource.resourceType, ifNoneExist);
  const condition = ifNoneExist === undefined ? {} : { ifNoneExist };
  const change = { op: 'create' as const, resource, ...condition };
  if (!found) return { ...base, id: null, change, current: null };
  return {
    ...base,
    id: found.id,
    change: { op: 'none', answer: answerOf(found, 'matched') },
    current: found,
  };
}

async function draftUpdate(
  entry: WriteEntry,
  intent: IntentTo<'update'>,
  find: Find,
  read: Read,
  { again }: Round,
): Promise<Draft> {
  const { resource, type, id, criteria: query, ifMatch } = intent;
  if (query === undefined) {
    const current = ifMatch === '*' ? await readStanding(read, type, id!) : null;
    const expected = ifMatch === undefined ? {} : { ifMatch: ifMatch === '*' ? current!.version : ifMatch };
    const change = { op: 'update' as const, resource, ...expected };
    return { entry, type, id: id!, change, current, optimistic: current !== null };
  }
  const found = await find(type, query);
  const criteria: Criteria = { query, match: found?.id ?? null };
  if (!found) {
    if (ifMatch !== undefined && ifMatch !== null) throw conflict(type, null, ifMatch);
    const base = { entry, type, current: null, optimistic: false };
    if (resource.id === undefined) return { ...base, id: null, change: { op: 'create', resource, criteria } };
    return { ...base, id: resource.id, change: { op: 'update', resource, ifMatch: null, criteria } };
  }
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
  const named = typeof ifMatch === 'number';
  const expected = !named && again ? {} : { ifMatch: named ? ifMatch : found.version };
  const change = { op: 'update' as const, resource: withId(resource, found.id), ...expected, criteria };
  return { entry, type, id: found.id, change, current: found, optimistic: !named };
}

/** The version that `If-Match: *` means. Fails with `version-conflict` when none stands. */
async function readStanding(read: Read, type: ResourceType, id: string): Promise<StoredVersion> {
  const current = await read(type, id, 'update');
  if (current && !current.deleted) return current;
  throw conflict(`${type}/${id}`, null, '*');
}

async function draftPatch(
  entry: WriteEntry,
  intent: IntentTo<'patch'>,
  find: Find,
  read: Read,
): Promise<Draft> {
  const { type, id, criteria: query, ifMatch } = intent;
  const current = query === undefined ? await read(type, id!, 'update') : await find(type, query);
  if (!current) {
    throw new Failure('not-found', `Không tìm thấy ${type} để sửa.`, { textEn: `No ${type} to patch.` });
  }
  if (current.deleted) {
    throw new Failure('gone', `${type}/${current.id} đã bị xóa.`, {
      textEn: `${type}/${current.id} was deleted.`,
    });
  }
  const named = typeof ifMatch === 'number';
  if (named && ifMatch !== current.version) throw conflict(type, current, ifMatch);
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
  const criteria = query === undefined ? {} : { criteria: { query, match: current.id } };
  const resource = withSafeNarrative(readStoredJson(current.body) as object, patched);
  const change = { op: 'update' as const, resource, ifMatch: current.version, ...criteria };
  return { entry, type, id: current.id, change, current, optimistic: !named };
}

async function draftDelete(
  reading: Reading,
  entry: WriteEntry,
  intent: IntentTo<'delete'>,
  find: Find,
  read: Read,
): Promise<Draft> {
  const { type, id, criteria: query, ifMatch } = intent;
  if (query !== undefined && new URLSearchParams(query).has('_count')) {
    return draftDeleteMany(reading, entry, intent, query);
  }
  const current = query === undefined ? await read(type, id!, 'delete') : await find(type, query);
  if (!current || current.deleted) {
    if (ifMatch !== undefined) throw conflict(type, current, ifMatch);
    return nothingToDelete(entry, type, id ?? null, current);
  }
  const named = typeof ifMatch === 'number';
  if (query === undefined) {
    const change = { op: 'delete' as const, ...(named ? { ifMatch } : {}) };
    return { entry, type, id: current.id, change, current, optimistic: false };
  }
  const expected = !named && reading.round.again ? {} : { ifMatch: named ? ifMatch : current.version };
  const change = { op: 'delete' as const, ...expected, criteria: { query, match: current.id } };
  return { entry, type, id: current.id, change, current, optimistic: !named };
}

/** `DELETE Type?criteria&_count=n`: all that match, when they are no more than `n`; each as it was found. */
async function draftDeleteMany(
  { parts, actor, round }: Reading,
  entry: WriteEntry,
  { type, ifMatch }: IntentTo<'delete'>,
  query: string,
): Promise<Draft> {
  const params = new URLSearchParams(query);
  const most = /^[1-9]\d{0,2}$/.test(params.get('_count') ?? '') ? Number(params.get('_count')) : 0;
  if (most === 0 || most > MOST_DELETES || params.getAll('_count').length > 1 || ifMatch !== undefined) {
    throw new Failure(
      'invalid-parameter',
      `_count khi xóa là một số từ 1 đến ${MOST_DELETES}, không đi cùng If-Match.`,
      {
        textEn: `_count of a delete is one number from 1 to ${MOST_DELETES}, without If-Match.`,
        expression: '_count',
      },
    );
  }
  params.delete('_count');
  const { found } = await findMatches(parts, actor, type, params.toString(), round.leaving, most + 1);
  if (found.length > most) {
    throw new Failure('multiple-matches', `Hơn ${most} ${type} khớp điều kiện; chưa xóa gì.`, {
      textEn: `More than ${most} ${type} match "${params}"; nothing was deleted.`,
    });
  }
  const [first, ...others] = found.map((current): Draft => {
    const change = { op: 'delete' as const, ifMatch: current.version };
    return { entry, type, id: current.id, change, current, optimistic: true };
  });
  return first ? { ...first, others } : nothingToDelete(entry, type, null, null);
}

function nothingToDelete(
  entry: WriteEntry,
  type: ResourceType,
  id: string | null,
  tombstone: StoredVersion | null,
): Draft {
  const answer: WriteResult = tombstone
    ? answerOf(tombstone, 'deleted')
    : { type, id: id ?? '', version: 0, lastUpdated: '', outcome: 'deleted', patient: null, body: null };
  return { entry, type, id, change: { op: 'none', answer }, current: null, optimistic: false };
}

/** Most resources that one conditional delete may remove. */
export const MOST_DELETES = 100;

/** `version-conflict` with both versions in `details` ({current, yours, version, expected}), for who wants to compare. */
export function conflict(
  type: string,
  current: StoredVersion | null,
  expected: IfMatch,
  yours: Resource | null = null,
): Failure {
  if (expected === '*') {
    return new Failure('version-conflict', `If-Match: * chỉ ghi lên cái đang có, mà ${type} thì không có.`, {
      textEn: `If-Match: * writes on what is there, and ${type} is not.`,
      details: { version: null, expected, yours, current: null },
    });
  }
  const name = current ? `${type}/${current.id}` : type;
  if (current && expected === 0) {
    return new Failure('version-conflict', `${name} đã có sẵn, ở phiên bản ${current.version}.`, {
      textEn: `${name} is there already, at version ${current.version}.`,
      details: { version: current.version, expected, yours, current: readStoredJson(current.body) },
    });
  }
  const now = `${current?.version}${current?.deleted ? ' (đã xóa)' : ''}`;
  return new Failure(
    'version-conflict',
    current
      ? `${name} đã có người khác sửa: bạn gửi phiên bản ${expected}, hiện là ${now}.`
      : `Không có ${name} nào ở phiên bản ${expected}. Hãy xem lại địa chỉ; để tạo mới thì bỏ If-Match.`,
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
