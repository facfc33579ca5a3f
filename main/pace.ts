/**
 * How many requests a second one account, one client, one stranger's address may make: content `access/paces`. More is 429 with
 * Retry-After. Counted in each process by itself.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor } from '../kernel/access/contract.ts';
import type { Row } from '../kernel/content/content.ts';
import { Failure } from '../kernel/failure.ts';

export interface Pace {
  /** 0 = no limit. */
  perSecond: number;
  burst: number;
}

/** Who is counted how. */
export type Paces = Record<'stranger' | 'account' | 'client', Pace>;

/** Those that were not seen for long are forgotten; an attacker with many addresses fills no memory. */
const MOST_KEYS = 50_000;

/** A bucket of tokens for each key: full at first, filled at the pace. Pure but for its memory. */
export class Buckets {
  readonly #known = new Map<string, { left: number; at: number }>();

  /** Takes one. @param now milliseconds @returns seconds to wait; 0 = it was taken */
  take(key: string, { perSecond, burst }: Pace, now: number): number {
    if (perSecond === 0) return 0;
    const known = this.#known.get(key);
    const since = known ? Math.max(0, now - known.at) / 1000 : 0;
    const left = known ? Math.min(burst, known.left + since * perSecond) : burst;
    if (left < 1) return Math.ceil((1 - left) / perSecond);
    this.#known.delete(key);
    if (this.#known.size >= MOST_KEYS) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(key, { left: left - 1, at: now });
    return 0;
  }
}

/** @throws Error when a row is missing */
export function readPaces(rows: readonly Row[]): Paces {
  const pace = (who: string): Pace => {
    const row = rows.find((one) => one.who === who);
    if (!row) throw new Error(`access/paces.csv has no "${who}"`);
    return { perSecond: Number(row.per_second), burst: Number(row.burst) };
  };
  return { stranger: pace('stranger'), account: pace('account'), client: pace('client') };
}

/** Adds the hook; after the one that finds the actor. */
export function keepPace(
  app: FastifyInstance,
  paces: Paces,
  actorOf: (request: FastifyRequest) => Actor | null,
): void {
  const buckets = new Buckets();
  app.addHook('onRequest', async (request, reply) => {
    if (!/^\/(api|fhir|oauth2)\//.test(request.url)) return;
    const actor = actorOf(request);
    const [key, pace] = keyOf(request, actor, paces);
    if (key === null) return;
    const wait = buckets.take(key, pace, Date.now());
    if (wait === 0) return;
    reply.header('Retry-After', String(wait));
    throw new Failure('too-many-requests', `Quá nhiều yêu cầu. Hãy chờ ${wait} giây rồi thử lại.`, {
      textEn: `Too many requests. Wait ${wait} s.`,
    });
  });
}

function keyOf(request: FastifyRequest, actor: Actor | null, paces: Paces): [string | null, Pace] {
  if (actor === null) {
    const isThisMachine = /^(::ffff:)?127\.|^::1$/.test(request.ip);
    return [isThisMachine ? null : `address ${request.ip}`, paces.stranger];
  }
  const isClient = actor.roles.includes('system-client');
  return [`${isClient ? 'client' : 'account'} ${actor.id}`, isClient ? paces.client : paces.account];
}
