/**
 * Access tokens: ES256 JWTs (RFC 9068) for the audience of the record. Each has a row in `access.oidc_artifact`, found by its `jti`:
 * without that row a token is worth nothing, however well it is signed, so it can be taken back at once.
 */
import {
  type CryptoKey,
  createLocalJWKSet,
  decodeProtectedHeader,
  importJWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import { publicKeyOf, type SigningKeyPair, type SigningKeys } from '../keys.ts';

/** What the tokens are for: the audience of every access token of this program. */
export const AUDIENCE = 'urn:yba:fhir';

export interface TokenClaims extends Record<string, unknown> {
  jti: string;
  sub: string;
  client_id: string;
  scope?: string;
  /** Epoch seconds. */
  iat: number;
  exp: number;
}

export interface SignedTokens {
  /** @param issuer `iss` */
  sign(claims: TokenClaims, issuer: string): Promise<string>;
  /** Any other JWT of ours, signed as ID tokens are: logout tokens. @param type header `typ` */
  signAs(type: string, claims: Record<string, unknown>): Promise<string>;
  /** The claims of a token of ours; null when it is none, was altered, or is over. */
  verify(token: string): Promise<TokenClaims | null>;
}

const TYPE = 'at+jwt';

export function openSignedTokens(keys: SigningKeys, now: () => Date): SignedTokens {
  let verifier: { version: string; keys: ReturnType<typeof createLocalJWKSet> } | undefined;
  const signers = new Map<string, { kid: string; key: Promise<CryptoKey | Uint8Array> }>();

  async function signWith(
    alg: 'ES256' | 'RS256',
    type: string,
    claims: Record<string, unknown>,
  ): Promise<string> {
    const [{ jwk, rsa }] = (await keys.all()) as [SigningKeyPair];
    const own = alg === 'ES256' ? jwk : rsa;
    const kid = own.kid!;
    const known = signers.get(alg);
    const signer = known?.kid === kid ? known : { kid, key: importJWK(own, alg) };
    signers.set(alg, signer);
    return new SignJWT(claims).setProtectedHeader({ alg, typ: type, kid }).sign(await signer.key);
  }

  async function verifierFor(kid: string | undefined) {
    const known = await keys.all();
    // A key that another process has made a moment ago.
    if (!known.some((key) => key.kid === kid)) keys.forget();
    const version = await keys.version();
    if (verifier?.version !== version) {
      verifier = { version, keys: createLocalJWKSet({ keys: (await keys.all()).map(publicKeyOf) }) };
    }
    return verifier.keys;
  }

  return {
    signAs: (type, claims) => signWith('RS256', type, claims),
    sign: (claims, issuer) => signWith('ES256', TYPE, { ...claims, iss: issuer, aud: AUDIENCE }),
    async verify(token) {
      try {
        const { kid, alg } = decodeProtectedHeader(token);
        if (alg !== 'ES256') return null;
        const { payload } = await jwtVerify<TokenClaims>(token, await verifierFor(kid), {
          audience: AUDIENCE,
          algorithms: ['ES256'],
          typ: TYPE,
          currentDate: now(),
        });
        return typeof payload.jti === 'string' && typeof payload.client_id === 'string' ? payload : null;
      } catch (error) {
        if (isJoseFault(error)) return null;
        throw error;
      }
    },
  };
}

/** A token that is none is no defect; a database that does not answer is. */
function isJoseFault(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return error instanceof TypeError || (typeof code === 'string' && code.startsWith('ERR_J'));
}

/** True for text in the form of a signed JWT. */
export function looksSigned(text: unknown): text is string {
  return typeof text === 'string' && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);
}
