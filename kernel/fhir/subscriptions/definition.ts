/** A Subscription as the program carries it out. R4 subscription.html and the R5 backport. Pure. */
import { isResourceType } from '../names.ts';
import type { ResourceType, Subscription } from '../types.ts';
import { extensionsOf, type PayloadContent, topicOf } from './backport.ts';
import { focusOf, includedTypes, type Topic, type Topics } from './topics.ts';

export type ChannelType = 'rest-hook' | 'websocket';

export interface Subscribed {
  id: string;
  type: ResourceType;
  /** The criteria beside the type, or the filters of the topic. */
  params: [string, string][];
  channel: ChannelType;
  /** '' for a websocket. */
  endpoint: string;
  /** R4's own: the resource goes along; else the subscriber is only told to look. */
  hasPayload: boolean;
  headers: Record<string, string>;
  /** Epoch milliseconds after which nothing is sent. */
  end: number | null;
  /** Null: R4's own, by criteria. */
  topic: TopicAsked | null;
  /** Its status is `active`: what waits is sent. */
  delivers: boolean;
  /** Its status is not `error`: what happens waits for it, also while a handshake is under way; else it is only counted. */
  queues: boolean;
}

export interface TopicAsked {
  topic: Topic;
  content: PayloadContent;
  /** MIME type of the notifications. */
  payload: string;
  /** Seconds; null: none. */
  heartbeat: number | null;
  /** Milliseconds that one try may last. */
  timeout: number;
  /** Events of one notification at most. */
  maxCount: number;
}

/** More events than this do not go together, whatever was asked for: a notification has an end. */
export const MOST_EVENTS = 100;
/** One try lasts so long at most, headers and answer together: milliseconds. Shorter than the outbox' lease. */
export const MOST_PATIENCE_MS = 60_000;
const PATIENCE_MS = 20_000;

export const HEADER = /^([A-Za-z0-9-]+):[ \t]*([\x20-\x7e]*)$/;

/** The type of R4 criteria; null when there is none. */
export function criteriaType({ criteria }: Subscription): ResourceType | null {
  const type = criteria.split('?')[0] ?? '';
  return isResourceType(type) ? type : null;
}

/** Every type of which the subscriber learns; empty when the criteria name nothing that is known. */
export function subscribedTypes(subscription: Subscription, topics: Topics): ResourceType[] {
  const url = topicOf(subscription);
  if (url === null) return [criteriaType(subscription)].filter((type) => type !== null);
  const topic = topics.find(url);
  return topic ? [focusOf(topic), ...includedTypes(topic)] : [];
}

/** The same of what is carried out. */
export function typesOf({ type, topic }: Subscribed): ResourceType[] {
  return topic ? [type, ...includedTypes(topic.topic)] : [type];
}

/** What is carried out of a subscription that had no issues when it was written; null when nothing can be. */
export function subscribed(subscription: Subscription, topics: Topics): Subscribed | null {
  const url = topicOf(subscription);
  const topic = url === null ? null : topics.find(url);
  const type = url === null ? criteriaType(subscription) : topic && focusOf(topic);
  const { type: channel, endpoint = '', payload, header = [] } = subscription.channel;
  if (type === null || subscription.id === undefined || !isServed(channel, endpoint)) return null;
  const headers = header.map((line) => HEADER.exec(line)).filter((match) => match !== null);
  return {
    id: subscription.id,
    type,
    params: topic ? filtersOf(subscription, type) : paramsOf(subscription),
    channel,
    endpoint,
    hasPayload: payload !== undefined,
    headers: Object.fromEntries(headers.map(([, name, value]) => [name, value])),
    end: subscription.end === undefined ? null : Date.parse(subscription.end),
    topic: topic && askedOf(subscription, topic),
    delivers: subscription.status === 'active',
    queues: subscription.status !== 'error',
  };
}

function isServed(channel: string, endpoint: string): channel is ChannelType {
  return channel === 'websocket' || (channel === 'rest-hook' && endpoint !== '');
}

function askedOf(subscription: Subscription, topic: Topic): TopicAsked {
  const { content, heartbeat, timeout, maxCount } = extensionsOf(subscription);
  return {
    topic,
    content: (content ?? 'empty') as PayloadContent,
    payload: subscription.channel.payload ?? 'application/fhir+json',
    heartbeat: typeof heartbeat === 'number' ? heartbeat : null,
    timeout: typeof timeout === 'number' ? Math.min(timeout * 1_000, MOST_PATIENCE_MS) : PATIENCE_MS,
    maxCount: typeof maxCount === 'number' ? Math.min(maxCount, MOST_EVENTS) : 1,
  };
}

/** Parameters of R4 criteria, `Type?name=value`. */
export function paramsOf({ criteria }: Subscription): [string, string][] {
  const at = criteria.indexOf('?');
  return at < 0 ? [] : ([...new URLSearchParams(criteria.slice(at + 1))] as [string, string][]);
}

/**
 * All filters as search parameters of the focus. The forms of the IG: `name=value`, `name:modifier=value`,
 * `Type.name=value`; and its examples' `Type?name=value`.
 */
export function filtersOf(subscription: Subscription, type: ResourceType): [string, string][] {
  return extensionsOf(subscription).filters.flatMap((filter) =>
    typeof filter === 'string' ? readFilter(filter, type) : [],
  );
}

function readFilter(filter: string, type: ResourceType): [string, string][] {
  const own = filter.startsWith(`${type}?`) ? filter.slice(type.length + 1) : filter;
  return [...new URLSearchParams(own)].map(([name, value]) => [
    name.startsWith(`${type}.`) ? name.slice(type.length + 1) : name,
    value,
  ]);
}
