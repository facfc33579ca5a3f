/** Doses of a paid bill that were not given: their money goes back, their times are cancelled, and they are the bill's no longer. */
import { Failure } from '../../../kernel/failure.ts';
import type { Appointment, Invoice, InvoiceLineItem } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { inTransaction } from '../../../kernel/store/index.ts';
import { refundOf, refundRuleOn } from '../../billing/index.ts';
import { refusal } from '../asking.ts';
import type { Writing } from '../write.ts';
import { inTurnOf, keepBill, keepReservation, standingOf } from './queries.ts';
import { billedIn, isRefunded, productOfLine, refundedInvoice, reservedIn } from './resources.ts';
import { putAll } from './sell.ts';

export interface Refundable {
  /** Đồng that would go back now; 0 = nothing. */
  amount: number;
  /** Lines, by their place in the bill. */
  lines: number[];
  /** Doses that were given. */
  given: number;
}

/** Listed price of a line, đồng. */
const priceOf = ({ priceComponent = [] }: InvoiceLineItem) =>
  priceComponent.reduce(
    (all, { type, amount }) => all + (type === 'deduction' ? 0 : (amount?.value ?? 0)),
    0,
  );

/** What would go back of a bill. @param appointments of the bill. Pure but for the content */
export function refundableOf(
  kernel: Kernel,
  invoice: Invoice,
  appointments: readonly Appointment[],
): Refundable {
  const used = new Map<string, number>();
  for (const one of appointments)
    if (one.status === 'fulfilled') {
      const { product } = reservedIn(one)!;
      used.set(product, (used.get(product) ?? 0) + 1);
    }
  const [given, rest]: [number[], number[]] = [[], []];
  for (const [at, line] of (invoice.lineItem ?? []).entries()) {
    if (isRefunded(line)) continue;
    const product = productOfLine(line);
    const left = used.get(product) ?? 0;
    used.set(product, left - 1);
    (left > 0 ? given : rest).push(at);
  }
  const rule = refundRuleOn(kernel.content, invoice.date?.slice(0, 10) ?? '');
  const prices = (lines: readonly number[]) => lines.map((at) => priceOf(invoice.lineItem![at]!));
  const amount =
    rule === null || invoice.status !== 'balanced' || given.length === 0 || rest.length === 0
      ? 0
      : refundOf(rule, invoice.totalNet?.value ?? 0, prices(given), prices(rest));
  return { amount, lines: rest, given: given.length };
}

/**
 * In the turn of those who reserve, so that no dose goes back that somebody is promised in the same moment.
 * @returns đồng that went back
 * @throws Failure `business-rule` when nothing is left to go back, `conflict` when somebody has just reserved of the bill
 */
export async function refundRest(
  kernel: Kernel,
  writing: Writing,
  invoice: Invoice,
  appointments: readonly Appointment[],
  why: string,
): Promise<number> {
  const { amount, lines } = refundableOf(kernel, invoice, appointments);
  if (amount === 0)
    throw refusal(
      'bill',
      'Phiếu này không còn tiền để hoàn một phần: chưa tiêm mũi nào thì huỷ cả phiếu, đã tiêm hết thì không hoàn.',
      'Nothing of this bill goes back in part.',
    );
  const booked = appointments.filter((one) => reservedIn(one)?.state === 'booked');
  const cancelled = booked.map(
    (one): Appointment => ({ ...one, status: 'cancelled', cancelationReason: { text: why } }),
  );
  const next = refundedInvoice(writing, invoice, lines, amount, why);
  const { patient } = billedIn(invoice)!;
  await inTransaction(kernel.pool, async (client) => {
    await inTurnOf(client, writing.actor.unit!);
    const standing = await standingOf(client, patient, invoice.id!);
    if (standing.some((id) => !appointments.some((one) => one.id === id)))
      throw new Failure('conflict', 'Có người vừa hẹn một mũi của phiếu này: mở lại phiếu rồi xem.', {
        textEn: 'A dose of the bill has just been reserved.',
      });
    await writing.session.transaction(putAll([next, ...cancelled]));
    await keepBill(client, billedIn(next)!);
    for (const one of cancelled) await keepReservation(client, writing.actor.unit!, reservedIn(one)!);
  });
  return amount;
}
