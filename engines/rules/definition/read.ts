/** PlanDefinition → rule. Everything that cannot be carried out is refused with its place, before the first person. */
import type { Content } from '../../../kernel/content/content.ts';
import {
  type Criterion,
  compileCriterion,
  type Dialect,
  refusedAt,
  sourcesOf,
} from '../../../kernel/fhir/person/index.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type {
  CodeableConcept,
  Expression,
  Extension,
  PlanDefinition,
  PlanDefinitionAction,
  Resource,
} from '../../../kernel/fhir/types.ts';
import { readLinks } from './links.ts';
import { refuseLoops } from './loops.ts';
import { DYNAMIC, type DynamicPart, type Hook, isHook, ruleExt, TRIGGERS } from './names.ts';
import type { Indicator, Rule, RuleAction, RuleFile, RuleSource, SuggestionRule } from './rule.ts';
import { ofShape } from './shape.ts';
import { criteriaOf, dialectOf, readsOf, readVariables } from './variables.ts';

/** @throws Failure `business-rule` with the place of the first fault, or of all where it is no PlanDefinition of R4 */
export function readRule(file: RuleFile, content: Content): Rule {
  try {
    return read(file, content);
  } catch (error) {
    throw ofShape(file.value, error);
  }
}

function read({ key, from, to, value: plan }: RuleFile, content: Content): Rule {
  refuseKind(plan);
  const variables = readVariables(plan, content);
  refuseLoops(variables);
  const dialect = dialectOf(variables);
  const actions = (plan.action ?? []).map((action, at) =>
    readAction(action, plan, `PlanDefinition.action[${at}]`, dialect),
  );
  if (actions.length === 0)
    throw refusedAt('PlanDefinition.action', 'cần ít nhất một hành động', 'needs at least one action');
  const compiled = [...criteriaOf(variables), ...actions.flatMap(criteriaOfAction)];
  const { sources, measured } = readsOf(variables);
  return {
    key,
    version: plan.version ?? from,
    from,
    to,
    title: plan.title ?? key,
    titleEn: translated(plan, '_title') ?? plan.title ?? key,
    description: plan.description ?? '',
    descriptionEn: translated(plan, '_description') ?? plan.description ?? '',
    owner: plan.author?.[0]?.name ?? plan.publisher ?? '',
    silent: plan.experimental === true || plan.status === 'draft',
    roles: contextCodes(plan, 'user', cs.role),
    places: contextCodes(plan, 'venue', cs.facilityType),
    variables,
    actions,
    sources: sourcesOf([...compiled, { sources }]),
    measured,
    valueSets: [...new Set(compiled.flatMap(({ valueSets }) => valueSets))],
    valueSetPlaces: compiled.flatMap(({ valueSets, place }) => valueSets.map((url) => ({ url, place }))),
    definition: plan,
  };
}

function refuseKind(plan: PlanDefinition): void {
  if (plan?.resourceType !== 'PlanDefinition')
    throw refusedAt('PlanDefinition', 'phải là PlanDefinition', 'must be a PlanDefinition');
  if (plan.type?.coding?.some(({ code }) => code === 'eca-rule') !== true)
    throw refusedAt('PlanDefinition.type', 'phải là eca-rule', 'must be eca-rule');
}

/** An English translation of a text: extension `translation` beside it. */
export function translated(holder: object, name: `_${string}`): string | undefined {
  const beside = (holder as Record<string, { extension?: Extension[] } | undefined>)[name];
  return beside?.extension
    ?.find(({ url }) => url === ruleExt.translation)
    ?.extension?.find(({ url }) => url === 'content')?.valueString;
}

/** Codes of a useContext of a kind: `user` (roles), `venue` (kinds of facility). */
function contextCodes({ useContext = [] }: PlanDefinition, kind: string, system: string): string[] {
  return useContext
    .filter(({ code }) => code?.code === kind)
    .flatMap(({ valueCodeableConcept }) => valueCodeableConcept?.coding ?? [])
    .filter((coding) => coding.system === system)
    .flatMap(({ code }) => code ?? []);
}

function withFound(dialect: Dialect, each: Criterion | null): Dialect {
  return each === null
    ? dialect
    : { ...dialect, variables: new Map([...dialect.variables!, ['found', each.type]]) };
}

function readAction(
  action: PlanDefinitionAction,
  plan: PlanDefinition,
  place: string,
  dialect: Dialect,
): RuleAction {
  const each = expressionIn(action.extension, ruleExt.each, place, dialect);
  const inner = withFound(dialect, each);
  const dynamic = readDynamic(action, place, inner);
  if (!action.title && !dynamic.has('title'))
    throw refusedAt(
      `${place}.title`,
      'thiếu: thẻ phải nói điều gì sai',
      'is missing: a card says what is wrong',
    );
  const kind = codeOf(action.code?.[0], cs.alertKind);
  return {
    triggers: readTriggers(action, place),
    conditions: (action.condition ?? []).map(({ kind: why, expression }, at) => {
      const here = `${place}.condition[${at}]`;
      if (why !== 'applicability')
        throw refusedAt(`${here}.kind`, 'chỉ nhận applicability', 'must be applicability');
      return compileCriterion(expression, `${here}.expression`, dialect);
    }),
    each,
    title: action.title ?? '',
    titleEn: translated(action, '_title') ?? action.title ?? '',
    description: action.description ?? '',
    descriptionEn: translated(action, '_description') ?? action.description ?? '',
    indicator: indicatorOf(action.priority),
    kind,
    behaviour: action.requiredBehavior ?? 'could',
    reasons: (action.extension ?? [])
      .filter(({ url }) => url === ruleExt.reason)
      .flatMap(({ valueCoding }) => valueCoding ?? []),
    source: sourceOf(action, plan, place),
    links: readLinks(action.extension, `${place}.extension`),
    dynamic,
    suggestions: (action.action ?? []).map((one, at) =>
      readSuggestion(one, plan, `${place}.action[${at}]`, inner),
    ),
  };
}

