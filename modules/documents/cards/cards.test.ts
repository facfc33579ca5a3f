/** SMART Health Cards 1.0: signed here, verified here and by jose, which is another's implementation. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { calculateJwkThumbprint, compactVerify, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Immunization, Patient } from '../../../kernel/fhir/types.ts';
import { type CardFacts, cardDigits, signCard } from './card.ts';
import { ridOf } from './revoked.ts';
import { type PublicKey, verifyCard } from './verify.ts';

const NOW = new Date('2026-11-22T08:00:00+07:00');
const ISSUER = 'https://yba.phutho.test';

async function newKey(): Promise<{ key: CardFacts['key']; open: PublicKey }> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  const { d: _private, ...rest } = jwk;
  return { key: { kid, jwk }, open: { ...rest, kid } as PublicKey };
}

const patient: Patient = {
  resourceType: 'Patient',
  id: 'p1',
  name: [{ text: 'Nguyễn Thị Ẵm', family: 'Nguyễn', given: ['Thị', 'Ẵm'] }],
  birthDate: '2024-02-09',
  telecom: [{ value: '0000123456' }],
};
const dose = (at: number): Immunization => ({
  resourceType: 'Immunization',
  id: randomUUID(),
  meta: { versionId: '1', lastUpdated: '2026-01-01T00:00:00Z' },
  status: 'completed',
  vaccineCode: {
    coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '102', display: 'DTP-Hib-Hep B' }],
    text: 'Vắc xin 5 trong 1',
  },
  patient: { reference: 'Patient/p1' },
  occurrenceDateTime: `2024-${String((at % 12) + 1).padStart(2, '0')}-10`,
  lotNumber: `DEMO-102-2024${at}`,
});
const definition = {
  types: ['https://smarthealth.cards#health-card', 'https://smarthealth.cards#immunization'],
  resources: [],
  elements: {
    Patient: ['name', 'birthDate'],
    Immunization: ['status', 'vaccineCode', 'patient', 'occurrenceDateTime', 'lotNumber'],
  },
};
const { key, open } = await newKey();
const facts: CardFacts = {
  definition,
  resources: [patient, dose(1), dose(2)],
  issuer: ISSUER,
  key,
  now: NOW,
};
const verify = (text: string, keys = [open], now = NOW) => verifyCard(text, keys, ISSUER, now);

test('a card is verified from its digits, and holds no more of the person than was named', async () => {
  const verdict = await verify(cardDigits(signCard(facts)));
  assert.equal(verdict.state, 'valid');
  assert.ok(verdict.state === 'valid');
  assert.deepEqual(verdict.card.resources[0], {
    resourceType: 'Patient',
    name: [{ text: 'Nguyễn Thị Ẵm', family: 'Nguyễn', given: ['Thị', 'Ẵm'] }],
    birthDate: '2024-02-09',
  });
  const first = verdict.card.resources[1] as unknown as Immunization;
  assert.deepEqual(first.patient, { reference: 'resource:0' });
  assert.deepEqual(first.vaccineCode, { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '102' }] });
  assert.equal('id' in first || 'meta' in first, false);
});

test('jose verifies the same JWS; header and claims are those of the specification', async () => {
  const jws = signCard(facts);
  const { payload, protectedHeader } = await compactVerify(
    jws,
    await importJWK(open as unknown as JWK, 'ES256'),
  );
  assert.deepEqual(protectedHeader, { alg: 'ES256', zip: 'DEF', kid: open.kid });
  const claims = JSON.parse(inflateRawSync(payload).toString('utf8'));
  assert.equal(claims.iss, ISSUER);
  assert.equal(claims.nbf, NOW.getTime() / 1000);
  assert.equal(claims.vc.credentialSubject.fhirVersion, '4.0.1');
  assert.ok(claims.vc.type.includes('https://smarthealth.cards#immunization'));
});

test('what was altered after signing is told plainly', async () => {
  const [head, body, signature] = signCard(facts).split('.');
  const other = signCard({ ...facts, resources: [{ ...patient, birthDate: '1990-01-01' }] }).split('.')[1];
  assert.equal((await verify(`${head}.${other}.${signature}`)).state, 'tampered');
  const flipped = `${signature!.startsWith('A') ? 'B' : 'A'}${signature!.slice(1)}`;
  assert.equal((await verify(`${head}.${body}.${flipped}`)).state, 'tampered');
  assert.equal((await verify(`${head}.${body!.slice(0, -6)}AAAAAA.${signature}`)).state, 'tampered');
});

test('a key that is not published, another issuer, a card that is over or has not begun', async () => {
  const jws = signCard(facts);
  assert.equal((await verify(jws, [(await newKey()).open])).state, 'unknown-key');
  assert.equal((await verifyCard(jws, [open], 'https://khac.test', NOW)).state, 'unknown-key');
  const short = signCard({ ...facts, definition: { ...definition, days: 1 } });
  assert.equal((await verify(short)).state, 'valid');
  assert.equal((await verify(short, [open], new Date(NOW.getTime() + 2 * 86_400_000))).state, 'expired');
  assert.equal((await verify(jws, [open], new Date(NOW.getTime() - 60_000))).state, 'not-yet');
});

test('a card whose name the issuer published as revoked is told so; others and those without a name hold', async () => {
  const rid = ridOf('dau-van-tay');
  assert.match(rid, /^[\w-]{1,24}$/);
  const jws = signCard({ ...facts, rid });
  const told = (revoked: string[], card = jws) => verifyCard(card, [open], ISSUER, NOW, revoked);
  assert.equal((await told([])).state, 'valid');
  assert.equal((await told([ridOf('khac')])).state, 'valid');
  assert.equal((await told([ridOf('khac'), rid])).state, 'revoked');
  assert.equal((await told([rid], signCard(facts))).state, 'valid');
});

test('what is no card is said to be none, and "none" is no algorithm', async () => {
  const [, body] = signCard(facts).split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none', zip: 'DEF', kid: open.kid })).toString('base64url');
  for (const text of [
    '',
    'shc:/',
    'shc:/12',
    'https://thu.vn',
    'a.b.c',
    `${none}.${body}.`,
    `${none}.${body}.AAAA`,
    'shc:/999999',
  ])
    assert.equal((await verify(text)).state, 'not-a-card', text);
});

test('twenty doses fit the 1195 characters of a QR code of version 22', () => {
  const jws = signCard({
    ...facts,
    rid: ridOf('dau'),
    resources: [patient, ...Array.from({ length: 20 }, (_, at) => dose(at))],
  });
  assert.ok(jws.length <= 1195, String(jws.length));
});
