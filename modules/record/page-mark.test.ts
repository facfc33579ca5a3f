import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPageMark, writePageMark } from './page-mark.ts';

test('a mark is read as it was written; nothing is the first page', () => {
  const mark = { instant: '2026-11-22T01:10:00.123456Z', key: 'abc-1.2' };
  assert.deepEqual(readPageMark(writePageMark(mark)), mark);
  assert.equal(readPageMark(undefined), null);
  assert.equal(readPageMark(''), null);
});

test('what is no mark is refused, also what only JavaScript takes for an instant', () => {
  for (const text of [
    '1|x',
    '2026|x',
    'x',
    '2026-11-22T01:10:00.123456Z',
    '2026-11-22T01:10:00.123456Z|',
    '2026-13-45T99:99:99.000000Z|x',
  ]) {
    assert.throws(() => readPageMark(text), { code: 'invalid-parameter' }, text);
  }
});
