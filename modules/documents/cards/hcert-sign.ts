/**
 * Certificates of the WHO's trust network that the province signs: members of a claim in a CBOR Web Token (RFC 8392), signed with ES256
 * (COSE, RFC 9052), deflated and in Base45 behind `HC1:` (HCERT 1.3). Read by any reader of such certificates; `hcert.ts` verifies them. Pure.
 */
import { createPrivateKey, sign } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { encode, Tagged } from 'cborg';
import type { JWK } from 'jose';
import type { CertificateSet } from '../../../engines/documents/index.ts';
import { toBase45 } from './base45.ts';
import type { TrustedKey } from './hcert.ts';
import type { CardKey } from './keys.ts';

export interface CertificateFacts {
  /** Number of the claim within HCERT. */
  claim: number;
  /** ISO 3166-1 alpha-2. */
  country: string;
  days: number;
  set: CertificateSet;
  key: CardKey;
  now: Date;
  /** By which it can be revoked. */
  rid: string;
}

const [ALG, KID] = [1, 4];
const ES256 = -7;
const [ISS, EXP, IAT, CTI, HCERT] = [1, 4, 6, 7, -260];
const COSE_SIGN1 = 18;
const DAY_SECONDS = 86_400;

/** @returns the text of the QR code */
export function signCertificate({ claim, country, days, set, key, now, rid }: CertificateFacts): string {
  const from = Math.floor(now.getTime() / 1000);
  const head = encode(
    new Map<number, unknown>([
      [ALG, ES256],
      [KID, kidBytes(key.kid)],
    ]),
  );
  const payload = encode(
    new Map<number, unknown>([
      [ISS, country],
      [EXP, from + days * DAY_SECONDS],
      [IAT, from],
      [CTI, new TextEncoder().encode(rid)],
      [HCERT, new Map([[claim, set]])],
    ]),
  );
  const toSign = encode(['Signature1', head, new Uint8Array(), payload]);
  const privateKey = createPrivateKey({ key: key.jwk as never, format: 'jwk' });
  const signature = sign('sha256', toSign, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const cose = encode(new Tagged(COSE_SIGN1, [head, new Map(), payload, Uint8Array.from(signature)]));
  return `HC1:${toBase45(deflateSync(cose, { level: 9 }))}`;
}

/** Certificates name a key by the first 8 bytes of its fingerprint (HCERT 3.3.2): here of its thumbprint (RFC 7638). */
const KID_BYTES = 8;
const kidBytes = (thumbprint: string) =>
  Uint8Array.from(Buffer.from(thumbprint, 'base64url').subarray(0, KID_BYTES));

/** A key of ours as those who verify certificates keep it. @param name whose it is, for people */
export function trustedOf({ kid = '', kty = '', crv, x, y }: JWK, name: string): TrustedKey {
  return {
    kid: Buffer.from(kidBytes(kid)).toString('base64'),
    name,
    country: '',
    jwk: Object.fromEntries(
      Object.entries({ kty, crv, x, y }).filter((one): one is [string, string] => Boolean(one[1])),
    ),
  };
}

/** The public keys as a list of trust: a DID document (W3C DID 1.0, did:web), as the WHO's trust network hands keys out. */
export function trustList(keys: readonly JWK[], issuer: string): Record<string, unknown> {
  const { host } = new URL(issuer);
  const id = `did:web:${host.replace(':', '%3A')}`;
  const methods = keys.map((key) => {
    const { kid, jwk } = trustedOf(key, '');
    return {
      id: `${id}#${encodeURIComponent(kid)}`,
      type: 'JsonWebKey2020',
      controller: id,
      publicKeyJwk: { ...jwk, kid, alg: 'ES256', use: 'sig' },
    };
  });
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
    id,
    controller: id,
    verificationMethod: methods,
    assertionMethod: methods.map((method) => method.id),
  };
}
