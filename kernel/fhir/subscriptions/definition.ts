/** A Subscription as the program carries it out, and what is wrong with one that it cannot. R4 subscription.html. Pure but for `check`. */
import type { Issue } from '../../failure.ts';
import { Failure } from '../../failure.ts';
import { OutboundError } from '../../outbound/outbound.ts';
import { checkSearch } from '../../store/search/index.ts';
import { isResourceType } from '../names.ts';
import type { ResourceType, Subscription } from '../types.ts';

export interface Subscribed {
  id: string;
  type: ResourceType;
  /** The criteria beside the type. */
  params: [string, string][];
  endpoint: string;
  /** The resource goes along; else the subscriber is only told to look. */
  hasPayload: boolean;
  headers: Record<string, string>;
  /** Epoch milliseconds after which nothing is sent. */
  end: number | null;
}

const PAYLOADS = new Set(['application/fhir+json', 'application/json']);
/** Parameters of the form and order of an answer. */
const RESULT =
  /^_(sort|count|total|cursor|include|revinclude|summary|elements|format|pretty|explain|contained)\b/;
const HEADER = /^([A-Za-z0-9-]+):[ \t]*([\x20-\x7e]*)$/;
/** Headers of the connection and of ours. */
const RESERVED =
  /^(host|content-length|content-type|transfer-encoding|connection|upgrade|expect|te|trailer|x-jws-signature|x-yba-.*)$/i;

/** The type of the criteria; null when there is none. */
export function subscribedType({ criteria }: Subscription): ResourceType | null {
  const type = criteria.split('?')[0] ?? '';
  return isResourceType(type) ? type : null;
}

/** @param check throws OutboundError for an address that may not be called */
export function subscriptionIssues(subscription: Subscription, check: (url: string) => void): Issue[] {
  // What is off or in error is not carried out, and may say anything.
  if (subscription.status === 'off' || subscription.status === 'error') return [];
  return [...criteriaIssues(subscription), ...channelIssues(subscription, check)];
}

function criteriaIssues(subscription: Subscription): Issue[] {
  const place = 'Subscription.criteria';
  const type = subscribedType(subscription);
  if (type === null) {
    return [
      issue(
        place,
        'criteria phải bắt đầu bằng một loại tài nguyên, ví dụ "Observation?code=…".',
        'criteria must begin with a resource type, as in "Observation?code=…".',
      ),
    ];
  }
  const params = paramsOf(subscription);
  const result = params.find(([name]) => RESULT.test(name));
  if (result) {
    return [
      issue(
        place,
        `criteria không nhận tham số ${result[0]}.`,
        `criteria do not take the parameter ${result[0]}.`,
      ),
    ];
  }
  try {
    checkSearch({ type, params });
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.issues.map(({ text, textEn = text }) => issue(place, text, textEn));
  }
}

function channelIssues({ channel }: Subscription, check: (url: string) => void): Issue[] {
  const place = 'Subscription.channel';
  if (channel.type !== 'rest-hook') {
    return [issue(`${place}.type`, 'Chỉ có kênh rest-hook.', 'Only channels of type rest-hook are offered.')];
  }
  const issues: Issue[] = [];
  if (channel.endpoint === undefined) {
    issues.push(issue(`${place}.endpoint`, 'Kênh rest-hook cần endpoint.', 'A rest-hook needs an endpoint.'));
  } else {
    try {
      check(channel.endpoint);
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      issues.push(issue(`${place}.endpoint`, `${error.text}.`, `${error.message}.`));
    }
  }
  if (channel.payload !== undefined && !PAYLOADS.has(mimeOf(channel.payload))) {
    issues.push(
      issue(
        `${place}.payload`,
        'payload phải là application/fhir+json hoặc để trống.',
        'payload is application/fhir+json, or absent.',
      ),
    );
  }
  for (const [at, line] of (channel.header ?? []).entries()) {
    const [, name = ''] = HEADER.exec(line) ?? [];
    if (name !== '' && !RESERVED.test(name)) continue;
    issues.push(
      issue(
        `${place}.header[${at}]`,
        'Không phải tiêu đề "Tên: giá trị" được phép.',
        'This is no header "Name: value" that may be sent.',
      ),
    );
  }
  return issues;
}

/** What is carried out of an active subscription that had no issues when it was written. */
export function subscribed(subscription: Subscription): Subscribed | null {
  const type = subscribedType(subscription);
  const { endpoint, payload, header = [] } = subscription.channel;
  if (type === null || endpoint === undefined || subscription.id === undefined) return null;
  const headers = header.map((line) => HEADER.exec(line)).filter((match) => match !== null);
  return {
    id: subscription.id,
    type,
    params: paramsOf(subscription),
    endpoint,
    hasPayload: payload !== undefined,
    headers: Object.fromEntries(headers.map(([, name, value]) => [name, value])),
    end: subscription.end === undefined ? null : Date.parse(subscription.end),
  };
}

function paramsOf({ criteria }: Subscription): [string, string][] {
  const at = criteria.indexOf('?');
  return at < 0 ? [] : ([...new URLSearchParams(criteria.slice(at + 1))] as [string, string][]);
}

const mimeOf = (payload: string) => (payload.split(';')[0] ?? '').trim().toLowerCase();

function issue(expression: string, text: string, textEn: string): Issue {
  return { severity: 'error', code: 'invalid', text, textEn, expression };
}