function readTriggers({ trigger = [] }: PlanDefinitionAction, place: string): Hook[] {
  const names = trigger.map(({ type, name }, at) => {
    if (type !== 'named-event' || name === undefined || !isHook(name))
      throw refusedAt(
        `${place}.trigger[${at}]`,
        `phải là named-event một trong: ${TRIGGERS.join(', ')}`,
        `must be a named-event, one of ${TRIGGERS.join(', ')}`,
      );
    return name;
  });
  if (names.length === 0)
    throw refusedAt(
      `${place}.trigger`,
      'thiếu: quy tắc được hỏi khi nào',
      'is missing: when the rule is asked',
    );
  return names;
}

function readDynamic(
  { dynamicValue = [] }: PlanDefinitionAction,
  place: string,
  dialect: Dialect,
): Map<DynamicPart, Criterion> {
  return new Map(
    dynamicValue.map(({ path = '', expression }, at): [DynamicPart, Criterion] => {
      const here = `${place}.dynamicValue[${at}]`;
      if (!(DYNAMIC as readonly string[]).includes(path))
        throw refusedAt(
          `${here}.path`,
          `phải là một trong: ${DYNAMIC.join(', ')}`,
          `must be one of ${DYNAMIC.join(', ')}`,
        );
      return [path as DynamicPart, compileCriterion(expression, `${here}.expression`, dialect)];
    }),
  );
}

function expressionIn(
  extensions: Extension[] | undefined,
  url: string,
  place: string,
  dialect: Dialect,
): Criterion | null {
  const at = (extensions ?? []).findIndex((one) => one.url === url);
  return at < 0
    ? null
    : compileCriterion(
        extensions![at]!.valueExpression as Expression,
        `${place}.extension[${at}].value`,
        dialect,
      );
}

function indicatorOf(priority: PlanDefinitionAction['priority']): Indicator {
  if (priority === 'stat' || priority === 'asap') return 'critical';
  return priority === 'urgent' ? 'warning' : 'info';
}

/** The action's own documentation, else the rule's citation. */
function sourceOf(
  { documentation = [] }: PlanDefinitionAction,
  { relatedArtifact = [] }: PlanDefinition,
  place: string,
): RuleSource {
  const found =
    documentation[0] ?? relatedArtifact.find(({ type }) => type === 'citation' || type === 'documentation');
  const label = found?.label ?? found?.display ?? found?.citation;
  if (label === undefined)
    throw refusedAt(
      `${place}.documentation`,
      'thiếu nguồn: thẻ nào cũng nói dựa vào đâu',
      'is missing: every card names its source',
    );
  return { label, url: found?.url ?? null };
}

function readSuggestion(
  action: PlanDefinitionAction,
  plan: PlanDefinition,
  place: string,
  dialect: Dialect,
): SuggestionRule {
  const type = codeOf(action.type, 'http://terminology.hl7.org/CodeSystem/action-type') ?? '';
  const kinds: Record<string, SuggestionRule['type']> = {
    create: 'create',
    update: 'update',
    remove: 'delete',
  };
  if (kinds[type] === undefined)
    throw refusedAt(
      `${place}.type`,
      'phải là create, update hoặc remove',
      'must be create, update or remove',
    );
  if (!action.title)
    throw refusedAt(`${place}.title`, 'thiếu nhãn của gợi ý', 'is missing: the label of the suggestion');
  const contained = action.definitionUri?.replace(/^#/, '');
  const resource =
    contained === undefined ? null : ((plan.contained ?? []).find(({ id }) => id === contained) ?? null);
  if (contained !== undefined && resource === null)
    throw refusedAt(
      `${place}.definitionUri`,
      `không có tài nguyên "#${contained}" trong contained`,
      `leads to "#${contained}", which is not contained`,
    );
  const target = (action.dynamicValue ?? []).find(({ path }) => path === 'target');
  if (resource === null && !target)
    throw refusedAt(
      place,
      'thiếu definitionUri hoặc dynamicValue target',
      'needs definitionUri or a dynamicValue of target',
    );
  return {
    label: action.title,
    labelEn: translated(action, '_title') ?? action.title,
    recommended: action.selectionBehavior === 'exactly-one',
    type: kinds[type],
    condition: action.condition?.[0]
      ? compileCriterion(action.condition[0].expression, `${place}.condition[0].expression`, dialect)
      : null,
    resource: resource as Resource | null,
    target: target
      ? compileCriterion(target.expression, `${place}.dynamicValue[0].expression`, dialect)
      : null,
    bySystem:
      action.extension?.some(({ url, valueBoolean }) => url === ruleExt.system && valueBoolean) ?? false,
  };
}

function codeOf(concept: CodeableConcept | undefined, system: string): string | null {
  return concept?.coding?.find((coding) => coding.system === system)?.code ?? null;
}

function criteriaOfAction({ conditions, each, dynamic, suggestions }: RuleAction): Criterion[] {
  const parts = [
    ...conditions,
    each,
    ...dynamic.values(),
    ...suggestions.flatMap(({ condition, target }) => [condition, target]),
  ];
  return parts.filter((one) => one !== null);
}
