/** One call to a subscriber: R4 subscription.html, channel rest-hook, and that of the R5 backport; signed by the key of the program's tokens. */
import { FlattenedSign, importJWK } from 'jose';
import type { PublishedKeys } from '../../access/keys.ts';
import { type Outbound, type OutboundAnswer, OutboundError } from '../../outbound/outbound.ts';
import type { StoredVersion } from '../../store/contract.ts';
import type { Subscribed } from './definition.ts';

/** Signs bytes as a detached JWS (RFC 7515, appendix F), to be checked with the keys at `/oauth2/jwks`. */
export type Sign = (bytes: Uint8Array) => Promise<string>;

/** By the key that signs at that moment. */
export function signWith(keys: PublishedKeys): Sign {
  return async (bytes) => {
    const { kid, jwk } = (await keys())[0]!;
    const key = await importJWK(jwk, 'ES256');
    const signed = await new FlattenedSign(bytes).setProtectedHeader({ alg: 'ES256', kid }).sign(key);
    return `${signed.protected}..${signed.signature}`;
  };
}

/** How a call ended. */
export interface Sent {
  /** Null when it was taken (2xx), else why not. */
  fault: string | null;
  /** Status and beginning of the body of an answer that was no 2xx; null when nothing came back. */
  answer: string | null;
}

const PATIENCE_MS = 20_000;
/** Of an answer is read and kept so much. */
const ANSWER_CHARACTERS = 300;

export interface Caller {
  outbound: Outbound;
  sign: Sign;
  /** The program stops: calls end at once. */
  signal: AbortSignal;
}

/**
 * R4's own. Without a payload a POST to the endpoint; with one the endpoint is the base of a FHIR interface, and the resource
 * is put there.
 */
export async function sendResource(
  caller: Caller,
  to: Subscribed,
  position: string,
  version: StoredVersion,
): Promise<Sent> {
  const url = to.hasPayload ? `${to.endpoint.replace(/\/$/, '')}/${version.type}/${version.id}` : to.endpoint;
  return call(caller, to, {
    method: to.hasPayload ? 'PUT' : 'POST',
    url,
    headers: {
      ...(to.hasPayload ? { 'content-type': 'application/fhir+json' } : {}),
      'x-yba-position': position,
    },
    body: to.hasPayload ? version.body : Buffer.alloc(0),
    within: PATIENCE_MS,
  });
}

/** The R5 backport's: a Bundle posted to the endpoint. */
export async function sendNotification(caller: Caller, to: Subscribed, body: Buffer): Promise<Sent> {
  return call(caller, to, {
    method: 'POST',
    url: to.endpoint,
    headers: { 'content-type': to.topic?.payload ?? 'application/fhir+json' },
    body,
    within: to.topic?.timeout ?? PATIENCE_MS,
  });
}

interface Call {
  method: 'PUT' | 'POST';
  url: string;
  headers: Record<string, string>;
  body: Buffer;
  /** Milliseconds. */
  within: number;
}

async function call({ outbound, sign, signal }: Caller, to: Subscribed, what: Call): Promise<Sent> {
  try {
    const answer = await outbound.send({
      ...what,
      headers: {
        ...to.headers,
        ...what.headers,
        'x-yba-subscription': `Subscription/${to.id}`,
        'x-jws-signature': await sign(what.body),
      },
      patience: what.within,
      signal,
      most: 64 * 1024,
    });
    const text = await beginningOf(answer);
    if (answer.status >= 200 && answer.status < 300) return { fault: null, answer: null };
    const line = `HTTP ${answer.status}`;
    return { fault: line, answer: text === '' ? line : `${line}: ${text}` };
  } catch (error) {
    if (error instanceof OutboundError) return { fault: error.message, answer: null };
    throw error;
  }
}

/** The first piece of the body; the rest is not waited for. What comes of it does not change the status. */
async function beginningOf({ body }: OutboundAnswer): Promise<string> {
  try {
    for await (const chunk of body) {
      const text = chunk
        .toString('utf8')
        .replace(/[\p{C}\s]+/gu, ' ')
        .trim();
      return text.slice(0, ANSWER_CHARACTERS);
    }
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
  }
  return '';
}
