/** The state of one field as it is drawn, made from the answers and the results of its rules. */

import { Box } from '../../../kernel/fhir/path/index.ts';
import { truthOf } from '../../../kernel/fhir/path/nodes.ts';
import type { Coding, Resource } from '../../../kernel/fhir/types.ts';
import { answerFrom, valueIn } from '../answer.ts';
import { EXT, extensionOf, extensionValue, numberOf, onlyValueOf, partOf, translated } from '../extension.ts';
import type { Plan } from '../plan.ts';
import type { Rule, RuleKind } from '../rule.ts';
import { inColumns } from './columns.ts';
import { codedOptions, containedOptions, givenOptions, isToggled, listedOptions } from './options.ts';
import type { Field, Occurrence } from './tree.ts';
import type { Aside, Fault, FieldState, FormStart, Option, Value } from './types.ts';
import { fixedUnit, unitOptions, unitValueSet } from './units.ts';
import { type Limits, wrongsOf } from './values.ts';

export interface Setting {
  plan: Plan;
  start: FormStart;
  language: string;
}

export function stateOf(field: Field, setting: Setting): FieldState {
  const { question, occurrences } = field;
  const { item, isGroup, repeats } = question;
  const rules = rulesOf(field, setting);
  const { options, valueSet } = optionsOf(field, setting);
  const { min, max } = limitsOf(field, rules);
  const units = unitsOf(field, setting);
  const most = numberOf(item, EXT.maxOccurs) ?? Number.POSITIVE_INFINITY;
  return {
    path: field.path,
    linkId: question.linkId,
    type: question.type,
    enabled: field.isThere,
    hidden: extensionValue(item, EXT.hidden) === true,
    required: flag(rules, 'required') ?? (item.required === true || (numberOf(item, EXT.minOccurs) ?? 0) > 0),
    readOnly: flag(rules, 'readOnly') ?? item.readOnly === true,
    text: wordsOf(rules) ?? translated(item, 'text', setting.language) ?? '',
    prefix: translated(item, 'prefix', setting.language),
    values: field.values,
    unit: fixedUnit(item),
    units,
    options,
    valueSet,
    candidates: givenOptions(
      answersOf(
        field,
        rules.find(({ rule }) => rule.kind === 'candidates'),
      ),
    ),
    min,
    max,
    issues: issuesOf(field, setting, { options, valueSet, min, max, units }),
    repeats: occurrences.map(repeatOf),
    canAdd: isGroup && repeats && occurrences.length < most,
    calculated: field.computed !== null && !field.edited,
    asides: asidesOf(field, rules, setting),
  };
}

const repeatOf = (one: Occurrence) => ({ path: one.path, children: one.fields.map(({ path }) => path) });

interface Result {
  rule: Rule;
  values: readonly unknown[];
}

function rulesOf(field: Field, { plan }: Setting): Result[] {
  return (plan.ofQuestion.get(field.question) ?? []).map((rule) => ({
    rule,
    values: (field.results.get(rule) as readonly unknown[] | undefined) ?? [],
  }));
}

/** What helps to answer: the resources that each search of the item found. */
function asidesOf(field: Field, rules: readonly Result[], { start }: Setting): Aside[] {
  if (!start.asides) return [];
  return rules.flatMap(({ rule, values }) => asideOf(rule, field.results.has(rule) ? values : []));
}

function asideOf(rule: Rule, values: readonly unknown[]): Aside[] {
  if (rule.kind !== 'aside' || !rule.extension) return [];
  const found = values.flatMap((node) => resourcesIn(node instanceof Box ? node.value : node));
  return [{ label: String(partOf(rule.extension, 'label') ?? ''), found: values.length > 0 ? found : null }];
}

/** What helps to answer the form as a whole: searches that stand at its root. */
export function asidesOfForm(root: Occurrence, { plan, start }: Setting): Aside[] {
  if (!start.asides) return [];
  return (plan.ofQuestion.get(root.question) ?? []).flatMap((rule) =>
    asideOf(rule, (root.results.get(rule) as readonly unknown[] | undefined) ?? []),
  );
}

const resourcesIn = (value: unknown): Resource[] => {
  const one = value as Resource | undefined;
  if (one?.resourceType !== 'Bundle') return one?.resourceType ? [one] : [];
  return (one.entry ?? []).flatMap(({ resource }) => resource ?? []);
};

const firstOf = (rules: readonly Result[], kind: RuleKind): unknown => {
  const found = rules.find(({ rule }) => rule.kind === kind)?.values[0];
  return found instanceof Box ? found.value : found;
};

function flag(rules: readonly Result[], kind: 'required' | 'readOnly'): boolean | null {
  const found = rules.find(({ rule }) => rule.kind === kind);
  return found ? truthOf(found.values.slice(0, 1), '') === true : null;
}

function wordsOf(rules: readonly Result[]): string | null {
  const text = firstOf(rules, 'text');
  return text === undefined ? null : String(text);
}

