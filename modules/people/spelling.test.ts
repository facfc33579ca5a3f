import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneSpelling, otherSpellings } from './spelling.ts';

test('i and y alone after one consonant are one sound', () => {
  assert.deepEqual(['my', 'ly', 'quy', 'vy', 'ky', 'sy'].map(oneSpelling), [
    'mi',
    'li',
    'qui',
    'vi',
    'ki',
    'si',
  ]);
  assert.deepEqual(['huy', 'thuy', 'y', 'yen', 'minh'].map(oneSpelling), ['huy', 'thuy', 'y', 'yen', 'minh']);
});

test('the other spellings of a name keep its marks', () => {
  assert.deepEqual(otherSpellings('Khuất Thị Mĩ Duyên'), ['Khuất Thị Mỹ Duyên']);
  assert.deepEqual(otherSpellings('Lý Thị Mỹ'), ['Lí Thị Mỹ', 'Lý Thị Mĩ', 'Lí Thị Mĩ']);
  assert.deepEqual(otherSpellings('Nguyễn Văn Huy'), []);
});
