/**
 * Tokens that bind a websocket to subscriptions: signed by the program's key of the moment, and known by every key that is published,
 * so that every process of it knows them, also over a rotation.
 */
import { createLocalJWKSet, importJWK, jwtVerify, SignJWT } from 'jose';
import type { Actor } from '../../access/contract.ts';
import { type PublishedKeys, publicKeyOf } from '../../access/keys.ts';
import type { Scope } from '../../access/scopes.ts';

export interface Binding {
  actor: Actor;
  subscriptions: string[];
  /** Epoch milliseconds. */
  ends: number;
}

export interface BindingTokens {
  make(actor: Actor, subscriptions: readonly string[]): Promise<{ token: string; ends: number }>;
  /** Null for what is no token of ours, or over. */
  read(token: string): Promise<Binding | null>;
}

const AUDIENCE = 'urn:yba:subscriptions';
const MINUTES = 30;

export function openBindingTokens(keys: PublishedKeys, now: () => Date): BindingTokens {
  return {
    async make(actor, subscriptions) {
      const { kid, jwk } = (await keys())[0]!;
      const ends = Math.floor(now().getTime() / 1000) + MINUTES * 60;
      const token = await new SignJWT({ actor: written(actor), subscriptions })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setAudience(AUDIENCE)
        .setExpirationTime(ends)
        .sign(await importJWK(jwk, 'ES256'));
      return { token, ends: ends * 1000 };
    },
    async read(token) {
      const published = createLocalJWKSet({ keys: (await keys()).map(publicKeyOf) });
      const proved = await jwtVerify<{ actor: WrittenActor; subscriptions: string[] }>(token, published, {
        audience: AUDIENCE,
        algorithms: ['ES256'],
        currentDate: now(),
      }).catch(() => null);
      if (!proved) return null;
      const { actor, subscriptions, exp = 0 } = proved.payload;
      return { actor: read(actor), subscriptions, ends: exp * 1000 };
    },
  };
}

/** An actor as JSON: sets are lists. */
type WrittenActor = Omit<Actor, 'scopes'> & { scopes?: (Omit<Scope, 'actions'> & { actions: string[] })[] };

function written({ scopes, ...actor }: Actor): WrittenActor {
  if (scopes === undefined) return actor;
  return { ...actor, scopes: scopes.map((scope) => ({ ...scope, actions: [...scope.actions] })) };
}

function read({ scopes, ...actor }: WrittenActor): Actor {
  if (scopes === undefined) return actor;
  const revived = scopes.map((scope) => ({ ...scope, actions: new Set(scope.actions) as Scope['actions'] }));
  return { ...actor, scopes: revived };
}
