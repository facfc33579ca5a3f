/** Writes in the name of one actor: conditions, ids, references, validation, policy, one commit with its audit. */
import { auditLine, writeLines } from '../../access/audit.ts';
import { refuseUnproved } from '../../access/consent-proof.ts';
import type { Actor } from '../../access/contract.ts';
import type { Action } from '../../access/decide.ts';
import { allowanceOf } from '../../access/smart/allowance.ts';
import { Failure, type Issue } from '../../failure.ts';
import { patientOf } from '../../store/compartment.ts';
import type { StoredVersion, Write, WriteResult } from '../../store/contract.ts';
import { vietnamDay } from '../../text/vietnam-time.ts';
import type { Together } from '../../together.ts';
import { baseOfFullUrl, bundleName, rewriteReferences, unresolvedReference } from '../bundle/references.ts';
import { readStoredJson } from '../json/read.ts';
import { CARRIERS, RENDERED } from '../names.ts';
import { DEFINING, type Profiles } from '../profiles/index.ts';
import { subscribed, subscribedTypes } from '../subscriptions/definition.ts';
import type { Topics } from '../subscriptions/topics.ts';
import type { Consent, Resource, Subscription } from '../types.ts';
import { resolveConditionalReferences } from './conditional.ts';
import { conflict, type Draft, draftOf, type WriteEntry, withId } from './draft.ts';
import { refuseMissing } from './existing.ts';
import { type Keeps, refuseKept } from './kept.ts';
import { keepLabels } from './labels.ts';
import { lookupFor } from './lookup.ts';
import { placed, placeFailure, placeIssue } from './place.ts';
import { type Parts, refuseSearch } from './reads.ts';
import type { WriteDemand } from './session.ts';

export interface WriteParts extends Parts {
  validate: Together<Resource, Issue[]>;
  profiles: Profiles;
  /** What can be subscribed to. */
  topics: Topics;
  keeps: Keeps;
}

/** How often a commit is tried again when a resource found by criteria was changed in between. */
const TRIES = 12;

/** Entries of one Bundle that ask the record at the same time: a large one leaves room for others, and for itself. */
const AT_ONCE = 250;

/**
 * Commits all entries or none; answers in their order. The failing entry's place stands in the failure's expression.
 * Fails with `invalid-resource`, `forbidden`, `version-conflict`, `multiple-matches`, `no-match`, `not-found`, `gone`.
 */
export async function commitEntries(
  parts: WriteParts,
  actor: Actor,
  entries: WriteEntry[],
  demand: WriteDemand = {},
): Promise<WriteResult[]> {
  for (let left = TRIES - 1; ; left -= 1) {
    const drafts = await prepare(parts, actor, entries, left < TRIES - 1);
    if (demand.strict) await refuseMissing(parts, actor, drafts);
    try {
      return (await commit(parts, actor, drafts)).slice(0, entries.length);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // Another request has just created what an entry of ours would have created, or changed what criteria match.
      if (error.code === 'conflict' && left > 0 && isOvertaken(error)) continue;
      if (error.code !== 'version-conflict') throw error;
      const named = await findConflict(parts, drafts);
      if (named === null && left > 0 && drafts.some((draft) => draft.optimistic)) continue;
      throw named ?? error;
    }
  }
}

/** A conditional create was overtaken and other entries refer to the id it would have got, or criteria match otherwise now. */
function isOvertaken(failure: Failure): boolean {
  const { matched, criteria } = (failure.details ?? {}) as { matched?: unknown; criteria?: unknown };
  return typeof matched === 'string' || typeof criteria === 'string';
}

/** @returns the drafts in the order of the entries, and behind them what one entry deletes besides its first match */
async function prepare(
  parts: WriteParts,
  actor: Actor,
  entries: WriteEntry[],
  again: boolean,
): Promise<Draft[]> {
  refuseUnwritten(entries);
  const { drafts, leaving } = await draftAll(parts, actor, entries, again);
  const addresses = new Map<string, string>();
  await resolveConditionalReferences(parts, actor, drafts, leaving, addresses);
  giveIds(parts, drafts, addresses);
  refuseRepeats(drafts);
  checkReferences(drafts);
  await validateAll(parts, actor, drafts);
  for (const draft of drafts) await authorise(parts, actor, draft, drafts);
  return drafts;
}

/**
 * R4 http.html#trules: deletes come first, so what they remove matches no other entry's criteria.
 * @returns the drafts in the order of the entries, and what leaves (`Type/id`)
 */
