/** Front door of the billing room: the bill of a visit and the exact arithmetic behind it. */
export type { BillFault } from './bill-lines.ts';
export type { Bill, BillSummary } from './bill-visit.ts';
export { billVisit } from './bill-visit.ts';
export { checkPrices } from './check-prices.ts';
export { episodeOf, moneyCode, moneyField, sharesOf } from './claim-resources.ts';
export type { Decimal } from './decimal.ts';
export { add, compare, decimal, equal, formatDecimal, round, subtract, toNumber, ZERO } from './decimal.ts';
export type { VisitFacts } from './facts.ts';
export type { LineAmounts, LineInput, LineTable } from './line-amounts.ts';
export { lineAmounts, NO_OTHER_SOURCES } from './line-amounts.ts';
export {
  type VaccinePackage,
  type VaccinePrice,
  type VaccinePrices,
  vaccinePriceFaults,
  vaccinePrices,
} from './vaccine-prices.ts';
export { type RefundRule, refundOf, refundRuleOn } from './vaccine-refund.ts';
export type { Benefit, HeaderLine, VisitAmounts } from './visit-amounts.ts';
export { visitAmounts } from './visit-amounts.ts';
