/**
 * Doses leave the stock because they were given: the change feed of Immunizations, whoever wrote them and over which door. A dose
 * that is marked as entered in error, or put right in its lot, comes back.
 */
import type { PoolClient } from 'pg';
import type { Immunization, Resource } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Change } from '../../../kernel/store/contract.ts';
import { hash64 } from '../../../kernel/store/hash.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { type By, findLot, type LotKey, move, takeDose } from './ledger.ts';
import { discardAt } from './opened.ts';

export const STOCK_CONSUMER = 'vaccine-stock';

/** Follows from now on; what was given before there was a stock is none of it. */
export function startStock(kernel: Kernel, told: (unit: string) => void): void {
  kernel.events.consume(
    STOCK_CONSUMER,
    async (changes, client) => {
      const doses = changes.filter(({ type, patient }) => type === 'Immunization' && patient !== null);
      if (doses.length === 0) return undefined;
      const now = await kernel.store.latest(doses);
      const units = new Set<string>();
      for (const change of doses)
        for (const unit of await followDose(kernel, client, change, now.get(`Immunization/${change.id}`)))
          units.add(unit);
      return () => {
        for (const unit of units) told(unit);
      };
    },
    { batch: 200, concerns: ({ type, patient }) => type === 'Immunization' && patient !== null },
  );
}

interface Given extends LotKey {
  /** Other codes of the same product. */
  products: readonly string[];
  at: Date;
  day: string;
}

/** What an Immunization takes out of a stock; null = nothing: not given, given elsewhere, or without lot or unit. */
export function givenOf(immunization: Immunization): Given | null {
  const { status, lotNumber, occurrenceDateTime, vaccineCode, performer = [], primarySource } = immunization;
  const unit = performer
    .map(({ actor }) => actor.reference ?? '')
    .find((reference) => reference.startsWith('Organization/'));
  const products = (vaccineCode.coding ?? []).map(({ system = '', code = '' }) => `${system}|${code}`);
  if (status !== 'completed' || primarySource === false || !lotNumber || !unit || products.length === 0)
    return null;
  if (!occurrenceDateTime || occurrenceDateTime.length < 10) return null;
  const at = new Date(
    occurrenceDateTime.length === 10 ? `${occurrenceDateTime}T12:00:00+07:00` : occurrenceDateTime,
  );
  return {
    unit: unit.slice('Organization/'.length),
    product: products[0]!,
    products,
    lot: lotNumber.trim(),
    at,
    day: vietnamDay(at),
  };
}

interface Taken extends LotKey {
  vial: string | null;
  state: string;
}

/** @returns units whose stock has changed */
async function followDose(
  kernel: Kernel,
  client: PoolClient,
  { id, patient }: Change,
  resource: Resource | undefined,
): Promise<string[]> {
  const pt = hash64(`Patient/${patient}`).toString();
  const { rows } = await client.query<Taken>(
    'select unit, product, lot, vial, state from programmes.dose_taken where pt = $1 and immunization = $2 for update',
    [pt, id],
  );
  const [before] = rows;
  const given = resource === undefined ? null : givenOf(resource as Immunization);
  if (before && given && isSame(before, given)) return [];
  if (!before && !given) return [];
  const by: By = { who: `Immunization/${id}`, now: kernel.settings.now() };
  if (before) await giveBack(client, before, by);
  await client.query('delete from programmes.dose_taken where pt = $1 and immunization = $2', [pt, id]);
  const taken = given && (await take(kernel, client, given, by));
  if (given && taken)
    await client.query(
      `insert into programmes.dose_taken (pt, immunization, unit, product, lot, vial, state, day)
        values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [pt, id, taken.unit, taken.product, taken.lot, taken.vial, taken.state, given.day],
    );
  return [...new Set([before?.unit, taken?.unit].filter((unit) => unit !== undefined))];
}

const isSame = (before: Taken, { unit, products, lot }: Given) =>
  before.unit === unit && before.lot === lot && products.includes(before.product);

async function take(kernel: Kernel, client: PoolClient, given: Given, by: By): Promise<Taken | undefined> {
  const { unit, lot, at, day } = given;
  if (!(await keepsStock(client, unit, day))) return undefined;
  for (const product of given.products) {
    const found = await findLot(client, { unit, product, lot });
    if (!found) continue;
    const taken = await takeDose(client, found, at, discardAt(kernel.content, product, at), by);
    return { unit, product, lot, vial: taken?.vial ?? null, state: taken === null ? 'short' : 'taken' };
  }
  return { unit, product: given.product, lot, vial: null, state: 'unknown' };
}

/** Whether the unit had received anything by the day. */
async function keepsStock(client: PoolClient, unit: string, day: string): Promise<boolean> {
  const { rows } = await client.query<{ keeps: boolean }>(
    `select coalesce(min(since) at time zone 'Asia/Ho_Chi_Minh', 'infinity')::date <= $2::date as keeps from programmes.lot where unit = $1`,
    [unit, day],
  );
  return rows[0]?.keeps === true;
}

/** The dose was not given: it lies in its vial again, or was thrown away with it. */
async function giveBack(client: PoolClient, taken: Taken, by: By): Promise<void> {
  if (taken.state !== 'taken') return;
  const lot = await findLot(client, taken);
  if (!lot) return;
  const back = await move(client, lot, { kind: 'dose-void', doses: 1, why: '', ...vialOf(taken) }, by);
  if (taken.vial === null) return;
  const { rowCount } = await client.query(
    `update programmes.vial set given = given - 1, closed_at = case when given = doses and discard_at > $3 then null else closed_at end
      where unit = $1 and id = $2 and given > 0 and (closed_at is null or (given = doses and discard_at > $3))`,
    [taken.unit, taken.vial, by.now],
  );
  if (rowCount === 0)
    await move(client, back, { kind: 'waste', doses: -1, why: CLOSED, ...vialOf(taken) }, by);
}

const CLOSED = 'Lọ đã đóng';
const vialOf = ({ vial }: Taken) => (vial === null ? {} : { vial });
