/**
 * `$apply` (R4 plandefinition-operation-apply.html): a CarePlan whose one activity is a RequestGroup, with a Task for each thing
 * that is to be done, all contained: proposals that nobody has taken up yet. Pure.
 */
import type {
  CarePlan,
  Encounter,
  Organization,
  Patient,
  PlanDefinitionAction,
  Practitioner,
  Reference,
  RequestGroup,
  RequestGroupAction,
  Resource,
  Task,
} from '../../kernel/fhir/types.ts';
import type { Course, CourseTask } from './course.ts';
import { dayText } from './days.ts';
import { programmeCs } from './systems.ts';

export interface ApplyFor {
  patient: Reference<Patient>;
  encounter?: Reference<Encounter>;
  practitioner?: Reference<Practitioner>;
  organization?: Reference<Organization>;
  /** `url|version`. */
  canonical: string;
  title: string;
  /** Instant. */
  now: string;
}

/** Something to be done: of a programme a task of the course, of another definition an action. */
export interface Proposed {
  id: string;
  title: string;
  description: string;
  code: string;
  priority: NonNullable<Task['priority']>;
  reason: string;
  /** ISO days; absent when the definition says no time. */
  window?: { from: string; due: string; to?: string };
}

export function proposedOf(course: Course): Proposed[] {
  return course.tasks.map((task, at) => ({
    id: `viec-${at + 1}`,
    title: task.title,
    description: task.reason,
    code: `${course.programme}/${task.about[0] ?? ''}`,
    priority: task.priority,
    reason: task.reason,
    window: windowOf(task),
  }));
}

function windowOf({ earliest, due, latest }: CourseTask): NonNullable<Proposed['window']> {
  return { from: dayText(earliest), due: dayText(due), ...(latest === null ? {} : { to: dayText(latest) }) };
}

/** The Task of an action that refers to nothing. */
export function taskOfAction(action: PlanDefinitionAction, place: string, about: ApplyFor): Task {
  const { definitionUri, definitionCanonical } = action;
  const task = taskOf(
    {
      id: 'viec',
      title: action.title ?? action.textEquivalent ?? action.id ?? place,
      description: action.description ?? '',
      code: '',
      priority: action.priority ?? 'routine',
      reason: action.reason?.[0]?.text ?? '',
    },
    about,
  );
  const [code] = action.code ?? [];
  return {
    ...task,
    ...(code ? { code: { text: task.code!.text!, ...code } } : {}),
    ...(action.reason?.[0] ? { reasonCode: action.reason[0] } : {}),
    ...(definitionCanonical ? { instantiatesCanonical: definitionCanonical } : {}),
    ...(definitionUri ? { instantiatesUri: definitionUri } : {}),
  };
}

export function carePlanOf(proposed: readonly Proposed[], about: ApplyFor): CarePlan {
  return planOf(
    { actions: proposed.map(groupAction), requests: proposed.map((one) => taskOf(one, about)) },
    about,
  );
}

/** @param made actions of the RequestGroup, and what they ask for */
export function planOf(
  { actions, requests }: { actions: RequestGroupAction[]; requests: readonly Resource[] },
  about: ApplyFor,
): CarePlan {
  const { patient, encounter, practitioner, canonical, title, now } = about;
  const shared = { ...(encounter ? { encounter } : {}) };
  const group: RequestGroup = {
    resourceType: 'RequestGroup',
    id: 'nhom-viec',
    status: 'draft',
    intent: 'proposal',
    instantiatesCanonical: [canonical],
    subject: patient,
    ...shared,
    authoredOn: now,
    ...(practitioner ? { author: practitioner } : {}),
    ...(actions.length > 0 ? { action: actions } : {}),
  };
  return {
    resourceType: 'CarePlan',
    contained: [group, ...(requests as Task[])],
    instantiatesCanonical: [canonical],
    status: 'draft',
    intent: 'proposal',
    ...(title === '' ? {} : { title }),
    subject: patient,
    ...shared,
    created: now,
    ...(practitioner ? { author: practitioner } : {}),
    activity: [{ reference: { reference: `#${group.id}` } }],
  };
}

function groupAction({ id, title, description, priority, window }: Proposed): RequestGroupAction {
  return {
    title,
    ...(description ? { description } : {}),
    priority,
    ...(window ? { timingDateTime: window.due } : {}),
    type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/action-type', code: 'create' }] },
    resource: { reference: `#${id}` },
  };
}

function taskOf({ id, title, description, code, priority, reason, window }: Proposed, about: ApplyFor): Task {
  const { patient, encounter, practitioner, organization, canonical, now } = about;
  return {
    resourceType: 'Task',
    id,
    instantiatesCanonical: canonical,
    status: 'draft',
    intent: 'proposal',
    priority,
    code: { ...(code ? { coding: [{ system: programmeCs.task, code }] } : {}), text: title },
    ...(description ? { description } : {}),
    for: patient,
    ...(encounter ? { encounter } : {}),
    authoredOn: now,
    ...(practitioner ? { requester: practitioner } : {}),
    ...(organization ? { owner: organization } : {}),
    ...(reason ? { reasonCode: { text: reason } } : {}),
    ...(window
      ? { restriction: { period: { start: window.from, ...(window.to ? { end: window.to } : {}) } } }
      : {}),
  };
}
