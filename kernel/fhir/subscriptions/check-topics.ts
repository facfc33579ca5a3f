/** What is wrong with the topics of the content: what nobody could subscribe to, or what would fail at the first change. Pure. */
import type { Content } from '../../content/content.ts';
import { anything, day, listOf, members, oneOf, type Shape, text } from '../../content/shape.ts';
import { Failure } from '../../failure.ts';
import { knowsSearchParameter, supportedIncludes } from '../../store/search/index.ts';
import { isResourceType } from '../names.ts';
import { namesOfTopics, type Topic } from './topics.ts';
import { criteriaOf } from './trigger.ts';

export interface TopicFault {
  /** `topics/encounter-end.json`, and the place in it. */
  where: string;
  text: string;
  textVi: string;
}

interface Told {
  place: string;
  text: string;
  textEn: string;
}

const resourceType: Shape = (value, place) =>
  typeof value === 'string' && isResourceType(value)
    ? []
    : [{ place, text: 'phải là tên một loại của FHIR R4', textEn: 'must be a resource type of FHIR R4' }];

const some =
  (each: Shape): Shape =>
  (value, place) =>
    Array.isArray(value) && value.length === 0
      ? [{ place, text: 'còn trống', textEn: 'is empty' }]
      : listOf(each)(value, place);

const topicShape = members(
  {
    resourceType: oneOf('SubscriptionTopic'),
    id: text,
    url: text,
    version: text,
    title: text,
    status: oneOf('active', 'retired'),
    description: text,
    resourceTrigger: some(
      members({
        description: text,
        resource: resourceType,
        supportedInteraction: some(oneOf('create', 'update')),
        fhirPathCriteria: text,
      }),
    ),
    canFilterBy: listOf(
      members(
        { description: text, resource: resourceType, filterParameter: text },
        { modifier: listOf(text) },
      ),
    ),
    notificationShape: some(members({ resource: resourceType }, { include: listOf(text) })),
  },
  { effectivePeriod: members({}, { start: day, end: day }), language: text, text: anything },
);

/** @param concerns which files are looked at */
export function checkTopics(
  content: Content,
  concerns: (file: string) => boolean = () => true,
): TopicFault[] {
  const seen = new Map<string, string>();
  const all = namesOfTopics(content).map((id) => ({ id, topic: content.json<Topic>(`topics/${id}`) }));
  // The program's own stand before a province's.
  for (const { id, topic } of all.filter((one) => !concerns(`topics/${one.id}.json`)))
    seen.set(topic.url, id);
  return all
    .filter(({ id }) => concerns(`topics/${id}.json`))
    .flatMap(({ id, topic }) => {
      const faults = topicShape(topic, '');
      const told = faults.length > 0 ? faults : [...topicFaults(id, topic), ...sameAddress(topic, seen)];
      if (faults.length === 0) seen.set(topic.url, id);
      return told.map(({ place, text: textVi, textEn }) => ({
        where: `topics/${id}.json ${place}`.trim(),
        text: textEn,
        textVi,
      }));
    });
}

function sameAddress({ url }: Topic, seen: ReadonlyMap<string, string>): Told[] {
  const other = seen.get(url);
  if (other === undefined) return [];
  return [
    { place: 'url', text: `đã là của topics/${other}.json`, textEn: `is that of topics/${other}.json` },
  ];
}

function topicFaults(id: string, topic: Topic): Told[] {
  const focus = topic.resourceTrigger[0]!.resource;
  const parts = (['resourceTrigger', 'canFilterBy', 'notificationShape'] as const).flatMap((name) =>
    topic[name].map(({ resource }, at) => ({ place: `${name}[${at}].resource`, resource })),
  );
  return [
    ...(topic.id === id
      ? []
      : [
          {
            place: 'id',
            text: `phải là “${id}” như tên tệp`,
            textEn: `must be "${id}", as the file is called`,
          },
        ]),
    ...(/^https?:\/\/\S+$/.test(topic.url)
      ? []
      : [{ place: 'url', text: 'phải là một địa chỉ http', textEn: 'must be an http address' }]),
    ...parts
      .filter(({ resource }) => resource !== focus)
      .map(({ place }) => ({
        place,
        text: `phải là ${focus} như ở resourceTrigger[0]: một chủ đề nói về một loại`,
        textEn: `must be ${focus}, as of resourceTrigger[0]: a topic is of one type`,
      })),
    ...topic.resourceTrigger.flatMap((trigger, at) => criteriaFaults(trigger, `resourceTrigger[${at}]`)),
    ...filterFaults(topic, focus),
    ...includeFaults(topic, focus),
  ];
}

function criteriaFaults(trigger: Topic['resourceTrigger'][number], place: string): Told[] {
  try {
    criteriaOf(trigger);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.issues.map((issue) => ({
      place: `${place}.fhirPathCriteria`,
      text: issue.text,
      textEn: issue.textEn ?? issue.text,
    }));
  }
}

function filterFaults({ canFilterBy }: Topic, focus: string): Told[] {
  return canFilterBy.flatMap(({ filterParameter }, at) =>
    knowsSearchParameter(focus as never, filterParameter)
      ? []
      : [
          {
            place: `canFilterBy[${at}].filterParameter`,
            text: `${focus} không tìm được theo “${filterParameter}”`,
            textEn: `${focus} is not searched by "${filterParameter}"`,
          },
        ],
  );
}

function includeFaults({ notificationShape }: Topic, focus: string): Told[] {
  const known = supportedIncludes(focus).include;
  return notificationShape.flatMap(({ include = [] }, at) =>
    include.flatMap((one, nth) =>
      known.some((name) => one === name || one.startsWith(`${name}:`))
        ? []
        : [
            {
              place: `notificationShape[${at}].include[${nth}]`,
              text: `không có “${one}”; có ${known.join(', ')}`,
              textEn: `there is no "${one}"; there is ${known.join(', ')}`,
            },
          ],
    ),
  );
}
