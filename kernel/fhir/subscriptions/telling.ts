/**
 * What goes along with events: the focus as the event left it, and what the topic's shape includes, within a bounded size;
 * as far as whoever is told may see it now. Of an event that may not be seen any more its number stands there alone.
 */

import { auditLine } from '../../access/audit.ts';
import type { Actor } from '../../access/contract.ts';
import type { AuditLine, Store, StoredVersion } from '../../store/contract.ts';
import type { FhirSession } from '../session/session.ts';
import type { PayloadContent } from './backport.ts';
import type { SubscriptionEvent } from './event-log.ts';
import type { ToldEvent } from './notification.ts';
import { seenBy } from './subscribers.ts';
import type { Topic } from './topics.ts';

/** A notification that would be larger ends before the event that would make it so; one event goes whatever its size. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Resources that go along with one event at most. */
const MOST_CONTEXT = 20;

export interface Told {
  /** Those of the events that go together, from the first. */
  events: ToldEvent[];
  /** Who learns of whose data, for the audit. */
  persons: { what: string; patient: string | null }[];
}

/** @param hearer whoever is told */
export async function tellEvents(
  { store, hearer }: { store: Store; hearer: FhirSession },
  topic: Topic,
  content: PayloadContent,
  events: readonly SubscriptionEvent[],
): Promise<Told> {
  const told: Told = { events: [], persons: [] };
  let bytes = 0;
  for (const event of events) {
    const found = await focusOf(store, event);
    const isHidden = found !== null && (await seenBy(hearer, [found])).length === 0;
    if (isHidden) {
      told.events.push({ number: event.number });
      continue;
    }
    const isEmpty = content === 'empty';
    const focus = isEmpty ? null : found;
    const context = isEmpty ? [] : await seenBy(hearer, await contextOf(store, topic, event));
    const isFull = content === 'full-resource';
    const size = isFull ? sizeOf([...(focus ? [focus] : []), ...context]) : 0;
    if (told.events.length > 0 && bytes + size > MOST_BYTES) break;
    bytes += size;
    told.events.push({
      ...event,
      body: isFull ? (focus?.body ?? null) : null,
      context: context.map(({ type, id, body }) => ({ name: `${type}/${id}`, body: isFull ? body : null })),
    });
    for (const { type, id, patient } of [...(focus ? [focus] : []), ...context])
      told.persons.push({ what: `${type}/${id}`, patient: type === 'Patient' ? id : patient });
  }
  return told;
}

async function focusOf(
  store: Store,
  { type, id, version }: SubscriptionEvent,
): Promise<StoredVersion | null> {
  const found = await store.vread(type, id, version);
  return found && !found.deleted ? found : null;
}

async function contextOf(
  store: Store,
  topic: Topic,
  { type, id }: SubscriptionEvent,
): Promise<StoredVersion[]> {
  const includes = topic.notificationShape.flatMap(({ resource, include = [] }) =>
    resource === type ? include : [],
  );
  if (includes.length === 0) return [];
  const { includes: found } = await store.search({
    type,
    params: [['_id', id], ...includes.map((one): [string, string] => ['_include', one])],
  });
  return found.slice(0, MOST_CONTEXT);
}

const sizeOf = (versions: readonly StoredVersion[]) =>
  versions.reduce((sum, { body }) => sum + body.length, 0);

/** A line for each person whose data goes to the subscription. */
export function sendLines(actor: Actor, subscription: string, { persons }: Told): AuditLine[] {
  const lines = new Map<string, AuditLine>();
  for (const { what, patient } of persons)
    lines.set(what, auditLine(actor, 'send', `${what} → Subscription/${subscription}`, patient));
  return [...lines.values()];
}
