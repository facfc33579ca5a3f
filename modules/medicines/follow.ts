/**
 * Medicines leave the stock because they were handed out: the change feed of MedicationDispenses, whoever wrote them and over which
 * door. One that is marked as entered in error, or put right in its lot or amount, comes back.
 */
import type { PoolClient } from 'pg';
import type { MedicationDispense, Resource } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Change } from '../../kernel/store/contract.ts';
import { hash64 } from '../../kernel/store/hash.ts';
import { type Leaving, leavingOf } from './dispense.ts';
import { type By, findLot, move } from './ledger.ts';

export const STOCK_CONSUMER = 'medicine-stock';

const isOurs = ({ type, patient }: Change) => type === 'MedicationDispense' && patient !== null;

/** Follows from now on; what was handed out before there was a stock is none of it. */
export function startStock(kernel: Kernel, told: (unit: string) => void): void {
  kernel.events.consume(
    STOCK_CONSUMER,
    async (changes, client) => {
      const ours = changes.filter(isOurs);
      if (ours.length === 0) return undefined;
      const now = await kernel.store.latest(ours);
      const units = new Set<string>();
      for (const change of ours)
        for (const unit of await followOne(
          kernel,
          client,
          change,
          now.get(`MedicationDispense/${change.id}`),
        ))
          units.add(unit);
      return () => {
        for (const unit of units) told(unit);
      };
    },
    { batch: 200, concerns: isOurs },
  );
}

interface Taken extends Omit<Leaving, 'day'> {
  state: string;
}

/** @returns units whose stock has changed */
async function followOne(
  kernel: Kernel,
  client: PoolClient,
  { id, patient }: Change,
  resource: Resource | undefined,
): Promise<string[]> {
  const pt = hash64(`Patient/${patient}`).toString();
  const { rows } = await client.query<Taken>(
    'select unit, medicine, lot, amount, state from medicines.taken where pt = $1 and dispense = $2 for update',
    [pt, id],
  );
  const [before] = rows;
  const leaving = resource === undefined ? null : leavingOf(resource as MedicationDispense);
  if (before && leaving && isSame(before, leaving)) return [];
  if (!before && !leaving) return [];
  const by: By = { who: `MedicationDispense/${id}`, now: kernel.settings.now() };
  if (before) await giveBack(client, before, by);
  await client.query('delete from medicines.taken where pt = $1 and dispense = $2', [pt, id]);
  if (leaving && (await keepsStock(client, leaving.unit, leaving.day)))
    await client.query(
      `insert into medicines.taken (pt, dispense, unit, medicine, lot, amount, state, day)
        values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        pt,
        id,
        leaving.unit,
        leaving.medicine,
        leaving.lot,
        leaving.amount,
        await take(client, leaving, by),
        leaving.day,
      ],
    );
  return [...new Set([before?.unit, leaving?.unit].filter((unit) => unit !== undefined))];
}

const isSame = (before: Taken, { unit, medicine, lot, amount }: Leaving) =>
  before.unit === unit && before.medicine === medicine && before.lot === lot && before.amount === amount;

async function take(client: PoolClient, { unit, medicine, lot, amount }: Leaving, by: By): Promise<string> {
  const found = await findLot(client, { unit, medicine, lot });
  if (!found) return 'unknown';
  if (found.balance < amount) return 'short';
  await move(client, found, { kind: 'dispense', amount: -amount, why: '' }, by);
  return 'taken';
}

/** Whether the unit had received any medicine by the day. */
async function keepsStock(client: PoolClient, unit: string, day: string): Promise<boolean> {
  const { rows } = await client.query<{ keeps: boolean }>(
    `select coalesce(min(since) at time zone 'Asia/Ho_Chi_Minh', 'infinity')::date <= $2::date as keeps from medicines.lot where unit = $1`,
    [unit, day],
  );
  return rows[0]?.keeps === true;
}

async function giveBack(client: PoolClient, taken: Taken, by: By): Promise<void> {
  if (taken.state !== 'taken') return;
  const lot = await findLot(client, taken);
  if (lot) await move(client, lot, { kind: 'dispense-void', amount: taken.amount, why: '' }, by);
}
