/**
 * What was given leaves the stock: the change feed of the acts that give it (Immunization, MedicationDispense), whoever wrote them and
 * over which door. One that is marked as entered in error, or put right in its lot or amount, comes back. An act is kept with what it
 * took, so a change that is told again moves nothing.
 */
import type { PoolClient } from 'pg';
import type { Resource } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Change } from '../../kernel/store/contract.ts';
import { hash64 } from '../../kernel/store/hash.ts';
import { type By, type Category, findLot, type Lot, type LotKey, type MovementKind, move } from './ledger.ts';

/** What leaves a stock by an act of the record. */
export interface Leaving {
  unit: string;
  /** Codes that one thing is known by, the one that it is called by first. */
  items: readonly [string, ...string[]];
  lot: string;
  amount: number;
  at: Date;
  /** Day of `at` in Vietnam. */
  day: string;
}

/** What an act has taken. */
export interface Taken extends LotKey {
  amount: number;
  package: string | null;
  state: 'taken' | 'short' | 'unknown';
}

/** Lots of which packages are opened that hold several (vials of several doses). */
export interface Packages {
  /** Takes the amount out of a package that stands open, or opens one. @returns its id; null = of none */
  take(client: PoolClient, lot: Lot, leaving: Leaving, by: By): Promise<string | null>;
  /** @returns false where the package cannot hold it any more: what comes back is thrown away */
  giveBack(client: PoolClient, taken: Taken & { package: string }, by: By): Promise<boolean>;
}

export interface Follower {
  /** Name of the consumer of the change feed. */
  consumer: string;
  category: Category;
  type: 'Immunization' | 'MedicationDispense';
  /** What the movements are called. */
  kinds: { given: MovementKind; back: MovementKind };
  /** null = nothing leaves the stock by it. */
  leavingOf(resource: Resource): Leaving | null;
  packages?: Packages;
}

/** Follows from now on; what was given before there was a stock is none of it. @param told a unit whose stock has changed */
export function followStock(kernel: Kernel, follower: Follower, told: (unit: string) => void): void {
  const isOurs = ({ type, patient }: Change) => type === follower.type && patient !== null;
  kernel.events.consume(
    follower.consumer,
    async (changes, client) => {
      const ours = changes.filter(isOurs);
      if (ours.length === 0) return undefined;
      const now = await kernel.store.latest(ours);
      const units = new Set<string>();
      for (const change of ours) {
        const act: Act = { client, follower, ...actOf(change, follower), now: kernel.settings.now() };
        for (const unit of await followAct(act, now.get(act.by))) units.add(unit);
      }
      return () => {
        for (const unit of units) told(unit);
      };
    },
    { batch: 200, concerns: isOurs },
  );
}

interface Act {
  client: PoolClient;
  follower: Follower;
  pt: string;
  id: string;
  /** `Immunization/<id>`. */
  by: string;
  now: Date;
}

const actOf = ({ id, patient }: Change, { type }: Follower) => ({
  pt: hash64(`Patient/${patient}`).toString(),
  id,
  by: `${type}/${id}`,
});

/** @returns units whose stock has changed */
async function followAct(act: Act, resource: Resource | undefined): Promise<string[]> {
  const { client, follower, pt, id } = act;
  const { rows } = await client.query<Taken>(
    `select unit, category, item, lot, amount, package, state from stock.taken
      where pt = $1 and category = $2 and act = $3 for update`,
    [pt, follower.category, id],
  );
  const [before] = rows;
  const leaving = resource === undefined ? null : follower.leavingOf(resource);
  if (before && leaving && isSame(before, leaving)) return [];
  if (!before && !leaving) return [];
  if (before) {
    await giveBack(act, before);
    await client.query('delete from stock.taken where pt = $1 and category = $2 and act = $3', [
      pt,
      follower.category,
      id,
    ]);
  }
  const taken = leaving && (await take(act, leaving));
  if (leaving && taken) await keep(act, taken, leaving.day);
  return [...new Set([before?.unit, taken?.unit].filter((unit) => unit !== undefined))];
}

const isSame = (before: Taken, { unit, items, lot, amount }: Leaving) =>
  before.unit === unit && before.lot === lot && before.amount === amount && items.includes(before.item);

async function keep({ client, pt, id }: Act, taken: Taken, day: string): Promise<void> {
  await client.query(
    `insert into stock.taken (pt, category, act, unit, item, lot, amount, package, state, day)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      pt,
      taken.category,
      id,
      taken.unit,
      taken.item,
      taken.lot,
      taken.amount,
      taken.package,
      taken.state,
      day,
    ],
  );
}

/** @returns undefined where the unit kept no stock yet */
async function take(act: Act, leaving: Leaving): Promise<Taken | undefined> {
  const { client, follower } = act;
  const { unit, items, lot, amount } = leaving;
  const { category } = follower;
  if (!(await keepsStock(client, category, leaving))) return undefined;
  const taken = { category, unit, item: items[0], lot, amount, package: null };
  for (const item of items) {
    const found = await findLot(client, { category, unit, item, lot });
    if (!found) continue;
    if (found.balance < amount) return { ...taken, item, state: 'short' };
    return { ...taken, item, package: await takeOf(act, found, leaving), state: 'taken' };
  }
  return { ...taken, state: 'unknown' };
}

/** @returns the package that it was taken out of */
async function takeOf(act: Act, lot: Lot, leaving: Leaving): Promise<string | null> {
  const { client, follower, now } = act;
  const by: By = { who: act.by, now };
  const opened = lot.pack > 1 ? ((await follower.packages?.take(client, lot, leaving, by)) ?? null) : null;
  const movement = { kind: follower.kinds.given, amount: -leaving.amount, why: '', package: opened };
  await move(client, lot, movement, by);
  return opened;
}

/** Whether the unit had received anything by the day. */
async function keepsStock(client: PoolClient, category: Category, { unit, day }: Leaving): Promise<boolean> {
  const { rows } = await client.query<{ keeps: boolean }>(
    `select coalesce(min(since) at time zone 'Asia/Ho_Chi_Minh', 'infinity')::date <= $3::date as keeps
      from stock.lot where unit = $1 and category = $2`,
    [unit, category, day],
  );
  return rows[0]?.keeps === true;
}

/** It was not given: it lies in its lot again, or was thrown away with the package that it was taken of. */
async function giveBack({ client, follower, by: who, now }: Act, taken: Taken): Promise<void> {
  if (taken.state !== 'taken') return;
  const lot = await findLot(client, taken);
  if (!lot) return;
  const by: By = { who, now };
  const { amount, package: opened } = taken;
  const back = await move(client, lot, { kind: follower.kinds.back, amount, why: '', package: opened }, by);
  if (opened === null || !follower.packages) return;
  if (await follower.packages.giveBack(client, { ...taken, package: opened }, by)) return;
  await move(client, back, { kind: 'waste', amount: -amount, why: CLOSED, package: opened }, by);
}

const CLOSED = 'Lọ đã đóng';
