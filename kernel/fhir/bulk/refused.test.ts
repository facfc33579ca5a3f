import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_TOLD, Refused } from './refused.ts';

test('refused lines are told in their order; beyond the bound, how many', () => {
  const refused = new Refused();
  const at = (line: number) => ({ line, place: '', text: 'sai', textEn: 'wrong' });
  refused.add([at(3), at(1)]);
  for (let n = 0; n < 50; n++) refused.add(Array.from({ length: 1_000 }, (_, k) => at(10 + n * 1_000 + k)));
  const told = refused.outcomes() as { issue: { diagnostics: string }[] }[];
  assert.equal(told.length, MOST_TOLD + 1);
  assert.deepEqual(
    [told[0], told[1], told.at(-1)].map((one) => one!.issue[0]!.diagnostics),
    [
      'Line 1: wrong',
      'Line 3: wrong',
      '40002 more faults are not listed: mend those that are, and import again.',
    ],
  );
});
