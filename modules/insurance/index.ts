/** Front door of the insurance room: entitlement here; claims XML and pre-audit are added by their files. */
export type { CoverageFacts, Entitlement, EntitlementRule, Remark, VisitFacts } from './entitlement.ts';
export { entitlementOn } from './entitlement.ts';
export type { CardState } from './entitlementCard.ts';
export type { SixMonths } from './entitlementExemption.ts';
export { categoryOn } from './entitlementRoute.ts';
