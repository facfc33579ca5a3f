/** Entries of a batch or transaction, read from the Bundle as it was sent. Pure. R4 http.html#transaction. */
import { Failure, type FailureCode, type Issue } from '../../failure.ts';
import { localCriteria } from '../local.ts';
import { type IfMatch, isId, isResourceType, readIfMatch } from '../names.ts';
import type { Resource, ResourceType } from '../types.ts';
import { bundleName } from './references.ts';

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

/** What an entry asks for. Writes name their resource by id or by search criteria; a read keeps its address. */
export type Intent =
  | { do: 'read'; url: string }
  /** An operation by POST; `input` is its resource. */
  | { do: 'call'; url: string; input: unknown }
  | { do: 'create'; resource: Resource; ifNoneExist?: string }
  | {
      do: 'update';
      resource: Resource;
      type: ResourceType;
      id?: string;
      criteria?: string;
      /** The version that must stand; `*` = any, null = none (`If-None-Match: *`). */
      ifMatch?: IfMatch | null;
    }
  | { do: 'patch'; patch: unknown; type: ResourceType; id?: string; criteria?: string; ifMatch?: IfMatch }
  | { do: 'delete'; type: ResourceType; id?: string; criteria?: string; ifMatch?: IfMatch };

export interface Entry {
  /** Place in the Bundle, from 0. */
  index: number;
  fullUrl?: string;
  method: Method;
  intent: Intent;
  /** If-None-Match and If-Modified-Since of a read. */
  ifNoneMatch?: string;
  ifModifiedSince?: string;
}

export interface ParsedBundle {
  type: 'batch' | 'transaction';
  /** A faulty entry of a batch is kept as its Failure; a faulty transaction fails as a whole. */
  entries: (Entry | Failure)[];
}

/** Checks one resource; errors carry FHIRPath expressions that begin with `Bundle`. */
type Check = (resource: Resource) => Issue[];

/**
 * @param base our own address (`http://host/fhir`): a `request.url` or criteria below it are taken as relative
 * @param check finds what is wrong with the Bundle itself by the base definitions: a misspelt `ifNoneExist` is no detail
 * Fails with `invalid-request` when it is no batch or transaction Bundle, or a transaction has a faulty entry;
 * `invalid-resource` for what `check` finds.
 */
export function parseBundle(bundle: unknown, base?: string, check?: Check): ParsedBundle {
  if (!isObject(bundle) || bundle.resourceType !== 'Bundle') {
    throw fault('Cần gửi một Bundle.', 'A Bundle is expected here.', 'resourceType');
  }
  const type = bundle.type;
  if (type !== 'batch' && type !== 'transaction') {
    throw fault(
      'Bundle.type phải là "batch" hoặc "transaction".',
      'Bundle.type must be "batch" or "transaction" here.',
      'Bundle.type',
    );
  }
  const list = bundle.entry ?? [];
  if (!Array.isArray(list))
    throw fault('Bundle.entry phải là danh sách.', 'Bundle.entry must be a list.', 'Bundle.entry');
  const entries = list.map((raw, index) => {
    try {
      return parseEntry(raw, index, base);
    } catch (error) {
      if (type === 'batch' && error instanceof Failure) return error;
      throw error;
    }
  });
  if (check) refuseFaults(faultsOf(bundle, list, check), type, entries);
  if (type === 'transaction') {
    refuseCalls(entries as Entry[]);
    refuseRepeatedUrls(entries as Entry[]);
  }
  return { type, entries };
}

/** Faults of the Bundle without its resources, which are checked when their references are known. Invariants are ours. */
function faultsOf(bundle: Record<string, unknown>, list: unknown[], check: Check): Issue[] {
  const shell: Record<string, unknown> = { ...bundle };
  if (list.length > 0) shell.entry = list.map(withoutResource);
  else delete shell.entry;
  const issues = check(shell as unknown as Resource);
  return issues.filter(({ severity, code }) => severity === 'error' && code !== 'invariant');
}

function withoutResource(entry: unknown): unknown {
  if (!isObject(entry)) return entry;
  const { resource: _, ...rest } = entry;
  return rest;
}

/** In a batch a fault inside an entry is the entry's own. */
function refuseFaults(issues: Issue[], type: ParsedBundle['type'], entries: (Entry | Failure)[]): void {
  const general: Issue[] = [];
  for (const issue of issues) {
    const at = Number(/^Bundle\.entry\[(\d+)\]/.exec(issue.expression ?? '')?.[1] ?? Number.NaN);
    if (type === 'transaction' || Number.isNaN(at)) general.push(issue);
    else if (!(entries[at] instanceof Failure)) entries[at] = invalid([issue]);
  }
  if (general.length > 0) throw invalid(general);
}

function invalid(issues: Issue[]): Failure {
  return new Failure('invalid-resource', 'Bundle không hợp lệ.', { issues });
}

