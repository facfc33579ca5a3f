/**
 * What an insurance card gives on one day, for one kind of visit: a pure decision over dated content.
 * Sources: Law on Health Insurance article 22, Decree 188/2025/NĐ-CP, Decision 3276/QĐ-BYT annex 1 (bhyt-benefits.md 2–5).
 */
import type { Content } from '../../kernel/content/content.ts';
import type { Remark } from '../../kernel/text/remark.ts';
import { type CardState, cardOn } from './entitlement-card.ts';
import { exemptionOn, type SixMonths } from './entitlement-exemption.ts';
import type { CoverageFacts, EntitlementRule, VisitFacts } from './entitlement-facts.ts';
import { decidePercent, routeOn } from './entitlement-route.ts';
import { baseSalaryOn, ruleOn } from './entitlement-rules.ts';

export interface Entitlement {
  /** The day that was asked about. */
  date: string;
  /** False: no card, a card not valid on the day, or category 9. The fund pays nothing and MUC_HUONG is 0. */
  insured: boolean;
  card: CardState | null;
  /** Percent of the card's level (80, 95, 100); the lowest level when `levelKnown` is false. */
  level: number;
  levelKnown: boolean;
  category: string;
  categoryName: string;
  rightRoute: boolean;
  /** Percent of the level (or of the scope) that the category leaves: 0, 40, 50, 100. */
  rate: number;
  /** MUC_HUONG in percent, at most one decimal (47.5). */
  effective: number;
  rule: EntitlementRule;
  /** Đồng. A right-route visit whose insured total is strictly below it is paid 100 %. Null: base salary of the day unknown. */
  smallBillLimit: number | null;
  /** Exemption from co-payment on this day. */
  exemption: SixMonths;
  reasons: Remark[];
  /** Rules that are unverified, data that is missing: shown, never hidden. */
  warnings: Remark[];
}

/**
 * Decides in the order of bhyt-benefits.md section 5: card valid → route rate → small bill → exemption → level × rate.
 * @param coverage null = no insurance card
 * @param date ISO day whose law applies; for a stay, the day of the costs
 */
export function entitlementOn(
  coverage: CoverageFacts | null,
  visit: VisitFacts,
  date: string,
  content: Content,
): Entitlement {
  const warnings: Remark[] = [];
  const card = coverage ? cardOn(coverage, visit, date, content, warnings) : null;
  const route = routeOn(visit, date, content, warnings);
  const aboutSalary: Remark[] = [];
  const salary = baseSalaryOn(date, content, aboutSalary);
  const share = ruleOn('small-bill-share', date, content);
  const smallBillLimit = salary && share ? Math.round((salary.amount * share.value) / 100) : null;
  const exemption = exemptionOn(coverage, visit, date, content, warnings);
  const decided = decidePercent({ card, route, visit, smallBillLimit, exemption, date, content, warnings });
  if (dependsOnSalary(decided.rule, decided.effective)) warnings.push(...aboutSalary);
  return {
    date,
    insured: decided.insured,
    card,
    level: card?.level ?? 0,
    levelKnown: card?.levelKnown ?? false,
    category: visit.category,
    categoryName: route.name,
    rightRoute: route.rightRoute,
    rate: route.rate,
    effective: decided.effective,
    rule: decided.rule,
    smallBillLimit,
    exemption,
    reasons: decided.reasons,
    warnings,
  };
}

/** The 15 % threshold decided, or may still decide when the costs are known. */
function dependsOnSalary(rule: EntitlementRule, effective: number): boolean {
  return rule === 'small-bill' || (rule === 'card-level' && effective < 100);
}
