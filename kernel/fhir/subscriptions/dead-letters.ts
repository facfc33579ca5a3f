/** What an operator sees and does of subscriptions that cannot be told: for the API and for `yba subscriptions`. */

import type { RecordSession } from '../../access/contract.ts';
import { Failure } from '../../failure.ts';
import { everyPage } from '../session/every-page.ts';
import type { DeadLetter, Outbox } from './outbox.ts';

export interface SubscriptionLine {
  id: string;
  status: string;
  channel: string;
  endpoint: string | null;
  criteria: string;
  /** Why it is in error. */
  error: string | null;
  /** Notifications that wait, the dead letter among them. */
  waiting: number;
  dead: number;
}

/** Dead letters of one answer. */
const MOST = 1_000;

export class DeadLetters {
  readonly #session: RecordSession;
  readonly #outbox: Outbox;

  /** @param session in the program's own name; who asked is noted by the caller */
  constructor(session: RecordSession, outbox: Outbox) {
    this.#session = session;
    this.#outbox = outbox;
  }

  /** Every subscription, those in error first. */
  async list(): Promise<SubscriptionLine[]> {
    const found = await everyPage(this.#session, 'Subscription', []);
    const counts = await this.#outbox.counts();
    const lines = found.map(({ id = '', status, channel, criteria, error }) => ({
      id,
      status,
      channel: channel.type,
      endpoint: channel.endpoint ?? null,
      criteria,
      error: error ?? null,
      waiting: counts.get(id)?.waiting ?? 0,
      dead: counts.get(id)?.dead ?? 0,
    }));
    return lines.sort(
      (a, b) => Number(b.status === 'error') - Number(a.status === 'error') || (a.id < b.id ? -1 : 1),
    );
  }

  /** The newest first, a thousand at most. */
  dead(subscription: string | null = null): Promise<DeadLetter[]> {
    return this.#outbox.dead(MOST, subscription);
  }

  /** Asks for the subscription again: its dead letter goes out first. Fails with `not-found`, `gone`, `business-rule`. */
  async retry(id: string): Promise<void> {
    const { error: _error, ...subscription } = await this.#session.read('Subscription', id);
    if (subscription.status === 'off') {
      throw new Failure('business-rule', `Subscription/${id} đã tắt; người đăng ký phải bật lại.`, {
        textEn: `Subscription/${id} is off; its owner must turn it on.`,
      });
    }
    if (subscription.status === 'active') return this.#outbox.revive(id);
    await this.#session.update(
      { ...subscription, status: 'requested' },
      Number(subscription.meta?.versionId),
    );
  }

  /**
   * Throws away the dead letter of a subscription, with `all` everything that waits for it; it stays in error until it is retried.
   * @returns how many went. Fails with `not-found` when there is none
   */
  async drop(id: string, all: boolean): Promise<number> {
    const gone = await this.#outbox.bury(id, all);
    if (gone > 0) return gone;
    throw new Failure('not-found', `Không có thư chết nào của Subscription/${id}.`, {
      textEn: `There is no dead letter of Subscription/${id}.`,
    });
  }
}
