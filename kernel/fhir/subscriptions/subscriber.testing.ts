/** A subscriber on loopback that can be told to misbehave, and a subscription of a topic: for tests. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bundle } from '../types.ts';
import type { SubscriptionEvent } from './event-log.ts';

export interface Call {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface Subscriber {
  host: string;
  calls: Call[];
  /** How the next calls to a path are answered: a status, silence, or a way of one's own; then 200. */
  answer(path: string, ...answers: Answer[]): void;
  /** Calls to a path. */
  at(path: string): Call[];
  stop(): void;
}

export type Answer = number | 'cut' | ((response: ServerResponse) => void);

export async function openSubscriber(): Promise<Subscriber> {
  const calls: Call[] = [];
  const answers = new Map<string, Answer[]>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const answer = answers.get(path)?.shift() ?? 200;
      if (answer === 'cut') return void request.socket.destroy();
      calls.push({ method, path, headers, body });
      if (typeof answer === 'function') answer(response);
      else response.writeHead(answer).end(answer >= 300 ? 'not now' : '');
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer: (path, ...given) => void answers.set(path, given),
    at: (path) => calls.filter((call) => call.path === path),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A resource that a test writes. */
export type Written = { resourceType: string; id: string } & Record<string, unknown>;

const EXTENSION = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-';

export interface TopicWish {
  content?: string;
  filters?: string[];
  heartbeat?: number;
  timeout?: number;
  maxCount?: number;
  channel?: object;
  status?: string;
}

/** A Subscription of the R5 backport to a topic of the content, by its id. */
export function topicSubscription(
  id: string,
  topic: string,
  endpoint: string | undefined,
  wish: TopicWish = {},
) {
  const { content = 'id-only', filters = [], heartbeat, timeout, maxCount, channel = {}, status } = wish;
  const extension = [
    ...(heartbeat === undefined
      ? []
      : [{ url: `${EXTENSION}heartbeat-period`, valueUnsignedInt: heartbeat }]),
    ...(timeout === undefined ? [] : [{ url: `${EXTENSION}timeout`, valueUnsignedInt: timeout }]),
    ...(maxCount === undefined ? [] : [{ url: `${EXTENSION}max-count`, valuePositiveInt: maxCount }]),
  ];
  return {
    resourceType: 'Subscription',
    id,
    meta: { profile: [`${EXTENSION}subscription`] },
    status: status ?? 'requested',
    reason: 'Theo dõi',
    criteria: `http://yba.vn/fhir/SubscriptionTopic/${topic}`,
    ...(filters.length > 0 && {
      _criteria: {
        extension: filters.map((valueString) => ({ url: `${EXTENSION}filter-criteria`, valueString })),
      },
    }),
    channel: {
      ...(extension.length > 0 && { extension }),
      type: endpoint === undefined ? 'websocket' : 'rest-hook',
      ...(endpoint !== undefined && { endpoint }),
      payload: 'application/fhir+json',
      _payload: { extension: [{ url: `${EXTENSION}payload-content`, valueCode: content }] },
      ...channel,
    },
  };
}

/** What a notification says, in short. */
export interface Read {
  type: string;
  status: string;
  topic?: string;
  events: number;
  told: (Partial<SubscriptionEvent> & { focus?: string; context: string[] })[];
  /** `fullUrl` without its base → resource, for the entries behind the status. */
  entries: { url: string; resource?: Record<string, unknown>; request: object; status: string }[];
}

interface Parameter {
  name: string;
  valueString?: string;
  valueCode?: string;
  valueCanonical?: string;
  valueInstant?: string;
  valueReference?: { reference: string };
  part?: Parameter[];
}

/** Reads a notification Bundle; the base of addresses is left off. */
export function readNotification(text: string): Read {
  const bundle = JSON.parse(text) as Bundle;
  const [first, ...rest] = bundle.entry ?? [];
  const { parameter } = first!.resource as unknown as { parameter: Parameter[] };
  const one = (name: string, from = parameter) => from.find((each) => each.name === name);
  const local = (url = '') => url.replace(/^.*\/fhir\//, '');
  return {
    type: one('type')!.valueCode!,
    status: one('status')!.valueCode!,
    ...(one('topic') && { topic: one('topic')!.valueCanonical! }),
    events: Number(one('events-since-subscription-start')!.valueString),
    told: parameter
      .filter(({ name }) => name === 'notification-event')
      .map(({ part = [] }) => ({
        number: Number(one('event-number', part)!.valueString),
        ...(one('timestamp', part) && { at: one('timestamp', part)!.valueInstant! }),
        ...(one('focus', part) && { focus: local(one('focus', part)!.valueReference!.reference) }),
        context: part
          .filter(({ name }) => name === 'additional-context')
          .map(({ valueReference }) => local(valueReference!.reference)),
      })),
    entries: rest.map(({ fullUrl, resource, request, response }) => ({
      url: local(fullUrl),
      ...(resource && { resource: resource as unknown as Record<string, unknown> }),
      request: request!,
      status: response!.status,
    })),
  };
}

/** Looks until there is something, for two minutes. */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined, what = ''): Promise<T> {
  for (let left = 6_000; left > 0; left--) {
    const found = await look();
    if (found !== undefined && found !== false) return found as T;
    await pause(20);
  }
  throw new Error(`it did not happen ${what}`);
}
