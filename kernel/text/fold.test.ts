import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldKeepingMarks, foldSlowly, foldText } from './fold.ts';

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

test('letter by letter gives what the definitions of Unicode give, for every letter and for texts of any letters', () => {
  const differs = (text: string) => foldText(text) !== foldSlowly(text);
  const wrong: string[] = [];
  for (let code = 0; code < 0x10000; code++) {
    const letter = String.fromCharCode(code);
    for (const text of [letter, `x${letter}y`, `${letter} b`, `a ${letter}`])
      if (differs(text)) wrong.push(text);
  }
  const letters = [..."aàáảãạăắđĐêỆơỢưỰỵyZ09 -.,'\t\u00a0ßΣσİœﬁ中😀½ª\u0301\u0323"];
  let seed = 7;
  for (let round = 0; round < 50_000; round++) {
    const text = Array.from({ length: round % 9 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      return letters[(seed >> 8) % letters.length];
    }).join('');
    if (differs(text)) wrong.push(text);
  }
  assert.deepEqual(wrong, []);
});
