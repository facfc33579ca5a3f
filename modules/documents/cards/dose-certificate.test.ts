/**
 * A dose is certified for the WHO's trust network: read here by a reader of CBOR of its own and Node's cryptography, which know nothing
 * of the room that signed; verified by our own page's reader; revoked when the dose was a mistake.
 */
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { after, before, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { Pdf, type PdfPicture } from '../../../engines/documents/fixtures/pdf-text.ts';
import { scanned, scannedAs } from '../../../engines/documents/fixtures/scan.ts';
import { compilePaper, type PaperDefinition } from '../../../engines/documents/index.ts';
import { cookieOf } from '../../../kernel/access/sign-in.testing.ts';
import type { Immunization, Patient, Resource } from '../../../kernel/fhir/types.ts';
import { type ClaimsWorld, openClaimsWorld } from '../../insurance/claims/testing.ts';
import type { PaperPage } from '../issued.ts';
import { verifyHcert } from './hcert.ts';
import { signCertificate, trustedOf } from './hcert-sign.ts';
import { openCardKeys } from './keys.ts';
import type { CardsKnown } from './routes.ts';

let world: ClaimsWorld;
let cookie = '';
before(async () => {
  world = await openClaimsWorld();
  cookie = await cookieOf(world.program.address, 'bacsi');
});
after(() => world.stop());

const KEY = 'vaccine-dose-certificate';
const ICD_11 = 'http://id.who.int/icd/release/11/mms';

function send(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${world.program.address}${path}`, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
const issue = (id: string) => send('POST', `/api/documents/papers/${KEY}`, { subject: `Immunization/${id}` });
const bytesOf = async (answer: Response) => Buffer.from(await answer.arrayBuffer());
const known = async () =>
  (await (await fetch(`${world.program.address}/.well-known/yba-cards`)).json()) as CardsKnown;
const verdictOf = async (text: string, cards?: CardsKnown) => {
  const { trusted, revoked } = cards ?? (await known());
  return verifyHcert(text, trusted, world.program.kernel.settings.now(), revoked);
};

let serial = 0;
async function dosed(change: Partial<Immunization> = {}): Promise<Immunization & { id: string }> {
  const { patient } = await world.arrive({
    name: [{ text: 'Đỗ Thị Ẵm', family: 'Đỗ', given: ['Thị', 'Ẵm'] }],
    birthDate: '2024-02-09',
  });
  serial += 1;
  const dose: Immunization & { id: string } = {
    resourceType: 'Immunization',
    id: `mui-chung-nhan-${serial}`,
    status: 'completed',
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '19' }], text: 'BCG (lao)' },
    patient: { reference: `Patient/${patient}` },
    // Late in the evening in Vietnam, the day before in UTC.
    occurrenceDateTime: '2024-02-11T00:30:00+07:00',
    manufacturer: { display: 'Viện Vắc xin mẫu' },
    lotNumber: 'DEMO-19-202402',
    location: { display: 'Trạm Y tế xã Tam Dương' },
    protocolApplied: [{ doseNumberPositiveInt: 1, targetDisease: [{ text: 'Lao' }] }],
    ...change,
  };
  await world.write([dose as Resource]);
  return dose;
}

async function codeOn(bytes: Buffer): Promise<{ text: string; picture: PdfPicture }> {
  const found = new Pdf(bytes)
    .pictures()
    .map((picture) => ({ picture, text: scanned(picture) ?? '' }))
    .find(({ text }) => text.startsWith('HC1:'));
  assert.ok(found, 'a certificate is on the paper');
  return found;
}

/** RFC 8949, as much as a certificate has of it; maps as Maps, tags left out. */
function cborOf(bytes: Uint8Array): unknown {
  let at = 0;
  const head = (): { major: number; value: number } => {
    const first = bytes[at++]!;
    const size = [1, 2, 4, 8][(first & 31) - 24] ?? 0;
    if (size === 0) return { major: first >> 5, value: first & 31 };
    let value = 0;
    for (let left = size; left > 0; left -= 1) value = value * 256 + bytes[at++]!;
    return { major: first >> 5, value };
  };
  const item = (): unknown => {
    const { major, value } = head();
    const taken = () => {
      at += value;
      return bytes.subarray(at - value, at);
    };
    if (major === 0) return value;
    if (major === 1) return -1 - value;
    if (major === 2) return Uint8Array.from(taken());
    if (major === 3) return Buffer.from(taken()).toString('utf8');
    if (major === 4) return Array.from({ length: value }, item);
    if (major === 5) return new Map(Array.from({ length: value }, () => [item(), item()] as const));
    if (major === 6) return item();
    throw new Error(`major type ${major}`);
  };
  const read = item();
  assert.equal(at, bytes.length, 'nothing is left over');
  return read;
}

const SIGNS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
function unpacked(text: string): Buffer {
  const bytes: number[] = [];
  for (const [three] of text.slice(4).matchAll(/.{1,3}/g)) {
    const value = [...three].reduceRight((sum, sign) => sum * 45 + SIGNS.indexOf(sign), 0);
    if (three.length === 3) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  return inflateSync(Buffer.from(bytes));
}
const plain = (value: unknown): unknown =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([name, one]) => [name, plain(one)]))
    : Array.isArray(value)
      ? value.map(plain)
      : value;
const bytesTold = (text: string): Uint8Array => {
  const bytes = new TextEncoder().encode(text);
  const length = bytes.length;
  return Uint8Array.from([0x60 | length, ...bytes]);
};
const bytesHead = (length: number) =>
  length < 24 ? [0x40 | length] : length < 256 ? [0x58, length] : [0x59, length >> 8, length & 255];

test('a reader of its own finds WHO’s core data set under the key of the list of trust', async () => {
  const dose = await dosed();
  const answer = await issue(dose.id);
  assert.equal(answer.status, 201, await answer.clone().text());
  const { text } = await codeOn(await bytesOf(answer));
  const [head, , payload, signature] = cborOf(unpacked(text)) as Uint8Array[];
  const header = cborOf(head!) as Map<number, unknown>;
  assert.equal(header.get(1), -7);
  const kid = Buffer.from(header.get(4) as Uint8Array).toString('base64');
  const list = await fetch(`${world.program.address}/.well-known/did.json`);
  assert.equal(list.headers.get('access-control-allow-origin'), '*');
  const { id, verificationMethod } = (await list.json()) as {
    id: string;
    verificationMethod: { id: string; publicKeyJwk: Record<string, string> }[];
  };
  assert.match(id, /^did:web:/);
  const method = verificationMethod.find((each) => each.publicKeyJwk.kid === kid)!;
  assert.equal(method.id, `${id}#${encodeURIComponent(kid)}`);
  assert.ok(verificationMethod.every(({ publicKeyJwk }) => !('d' in publicKeyJwk)));
  const signed = Buffer.concat([
    Uint8Array.from([0x84]),
    bytesTold('Signature1'),
    Uint8Array.from(bytesHead(head!.length)),
    head!,
    Uint8Array.from([0x40]),
    Uint8Array.from(bytesHead(payload!.length)),
    payload!,
  ]);
  const key = createPublicKey({ key: method.publicKeyJwk, format: 'jwk' });
  assert.ok(verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature!));

  const claims = cborOf(payload!) as Map<number, unknown>;
  const now = Math.floor(world.program.kernel.settings.now().getTime() / 1000);
  assert.equal(claims.get(1), 'VN');
  assert.equal(claims.get(6), now);
  assert.equal(claims.get(4), now + 3650 * 86_400);
  const rid = Buffer.from(claims.get(7) as Uint8Array).toString('utf8');
  assert.deepEqual(plain((claims.get(-260) as Map<number, unknown>).get(3)), {
    name: 'Đỗ Thị Ẵm',
    birthDate: '2024-02-09',
    vaccination: {
      vaccine: { system: ICD_11, code: 'XM8142' },
      brand: { system: 'http://hl7.org/fhir/sid/cvx', code: '19', display: 'BCG (lao)' },
      manufacturer: { display: 'Viện Vắc xin mẫu' },
      lot: 'DEMO-19-202402',
      date: '2024-02-11',
      dose: 1,
      country: { system: 'urn:iso:std:iso:3166', code: 'VNM' },
      centre: 'Trạm Y tế xã Tam Dương',
      disease: { system: ICD_11, code: '1B1Z' },
    },
    certificate: {
      issuer: { identifier: { value: world.program.kernel.issuer() } },
      hcid: { value: rid },
      version: 'RC2',
    },
  });
});

