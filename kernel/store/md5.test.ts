import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { hash64 } from './hash.ts';

const headOf = (hex: string) => BigInt.asIntN(64, BigInt(`0x${hex.slice(0, 16)}`));

/** RFC 1321, A.5. */
const SUITE: [string, string][] = [
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['a', '0cc175b9c0f1b6a831c399e269772661'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    '57edf4a22be3c955ac49da2e2107b67a',
  ],
];

test('the hash is the head of MD5: the test suite of RFC 1321', () => {
  for (const [text, digest] of SUITE) assert.equal(hash64(text), headOf(digest), text);
});

test('it agrees with OpenSSL for every length up to and beyond its buffer, in ASCII and in other letters', () => {
  for (const unit of ['x', 'đ', 'ệ', '𠮷', '\ud800']) {
    for (let length = 0; length < 530; length++) {
      const text = unit.repeat(length);
      assert.equal(hash64(text), headOf(hash('md5', text, 'hex')), `${unit} × ${length}`);
    }
  }
});
