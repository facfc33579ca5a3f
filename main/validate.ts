/** What a resource must be to be stored: right by R4, and a search parameter one that can be answered. */
import type { Issue } from '../kernel/failure.ts';
import type { Resource } from '../kernel/fhir/types.ts';
import { validateResource } from '../kernel/fhir/validation/index.ts';
import { searchParameterIssues } from '../kernel/store/reindex/index.ts';

export function validateWritten(resource: Resource): Issue[] {
  const issues = validateResource(resource);
  if (issues.length > 0 || resource.resourceType !== 'SearchParameter') return issues;
  return searchParameterIssues(resource);
}
