/** The rules of the content: compiled once, in force by day, shown as PlanDefinitions that are stored nowhere. */
import { sep } from 'node:path';
import type { Content } from '../../kernel/content/content.ts';
import { datedFiles } from '../../kernel/content/dated.ts';
import type { Rendered } from '../../kernel/fhir/terminology/index.ts';
import type { PlanDefinition } from '../../kernel/fhir/types.ts';
import { checkRule, type Fault } from './definition/check.ts';
import { readRule } from './definition/read.ts';
import type { Rule, RuleFile } from './definition/rule.ts';

const compiled = new WeakMap<Content, readonly Rule[]>();

/** Every version of every rule. @throws Failure with the place in the first definition that cannot be carried out */
export function allRules(content: Content): readonly Rule[] {
  const known = compiled.get(content);
  if (known) return known;
  const rules = ruleFiles(content).map((file) => {
    const rule = readRule(file, content);
    return { ...rule, silent: rule.silent || isOfProvince(file.file, content) };
  });
  compiled.set(content, rules);
  return rules;
}

/** A rule of a further folder is silent until somebody decides, whatever it says of itself: nobody but a run over the past has tried it. */
const isOfProvince = (file: string, { path, folders }: Content): boolean =>
  !path(file).startsWith(`${folders[0]}${sep}`);

/** In force on an ISO day, silent ones too. */
export function rulesOn(content: Content, day: string): Rule[] {
  return allRules(content).filter(({ from, to }) => from <= day && (to === null || day <= to));
}

/** What is wrong with the rules of a content, with the file of each. For `yba content check`. */
export function checkRules(content: Content): { file: string; faults: Fault[] }[] {
  return ruleFiles(content)
    .map((file) => ({ file: file.file, faults: checkRule(file, content) }))
    .filter(({ faults }) => faults.length > 0);
}

const ruleFiles = (content: Content): RuleFile[] => datedFiles<PlanDefinition>(content, 'rules');

/** Read at `/fhir/PlanDefinition/<key>` and found by canonical address; the version in force on the day stands for the key. */
export function contentRules(content: Content, day: string): Rendered[] {
  return rulesOn(content, day).map(({ key, version, definition }) => ({
    type: 'PlanDefinition',
    id: key,
    url: definition.url!,
    name: definition.name!,
    title: definition.title!,
    version,
    make: () => ({ ...definition, id: key }),
  }));
}
