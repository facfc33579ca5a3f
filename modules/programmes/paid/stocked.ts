/** The stock of vaccines as other rooms see it: whether a unit has one, and a receipt. */
import type { Kernel } from '../../../kernel/kernel.ts';
import { inTransaction } from '../../../kernel/store/index.ts';
import { type Receipt, receive, stockedSince } from '../../stock/index.ts';
import { vaccinesOf } from '../stock/keeper.ts';

interface VaccineReceipt extends Pick<Receipt, 'unit' | 'lot' | 'expires' | 'gtin' | 'from' | 'paid'> {
  /** `system|code`. */
  product: string;
  /** Doses of a vial, and vials. */
  vial: number;
  vials: number;
}

/** Whether the unit has ever received a vaccine. */
export async function hasVaccines({ pool }: Kernel, unit: string): Promise<boolean> {
  return (await stockedSince(pool, vaccinesOf(unit))).size > 0;
}

/** @param who stands in the movement. @throws Failure `business-rule` for a lot that stands there otherwise */
export async function receiveVaccine(kernel: Kernel, receipt: VaccineReceipt, who: string): Promise<void> {
  const { unit, product, vial, vials, ...lot } = receipt;
  const amount = vial * vials;
  await inTransaction(kernel.pool, (client) =>
    receive(
      client,
      { ...vaccinesOf(unit), ...lot, item: product, pack: vial, amount },
      { who, now: kernel.settings.now() },
    ),
  );
}
