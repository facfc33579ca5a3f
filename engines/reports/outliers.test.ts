import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ASKED_FROM, medianOf, scoreOf } from './outliers.ts';

test('the modified z-score is 0.6745 × (x − median) ÷ MAD (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.17)', () => {
  const others = [8, 9, 10, 10, 11, 12, 20];
  assert.equal(medianOf(others), 10);
  const { score, median } = scoreOf(30, others, 0)!;
  assert.equal(median, 10);
  assert.ok(Math.abs(score - (0.6745 * 20) / 1) < 1e-9, 'deviations 2 1 0 0 1 2 10: MAD 1');
});

test('equal numbers: a small change is chance, a large one is asked about; few numbers say nothing', () => {
  const equal = Array.from({ length: 12 }, () => 100);
  assert.ok(Math.abs(scoreOf(120, equal)!.score) < ASKED_FROM);
  assert.ok(scoreOf(140, equal)!.score > ASKED_FROM);
  assert.ok(scoreOf(0, equal)!.score < -ASKED_FROM);
  const none = Array.from({ length: 12 }, () => 0);
  assert.ok(scoreOf(3, none)!.score < ASKED_FROM);
  assert.ok(scoreOf(300, none)!.score > ASKED_FROM);
  assert.equal(scoreOf(1000, [1, 2, 3]), null);
});
