/** A dose that is promised by the program itself, without a desk: the first free time, and the money when it was taken. */
import type { Kernel } from '../../../kernel/kernel.ts';
import { addDays } from '../../../kernel/text/vietnam-time.ts';
import type { Writing } from '../write.ts';
import { paidInvoice } from './resources.ts';
import { sell, shopOf, timesOn, versionOf } from './sell.ts';

export interface Wanted {
  patient: string;
  product: string;
  /** So many free times are left to others first. */
  after: number;
  isPaid: boolean;
}

/** Days in which a time is looked for. */
const LOOKED_AHEAD = 14;

/** @returns the bill. @throws Failure `business-rule` when no dose or no time is free */
export async function reserveDose(kernel: Kernel, writing: Writing, wanted: Wanted): Promise<string> {
  const shop = await shopOf(kernel, writing);
  const starts: string[] = [];
  for (let ahead = 0; ahead <= LOOKED_AHEAD && starts.length <= wanted.after; ahead += 1) {
    const slots = await timesOn(kernel, shop, addDays(writing.day, ahead));
    const now = kernel.settings.now().getTime();
    starts.push(...slots.filter((one) => one.left > 0 && Date.parse(one.end) > now).map((one) => one.start));
  }
  const { bill } = await sell(kernel, writing, shop, {
    patient: wanted.patient,
    products: [wanted.product],
    start: starts[wanted.after] ?? starts.at(-1) ?? '',
    package: '',
    bill: '',
  });
  const [method] = kernel.content.inForce('prices/payment-methods', writing.day);
  if (wanted.isPaid && method) {
    const invoice = await writing.session.read('Invoice', bill);
    const how = { code: method.code ?? '', title: method.title ?? '' };
    await writing.session.update(paidInvoice(writing, invoice, how), versionOf(invoice));
  }
  return bill;
}
