/** Subscribers of other systems: what follows the change feed for them, and what they ask. */
import type { FastifyInstance } from 'fastify';
import { importJWK } from 'jose';
import type { Actor } from '../kernel/access/contract.ts';
import { readSigningKey } from '../kernel/access/keys.ts';
import type { FhirGate } from '../kernel/fhir/record.ts';
import { openBindingTokens } from '../kernel/fhir/subscriptions/binding-token.ts';
import { DeadLetters } from '../kernel/fhir/subscriptions/dead-letters.ts';
import { EventLog } from '../kernel/fhir/subscriptions/event-log.ts';
import type { SubscriptionRoutes } from '../kernel/fhir/subscriptions/operations/routes.ts';
import { operatorRoutes } from '../kernel/fhir/subscriptions/operator-routes.ts';
import { Outbox } from '../kernel/fhir/subscriptions/outbox.ts';
import { signWith } from '../kernel/fhir/subscriptions/send.ts';
import { socketRoute } from '../kernel/fhir/subscriptions/socket-route.ts';
import { Sockets } from '../kernel/fhir/subscriptions/sockets.ts';
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

/**
 * The websockets of this process, and what the operations on Subscription need. In every process.
 */
export async function serveSubscriptions(
  app: FastifyInstance,
  { kernel, access, topics }: House,
  log: (sentence: string, error?: unknown) => void,
): Promise<SubscriptionRoutes> {
  const { gate, store, events, pool, settings } = kernel;
  const { now } = settings;
  const tokens = await openBindingTokens(await readSigningKey(pool), now);
  const eventLog = new EventLog(pool);
  const isOpen = async ({ id, roles }: Actor) =>
    roles.includes('system-client')
      ? (await access.clients.read(id)) !== null
      : (await access.accounts.read(id))?.active === true;
  const onDefect = (error: unknown) => log('A websocket could not be served.', error);
  const parts = { gate, store, log: eventLog, topics, tokens, now };
  socketRoute(app, gate, new Sockets({ ...parts, events, isOpen, onDefect }));
  operatorRoutes(app, gate, new DeadLetters(gate.system('subscriptions'), new Outbox(pool)));
  return parts;
}
