/** No open redirect by `next`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextPath } from './next-path.ts';

const ORIGIN = 'https://yba.example.vn';
const at = (next: string) => nextPath(`?next=${encodeURIComponent(next)}`, ORIGIN);

test('a local address is followed with its query', () => {
  assert.equal(at('/ho-so/1?loc=a#b'), '/ho-so/1?loc=a#b');
  assert.equal(at('/oauth2/auth/abc'), '/oauth2/auth/abc');
});

test('nothing leads elsewhere', () => {
  for (const next of [
    '',
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n//evil.example',
    'javascript:alert(1)',
    'evil',
    '/x\\y',
    '/dang-nhap?next=/dang-nhap',
  ])
    assert.equal(at(next), '/', JSON.stringify(next));
  assert.equal(nextPath('', ORIGIN), '/');
});
