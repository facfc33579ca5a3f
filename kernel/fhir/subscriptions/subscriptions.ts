/**
 * Subscriptions at work: a follower of the change feed writes down whom each change concerns, in the transaction that moves its
 * position; what it wrote down is brought by the courier, or told to the websockets that are bound.
 */
import type { PoolClient } from 'pg';
import type { Events } from '../../events/contract.ts';
import { Failure } from '../../failure.ts';
import type { Change } from '../../store/contract.ts';
import type { Subscription } from '../types.ts';
import { Courier, type CourierParts } from './courier.ts';
import { type Subscribed, subscribed } from './definition.ts';
import { readClock } from './event-log.ts';
import { matchChanges } from './matcher.ts';
import { CHANGED } from './news.ts';
import { type Owner, rememberSubscribers, silencedBy } from './subscribers.ts';
import type { Topics } from './topics.ts';

export interface SubscriptionParts extends Omit<CourierParts, 'onGivenUp'> {
  events: Events;
  topics: Topics;
  /** A sentence for the operator. */
  log: CourierParts['log'];
}

/** Subscriptions that are served at once: each costs a question at every change of its type. */
const MOST_SERVED = 1_000;
/** Notifications that wait for one subscriber. */
const MOST_WAITING = 10_000;
/** Handshakes at once. */
const HANDSHAKES = 8;
const SWEEP_MS = 3_600_000;
const OWNERS_MS = 5_000;

