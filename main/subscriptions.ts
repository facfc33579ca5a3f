/** Subscribers of other systems: what follows the change feed for them, and what they ask. */
import type { FastifyInstance } from 'fastify';
import { importJWK } from 'jose';
import { actorOfAccount } from '../kernel/access/authenticate.ts';
import type { Client } from '../kernel/access/clients.ts';
import type { Actor } from '../kernel/access/contract.ts';
import type { Access } from '../kernel/access/index.ts';
import { readSigningKey } from '../kernel/access/keys.ts';
import { parseScope } from '../kernel/access/scopes.ts';
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
import type { ResourceType } from '../kernel/fhir/types.ts';
import type { House } from './house.ts';

/**
 * @param base address of the FHIR interface, known once it listens
 * @param pauses milliseconds between tries, when they are not the standard ones
 */
export async function startSubscriptions(
  { kernel, access, outbound, topics, keys }: House,
  base: () => string,
  log: (sentence: string, error?: unknown) => void,
  pauses?: readonly number[],
): Promise<Subscriptions> {
  const gate: FhirGate = kernel.gate;
  const { kid, jwk } = await readSigningKey(kernel.pool, keys);
  const subscriptions = new Subscriptions({
    store: kernel.store,
    outbox: new Outbox(kernel.pool),
    log: new EventLog(kernel.pool),
    topics,
    base,
    events: kernel.events,
    mayHear: (owner, types) => mayHear(access, owner, types),
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

/** As the account or client is now. */
async function mayHear(access: Access, owner: string, types: readonly ResourceType[]): Promise<boolean> {
  const actor = await actorNow(access, owner);
  return actor !== null && types.every((type) => access.guard.reachesAll(actor, 'search', type));
}

async function actorNow({ clients, accounts }: Access, id: string): Promise<Actor | null> {
  const client = await clients.read(id);
  if (client) return actorOfClient(client);
  const account = await accounts.read(id);
  return account?.active ? actorOfAccount(account, '') : null;
}

/** With everything that the client is registered for. */
function actorOfClient({ id, name, scopes }: Client): Actor {
  const parsed = scopes.split(' ').map(parseScope);
  return {
    id,
    name,
    roles: ['system-client'],
    unit: null,
    practitioner: null,
    ip: '',
    scopes: parsed.filter((scope) => scope !== null),
    purpose: { code: 'TREAT' },
  };
}

/**
 * The websockets of this process, and what the operations on Subscription need. In every process.
 */
export async function serveSubscriptions(
  app: FastifyInstance,
  { kernel, access, topics, keys }: House,
  log: (sentence: string, error?: unknown) => void,
): Promise<{ sockets: Sockets; routes: SubscriptionRoutes }> {
  const { gate, store, events, pool, settings } = kernel;
  const { now } = settings;
  const tokens = await openBindingTokens(await readSigningKey(pool, keys), now);
  const eventLog = new EventLog(pool);
  const isOpen = async ({ id }: Actor) => (await actorNow(access, id)) !== null;
  const onDefect = (error: unknown) => log('A websocket could not be served.', error);
  const parts = { gate, store, log: eventLog, topics, tokens, now };
  const sockets = new Sockets({ ...parts, events, isOpen, onDefect });
  socketRoute(app, gate, sockets);
  operatorRoutes(app, gate, new DeadLetters(gate.system('subscriptions'), new Outbox(pool)));
  return { sockets, routes: parts };
}
