/** Rules that somebody stores: one of ours must be one that can be carried out; those of other systems are kept as they are. */
import type { Content } from '../../../kernel/content/content.ts';
import { Failure, type Issue } from '../../../kernel/failure.ts';
import type { PlanDefinition, Resource } from '../../../kernel/fhir/types.ts';
import { RULE_URL } from './names.ts';
import { readRule } from './read.ts';

/** @returns what stands in the way of storing it; nothing for what is no rule below `http://yba.vn/fhir/PlanDefinition/` */
export function ruleIssues(resource: Resource, content: Content): Issue[] {
  const plan = resource as PlanDefinition;
  const isRule =
    plan.resourceType === 'PlanDefinition' && plan.type?.coding?.some(({ code }) => code === 'eca-rule');
  if (!isRule || !plan.url?.startsWith(RULE_URL)) return [];
  const from = plan.effectivePeriod?.start ?? plan.version ?? '';
  try {
    readRule({ key: plan.url.slice(RULE_URL.length), from, to: null, file: plan.url, value: plan }, content);
    return [];
  } catch (error) {
    if (error instanceof Failure) return error.issues;
    throw error;
  }
}
