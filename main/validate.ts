/** What a resource must be to be stored: right by R4; a programme one that can be carried out; a search parameter one that can be answered, a subscription one that can be served. */
import { type Product, programmeIssues } from '../engines/programmes/index.ts';
import type { Issue } from '../kernel/failure.ts';
import { subscriptionIssues } from '../kernel/fhir/subscriptions/refusal.ts';
import type { Topics } from '../kernel/fhir/subscriptions/topics.ts';
import type { Resource } from '../kernel/fhir/types.ts';
import { validateResource } from '../kernel/fhir/validation/index.ts';
import { searchParameterIssues } from '../kernel/store/reindex/index.ts';
import { publicationIssues, sharedNames } from './publication.ts';

/** @param check throws OutboundError for an address that may not be called; what is loaded is checked when it is called */
export function validateWritten(
  resource: Resource,
  topics: Topics,
  check: (url: string) => void = () => undefined,
  products: () => ReadonlyMap<string, Product> = () => NO_PRODUCTS,
): Issue[] {
  const issues = validateResource(resource);
  if (issues.length > 0) return [...issues, ...(issues.every(isInvariant) ? sharedNames(resource) : [])];
  const unfit = publicationIssues(resource);
  if (unfit.length > 0) return unfit;
  if (resource.resourceType === 'SearchParameter') return searchParameterIssues(resource);
  if (resource.resourceType === 'PlanDefinition') return programmeIssues(resource, products());
  return resource.resourceType === 'Subscription' ? subscriptionIssues(resource, topics, check) : issues;
}

/** What has the shape of R4 and breaks a rule of it can be looked at further. */
const isInvariant = ({ code }: Issue) => code === 'invariant';

const NO_PRODUCTS: ReadonlyMap<string, Product> = new Map();
