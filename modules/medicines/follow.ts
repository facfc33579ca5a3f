/** Medicines leave the stock because they were handed out: what of a MedicationDispense the one ledger (modules/stock) takes out of its lot. */
import type { MedicationDispense, Resource } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { followStock } from '../stock/index.ts';
import { MEDICINES } from './asking.ts';
import { leavingOf } from './dispense.ts';

/** Follows from now on; what was handed out before there was a stock is none of it. */
export function startStock(kernel: Kernel, told: (unit: string) => void): void {
  followStock(
    kernel,
    {
      consumer: 'medicine-stock',
      category: MEDICINES.category,
      type: 'MedicationDispense',
      kinds: { given: 'dispense', back: 'dispense-void' },
      leavingOf: (resource: Resource) => leavingOf(resource as MedicationDispense),
    },
    told,
  );
}
