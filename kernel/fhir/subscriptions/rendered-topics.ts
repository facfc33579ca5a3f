/** Topics as R4 knows them: a Basic with the elements of R5's SubscriptionTopic as extensions (IG components.html, "Subscription Topics in R4"). Pure. */
import type { Resource } from '../types.ts';
import type { Topic, Topics } from './topics.ts';

const R5 = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.';
const TYPES = 'http://hl7.org/fhir/fhir-types';

/** As the resources that the program serves itself; found by `Basic?code=http://hl7.org/fhir/fhir-types|SubscriptionTopic`. */
export function renderedTopics(topics: Topics) {
  return topics.all().map((topic) => ({
    type: 'Basic' as const,
    id: topic.id,
    url: topic.url,
    name: topic.id,
    title: topic.title,
    version: topic.version,
    facets: { code: `${TYPES}|SubscriptionTopic` },
    make: () => basicOf(topic),
  }));
}

export function basicOf(topic: Topic): Resource {
  return {
    resourceType: 'Basic',
    id: topic.id,
    modifierExtension: [{ url: `${R5}status`, valueCode: topic.status }],
    extension: [
      { url: `${R5}url`, valueUri: topic.url },
      { url: `${R5}version`, valueString: topic.version },
      { url: `${R5}title`, valueString: topic.title },
      { url: `${R5}description`, valueMarkdown: topic.description },
      ...(topic.effectivePeriod ? [{ url: `${R5}effectivePeriod`, valuePeriod: topic.effectivePeriod }] : []),
      ...topic.resourceTrigger.map((trigger) => ({
        url: `${R5}resourceTrigger`,
        extension: [
          { url: 'description', valueMarkdown: trigger.description },
          { url: 'resource', valueUri: structure(trigger.resource) },
          ...trigger.supportedInteraction.map((code) => ({ url: 'supportedInteraction', valueCode: code })),
          { url: 'fhirPathCriteria', valueString: trigger.fhirPathCriteria },
        ],
      })),
      ...topic.canFilterBy.map(({ description, resource, filterParameter, modifier = [] }) => ({
        url: `${R5}canFilterBy`,
        extension: [
          { url: 'description', valueMarkdown: description },
          { url: 'resource', valueUri: structure(resource) },
          { url: 'filterParameter', valueString: filterParameter },
          ...modifier.map((code) => ({ url: 'modifier', valueCode: code })),
        ],
      })),
      ...topic.notificationShape.map(({ resource, include = [] }) => ({
        url: `${R5}notificationShape`,
        extension: [
          { url: 'resource', valueUri: structure(resource) },
          ...include.map((one) => ({ url: 'include', valueString: one })),
        ],
      })),
    ],
    code: { coding: [{ system: TYPES, code: 'SubscriptionTopic' }] },
  } as unknown as Resource;
}

const structure = (type: string) => `http://hl7.org/fhir/StructureDefinition/${type}`;
