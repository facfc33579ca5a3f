import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Box, unreadOf } from './unread.ts';

const text = (words: string): Box => ({ text: words, kind: 'text' });
const number = (words: string): Box => ({ text: words, kind: 'number' });
const search = (words: string): Box => ({ text: words, kind: 'search' });

test('a box whose words are the answer, or that is empty, loses nothing', () => {
  assert.equal(unreadOf('integer', [12], [number('12')]), null);
  assert.equal(unreadOf('integer', [], [number('  ')]), null);
  assert.equal(unreadOf('date', ['1985'], [text('1985')]), null);
  assert.equal(unreadOf('dateTime', ['2026-01-02T07:30:00+07:00'], [text('2/1/26'), text('7:30')]), null);
  assert.equal(unreadOf('dateTime', ['2026-01-02'], [text('2/1/26'), text('')]), null);
  assert.equal(unreadOf('choice', [{ code: 'a' }], [search('An')]), null);
  assert.equal(unreadOf('choice', [{ code: 'a' }, { code: 'b' }], [search('')], true), null);
  assert.equal(unreadOf('string', [], [text('x')]), null);
});

test('words that are no answer are told: numbers, dates, times, searches, one among several, a time behind its day', () => {
  assert.equal(unreadOf('integer', [], [number('12o')]), '12o');
  assert.equal(unreadOf('decimal', [1], [number('1'), number('hai')]), 'hai');
  assert.equal(unreadOf('date', [], [text('32/13')]), '32/13');
  assert.equal(unreadOf('time', [], [text('bảy giờ')]), 'bảy giờ');
  assert.equal(unreadOf('dateTime', ['2026-01-02'], [text('2/1/26'), text('7x')]), '7x');
  assert.equal(unreadOf('choice', [], [search('cảm')]), 'cảm');
  assert.equal(unreadOf('choice', [{ code: 'a' }], [search('ho')], true), 'ho');
  assert.equal(unreadOf('reference', [], [search('Lan')]), 'Lan');
});

test('a unit in words beside its number is no number; words of one’s own are an answer', () => {
  assert.equal(unreadOf('quantity', [{ value: 1 }], [number('1'), text('thìa')]), null);
  assert.equal(unreadOf('quantity', [], [number('một'), text('thìa')]), 'một');
  assert.equal(unreadOf('open-choice', ['khác'], [text('khác')]), null);
});
