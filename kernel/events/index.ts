/** Front door of events: the change feed carried to consumers, and messages pushed to browsers. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import type { Actor } from '../access/contract.ts';
import type { Store } from '../store/contract.ts';
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

export function openEvents({ store, pool }: { store: Store; pool: Pool }): OpenEvents {
  const consumers = new Consumers(store, pool);
  const hub = new PushHub();
  return {
    consume: (name, handler, options = {}) => consumers.add(name, handler, options),
    rebuild: (name, empty) => consumers.rebuild(name, empty),
    settled: () => consumers.settled(),
    publish: (topic, message) => hub.publish(topic, message),
    isHeard: (topic) => hub.isHeard(topic),
    allowTopic: (prefix, may) => hub.allow(prefix, may),
    states: () => consumers.states(),
    listeners: () => hub.size(),
    registerPush: (app, { actorOf }) => registerPush(app, hub, actorOf),
    close: async () => {
      hub.close();
      await consumers.close();
    },
  };
}

function registerPush(app: FastifyInstance, hub: PushHub, actorOf: (request: FastifyRequest) => Actor): void {
  app.get<{ Querystring: { topic?: string | string[] } }>('/api/events', (request, reply) => {
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
