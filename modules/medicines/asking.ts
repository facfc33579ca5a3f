/** What every route of this room asks first: who, of which unit. */
import type { FastifyRequest } from 'fastify';
import type { Role } from '../../kernel/access/contract.ts';
import { type Body, memberOfUnit as memberWith } from '../../kernel/asking.ts';
import type { Actor, Kernel } from '../../kernel/kernel.ts';
import type { Keeper } from '../stock/index.ts';

export {
  type Body,
  dayIn,
  pageOf,
  reasonOf,
  refusal,
  textOf,
  todayOf,
  wholeOf,
} from '../../kernel/asking.ts';

export const READERS: Role[] = ['nurse', 'doctor', 'station-head'];
export const TOPIC = 'medicines';

/** Medicines as a user of the one ledger (modules/stock). */
export const MEDICINES = { category: 'medicine', roles: READERS, topic: TOPIC } as const satisfies Keeper;

/** The shelves of medicines of a unit. */
export const medicinesOf = (unit: string) => ({ category: MEDICINES.category, unit });

/** A request of this room, with what its address may say. */
export interface Ask {
  Params: { patient: string; dispense: string };
  Querystring: Record<string, string | undefined>;
  Body: Body | undefined;
}

export function memberOfUnit(kernel: Kernel, request: FastifyRequest): Actor & { unit: string } {
  return memberWith(kernel, request, ...READERS);
}
