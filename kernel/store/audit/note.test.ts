/** Checkpoints as C2SP signed-note, tlog-checkpoint and tlog-cosignature say. */
import assert from 'node:assert/strict';
import { createHash, randomBytes, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import {
  cosign,
  cosignedAt,
  headText,
  isSigned,
  keyId,
  LOG_KEY,
  noteLine,
  parseCheckpoint,
  parseVerifierKey,
  privateKeyOf,
  publicBytes,
  publicKeyOf,
  signHead,
  verifierKey,
  WITNESS_KEY,
} from './note.ts';

const seed = randomBytes(32);
const publicKey = publicBytes(seed);
const head = { origin: 'yba.vn/nhat-ky/thu', size: 15, root: createHash('sha256').update('goc').digest() };
const checkpoint = () =>
  `${headText(head)}\n${noteLine(head.origin, keyId(head.origin, LOG_KEY, publicKey), signHead(head, privateKeyOf(seed)))}`;

test('the key of RFC 8032 7.1 test 1 signs as the RFC says', () => {
  const first = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
  assert.equal(
    publicBytes(first).toString('hex'),
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  );
  assert.match(
    sign(null, Buffer.alloc(0), privateKeyOf(first)).toString('hex'),
    /^e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155/,
  );
});

test('the key of the example of C2SP signed-note is read, and one with another identifier is not', () => {
  const example = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  assert.equal(parseVerifierKey(example)?.name, 'PeterNeumann');
  assert.equal(parseVerifierKey(example.replace('c74f20a3', 'c74f20a4')), null);
  const { name, kind, publicKey: key } = parseVerifierKey(example)!;
  assert.equal(verifierKey(name, kind, key), example);
});

test('the signature of the same example holds', () => {
  const text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const signed = Buffer.from(
    'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
    'base64',
  );
  const key = parseVerifierKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')!;
  assert.equal(signed.subarray(0, 4).toString('hex'), 'c74f20a3');
  assert.equal(verify(null, Buffer.from(text), publicKeyOf(key.publicKey), signed.subarray(4)), true);
});

test('a checkpoint is three lines, an empty one and the signature with the key identifier of the spec', () => {
  const text = checkpoint();
  assert.match(
    text,
    /^yba\.vn\/nhat-ky\/thu\n15\n[A-Za-z0-9+/]{43}=\n\n\u2014 yba\.vn\/nhat-ky\/thu [A-Za-z0-9+/=]+\n$/,
  );
  const parsed = parseCheckpoint(text)!;
  assert.deepEqual(parsed.head, head);
  const id = createHash('sha256')
    .update(Buffer.concat([Buffer.from(`${head.origin}\n\u0001`), publicKey]))
    .digest();
  assert.equal(parsed.lines[0]!.id.equals(id.subarray(0, 4)), true);
  assert.equal(isSigned(parsed.head, parsed.lines[0]!.rest, publicKeyOf(publicKey)), true);
  const changed = { ...parsed.head, size: 14 };
  assert.equal(isSigned(changed, parsed.lines[0]!.rest, publicKeyOf(publicKey)), false);
});

test('a witness signs the text with its time, and for this text alone', () => {
  const witness = randomBytes(32);
  const text = checkpoint() + cosign(headText(head), 'so-y-te', witness, 1_795_000_000);
  const { lines, text: body } = parseCheckpoint(text)!;
  const key = publicBytes(witness);
  assert.equal(cosignedAt(body, lines[1]!, 'so-y-te', key), 1_795_000_000);
  assert.equal(cosignedAt(body, lines[1]!, 'so-khac', key), null);
  assert.equal(cosignedAt(body.replace('15', '16'), lines[1]!, 'so-y-te', key), null);
  assert.equal(cosignedAt(body, lines[0]!, 'so-y-te', key), null);
  assert.match(verifierKey('so-y-te', WITNESS_KEY, key), /^so-y-te\+[0-9a-f]{8}\+B/);
});

test('what is no checkpoint is not read', () => {
  const good = checkpoint();
  for (const bad of [
    '',
    'a\n1\n',
    good.replace('\n15\n', '\n015\n'),
    good.replace('\n15\n', '\n-1\n'),
    `${good}x\n`,
  ])
    assert.equal(parseCheckpoint(bad), null, bad);
});
