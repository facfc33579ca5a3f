/** Who may hear of a subscription's events besides its endpoint: whoever may read it and could have written it. */
import { Failure } from '../../failure.ts';
import type { FhirSession } from '../session/session.ts';
import type { Subscription } from '../types.ts';
import { subscribedTypes } from './definition.ts';
import type { Topics } from './topics.ts';

/** Fails with `not-found`, `gone`, `forbidden`. */
export async function readHeard(session: FhirSession, topics: Topics, id: string): Promise<Subscription> {
  const subscription = await session.read('Subscription', id);
  refuseDeaf(session, topics, subscription);
  return subscription;
}

/** @throws Failure `forbidden` naming the type that the actor may not search in the whole province */
export function refuseDeaf(session: FhirSession, topics: Topics, subscription: Subscription): void {
  const hidden = subscribedTypes(subscription, topics).find(
    (type) => session.reach('search', type) !== 'province',
  );
  if (hidden === undefined) return;
  throw new Failure(
    'forbidden',
    `Bạn không được tìm ${hidden} trong toàn tỉnh, nên không nhận tin này được.`,
    {
      textEn: `You may not search ${hidden} in the whole province, so you may not hear of Subscription/${subscription.id}.`,
    },
  );
}
