/** Whether a change is an event of a topic: R5 subscriptiontopic.html, resourceTrigger. Pure. */
import { compilePath, type Path, Work } from '../path/index.ts';
import type { Resource } from '../types.ts';
import type { Topic } from './topics.ts';

/** One version and the one before it; null: it was created, or created again after it had been deleted. */
export interface Step {
  op: 'create' | 'update';
  previous: Resource | null;
  current: Resource;
}

type Trigger = Topic['resourceTrigger'][number];
const compiled = new WeakMap<Trigger, Path>();

/** @throws Failure `invalid-resource` when its expression cannot be carried out */
export function criteriaOf(trigger: Trigger): Path {
  let path = compiled.get(trigger);
  if (!path) {
    const { resource, fhirPathCriteria } = trigger;
    const variables = new Map<string, string | null>([
      ['current', resource],
      ['previous', resource],
      ['notifiable', null],
    ]);
    path = compilePath(fhirPathCriteria, { type: resource, constants: new Map(), variables });
    compiled.set(trigger, path);
  }
  return path;
}

/** A topic's triggers are alternatives. @param notifiable codes of ICD-10 that are notifiable today */
export function isEvent(topic: Topic, step: Step, notifiable: readonly string[]): boolean {
  const { current, previous } = step;
  const values: Record<string, readonly unknown[]> = {
    current: [current],
    previous: previous ? [previous] : [],
    notifiable: [{ code: notifiable }],
  };
  const environment = { variable: (name: string) => values[name] ?? [] };
  return topic.resourceTrigger.some(
    (trigger) =>
      trigger.resource === current.resourceType &&
      trigger.supportedInteraction.includes(step.op) &&
      criteriaOf(trigger).step([current], new Work(undefined, environment))[0] === true,
  );
}
