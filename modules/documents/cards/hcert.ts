/**
 * Health certificates of the WHO's trust network (HCERT, smart.who.int/trust): CBOR under a COSE signature in a CBOR Web Token, packed into
 * `HC1:…` for a QR code. Two of its contents say what was given: WHO's DDCC core data set of vaccination status, and the certificate of the
 * European Union that the network took over. Verified in the browser without network; nothing of Node is used here.
 */
import { decode, encode, Tagged } from 'cborg';
import { fromBase45 } from './base45.ts';

/** A public key that is trusted for certificates, as the page keeps it. */
export interface TrustedKey {
  /** First 8 bytes of a fingerprint, base64. */
  kid: string;
  /** Whom the key belongs to, for people. */
  name: string;
  /** Country of the issuer (ISO 3166-1 alpha-2) or '' for any: `iss` of what it may sign. */
  country: string;
  jwk: Record<string, string>;
}

/** A code as a certificate tells it; '' = it does not. */
export interface Told {
  system: string;
  code: string;
}

/** A dose of a certificate. */
export interface CertifiedDose {
  /** Codes and, where the certificate says them, their systems. */
  disease: Told;
  vaccine: Told;
  /** Brand or trade name. */
  brand: Told;
  manufacturer: string;
  lot: string;
  /** ISO day. */
  day: string;
  dose: number | null;
  doses: number | null;
  country: string;
  centre: string;
}

export interface Certificate {
  kind: 'ddcc-vs' | 'dcc';
  /** Of the token; '' where it says none. */
  issuer: string;
  /** Whose key signed it. */
  signer: string;
  /** Epoch seconds. */
  from: number;
  until: number | null;
  /** Id of the certificate. */
  id: string;
  name: string;
  birthDate: string;
  doses: CertifiedDose[];
}

export type CertificateVerdict =
  | { state: 'not-a-card' }
  | { state: 'tampered' }
  | { state: 'unknown-key'; issuer: string }
  /** `revoked`: its signer said that it holds no longer. */
  | { state: 'expired' | 'not-yet' | 'revoked' | 'valid'; certificate: Certificate };

export const isHcert = (text: string) => /^HC1:/i.test(text.trim());

const ALGORITHMS: Record<
  number,
  { key: RsaHashedImportParams | EcKeyImportParams; how: EcdsaParams | RsaPssParams }
> = {
  [-7]: { key: { name: 'ECDSA', namedCurve: 'P-256' }, how: { name: 'ECDSA', hash: 'SHA-256' } },
  [-37]: { key: { name: 'RSA-PSS', hash: 'SHA-256' }, how: { name: 'RSA-PSS', saltLength: 32 } },
};

const [ALG, KID] = [1, 4];
const [ISS, EXP, NBF, IAT, CTI, HCERT] = [1, 4, 5, 6, 7, -260];
const [DCC, DDCC_VS] = [1, 3];
const COSE_SIGN1 = 18;
const CWT = 61;

/**
 * @param text of the QR code
 * @param revoked ids (`cti`) of certificates that hold no longer, as this very system published them
 */
export async function verifyHcert(
  text: string,
  keys: readonly TrustedKey[],
  now: Date,
  revoked: readonly string[] = [],
): Promise<CertificateVerdict> {
  const signed = await signedIn(text.trim());
  if (signed === null) return { state: 'not-a-card' };
  const claims = mapIn(signed.payload);
  const certificate = claims && certificateIn(claims);
  if (!claims || !certificate) return { state: 'not-a-card' };
  const algorithm = ALGORITHMS[Number(signed.protectedHeader.get(ALG))];
  // The key's name may also stand outside of what is signed (HCERT 3.3.3).
  const kid = bytesOf(signed.protectedHeader.get(KID) ?? signed.unprotected.get(KID));
  const name = kid && base64(kid);
  const candidates = keys.filter(
    (key) =>
      key.kid === name &&
      (key.country === '' || certificate.issuer === '' || key.country === certificate.issuer),
  );
  if (!algorithm || candidates.length === 0) return { state: 'unknown-key', issuer: certificate.issuer };
  const signer = await signerAmong(candidates, algorithm, signed);
  if (signer === null) return { state: 'tampered' };
  const seconds = now.getTime() / 1000;
  const told = { ...certificate, signer: signer.name };
  const id = bytesOf(claims.get(CTI));
  if (id && revoked.includes(new TextDecoder().decode(id))) return { state: 'revoked', certificate: told };
  if (told.from > seconds) return { state: 'not-yet', certificate: told };
  return { state: told.until !== null && told.until <= seconds ? 'expired' : 'valid', certificate: told };
}

interface Signed {
  /** As it was signed. */
  protectedBytes: Uint8Array;
  protectedHeader: ReadonlyMap<unknown, unknown>;
  unprotected: ReadonlyMap<unknown, unknown>;
  payload: Uint8Array;
  signature: Uint8Array<ArrayBuffer>;
}

async function signedIn(text: string): Promise<Signed | null> {
  if (!isHcert(text)) return null;
  const packed = fromBase45(text.slice('HC1:'.length));
  const bytes = packed && (await inflated(packed));
  const parts = bytes && partsIn(decoded(bytes));
  if (!parts) return null;
  const [protectedBytes, unprotected, payload, signature] = parts;
  const protectedHeader = protectedBytes.length === 0 ? new Map() : mapIn(protectedBytes);
  if (!protectedHeader) return null;
  return { protectedBytes, protectedHeader, unprotected, payload, signature: Uint8Array.from(signature) };
}

