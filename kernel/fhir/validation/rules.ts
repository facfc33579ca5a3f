/** Which invariants are checked on which structure. */
import { hasStructure, ruleOf } from '../definitions/index.ts';
import type { Context, Json } from './context.ts';
import { BUNDLE_RULES } from './rules-bundle.ts';
import { CLINICAL_RULES } from './rules-clinical.ts';
import { CONTENT_RULES } from './rules-content.ts';
import { TYPE_RULES } from './rules-types.ts';

export interface RuleCheck {
  key: string;
  /** What it demands, in Vietnamese and in HL7's English. */
  vi: string;
  en: string;
  /** True when it holds. The value has the right shape. */
  test(value: Json, context: Context): boolean;
}

const byStructure = new Map<string, RuleCheck[]>();
const tables = { ...TYPE_RULES, ...CLINICAL_RULES, ...BUNDLE_RULES, ...CONTENT_RULES };

for (const [key, [vi, test, on]] of Object.entries(tables)) {
  const rule = ruleOf(key);
  const check: RuleCheck = {
    key,
    vi,
    en: rule?.human ?? 'Must have either extensions or value[x], not both',
    test,
  };
  for (const structure of on ?? rule?.on ?? []) {
    if (!hasStructure(structure)) throw new Error(`invariant ${key} on ${structure}, which is no structure`);
    const list = byStructure.get(structure);
    if (list) list.push(check);
    else byStructure.set(structure, [check]);
  }
}

/** Invariants of a structure, in the order of the tables. */
export function rulesOn(structure: string): RuleCheck[] {
  return byStructure.get(structure) ?? [];
}

/**
 * Keys of the invariants that are checked, sorted. ele-1 and dom-2…5 are checked by the compiler, ref-1 with the
 * references, sqty-1 by the element table (a SimpleQuantity has no comparator); tst-6, 8, 9, 11 and 13 are tst-5, 7, 10
 * and 12 on the same elements.
 */
export const checkedRules: readonly string[] = [
  ...new Set(Object.keys(tables).map((name) => name.split(' ')[0]!)),
  ...['ele-1', 'dom-2', 'dom-3', 'dom-4', 'dom-5', 'ref-1', 'sqty-1'],
  ...['tst-6', 'tst-8', 'tst-9', 'tst-11', 'tst-13'],
].sort();
