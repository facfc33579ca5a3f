/** `Subscription/$status` and `Subscription/[id]/$status`: where subscriptions stand, as they are told in notifications. */
import { Failure } from '../../../failure.ts';
import { bundleBytes } from '../../http/bundle-bytes.ts';
import { unknownOrWrong } from '../../http/context.ts';
import type { FhirSession } from '../../session/session.ts';
import type { Subscription } from '../../types.ts';
import { extensionsOf, type PayloadContent, topicOf } from '../backport.ts';
import type { EventLog } from '../event-log.ts';
import { type HearingParts, mayHear, readHeard } from '../hearing.ts';
import { statusOf } from '../notification.ts';
import type { Topics } from '../topics.ts';

export interface StatusParts {
  session: FhirSession;
  log: EventLog;
  topics: Topics;
  /** `http://host/fhir` */
  base: string;
}

/** Statuses in one answer. */
const MOST = 1_000;
const STATUSES = ['requested', 'active', 'error', 'off'];

/** @param id at the instance; undefined: those that the actor may hear, narrowed by `id` and `status` */
export async function answerStatus(
  { session, log, topics, base }: StatusParts,
  id: string | undefined,
  params: readonly [string, string][],
): Promise<Buffer> {
  const query = readStatusParams(params);
  const hearing = { topics, log };
  const found =
    id === undefined ? await findHeard(session, hearing, query) : [await readHeard(session, hearing, id)];
  const states = await log.states(found.map((one) => one.id!));
  const entries = found.map((one) => {
    const status = subscriptionStatus(base, one, states.get(one.id!)!.events);
    const entry = { fullUrl: `urn:uuid:${status.id}`, resource: status, search: { mode: 'match' } };
    return [JSON.stringify(entry)];
  });
  return bundleBytes('searchset', { total: entries.length }, entries);
}

/** The status resource of one subscription. */
export function subscriptionStatus(base: string, one: Subscription, events: number) {
  const { content } = extensionsOf(one);
  return statusOf({
    base,
    id: one.id!,
    topic: topicOf(one),
    status: one.status,
    type: 'query-status',
    content: (content ?? 'empty') as PayloadContent,
    events,
    ...(one.error === undefined ? {} : { error: one.error }),
  });
}

/** @returns search parameters of Subscription */
function readStatusParams(params: readonly [string, string][]): [string, string][] {
  const lists = new Map<string, string[]>();
  for (const [name, value] of params) {
    const values = value.split(',').map((one) => one.trim());
    const isRight =
      name === 'id'
        ? values.every((one) => /^[A-Za-z0-9.-]{1,64}$/.test(one))
        : values.every((one) => STATUSES.includes(one));
    if ((name !== 'id' && name !== 'status') || !isRight) throw unknownOrWrong(name, value, ['id', 'status']);
    lists.set(name, [...(lists.get(name) ?? []), ...values]);
  }
  return [...lists].map(([name, values]) => [name === 'id' ? '_id' : name, values.join(',')]);
}

async function findHeard(
  session: FhirSession,
  parts: HearingParts,
  query: [string, string][],
): Promise<Subscription[]> {
  const { matches, next } = await session.search('Subscription', [...query, ['_count', String(MOST)]]);
  if (next === undefined) {
    const heard: Subscription[] = [];
    for (const one of matches) if (await mayHear(session, parts, one)) heard.push(one);
    return heard;
  }
  throw new Failure('too-large', `Có hơn ${MOST} Subscription: hãy nêu id hoặc status.`, {
    textEn: `There are more than ${MOST} Subscriptions: name ids, or a status.`,
  });
}
