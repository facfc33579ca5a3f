import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NamedStatements } from './named.ts';

test('a text is named when it comes for the third time, and keeps its name', () => {
  const named = new NamedStatements();
  const names = [1, 2, 3, 4].map(() => named.of('select 1', []).name);
  assert.deepEqual(names, [undefined, undefined, 'search_1', 'search_1']);
  const others = [1, 2, 3].map(() => named.of('select 2', []).name);
  assert.deepEqual(others, [undefined, undefined, 'search_2'], 'another text has another name');
});

test('values go with their text', () => {
  const named = new NamedStatements();
  for (let i = 0; i < 3; i++) {
    const { text, values } = named.of('select $1', [i]);
    assert.deepEqual([text, values], ['select $1', [i]]);
  }
});

test('however many texts strangers think up, so many are named and no more', () => {
  const named = new NamedStatements();
  const names = new Set<string>();
  for (let text = 0; text < 1000; text++) {
    for (let time = 0; time < 4; time++) names.add(named.of(`select ${text}`, []).name ?? '');
  }
  assert.equal(names.size, 201, '200 names and the unnamed');
});
