/** Reads and searches in the name of one actor: policy first, then the store, then the audit. */

import { auditLine, searchLines } from '../../access/audit.ts';
import type { AuditEvents } from '../../access/audit-events.ts';
import { ownAuditQuery } from '../../access/audit-log/own.ts';
import { type Bounds, boundsOf, probedTypes, type Targets, unitParam } from '../../access/bounds.ts';
import type { Actor } from '../../access/contract.ts';
import type { Action } from '../../access/decide.ts';
import { type Guard, personOf } from '../../access/guard.ts';
import { type SearchLimits, searchLimits, versionFilter } from '../../access/smart/allowance.ts';
import { Failure } from '../../failure.ts';
import { isSharedType } from '../../store/compartment.ts';
import type {
  HistoryAsk,
  ResourceName,
  SearchAnswer,
  SearchManner,
  Store,
  StoredVersion,
} from '../../store/contract.ts';
import { personNamed } from '../../store/search/index.ts';
import type { Sight } from '../../store/sight.ts';
import type { CodeLists } from '../terminology/code-lists.ts';
import { withRendered } from '../terminology/rendered-search.ts';
import type { ResourceType } from '../types.ts';
import { withoutChains } from './audit-chains.ts';
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
  await refuseUnseen(store, guard, actor, stored, what);
  if (!(await guard.covered(actor, [stored], 'read'))[0]) {
    throw await refused(store, actor, 'read', what, personOf(stored));
  }
  return { stored, what };
}

/** What an actor does not see is answered as if it were not there; the audit knows better. */
async function refuseUnseen(
  store: Store,
  guard: Guard,
  actor: Actor,
  stored: StoredVersion,
  what: string,
): Promise<void> {
  if ((await guard.sees(actor, [stored]))[0]) return;
  await store.audit([auditLine(actor, 'read', what, personOf(stored), 'refused')]);
  throw notFound(what);
}

/** What is stored stands before what the program itself would show under the same id. */
async function readCurrent(store: Store, lists: CodeLists, type: ResourceType, id: string) {
  const shown = lists.read(type, id);
  if (shown === null) return store.read(type, id);
  const stored = await store.read(type, id);
  return stored && !stored.deleted ? stored : shown;
}

/** Matches and includes that the actor may see, as if there were no others. @param manner for whom it is done */
export async function searchStored(
  parts: Parts,
  actor: Actor,
  type: ResourceType,
  params: [string, string][],
  manner: SearchManner = {},
): Promise<SearchAnswer> {
  const answer = await findStored(parts, actor, type, params, manner);
  const { matches, includes } = answer;
  if (!isSharedType(type) || includes.length > 0) {
    const what = describeQuery(type, params);
    await parts.store.audit(searchLines(actor, what, [...matches, ...includes].map(personOf)));
  }
  return answer;
}

/** The same without a line of the audit, but for refusals. */
export async function findStored(
  parts: Parts,
  actor: Actor,
  type: ResourceType,
  asks: [string, string][],
  manner: SearchManner = {},
): Promise<SearchAnswer> {
  const { store, guard } = parts;
  const own = (of: ResourceType, query: [string, string][]) => findStored(parts, actor, of, query, manner);
  const any = (of: ResourceType, query: [string, string][]) =>
    store.search({ type: of, params: query, ...manner });
  const params = type === 'AuditEvent' ? await withoutChains(actor, asks, own, any) : asks;
  const bounds = await boundSearch(parts, actor, type, params);
  const asked: [string, string][] =
    bounds === 'unit' ? [...params, [unitParam(type)!, `Organization/${actor.unit}`]] : params;
  const limits = await limitsOf(parts, actor, bounds, type, params);
  const judge = (action: Action) => (versions: readonly StoredVersion[]) =>
    guard.covered(actor, versions, action);
  const judges = {
    ...(judgesMatches(guard, actor, type, bounds) ? { judge: judge('search') } : {}),
    judgeIncluded: judge('read'),
  };
  return type === 'AuditEvent'
    ? parts.auditEvents.search(await ownLines(parts, actor, params, limits.patients))
    : withRendered(parts.lists, type, asked, (within) =>
        store.search({ type, params: within, ...manner, ...limits, ...judges }),
      );
}

/** Fails with `forbidden` where the actor may not ask so, as the search itself would. */
export async function refuseSearch(
  parts: Parts,
  actor: Actor,
  type: ResourceType,
  params: [string, string][],
): Promise<void> {
  await limitsOf(parts, actor, await boundSearch(parts, actor, type, params), type, params);
}

/** The audit has no rows of the store: whose lines are seen is said in its query. */
async function ownLines(
  { store }: Parts,
  { persons, ...actor }: Actor,
  params: [string, string][],
  launched: readonly string[] | undefined,
): Promise<[string, string][]> {
  const within = persons?.filter((person) => launched?.includes(person) ?? true) ?? launched;
  const asked = ownAuditQuery(within, params);
  if (asked !== null) return asked;
  throw await refused(store, actor, 'search', describeQuery('AuditEvent', params), null);
}

