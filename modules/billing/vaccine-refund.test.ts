/** Part of a package goes back in whole đồng, never more than was paid and never less than nothing. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { refundOf, refundRuleOn } from './vaccine-refund.ts';

test('three doses for 5.250.000 instead of 5.520.000, one given: by its own price, or by its share', () => {
  assert.equal(refundOf('listed', 5_250_000, [1_840_000], [1_840_000, 1_840_000]), 3_410_000);
  assert.equal(refundOf('share', 5_250_000, [1_840_000], [1_840_000, 1_840_000]), 3_500_000);
});

test('doses that were given may cost more by themselves than the package: then nothing goes back', () => {
  assert.equal(refundOf('listed', 1_000, [900, 900], [100]), 0);
});

test('whatever was given: whole đồng, between nothing and all; nothing given = all, all given by share = nothing', () => {
  let seed = 7;
  const random = (to: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % to;
  };
  for (let round = 0; round < 2_000; round += 1) {
    const prices = Array.from({ length: 1 + random(6) }, () => 1_000 + random(2_000_000));
    const listed = prices.reduce((all, price) => all + price, 0);
    const paid = Math.max(1, listed - random(listed));
    const at = random(prices.length + 1);
    const [given, rest] = [prices.slice(0, at), prices.slice(at)];
    for (const rule of ['listed', 'share'] as const) {
      const back = refundOf(rule, paid, given, rest);
      assert.ok(Number.isSafeInteger(back) && back >= 0 && back <= paid, `${rule} ${back} of ${paid}`);
      if (at === 0) assert.equal(back, paid);
    }
    if (rest.length === 0) assert.equal(refundOf('share', paid, given, rest), 0);
  }
});

test('the rule of the day of buying; before the list nothing goes back in part', () => {
  const content = openContent(join(import.meta.dirname, '../../content'));
  assert.equal(refundRuleOn(content, '2026-11-22'), 'listed');
  assert.equal(refundRuleOn(content, '2025-12-31'), null);
});
