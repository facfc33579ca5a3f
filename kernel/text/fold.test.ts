import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldKeepingMarks, foldText } from './fold.ts';

test('old and new tone placement fold alike, with and without marks', () => {
  for (const [old, now] of [
    ['Hòa', 'Hoà'],
    ['hòa bình', 'hoà bình'],
    ['khỏe', 'khoẻ'],
    ['Thủy', 'Thuỷ'],
    ['ÚY', 'UÝ'],
    ['lọa', 'loạ'],
  ] as const) {
    assert.equal(foldText(old), foldText(now));
    assert.equal(foldKeepingMarks(old), foldKeepingMarks(now), old);
  }
});

test('what is no such pair keeps its tone where it is', () => {
  for (const word of ['hoàn', 'mùa', 'của', 'nguyễn', 'toán', 'lúa', 'huỳnh', 'đào', 'hoa']) {
    assert.equal(foldKeepingMarks(word), word);
  }
});

test('marks that were sent apart from their letters are the same marks', () => {
  assert.equal(foldKeepingMarks('Ánh'.normalize('NFD')), 'ánh');
});
