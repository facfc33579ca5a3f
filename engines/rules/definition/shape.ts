/** What is no PlanDefinition of R4, by the base definitions: its expressions can be looked at when it is one. Pure. */
import { Failure, type Issue } from '../../../kernel/failure.ts';
import type { PlanDefinition } from '../../../kernel/fhir/types.ts';
import { validateResource } from '../../../kernel/fhir/validation/index.ts';

/** Every place that is not as R4 has it. */
export const shapeIssues = (plan: PlanDefinition): Issue[] =>
  validateResource(plan).filter(({ severity }) => severity === 'error');

/** What broke while a definition was read: its own shape, told with its places, else a defect. */
export function ofShape(plan: PlanDefinition, error: unknown): unknown {
  if (error instanceof Failure) return error;
  const issues = shapeIssues(plan);
  const [first] = issues;
  return first ? new Failure('business-rule', first.text, { issues, cause: error }) : error;
}