test('our own page verifies it without network, names vaccine and disease, and prints it again byte for byte', async () => {
  const dose = await dosed();
  const first = await bytesOf(await issue(dose.id));
  const again = await issue(dose.id);
  assert.equal(again.status, 200);
  assert.ok((await bytesOf(again)).equals(first));
  const cards = await known();
  const verdict = await verdictOf((await codeOn(first)).text, cards);
  assert.ok(verdict.state === 'valid');
  const [told] = verdict.certificate.doses;
  assert.equal(cards.names[told!.brand.system]![told!.brand.code], 'BCG (lao)');
  assert.equal(cards.names['http://hl7.org/fhir/sid/cvx']!['09'], 'Uốn ván - bạch hầu giảm liều (Td)');
  assert.equal(cards.names[told!.vaccine.system]![told!.vaccine.code], 'BCG (lao)');
  assert.equal(cards.names[told!.disease.system]![told!.disease.code], 'Lao');
  assert.deepEqual([told!.lot, told!.day, told!.dose], ['DEMO-19-202402', '2024-02-11', 1]);
});

/** Grey levels of a picture shrunk to so many pixels, each the mean of what it covers: what a printer of that fineness puts on paper. */
function shrunk({ grey, width, height }: PdfPicture, to: number): PdfPicture {
  const small = new Uint8Array(to * to);
  for (let y = 0; y < to; y += 1)
    for (let x = 0; x < to; x += 1) {
      let [sum, count] = [0, 0];
      for (let row = Math.floor((y * height) / to); row < ((y + 1) * height) / to; row += 1)
        for (let column = Math.floor((x * width) / to); column < ((x + 1) * width) / to; column += 1) {
          sum += grey[row * width + column]!;
          count += 1;
        }
      small[y * to + x] = Math.round(sum / count);
    }
  return { grey: small, width: to, height: to };
}