async function draftAll(
  parts: WriteParts,
  actor: Actor,
  entries: WriteEntry[],
  again: boolean,
): Promise<{ drafts: Draft[]; leaving: Set<string> }> {
  const leaving = new Set(
    entries.flatMap(({ intent }) =>
      intent.do === 'delete' && intent.id !== undefined ? [`${intent.type}/${intent.id}`] : [],
    ),
  );
  const drafts: Draft[] = new Array(entries.length);
  const draftThose = async (deletes: boolean) => {
    const those = [...entries.entries()].filter(([, { intent }]) => (intent.do === 'delete') === deletes);
    for (let from = 0; from < those.length; from += AT_ONCE) {
      await Promise.all(
        those.slice(from, from + AT_ONCE).map(async ([at, entry]) => {
          drafts[at] = await placed(entry, () => draftOf(parts, actor, entry, { leaving, again }));
        }),
      );
    }
  };
  await draftThose(true);
  const others = drafts.flatMap((draft) => draft?.others ?? []);
  for (const { change, type, id } of [...drafts.filter(Boolean), ...others]) {
    if (change.op === 'delete') leaving.add(`${type}/${id}`);
  }
  await draftThose(false);
  return { drafts: [...drafts, ...others], leaving };
}

/** Ids of persons first: the id of what is theirs carries their shard. */
function giveIds(parts: WriteParts, drafts: Draft[], addresses: Map<string, string>): void {
  const isCreate = (draft: Draft) => draft.change.op === 'create';
  for (const draft of drafts) {
    if (isCreate(draft) && draft.type === 'Patient') draft.id = parts.store.newId('Patient');
    announce(draft, addresses);
  }
  rewriteAll(drafts, addresses);
  let rewriteAgain = false;
  for (const draft of drafts) {
    if (draft.change.op !== 'create') continue;
    draft.id ??= parts.store.newId(draft.type, patientOf(draft.change.resource) ?? undefined);
    draft.change.resource = withId(draft.change.resource, draft.id);
    rewriteAgain = announce(draft, addresses) || rewriteAgain;
  }
  if (rewriteAgain) rewriteAll(drafts, addresses);
}

/** True when the Bundle calls the resource by another name than its address. */
function announce({ entry, criteria = [], type, id }: Draft, addresses: Map<string, string>): boolean {
  if (id === null) return false;
  const address = `${type}/${id}`;
  const names = [...(entry.fullUrl === undefined ? [] : [bundleName(entry.fullUrl)]), ...criteria];
  const others = names.filter((name) => name !== address);
  for (const name of others) addresses.set(name, address);
  return others.length > 0;
}

function rewriteAll(drafts: Draft[], addresses: ReadonlyMap<string, string>): void {
  const definitions = definitionsIn(drafts);
  for (const { entry, change } of drafts) {
    if (change.op !== 'create' && change.op !== 'update') continue;
    const base = baseOfFullUrl(entry.fullUrl);
    change.resource = rewriteReferences(change.resource, addresses, base, definitions);
  }
}

/** FullUrls that are the canonical URL of what the entry holds. */
function definitionsIn(drafts: Draft[]): Set<string> {
  const urls = drafts.flatMap(({ entry: { fullUrl, intent } }) =>
    fullUrl !== undefined && 'resource' in intent && (intent.resource as { url?: unknown }).url === fullUrl
      ? [fullUrl]
      : [],
  );
  return new Set(urls);
}

/** R4: "If any resource identities overlap … the transaction SHALL fail". */
function refuseRepeats(drafts: Draft[]): void {
  const seen = new Set<string>();
  for (const { entry, type, id, change } of drafts) {
    if (id === null || (change.op === 'none' && change.answer.outcome === 'matched')) continue;
    // Two creates under one condition are one identity: the second would find the first.
    const condition = change.op === 'create' ? (change.ifNoneExist ?? change.criteria?.query) : undefined;
    const name = condition === undefined ? `${type}/${id}` : `${type}?${inOneOrder(condition)}`;
    if (seen.has(name)) {
      throw new Failure('invalid-request', `${name} xuất hiện hai lần trong một giao dịch.`, {
        textEn: `${name} appears twice in one transaction.`,
        ...(entry.place === null ? {} : { expression: entry.place }),
      });
    }
    seen.add(name);
  }
}

