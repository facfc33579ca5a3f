/**
 * Subscriptions at work: a follower of the change feed writes down whom each change concerns, in the transaction that moves its
 * position; a courier brings it, oldest first for each subscriber, again and again until it is taken or given up.
 */
import type { PoolClient } from 'pg';
import { auditLine } from '../../access/audit.ts';
import type { Events } from '../../events/contract.ts';
import { Failure } from '../../failure.ts';
import type { Outbound } from '../../outbound/outbound.ts';
import type { Change, Store } from '../../store/contract.ts';
import type { FhirSession } from '../session/session.ts';
import type { Subscription } from '../types.ts';
import { type Subscribed, subscribed } from './definition.ts';
import type { Notification, Outbox } from './outbox.ts';
import { type Sign, sendNotification } from './send.ts';

export interface SubscriptionParts {
  store: Store;
  outbox: Outbox;
  events: Events;
  outbound: Outbound;
  sign: Sign;
  /** In the program's own name: states of subscriptions, and lines of the audit. */
  session: FhirSession;
  now(): Date;
  /** Milliseconds between one try and the next; after the last it is given up. */
  pauses?: readonly number[];
  onDefect(error: unknown): void;
}

/** Half a minute, some minutes, hours: a partner's night without power is survived. */
const PAUSES = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000, 86_400_000];
/** Subscribers called at once. */
const AT_ONCE = 8;
const IDLE_MS = 30_000;
const IDS = 200;
/** A search parameter of our own may have been retired since. */
const CRITERIA = new Set<string>(['unknown-parameter', 'invalid-parameter']);

