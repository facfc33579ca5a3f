import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Paces } from './pace.ts';

test('what is left follows from the pace so far, within bounds', () => {
  const paces = new Paces();
  assert.equal(paces.left('Patient', 0, 1_000), 30);
  assert.equal(paces.left('Patient', 0, 3_000), 30);
  assert.equal(paces.left('Patient', 0.25, 11_000), 30);
  assert.equal(paces.left('Patient', 0.5, 21_000), 20);
  assert.equal(paces.left('Patient', 0.999, 41_000), 2);
  assert.equal(paces.left('Patient', 0.000_001, 41_000), 30, 'a tiny gain after a restart begins anew');
  assert.equal(paces.left('Observation', 0.5, 0), 30);
  assert.equal(paces.left('Observation', 0.500_001, 60_000), 3_600);
});

test('a pass that begins anew is reckoned anew; what is done is forgotten', () => {
  const paces = new Paces();
  paces.left('Patient', 0.5, 0);
  assert.equal(paces.left('Patient', 0.1, 10_000), 30);
  assert.equal(paces.left('Patient', 0.2, 20_000), 80);
  paces.keepOnly(new Set());
  assert.equal(paces.left('Patient', 0.9, 30_000), 30);
});