/** `a=1&b=2` and `b=2&a=1` are one condition, however they are encoded. */
function inOneOrder(condition: string): string {
  return [...new URLSearchParams(condition)]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&');
}

function checkReferences(drafts: Draft[]): void {
  for (const { entry, change } of drafts) {
    if (change.op !== 'create' && change.op !== 'update') continue;
    // A stored Bundle carries the names of its own entries.
    if (change.resource.resourceType === 'Bundle') continue;
    const unresolved = unresolvedReference(change.resource);
    if (!unresolved) continue;
    const { resourceType } = change.resource;
    throw new Failure('invalid-request', `Tham chiếu "${unresolved.reference}" không có trong Bundle.`, {
      textEn: `The reference "${unresolved.reference}" names an entry of a Bundle that is not there.`,
      expression: `${entry.place === null ? resourceType : `${entry.place}.resource`}.${unresolved.path}`,
    });
  }
}

/** R4 first, for all; then the profiles, which look only at what is right by R4. */
async function validateAll(parts: WriteParts, actor: Actor, drafts: Draft[]): Promise<void> {
  const written = drafts.flatMap(({ entry, change }) =>
    change.op === 'create' || change.op === 'update' ? [{ entry, resource: change.resource }] : [],
  );
  const resources = written.map(({ resource }) => resource);
  refuseInvalid(written, await parts.validate.all(resources));
  const { read, tell } = lookupFor(parts, actor);
  const check = await parts.profiles.checkOf(resources, { read });
  try {
    refuseInvalid(
      written,
      resources.map((one) => check(one)),
    );
  } catch (error) {
    await tell();
    throw error;
  }
}

/** @param found of each that is written, in their order */
function refuseInvalid(written: { entry: WriteEntry }[], found: Issue[][]): void {
  const issues = written.flatMap(({ entry }, at) =>
    found[at]!.filter(({ severity }) => severity === 'error').map((issue) => placeIssue(issue, entry.place)),
  );
  if (issues.length > 0) throw new Failure('invalid-resource', 'Tài nguyên không hợp lệ.', { issues });
}

function refuseUnwritten(entries: readonly WriteEntry[]): void {
  for (const { intent, place } of entries) {
    const type = intent.do === 'create' ? intent.resource.resourceType : intent.type;
    if (!RENDERED.has(type) && !CARRIERS.has(type)) continue;
    throw new Failure('method-not-allowed', `${type} không được ghi.`, {
      textEn: `${type} cannot be written.`,
      ...(place === null ? {} : { expression: place }),
    });
  }
}

async function authorise(parts: WriteParts, actor: Actor, draft: Draft, drafts: Draft[]): Promise<void> {
  const { change, entry, type, id } = draft;
  if (change.op === 'none') {
    if (draft.current === null || (await parts.guard.visible(actor, [draft.current], 'read')).length > 0)
      return;
    throw await refuse(parts, actor, draft, 'read', draft.current.patient);
  }
  const action: Action = change.op;
  const reach = parts.guard.reach(actor, action, type);
  if (reach === 'none') throw await refuse(parts, actor, draft, action, null);
  if (action === 'delete') await placed(entry, () => refuseKept(parts, draft));
  if (change.op !== 'delete' && change.resource.resourceType === 'Subscription')
    await refuseSubscription(parts, actor, draft, action, change.resource as Subscription);
  const { guard } = parts;
  if (reach === 'province' && allowanceOf(actor, action, type) === 'all' && guard.seesAll(actor, type))
    return;
  const current =
    draft.current ?? (id === null || change.op === 'create' ? null : await parts.store.read(type, id));
  if (current && !current.deleted && (await parts.guard.visible(actor, [current], action)).length === 0) {
    throw await refuse(parts, actor, draft, action, current.patient);
  }
  if (change.op === 'delete') {
    if (type === 'Consent' && current && !current.deleted)
      await proveWithdrawal(parts, actor, draft, current);
    return;
  }
  if (current && !current.deleted) {
    const isPatch = entry.intent.do === 'patch';
    const kept = await placed(entry, () => keepLabels(parts, actor, current, change.resource, isPatch));
    change.resource = kept.resource;
    draft.declassifies = kept.isLifted;
  }
  const siblings = drafts.flatMap((one) => ('resource' in one.change ? [one.change.resource] : []));
  const person = patientOf(change.resource);
  if (!(await parts.guard.mayWrite(actor, action, change.resource, person, siblings))) {
    throw await refuse(parts, actor, draft, action, person);
  }
  if (change.resource.resourceType === 'Consent')
    await proveConsent(parts, actor, draft, current, change.resource);
}

