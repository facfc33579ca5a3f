/**
 * What goes back of a paid bill of which not every dose was given: whole đồng, by the prices of the bill and the rule that was in force
 * when it was bought (`content/prices/vaccine-refunds.csv`). Pure.
 */
import type { Content } from '../../kernel/content/content.ts';

/** `listed`: doses that were given cost their own price, the rest goes back; `share`: each dose has its share of what was paid. */
export type RefundRule = 'listed' | 'share';

/** @param day on which the bill was written. Null = nothing was ruled: nothing goes back in part */
export function refundRuleOn(content: Content, day: string): RefundRule | null {
  const rule = content.inForce('prices/vaccine-refunds', day)[0]?.rule;
  return rule === 'listed' || rule === 'share' ? rule : null;
}

/**
 * @param paid đồng that the bill came to
 * @param given listed prices of the doses that were given, đồng
 * @param rest of those that were not
 * @returns đồng, from 0 to what was paid
 */
export function refundOf(
  rule: RefundRule,
  paid: number,
  given: readonly number[],
  rest: readonly number[],
): number {
  const sum = (prices: readonly number[]) => prices.reduce((all, price) => all + price, 0);
  const kept = sum(given);
  if (rule === 'listed') return Math.max(0, paid - kept);
  const listed = kept + sum(rest);
  // The house keeps no more than the share of what was given, rounded down to whole đồng.
  return listed === 0 ? 0 : paid - Math.floor((paid * kept) / listed);
}
