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

const STATUSES = ['official', 'secondary', 'compiled'];

test('limits are dated tables of the content: every row has its source, first day and how sure it is', () => {
  for (const name of ['dose-limits', 'renal-limits', 'age-limits', 'condition-limits', 'cross-reactivity'])
    for (const row of content.table(`drug/${name}`)) {
      assert.ok(row.source !== '' && /^\d{4}-\d{2}-\d{2}$/.test(row.valid_from!), JSON.stringify(row));
      assert.ok(STATUSES.includes(row.status!), `${name}: ${row.status}`);
      if (row.status === 'compiled') assert.match(row.source!, /chờ .* duyệt/, 'who sees the card is told');
    }
  const dosed = new Set(content.table('drug/dose-limits').map(({ ingredient }) => ingredient));
  assert.ok(dosed.size >= 20, `${dosed.size} ingredients`);
});