/** A decision that is deleted holds no more: that is asked as its withdrawal is. */
async function proveWithdrawal(
  parts: WriteParts,
  actor: Actor,
  draft: Draft,
  current: StoredVersion,
): Promise<void> {
  const before = readStoredJson(current.body) as Consent;
  await proveConsent(parts, actor, draft, current, { ...before, status: 'inactive' });
}

/** What is written in a person's name needs the person's proof; see access/consent-proof.ts. */
async function proveConsent(
  parts: WriteParts,
  actor: Actor,
  { entry }: Draft,
  current: StoredVersion | null,
  consent: Consent,
): Promise<void> {
  const before = current && !current.deleted ? (readStoredJson(current.body) as Consent) : null;
  await placed(entry, () => refuseUnproved(parts.store, actor, before, consent, vietnamDay(new Date())));
}

/**
 * A subscription brings what its criteria find in the name of who asks for it, as that one sees the record when it is
 * brought: only who may search the types, and ask so, may ask for it.
 */
async function refuseSubscription(
  parts: WriteParts,
  actor: Actor,
  draft: Draft,
  action: Action,
  subscription: Subscription,
): Promise<void> {
  if (subscription.status === 'off') return;
  const types = subscribedTypes(subscription, parts.topics);
  if (types.some((type) => parts.guard.reach(actor, 'search', type) === 'none'))
    throw await refuse(parts, actor, draft, action, null);
  const to = subscribed({ ...subscription, id: draft.id ?? 'new' }, parts.topics);
  if (to) await refuseSearch(parts, actor, to.type, to.params);
}

async function refuse(
  parts: WriteParts,
  actor: Actor,
  { entry, type, id }: Draft,
  action: Action,
  person: string | null,
): Promise<Failure> {
  const what = id === null || action === 'create' ? type : `${type}/${id}`;
  await parts.store.audit([auditLine(actor, action, what, person, 'refused')]);
  return new Failure('forbidden', `Bạn không được ghi ${what} cho đơn vị này.`, {
    textEn: `You may not ${action} ${what}.`,
    ...(entry.place === null ? {} : { expression: entry.place }),
  });
}

async function commit(parts: WriteParts, actor: Actor, drafts: Draft[]): Promise<WriteResult[]> {
  const changing = drafts.filter((draft) => draft.change.op !== 'none');
  const lines = writeLines(actor, changing.flatMap(touched));
  const done = changing.length === 0 ? [] : await parts.store.commit(changing.map(toWrite), lines);
  if (changing.some(({ type }) => DEFINING.has(type))) parts.profiles.forget();
  parts.guard.written(
    actor,
    changing.flatMap(({ change }) => ('resource' in change ? [change.resource] : [])),
  );
  const results = done[Symbol.iterator]();
  return drafts.map(({ change }) => (change.op === 'none' ? change.answer : results.next().value!));
}

function touched({ type, id, change, current, declassifies = false }: Draft) {
  const patient = 'resource' in change ? patientOf(change.resource as Resource) : (current?.patient ?? null);
  const on = { what: `${type}/${id}`, patient };
  const done = { action: change.op as 'create' | 'update' | 'delete', ...on };
  return declassifies ? [done, { action: 'declassify' as const, ...on }] : [done];
}

function toWrite({ type, id, change, bounds }: Draft): Write {
  if (change.op === 'none') throw new Error('nothing to write');
  const within = bounds === undefined ? {} : { bounds };
  return change.op === 'delete' ? { ...change, type, id: id!, ...within } : { ...change, ...within };
}

/** Which of the drafts stands against a newer version, as the failure to answer; null when only ours did. */
async function findConflict({ store }: WriteParts, drafts: Draft[]): Promise<Failure | null> {
  for (const { entry, type, id, change, optimistic } of drafts) {
    const expected = change.op === 'update' || change.op === 'delete' ? change.ifMatch : undefined;
    if (optimistic || expected === undefined || id === null) continue;
    const current = await store.read(type, id);
    if ((current?.version ?? null) === expected && !current?.deleted) continue;
    const yours = change.op === 'update' ? change.resource : null;
    return placeFailure(conflict(type, current, expected ?? 0, yours), entry.place);
  }
  return null;
}
