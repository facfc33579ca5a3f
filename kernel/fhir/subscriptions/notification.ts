/** Notifications of the R5 backport as bytes: a history Bundle whose first entry is the status. IG notifications.html, payloads.html. Pure. */
import { randomUUID } from 'node:crypto';
import { type EntryBytes, Pieces } from '../http/bundle-bytes.ts';
import type { Parameters } from '../types.ts';
import { NOTIFICATION_PROFILE, type PayloadContent, STATUS_PROFILE } from './backport.ts';
import type { SubscriptionEvent } from './event-log.ts';

export type NotificationType =
  | 'handshake'
  | 'heartbeat'
  | 'event-notification'
  | 'query-status'
  | 'query-event';

/** What stands in the status of a notification. */
export interface StatusAsked {
  /** Address of the interface, `http://host/fhir`. */
  base: string;
  id: string;
  /** Canonical address; null for R4's own subscriptions. */
  topic: string | null;
  status: string;
  type: NotificationType;
  content: PayloadContent;
  /** Events since the subscription began, told or not. */
  events: number;
  /** Why it is in error. */
  error?: string;
}

/** An event that whoever is told may not see any more: that the number is not missing is all that is said of it. */
export type HiddenEvent = Pick<SubscriptionEvent, 'number'>;

export type ToldEvent = SeenEvent | HiddenEvent;

/** An event with what goes along. */
export interface SeenEvent extends SubscriptionEvent {
  /** Bytes of the focus as the event left it; null when they are not wanted, or erased. */
  body: Buffer | null;
  /** What belongs to it: `Type/id`, and bytes when they are wanted. */
  context: readonly { name: string; body: Buffer | null }[];
}

/** Parameters of profile backport-subscription-status-r4. */
export function statusOf(asked: StatusAsked, events: readonly ToldEvent[] = []): Parameters {
  const { base, topic, content, error } = asked;
  return {
    resourceType: 'Parameters',
    id: randomUUID(),
    meta: { profile: [STATUS_PROFILE] },
    parameter: [
      { name: 'subscription', valueReference: { reference: `${base}/Subscription/${asked.id}` } },
      // "SHOULD NOT be present when using empty payloads".
      ...(topic === null || (content === 'empty' && asked.type === 'event-notification')
        ? []
        : [{ name: 'topic', valueCanonical: topic }]),
      { name: 'status', valueCode: asked.status },
      { name: 'type', valueCode: asked.type },
      { name: 'events-since-subscription-start', valueString: String(asked.events) },
      ...events.map((event) => eventParameter(base, content, event)),
      ...(error === undefined ? [] : [{ name: 'error', valueCodeableConcept: { text: error } }]),
    ],
  };
}

function eventParameter(base: string, content: PayloadContent, event: ToldEvent) {
  const number = { name: 'event-number', valueString: String(event.number) };
  if (!isSeen(event)) return { name: 'notification-event', part: [number] };
  const reference = (name: string) => ({ valueReference: { reference: `${base}/${name}` } });
  return {
    name: 'notification-event',
    part: [
      number,
      { name: 'timestamp', valueInstant: event.at },
      ...(content === 'empty'
        ? []
        : [
            { name: 'focus', ...reference(`${event.type}/${event.id}`) },
            ...event.context.map(({ name }) => ({ name: 'additional-context', ...reference(name) })),
          ]),
    ],
  };
}

const isSeen = (event: ToldEvent): event is SeenEvent => 'type' in event;

/** The Bundle that is sent; one resource stands in it once. @param at ISO instant of its making */
export function notificationBytes(asked: StatusAsked, events: readonly ToldEvent[], at: string): Buffer {
  const status = statusOf(asked, events);
  const request = { method: 'GET', url: `Subscription/${asked.id}/$status` };
  const first = `{"fullUrl":"urn:uuid:${status.id}","resource":${JSON.stringify(status)},${tail(request, '200')}`;
  const entries = new Map<string, EntryBytes>();
  if (asked.content !== 'empty') {
    for (const event of events.filter(isSeen)) {
      entries.set(`${event.type}/${event.id}/${event.number}`, focusEntry(asked, event));
      for (const { name, body } of event.context) {
        const isWanted = asked.content === 'full-resource';
        const answer = tail({ method: 'GET', url: name }, isWanted && body === null ? '410' : '200');
        entries.set(name, entryOf(`${asked.base}/${name}`, isWanted ? body : null, answer));
      }
    }
  }
  const pieces = new Pieces();
  const meta = { lastUpdated: at, profile: [NOTIFICATION_PROFILE] };
  const head = { resourceType: 'Bundle', id: randomUUID(), meta, type: 'history', timestamp: at };
  pieces.add(`${JSON.stringify(head).slice(0, -1)},"entry":[${first}`);
  for (const entry of entries.values()) for (const part of [',', ...entry]) pieces.add(part);
  pieces.add(']}');
  return pieces.take();
}

function focusEntry(asked: StatusAsked, event: SeenEvent): EntryBytes {
  const name = `${event.type}/${event.id}`;
  const isWanted = asked.content === 'full-resource';
  const request = event.op === 'create' ? { method: 'POST', url: event.type } : { method: 'PUT', url: name };
  const answer = isWanted && event.body === null ? '410' : event.op === 'create' ? '201' : '200';
  return entryOf(`${asked.base}/${name}`, isWanted ? event.body : null, tail(request, answer));
}

function entryOf(fullUrl: string, body: Buffer | null, end: string): EntryBytes {
  const head = `{"fullUrl":${JSON.stringify(fullUrl)},`;
  return body === null ? [head + end] : [`${head}"resource":`, body, `,${end}`];
}

function tail(request: { method: string; url: string }, status: string): string {
  return `"request":${JSON.stringify(request)},"response":{"status":"${status}"}}`;
}
