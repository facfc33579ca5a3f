/**
 * Brings notifications to the endpoints of rest-hooks, oldest first for each, again and again until it is taken or given up.
 * Each subscriber is on its own: a slow one holds up nobody else, and one host is called a few times at once.
 */
import { auditLine } from '../../access/audit.ts';
import type { Outbound } from '../../outbound/outbound.ts';
import type { Store } from '../../store/contract.ts';
import type { FhirSession } from '../session/session.ts';
import type { Subscribed, TopicAsked } from './definition.ts';
import type { EventLog } from './event-log.ts';
import { type NotificationType, notificationBytes, type ToldEvent } from './notification.ts';
import type { Notification, Outbox } from './outbox.ts';
import { type Caller, type Sent, type Sign, sendNotification, sendResource } from './send.ts';
import { type Subscribers, seenBy, silencedBy } from './subscribers.ts';
import { sendLines, tellEvents } from './telling.ts';

export interface CourierParts {
  store: Store;
  outbox: Outbox;
  log: EventLog;
  outbound: Outbound;
  sign: Sign;
  /** The record in the name of who asked for a subscription, as it is now. */
  subscribers: Subscribers;
  /** In the program's own name: lines of the audit. */
  session: FhirSession;
  /** Address of the interface, `http://host/fhir`. */
  base(): string;
  now(): Date;
  /** Milliseconds between one try and the next; after the last it is given up. */
  pauses?: readonly number[];
  /** A notification was given up. */
  onGivenUp(to: Subscribed, fault: string): Promise<void>;
  onDefect(error: unknown): void;
}

/** Half a minute, some minutes, hours: a partner's night without power is survived. */
const PAUSES = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000, 86_400_000];
/** Subscribers called at once, and of those at one host. */
const AT_ONCE = 32;
const AT_ONE_HOST = 4;
/** Heartbeats at once: they come last. */
const BEATS_AT_ONCE = 16;
const IDLE_MS = 30_000;
const BEAT_MS = 1_000;

export class Courier {
  readonly #parts: CourierParts;
  readonly #pauses: readonly number[];
  readonly #caller: Caller;
  readonly #stop = new AbortController();
  /** Subscription → host that is being called. */
  readonly #running = new Map<string, string>();
  readonly #work = new Set<Promise<void>>();
  readonly #beating = new Set<string>();
  #served: ReadonlyMap<string, Subscribed> = new Map();
  #wake: () => void = () => undefined;
  #round: Promise<void> | undefined;

  constructor(parts: CourierParts) {
    this.#parts = parts;
    this.#pauses = parts.pauses ?? PAUSES;
    this.#caller = { outbound: parts.outbound, sign: parts.sign, signal: this.#stop.signal };
  }

  start(): void {
    this.#round = this.#deliver();
  }

  /** Calls under way end at once; what they were to bring is brought at the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#round;
    await Promise.all(this.#work);
  }

  /** Those that are served from now on: rest-hooks that deliver. */
  serve(subscriptions: Iterable<Subscribed>): void {
    const served = [...subscriptions].filter(({ channel, delivers }) => channel === 'rest-hook' && delivers);
    this.#served = new Map(served.map((one) => [one.id, one]));
    this.wake();
  }

  leave(id: string): void {
    this.#served = new Map([...this.#served].filter(([one]) => one !== id));
  }

  wake(): void {
    this.#wake();
  }

  /** The first notification of a topic's subscription, IG channels.html#rest-hook. */
  async handshake(to: Subscribed): Promise<Sent> {
    return sendNotification(
      this.#caller,
      to,
      await this.#bundle(to, to.topic!, 'handshake', 'requested', []),
    );
  }

