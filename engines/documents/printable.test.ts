import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canDraw } from './font.ts';
import { cutData, printableData, printableText } from './printable.ts';

const shown = (text: string) => printableText(text, canDraw);

test('Vietnamese text stays as it is, also written with loose marks', () => {
  assert.equal(shown('Nguyễn Ẵm Ỷ ộ đ'), 'Nguyễn Ẵm Ỷ ộ đ');
  assert.equal(shown('Nguyễn'.normalize('NFD')), 'Nguyễn');
});

test('what has no glyph is a question mark; what only turns or joins is left out', () => {
  assert.equal(shown('a😀b'), 'a?b');
  assert.equal(shown('مرحبا'), '?????');
  assert.equal(shown('a\u202eb\u200dc\u0007'), 'abc?');
  assert.equal(shown('một\r\nhai'), 'một\nhai');
});

test('a word of ten thousand letters may break', () => {
  const long = shown('x'.repeat(10_000));
  assert.ok(long.split('\u200b').every((part) => part.length <= 40));
  assert.equal(long.replaceAll('\u200b', '').length, 10_000);
});

test('every text of the data, however deep; names of members and other values stay', () => {
  assert.deepEqual(printableData({ 'a😀': ['😀', 1, null, { b: true, c: 'é' }] }, canDraw), {
    'a😀': ['?', 1, null, { b: true, c: 'é' }],
  });
});

test('what is too long for a roll is cut with a mark, by characters', () => {
  assert.deepEqual(cutData({ a: ['ngắn', 'Ẵ'.repeat(10), 5] }, 6), { a: ['ngắn', 'ẴẴẴẴẴ…', 5] });
});
