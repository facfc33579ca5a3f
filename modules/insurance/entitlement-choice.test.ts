import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { coverageOn, defaultCategory } from './entitlement-choice.ts';
import { coverageOf } from './entitlement-coverage.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const card = (cardNumber: string, validFrom: string, validTo: string | null, active = true) =>
  coverageOf(
    {
      cardNumber,
      validFrom,
      validTo,
      active,
      registeredFacility: null,
      fiveYearsOn: null,
      exemptFrom: null,
      livingArea: null,
    },
    'p1',
  );
const chosen = (...cards: ReturnType<typeof card>[]) =>
  coverageOn(cards, '2026-11-22', content)?.identifier?.[0]?.value ?? null;

test('several groups: the highest level of those valid counts (Decree 188/2025 article 21)', () => {
  assert.equal(
    chosen(
      card('GD4000000000001', '2026-01-01', '2026-12-31'),
      card('HT3000000000001', '2026-01-01', '2026-12-31'),
    ),
    'HT3000000000001',
  );
});
test('an ended or withdrawn card does not win over a valid one', () => {
  assert.equal(
    chosen(
      card('HN2000000000001', '2025-01-01', '2025-12-31'),
      card('HN2000000000002', '2026-01-01', '2026-12-31', false),
      card('GD4000000000001', '2026-01-01', null),
    ),
    'GD4000000000001',
  );
});
test('with none valid the one that ended last is shown; without cards there is none', () => {
  assert.equal(
    chosen(
      card('GD4000000000001', '2024-01-01', '2024-12-31'),
      card('GD4000000000002', '2025-01-01', '2025-12-31'),
    ),
    'GD4000000000002',
  );
  assert.equal(chosen(), null);
});
test('a commune station begins with 1.2, anybody without a card with 9, other facilities ask', () => {
  assert.equal(defaultCategory('tram-y-te', true, '2026-11-22', content), '1.2');
  assert.equal(defaultCategory('benh-vien', true, '2026-11-22', content), null);
  assert.equal(defaultCategory('benh-vien', false, '2026-11-22', content), '9');
});
