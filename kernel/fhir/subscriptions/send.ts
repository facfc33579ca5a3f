/** One notification over HTTP: R4 subscription.html, channel rest-hook, signed by the key of the program's tokens. */
import { FlattenedSign } from 'jose';
import { type Outbound, OutboundError } from '../../outbound/outbound.ts';
import type { StoredVersion } from '../../store/contract.ts';
import type { Subscribed } from './definition.ts';

/** Signs bytes as a detached JWS (RFC 7515, appendix F), to be checked with the keys at `/oauth2/jwks`. */
export type Sign = (bytes: Uint8Array) => Promise<string>;

/** @param key private ES256 key of Web Crypto or Node */
export function signWith(key: Parameters<FlattenedSign['sign']>[0], kid: string): Sign {
  return async (bytes) => {
    const signed = await new FlattenedSign(bytes).setProtectedHeader({ alg: 'ES256', kid }).sign(key);
    return `${signed.protected}..${signed.signature}`;
  };
}

const PATIENCE_MS = 20_000;

/**
 * Without a payload a POST to the endpoint; with one the endpoint is the base of a FHIR interface, and the resource is put there.
 * @returns null when it was taken (2xx), else why not
 */
export async function sendNotification(
  outbound: Outbound,
  sign: Sign,
  to: Subscribed,
  position: string,
  version: StoredVersion,
): Promise<string | null> {
  const body = to.hasPayload ? version.body : Buffer.alloc(0);
  const url = to.hasPayload ? `${to.endpoint.replace(/\/$/, '')}/${version.type}/${version.id}` : to.endpoint;
  try {
    const answer = await outbound.send({
      method: to.hasPayload ? 'PUT' : 'POST',
      url,
      headers: {
        ...to.headers,
        ...(to.hasPayload ? { 'content-type': 'application/fhir+json' } : {}),
        'x-yba-subscription': `Subscription/${to.id}`,
        'x-yba-position': position,
        'x-jws-signature': await sign(body),
      },
      body,
      patience: PATIENCE_MS,
      most: 64 * 1024,
    });
    for await (const _chunk of answer.body);
    return answer.status >= 200 && answer.status < 300 ? null : `HTTP ${answer.status}`;
  } catch (error) {
    if (error instanceof OutboundError) return error.message;
    throw error;
  }
}
