/** Reads and searches in the name of one actor: policy first, then the store, then the audit. */

import { auditLine, searchLines } from '../../access/audit.ts';
import type { AuditEvents } from '../../access/audit-events.ts';
import { type Bounds, boundsOf, type Targets, unitParam } from '../../access/bounds.ts';
import type { Actor } from '../../access/contract.ts';
import type { Action } from '../../access/decide.ts';
import { type Guard, personOf } from '../../access/guard.ts';
import { type SearchLimits, searchLimits, versionFilter } from '../../access/smart/allowance.ts';
import { Failure } from '../../failure.ts';
import { isSharedType } from '../../store/compartment.ts';
import type { HistoryAsk, SearchAnswer, SearchManner, Store, StoredVersion } from '../../store/contract.ts';
import type { CodeLists } from '../terminology/code-lists.ts';
import { withRendered } from '../terminology/rendered-search.ts';
import type { ResourceType } from '../types.ts';
import type { HistoryPage } from './session.ts';

export interface Parts {
  store: Store;
  guard: Guard;
  targetsOf: Targets;
  /** AuditEvents are rendered from the audit and stored nowhere. */
  auditEvents: AuditEvents;
  /** Code systems, value sets, maps and definitions that are made of content and stored nowhere. */
  lists: CodeLists;
}

/** The current or a past version, with a line of the audit. Fails with `not-found`, `gone`, `forbidden`. */
export async function readStored(
  parts: Parts,
  actor: Actor,
  type: ResourceType,
  id: string,
  version?: number,
): Promise<StoredVersion> {
  const { stored, what } = await findVersion(parts, actor, type, id, version);
  const person = personOf(stored);
  if (person !== null) await parts.store.audit([auditLine(actor, 'read', what, person)]);
  if (stored.deleted) throw gone(what, stored);
  return stored;
}

/** Only refusals leave a line. */
export async function findVersion(
  { store, guard, auditEvents, lists }: Parts,
  actor: Actor,
  type: ResourceType,
  id: string,
  version?: number,
): Promise<{ stored: StoredVersion; what: string }> {
  const what = version === undefined ? `${type}/${id}` : `${type}/${id}/_history/${version}`;
  if (guard.reach(actor, 'read', type) === 'none') throw await refused(store, actor, 'read', what, null);
  const stored =
    type === 'AuditEvent'
      ? await auditEvents.read(id)
      : version === undefined
        ? await readCurrent(store, lists, type, id)
        : await store.vread(type, id, version);
  // To a token that does not reach it, it is not there.
  if (!stored || !versionFilter(actor, 'read')(stored)) throw notFound(what);
  if ((await guard.visible(actor, [stored], 'read')).length === 0) {
    throw await refused(store, actor, 'read', what, personOf(stored));
  }
  return { stored, what };
}

/** What is stored stands before what the program itself would show under the same id. */
async function readCurrent(store: Store, lists: CodeLists, type: ResourceType, id: string) {
  const shown = lists.read(type, id);
  if (shown === null) return store.read(type, id);
  const stored = await store.read(type, id);
  return stored && !stored.deleted ? stored : shown;
}

/** Matches and includes that the actor may see; a total that would count others is left out. @param manner for whom it is done */
export async function searchStored(
  parts: Parts,
  actor: Actor,
  type: ResourceType,
  params: [string, string][],
  manner: SearchManner = {},
): Promise<SearchAnswer> {
  const { store, guard } = parts;
  const what = describeQuery(type, params);
  const bounds = await boundSearch(parts, actor, type, params);
  const asked: [string, string][] =
    bounds === 'unit' ? [...params, [unitParam(type)!, `Organization/${actor.unit}`]] : params;
  const limits = await limitsOf(parts, actor, bounds, type, params);
  const answer =
    type === 'AuditEvent'
      ? await parts.auditEvents.search(params)
      : await withRendered(parts.lists, type, asked, (within) =>
          store.search({ type, params: within, ...manner, ...limits }),
        );
  const narrow = bounds === 'filter' || (bounds === 'care' && guard.reach(actor, 'search', type) === 'unit');
  const within = answer.matches.filter(versionFilter(actor, 'search'));
  const matches = narrow ? await guard.visible(actor, within, 'search') : within;
  const includes = await guard.visible(actor, answer.includes, 'read');
  if (!isSharedType(type) || includes.length > 0) {
    await store.audit(searchLines(actor, what, [...matches, ...includes].map(personOf)));
  }
  const { total, ...rest } = answer;
  return { ...rest, matches, includes, ...(matches.length === answer.matches.length ? { total } : {}) };
}

