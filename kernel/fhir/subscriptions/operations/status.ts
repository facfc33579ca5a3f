/** `Subscription/$status` and `Subscription/[id]/$status`: where subscriptions stand, as they are told in notifications. */
import { Failure } from '../../../failure.ts';
import { bundleBytes } from '../../http/bundle-bytes.ts';
import { unknownOrWrong } from '../../http/context.ts';
import type { FhirSession } from '../../session/session.ts';
import type { Subscription } from '../../types.ts';
import { extensionsOf, type PayloadContent, topicOf } from '../backport.ts';
import type { EventLog } from '../event-log.ts';
import { statusOf } from '../notification.ts';

export interface StatusParts {
  session: FhirSession;
  log: EventLog;
  /** `http://host/fhir` */
  base: string;
}

/** Statuses in one answer. */
const MOST = 1_000;
const STATUSES = ['requested', 'active', 'error', 'off'];

/** @param id at the instance; undefined: those that the actor may see, narrowed by `id` and `status` */
export async function answerStatus(
  { session, log, base }: StatusParts,
  id: string | undefined,
  params: readonly [string, string][],
): Promise<Buffer> {
  const query = readStatusParams(params);
  const found = id === undefined ? await findAll(session, query) : [await session.read('Subscription', id)];
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

async function findAll(session: FhirSession, query: [string, string][]): Promise<Subscription[]> {
  const { matches, next } = await session.search('Subscription', [...query, ['_count', String(MOST)]]);
  if (next === undefined) return matches;
  throw new Failure('too-large', `Có hơn ${MOST} Subscription: hãy nêu id hoặc status.`, {
    textEn: `There are more than ${MOST} Subscriptions: name ids, or a status.`,
  });
}
