/**
 * Whom a batch of changes concerns: R4's own criteria by a search, topics by their triggers, filters by a search; each in the
 * subscriber's name, so that what the subscriber does not see is no event and has no number.
 */
import type { Change, Store, StoredVersion } from '../../store/contract.ts';
import { readStoredJson } from '../json/read.ts';
import type { FhirSession } from '../session/session.ts';
import type { Resource } from '../types.ts';
import type { Subscribed } from './definition.ts';
import {
  type Owner,
  ownerKey,
  refusalOf,
  rememberSubscribers,
  type Subscribers,
  seenBy,
  silencedBy,
} from './subscribers.ts';
import type { Topic, Topics } from './topics.ts';
import { isEvent, type Step } from './trigger.ts';

/** Ids of one search. */
const IDS = 200;
/** Versions read at once. */
const AT_ONCE = 16;
export interface Matched {
  /** In the order of the feed. */
  concerned: Map<Subscribed, Change[]>;
  /** Those that cannot be carried out any more, and why: they hold up nobody else. */
  broken: Map<Subscribed, string>;
}

export interface MatcherParts {
  store: Store;
  topics: Topics;
  subscribers: Subscribers;
  /** Who asked for a subscription. */
  ownerOf(subscription: string): Owner;
}

/** @param now epoch milliseconds */
export async function matchChanges(
  { store, topics, subscribers, ownerOf }: MatcherParts,
  subscriptions: Iterable<Subscribed>,
  changes: readonly Change[],
  now: number,
): Promise<Matched> {
  const matched: Matched = { concerned: new Map(), broken: new Map() };
  const live = changes.filter(({ op }) => op !== 'delete');
  const steps = new Steps(store);
  const remembered = rememberSubscribers(subscribers);
  const events = new Map<Topic, Promise<Change[]>>();
  const answers = new Map<string, Promise<Change[]>>();
  for (const one of subscriptions) {
    if (one.end !== null && one.end <= now) continue;
    let about = live.filter(({ type }) => type === one.type);
    if (about.length === 0) continue;
    if (one.topic) {
      const { topic } = one.topic;
      const known = events.get(topic) ?? eventsOf(steps, topic, about, topics.notifiable());
      events.set(topic, known);
      about = await known;
    }
    if (about.length === 0) continue;
    const owner = ownerOf(one.id);
    const session = await remembered(owner);
    const silenced = silencedBy(session, one);
    if (session === null || silenced !== null) {
      matched.broken.set(one, silenced!);
      continue;
    }
    // Subscriptions that ask the same in the same name are answered together.
    const key = JSON.stringify([one.topic?.topic.url ?? '', one.type, one.params, ownerKey(owner)]);
    const answer =
      answers.get(key) ??
      (one.topic && one.params.length === 0 ? seen(store, session, about) : searched(session, one, about));
    answers.set(key, answer);
    try {
      const found = await answer;
      if (found.length > 0) matched.concerned.set(one, found);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      matched.broken.set(one, refusal);
    }
  }
  return matched;
}

/** Those of the changes of which the subscriber may see the version that they made. */
async function seen(store: Store, session: FhirSession, changes: readonly Change[]): Promise<Change[]> {
  if (changes.every(({ type }) => session.seesWhole(type))) return [...changes];
  const found: Change[] = [];
  for (let from = 0; from < changes.length; from += AT_ONCE) {
    const piece = changes.slice(from, from + AT_ONCE);
    const versions = await Promise.all(piece.map(({ type, id, version }) => store.vread(type, id, version)));
    const visible = new Set(
      await seenBy(
        session,
        versions.filter((version) => version !== null),
      ),
    );
    found.push(...piece.filter((_, at) => versions[at] !== null && visible.has(versions[at]!)));
  }
  return found;
}

async function searched(
  session: FhirSession,
  one: Subscribed,
  changes: readonly Change[],
): Promise<Change[]> {
  const found: Change[] = [];
  for (let from = 0; from < changes.length; from += IDS) {
    const piece = changes.slice(from, from + IDS);
    const ids = [...new Set(piece.map(({ id }) => id))];
    const { matches } = await session.findUntold(one.type, [
      ...one.params,
      ['_id', ids.join(',')],
      ['_count', String(IDS)],
    ]);
    const matching = new Set(matches.map(({ id }) => id));
    found.push(...piece.filter(({ id }) => matching.has(id)));
  }
  return found;
}

async function eventsOf(
  steps: Steps,
  topic: Topic,
  changes: readonly Change[],
  notifiable: readonly string[],
): Promise<Change[]> {
  const events: Change[] = [];
  for (let from = 0; from < changes.length; from += AT_ONCE) {
    const piece = changes.slice(from, from + AT_ONCE);
    const read = await Promise.all(piece.map((change) => steps.of(change)));
    events.push(
      ...piece.filter((_, at) => {
        const step = read[at];
        return step ? isEvent(topic, step, notifiable) : false;
      }),
    );
  }
  return events;
}

/** The versions before and after changes, read once for all topics of a batch. */
class Steps {
  readonly #store: Store;
  readonly #known = new Map<Change, Promise<Step | null>>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Null when the version was erased since. */
  of(change: Change): Promise<Step | null> {
    const known = this.#known.get(change) ?? this.#read(change);
    this.#known.set(change, known);
    return known;
  }

  async #read({ type, id, version, op }: Change): Promise<Step | null> {
    const [current, before] = await Promise.all([
      this.#store.vread(type, id, version),
      version > 1 ? this.#store.vread(type, id, version - 1) : null,
    ]);
    const resource = resourceOf(current);
    return resource && { op: op as Step['op'], current: resource, previous: resourceOf(before) };
  }
}

function resourceOf(version: StoredVersion | null): Resource | null {
  return version && !version.deleted ? (readStoredJson(version.body) as Resource) : null;
}
