import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { cardRemarks } from './card-remarks.ts';
import { coverageFacts } from './entitlement-coverage.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const NONE = coverageFacts({
  resourceType: 'Coverage',
  status: 'active',
  beneficiary: { reference: 'Patient/p' },
  payor: [],
});
const said = (cardNumber: string | null, birthDate?: string) =>
  cardRemarks({ ...NONE, cardNumber }, birthDate, '2026-11-22', content).map((remark) => remark.code);

test("a child's card of somebody of seven years or more is said; before that it may still hold", () => {
  assert.deepEqual(said('TE1000000000001', '2019-11-22'), ['child-card']);
  assert.deepEqual(said('TE1000000000001', '2019-11-23'), []);
  assert.deepEqual(said('TE1000000000001', '1985'), ['child-card']);
  assert.deepEqual(said('TE1000000000001'), []);
});

test('a group with another level than the list gives it is said; unknown groups and short numbers are not judged', () => {
  assert.deepEqual(said('GD4000000000001', '1985'), []);
  assert.deepEqual(said('GD1000000000001', '1985'), ['card-group-level']);
  assert.deepEqual(said('HT3000000000001', '1955'), []);
  assert.deepEqual(said('XX4000000000001', '1985'), []);
  assert.deepEqual(said('0000000001', '1985'), []);
  assert.deepEqual(said(null, '1985'), []);
});