function answersOf(field: Field, result: Result | undefined): Value[] {
  if (!result) return [];
  const unit = fixedUnit(field.question.item);
  return result.values.flatMap((node) => {
    const value = node instanceof Box ? node.value : node;
    const found = value === undefined ? undefined : answerFrom(field.question.item, value, unit);
    return found === undefined ? [] : [found];
  });
}

/** Limits that are written, or calculated. */
function limitsOf(field: Field, rules: readonly Result[]): { min: Value | null; max: Value | null } {
  const { item } = field.question;
  const limit = (kind: 'min' | 'max', url: string, quantity: string) =>
    firstOf(rules, kind) ?? onlyValueOf(extensionOf(item, url)) ?? extensionValue(item, quantity) ?? null;
  return {
    min: limit('min', EXT.minValue, EXT.minQuantity),
    max: limit('max', EXT.maxValue, EXT.maxQuantity),
  };
}

/** Choices of a field as they are now; null where the answer is free, or comes from a value set that the form does not hold. */
export function optionsOf(
  field: Field,
  setting: Setting,
): { options: Option[] | null; valueSet: string | null } {
  const { item } = field.question;
  const { plan, start, language } = setting;
  const rules = rulesOf(field, setting);
  const given = rules.find(({ rule }) => rule.kind === 'options');
  const isAsked = given !== undefined && field.results.has(given.rule);
  let options = isAsked ? givenOptions(answersOf(field, given)) : listedOptions(item, language);
  const valueSet = item.answerValueSet ?? null;
  if (!options && valueSet !== null) {
    const members = containedOptions(plan.questionnaire, valueSet) ?? start.options?.(valueSet);
    options = members ? codedOptions(members, language) : null;
  }
  if (options) options = inColumns(toggled(options, rules, field), item);
  return { options, valueSet: options ? null : valueSet };
}

/** Units that are offered: those of the item, else the members of their value set where the form or its reader has them. */
function unitsOf({ question: { item } }: Field, { plan, start }: Setting): readonly Coding[] | null {
  const set = unitValueSet(item);
  const listed = unitOptions(item);
  if (listed || set === null) return listed;
  return containedOptions(plan.questionnaire, set) ?? start.options?.(set) ?? null;
}

/** SDC answerOptionsToggleExpression: an option that any toggle names is there when one of them holds. */
function toggled(options: Option[], rules: readonly Result[], field: Field): Option[] {
  const toggles = rules.filter(({ rule }) => rule.kind === 'toggle' && field.results.has(rule));
  if (toggles.length === 0) return options;
  return options.map((option) => {
    const naming = toggles.filter(({ rule }) => isToggled(option.value, namedBy(rule)));
    const enabled =
      naming.length === 0 || naming.some(({ values }) => truthOf(values.slice(0, 1), '') === true);
    return { ...option, enabled };
  });
}

function namedBy({ extension }: Rule): Value[] {
  return (extension?.extension ?? []).filter(({ url }) => url === 'option').map((one) => valueIn(one)?.value);
}

function issuesOf(field: Field, setting: Setting, limits: Omit<Limits, 'memberOf'>): Fault[] {
  const { question, path, values } = field;
  const memberOf = (value: Value, set: string) => setting.start.memberOf?.(value, set) ?? null;
  const wrongs = wrongsOf(question.item, values, { ...limits, memberOf });
  const found = wrongs.map(
    ({ kind, vi, en }): Fault => ({
      severity: 'error',
      code: CODES[kind] ?? 'invalid',
      text: vi,
      textEn: en,
      expression: path,
    }),
  );
  return [...found, ...brokenConstraints(field, setting)];
}

const CODES: Readonly<Record<string, string>> = {
  type: 'value',
  range: 'value',
  'not-an-option': 'code-invalid',
  'unknown-unit': 'code-invalid',
  constraint: 'business-rule',
  'duplicate-link': 'duplicate',
  required: 'required',
};

/** Constraints of a question, or of the occurrences of a group, that do not hold. */
function brokenConstraints(field: Field, setting: Setting): Fault[] {
  const { question } = field;
  const places = question.isGroup ? field.occurrences : [field];
  return places.flatMap((place) => constraintFaults(place, place.path, setting));
}

export function constraintFaults(
  place: Field | Occurrence,
  path: string,
  { plan, language }: Setting,
): Fault[] {
  return (plan.ofQuestion.get(place.question) ?? []).flatMap((rule) => {
    if (rule.kind !== 'constraint' || !rule.extension) return [];
    const values = place.results.get(rule) as readonly unknown[] | undefined;
    // What cannot be answered yet is not broken; an answered false is.
    if (!values || values.length === 0 || truthOf(values.slice(0, 1), '') !== false) return [];
    const human = rule.extension.extension?.find(({ url }) => url === 'human');
    const words =
      (human &&
        (translated(human, 'valueString', language) ?? translated(human, 'valueMarkdown', language))) ??
      '';
    const fault: Fault = {
      severity: partOf(rule.extension, 'severity') === 'warning' ? 'warning' : 'error',
      code: 'invariant',
      text: words,
      textEn: words,
      expression: path,
    };
    return [fault];
  });
}