/** Whether matches must be judged one by one: roles that reach what is the own unit's. */
export function judgesMatches(guard: Guard, actor: Actor, type: ResourceType, bounds: Bounds): boolean {
  return bounds === 'filter' || (bounds === 'care' && guard.reach(actor, 'search', type) === 'unit');
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
  if (bounds !== 'filter' || guard.reach(actor, 'search', type) !== 'care') return bounds;
  // One person's rows, and the person is in care: there is nothing to judge.
  const person = personNamed(type, params);
  return person !== null && (await guard.inCare(actor, [person])).has(person) ? 'open' : bounds;
}

/** Persons and alternatives that a search is narrowed to, by care and by the scopes of a token. */
export async function limitsOf(
  { guard, store, targetsOf }: Parts,
  actor: Actor,
  bounds: Bounds,
  type: ResourceType,
  params: [string, string][],
): Promise<SearchLimits & { sight?: Sight; granted?: readonly string[] }> {
  const allowed = searchLimits(actor, type, params, targetsOf);
  // The audit is searched by itself, without alternatives.
  if (allowed === null || (type === 'AuditEvent' && allowed.anyOf !== undefined))
    throw await refused(store, actor, 'search', describeQuery(type, params), null);
  const sight = await guard.sight(actor);
  const limits = sight === undefined ? allowed : { ...allowed, sight };
  if (bounds !== 'care') return limits;
  const patients = await guard.persons(actor);
  const { patients: launched } = limits;
  const within = (persons: readonly string[]) =>
    launched ? persons.filter((one) => launched.includes(one)) : [...persons];
  const bounded = { ...limits, patients: within(patients) };
  // What a chain looks at is not granted with what it leads to.
  if (guard.reach(actor, 'search', type) !== 'care' || probedTypes({ type, params }, targetsOf).length > 0)
    return bounded;
  const granted = within(await guard.granters(sight));
  return granted.length === 0 ? bounded : { ...bounded, granted };
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
  const judge = async (versions: readonly StoredVersion[]) => {
    const seen = await guard.sees(actor, versions);
    const within = versionFilter(actor, action);
    return versions.filter((version, at) => seen[at] && within(version));
  };
  if (scope.id !== undefined && scope.type !== undefined) {
    return historyOfOne({ store, guard }, actor, scope as ResourceName, page, action, judge);
  }
  const answer = await historyPage(store, scope, page, async (versions) => {
    const seen = await judge(versions);
    const covered = await guard.covered(actor, seen, action);
    return seen.filter((_, at) => covered[at]);
  });
  await tellHistory(store, actor, what, answer.versions);
  return answer;
}

type Judging = (versions: readonly StoredVersion[]) => Promise<StoredVersion[]>;

/** Of one resource: what is not seen was never there, what is not reached is refused. */
async function historyOfOne(
  { store, guard }: Pick<Parts, 'store' | 'guard'>,
  actor: Actor,
  scope: ResourceName,
  page: HistoryAsk,
  action: Action,
  judge: Judging,
): Promise<HistoryPage> {
  const name = `${scope.type}/${scope.id}`;
  const what = `${name}/_history`;
  const answer = await historyPage(store, scope, page, judge);
  if (answer.versions.length === 0 && page.before === undefined) {
    const current = await store.read(scope.type, scope.id);
    if (current === null) throw notFound(name);
    // Nothing of the time asked for, or nothing that is seen.
    if ((await judge([current])).length === 0) {
      await store.audit([auditLine(actor, 'read', what, personOf(current), 'refused')]);
      throw notFound(name);
    }
  }
  const covered = await guard.covered(actor, answer.versions, action);
  const versions = answer.versions.filter((_, at) => covered[at]);
  if (versions.length === 0 && answer.versions.length > 0) {
    throw await refused(store, actor, 'read', what, personOf(answer.versions[0]!));
  }
  await tellHistory(store, actor, what, versions);
  return { ...answer, versions };
}

async function tellHistory(store: Store, actor: Actor, what: string, versions: readonly StoredVersion[]) {
  const persons = versions.map(personOf).filter((person) => person !== null);
  if (persons.length > 0) await store.audit(searchLines(actor, what, persons));
}

/** Pages that are gone through for one, where nearly everything is somebody else's. */
const MOST_PAGES = 50;

/**
 * A page of what stands the judgement: as long as it was asked for, and with another behind it only when something of that
 * stands it, too. After many pages without enough it ends early, with the place to go on from.
 */
async function historyPage(
  store: Store,
  scope: { type?: ResourceType; id?: string },
  page: HistoryAsk,
  judge: Judging,
): Promise<HistoryPage> {
  const versions: StoredVersion[] = [];
  /** Where the page ends, and how far was looked. */
  let end = page.before;
  let looked = page.before;
  for (let turn = 0; turn < MOST_PAGES; turn++) {
    const isFull = versions.length === page.count;
    const answer = await store.history(scope, {
      ...page,
      ...(looked === undefined ? {} : { before: looked }),
      count: isFull ? page.count : page.count - versions.length,
    });
    const standing = await judge(answer.versions);
    if (isFull && standing.length > 0) break;
    if (!isFull) versions.push(...standing);
    if (answer.next === undefined) return { versions };
    looked = answer.next;
    if (!isFull) end = looked;
  }
  return { versions, next: end! };
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
  declassify: 'gỡ nhãn bảo mật của',
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
