/** Front door of search: extraction for the write path, searches, and what is supported. */
export { type Explanation, explainSearch } from './explain.ts';
export { extractIndexes, sensitivityOf } from './extract.ts';
export { heldIn, holdersOf } from './holds.ts';
export { labelsPrint, securityBits } from './labels.ts';
export { organizationNumber } from './owner.ts';
export { MAX_COUNT } from './parse.ts';
export { personNamed } from './person-named.ts';
export { personRows } from './person-rows.ts';
export { personsRows } from './persons-rows.ts';
export { checkSearch } from './plan.ts';
export { probedBy } from './probed.ts';
export { ownCondition, type ResourceTest, resourceTest } from './resource-test.ts';
export { runSearch } from './search.ts';
export { type SeenTools, seenAmong } from './seen.ts';
export { asksConsent } from './sight.ts';
export { SmallPages } from './small-page.ts';
export {
  knowsSearchParameter,
  type SupportedParameter,
  searchControls,
  supportedIncludes,
  supportedSearchParameters,
} from './supported.ts';
export { runTogether } from './together.ts';
export type { SearchTools } from './tools.ts';
