/** Rules that somebody stores: one of ours must be one that can be carried out; those of other systems are kept as they are. */
import { createHash } from 'node:crypto';
import type { Content } from '../../../kernel/content/content.ts';
import { Failure, type Issue } from '../../../kernel/failure.ts';
import { refusedAt } from '../../../kernel/fhir/person/index.ts';
import type { PlanDefinition, Resource } from '../../../kernel/fhir/types.ts';
import { isDay } from '../../../kernel/text/vietnam-time.ts';
import { allRules } from '../content.ts';
import { publicationFaults } from './check.ts';
import { RULE_URL } from './names.ts';
import { readRule } from './read.ts';
import type { Rule, RuleFile } from './rule.ts';
import { ofShape } from './shape.ts';

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** A rule below `http://yba.vn/fhir/PlanDefinition/`, which this program carries out; null for anything else. */
export function ownRule(resource: Resource): PlanDefinition | null {
  const plan = resource as PlanDefinition;
  const isRule =
    plan.resourceType === 'PlanDefinition' && plan.type?.coding?.some(({ code }) => code === 'eca-rule');
  return isRule && plan.url?.startsWith(RULE_URL) ? plan : null;
}

/**
 * A stored rule as the engine reads it: in force from its `effectivePeriod.start`, else from `date`, else from the day that is its version.
 * @throws Failure `business-rule` with the place of what is missing
 */
export function storedFile(plan: PlanDefinition): RuleFile {
  const key = plan.url!.slice(RULE_URL.length);
  if (!KEY.test(key))
    throw refusedAt(
      'PlanDefinition.url',
      'phần cuối chỉ gồm chữ không dấu, số, dấu chấm và gạch, tối đa 64 ký tự',
      'must end with letters, digits, dots and dashes, 64 at most',
    );
  const { start, end } = plan.effectivePeriod ?? {};
  const from = (start ?? plan.date ?? plan.version ?? '').slice(0, 10);
  if (!isDay(from))
    throw refusedAt(
      'PlanDefinition.effectivePeriod.start',
      'thiếu ngày bắt đầu hiệu lực',
      'is missing: the first day of validity',
    );
  return { key, from, to: end?.slice(0, 10) ?? null, file: plan.url!, value: plan };
}

/**
 * What stands in the way of storing it. A draft must be readable, a rule that is to speak has all that one of the content has but
 * test cases. What breaks because it is no PlanDefinition of R4 is told by who looks at that.
 */
export function ruleIssues(resource: Resource, content: Content): Issue[] {
  try {
    const plan = ownRule(resource);
    if (!plan) return [];
    const rule = readRule(storedFile(plan), content);
    refuseChanged(rule, content);
    if (plan.status !== 'active') return [];
    return publicationFaults(rule, content).map(({ place, text, textEn }) => ({
      severity: 'error',
      code: 'business-rule',
      text,
      textEn,
      expression: place,
    }));
  } catch (error) {
    const told = ofShape(resource as PlanDefinition, error);
    if (told instanceof Failure) return told.issues;
    throw told;
  }
}

/** A version of the content never changes: what is stored under its key and version is a copy of it. */
function refuseChanged({ key, version, definition }: Rule, content: Content): void {
  const own = allRules(content).find((one) => one.key === key && one.version === version);
  if (!own || wordsOf(own.definition) === wordsOf(definition)) return;
  throw refusedAt(
    'PlanDefinition.version',
    `bản ${version} của quy tắc này nằm trong content/ và không đổi được; hãy đặt bản mới`,
    `${version} of this rule lies in content/ and never changes: a new version has a new name`,
  );
}

/** The first letters of a hash of everything that a rule says, but its state. */
export function wordsHash({ status: _, ...said }: PlanDefinition): string {
  return createHash('sha256')
    .update(wordsOf(said as PlanDefinition))
    .digest('hex')
    .slice(0, 8);
}

function wordsOf({ id: _, meta: __, text: ___, ...rest }: PlanDefinition): string {
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}
