/** Which version of a rule counts on a day, wherever it lies: the one that began last; one that has ended or is retired leaves no gap for an older one. Pure. */
import type { Rule } from './definition/rule.ts';
import { type RuleState, type Switch, stateOf } from './switches.ts';

/** Of each rule the version in force on an ISO day, silent ones too. */
export function versionsOn(rules: readonly Rule[], day: string): Rule[] {
  return begun(rules, day).flatMap(([newest]) => (isOver(newest!, day) ? [] : [newest!]));
}

/**
 * Rules that show cards on a day. A new version that is silent yet leaves the word to the one before it: whoever tries a new rule
 * loses no old one.
 */
export function speakingOn(rules: readonly Rule[], day: string, switches: readonly Switch[]): Rule[] {
  return begun(rules, day).flatMap((versions) => {
    for (const rule of versions) {
      if (isOver(rule, day)) return [];
      const state: RuleState = stateOf(rule, switches);
      if (state === 'live') return [{ ...rule, to: endOf(rule) }];
      if (state === 'off') return [];
    }
    return [];
  });
}

/** The versions of each rule that have begun, newest first. */
function begun(rules: readonly Rule[], day: string): Rule[][] {
  const byKey = new Map<string, Rule[]>();
  for (const rule of rules) {
    if (rule.from > day) continue;
    byKey.set(rule.key, [...(byKey.get(rule.key) ?? []), rule]);
  }
  return [...byKey.values()].map((versions) => versions.sort((a, b) => (a.from < b.from ? 1 : -1)));
}

/** What the definition says of its own end, whatever came after it. */
const endOf = ({ definition }: Rule): string | null => definition.effectivePeriod?.end?.slice(0, 10) ?? null;

function isOver(rule: Rule, day: string): boolean {
  const end = endOf(rule);
  return rule.definition.status === 'retired' || (end !== null && end < day);
}
