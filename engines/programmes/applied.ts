/**
 * Actions of a PlanDefinition for one person: those whose conditions hold, nested as they stand, with what each asks for. Pure: what
 * the definition refers to has been read before (`operations/plan-tree.ts`).
 */

import { Box } from '../../kernel/fhir/path/index.ts';
import type { Criterion, Subject } from '../../kernel/fhir/person/index.ts';
import type {
  ActivityDefinition,
  Patient,
  PlanDefinitionAction,
  RequestGroupAction,
  Resource,
} from '../../kernel/fhir/types.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';
import { firstDayOf } from '../../kernel/text/vietnam-time.ts';
import { activityRequest } from './activity.ts';
import { type ApplyFor, taskOfAction } from './apply.ts';
import { datedActions, datedRequests } from './dated-actions.ts';
import { setPath } from './dynamic.ts';
import type { FailAt } from './fail-at.ts';

export interface DynamicValue {
  path: string;
  place: string;
  criterion: Criterion;
}

export interface Activity {
  definition: ActivityDefinition;
  canonical: string;
  dynamic: readonly DynamicValue[];
}

/** An action with what it refers to. */
export interface PlanNode {
  action: PlanDefinitionAction;
  place: string;
  when: readonly Criterion[];
  dynamic: readonly DynamicValue[];
  activity: Activity | null;
  /** Of itself and of the plan that it refers to. */
  nodes: readonly PlanNode[];
}

export interface ForPerson {
  patient: Patient;
  subject: Subject;
  now: Date;
  about: ApplyFor;
}

export interface Applied {
  actions: RequestGroupAction[];
  /** What the actions ask for; ids are `viec-1`, … */
  requests: Resource[];
}

/** Every criterion of a tree: what must be read of the person follows from them. */
export function criteriaOf(nodes: readonly PlanNode[]): Criterion[] {
  return nodes.flatMap(({ when, dynamic, activity, nodes: inner }) => [
    ...when,
    ...dynamic.map(({ criterion }) => criterion),
    ...(activity?.dynamic.map(({ criterion }) => criterion) ?? []),
    ...criteriaOf(inner),
  ]);
}

/** @throws Failure with the place of a value that cannot be put, or makes a resource that is none */
export function applied(nodes: readonly PlanNode[], person: ForPerson, failAt: FailAt): Applied {
  const requests: Resource[] = [];
  const many = (all: readonly PlanNode[]) => all.flatMap((node) => one(node) ?? []);
  const one = (node: PlanNode): RequestGroupAction | null => {
    const { action, when } = node;
    if (!when.every((criterion) => criterion.values(person.subject, person.patient, person.now)[0] === true))
      return null;
    const isGroup = (action.action?.length ?? 0) > 0 || node.nodes.length > 0;
    if (!isGroup) return { ...kept(action, person), resource: ask(node) };
    const first = node.activity ? [{ type: CREATE, resource: ask(node) }] : [];
    const inner = [...first, ...many(node.nodes)];
    return inner.length === 0 ? null : { ...kept(action, person), action: inner };
  };
  const ask = (node: PlanNode) => {
    const request = requestOf(node, person, failAt);
    request.id = `viec-${requests.length + 1}`;
    requests.push(request);
    return { reference: `#${request.id}` };
  };
  const actions = many(nodes);
  const ids = new Set(allOf(actions).flatMap(({ id }) => id ?? []));
  const { birthDate } = person.patient;
  const dated = datedActions(
    actions.map((action) => withoutGone(action, ids)),
    { now: person.about.now, birth: birthDate ? firstDayOf(birthDate) : null },
    failAt,
  );
  return { actions: dated, requests: datedRequests(dated, requests) };
}

function requestOf(
  { action, place, dynamic, activity }: PlanNode,
  person: ForPerson,
  failAt: FailAt,
): Resource {
  const { about } = person;
  const request =
    activity === null
      ? taskOfAction(action, place, about)
      : activityRequest(activity.definition, { ...about, canonical: activity.canonical });
  // R4: values of the action come after those of what it refers to.
  for (const one of [...(activity?.dynamic ?? []), ...dynamic]) putValue(request, one, person, failAt);
  checkMade(request, place, failAt);
  return request;
}

export function putValue(request: Resource, one: DynamicValue, person: ForPerson, failAt: FailAt): void {
  const { path, place, criterion } = one;
  const values = criterion
    .values(person.subject, person.patient, person.now)
    .map((value) => (value instanceof Box ? value.value : value));
  if (values.length === 0) return;
  const fault = setPath(request, path, values);
  if (fault) throw failAt(`${place}.path`, fault[0], fault[1]);
}

/** @throws Failure when what was made is no valid resource: the definition says too little, or something else */
export function checkMade(request: Resource, place: string, failAt: FailAt): void {
  const [issue] = validateResource(request);
  if (issue)
    throw failAt(
      place,
      `tạo ra ${request.resourceType} không hợp lệ: ${issue.text.replace(/\.$/, '')}`,
      `makes a ${request.resourceType} that is not valid: ${(issue.textEn ?? issue.text).replace(/\.$/, '')}`,
    );
}

const KEPT = [
  'id',
  'prefix',
  'title',
  'description',
  'textEquivalent',
  'priority',
  'code',
  'documentation',
  'relatedAction',
  'timingDateTime',
  'timingAge',
  'timingPeriod',
  'timingDuration',
  'timingRange',
  'timingTiming',
  'groupingBehavior',
  'selectionBehavior',
  'requiredBehavior',
  'precheckBehavior',
  'cardinalityBehavior',
] as const;

const CREATE = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/action-type', code: 'create' }],
};

function kept(action: PlanDefinitionAction, { about }: ForPerson): RequestGroupAction {
  const same = Object.fromEntries(
    KEPT.flatMap((name) => (action[name] === undefined ? [] : [[name, action[name]]])),
  ) as RequestGroupAction;
  const participants = (action.participant ?? []).flatMap(({ type }) =>
    type === 'patient' ? about.patient : type === 'practitioner' ? (about.practitioner ?? []) : [],
  );
  const conditions = (action.condition ?? []).filter(({ kind }) => kind !== 'applicability');
  return {
    ...same,
    type: action.type ?? CREATE,
    ...(participants.length > 0 ? { participant: participants } : {}),
    ...(conditions.length > 0 ? { condition: conditions } : {}),
  };
}

const allOf = (actions: readonly RequestGroupAction[]): RequestGroupAction[] =>
  actions.flatMap((action) => [action, ...allOf(action.action ?? [])]);

/** Nothing comes before or after an action that is not there. */
function withoutGone(action: RequestGroupAction, ids: ReadonlySet<string>): RequestGroupAction {
  const { relatedAction, action: inner, ...rest } = action;
  const related = (relatedAction ?? []).filter(({ actionId }) => ids.has(actionId));
  return {
    ...rest,
    ...(related.length > 0 ? { relatedAction: related } : {}),
    ...(inner ? { action: inner.map((one) => withoutGone(one, ids)) } : {}),
  };
}
