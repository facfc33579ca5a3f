/** Messages to browsers: server-sent events at GET /api/events?topic=…&topic=… (https://html.spec.whatwg.org/#server-sent-events). */
import type { ServerResponse } from 'node:http';
import type { Actor } from '../access/contract.ts';
import { Failure } from '../failure.ts';

export type MayListen = (actor: Actor, topic: string) => boolean;

/** Topics of one connection: those that are delivered, and those that the browser is told are not. */
export interface Heard {
  allowed: string[];
  refused: string[];
}

const HEARTBEAT_MS = 15_000;
/** A browser that has not taken this much is gone or too slow; it comes back by itself and reads anew. */
const BACKLOG_BYTES = 256 * 1024;
/** Rights are asked again after this time: the browser connects anew. */
const LONGEST_MS = 30 * 60_000;
const TOPIC_LIMIT = 50;

/** Who listens to what in this process. */
export class PushHub {
  readonly #topics = new Map<string, Set<ServerResponse>>();
  readonly #rules = new Map<string, MayListen>();
  #count = 0;

  /** @throws Error when the prefix has a rule already */
  allow(prefix: string, may: MayListen): void {
    if (this.#rules.has(prefix)) throw new Error(`topic ${prefix} has a rule already`);
    this.#rules.set(prefix, may);
  }

  publish(topic: string, message: unknown): void {
    const listeners = this.#topics.get(topic);
    if (!listeners) return;
    this.#count += 1;
    const text = `id: ${this.#count}\ndata: ${JSON.stringify({ topic, message })}\n\n`;
    for (const response of listeners) send(response, text);
  }

  /** True while some browser listens to the topic. */
  isHeard(topic: string): boolean {
    return this.#topics.has(topic);
  }

  /** Connections open at this moment. */
  size(): number {
    return new Set([...this.#topics.values()].flatMap((listeners) => [...listeners])).size;
  }

  /**
   * Which of the topics the actor may hear. One that is refused takes none of the others away.
   * @throws Failure `invalid-request` without a topic, `forbidden` when none is allowed
   */
  check(actor: Actor, topics: string[]): Heard {
    if (topics.length === 0 || topics.length > TOPIC_LIMIT) {
      throw new Failure('invalid-request', `Hãy nêu từ 1 đến ${TOPIC_LIMIT} chủ đề: /api/events?topic=…`, {
        textEn: `Name 1 to ${TOPIC_LIMIT} topics: /api/events?topic=…`,
      });
    }
    const allowed = topics.filter((topic) => this.#ruleOf(topic)?.(actor, topic));
    const refused = topics.filter((topic) => !allowed.includes(topic));
    if (allowed.length > 0) return { allowed, refused };
    throw new Failure('forbidden', `Bạn không được theo dõi ${refused.join(', ')}.`, {
      textEn: `You may not listen to ${refused.join(', ')}.`,
    });
  }

  /** Writes the stream's head and an event `refused` for each topic that is not heard, and keeps the connection until either side ends it. */
  attach(response: ServerResponse, { allowed: topics, refused }: Heard): void {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      connection: 'keep-alive',
    });
    response.write('retry: 2000\n\n');
    for (const topic of refused)
      response.write(`event: refused\ndata: ${JSON.stringify(refusalOf(topic))}\n\n`);
    for (const topic of topics) {
      const listeners = this.#topics.get(topic) ?? new Set();
      this.#topics.set(topic, listeners.add(response));
    }
    const heartbeat = setInterval(() => send(response, ': \n\n'), HEARTBEAT_MS).unref();
    const end = setTimeout(() => response.end(), LONGEST_MS).unref();
    response.on('error', () => response.destroy());
    response.once('close', () => {
      clearInterval(heartbeat);
      clearTimeout(end);
      for (const topic of topics) this.#leave(topic, response);
    });
  }

  close(): void {
    for (const listeners of [...this.#topics.values()]) for (const response of [...listeners]) response.end();
  }

  #leave(topic: string, response: ServerResponse): void {
    const listeners = this.#topics.get(topic);
    listeners?.delete(response);
    if (listeners?.size === 0) this.#topics.delete(topic);
  }

  /** The rule of the longest prefix: `queue/25D01` before `queue`. */
  #ruleOf(topic: string): MayListen | undefined {
    for (let prefix = topic; ; prefix = prefix.slice(0, prefix.lastIndexOf('/'))) {
      const rule = this.#rules.get(prefix);
      if (rule || !prefix.includes('/')) return rule;
    }
  }
}

function refusalOf(topic: string) {
  return { topic, text: `Bạn không được theo dõi ${topic}.`, textEn: `You may not listen to ${topic}.` };
}

function send(response: ServerResponse, text: string): void {
  if (response.writableLength > BACKLOG_BYTES) response.destroy();
  else if (!response.writableEnded && !response.destroyed) response.write(text);
}
