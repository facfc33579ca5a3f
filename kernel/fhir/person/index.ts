/** What an expression of the content about a person stands on. */
export { type Bag, sourcesOf, subjectOf } from './bag.ts';
export {
  type Criterion,
  compileCriterion,
  type Dialect,
  FHIRPATH,
  type MemberOf,
  personParameter,
  QUERY,
  type Source,
  type Subject,
} from './criterion.ts';
export { atPlace, failedAt, refusedAt } from './place.ts';
