/** The rules of the content: all are sound, their test cases hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRules, checkRules, rulesOn } from './content.ts';
import { content, DAY } from './testing.ts';

test('every rule of the content may be published: places, codes, sources, test cases', () => {
  assert.deepEqual(checkRules(content), []);
  assert.ok(allRules(content).length >= 13);
});

test('rules are in force by day', () => {
  assert.ok(rulesOn(content, DAY).some(({ key }) => key === 'di-ung'));
  assert.deepEqual(rulesOn(content, '2025-12-31'), []);
});