export class Subscriptions {
  readonly #parts: SubscriptionParts;
  readonly #courier: Courier;
  #served = new Map<string, Subscribed>();
  /** Account or client that asked for each of them. */
  #ownerOf = new Map<string, Owner>();
  /** Of subscription_clock, when the Subscriptions were read; -1: they must be read anew. */
  #generation = -1;
  /** Notifications that waited when they were counted, and those added since; absent: not counted yet. */
  readonly #added = new Map<string, number>();
  readonly #greeting = new Map<string, Promise<void>>();
  readonly #toGreet: { subscription: Subscription; to: Subscribed }[] = [];
  /** What is done after batches, one after the other. */
  #following: Promise<void> = Promise.resolve();
  #sweep: NodeJS.Timeout | undefined;
  #owners: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
    this.#courier = new Courier({ ...parts, onGivenUp: (to, fault) => this.#giveUp(to, fault) });
  }

  /** Follows the feed and begins to deliver. One process of a program does; several programs on a database share the work. */
  async start(): Promise<void> {
    await this.#reload();
    await this.#beginAll();
    this.#parts.events.consume('subscriptions', (changes, client) => this.#see(changes, client), {
      fromStart: false,
    });
    this.#courier.start();
    const sweep = () => void this.#forgetOld().catch(this.#defect);
    sweep();
    this.#sweep = setInterval(sweep, SWEEP_MS).unref();
    this.#owners = setInterval(() => void this.#reviewOwners().catch(this.#defect), OWNERS_MS).unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    clearInterval(this.#owners);
    this.#toGreet.length = 0;
    await this.#courier.close();
    await this.#following;
    await Promise.all(this.#greeting.values());
  }

  readonly #defect = (error: unknown) => {
    if (!this.#closed) this.#parts.onDefect(error);
  };

  /** One batch of the feed, within the transaction that moves the position. */
  async #see(changes: readonly Change[], client: PoolClient): Promise<() => void> {
    const { outbox, log, events, now } = this.#parts;
    const own = changes.filter(({ type }) => type === 'Subscription');
    const generation = await readClock(client, own.length > 0);
    for (const change of own) if (change.op !== 'delete') await log.noteOwner(client, change);
    if (own.length > 0 || generation !== this.#generation) await this.#reload();
    this.#generation = -1;
    const erased = changes.filter((change) => change.erased);
    if (erased.length > 0) await outbox.forget(client, erased);
    const { concerned, broken } = await matchChanges(
      { ...this.#parts, ownerOf: (id) => this.#ownerOf.get(id) ?? NOBODY },
      this.#served.values(),
      changes,
      now().getTime(),
    );
    for (const [one, about] of concerned) {
      const bring = one.channel === 'rest-hook' && one.queues;
      await log.note(client, { subscription: one.id, changes: about, keep: one.topic !== null, bring });
    }
    return () => {
      this.#generation = generation;
      this.#courier.wake();
      const heard = [...concerned.keys()].some(({ channel }) => channel === 'websocket');
      if (heard || own.length > 0) events.announce(CHANGED);
      this.#following = this.#following
        .then(() => (this.#closed ? undefined : this.#after(own, concerned, broken)))
        .catch(this.#defect);
    };
  }

  async #after(
    own: readonly Change[],
    concerned: ReadonlyMap<Subscribed, Change[]>,
    broken: ReadonlyMap<Subscribed, string>,
  ): Promise<void> {
    for (const [one, fault] of broken) await this.#giveUp(one, fault);
    for (const [one, about] of concerned) await this.#countWaiting(one, about.length);
    if (own.length > 0) await this.#follow(own);
  }

  /** A subscriber that takes them more slowly than they come does not fill the disk. */
  async #countWaiting(one: Subscribed, added: number): Promise<void> {
    if (one.channel !== 'rest-hook' || !one.queues) return;
    const known = this.#added.get(one.id);
    if (known !== undefined && known + added <= MOST_WAITING) {
      this.#added.set(one.id, known + added);
      return;
    }
    const waiting = await this.#parts.outbox.waiting(one.id, MOST_WAITING + 1);
    this.#added.set(one.id, waiting);
    if (waiting <= MOST_WAITING) return;
    await this.#giveUp(
      one,
      `more than ${MOST_WAITING} notifications wait: ask for less, or take them faster`,
    );
  }

  /** After Subscriptions were written: those that are asked for begin, and what was given up is tried again. */
  async #follow(changes: readonly Change[]): Promise<void> {
    const { store, outbox, log } = this.#parts;
    const current = await store.latest(changes);
    for (const id of new Set(changes.map((change) => change.id))) {
      if (this.#closed) return;
      const subscription = current.get(`Subscription/${id}`) as Subscription | undefined;
      if (!subscription) {
        await outbox.drop(id);
        await log.drop(id);
      } else if (await this.#isNew(subscription)) await this.#begin(subscription);
      else if (subscription.status === 'active') await outbox.revive(id);
    }
    await this.#reload();
    this.#parts.events.announce(CHANGED);
  }

  /** Asked for; or written as active at an endpoint that has not taken a handshake. */
  async #isNew(subscription: Subscription): Promise<boolean> {
    if (subscription.status !== 'active') return subscription.status === 'requested';
    const to = subscribed(subscription, this.#parts.topics);
    return to !== null && isGreeted(to) && !(await this.#isShaken(to));
  }

  async #isShaken({ id, endpoint }: Subscribed): Promise<boolean> {
    return (await this.#parts.log.stateOf(id)).endpoint === endpoint;
  }

  /** Those that were asked for when no program followed. */
  async #beginAll(): Promise<void> {
    for (const subscription of await this.#read('requested')) await this.#begin(subscription);
  }

  /** A subscription whose end has passed stays as it was asked for. */
  async #begin(subscription: Subscription): Promise<void> {
    const { topics, now } = this.#parts;
    if (subscription.end !== undefined && Date.parse(subscription.end) <= now().getTime()) return;
    const to = subscribed(subscription, topics);
    if (to === null) return this.#refuse(subscription, NOT_OFFERED);
    const silenced = await this.#silenced(to);
    if (silenced !== null) return this.#refuse(subscription, silenced);
    const delivering = [...this.#served.values()].filter(({ delivers }) => delivers).length;
    if (delivering + this.#toGreet.length >= MOST_SERVED && !this.#served.get(to.id)?.delivers) {
      return this.#refuse(subscription, TOO_MANY);
    }
    if (!isGreeted(to)) {
      await this.#activate(subscription);
      // Until they are read anew: those that begin together count.
      this.#served.set(to.id, { ...to, delivers: true, queues: true });
      return;
    }
    this.#toGreet.push({ subscription, to });
    this.#greetNext();
  }

  /** Authorisation is asked again when it begins, every few seconds while it is served, and at each telling. IG safety_security.html. */
  async #silenced(to: Subscribed): Promise<string | null> {
    return silencedBy(await this.#parts.subscribers(await this.#parts.log.stateOf(to.id)), to);
  }

  /** Each owner is asked for once. */
  async #reviewOwners(): Promise<void> {
    const remembered = rememberSubscribers(this.#parts.subscribers);
    for (const one of [...this.#served.values()]) {
      if (!one.delivers) continue;
      const silenced = silencedBy(await remembered(this.#ownerOf.get(one.id) ?? NOBODY), one);
      if (silenced !== null) await this.#giveUp(one, silenced);
    }
  }

  #greetNext(): void {
    while (this.#greeting.size < HANDSHAKES && this.#toGreet.length > 0) {
      const next = this.#toGreet.shift()!;
      const { id } = next.to;
      if (this.#greeting.has(id)) continue;
      const work = this.#greet(next).catch(this.#defect);
      this.#greeting.set(
        id,
        work.finally(() => {
          this.#greeting.delete(id);
          if (!this.#closed) this.#greetNext();
        }),
      );
    }
  }

  /** IG channels.html: active only after the endpoint has taken the handshake; else in error. */
  async #greet({ subscription, to }: { subscription: Subscription; to: Subscribed }): Promise<void> {
    const { fault } = await this.#courier.handshake(to);
    if (this.#closed) return;
    if (fault !== null)
      return this.#refuse(subscription, `the endpoint did not take the handshake: ${fault}`);
    await this.#parts.log.shaken(to.id, to.endpoint);
    await this.#activate(subscription);
  }

  /** What was given up before is due again. */
  async #activate({ error: _error, ...subscription }: Subscription): Promise<void> {
    await this.#parts.outbox.revive(subscription.id!);
    if (subscription.status === 'active') return this.#reload();
    await this.#change({ ...subscription, status: 'active' });
  }

  #refuse(subscription: Subscription, fault: string): Promise<void> {
    return this.#change({ ...subscription, status: 'error', error: faultText(fault) });
  }

  /** Somebody who changed it meanwhile goes first. */
  async #change(subscription: Subscription): Promise<void> {
    try {
      await this.#parts.session.update(subscription, Number(subscription.meta?.versionId));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }

  async #read(status: string): Promise<Subscription[]> {
    const { session } = this.#parts;
    const found: Subscription[] = [];
    let query: string | undefined = `status=${status}&_count=1000`;
    while (query !== undefined) {
      const page: { matches: Subscription[]; next?: string } = await session.search('Subscription', query);
      found.push(...page.matches);
      query = page.next;
    }
    return found;
  }

  /**
   * Those that are active; of topics also those that were before and are in error, whose events are counted on (IG errors.html), or
   * are asked for again.
   */
  async #reload(): Promise<void> {
    const { topics, log } = this.#parts;
    const all = await this.#read('active,error,requested');
    const found = all
      .map((subscription) => subscribed(subscription, topics))
      .filter((one) => one !== null)
      .filter(({ topic, delivers }) => delivers || topic !== null)
      .sort((a, b) => Number(b.delivers) - Number(a.delivers));
    const states = await log.states(found.map(({ id }) => id));
    const shaken = found.filter((one) => !isGreeted(one) || states.get(one.id)!.endpoint === one.endpoint);
    // Loaded without being checked, or its topic has ended since.
    for (const one of all.filter(({ status }) => status === 'active'))
      if (subscribed(one, topics) === null) void this.#refuse(one, NOT_OFFERED).catch(this.#defect);
    for (const one of shaken.slice(MOST_SERVED).filter(({ delivers }) => delivers))
      void this.#giveUp(one, TOO_MANY).catch(this.#defect);
    this.#served = new Map(shaken.slice(0, MOST_SERVED).map((one) => [one.id, one]));
    this.#ownerOf = new Map([...this.#served.keys()].map((id) => [id, states.get(id)!]));
    this.#courier.serve(this.#served.values());
  }

  /** R4 subscription.html: a server that cannot reach the subscriber sets `error`, and says why. */
  async #giveUp({ id }: Subscribed, fault: string): Promise<void> {
    const { session } = this.#parts;
    this.#courier.leave(id);
    const one = this.#served.get(id);
    if (one?.topic) this.#served.set(id, { ...one, delivers: false, queues: false });
    else this.#served.delete(id);
    const subscription = await session.read('Subscription', id);
    if (subscription.status === 'active' || subscription.status === 'requested')
      await this.#refuse(subscription, fault);
  }

  async #forgetOld(): Promise<void> {
    await this.#parts.log.sweep();
    await this.#parts.outbox.sweep();
    // A program that died between giving up and saying so.
    for (const { subscription, error } of await this.#parts.outbox.dead(MOST_SERVED)) {
      const one = this.#served.get(subscription);
      if (one?.delivers) await this.#giveUp(one, error);
    }
  }
}

/** A rest-hook of a topic begins with a handshake; R4's own and websockets do not. */
function isGreeted({ topic, channel }: Subscribed): boolean {
  return topic !== null && channel === 'rest-hook';
}

const NOBODY: Owner = { owner: null, client: null };
const NOT_OFFERED = 'the topic, the criteria or the channel is not offered (any more)';
const TOO_MANY = `${MOST_SERVED} subscriptions are served already, which is the most`;
const faultText = (fault: string) => `${fault}; put the status "requested" to go on`;
