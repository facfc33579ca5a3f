/** Subscribers of other systems: what follows the change feed for them, and what they ask. */
import type { FastifyInstance } from 'fastify';
import type { Actor } from '../kernel/access/contract.ts';
import type { Access } from '../kernel/access/index.ts';
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
  { kernel, access, outbound, topics }: House,
  base: () => string,
  log: (sentence: string, error?: unknown) => void,
  pauses?: readonly number[],
): Promise<Subscriptions> {
  const gate: FhirGate = kernel.gate;
  const subscriptions = new Subscriptions({
    store: kernel.store,
    outbox: new Outbox(kernel.pool),
    log: new EventLog(kernel.pool),
    topics,
    base,
    events: kernel.events,
    subscribers: async ({ owner, client }) => {
      if (owner === null) return gate.system('subscriptions');
      const actor = await access.actorNow({ id: owner, client });
      return actor && gate.as(actor);
    },
    outbound,
    sign: signWith(access.oidc.keys.all),
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
): Promise<{ sockets: Sockets; routes: SubscriptionRoutes }> {
  const { gate, store, events, pool, settings } = kernel;
  const { now } = settings;
  const tokens = openBindingTokens(access.oidc.keys.all, now);
  const eventLog = new EventLog(pool);
  const onDefect = (error: unknown) => log('A websocket could not be served.', error);
  const parts = { gate, store, log: eventLog, topics, tokens, now };
  const sockets = new Sockets({ ...parts, events, renewed: (actor) => renewed(access, actor), onDefect });
  socketRoute(app, gate, sockets);
  operatorRoutes(app, gate, new DeadLetters(gate.system('subscriptions'), new Outbox(pool)));
  return { sockets, routes: parts };
}

/** What a token gave stays what it gave, as long as who it speaks for does; what that one is, is as it is now. */
async function renewed({ actorNow }: Access, actor: Actor): Promise<Actor | null> {
  const now = await actorNow({ id: actor.id, client: actor.client ?? null });
  if (now === null) return null;
  const { roles, unit, practitioner, persons } = now;
  const confined =
    actor.persons === undefined ? persons : actor.persons.filter((one) => persons?.includes(one) ?? true);
  return { ...actor, roles, unit, practitioner, ...(confined === undefined ? {} : { persons: confined }) };
}
