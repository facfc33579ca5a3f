/** The error-severity invariants of the base definitions: where they stand and what they demand, from `rules.gen.json`. */
import { readJson } from './table-file.ts';

export interface Rule {
  readonly key: string;
  /** Structures or elements that carry it: `Observation`, `Patient.contact`, `Narrative.div`. */
  readonly on: readonly string[];
  /** HL7's own sentence. */
  readonly human: string;
}

const source = readJson<Record<string, [string[], string]>>('rules.gen.json');

/** Every rule except ele-1, ext-1 and dom-2…5, which hold everywhere. */
export const rules: readonly Rule[] = Object.entries(source).map(([key, [on, human]]) => ({
  key,
  on,
  human,
}));

const byKey = new Map(rules.map((rule) => [rule.key, rule]));

export function ruleOf(key: string): Rule | undefined {
  return byKey.get(key);
}
