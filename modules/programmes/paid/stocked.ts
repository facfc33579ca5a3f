/** The stock of vaccines as other rooms see it: whether a unit has one, and a receipt. */
import type { Kernel } from '../../../kernel/kernel.ts';
import { inTransaction } from '../../../kernel/store/index.ts';
import { type Receipt, receive } from '../stock/ledger.ts';

/** Whether the unit has ever received a vaccine. */
export async function hasVaccines({ pool }: Kernel, unit: string): Promise<boolean> {
  const { rows } = await pool.query('select from programmes.lot where unit = $1 limit 1', [unit]);
  return rows.length > 0;
}

/** @param who stands in the movement. @throws Failure `business-rule` for a lot that stands there otherwise */
export async function receiveVaccine(kernel: Kernel, receipt: Receipt, who: string): Promise<void> {
  await inTransaction(kernel.pool, (client) => receive(client, receipt, { who, now: kernel.settings.now() }));
}
