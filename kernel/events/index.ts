/** Front door of events: the change feed carried to consumers, and messages pushed to browsers. */
import { EventEmitter } from 'node:events';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { Actor } from '../access/contract.ts';
import type { Store } from '../store/contract.ts';
import type { Notices } from '../store/index.ts';
import type { ConsumerState } from './consumer.ts';
import { Consumers } from './consumers.ts';
import type { Events } from './contract.ts';
import { PushHub } from './push.ts';

export type { ConsumerState } from './consumer.ts';
export type { Events } from './contract.ts';

/** Events with what the program needs to show and to stop them. */
export interface OpenEvents extends Events {
  /** State of every consumer, for /healthz. `failures > 0` = it is being retried and its views stand still. */
  states(): ConsumerState[];
  /** Names of consumers that are failing, in whichever process they work. */
  troubles(): string[];
  /** Whether the consumers are at work in this process. */
  works(): boolean;
  /** The consumers go to work in this process, each from the place that is written down. */
  work(): void;
  /** They stop working in this process; resolves when another one may go on. */
  rest(): Promise<void>;
  /** Browsers listening at this moment. */
  listeners(): number;
  /**
   * GET /api/events?topic=a&topic=b. Answers 401, 400, or 403 (no topic is allowed) as a Failure, else a stream that
   * stays open; a topic that is refused among others is told by an event `refused` with `{topic, text, textEn}`.
   */
  registerPush(app: FastifyInstance, options: { actorOf(request: FastifyRequest): Actor }): void;
  /** Lets consumers finish their batch and ends the streams. */
  close(): Promise<void>;
}

const TROUBLES = 'troubles';
const MOVED = 'consumer-moved';
/** Longer than the longest pause between two tries of a failing consumer. */
const TROUBLES_GOOD_FOR_MS = 90_000;

export interface EventsParts {
  store: Store;
  pool: Pool;
  notices: Notices;
  /** False in a process that leaves the consumers to another one on the same database, until `work()`. */
  follows?: boolean;
}

export function openEvents({ store, pool, notices, follows = true }: EventsParts): OpenEvents {
  const elsewhere = openTroubles(notices);
  const consumers = new Consumers(store, pool, {
    works: follows,
    onTroubles: (names) => void notices.send(TROUBLES, names),
  });
  const hub = new PushHub();
  const announced = new EventEmitter();
  notices.on('push', {
    heard: (message) => {
      const { topic, message: pushed } = message as { topic: string; message: unknown };
      hub.publish(topic, pushed);
    },
  });
  notices.on(MOVED, {
    heard: (name) => consumers.moved(String(name)),
    connected: () => consumers.moved(),
  });
  notices.on('announce', { heard: (subject) => void announced.emit(String(subject)) });
  return {
    consume: (name, handler, options = {}) => consumers.add(name, handler, options),
    rebuild: (name, empty) => consumers.rebuild(name, empty),
    replace: async (name, prepare) => {
      await consumers.replace(name, prepare);
      await notices.send(MOVED, name);
    },
    settled: () => consumers.settled(),
    isHeard: (topic) => hub.isHeard(topic),
    publish: (topic, message) => {
      hub.publish(topic, message);
      void notices.send('push', { topic, message });
    },
    publishHere: (topic, message) => hub.publish(topic, message),
    announce: (subject) => {
      announced.emit(subject);
      void notices.send('announce', subject);
    },
    onAnnounced: (subject, listener) => void announced.on(subject, listener),
    allowTopic: (prefix, may) => hub.allow(prefix, may),
    states: () => consumers.states(),
    troubles: () => (consumers.works ? consumers.troubles() : elsewhere()),
    works: () => consumers.works,
    work: () => consumers.work(),
    rest: () => consumers.rest(),
    listeners: () => hub.size(),
    registerPush: (app, { actorOf }) => registerPush(app, hub, actorOf),
    close: async () => {
      hub.close();
      await consumers.close();
    },
  };
}

/** What the process in which the consumers work has told of them. */
function openTroubles(notices: Notices): () => string[] {
  let names: string[] = [];
  let heardAt = 0;
  notices.on(TROUBLES, {
    heard: (message) => {
      names = message as string[];
      heardAt = Date.now();
    },
  });
  return () => (Date.now() - heardAt < TROUBLES_GOOD_FOR_MS ? names : []);
}

function registerPush(app: FastifyInstance, hub: PushHub, actorOf: (request: FastifyRequest) => Actor): void {
  const config = { several: ['topic'] } as object;
  app.get<{ Querystring: { topic?: string | string[] } }>('/api/events', { config }, (request, reply) => {
    const topics = [...new Set([request.query.topic ?? []].flat())];
    const heard = hub.check(actorOf(request), topics);
    reply.hijack();
    hub.attach(reply.raw, heard);
  });
  // Streams never end by themselves; without this a stop would wait for the browsers.
  app.addHook('preClose', (done) => {
    hub.close();
    done();
  });
}
