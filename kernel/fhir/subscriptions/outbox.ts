/** Table `notification`: what is to be told to whom, in the order of the feed. Its SQL is here. */
import type { Pool, PoolClient } from 'pg';
import type { Change } from '../../store/contract.ts';
import { parsePosition } from '../../store/index.ts';

export interface Notification {
  subscription: string;
  position: string;
  type: string;
  id: string;
  tries: number;
}

/** Whoever takes one has so long; then another may take it. Longer than a call may last. */
const LEASE = '3 minutes';

export class Outbox {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Within the transaction that moves the follower's position: told once, or not yet. */
  async add(client: PoolClient, subscription: string, changes: readonly Change[]): Promise<void> {
    const places = changes.map(({ position }) => parsePosition(position));
    await client.query(
      `insert into notification (subscription, position, era, xid, n, type, id)
       select $1, * from unnest($2::text[], $3::int2[], $4::int8[], $5::int4[], $6::text[], $7::text[])
       on conflict do nothing`,
      [
        subscription,
        changes.map(({ position }) => position),
        places.map(({ era }) => era),
        places.map(({ xid }) => xid),
        places.map(({ n }) => n),
        changes.map(({ type }) => type),
        changes.map(({ id }) => id),
      ],
    );
  }

  /** The oldest of each of the subscriptions, when it is due: a later one never overtakes it. */
  async take(subscriptions: readonly string[], most: number): Promise<Notification[]> {
    const { rows } = await this.#pool.query<Notification>(
      `with ready as (
         select first.* from unnest($1::text[]) as s (subscription) cross join lateral (
           select * from notification one where one.subscription = s.subscription
           order by era, xid, n, type, id limit 1) as first
         where first.due <= clock_timestamp() order by first.due limit $2)
       update notification taken set due = clock_timestamp() + interval '${LEASE}' from ready
       where (taken.subscription, taken.era, taken.xid, taken.n, taken.type, taken.id) =
         (ready.subscription, ready.era, ready.xid, ready.n, ready.type, ready.id) and taken.due = ready.due
       returning taken.subscription, taken.position, taken.type, taken.id, taken.tries`,
      [subscriptions, most],
    );
    return rows;
  }

  async done({ subscription, position, type, id }: Notification): Promise<void> {
    await this.#pool.query(
      'delete from notification where subscription = $1 and position = $2 and type = $3 and id = $4',
      [subscription, position, type, id],
    );
  }

  /** @param pause milliseconds to the next try */
  async failed(one: Notification, error: string, pause: number): Promise<void> {
    await this.#pool.query(
      `update notification set tries = tries + 1, error = $5,
         due = clock_timestamp() + $6::float8 * interval '1 millisecond'
       where subscription = $1 and position = $2 and type = $3 and id = $4`,
      [one.subscription, one.position, one.type, one.id, error.slice(0, 500), pause],
    );
  }

  /** What was given up is due again. */
  async revive(subscription: string): Promise<void> {
    await this.#pool.query(
      'update notification set tries = 0, due = clock_timestamp() where subscription = $1',
      [subscription],
    );
  }

  /** The subscription is gone. */
  async drop(subscription: string): Promise<void> {
    await this.#pool.query('delete from notification where subscription = $1', [subscription]);
  }

  /** Milliseconds until the next of them is due; null when nothing waits. */
  async nextDue(subscriptions: readonly string[]): Promise<number | null> {
    const { rows } = await this.#pool.query<{ wait: number | null }>(
      `select extract(epoch from min(first.due) - clock_timestamp())::float8 * 1000 as wait
       from unnest($1::text[]) as s (subscription) cross join lateral (
         select due from notification one where one.subscription = s.subscription
         order by era, xid, n, type, id limit 1) as first`,
      [subscriptions],
    );
    return rows[0]?.wait ?? null;
  }
}