/** COSE_Sign1, with or without its tags (RFC 9052, RFC 8392). */
function partsIn(value: unknown): [Uint8Array, ReadonlyMap<unknown, unknown>, Uint8Array, Uint8Array] | null {
  if (value instanceof Tagged) return partsIn(value.value);
  if (!Array.isArray(value) || value.length !== 4) return null;
  const [head, unprotected, payload, signature] = value as unknown[];
  if (!(head instanceof Uint8Array) || !(payload instanceof Uint8Array) || !(signature instanceof Uint8Array))
    return null;
  return [head, unprotected instanceof Map ? unprotected : new Map(), payload, signature];
}

function decoded(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, {
      useMaps: true,
      rejectDuplicateMapKeys: true,
      tags: Tagged.preserve(COSE_SIGN1, CWT),
    });
  } catch {
    return null;
  }
}

function mapIn(bytes: Uint8Array): ReadonlyMap<unknown, unknown> | null {
  const value = decoded(bytes);
  return value instanceof Map ? value : null;
}

async function signerAmong(
  keys: readonly TrustedKey[],
  { key: kind, how }: (typeof ALGORITHMS)[number],
  { protectedBytes, payload, signature }: Signed,
): Promise<TrustedKey | null> {
  const signed = Uint8Array.from(encode(['Signature1', protectedBytes, new Uint8Array(), payload]));
  for (const key of keys) {
    try {
      const imported = await crypto.subtle.importKey('jwk', key.jwk, kind, false, ['verify']);
      if (await crypto.subtle.verify(how, imported, signature, signed)) return key;
    } catch {
      // A key of another kind than the signature is none of this one.
    }
  }
  return null;
}

/** A certificate of a QR code unpacks to a few thousand bytes; what would grow without end is none. */
const MOST_BYTES = 100_000;

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array | null> {
  const pieces: number[] = [];
  try {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(...piece.value);
      if (pieces.length > MOST_BYTES) return null;
    }
    return Uint8Array.from(pieces);
  } catch {
    return null;
  }
}

function certificateIn(claims: ReadonlyMap<unknown, unknown>): Certificate | null {
  const hcert = claims.get(HCERT);
  if (!(hcert instanceof Map)) return null;
  const frame = {
    issuer: textOf(claims.get(ISS)),
    signer: '',
    from: numberOf(claims.get(NBF)) ?? numberOf(claims.get(IAT)) ?? 0,
    until: numberOf(claims.get(EXP)),
  };
  const [ddcc, dcc] = [[hcert.get(DDCC_VS)].flat()[0], hcert.get(DCC)];
  if (ddcc instanceof Map) return { ...frame, ...ofDdcc(ddcc) };
  return dcc instanceof Map ? { ...frame, ...ofDcc(dcc) } : null;
}

type Content = Omit<Certificate, 'issuer' | 'signer' | 'from' | 'until'>;

/** DDCC core data set, vaccination status. */
function ofDdcc(set: Map<unknown, unknown>): Content {
  const { vaccination, certificate } = {
    vaccination: set.get('vaccination'),
    certificate: mapOf(set.get('certificate')),
  };
  return {
    kind: 'ddcc-vs',
    id: textOf(mapOf(certificate.get('hcid')).get('value')),
    name: textOf(set.get('name')),
    birthDate: textOf(set.get('birthDate')),
    doses: [vaccination].flat().map((one) => {
      const dose = mapOf(one);
      return {
        disease: codeOf(dose.get('disease')),
        vaccine: codeOf(dose.get('vaccine')),
        brand: codeOf(dose.get('brand')),
        manufacturer: codeOf(dose.get('manufacturer')).code || codeOf(dose.get('maholder')).code,
        lot: textOf(dose.get('lot')),
        day: textOf(dose.get('date')).slice(0, 10),
        dose: numberOf(dose.get('dose')),
        doses: numberOf(dose.get('totalDoses')),
        country: codeOf(dose.get('country')).code,
        centre: textOf(dose.get('centre')),
      };
    }),
  };
}

/** EU Digital COVID Certificate, schema 1.3: `v` are doses; tests and recoveries are not shown. */
function ofDcc(set: Map<unknown, unknown>): Content {
  const name = mapOf(set.get('nam'));
  const given = [textOf(name.get('fn')), textOf(name.get('gn'))].filter(Boolean).join(' ');
  const doses = [set.get('v') ?? []].flat().map(mapOf);
  return {
    kind: 'dcc',
    id: textOf(doses[0]?.get('ci')),
    name: given || [textOf(name.get('fnt')), textOf(name.get('gnt'))].filter(Boolean).join(' '),
    birthDate: textOf(set.get('dob')),
    doses: doses.map((dose) => ({
      disease: codeOf(dose.get('tg')),
      vaccine: { system: '', code: textOf(dose.get('vp')) },
      brand: codeOf(dose.get('mp')),
      manufacturer: textOf(dose.get('ma')),
      lot: '',
      day: textOf(dose.get('dt')).slice(0, 10),
      dose: numberOf(dose.get('dn')),
      doses: numberOf(dose.get('sd')),
      country: textOf(dose.get('co')),
      centre: textOf(dose.get('is')),
    })),
  };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value.normalize('NFC') : '');
const numberOf = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const mapOf = (value: unknown): ReadonlyMap<unknown, unknown> => (value instanceof Map ? value : new Map());
const bytesOf = (value: unknown) => (value instanceof Uint8Array ? value : null);

/** A Coding, of one without a code its words, or the code alone. */
function codeOf(value: unknown): Told {
  if (typeof value === 'string') return { system: '', code: value };
  const coding = mapOf(value);
  return { system: textOf(coding.get('system')), code: textOf(coding.get('code') ?? coding.get('display')) };
}

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