  get #closed(): boolean {
    return this.#stop.signal.aborted;
  }

  async #deliver(): Promise<void> {
    while (!this.#closed) {
      try {
        const ready = this.#ready();
        const free = AT_ONCE - this.#running.size;
        const taken = ready.length === 0 || free <= 0 ? [] : await this.#parts.outbox.take(ready, free);
        for (const one of taken) this.#begin(one);
        const beats = await this.#beats();
        if (taken.length > 0) continue;
        const due = ready.length === 0 || free <= 0 ? null : await this.#parts.outbox.nextDue(ready);
        await this.#rest(Math.min(due ?? IDLE_MS, beats ? BEAT_MS : IDLE_MS));
      } catch (error) {
        this.#parts.onDefect(error);
        await this.#rest(1_000);
      }
    }
  }

  /** Those that are not being called, at hosts that are not called often enough already. */
  #ready(): string[] {
    const calls = this.#calls();
    return [...this.#served.values()]
      .filter(
        ({ id, endpoint }) => !this.#running.has(id) && (calls.get(hostOf(endpoint)) ?? 0) < AT_ONE_HOST,
      )
      .map(({ id }) => id);
  }

  #calls(): Map<string, number> {
    const calls = new Map<string, number>();
    for (const host of this.#running.values()) calls.set(host, (calls.get(host) ?? 0) + 1);
    return calls;
  }

  #begin(one: Notification): void {
    const to = this.#served.get(one.subscription);
    const host = to ? hostOf(to.endpoint) : '';
    // Not served any more, or its host has been given enough to do by those taken with it.
    if (!to || (this.#calls().get(host) ?? 0) >= AT_ONE_HOST) {
      this.#track(this.#parts.outbox.putBack(one));
      return;
    }
    this.#running.set(to.id, host);
    this.#track(
      this.#bring(to, one).finally(() => {
        this.#running.delete(to.id);
        this.#wake();
      }),
    );
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error) => (this.#closed ? undefined : this.#parts.onDefect(error)))
      .finally(() => this.#work.delete(tracked));
    this.#work.add(tracked);
  }

  #rest(wait: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(10, wait));
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#closed) this.#wake();
    });
  }

  async #bring(to: Subscribed, one: Notification): Promise<void> {
    const { outbox, log, subscribers } = this.#parts;
    const hearer = await subscribers(await log.stateOf(to.id));
    const silenced = silencedBy(hearer, to);
    if (hearer === null || silenced !== null) {
      await outbox.putBack(one);
      return this.#parts.onGivenUp(to, silenced!);
    }
    const { told, sent } = to.topic
      ? await this.#tell(hearer, to, to.topic, one)
      : await this.#put(hearer, to, one);
    if (sent.fault === null) {
      await outbox.done(told);
      if (to.topic?.heartbeat) await log.beaten(to.id, to.topic.heartbeat);
      return;
    }
    if (this.#closed) return outbox.putBack(one);
    const pause = this.#pauses[one.tries] ?? null;
    await outbox.failed(one, sent.fault, sent.answer, pause);
    if (pause === null) await this.#parts.onGivenUp(to, sent.fault);
  }

  /** R4's own: the resource as it is now, or nothing when it is deleted by then, or not seen any more. */
  async #put(
    hearer: FhirSession,
    to: Subscribed,
    one: Notification,
  ): Promise<{ told: Notification[]; sent: Sent }> {
    const { store, session } = this.#parts;
    const version = await store.read(to.type, one.id);
    if (!version || version.deleted) return { told: [one], sent: TAKEN };
    if ((await seenBy(hearer, [version])).length === 0) return { told: [one], sent: TAKEN };
    const what = `${to.type}/${one.id} → Subscription/${to.id}`;
    if (to.hasPayload) await session.audit([auditLine(session.actor, 'send', what, version.patient)]);
    return { told: [one], sent: await sendResource(this.#caller, to, one.position, version) };
  }

  /** Events that wait go together, up to the subscription's max-count. */
  async #tell(
    hearer: FhirSession,
    to: Subscribed,
    asked: TopicAsked,
    one: Notification,
  ): Promise<{ told: Notification[]; sent: Sent }> {
    const { store, outbox, log, session } = this.#parts;
    const waiting = asked.maxCount > 1 ? await outbox.oldest(to.id, asked.maxCount) : [one];
    const numbers = new Set(waiting.map(({ number }) => number));
    const [first, last] = [waiting[0]?.number ?? 0, waiting.at(-1)?.number ?? 0];
    const kept = await log.between(to.id, first, last, last - first + 1);
    const events = kept.filter(({ number }) => numbers.has(number));
    if (events.length === 0) return { told: waiting, sent: TAKEN };
    const told = await tellEvents({ store, hearer }, asked.topic, asked.content, events);
    if (told.persons.length > 0) await session.audit(sendLines(session.actor, to.id, told));
    const body = await this.#bundle(to, asked, 'event-notification', 'active', told.events);
    const end = told.events.at(-1)!.number;
    return {
      told: waiting.filter(({ number }) => number === null || number <= end),
      sent: await sendNotification(this.#caller, to, body),
    };
  }

  async #bundle(
    { id }: Subscribed,
    { topic, content }: TopicAsked,
    type: NotificationType,
    status: string,
    told: readonly ToldEvent[],
  ): Promise<Buffer> {
    const { log, base, now } = this.#parts;
    const { events } = await log.stateOf(id);
    const asked = { base: base(), id, topic: topic.url, status, type, content, events };
    return notificationBytes(asked, told, now().toISOString());
  }

  /** @returns whether somebody wants heartbeats */
  async #beats(): Promise<boolean> {
    const wanted = new Map<string, number>();
    for (const { id, topic } of this.#served.values())
      if (topic?.heartbeat && !this.#running.has(id) && !this.#beating.has(id))
        wanted.set(id, topic.heartbeat);
    const free = BEATS_AT_ONCE - this.#beating.size;
    if (wanted.size === 0 || free <= 0) return wanted.size > 0;
    for (const id of await this.#parts.log.beats(wanted, free)) {
      const to = this.#served.get(id);
      if (!to?.topic) continue;
      this.#beating.add(id);
      this.#track(this.#beat(to, to.topic).finally(() => void this.#beating.delete(id)));
    }
    return true;
  }

  /** One that is not taken is not repeated: the next event finds out what is the matter. */
  async #beat(to: Subscribed, asked: TopicAsked): Promise<void> {
    await sendNotification(this.#caller, to, await this.#bundle(to, asked, 'heartbeat', 'active', []));
  }
}

const TAKEN: Sent = { fault: null, answer: null };

function hostOf(endpoint: string): string {
  return URL.parse(endpoint)?.host ?? endpoint;
}
