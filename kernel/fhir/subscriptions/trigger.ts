/** Whether a change is an event of a topic: R5 subscriptiontopic.html, resourceTrigger. Pure. */
import { evalFhirPathTyped, type TypedValue, toTypedValue } from '@medplum/core';
import type { Resource } from '../types.ts';
import type { Topic } from './topics.ts';

/** One version and the one before it; null: it was created, or created again after it had been deleted. */
export interface Step {
  op: 'create' | 'update';
  previous: Resource | null;
  current: Resource;
}

/** A topic's triggers are alternatives. @param notifiable codes of ICD-10 that are notifiable today */
export function isEvent(topic: Topic, step: Step, notifiable: readonly string[]): boolean {
  const variables: Record<string, TypedValue> = {
    '%current': toTypedValue(step.current),
    '%previous': toTypedValue(step.previous ?? {}),
    '%notifiable': { type: 'BackboneElement', value: { code: notifiable } },
  };
  return topic.resourceTrigger.some(
    ({ resource, supportedInteraction, fhirPathCriteria }) =>
      resource === step.current.resourceType &&
      supportedInteraction.includes(step.op) &&
      evalFhirPathTyped(fhirPathCriteria, [variables['%current']!], variables)[0]?.value === true,
  );
}