function parseEntry(raw: unknown, index: number, base: string | undefined): Entry {
  const place = `Bundle.entry[${index}]`;
  if (!isObject(raw))
    throw fault('Mục của Bundle phải là đối tượng.', 'A Bundle entry must be an object.', place);
  const request = raw.request;
  if (!isObject(request)) {
    throw fault('Mục của Bundle thiếu "request".', 'The entry has no request.', `${place}.request`);
  }
  const method = request.method;
  if (!METHODS.includes(method as Method)) {
    throw fault(
      `Phương thức "${String(method)}" không hợp lệ.`,
      `request.method must be one of ${METHODS.join(', ')}.`,
      `${place}.request.method`,
    );
  }
  if (typeof request.url !== 'string' || request.url === '') {
    throw fault('Mục của Bundle thiếu "request.url".', 'request.url is missing.', `${place}.request.url`);
  }
  const url =
    base !== undefined && request.url.startsWith(`${base}/`)
      ? request.url.slice(base.length + 1)
      : request.url;
  return {
    index,
    method: method as Method,
    intent: localIntent(parseIntent(method as Method, url, raw, request, place), base ?? ''),
    ...text('fullUrl', raw.fullUrl),
    ...text('ifNoneMatch', request.ifNoneMatch),
    ...text('ifModifiedSince', request.ifModifiedSince),
  };
}

/** Criteria may name our own address; a read keeps it, for whoever answers it. */
function localIntent(intent: Intent, base: string): Intent {
  if (intent.do === 'read' || intent.do === 'call') return intent;
  if (intent.do === 'create') {
    if (intent.ifNoneExist === undefined) return intent;
    return { ...intent, ifNoneExist: localCriteria(intent.resource.resourceType, intent.ifNoneExist, base) };
  }
  if (intent.criteria === undefined) return intent;
  return { ...intent, criteria: localCriteria(intent.type, intent.criteria, base) };
}

function parseIntent(
  method: Method,
  url: string,
  raw: Record<string, unknown>,
  request: Record<string, unknown>,
  place: string,
): Intent {
  if (method === 'GET' || method === 'HEAD') return { do: 'read', url };
  const asked = method === 'POST' ? /^\/?([A-Z][A-Za-z]*\/)?_search\/?(?:\?(.*))?$/s.exec(url) : null;
  if (asked) return { do: 'read', url: `${stripSlash(asked[1] ?? '')}?${asked[2] ?? ''}` };
  if (method === 'POST' && namesOperation(url)) return { do: 'call', url, input: raw.resource };
  if (method === 'POST') return parseCreate(url, raw, request, place);
  const target = parseTarget(url, place);
  const ifMatch = parseIfMatch(request.ifMatch, place);
  if (method === 'DELETE') return { do: 'delete', ...target, ...ifMatch };
  if (method === 'PATCH') return { do: 'patch', patch: raw.resource, ...target, ...ifMatch };
  const resource = parseResource(raw.resource, target.type, place);
  if (target.id !== undefined && resource.id !== target.id) {
    throw fault(
      `Mã tài nguyên "${resource.id ?? ''}" khác mã trong địa chỉ "${target.id}".`,
      `Resource id "${resource.id ?? ''}" differs from the id in request.url.`,
      `${place}.resource.id`,
    );
  }
  return { do: 'update', resource, ...target, ...ifMatch, ...ifAbsent(request.ifNoneMatch, place) };
}

/** `$op`, `Type/$op` or `Type/id/$op`, whatever is asked of it. */
export function namesOperation(url: string): boolean {
  return /^\/?(?:[A-Z][A-Za-z]*\/(?:[A-Za-z0-9\-.]{1,64}\/)?)?\$[a-z-]+(?:\?|$)/.test(url);
}

function parseCreate(
  url: string,
  raw: Record<string, unknown>,
  request: Record<string, unknown>,
  place: string,
): Intent {
  const type = stripSlash(url);
  if (!isResourceType(type)) {
    throw fault(
      `Không thực hiện được POST "${url}" trong Bundle.`,
      `POST "${url}" is not supported in a Bundle: the url must be a resource type.`,
      `${place}.request.url`,
      'not-supported',
    );
  }
  const resource = parseResource(raw.resource, type, place);
  const where = `${place}.request.ifNoneExist`;
  return { do: 'create', resource, ...text('ifNoneExist', criteriaOf(type, request.ifNoneExist, where)) };
}

