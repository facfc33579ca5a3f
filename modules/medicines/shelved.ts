/** Which medicines a unit hands out itself: those that it has ever received into its stock. */
import type { Pool } from 'pg';
import { stockedSince } from '../stock/index.ts';
import { medicinesOf } from './asking.ts';

/** @returns codes of the list of medicines */
export async function shelvedBy(pool: Pool, unit: string): Promise<ReadonlySet<string>> {
  return new Set((await stockedSince(pool, medicinesOf(unit))).keys());
}
