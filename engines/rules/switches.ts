/** Which rules speak: a version is silent or not by its definition, until somebody named decides otherwise. Pure. */
import type { Rule } from './definition/rule.ts';

export type RuleState = 'live' | 'silent' | 'off';

/** The latest decision about a version of a rule. */
export interface Switch {
  rule: string;
  version: string;
  state: RuleState;
}

export function stateOf(rule: Rule, switches: readonly Switch[]): RuleState {
  const decided = switches.find((one) => one.rule === rule.key && one.version === rule.version);
  return decided?.state ?? (rule.silent ? 'silent' : 'live');
}
