/** Starts what follows the change feed for subscribers of other systems. */
import { importJWK } from 'jose';
import { readSigningKey } from '../kernel/access/keys.ts';
import type { FhirGate } from '../kernel/fhir/record.ts';
import { EventLog } from '../kernel/fhir/subscriptions/event-log.ts';
import { Outbox } from '../kernel/fhir/subscriptions/outbox.ts';
import { signWith } from '../kernel/fhir/subscriptions/send.ts';
import { Subscriptions } from '../kernel/fhir/subscriptions/subscriptions.ts';
import type { House } from './house.ts';

/**
 * @param base address of the FHIR interface, known once it listens
 * @param pauses milliseconds between tries, when they are not the standard ones
 */
export async function startSubscriptions(
  { kernel, outbound, topics }: House,
  base: () => string,
  log: (sentence: string, error?: unknown) => void,
  pauses?: readonly number[],
): Promise<Subscriptions> {
  const gate: FhirGate = kernel.gate;
  const { kid, jwk } = await readSigningKey(kernel.pool);
  const subscriptions = new Subscriptions({
    store: kernel.store,
    outbox: new Outbox(kernel.pool),
    log: new EventLog(kernel.pool),
    topics,
    base,
    events: kernel.events,
    outbound,
    sign: signWith(await importJWK(jwk, 'ES256'), kid),
    session: gate.system('subscriptions'),
    now: kernel.settings.now,
    onDefect: (error) => log('A subscription could not be served; it is tried again.', error),
    ...(pauses && { pauses }),
  });
  await subscriptions.start();
  return subscriptions;
}
