/** Issuers of certificates for tests: keys, and certificates as an issuer packs them, by Node's own cryptography. */
import {
  constants,
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { encode, Tagged } from 'cborg';
import { toBase45 } from './base45.ts';
import type { TrustedKey } from './hcert.ts';

export const NOW = new Date('2026-11-22T08:00:00+07:00');
export const SECONDS = NOW.getTime() / 1000;

export interface Signer {
  key: KeyObject;
  alg: number;
  kid: Uint8Array;
  trusted: TrustedKey;
}

export function signer(kind: 'ec' | 'rsa', country = 'VN'): Signer {
  const { privateKey, publicKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' }) as Record<string, string>;
  const kid = Uint8Array.from(createHash('sha256').update(JSON.stringify(jwk)).digest().subarray(0, 8));
  const trusted = { kid: Buffer.from(kid).toString('base64'), name: 'Bộ Y tế (mẫu)', country, jwk };
  return {
    key: createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    alg: kind === 'ec' ? -7 : -37,
    kid,
    trusted,
  };
}

export const plain = (map: Record<string, unknown>): Map<unknown, unknown> =>
  new Map(
    Object.entries(map).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? plain(value as Record<string, unknown>)
        : value,
    ]),
  );

/** DDCC core data set, vaccination status. */
export const DDCC = plain({
  name: 'Nguyễn Thị Ẵm',
  birthDate: '1988-02-09',
  vaccination: {
    vaccine: { system: 'http://id.who.int/icd/release/11/mms', code: 'XM0GQ8' },
    brand: { system: 'http://example.org/brand', code: 'BNT162b2' },
    maholder: { system: 'http://example.org/ma', code: 'ORG-100030215' },
    lot: 'FX1234',
    date: '2021-11-20',
    dose: 2,
    totalDoses: 2,
    country: { system: 'urn:iso:std:iso:3166', code: 'VNM' },
    centre: 'Trạm Y tế phường Vĩnh Yên',
    disease: { system: 'http://id.who.int/icd/release/11/mms', code: 'RA01' },
  },
  certificate: { hcid: { value: 'VN-DEMO-0001' }, version: 'RC2', issuer: { identifier: { value: 'x' } } },
});
export interface Made {
  by?: Signer;
  hcert?: Map<unknown, unknown>;
  claims?: [number, unknown][];
  /** Where the key's name stands. */
  kidIn?: 'protected' | 'unprotected';
  tag?: boolean;
  payload?: Uint8Array;
}

export const ec = signer('ec');

/** A certificate as an issuer packs it. */
export function made({
  by = ec,
  hcert = new Map([[3, DDCC]]),
  claims = [],
  kidIn = 'protected',
  tag = true,
  payload,
}: Made = {}): string {
  const claim = new Map<unknown, unknown>([
    [1, 'VN'],
    [6, SECONDS - 86_400],
    [4, SECONDS + 86_400],
    [-260, hcert],
    ...claims,
  ]);
  const head = encode(
    new Map<unknown, unknown>([
      [1, by.alg],
      ...(kidIn === 'protected' ? [[4, by.kid] as [number, unknown]] : []),
    ]),
  );
  const body = encode(claim);
  const toSign = encode(['Signature1', head, new Uint8Array(), body]);
  const signature = sign(
    'sha256',
    toSign,
    by.alg === -7
      ? { key: by.key, dsaEncoding: 'ieee-p1363' }
      : { key: by.key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  );
  const parts = [
    head,
    new Map(kidIn === 'unprotected' ? [[4, by.kid]] : []),
    payload ?? body,
    Uint8Array.from(signature),
  ];
  return `HC1:${toBase45(deflateSync(encode(tag ? new Tagged(18, parts) : parts)))}`;
}
