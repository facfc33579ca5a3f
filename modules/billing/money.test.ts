/**
 * The 33 worked cases of `fixtures/money-worked-examples.csv`: computed from the formulas of Decision 3176/QĐ-BYT and
 * the benefit rules of 2025–2026, and recomputed independently of this code (reference data of the project,
 * bhyt/money-worked-examples.csv). Every amount must agree to the second decimal.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseCsv } from '../../kernel/content/csv.ts';
import {
  add,
  compare,
  decimal,
  equal,
  formatDecimal,
  multiply,
  percent,
  round,
  subtract,
  ZERO,
} from './decimal.ts';
import { type LineInput, lineAmounts, lineInsured, NO_OTHER_SOURCES } from './line-amounts.ts';
import { type Benefit, benefitLevel, type HeaderLine, visitAmounts } from './visit-amounts.ts';

type Row = Record<string, string>;
const rows = parseCsv(readFileSync(new URL('fixtures/money-worked-examples.csv', import.meta.url), 'utf8'));
const cases = Map.groupBy(rows, (row) => row.case!);

/** Lines whose lost insurance part is not charged: the example that the annex of 3176 prints. */
const LOST_PART_NOT_CHARGED = new Set(['M21/2']);
/** Two levels inside one stay: the level of the lines after the crossing of the yearly limit is given, not derived. */
const LEVEL_CHANGES_INSIDE = new Set(['M17']);

const amount = (text: string | undefined) =>
  formatDecimal(decimal(text === '' || text === undefined ? '0' : text));

function lineInput(row: Row): LineInput {
  return {
    table: row.table as 'XML2' | 'XML3',
    quantity: decimal(row.so_luong!),
    price: decimal(row.don_gia_bv!),
    insuredPrice: decimal(row.don_gia_bh || '0'),
    serviceRate: decimal(row.tyle_tt_dv || '100'),
    insuredRate: decimal(row.tyle_tt_bh!),
    level: decimal(row.muc_huong!),
    lostPartNotCharged: LOST_PART_NOT_CHARGED.has(`${row.case}/${row.row}`),
    otherSources: { ...NO_OTHER_SOURCES, remaining: decimal(row.t_nguonkhac || '0') },
  };
}

/** What reception knows before the sum: card level × rate of the category, or 100 by category 1.2 or exemption. */
function benefit(row: Row): Benefit {
  const whole = row.category === '1.2' ? 'whole-scope' : row.exempt === 'yes' ? 'exempt' : 'card-level';
  const effective = formatDecimal(multiply(decimal(row.card_level!), percent(decimal(row.route_rate!))));
  return {
    insured: row.card_level !== '0',
    effective: whole === 'card-level' ? Number(effective) : 100,
    rule: whole,
    rightRoute: row.route_rate === '100',
    smallBillLimit: Number(row.limit_15_percent),
  };
}

test('all 33 worked cases are there', () => assert.equal(cases.size, 33));

for (const [name, caseRows] of cases) {
  const lines = caseRows.filter((row) => row.row !== 'total');
  const total = caseRows.find((row) => row.row === 'total')!;

  test(`${name}: ${total.title}`, () => {
    const headerLines: HeaderLine[] = lines.map((row) => {
      const got = lineAmounts(lineInput(row));
      const expected = {
        total: row.thanh_tien_bv,
        insured: row.thanh_tien_bh,
        otherSources: row.t_nguonkhac,
        own: row.t_bntt,
        copay: row.t_bncct,
        fund: row.t_bhtt,
      };
      for (const [field, value] of Object.entries(expected)) {
        const mine = formatDecimal(got[field as keyof typeof got]);
        assert.equal(mine, amount(value), `line ${row.row} (${row.item}): ${field}`);
      }
      return {
        ...got,
        table: lineInput(row).table,
        isSupply: row.ma_nhom === '10',
        paymentMethod: Number(row.ma_pttt),
      };
    });

    const header = visitAmounts(headerLines);
    const expected: [keyof typeof header, string | undefined][] = [
      ['drugs', total.t_thuoc],
      ['supplies', total.t_vtyt],
      ['total', total.thanh_tien_bv],
      ['insured', total.thanh_tien_bh],
      ['own', total.t_bntt],
      ['copay', total.t_bncct],
      ['otherSources', total.t_nguonkhac],
      ['fund', total.t_bhtt],
      ['fundAsPrinted', total.t_bhtt_header],
      ['fundByService', total.t_bhtt_gdv],
    ];
    for (const [field, value] of expected) assert.equal(formatDecimal(header[field]), amount(value), field);
  });

  if (LEVEL_CHANGES_INSIDE.has(name)) continue;
  test(`${name}: the level of every line follows from card, category and sum`, () => {
    const insured = add(...lines.map((row) => lineInsured(lineInput(row))));
    const { level } = benefitLevel(benefit(total), insured);
    for (const row of lines) assert.equal(formatDecimal(level), amount(row.muc_huong), `line ${row.row}`);
  });
}

/** Small deterministic generator, so that a failing property can be repeated. */
function* numbers(seed: number): Generator<(below: number) => number> {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
  for (let at = 0; at < 3000; at += 1) yield next;
}

test('property: fund + co-payment + own + other sources is the line total, and nothing is negative', () => {
  for (const pick of numbers(20261122)) {
    const price = decimal(`${pick(900000)}.${String(pick(1000)).padStart(3, '0')}`);
    const line: LineInput = {
      table: pick(2) ? 'XML2' : 'XML3',
      quantity: decimal(`${pick(90)}.${String(pick(1000)).padStart(3, '0')}`),
      price,
      insuredPrice: round(multiply(price, percent(decimal(pick(101)))), 3),
      serviceRate: decimal([100, 80, 50, 33, 30, 10, 0][pick(7)]!),
      insuredRate: decimal([100, 80, 50, 30, 0][pick(5)]!),
      level: decimal(['100', '95', '80', '47.5', '40', '32', '0'][pick(7)]!),
      lostPartNotCharged: pick(2) === 1,
    };
    const plain = lineAmounts(line);
    const share = round(multiply(plain.total, percent(decimal(pick(101)))), 2);
    const shared = lineAmounts({ ...line, otherSources: { ...NO_OTHER_SOURCES, stateBudget: share } });
    for (const got of [plain, shared]) {
      assert.ok(
        equal(add(got.own, got.copay, got.fund, got.otherSources), got.total),
        JSON.stringify(line, bigints),
      );
      for (const part of [got.own, got.copay, got.fund])
        assert.ok(compare(part, ZERO) >= 0, JSON.stringify(line, bigints));
    }
    const gap = subtract(add(plain.copay, plain.fund), plain.insured);
    const tolerance = line.table === 'XML2' ? decimal('0.01') : ZERO;
    assert.ok(
      compare(gap, tolerance) <= 0 && compare(subtract(ZERO, gap), tolerance) <= 0,
      'BNCCT + BHTT = THANH_TIEN_BH',
    );
  }
});

test('other sources above the line total are refused', () => {
  const line = {
    ...lineInput(rows[0]!),
    otherSources: { ...NO_OTHER_SOURCES, foreignAid: decimal(99999999) },
  };
  assert.throws(() => lineAmounts(line), RangeError);
});

const bigints = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
