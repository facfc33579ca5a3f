import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { parseCsv } from '../../kernel/content/csv.ts';
import { entitlementOn } from './entitlement.ts';
import type { CoverageFacts, VisitFacts } from './entitlement-facts.ts';

const content = openContent(join(import.meta.dirname, '../../content'));

/** Demo card of a level digit: province `00`, social insurance number beginning `00`. */
const card = (digit: string, more: Partial<CoverageFacts> = {}): CoverageFacts => ({
  cardNumber: `GD${digit}000000000001`,
  validFrom: '2020-01-01',
  validTo: '2027-12-31',
  active: true,
  registeredFacility: '25D01',
  fiveYearsOn: null,
  exemptFrom: null,
  livingArea: null,
  ...more,
});

const visit = (category: string, more: Partial<VisitFacts> = {}): VisitFacts => ({
  category,
  setting: 'outpatient',
  arrivedOn: '2026-08-01',
  insuredTotal: null,
  copaidThisYear: null,
  ...more,
});

const codes = (remarks: { code: string }[]) => remarks.map((each) => each.code);

describe('worked cases M01–M33 of the shared money examples: MUC_HUONG of every line', () => {
  const path = join(import.meta.dirname, '../billing/fixtures/money-worked-examples.csv');
  const rows = parseCsv(readFileSync(path, 'utf8'));
  const DIGIT: Record<string, string> = { '80': '4', '95': '3', '100': '2' };
  for (const total of rows.filter((row) => row.row === 'total')) {
    const lines = rows.filter((row) => row.case === total.case && row.row !== 'total');
    for (const line of lines) {
      test(`${total.case}.${line.row} ${total.title}`, () => {
        const level = total.card_level!;
        const exempt = total.exempt === 'yes' || line.rule === 'exempt';
        const coverage =
          level === '0' ? null : card(DIGIT[level]!, exempt ? { exemptFrom: total.visit_date! } : {});
        const facts = visit(total.category!, {
          setting: total.title!.includes('inpatient') ? 'inpatient' : 'outpatient',
          arrivedOn: total.visit_date!,
          insuredTotal: Number(total.thanh_tien_bh),
        });
        const given = entitlementOn(coverage, facts, total.visit_date!, content);
        assert.equal(given.effective, Number(line.muc_huong || 0));
        if (coverage) {
          assert.equal(given.level, Number(level));
          assert.equal(given.rate, Number(total.route_rate));
          assert.equal(given.smallBillLimit, Number(total.limit_15_percent));
        }
      });
    }
  }
});

describe('quick cases at bill level (bhyt-benefits.md section 9)', () => {
  const cases: [string, string, Partial<VisitFacts> & { category: string }, string, number][] = [
    ['commune station', '4', { category: '1.2', insuredTotal: 900_000 }, '2026-08-01', 100],
    ['registered hospital, small bill', '4', { category: '1.1', insuredTotal: 379_499 }, '2026-08-01', 100],
    ['exactly 15 % is not below', '4', { category: '1.1', insuredTotal: 379_500 }, '2026-08-01', 80],
    ['pensioner', '3', { category: '1.1', insuredTotal: 1_000_000 }, '2026-08-01', 95],
    [
      'self-referred outpatient on 01/08/2026',
      '4',
      { category: '1.14', insuredTotal: 1_000_000 },
      '2026-08-01',
      40,
    ],
    ['the same on 01/06/2026', '4', { category: '1.14', insuredTotal: 1_000_000 }, '2026-06-01', 0],
    [
      'self-referred inpatient, former central',
      '4',
      { category: '3.1', setting: 'inpatient', insuredTotal: 20_000_000 },
      '2026-08-01',
      32,
    ],
  ];
  for (const [title, digit, { category, ...more }, date, percent] of cases) {
    test(title, () => {
      assert.equal(entitlementOn(card(digit), visit(category, more), date, content).effective, percent);
    });
  }
});

describe('exemption from co-payment (Decree 188/2025 article 18)', () => {
  const five = card('4', { fiveYearsOn: '2024-01-01' });
  const bill = { insuredTotal: 5_000_000 };

  test('exempt after 15,180,001 co-paid: strictly more than six base salaries', () => {
    const given = entitlementOn(
      five,
      visit('1.1', { ...bill, copaidThisYear: 15_180_001 }),
      '2026-11-10',
      content,
    );
    assert.equal(given.rule, 'exempt');
    assert.equal(given.effective, 100);
  });

  test('not exempt at exactly six base salaries, and the unknown conversion of 2026 is shown', () => {
    const given = entitlementOn(
      five,
      visit('1.1', { ...bill, copaidThisYear: 15_180_000 }),
      '2026-11-10',
      content,
    );
    assert.equal(given.effective, 80);
    assert.ok(codes(given.warnings).includes('conversion-unknown'));
  });

  test('co-payment alone does not exempt without five continuous years', () => {
    const since = card('4', { fiveYearsOn: '2027-01-01' });
    const given = entitlementOn(
      since,
      visit('1.1', { ...bill, copaidThisYear: 99_000_000 }),
      '2026-11-10',
      content,
    );
    assert.equal(given.effective, 80);
  });

  test('an exemption of last year has ended on 31 December', () => {
    const last = card('4', { exemptFrom: '2025-10-01' });
    assert.equal(entitlementOn(last, visit('1.1', bill), '2025-12-31', content).effective, 100);
    assert.equal(entitlementOn(last, visit('1.1', bill), '2026-01-01', content).effective, 80);
  });

  test('a self-referred visit keeps its rate and says that this rule is unverified', () => {
    const exempt = card('4', { exemptFrom: '2026-05-01' });
    const given = entitlementOn(exempt, visit('1.14', bill), '2026-08-01', content);
    assert.equal(given.effective, 40);
    assert.ok(codes(given.warnings).includes('exemption-route-unverified'));
  });
});

