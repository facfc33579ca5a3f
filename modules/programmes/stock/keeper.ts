/** Vaccines as a user of the one ledger (modules/stock). */

import type { Keeper } from '../../stock/index.ts';
import { READERS } from '../asking.ts';
import { TOPIC } from '../follow.ts';

export const VACCINES = { category: 'vaccine', roles: READERS, topic: TOPIC } as const satisfies Keeper;

/** The shelves of vaccines of a unit. */
export const vaccinesOf = (unit: string) => ({ category: VACCINES.category, unit });
