/** Table `notification`: what is to be told to whom, in the order of the feed, and what was given up. Its SQL is here. */
import type { Pool, PoolClient } from 'pg';

export interface Notification {
  subscription: string;
  position: string;
  type: string;
  id: string;
  tries: number;
  /** Number of the event; null for R4's own subscriptions. */
  number: number | null;
}

/** What was given up: the notification that holds back those behind it. */
export interface DeadLetter extends Notification {
  /** Why the last try failed. */
  error: string;
  /** What the last try was answered; null when nothing came back. */
  answer: string | null;
  /** ISO instants: when it was noticed, and when it was given up. */
  made: string;
  dead: string;
  /** Notifications that wait behind it. */
  behind: number;
}

/** Whoever takes one has so long; then another may take it. Longer than a call may last. */
const LEASE = '3 minutes';
/** What nobody has taken or repaired by then is forgotten. */
const KEPT_DAYS = 30;
/** Rows forgotten by one statement. */
const SWEPT = 10_000;

export class Outbox {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The oldest of each of the subscriptions, when it is due: a later one never overtakes it, nor a dead one. */
  async take(subscriptions: readonly string[], most: number): Promise<Notification[]> {
    const { rows } = await this.#pool.query<Notification>(
      `with ready as (
         select first.* from unnest($1::text[]) as s (subscription) cross join lateral (
           select * from notification one where one.subscription = s.subscription
           order by era, xid, n, type, id limit 1) as first
         where first.due <= clock_timestamp() and first.dead is null order by first.due limit $2)
       update notification taken set due = clock_timestamp() + interval '${LEASE}' from ready
       where (taken.subscription, taken.era, taken.xid, taken.n, taken.type, taken.id) =
         (ready.subscription, ready.era, ready.xid, ready.n, ready.type, ready.id) and taken.due = ready.due
       returning taken.subscription, taken.position, taken.type, taken.id, taken.tries, taken.number::float8 as number`,
      [subscriptions, most],
    );
    return rows;
  }

  /** The oldest of a subscription, in order: whoever took the first may bring those behind it along. */
  async oldest(subscription: string, most: number): Promise<Notification[]> {
    const { rows } = await this.#pool.query<Notification>(
      `select subscription, position, type, id, tries, number::float8 as number from notification
       where subscription = $1 order by era, xid, n, type, id limit $2`,
      [subscription, most],
    );
    return rows;
  }

  async done(told: readonly Notification[]): Promise<void> {
    await this.#pool.query(
      `delete from notification where subscription = $1
         and (position, type, id) in (select * from unnest($2::text[], $3::text[], $4::text[]))`,
      [told[0]!.subscription, ...keysOf(told)],
    );
  }

  /** @param pause milliseconds to the next try; null: it is given up */
  async failed(one: Notification, error: string, answer: string | null, pause: number | null): Promise<void> {
    await this.#pool.query(
      `update notification set tries = tries + 1, error = $5, answer = $6,
         due = clock_timestamp() + coalesce($7::float8, 0) * interval '1 millisecond',
         dead = case when $7::float8 is null then clock_timestamp() end
       where subscription = $1 and position = $2 and type = $3 and id = $4`,
      [one.subscription, one.position, one.type, one.id, error.slice(0, 500), answer, pause],
    );
  }

  /** It is put back as it was: nothing was tried. */
  async putBack(one: Notification): Promise<void> {
    await this.#pool.query(
      `update notification set due = clock_timestamp()
       where subscription = $1 and position = $2 and type = $3 and id = $4`,
      [one.subscription, one.position, one.type, one.id],
    );
  }

  /** What was given up is due again. */
  async revive(subscription: string): Promise<void> {
    await this.#pool.query(
      `update notification set tries = 0, due = clock_timestamp(), dead = null
       where subscription = $1 and (tries > 0 or dead is not null)`,
      [subscription],
    );
  }

  /** The subscription is gone. */
  async drop(subscription: string): Promise<void> {
    await this.#pool.query('delete from notification where subscription = $1', [subscription]);
  }

  /** What was erased has nothing left to be told, and no answer may quote it. */
  async forget(client: PoolClient, erased: readonly { type: string; id: string }[]): Promise<void> {
    await client.query(
      `delete from notification where (type, id) in (select * from unnest($1::text[], $2::text[]))`,
      [erased.map(({ type }) => type), erased.map(({ id }) => id)],
    );
  }

  /** How many wait for a subscription, counted up to `most`. */
  async waiting(subscription: string, most: number): Promise<number> {
    const { rows } = await this.#pool.query<{ count: number }>(
      `select count(*)::int as count from
         (select from notification where subscription = $1 limit $2) as few`,
      [subscription, most],
    );
    return rows[0]!.count;
  }

  /** Milliseconds until the next of them is due; null when nothing waits. */
  async nextDue(subscriptions: readonly string[]): Promise<number | null> {
    const { rows } = await this.#pool.query<{ wait: number | null }>(
      `select extract(epoch from min(first.due) - clock_timestamp())::float8 * 1000 as wait
       from unnest($1::text[]) as s (subscription) cross join lateral (
         select due, dead from notification one where one.subscription = s.subscription
         order by era, xid, n, type, id limit 1) as first where first.dead is null`,
      [subscriptions],
    );
    return rows[0]?.wait ?? null;
  }

  /** How many wait for each subscription, and how many of these are dead. */
  async counts(): Promise<Map<string, { waiting: number; dead: number }>> {
    const { rows } = await this.#pool.query<{ subscription: string; waiting: number; dead: number }>(
      `select subscription, count(*)::int as waiting, count(dead)::int as dead from notification group by 1`,
    );
    return new Map(rows.map(({ subscription, ...counts }) => [subscription, counts]));
  }

  /** Dead letters, the newest first. */
  async dead(most: number, subscription: string | null = null): Promise<DeadLetter[]> {
    const { rows } = await this.#pool.query<DeadLetter>(
      `select one.subscription, position, type, id, tries, number::float8 as number, error, answer,
         to_char(made at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as made,
         to_char(dead at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as dead,
         (select count(*)::int - 1 from (select from notification behind
           where behind.subscription = one.subscription limit 100001) as few) as behind
       from notification one where dead is not null and ($2::text is null or one.subscription = $2)
       order by one.dead desc limit $1`,
      [most, subscription],
    );
    return rows;
  }

  /** The dead letter of a subscription goes, with `all` everything that waits behind it, too. @returns how many went */
  async bury(subscription: string, all: boolean): Promise<number> {
    const { rowCount } = await this.#pool.query(
      'delete from notification where subscription = $1 and ($2 or dead is not null)',
      [subscription, all],
    );
    return rowCount ?? 0;
  }

  /** Forgets what is too old. @returns how many */
  async sweep(): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `delete from notification where ctid in (select ctid from notification
         where made < clock_timestamp() - interval '${KEPT_DAYS} days' limit ${SWEPT})`,
    );
    return rowCount ?? 0;
  }
}

function keysOf(told: readonly Notification[]): string[][] {
  return [told.map(({ position }) => position), told.map(({ type }) => type), told.map(({ id }) => id)];
}