describe('the card on the day', () => {
  const ended = card('4', { validTo: '2026-08-10' });

  test('valid on its first and last day, both included', () => {
    const short = card('4', { validFrom: '2026-08-01', validTo: '2026-08-01' });
    assert.equal(entitlementOn(short, visit('1.1'), '2026-08-01', content).insured, true);
  });

  test('an ended card pays nothing for an outpatient, and says what to do', () => {
    const given = entitlementOn(ended, visit('1.2', { arrivedOn: '2026-08-11' }), '2026-08-11', content);
    assert.equal(given.insured, false);
    assert.equal(given.effective, 0);
    assert.match(given.reasons[0]!.vi, /hết hạn ngày 10\/08\/2026/);
  });

  test('a card that ends during a stay is paid 15 days more (Decree 188 article 50), not the 16th', () => {
    const stay = visit('1.1', { setting: 'inpatient', arrivedOn: '2026-08-09' });
    assert.equal(entitlementOn(ended, stay, '2026-08-25', content).card?.graceUntil, '2026-08-25');
    assert.equal(entitlementOn(ended, stay, '2026-08-25', content).effective, 80);
    assert.equal(entitlementOn(ended, stay, '2026-08-26', content).insured, false);
  });

  test('no grace for a stay that began after the card had ended', () => {
    const stay = visit('1.1', { setting: 'inpatient', arrivedOn: '2026-08-11' });
    assert.equal(entitlementOn(ended, stay, '2026-08-12', content).insured, false);
  });

  test('not yet valid, withdrawn, none: each has its own sentence', () => {
    const reason = (coverage: CoverageFacts | null) =>
      entitlementOn(coverage, visit('1.2'), '2026-08-01', content).reasons[0]!.code;
    assert.equal(reason(card('4', { validFrom: '2026-09-01' })), 'card-not-yet');
    assert.equal(reason(card('4', { active: false })), 'card-inactive');
    assert.equal(reason(null), 'no-card');
  });

  test('a 10-digit number shows no level: the lowest is assumed and said; a commune station pays 100 % all the same', () => {
    const short = card('4', { cardNumber: '0000000001' });
    const given = entitlementOn(short, visit('1.1', { insuredTotal: 1_000_000 }), '2026-08-01', content);
    assert.equal(given.levelKnown, false);
    assert.equal(given.effective, 80);
    assert.ok(codes(given.warnings).includes('level-unknown'));
    assert.equal(entitlementOn(short, visit('1.2'), '2026-08-01', content).effective, 100);
  });
});

describe('what is not sure is shown', () => {
  test('the base salary since 01/07/2026 is secondary, the one before is sourced', () => {
    const at = (date: string) => codes(entitlementOn(card('4'), visit('1.1'), date, content).warnings);
    assert.ok(at('2026-08-01').includes('base-salary-unverified'));
    assert.ok(!at('2026-06-30').includes('base-salary-unverified'));
    const station = entitlementOn(card('4'), visit('1.2'), '2026-08-01', content);
    assert.deepEqual(station.warnings, [], 'where the threshold decides nothing, nothing is said of it');
  });

  test('a category without a stated rate (7.2) assumes the card level and warns', () => {
    const given = entitlementOn(card('4'), visit('7.2', { insuredTotal: 500_000 }), '2026-08-01', content);
    assert.equal(given.effective, 80);
    assert.ok(codes(given.warnings).includes('rate-by-case'));
  });

  test('an unknown category and one of the other setting pay nothing and say so', () => {
    const unknown = entitlementOn(card('4'), visit('7.1'), '2026-08-01', content);
    assert.equal(unknown.effective, 0);
    assert.ok(codes(unknown.warnings).includes('category-unknown'));
    const other = entitlementOn(card('4'), visit('1.15'), '2026-08-01', content);
    assert.ok(codes(other.warnings).includes('category-other-setting'));
  });

  test('before the costs are known the desk hears about the 15 % threshold', () => {
    const given = entitlementOn(card('4'), visit('1.1'), '2026-08-01', content);
    assert.match(given.reasons.map((each) => each.vi).join(' '), /dưới 379\.500 ₫/);
  });
});
