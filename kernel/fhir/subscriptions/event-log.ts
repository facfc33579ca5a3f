/** Tables `subscription_state` and `subscription_event`: how many events each subscription has had, and which. Their SQL is here. */
import type { Pool, PoolClient } from 'pg';
import type { Change } from '../../store/contract.ts';
import { parsePosition } from '../../store/index.ts';
import type { ResourceType } from '../types.ts';

/** One event of a topic-based subscription. */
export interface SubscriptionEvent {
  number: number;
  /** ISO instant of the change. */
  at: string;
  type: ResourceType;
  id: string;
  version: number;
  op: 'create' | 'update';
}

export interface SubscriptionState {
  events: number;
  /** That took the handshake. */
  endpoint: string | null;
  /** Account or client that asked for it last; null when nobody did. */
  owner: string | null;
  /** The application that the account asked through. */
  client: string | null;
}

/** What is to be noted of the events of one subscription. */
export interface Noted {
  subscription: string;
  changes: readonly Change[];
  /** Kept for `$events` and websockets. */
  keep: boolean;
  /** Brought by the courier. */
  bring: boolean;
}

/** Events are kept so long, and so many of each subscription. */
const KEPT_DAYS = 30;
const KEPT_EVENTS = 10_000;
const SWEPT = 10_000;

const NOTE = `with counted as (
    insert into subscription_state (subscription, events) values ($1, $2::int8)
    on conflict (subscription) do update set events = subscription_state.events + $2::int8 returning events),
  placed as (
    select given.*, counted.events - $2::int8 + given.ordinal as number from counted, unnest($3::text[], $4::int2[],
      $5::int8[], $6::int4[], $7::text[], $8::text[], $9::timestamptz[], $10::int4[], $11::text[]) with ordinality
      as given (position, era, xid, n, type, id, at, version, op, ordinal)),
  kept as (
    insert into subscription_event (subscription, number, at, type, id, version, op)
    select $1, number, at, type, id, version, op from placed where $12::bool)
  insert into notification (subscription, position, era, xid, n, type, id, number)
  select $1, position, era, xid, n, type, id, case when $12::bool then number end from placed where $13::bool
  on conflict do nothing`;

const EVENT = `number::float8 as number, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
  type, id, version, op`;

export class EventLog {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Within the transaction that moves the follower's position: counted once, told once, or not yet. */
  async note(client: PoolClient, { subscription, changes, keep, bring }: Noted): Promise<void> {
    const places = changes.map(({ position }) => parsePosition(position));
    await client.query(NOTE, [
      subscription,
      changes.length,
      changes.map(({ position }) => position),
      places.map(({ era }) => era),
      places.map(({ xid }) => xid),
      places.map(({ n }) => n),
      changes.map(({ type }) => type),
      changes.map(({ id }) => id),
      changes.map(({ at }) => at),
      changes.map(({ version }) => version),
      changes.map(({ op }) => op),
      keep,
      bring,
    ]);
  }

  /** Who wrote the Subscription in this change, as the audit of the same transaction says; the program itself is nobody's owner. */
  async noteOwner(client: PoolClient, { id, at, position }: Change): Promise<void> {
    const { era, xid } = parsePosition(position);
    await client.query(
      `insert into subscription_state (subscription, owner, client)
       select $1, who, nullif(nullif(split_part(ip, ' ', 2), ''), '-') from audit where era = $2 and xid = $3 and ts between $4::timestamptz - interval '1 hour'
           and $4::timestamptz + interval '1 hour' and action in ('create', 'update')
         and 'Subscription/' || $1 = any(string_to_array(what, ' ')) and who not like 'system:%'
       order by n desc limit 1
       on conflict (subscription) do update set owner = excluded.owner, client = excluded.client`,
      [id, era, xid, at],
    );
  }

  /** Zero events for those that had none. */
  async states(subscriptions: readonly string[]): Promise<Map<string, SubscriptionState>> {
    const { rows } = await this.#pool.query<SubscriptionState & { subscription: string }>(
      `select subscription, events::float8 as events, endpoint, owner, client from subscription_state
       where subscription = any($1)`,
      [subscriptions],
    );
    const known = new Map(rows.map(({ subscription, ...state }) => [subscription, state]));
    return new Map(
      subscriptions.map((id) => [
        id,
        known.get(id) ?? { events: 0, endpoint: null, owner: null, client: null },
      ]),
    );
  }

  /** Where one stands. */
  async stateOf(subscription: string): Promise<SubscriptionState> {
    return (await this.states([subscription])).get(subscription)!;
  }

  /** Events of which the number lies in [from, to], in order. */
  async between(subscription: string, from: number, to: number, most: number): Promise<SubscriptionEvent[]> {
    const { rows } = await this.#pool.query<SubscriptionEvent>(
      `select ${EVENT} from subscription_event
       where subscription = $1 and number between $2 and $3 order by number limit $4`,
      [subscription, from, to, most],
    );
    return rows;
  }

  /** The endpoint has taken the handshake. */
  async shaken(subscription: string, endpoint: string): Promise<void> {
    await this.#pool.query(
      `insert into subscription_state (subscription, endpoint) values ($1, $2)
       on conflict (subscription) do update set endpoint = $2`,
      [subscription, endpoint],
    );
  }

  /**
   * Which heartbeats are due; each is given out once, also among several programs. One that was never wanted begins to count.
   * @param wanted subscription → seconds
   */
  async beats(wanted: ReadonlyMap<string, number>, most: number): Promise<string[]> {
    const { rows } = await this.#pool.query<{ subscription: string; was: Date | null }>(
      `with due as (
         select state.subscription, state.beat, wanted.seconds from subscription_state state
         join unnest($1::text[], $2::float8[]) as wanted (subscription, seconds) using (subscription)
         where state.beat is null or state.beat <= clock_timestamp() limit $3)
       update subscription_state taken set beat = clock_timestamp() + due.seconds * interval '1 second' from due
       where taken.subscription = due.subscription and taken.beat is not distinct from due.beat
       returning taken.subscription, due.beat as was`,
      [[...wanted.keys()], [...wanted.values()], most],
    );
    return rows.filter(({ was }) => was !== null).map(({ subscription }) => subscription);
  }

  /** Something was sent: the next heartbeat is due that much later. */
  async beaten(subscription: string, seconds: number): Promise<void> {
    await this.#pool.query(
      `update subscription_state set beat = clock_timestamp() + $2::float8 * interval '1 second'
       where subscription = $1`,
      [subscription, seconds],
    );
  }

  /** The subscription is gone. */
  async drop(subscription: string): Promise<void> {
    await this.#pool.query('delete from subscription_event where subscription = $1', [subscription]);
    await this.#pool.query('delete from subscription_state where subscription = $1', [subscription]);
  }

  /** Forgets what is too old or too much. */
  async sweep(): Promise<void> {
    await this.#pool.query(
      `delete from subscription_event where ctid in (select ctid from subscription_event
         where at < clock_timestamp() - interval '${KEPT_DAYS} days' limit ${SWEPT})`,
    );
    await this.#pool.query(
      `delete from subscription_event old using subscription_state state
       where old.subscription = state.subscription and old.number <= state.events - ${KEPT_EVENTS}`,
    );
  }
}

/** Raised when Subscriptions were changed, read before changes are matched: several programs follow with the same ones. */
export async function readClock(client: PoolClient, raise: boolean): Promise<number> {
  const { rows } = await client.query<{ generation: number }>(
    raise
      ? 'update subscription_clock set generation = generation + 1 returning generation::float8 as generation'
      : 'select generation::float8 as generation from subscription_clock',
  );
  return rows[0]!.generation;
}
