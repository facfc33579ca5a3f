/** Systems that ask for decision support: a token that a known client has signed for this very address (CDS Hooks 2.0, Trusting CDS Clients). */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { Failure } from '../failure.ts';
import { type Outbound, OutboundError } from '../outbound/outbound.ts';
import type { Client } from './client.ts';
import type { Clients } from './clients.ts';
import { ASSERTION_ALGORITHMS } from './oidc/client-rules.ts';
import { fetchThrough } from './oidc/fetch.ts';

export interface HookClient {
  id: string;
  name: string;
}

export interface HookTokens {
  clients: Pick<Clients, 'read'>;
  /** False when the token was shown before. */
  once(client: string, token: string, ends: Date): Promise<boolean>;
  now(): Date;
  /** Keys at a registered address (`jwks_uri`). */
  keysAt(url: string): JWTVerifyGetKey;
}

/** Longest life of a token, and how far clocks may differ, in seconds. */
const LONGEST_LIFE = 3_600;
const CLOCKS = 30;
/** How long fetched keys are good, and how soon an unknown key may lead to another fetch, in milliseconds. */
const KEYS_MS = 600_000;
const COOLDOWN_MS = 30_000;

/** Keys of clients that publish them, fetched like everything of others: public addresses, or peers that the operator allows. */
export function publishedKeys(outbound: Outbound): HookTokens['keysAt'] {
  const known = new Map<string, JWTVerifyGetKey>();
  const fetchKeys = fetchThrough(outbound);
  return (url) => {
    const kept = known.get(url);
    if (kept) return kept;
    const made = createRemoteJWKSet(new URL(url), {
      cacheMaxAge: KEYS_MS,
      cooldownDuration: COOLDOWN_MS,
      [customFetch]: (address, options) => fetchKeys(address, options),
    });
    known.set(url, made);
    return made;
  };
}

/**
 * @param audiences addresses of the service that is called
 * @throws Failure `sign-in-required` that says what is wrong with the token
 */
export async function verifyHookToken(
  token: string,
  audiences: string[],
  { clients, once, now, keysAt }: HookTokens,
): Promise<HookClient> {
  const client = await issuerOf(token, clients);
  if (!client || (client.jwks === null && client.jwksUri === null))
    throw refused(
      'không do máy khách nào đã đăng ký khóa (jwks hoặc jwks_uri) ký',
      'is signed by no client that has registered its keys (jwks, jwks_uri); iss is the id of the client, or https://<id>',
    );
  const jku = keyAddressOf(token);
  if (jku !== undefined && jku !== client.jwksUri)
    throw refused(
      'nêu địa chỉ khóa (jku) khác địa chỉ đã đăng ký',
      'names a jku that is not the registered jwks_uri',
    );
  const keys = client.jwks ? createLocalJWKSet(client.jwks) : keysAt(client.jwksUri!);
  const claims = await jwtVerify(token, keys, {
    algorithms: [...ASSERTION_ALGORITHMS],
    audience: audiences,
    typ: 'JWT',
    requiredClaims: ['iss', 'aud', 'exp', 'iat', 'jti'],
    clockTolerance: CLOCKS,
    currentDate: now(),
  }).then(
    ({ payload }) => payload,
    (error: unknown) => {
      if (error instanceof OutboundError)
        throw refused('dùng khóa chưa đọc được', `needs keys that could not be read: ${error.message}`);
      if (!(error instanceof errors.JOSEError)) throw error;
      throw refused('không hợp lệ', `is not valid: ${error.message}`);
    },
  );
  if (claims.exp! - claims.iat! > LONGEST_LIFE)
    throw refused('có hạn quá một giờ', 'lives longer than one hour');
  if (!(await once(client.id, claims.jti!, new Date((claims.exp! + CLOCKS) * 1000))))
    throw refused('đã dùng rồi (jti)', 'was used before (jti)');
  return { id: client.id, name: client.name };
}

/** `jku`, undefined when the header has none. */
function keyAddressOf(token: string): unknown {
  try {
    return decodeProtectedHeader(token).jku;
  } catch {
    throw refused('không phải JWT', 'is no JWT');
  }
}

/** `iss` is an address by the specification; ids of clients have no colon: `https://ehr.example/` is the client `ehr.example`. */
async function issuerOf(token: string, clients: HookTokens['clients']): Promise<Client | null> {
  let issuer: string | undefined;
  try {
    issuer = decodeJwt(token).iss;
  } catch {
    throw refused('không phải JWT', 'is no JWT');
  }
  if (issuer === undefined || issuer.length > 200) return null;
  return clients.read(issuer.replace(/^https?:\/\//, '').replace(/\/$/, ''));
}

function refused(why: string, whyEn: string): Failure {
  return new Failure('sign-in-required', `Mã truy cập ${why}. Hãy ký mã mới cho đúng địa chỉ này.`, {
    textEn: `The token ${whyEn}.`,
  });
}
