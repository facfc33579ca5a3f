/** Which medicines a unit hands out itself: those that it has ever received into its stock. */
import type { Pool } from 'pg';

/** @returns codes of the list of medicines */
export async function shelvedBy(pool: Pool, unit: string): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ medicine: string }>(
    'select distinct medicine from medicines.lot where unit = $1',
    [unit],
  );
  return new Set(rows.map(({ medicine }) => medicine));
}