test('at its printed size of 46 mm on a printer of 203 dpi, two readers read a certificate with the longest names', async () => {
  const long = 'Nguyễn Hoàng Công Tằng Tôn Nữ Thị Phương Quỳnh Ẵm';
  const dose = await dosed({
    manufacturer: { display: 'Công ty TNHH MTV Vắc xin và Sinh phẩm số 1 (VABIOTECH)' },
    lotNumber: 'LO-VAC-XIN-2026-000123456789',
    location: { display: 'Trạm Y tế xã Tam Dương Bắc, điểm tiêm thôn Đồng Ỷ' },
  });
  const person = dose.patient.reference!.replace('Patient/', '');
  const kept = await world.program.kernel.gate.system('test').read('Patient', person);
  await world.write([{ ...kept, name: [{ text: long }] } as Resource]);
  const { text, picture } = await codeOn(await bytesOf(await issue(dose.id)));
  const printed = shrunk(picture, Math.round((46 / 25.4) * 203));
  assert.equal(scanned(printed), text);
  assert.equal(await scannedAs('QRCode', printed), text);
});

test('a dose that was a mistake is certified no more, its paper is cancelled, and who asks online is told', async () => {
  const dose = await dosed();
  const answer = await issue(dose.id);
  const id = answer.headers.get('location')!.split('/').at(-1)!;
  const { text } = await codeOn(await bytesOf(answer));
  assert.equal((await verdictOf(text)).state, 'valid');
  await world.write([{ ...dose, status: 'entered-in-error' } as Resource]);
  await world.program.kernel.events.settled();
  assert.equal((await verdictOf(text)).state, 'revoked');
  const person = dose.patient.reference!.replace('Patient/', '');
  const { rows } = (await (await send('GET', `/api/documents/people/${person}/papers`)).json()) as PaperPage;
  const row = rows.find((each) => each.id === id)!;
  assert.equal(row.state, 'cancelled');
  assert.match(row.cancelled!.reason, /ghi nhầm/);
  assert.equal((await issue(dose.id)).status, 409);
});

test('a card of all doses is revoked with one of them; papers of other doses hold', async () => {
  const [dose, other] = [await dosed(), await dosed()];
  const texts = await Promise.all(
    [dose, other].map(async (each) => (await codeOn(await bytesOf(await issue(each.id)))).text),
  );
  const all = await send('POST', '/api/documents/papers/vaccination-certificate', {
    subject: dose.patient.reference,
  });
  const before = (await known()).revoked.length;
  assert.equal(all.status, 201);
  await world.program.kernel.gate.system('test').remove('Immunization', dose.id);
  await world.program.kernel.events.settled();
  assert.equal((await known()).revoked.length, before + 2);
  assert.deepEqual(await Promise.all(texts.map(async (text) => (await verdictOf(text)).state)), [
    'revoked',
    'valid',
  ]);
});

