/** Systems that ask for decision support: a token that a known client has signed for this very address (CDS Hooks 2.0, Trusting CDS Clients). */
import { createLocalJWKSet, decodeJwt, errors, jwtVerify } from 'jose';
import { Failure } from '../failure.ts';
import type { Client } from './client.ts';
import type { Clients } from './clients.ts';
import { ASSERTION_ALGORITHMS } from './oidc/client-rules.ts';

export interface HookClient {
  id: string;
  name: string;
}

export interface HookTokens {
  clients: Pick<Clients, 'read'>;
  /** False when the token was shown before. */
  once(client: string, token: string, ends: Date): Promise<boolean>;
  now(): Date;
}

/** Longest life of a token, and how far clocks may differ, in seconds. */
const LONGEST_LIFE = 3_600;
const CLOCKS = 30;

/**
 * @param audiences addresses of the service that is called
 * @throws Failure `sign-in-required` that says what is wrong with the token
 */
export async function verifyHookToken(
  token: string,
  audiences: string[],
  { clients, once, now }: HookTokens,
): Promise<HookClient> {
  const client = await issuerOf(token, clients);
  if (!client?.jwks)
    throw refused(
      'không do máy khách nào đã đăng ký khóa (jwks) ký',
      'is signed by no client that has registered its keys (jwks); iss is the id of the client, or https://<id>',
    );
  const claims = await jwtVerify(token, createLocalJWKSet(client.jwks), {
    algorithms: [...ASSERTION_ALGORITHMS],
    audience: audiences,
    typ: 'JWT',
    requiredClaims: ['iss', 'aud', 'exp', 'iat', 'jti'],
    clockTolerance: CLOCKS,
    currentDate: now(),
  }).then(
    ({ payload }) => payload,
    (error: unknown) => {
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
