/** Front door of the insurance room: entitlement here; claims XML and pre-audit are added by their files. */
export type { CoverageFacts, Entitlement, EntitlementRule, VisitFacts } from './entitlement.ts';
export { entitlementOn } from './entitlement.ts';
export type { CardState } from './entitlement-card.ts';
export { coverageOn, defaultCategory } from './entitlement-choice.ts';
export { coverageFacts, coverageOf, isSameCard, sameCoverage } from './entitlement-coverage.ts';
export type { SixMonths } from './entitlement-exemption.ts';
export { categoryOn } from './entitlement-route.ts';