/** How far the actor's search goes. Fails with `forbidden` when it goes nowhere. */
export async function boundSearch(
  { store, guard, targetsOf }: Parts,
  actor: Actor,
  type: ResourceType,
  params: [string, string][],
): Promise<Exclude<Bounds, 'forbidden'>> {
  const reachOf = (asked: string) => guard.reach(actor, 'search', asked);
  const bounds = boundsOf({ type, params }, actor.unit, reachOf, targetsOf);
  if (bounds === 'forbidden' || (bounds === 'care' && isSharedType(type))) {
    throw await refused(store, actor, 'search', describeQuery(type, params), null);
  }
  return bounds;
}

/** Persons and alternatives that a search is narrowed to, by care and by the scopes of a token. */
export async function limitsOf(
  { guard, store, targetsOf }: Parts,
  actor: Actor,
  bounds: Bounds,
  type: ResourceType,
  params: [string, string][],
): Promise<SearchLimits> {
  const limits = searchLimits(actor, type, params, targetsOf);
  // The audit is searched by itself, without alternatives.
  if (limits === null || (type === 'AuditEvent' && limits.anyOf !== undefined))
    throw await refused(store, actor, 'search', describeQuery(type, params), null);
  if (bounds !== 'care') return limits;
  const patients = await guard.persons(actor);
  const { patients: launched } = limits;
  return { ...limits, patients: launched ? patients.filter((one) => launched.includes(one)) : patients };
}

/** Versions that the actor may see; the audit names every person among them. */
export async function historyStored(
  { store, guard }: Parts,
  actor: Actor,
  scope: { type?: ResourceType; id?: string },
  page: HistoryAsk,
): Promise<HistoryPage> {
  const what = `${[scope.type, scope.id].filter((part) => part !== undefined).join('/')}/_history`;
  // SMART 2.2: the history of a type or of everything is `s`, that of a resource `r`.
  const action = scope.id === undefined && actor.scopes !== undefined ? 'search' : 'read';
  if (guard.reach(actor, action, scope.type ?? 'Resource') === 'none') {
    throw await refused(store, actor, action, what, null);
  }
  const answer = await store.history(scope, page);
  if (
    scope.id !== undefined &&
    answer.versions.length === 0 &&
    page.before === undefined &&
    (await store.read(scope.type!, scope.id)) === null
  ) {
    throw notFound(`${scope.type}/${scope.id}`);
  }
  const within = answer.versions.filter(versionFilter(actor, action));
  if (scope.id !== undefined && within.length === 0 && answer.versions.length > 0)
    throw notFound(`${scope.type}/${scope.id}`);
  const versions = await guard.visible(actor, within, action);
  if (scope.id !== undefined && versions.length === 0 && answer.versions.length > 0) {
    throw await refused(store, actor, 'read', what, personOf(answer.versions[0]!));
  }
  const persons = versions.map(personOf).filter((person) => person !== null);
  if (persons.length > 0) await store.audit(searchLines(actor, what, persons));
  return { ...answer, versions };
}

/** Writes the refusal to the audit and returns the failure to throw. */
export async function refused(
  store: Store,
  actor: Actor,
  action: Action,
  what: string,
  person: string | null,
): Promise<Failure> {
  await store.audit([auditLine(actor, action, what, person, 'refused')]);
  return new Failure('forbidden', `Bạn không được ${WORDS[action]} ${what}.`, {
    textEn: `You may not ${action} ${what}.`,
    details: { person, breakGlass: person !== null && actor.unit !== null },
  });
}

const WORDS: Record<Action, string> = {
  read: 'xem',
  search: 'tìm',
  create: 'tạo',
  update: 'sửa',
  delete: 'xóa',
  purge: 'xóa vĩnh viễn',
};

export function notFound(what: string): Failure {
  return new Failure('not-found', `Không tìm thấy ${what}.`, { textEn: `${what} does not exist.` });
}

export function gone(what: string, stored: StoredVersion): Failure {
  return new Failure('gone', `${what} đã bị xóa.`, {
    textEn: `${what} was deleted (version ${stored.version}).`,
    details: { version: stored.version, lastUpdated: stored.lastUpdated },
  });
}

function describeQuery(type: string, params: [string, string][]): string {
  const query = params.map(([name, value]) => `${name}=${value}`).join('&');
  return query === '' ? type : `${type}?${query}`.slice(0, 1000);
}