test('what the core data set demands and the record lacks is said, and nothing is signed', async () => {
  const lacking: [Partial<Immunization>, RegExp][] = [
    [{ manufacturer: undefined }, /nhà sản xuất/],
    [{ lotNumber: undefined }, /số lô/],
    [{ status: 'not-done' }, /mũi đã tiêm/],
    [{ occurrenceDateTime: '2024-02' }, /biết ngày tiêm/],
    [{ protocolApplied: undefined }, /số thứ tự/],
    [{ vaccineCode: { text: 'vắc xin lạ' } }, /bảng mã/],
  ];
  for (const [change, words] of lacking) {
    const { id } = await dosed(change);
    const answer = await issue(id);
    assert.equal(answer.status, 422, JSON.stringify(change));
    assert.match(await answer.text(), words);
  }
});

test('a certificate of a key of years ago is still right, and the new key signs the next one', async () => {
  const { kernel } = world.program;
  let now = kernel.settings.now();
  const keys = openCardKeys(kernel.pool, kernel.keys, () => now);
  const facts = {
    claim: 3,
    country: 'VN',
    days: 3650,
    rid: 'mot',
    set: { name: 'Đỗ Ẵm', vaccination: { lot: 'A' } },
  };
  const old = signCertificate({ ...facts, key: await keys.signing(), now });
  now = new Date(now.getTime() + 3 * 365 * 86_400_000);
  await keys.published();
  now = new Date(now.getTime() + 8 * 86_400_000);
  const fresh = signCertificate({ ...facts, key: await keys.signing(), now });
  const trusted = (await keys.published()).map((key) => trustedOf(key, 'Phú Thọ'));
  for (const text of [old, fresh]) assert.equal((await verifyHcert(text, trusted, now)).state, 'valid');
  assert.equal((await verifyHcert(old, trusted.slice(0, 1), now)).state, 'unknown-key');
});

test('the claim is the content’s: the certificate of the EU is a definition beside, without a line of code', async () => {
  const dose = await dosed({ vaccineCode: { coding: [{ system: 'x', code: 'y' }], text: 'COVID-19' } });
  const definition = {
    title: { vi: 'Chứng nhận EU', en: 'EU certificate' },
    size: 'a5',
    roles: ['nurse'],
    about: ['Immunization'],
    fields: {},
    codes: {
      qr: {
        kind: 'qrcode',
        certificate: {
          claim: 1,
          country: 'VN',
          days: 365,
          members: {
            ver: "'1.3.0'",
            dob: 'Patient.birthDate',
            nam: { members: { fn: 'Patient.name.family', gn: "Patient.name.given.join(' ')" } },
            v: {
              list: {
                tg: "'840539006'",
                dn: { path: '%about.protocolApplied.doseNumber', as: 'number' },
                dt: { path: '%about.occurrence', as: 'day' },
                co: "'VN'",
                ci: "'URN:UVCI:01:VN:' & %certificate",
              },
            },
          },
        },
      },
    },
  } satisfies PaperDefinition;
  const [code] = compilePaper(definition).codes;
  const patient: Patient = {
    resourceType: 'Patient',
    name: [{ family: 'Đỗ', given: ['Thị', 'Ẵm'] }],
    birthDate: '1990-01-02',
  };
  const now = world.program.kernel.settings.now();
  const signing = { certificate: 'abc', issuer: 'https://yba.test' };
  const set = code!.certificate!(
    { patient, about: dose, found: new Map(), now, number: '', signing },
    () => [],
  );
  const key = await openCardKeys(world.program.kernel.pool, world.program.kernel.keys, () => now).signing();
  const verdict = await verdictOf(
    signCertificate({ claim: 1, country: 'VN', days: 365, set, key, now, rid: 'abc' }),
  );
  assert.ok(verdict.state === 'valid');
  assert.equal(verdict.certificate.kind, 'dcc');
  assert.equal(verdict.certificate.name, 'Đỗ Thị Ẵm');
  assert.equal(verdict.certificate.id, 'URN:UVCI:01:VN:abc');
  assert.deepEqual(
    verdict.certificate.doses.map((each) => [each.day, each.dose]),
    [['2024-02-11', 1]],
  );
});
