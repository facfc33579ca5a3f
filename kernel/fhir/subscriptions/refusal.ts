/** What is wrong with a Subscription that cannot be carried out, each with its place. Pure but for `check`. */
import type { Issue } from '../../failure.ts';
import { Failure } from '../../failure.ts';
import { OutboundError } from '../../outbound/outbound.ts';
import { checkSearch } from '../../store/search/index.ts';
import { isR4Version } from '../http/demand.ts';
import type { ResourceType, Subscription } from '../types.ts';
import { CONTENTS, extensionsOf, topicOf } from './backport.ts';
import { criteriaType, filtersOf, HEADER, paramsOf } from './definition.ts';
import { focusOf, type Topic, type Topics } from './topics.ts';

const PAYLOADS = new Set(['application/fhir+json', 'application/json']);
/** Parameters of the form and order of an answer. */
const RESULT =
  /^_(sort|count|total|cursor|include|revinclude|summary|elements|format|pretty|explain|contained)\b/;
/** Headers of the connection and of ours. */
const RESERVED =
  /^(host|content-length|content-type|transfer-encoding|connection|upgrade|expect|te|trailer|x-jws-signature|x-yba-.*)$/i;
/** What one subscription may say at most. */
const MOST_HEADERS = 20;
const MOST_FILTERS = 20;
const MOST_CRITERIA = 4_000;

/** @param check throws OutboundError for an address that may not be called */
export function subscriptionIssues(
  subscription: Subscription,
  topics: Topics,
  check: (url: string) => void,
): Issue[] {
  // What is off or in error is not carried out, and may say anything.
  if (subscription.status === 'off' || subscription.status === 'error') return [];
  const url = topicOf(subscription);
  const about = url === null ? criteriaIssues(subscription) : topicIssues(subscription, url, topics);
  return [...about, ...channelIssues(subscription, check), ...payloadIssues(subscription, url !== null)];
}

const CRITERIA = 'Subscription.criteria';

function criteriaIssues(subscription: Subscription): Issue[] {
  const type = criteriaType(subscription);
  if (type === null) {
    return [
      issue(
        CRITERIA,
        'criteria phải bắt đầu bằng một loại tài nguyên, ví dụ "Observation?code=…", hoặc là địa chỉ của một chủ đề.',
        'criteria must begin with a resource type, as in "Observation?code=…", or be the address of a topic.',
      ),
    ];
  }
  return searchIssues(type, paramsOf(subscription), subscription.criteria.length);
}

