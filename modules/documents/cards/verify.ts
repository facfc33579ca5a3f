/**
 * Is a signed card right? In the browser and without network: Web Cryptography and the public keys that were read before.
 * Nothing of Node is used here.
 */

/** A public key as it is published. */
export interface PublicKey {
  kid: string;
  kty: string;
  crv: string;
  x: string;
  y: string;
}

export type Verdict =
  /** No signed card: torn, of another kind, mistyped. */
  | { state: 'not-a-card' }
  /** The signature is not of what is written. */
  | { state: 'tampered' }
  /** Of an issuer or a key that is not known here. */
  | { state: 'unknown-key'; issuer: string }
  /** `revoked`: its paper was cancelled after it was signed. */
  | { state: 'expired' | 'not-yet' | 'revoked' | 'valid'; card: ReadCard };

export interface ReadCard {
  issuer: string;
  types: string[];
  /** Epoch seconds. */
  from: number;
  until: number | null;
  /** By which it is revoked; null for a card that cannot be. */
  rid: string | null;
  resources: Record<string, unknown>[];
}

/**
 * @param text `shc:/…` of a QR code, or the JWS
 * @param issuer whose keys these are
 * @param revoked names of cards that hold no longer, as the issuer published them
 */
export async function verifyCard(
  text: string,
  keys: readonly PublicKey[],
  issuer: string,
  now: Date,
  revoked: readonly string[] = [],
): Promise<Verdict> {
  const jws = jwsOf(text.trim());
  const [head, body, signature] = jws?.split('.') ?? [];
  if (!head || !body || !signature) return { state: 'not-a-card' };
  const header = jsonOf(bytesOf(head));
  const payload = await inflated(bytesOf(body));
  const card = payload === null ? null : readCard(jsonOf(payload));
  if (header?.alg !== 'ES256' || header.zip !== 'DEF') return { state: 'not-a-card' };
  const key = keys.find(({ kid }) => kid === header.kid);
  // A body that does not unpack under a key that we know was altered after signing.
  if (!card) return { state: key ? 'tampered' : 'not-a-card' };
  if (!key || card.issuer !== issuer) return { state: 'unknown-key', issuer: card.issuer };
  if (!(await isSigned(key, `${head}.${body}`, bytesOf(signature)))) return { state: 'tampered' };
  if (card.rid !== null && revoked.includes(card.rid)) return { state: 'revoked', card };
  const seconds = now.getTime() / 1000;
  if (card.from > seconds) return { state: 'not-yet', card };
  return { state: card.until !== null && card.until <= seconds ? 'expired' : 'valid', card };
}

function jwsOf(text: string): string | null {
  const digits = /^shc:\/(?:1\/1\/)?((?:\d\d)+)$/i.exec(text)?.[1];
  if (digits !== undefined)
    return digits.replaceAll(/\d\d/g, (pair) => String.fromCharCode(Number(pair) + 45));
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text) ? text : null;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  try {
    const packed = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(packed, (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

function jsonOf(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A card of a QR code unpacks to a few thousand bytes; what would grow without end is none. */
const MOST_BYTES = 200_000;

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array | null> {
  const unpacked: number[] = [];
  try {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      unpacked.push(...piece.value);
      if (unpacked.length > MOST_BYTES) return null;
    }
    return Uint8Array.from(unpacked);
  } catch {
    return null;
  }
}

function readCard(payload: Record<string, unknown> | null): ReadCard | null {
  const credential = payload?.vc as
    | { type?: string[]; rid?: unknown; credentialSubject?: { fhirBundle?: { entry?: unknown } } }
    | undefined;
  const entries = credential?.credentialSubject?.fhirBundle?.entry;
  if (typeof payload?.iss !== 'string' || !Array.isArray(entries)) return null;
  return {
    issuer: payload.iss,
    types: Array.isArray(credential?.type) ? credential.type : [],
    from: Number(payload.nbf) || 0,
    rid: typeof credential?.rid === 'string' ? credential.rid : null,
    until: payload.exp === undefined ? null : Number(payload.exp),
    resources: (entries as ({ resource?: Record<string, unknown> } | null)[]).flatMap((entry) =>
      entry?.resource ? [entry.resource] : [],
    ),
  };
}

async function isSigned(
  key: PublicKey,
  signed: string,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { kty, crv, x, y } = key;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const imported = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, algorithm, false, ['verify']);
  const how = { name: 'ECDSA', hash: 'SHA-256' };
  return crypto.subtle.verify(how, imported, signature, new TextEncoder().encode(signed));
}
