/** Who may hear of a subscription's events besides its endpoint: whoever asked for it, and whoever sees all that it may tell of. */
import { Failure } from '../../failure.ts';
import type { FhirSession } from '../session/session.ts';
import type { Subscription } from '../types.ts';
import { subscribedTypes } from './definition.ts';
import type { EventLog } from './event-log.ts';
import { seesAllOf } from './subscribers.ts';
import type { Topics } from './topics.ts';

export interface HearingParts {
  topics: Topics;
  log: Pick<EventLog, 'states'>;
}

/** Fails with `not-found`, `gone`, `forbidden`. */
export async function readHeard(
  session: FhirSession,
  parts: HearingParts,
  id: string,
): Promise<Subscription> {
  const subscription = await session.read('Subscription', id);
  await refuseDeaf(session, parts, subscription);
  return subscription;
}

/**
 * Events are numbered as its owner sees them: to others even their number tells what they may not see.
 * @throws Failure `forbidden` naming the type that the actor does not see whole
 */
export async function refuseDeaf(
  session: FhirSession,
  { topics, log }: HearingParts,
  subscription: Subscription,
): Promise<void> {
  const id = subscription.id!;
  const types = subscribedTypes(subscription, topics);
  if (seesAllOf(session, types)) return;
  const { owner } = (await log.states([id])).get(id)!;
  const isOwn = owner === session.actor.id;
  const hidden = types.find((type) =>
    isOwn ? session.reach('search', type) === 'none' : !session.seesWhole(type),
  );
  if (hidden === undefined) return;
  throw new Failure(
    'forbidden',
    `Bạn không được tìm ${hidden} trong toàn tỉnh, nên không nhận tin này được.`,
    {
      textEn: `You may not search ${hidden} in the whole province, so you may not hear of Subscription/${id}.`,
    },
  );
}

/** The same as an answer. */
export async function mayHear(
  session: FhirSession,
  parts: HearingParts,
  subscription: Subscription,
): Promise<boolean> {
  try {
    await refuseDeaf(session, parts, subscription);
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === 'forbidden') return false;
    throw error;
  }
}
