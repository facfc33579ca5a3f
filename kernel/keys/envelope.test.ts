import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyOf, SealFault, seal, unseal } from './envelope.ts';

const range = (from: number, count: number) => Buffer.from(Array.from({ length: count }, (_, n) => from + n));
const KEY = range(0, 32);

test('AES-256-GCM under the place and the key, by the vector of signing-and-trust.md section 16', () => {
  const sealed = seal('k1', KEY, 'Patient/123|name', Buffer.from('Nguyễn Văn An', 'utf8'), range(0, 12));
  const [version, kid, , text, tag] = sealed.split('.');
  const hex = (part: string | undefined) => Buffer.from(part!, 'base64url').toString('hex');
  assert.deepEqual([version, kid], ['v1', 'k1']);
  assert.equal(hex(text), '0965a362245e4775ad175308dfc93903');
  assert.equal(hex(tag), '9c9158dd9d3fbfa4a0b2f4d4d9c101f7');
  assert.equal(unseal(KEY, 'Patient/123|name', sealed).toString('utf8'), 'Nguyễn Văn An');
});

test('what was altered, moved, renamed or cut does not open', () => {
  const sealed = seal('k1', KEY, 'a/1|x', Buffer.from('secret'));
  const [, , nonce, text, tag] = sealed.split('.');
  const refused = [
    [sealed, 'a/2|x'],
    [`v1.k2.${nonce}.${text}.${tag}`, 'a/1|x'],
    [`v1.k1.${nonce}..${tag}`, 'a/1|x'],
    [sealed.slice(0, -1), 'a/1|x'],
    [`v1.k1.${nonce}.${text}.${tag!.slice(0, 8)}`, 'a/1|x'],
    ['secret', 'a/1|x'],
  ] as const;
  for (const [value, place] of refused) assert.throws(() => unseal(KEY, place, value), SealFault, value);
  assert.throws(() => unseal(range(1, 32), 'a/1|x', sealed), SealFault);
  assert.equal(keyOf(sealed), 'k1');
  assert.equal(keyOf('plain.text'), null);
});

test('one text is sealed twice in two ways, so equal secrets do not show', () => {
  assert.notEqual(seal('k', KEY, 'p', Buffer.from('x')), seal('k', KEY, 'p', Buffer.from('x')));
});
