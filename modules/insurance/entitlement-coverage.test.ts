import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Coverage } from '../../kernel/fhir/types.ts';
import { coverageFacts, coverageOf, isSameCard, sameCoverage } from './entitlement-coverage.ts';

const facts = {
  cardNumber: 'HT3000000000007',
  validFrom: '2026-01-01',
  validTo: '2026-12-31',
  active: true,
  registeredFacility: '25D01',
  fiveYearsOn: '2023-01-01',
  exemptFrom: null,
  livingArea: 'K1',
};

test('facts → Coverage → facts loses nothing', () => {
  assert.deepEqual(coverageFacts(coverageOf(facts, 'p1')), facts);
});

test('the Coverage follows docs/model.md: bhyt identifier, bhxh subscriber, group class, payor', () => {
  const coverage = coverageOf(facts, 'p1');
  assert.equal(coverage.identifier?.[0]?.system, 'http://yba.vn/fhir/sid/bhyt');
  assert.equal(coverage.subscriberId, '0000000007');
  assert.equal(coverage.class?.[0]?.value, 'HT');
  assert.equal(coverage.beneficiary.reference, 'Patient/p1');
  assert.equal(coverage.payor[0]?.reference, 'Organization/bhxh');
});

test('a card that shows less erases nothing that is known, and keeps foreign extensions', () => {
  const previous: Coverage = { ...coverageOf(facts, 'p1'), id: 'c1' };
  previous.extension?.push({ url: 'http://example.org/x', valueString: 'kept' });
  const short = { ...facts, cardNumber: '0000000007', validTo: null, fiveYearsOn: null, livingArea: null };
  const next = coverageOf(short, 'p1', previous);
  assert.ok(sameCoverage(next, previous));
  assert.equal(next.id, 'c1');
  assert.ok(next.extension?.some((each) => each.valueString === 'kept'));
});

test('a later end date is a change', () => {
  const previous = coverageOf(facts, 'p1');
  assert.ok(!sameCoverage(coverageOf({ ...facts, validTo: '2027-12-31' }, 'p1', previous), previous));
});

test('the 10-digit number of a full card is the same card; another group letter is another card', () => {
  const coverage = coverageOf(facts, 'p1');
  assert.ok(isSameCard({ ...facts, cardNumber: '0000000007' }, coverage));
  assert.ok(!isSameCard({ ...facts, cardNumber: 'DN4000000000007' }, coverage));
});
