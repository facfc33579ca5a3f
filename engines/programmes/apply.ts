/**
 * `$apply` (R4 plandefinition-operation-apply.html): a CarePlan whose one activity is a RequestGroup, with a Task for each thing
 * that is to be done, all contained: proposals that nobody has taken up yet. Pure.
 */
import type {
  CarePlan,
  Encounter,
  Organization,
  Patient,
  PlanDefinition,
  PlanDefinitionAction,
  Practitioner,
  Reference,
  RequestGroup,
  RequestGroupAction,
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

/** Actions of any PlanDefinition whose conditions hold, as they stand. @param holds by the action's place */
export function actionsOf(
  definition: PlanDefinition,
  holds: (action: PlanDefinitionAction, place: string) => boolean,
): Proposed[] {
  const found: Proposed[] = [];
  const add = (actions: readonly PlanDefinitionAction[], place: string) => {
    actions.forEach((action, at) => {
      const here = `${place}.action[${at}]`;
      if (!holds(action, here)) return;
      if (action.action && action.action.length > 0) {
        add(action.action, here);
        return;
      }
      found.push({
        id: `viec-${found.length + 1}`,
        title: action.title ?? action.textEquivalent ?? action.id ?? here,
        description: action.description ?? '',
        code: action.code?.[0]?.coding?.[0]?.code ?? action.id ?? '',
        priority: action.priority ?? 'routine',
        reason: action.reason?.[0]?.text ?? '',
      });
    });
  };
  add(definition.action ?? [], 'PlanDefinition');
  return found;
}

export function carePlanOf(proposed: readonly Proposed[], about: ApplyFor): CarePlan {
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
    ...(proposed.length > 0 ? { action: proposed.map(groupAction) } : {}),
  };
  return {
    resourceType: 'CarePlan',
    contained: [group, ...proposed.map((one) => taskOf(one, about))],
    instantiatesCanonical: [canonical],
    status: 'draft',
    intent: 'proposal',
    title,
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
