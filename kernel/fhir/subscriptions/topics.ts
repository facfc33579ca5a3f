/** Topics: what can be subscribed to by the R5 backport. Dated content of the program and of a province, `topics/<id>.json`, in the form of R5's SubscriptionTopic. */
import type { Content } from '../../content/content.ts';
import { isResourceType } from '../names.ts';
import type { ResourceType } from '../types.ts';

/** R5 subscriptiontopic.html, what is carried out of it. */
export interface Topic {
  resourceType: 'SubscriptionTopic';
  id: string;
  url: string;
  version: string;
  title: string;
  status: 'active' | 'retired';
  /** In force between these ISO days, both inclusive; open without one. */
  effectivePeriod?: { start?: string; end?: string };
  description: string;
  resourceTrigger: readonly {
    description: string;
    resource: ResourceType;
    supportedInteraction: readonly ('create' | 'update')[];
    /** On `%previous`, `%current` and `%notifiable` (codes of the list of notifiable diseases in force). */
    fhirPathCriteria: string;
  }[];
  canFilterBy: readonly {
    description: string;
    resource: ResourceType;
    filterParameter: string;
    /** Of R4 search; without a modifier is always allowed. */
    modifier?: readonly string[];
  }[];
  notificationShape: readonly { resource: ResourceType; include?: readonly string[] }[];
}

export interface Topics {
  /** Those in force today. */
  all(): readonly Topic[];
  /** By canonical address; null when there is none in force. */
  find(url: string): Topic | null;
  /** Categories and codes of ICD-10 that are notifiable today, as prefixes. */
  notifiable(): readonly string[];
}

/** @param today ISO day in Viet Nam */
export function openTopics(content: Content, today: () => string): Topics {
  const topics = namesOfTopics(content).map((id) => content.json<Topic>(`topics/${id}`));
  const all = () => topics.filter((topic) => isInForce(topic, today()));
  return {
    all,
    find: (url) => all().find((topic) => topic.url === url) ?? null,
    notifiable: () => notifiablePrefixes(content.inForce('surveillance/notifiable', today())),
  };
}

/** Ids by their files, of the content and of a province's folders. */
export function namesOfTopics(content: Content): string[] {
  return content
    .files('topics')
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
}

function isInForce({ status, effectivePeriod: { start, end } = {} }: Topic, day: string): boolean {
  return status === 'active' && (start === undefined || start <= day) && (end === undefined || day <= end);
}

/** A range of three-character categories is each of them; it stays within its letter. */
function notifiablePrefixes(rows: readonly Readonly<Record<string, string>>[]): string[] {
  const prefixes = rows.flatMap(({ icd_from: from = '', icd_to: to = '' }) => {
    if (from === '' || from === to) return from === '' ? [] : [from];
    const [first, last] = [Number(from.slice(1, 3)), Number(to.slice(1, 3))];
    return Array.from({ length: last - first + 1 }, (_, at) => from[0] + String(first + at).padStart(2, '0'));
  });
  return [...new Set(prefixes)];
}

/** The type whose changes a topic tells of: all triggers of a topic have one. */
export function focusOf(topic: Topic): ResourceType {
  return topic.resourceTrigger[0]!.resource;
}

/** Types of what goes along besides the focus: the target of `Type:parameter:target` is named by every include. */
export function includedTypes(topic: Topic): ResourceType[] {
  return topic.notificationShape
    .flatMap(({ include = [] }) => include)
    .map((one) => one.split(':')[2] ?? '')
    .filter(isResourceType);
}
