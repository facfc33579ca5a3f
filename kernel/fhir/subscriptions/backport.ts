/** Names of the Subscriptions R5 Backport IG 1.1.0 for R4, and what a Subscription says in its extensions. Pure. */
import type { Subscription } from '../types.ts';

const IG = 'http://hl7.org/fhir/uv/subscriptions-backport';
export const GUIDE = `${IG}/ImplementationGuide/hl7.fhir.uv.subscriptions-backport`;
export const SERVER = `${IG}/CapabilityStatement/backport-subscription-server-r4`;
export const SUBSCRIPTION_PROFILE = `${IG}/StructureDefinition/backport-subscription`;
export const STATUS_PROFILE = `${IG}/StructureDefinition/backport-subscription-status-r4`;
export const NOTIFICATION_PROFILE = `${IG}/StructureDefinition/backport-subscription-notification-r4`;
/** On CapabilityStatement.rest.resource: a topic that may be subscribed to. */
export const TOPIC_CANONICAL = `${IG}/StructureDefinition/capabilitystatement-subscriptiontopic-canonical`;
/** On CapabilityStatement.rest: R4 extension-capabilitystatement-websocket.html. */
export const WEBSOCKET = 'http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket';
/** Canonical address of an operation, by the last part of its name. */
export const operationUrl = (name: string) => `${IG}/OperationDefinition/backport-subscription-${name}`;

const FILTER = `${IG}/StructureDefinition/backport-filter-criteria`;
const CONTENT = `${IG}/StructureDefinition/backport-payload-content`;
const HEARTBEAT = `${IG}/StructureDefinition/backport-heartbeat-period`;
const TIMEOUT = `${IG}/StructureDefinition/backport-timeout`;
const MAX_COUNT = `${IG}/StructureDefinition/backport-max-count`;
const CHANNEL_TYPE = `${IG}/StructureDefinition/backport-channel-type`;

/** What goes along with an event. */
export const CONTENTS = ['empty', 'id-only', 'full-resource'] as const;
export type PayloadContent = (typeof CONTENTS)[number];

interface Extended {
  extension?: readonly { url?: string; [value: string]: unknown }[];
}

/** What the extensions say, as it stands there: values are checked in refusal.ts. */
export interface Extensions {
  filters: unknown[];
  content: unknown;
  heartbeat: unknown;
  timeout: unknown;
  maxCount: unknown;
  hasChannelType: boolean;
}

export function extensionsOf(subscription: Subscription): Extensions {
  const { _criteria } = subscription as { _criteria?: Extended };
  const channel = subscription.channel as Extended & { _payload?: Extended; _type?: Extended };
  const all = (on: Extended | undefined, url: string, value: string) =>
    (on?.extension ?? []).filter((one) => one.url === url).map((one) => one[value]);
  return {
    filters: all(_criteria, FILTER, 'valueString'),
    content: all(channel._payload, CONTENT, 'valueCode')[0],
    heartbeat: all(channel, HEARTBEAT, 'valueUnsignedInt')[0],
    timeout: all(channel, TIMEOUT, 'valueUnsignedInt')[0],
    maxCount: all(channel, MAX_COUNT, 'valuePositiveInt')[0],
    hasChannelType: all(channel._type, CHANNEL_TYPE, 'valueCoding').length > 0,
  };
}

/**
 * The canonical address of the topic that the criteria name; null for the criteria of R4 itself, `Type?query`.
 * The version of a canonical (`|1.0`) is left off.
 */
export function topicOf({ criteria, meta }: Subscription): string | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(criteria)) return criteria.split('|')[0]!;
  const isDeclared = (meta?.profile ?? []).some((one) => one.split('|')[0] === SUBSCRIPTION_PROFILE);
  return isDeclared ? criteria : null;
}