/** `Patient/x` or `Patient?identifier=…`; an address of a version or anything else is refused. */
function parseTarget(url: string, place: string): { type: ResourceType; id?: string; criteria?: string } {
  const [path = '', criteria] = splitOnce(url, '?');
  const [type = '', id, ...rest] = stripSlash(path).split('/');
  if (!isResourceType(type) || rest.length > 0 || (id === undefined) === (criteria === undefined)) {
    throw fault(
      `Địa chỉ "${url}" không hợp lệ.`,
      `request.url "${url}" is not Type/id or Type?criteria.`,
      `${place}.request.url`,
    );
  }
  if (id !== undefined && !isId(id)) {
    throw fault(`Mã "${id}" không hợp lệ.`, `"${id}" is not a valid id.`, `${place}.request.url`);
  }
  return { type, ...(id === undefined ? { criteria: criteria ?? '' } : { id }) };
}

function parseResource(value: unknown, type: string, place: string): Resource {
  if (!isObject(value)) {
    throw fault('Mục của Bundle thiếu "resource".', 'The entry has no resource.', `${place}.resource`);
  }
  if (value.resourceType !== type) {
    throw fault(
      `Loại tài nguyên "${String(value.resourceType)}" khác địa chỉ "${type}".`,
      `resourceType "${String(value.resourceType)}" does not fit request.url "${type}".`,
      `${place}.resource.resourceType`,
    );
  }
  return value as unknown as Resource;
}

function parseIfMatch(value: unknown, place: string): { ifMatch?: IfMatch } {
  if (value === undefined) return {};
  const ifMatch = typeof value === 'string' ? readIfMatch(value) : null;
  if (ifMatch === null) {
    throw fault(
      `"${String(value)}" không phải một phiên bản như W/"3", cũng không phải *.`,
      'ifMatch must be one version like W/"3", or * for any.',
      `${place}.request.ifMatch`,
    );
  }
  return { ifMatch };
}

/** RFC 9110 section 13.1.2: a write under `If-None-Match: *` makes what is not there yet, and changes nothing. */
export function ifAbsent(value: unknown, place: string): { ifMatch?: null } {
  if (value === undefined) return {};
  if (typeof value === 'string' && value.trim() === '*') return { ifMatch: null };
  throw fault(
    `If-None-Match "${String(value)}" không dùng được khi ghi; chỉ nhận *.`,
    'If-None-Match of a write takes * only.',
    place === '' ? 'If-None-Match' : `${place}.request.ifNoneMatch`,
  );
}

/** What an operation does cannot be undone with the rest of a transaction. */
function refuseCalls(entries: Entry[]): void {
  for (const { index, intent } of entries) {
    if (intent.do !== 'call') continue;
    throw fault(
      `Giao dịch không nhận phép "${intent.url}". Hãy gửi riêng, hoặc trong một Bundle kiểu "batch".`,
      `A transaction takes no operation by POST ("${intent.url}"): send it by itself or in a batch.`,
      `Bundle.entry[${index}].request.url`,
    );
  }
}

/** Two entries under one fullUrl (and version) could not be told apart (R4 bundle.html, bdl-7). */
function refuseRepeatedUrls(entries: Entry[]): void {
  const seen = new Map<string, number>();
  for (const { fullUrl, index, intent } of entries) {
    if (fullUrl === undefined || intent.do === 'read' || intent.do === 'call') continue;
    const first = seen.get(bundleName(fullUrl));
    if (first !== undefined) {
      throw fault(
        `Mục ${first} và mục ${index} cùng fullUrl "${fullUrl}".`,
        `Entries ${first} and ${index} have the same fullUrl "${fullUrl}".`,
        `Bundle.entry[${index}].fullUrl`,
      );
    }
    seen.set(bundleName(fullUrl), index);
  }
}

/**
 * `Patient?identifier=x`, `?identifier=x` and `identifier=x` mean the same in If-None-Exist; a `?` behind the first `=`
 * is part of a value. Fails with `invalid-request` when it asks for another type than the one that is created.
 */
export function criteriaOf(type: string, value: unknown, place: string): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [, address, criteria] = /^([^?=]*)\?(.*)$/s.exec(value) ?? [];
  if (address === undefined || criteria === undefined) return value;
  if (address === '' || address === type || address.endsWith(`/${type}`)) return criteria;
  throw fault(
    `Điều kiện "${value}" không hỏi về ${type}.`,
    `If-None-Exist "${value}" does not ask for ${type}, which is created.`,
    place,
  );
}

function fault(vi: string, en: string, expression: string, code: FailureCode = 'invalid-request'): Failure {
  return new Failure(code, vi, { textEn: en, expression });
}

function text<K extends string>(key: K, value: unknown): { [P in K]?: string } {
  return typeof value === 'string' ? ({ [key]: value } as { [P in K]?: string }) : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stripSlash(path: string): string {
  return path.replace(/^\//, '').replace(/\/$/, '');
}

function splitOnce(value: string, mark: string): [string, string | undefined] {
  const at = value.indexOf(mark);
  return at < 0 ? [value, undefined] : [value.slice(0, at), value.slice(at + 1)];
}
