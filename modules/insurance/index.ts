/** Front door of the insurance room: entitlement at reception, the insurance tables of a visit and their pre-audit. */
export { cardRemarks } from './card-remarks.ts';
export type { ClaimFile } from './claims/build.ts';
export { buildClaimFile } from './claims/build.ts';
export { checkClaim } from './claims/check.ts';
export type { ClaimFacts } from './claims/facts.ts';
export type { Fault } from './claims/fault.ts';
export { loadClaim } from './claims/load.ts';
export type { Entitlement } from './entitlement.ts';
export { entitlementOn } from './entitlement.ts';
export type { CardState } from './entitlement-card.ts';
export { isValidOn } from './entitlement-card.ts';
export { coverageOn, defaultCategory } from './entitlement-choice.ts';
export { coverageFacts, coverageOf, isSameCard, sameCoverage } from './entitlement-coverage.ts';
export type { SixMonths } from './entitlement-exemption.ts';
export type { CoverageFacts, EntitlementRule, VisitFacts } from './entitlement-facts.ts';
export { categoryOn } from './entitlement-route.ts';
export { insuranceModule } from './module.ts';
