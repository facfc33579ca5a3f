/**
 * Signed cards: SMART Health Cards 1.0 (spec.smarthealth.cards), a JWS (RFC 7515) over a deflated credential with a small FHIR
 * Bundle, in digits so that a QR code holds it. Read by any reader of such cards, verified without network. Pure.
 */
import { createPrivateKey, sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import type { CardDefinition } from '../../../engines/documents/index.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';
import type { CardKey } from './keys.ts';

export interface CardFacts {
  definition: CardDefinition;
  resources: readonly Resource[];
  /** Address below which `/.well-known/jwks.json` lies. */
  issuer: string;
  key: CardKey;
  now: Date;
  /** By which it can be revoked; left out: it cannot. */
  rid?: string;
}

/** @returns the compact JWS */
export function signCard({ definition, resources, issuer, key, now, rid }: CardFacts): string {
  const from = Math.floor(now.getTime() / 1000);
  const credential = {
    iss: issuer,
    nbf: from,
    ...(definition.days === undefined ? {} : { exp: from + definition.days * 86_400 }),
    vc: {
      type: definition.types,
      credentialSubject: { fhirVersion: '4.0.1', fhirBundle: bundleOf(resources, definition.elements) },
      ...(rid === undefined ? {} : { rid }),
    },
  };
  const header = { alg: 'ES256', zip: 'DEF', kid: key.kid };
  const parts = [
    Buffer.from(JSON.stringify(header)),
    deflateRawSync(JSON.stringify(credential), { level: 9 }),
  ];
  const signed = parts.map((part) => part.toString('base64url')).join('.');
  const privateKey = createPrivateKey({ key: key.jwk as never, format: 'jwk' });
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

/** `shc:/` and two digits a character, the densest that a QR code holds. */
export function cardDigits(jws: string): string {
  const digits = [...jws].map((character) => String(character.charCodeAt(0) - 45).padStart(2, '0'));
  return `shc:/${digits.join('')}`;
}

/** Only the elements that are named; ids, texts and displays left out; references within the Bundle by `resource:n`. */
function bundleOf(resources: readonly Resource[], elements: CardDefinition['elements']) {
  const places = new Map(resources.map((each, at) => [`${each.resourceType}/${each.id}`, `resource:${at}`]));
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource, at) => ({
      fullUrl: `resource:${at}`,
      resource: cutDown(resource, elements[resource.resourceType] ?? [], places),
    })),
  };
}

function cutDown(resource: Resource, kept: readonly string[], places: ReadonlyMap<string, string>): unknown {
  const all = resource as unknown as Record<string, unknown>;
  const chosen = kept.flatMap((name) =>
    all[name] === undefined ? [] : [[name, lean(all[name], places)] as const],
  );
  return { resourceType: resource.resourceType, ...Object.fromEntries(chosen) };
}

/** Of a HumanName only what readers of cards show; of a code no words. */
function lean(value: unknown, places: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => lean(each, places));
  if (typeof value !== 'object' || value === null) return value;
  const one = value as Record<string, unknown>;
  if (typeof one.reference === 'string') return { reference: places.get(one.reference) ?? one.reference };
  if (Array.isArray(one.coding)) return { coding: one.coding.map((each) => lean(each, places)) };
  const { display: _display, extension: _extension, userSelected: _selected, id: _id, ...rest } = one;
  return Object.fromEntries(Object.entries(rest).map(([name, each]) => [name, lean(each, places)]));
}
