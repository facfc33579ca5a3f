import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { registerOn } from './register.ts';

const content = openContent(join(import.meta.dirname, '../../content'));

test('the book is the one in force on the day, and none is invented outside its dates', () => {
  assert.equal(registerOn(content, 'so-kham-benh', '2026-11-22')?.definition.code, 'A1/CSYT');
  assert.equal(registerOn(content, 'so-kham-benh', '2027-03-02'), null);
  assert.equal(registerOn(content, 'so-kham-benh', '2022-12-31'), null);
  assert.equal(registerOn(content, 'so-khong-co', '2026-11-22'), null);
});
