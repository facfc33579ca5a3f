import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSearchable, rankFound } from './rank.ts';

const rank = (typed: string, labels: string[]) =>
  rankFound(
    typed,
    labels.map((label) => ({ code: label.slice(0, 3), label })),
    (one) => one.code,
    (one) => one.label,
  ).map((one) => one.label);

test('exact marks come first (ui.md, Behaviour 1)', () => {
  assert.deepEqual(rank('hồ', ['Hố ga', 'Hô hấp', 'Hồ Văn An']), ['Hồ Văn An', 'Hố ga', 'Hô hấp']);
});

test('the code itself is the best match', () => {
  const found = [
    { code: 'J020', label: 'J02 lành' },
    { code: 'J02', label: 'Viêm họng cấp' },
  ];
  const ranked = rankFound(
    'j02',
    found,
    (one) => one.code,
    (one) => one.label,
  );
  assert.equal(ranked[0]?.code, 'J02');
});

test('among equals the order of the server stays', () => {
  assert.deepEqual(rank('viem', ['Viêm phổi', 'Viêm họng']), ['Viêm phổi', 'Viêm họng']);
});

test('the search begins at three letters, or at two with a digit', () => {
  assert.equal(isSearchable('ho'), false);
  assert.equal(isSearchable('h o n'), true);
  assert.equal(isSearchable('j0'), true);
  assert.equal(isSearchable('đầu'), true);
  assert.equal(isSearchable('   '), false);
});
