/** HCERT (smart.who.int/trust): made here by Node's own cryptography, verified as a browser does; RFC 9285's own examples for Base45. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { encode } from 'cborg';
import { fromBase45, toBase45 } from './base45.ts';
import { DDCC, ec, made, NOW, plain, SECONDS, signer } from './hcert.testing.ts';
import { verifyHcert } from './hcert.ts';

const DCC = plain({
  ver: '1.3.0',
  nam: { fn: 'Musterfrau', gn: 'Gabriele', fnt: 'MUSTERFRAU', gnt: 'GABRIELE' },
  dob: '1998-02-26',
  v: [
    plain({
      tg: '840539006',
      vp: '1119349007',
      mp: 'EU/1/20/1528',
      ma: 'ORG-100030215',
      dn: 1,
      sd: 2,
      dt: '2021-02-18',
      co: 'AT',
      is: 'Ministry',
      ci: 'URN:UVCI:01:AT:1',
    }),
  ],
});

const verify = (text: string, keys = [ec.trusted], now = NOW) => verifyHcert(text, keys, now);

test('Base45: the examples of RFC 9285 both ways; what is none is told', () => {
  for (const [text, coded] of [
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
  ] as const) {
    assert.equal(toBase45(Buffer.from(text)), coded);
    assert.equal(Buffer.from(fromBase45(coded)!).toString(), text);
  }
  for (const wrong of ['GGW', ':::', 'A', 'aBC', 'ZZ']) assert.equal(fromBase45(wrong), null, wrong);
});

test('DDCC:VS under ES256 is verified, and says who, what, when, where', async () => {
  const verdict = await verify(made());
  assert.equal(verdict.state, 'valid');
  assert.ok(verdict.state === 'valid');
  const { certificate } = verdict;
  assert.deepEqual(
    [
      certificate.kind,
      certificate.issuer,
      certificate.signer,
      certificate.name,
      certificate.birthDate,
      certificate.id,
    ],
    ['ddcc-vs', 'VN', 'Bộ Y tế (mẫu)', 'Nguyễn Thị Ẵm', '1988-02-09', 'VN-DEMO-0001'],
  );
  assert.deepEqual(certificate.doses, [
    {
      disease: { system: 'http://id.who.int/icd/release/11/mms', code: 'RA01' },
      vaccine: { system: 'http://id.who.int/icd/release/11/mms', code: 'XM0GQ8' },
      brand: { system: 'http://example.org/brand', code: 'BNT162b2' },
      manufacturer: 'ORG-100030215',
      lot: 'FX1234',
      day: '2021-11-20',
      dose: 2,
      doses: 2,
      country: 'VNM',
      centre: 'Trạm Y tế phường Vĩnh Yên',
    },
  ]);
});

test('PS256, a key named outside of what is signed, and no tag around it are as good (HCERT 3.3.2, 3.3.3)', async () => {
  const rsa = signer('rsa');
  assert.equal((await verify(made({ by: rsa }), [rsa.trusted])).state, 'valid');
  assert.equal((await verify(made({ kidIn: 'unprotected' }))).state, 'valid');
  assert.equal((await verify(made({ tag: false }))).state, 'valid');
});

test('the certificate that the network took over from the European Union is read too', async () => {
  const verdict = await verify(made({ hcert: new Map([[1, DCC]]) }));
  assert.ok(verdict.state === 'valid');
  assert.deepEqual(
    [
      verdict.certificate.kind,
      verdict.certificate.name,
      verdict.certificate.doses[0]?.day,
      verdict.certificate.id,
    ],
    ['dcc', 'Musterfrau Gabriele', '2021-02-18', 'URN:UVCI:01:AT:1'],
  );
});

test('all keys of one name are tried; a key that is trusted for another country signs nothing here', async () => {
  const other = signer('ec');
  const alike = { ...other.trusted, kid: ec.trusted.kid };
  assert.equal((await verify(made(), [alike, ec.trusted])).state, 'valid');
  assert.equal((await verify(made(), [alike])).state, 'tampered');
  assert.equal((await verify(made(), [{ ...ec.trusted, country: 'LA' }])).state, 'unknown-key');
  assert.equal((await verify(made(), [other.trusted])).state, 'unknown-key');
  assert.equal((await verify(made(), [])).state, 'unknown-key');
});

test('what was altered after signing, what is over, and what has not begun', async () => {
  const payload = encode(
    new Map<unknown, unknown>([
      [1, 'VN'],
      [4, SECONDS + 1],
      [6, 0],
      [-260, new Map([[3, DDCC]])],
    ]),
  );
  assert.equal((await verify(made({ payload }))).state, 'tampered');
  assert.equal((await verify(made({ claims: [[4, SECONDS - 1]] }))).state, 'expired');
  assert.equal((await verify(made({ claims: [[5, SECONDS + 60]] }))).state, 'not-yet');
});

test('an algorithm of nobody is trusted by nobody', async () => {
  const none = { ...ec, alg: 0 };
  assert.equal((await verify(made({ by: { ...none, key: signer('rsa').key } }))).state, 'unknown-key');
});

test('what is no certificate is said to be none: torn, of another kind, a bomb', async () => {
  const whole = made();
  for (const text of [
    '',
    'HC1:',
    'HC1:abc',
    `HC2:${whole.slice(4)}`,
    whole.slice(0, -9),
    `HC1:${toBase45(Buffer.from('hello'))}`,
    `HC1:${toBase45(deflateSync(encode({ a: 1 })))}`,
    `HC1:${toBase45(deflateSync(Buffer.alloc(5_000_000)))}`,
    made({ hcert: new Map([[99, DDCC]]) }),
  ])
    assert.equal((await verify(text)).state, 'not-a-card', text.slice(0, 30));
});
