import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMeant } from './is-meant.ts';

const row = { name: 'Đỗ Thị Ánh Đào', ticket: '007' };

test('words of the name without marks, in any order and not to their end; the ticket as a number', () => {
  for (const text of ['', '  ', 'anh', 'dao do', 'ĐÀO', 'Ánh Đ', '7', '007', 'do 7']) {
    assert.ok(isMeant(row, text), text);
  }
  for (const text of ['nh', 'lan', '8', '07a', 'do 8', '0']) assert.ok(!isMeant(row, text), text);
});