export class Subscriptions {
  readonly #parts: SubscriptionParts;
  readonly #pauses: readonly number[];
  #active = new Map<string, Subscribed>();
  #closed = false;
  #wake: () => void = () => undefined;
  #courier: Promise<void> | undefined;

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
    this.#pauses = parts.pauses ?? PAUSES;
  }

  /** Follows the feed and begins to deliver. One program on a database does. */
  async start(): Promise<void> {
    await this.#activateAll();
    await this.#reload();
    this.#parts.events.consume(
      'subscriptions',
      async (changes, client) => {
        const broken = await this.#match(changes, client);
        const own = changes.filter(({ type }) => type === 'Subscription');
        return async () => {
          for (const [one, fault] of broken) await this.#giveUp(one, fault).catch(this.#parts.onDefect);
          if (own.length > 0) await this.#follow(own).catch(this.#parts.onDefect);
          this.#wake();
        };
      },
      { fromStart: false },
    );
    this.#courier = this.#deliver();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.#courier;
  }

  /** @returns those whose criteria cannot be answered any more, and why: they hold up nobody else */
  async #match(changes: readonly Change[], client: PoolClient): Promise<Map<Subscribed, string>> {
    const now = this.#parts.now().getTime();
    const broken = new Map<Subscribed, string>();
    for (const one of this.#active.values()) {
      if (one.end !== null && one.end <= now) continue;
      const concerned = changes.filter(({ type, op }) => type === one.type && op !== 'delete');
      try {
        for (let from = 0; from < concerned.length; from += IDS)
          await this.#add(one, concerned.slice(from, from + IDS), client);
      } catch (error) {
        if (!(error instanceof Failure) || !CRITERIA.has(error.code)) throw error;
        broken.set(one, error.message);
      }
    }
    return broken;
  }

  async #add(one: Subscribed, changes: readonly Change[], client: PoolClient): Promise<void> {
    const ids = [...new Set(changes.map(({ id }) => id))];
    const { matches } = await this.#parts.store.search({
      type: one.type,
      params: [...one.params, ['_id', ids.join(',')], ['_count', String(IDS)]],
    });
    const matched = new Set(matches.map(({ id }) => id));
    const told = changes.filter(({ id }) => matched.has(id));
    if (told.length > 0) await this.#parts.outbox.add(client, one.id, told);
  }

  /** After Subscriptions were written: those that are asked for become active, and what was given up is tried again. */
  async #follow(changes: readonly Change[]): Promise<void> {
    const { store, outbox } = this.#parts;
    const current = await store.latest(changes);
    for (const id of new Set(changes.map((change) => change.id))) {
      const subscription = current.get(`Subscription/${id}`) as Subscription | undefined;
      if (!subscription) await outbox.drop(id);
      else if (subscription.status === 'requested') await this.#activate(subscription);
    }
    await this.#reload();
  }

  /** Those that were asked for when no program followed. */
  async #activateAll(): Promise<void> {
    const { matches } = await this.#parts.session.search('Subscription', 'status=requested&_count=1000');
    for (const subscription of matches) await this.#activate(subscription);
  }

  /** What was given up before is due again. A subscription whose end has passed stays as it was asked for. */
  async #activate({ error: _error, ...subscription }: Subscription): Promise<void> {
    const { session, outbox, now } = this.#parts;
    if (subscription.end !== undefined && Date.parse(subscription.end) <= now().getTime()) return;
    await outbox.revive(subscription.id!);
    await this.#change(session, { ...subscription, status: 'active' });
  }

  /** Somebody who changed it meanwhile goes first. */
  async #change(session: FhirSession, subscription: Subscription): Promise<void> {
    try {
      await session.update(subscription, Number(subscription.meta?.versionId));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }

  async #reload(): Promise<void> {
    const { session } = this.#parts;
    const found: Subscription[] = [];
    let query: string | undefined = 'status=active&_count=1000';
    while (query !== undefined) {
      const page: { matches: Subscription[]; next?: string } = await session.search('Subscription', query);
      found.push(...page.matches);
      query = page.next;
    }
    const active = found.map(subscribed).filter((one) => one !== null);
    this.#active = new Map(active.map((one) => [one.id, one]));
  }

  async #deliver(): Promise<void> {
    while (!this.#closed) {
      try {
        const active = [...this.#active.keys()];
        const taken = active.length === 0 ? [] : await this.#parts.outbox.take(active, AT_ONCE);
        await Promise.all(taken.map((one) => this.#bring(one)));
        if (taken.length > 0) continue;
        await this.#rest(active.length === 0 ? null : await this.#parts.outbox.nextDue(active));
      } catch (error) {
        this.#parts.onDefect(error);
        await this.#rest(1_000);
      }
    }
  }

  #rest(wait: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(10, Math.min(wait ?? IDLE_MS, IDLE_MS)));
      timer.unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#closed) this.#wake();
    });
  }

  async #bring(one: Notification): Promise<void> {
    const { store, outbox, outbound, sign, session } = this.#parts;
    const to = this.#active.get(one.subscription);
    // Not active any more: it waits until the subscription is asked for again, or goes with it.
    if (!to) return outbox.failed(one, 'the subscription is not active', 0);
    const version = await store.read(to.type, one.id);
    if (!version || version.deleted) return outbox.done(one);
    const what = `${to.type}/${one.id} → Subscription/${to.id}`;
    if (to.hasPayload) await session.audit([auditLine(session.actor, 'send', what, version.patient)]);
    const fault = await sendNotification(outbound, sign, to, one.position, version);
    if (fault === null) return outbox.done(one);
    const pause = this.#pauses[one.tries];
    await outbox.failed(one, fault, pause ?? 0);
    if (pause === undefined) await this.#giveUp(to, fault);
  }

  /** R4 subscription.html: a server that cannot reach the subscriber sets `error`, and says why. */
  async #giveUp({ id }: Subscribed, fault: string): Promise<void> {
    const { session } = this.#parts;
    this.#active.delete(id);
    const subscription = await session.read('Subscription', id);
    if (subscription.status !== 'active') return;
    await this.#change(session, {
      ...subscription,
      status: 'error',
      error: `${fault}; put the status "requested" to go on`,
    });
  }
}
