/** RFC 6238 and RFC 4226, by their own worked examples. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptedStep, base32, codeAt, otpauthUri, stepOf } from './totp.ts';

const SECRET = Buffer.from('12345678901234567890');

test('RFC 6238 appendix B: codes of eight digits with SHA-1', () => {
  const examples: [number, string][] = [
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ];
  for (const [seconds, code] of examples)
    assert.equal(codeAt(SECRET, stepOf(new Date(seconds * 1000)), 8), code);
});

test('RFC 4226 appendix D: the first ten codes of six digits', () => {
  const codes = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');
  assert.deepEqual(
    codes.map((_, step) => codeAt(SECRET, step)),
    codes,
  );
});

test('a clock half a minute off is let in, a minute and more is not', () => {
  const at = new Date('2026-11-22T08:00:10Z');
  const code = (steps: number) => codeAt(SECRET, stepOf(at) + steps);
  assert.deepEqual(
    [-2, -1, 0, 1, 2].map((steps) => acceptedStep(SECRET, code(steps), at, 0) !== null),
    [false, true, true, true, false],
  );
});

test('RFC 6238 §5.2: a code counts once, and none that is older than it', () => {
  const at = new Date('2026-11-22T08:00:10Z');
  const step = acceptedStep(SECRET, codeAt(SECRET, stepOf(at)), at, 0)!;
  assert.equal(acceptedStep(SECRET, codeAt(SECRET, stepOf(at)), at, step), null);
  assert.equal(acceptedStep(SECRET, codeAt(SECRET, stepOf(at) - 1), at, step), null);
  assert.equal(acceptedStep(SECRET, codeAt(SECRET, stepOf(at) + 1), at, step), step + 1);
});

test('anything that is not six digits is wrong', () => {
  const at = new Date('2026-11-22T08:00:10Z');
  for (const code of ['', '12345', '1234567', 'abcdef', '１２３４５６', '12345\u0000'])
    assert.equal(acceptedStep(SECRET, code, at, 0), null);
});

test('RFC 4648 §10: base32; the address that generators read', () => {
  assert.equal(base32(Buffer.from('foobar')), 'MZXW6YTBOI');
  const uri = new URL(otpauthUri(SECRET, 'ha.ntt'));
  assert.equal(uri.searchParams.get('secret'), base32(SECRET));
  assert.equal(uri.searchParams.get('issuer'), 'Y Bạ');
});