function searchIssues(type: ResourceType, params: [string, string][], length: number): Issue[] {
  if (length > MOST_CRITERIA) {
    return [
      issue(
        CRITERIA,
        `criteria dài quá ${MOST_CRITERIA} ký tự.`,
        `criteria may have ${MOST_CRITERIA} characters.`,
      ),
    ];
  }
  const result = params.find(([name]) => RESULT.test(name));
  if (result) {
    return [
      issue(
        CRITERIA,
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
    return error.issues.map(({ text, textEn = text }) => issue(CRITERIA, text, textEn));
  }
}

function topicIssues(subscription: Subscription, url: string, topics: Topics): Issue[] {
  const topic = topics.find(url);
  if (!topic) {
    const known = topics.all().map((one) => one.url);
    return [
      issue(
        CRITERIA,
        `Không có chủ đề "${url}". Các chủ đề: ${known.join(', ')}.`,
        `There is no topic "${url}". Topics: ${known.join(', ')}.`,
      ),
    ];
  }
  return filterIssues(subscription, topic);
}

function filterIssues(subscription: Subscription, topic: Topic): Issue[] {
  const type = focusOf(topic);
  const { filters } = extensionsOf(subscription);
  if (filters.length > MOST_FILTERS || filters.some((filter) => typeof filter !== 'string')) {
    return [
      issue(
        CRITERIA,
        `Điều kiện lọc là valueString, tối đa ${MOST_FILTERS}.`,
        `A filter is a valueString; there may be ${MOST_FILTERS}.`,
      ),
    ];
  }
  const params = filtersOf(subscription, type);
  const wrong = params.filter(([name]) => !mayFilter(topic, name)).map(([name]) => name);
  const empty = filters.length > 0 && params.length < filters.length;
  if (wrong.length > 0 || empty) {
    const names = topic.canFilterBy.map(({ filterParameter, modifier = [] }) =>
      [filterParameter, ...modifier.map((one) => `${filterParameter}:${one}`)].join(', '),
    );
    return [
      issue(
        CRITERIA,
        `Chủ đề này không lọc theo "${wrong[0] ?? ''}"; được lọc theo: ${names.join(', ')}.`,
        `This topic cannot be filtered by "${wrong[0] ?? ''}"; filters: ${names.join(', ')}.`,
      ),
    ];
  }
  return searchIssues(type, params, filters.join().length);
}

/** A modifier must be one that the topic names; a value without one is always taken. */
function mayFilter(topic: Topic, asked: string): boolean {
  const [name, modifier] = asked.split(':', 2);
  return topic.canFilterBy.some(
    (one) =>
      one.filterParameter === name && (modifier === undefined || (one.modifier ?? []).includes(modifier)),
  );
}

const CHANNEL = 'Subscription.channel';

function channelIssues(subscription: Subscription, check: (url: string) => void): Issue[] {
  const { channel } = subscription;
  if (
    (channel.type !== 'rest-hook' && channel.type !== 'websocket') ||
    extensionsOf(subscription).hasChannelType
  ) {
    return [
      issue(
        `${CHANNEL}.type`,
        'Chỉ có kênh rest-hook và websocket.',
        'Only channels of type rest-hook and websocket are offered.',
      ),
    ];
  }
  const endpoint = channel.type === 'rest-hook' ? endpointIssues(channel.endpoint, check) : [];
  return [...endpoint, ...headerIssues(channel)];
}

function endpointIssues(endpoint: string | undefined, check: (url: string) => void): Issue[] {
  const place = `${CHANNEL}.endpoint`;
  if (endpoint === undefined)
    return [issue(place, 'Kênh rest-hook cần endpoint.', 'A rest-hook needs an endpoint.')];
  try {
    check(endpoint);
    return [];
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return [issue(place, `${error.text}.`, `${error.message}.`)];
  }
}

function headerIssues({ type, header = [] }: Subscription['channel']): Issue[] {
  if (header.length > 0 && type === 'websocket') {
    return [
      issue(
        `${CHANNEL}.header`,
        'Kênh websocket không gửi tiêu đề.',
        'A websocket sends no headers; leave header away.',
      ),
    ];
  }
  if (header.length > MOST_HEADERS) {
    return [
      issue(`${CHANNEL}.header`, `Tối đa ${MOST_HEADERS} tiêu đề.`, `There may be ${MOST_HEADERS} headers.`),
    ];
  }
  return [...header.entries()].flatMap(([at, line]) => {
    const [, name = ''] = HEADER.exec(line) ?? [];
    if (name !== '' && !RESERVED.test(name)) return [];
    return [
      issue(
        `${CHANNEL}.header[${at}]`,
        'Không phải tiêu đề "Tên: giá trị" được phép.',
        'This is no header "Name: value" that may be sent.',
      ),
    ];
  });
}

function payloadIssues(subscription: Subscription, isTopic: boolean): Issue[] {
  const { payload } = subscription.channel;
  const issues: Issue[] = [];
  const place = `${CHANNEL}.payload`;
  if (payload === undefined ? isTopic : !isPayload(payload)) {
    issues.push(
      issue(
        place,
        `payload phải là application/fhir+json${isTopic ? '' : ' hoặc để trống'}.`,
        `payload is application/fhir+json (FHIR 4.0)${isTopic ? '' : ', or absent'}.`,
      ),
    );
  }
  return isTopic ? [...issues, ...extensionIssues(subscription)] : issues;
}

function isPayload(payload: string): boolean {
  const [type = '', ...parameters] = payload.split(';').map((one) => one.trim());
  const version = parameters.find((one) => /^fhirversion=/i.test(one));
  return PAYLOADS.has(type.toLowerCase()) && (version === undefined || isR4Version(version.toLowerCase()));
}

function extensionIssues(subscription: Subscription): Issue[] {
  const { content, heartbeat, timeout, maxCount } = extensionsOf(subscription);
  const issues: Issue[] = [];
  if (!(CONTENTS as readonly unknown[]).includes(content)) {
    issues.push(
      issue(
        `${CHANNEL}.payload`,
        `payload cần extension backport-payload-content: ${CONTENTS.join(', ')}.`,
        `payload needs the extension backport-payload-content: ${CONTENTS.join(', ')}.`,
      ),
    );
  }
  const counts = {
    'backport-heartbeat-period': heartbeat,
    'backport-timeout': timeout,
    'backport-max-count': maxCount,
  };
  for (const [name, value] of Object.entries(counts)) {
    if (
      value === undefined ||
      (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 2_678_400)
    )
      continue;
    issues.push(
      issue(
        CHANNEL,
        `${name} phải là số nguyên từ 1 đến 2678400.`,
        `${name} is a whole number from 1 to 2678400.`,
      ),
    );
  }
  return issues;
}

function issue(expression: string, text: string, textEn: string): Issue {
  return { severity: 'error', code: 'invalid', text, textEn, expression };
}
