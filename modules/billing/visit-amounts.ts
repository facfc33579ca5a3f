/** The sums of a visit (table 1) and the benefit level that its lines carry. Pure. */
import { add, compare, type Decimal, decimal, multiply, percent, round, subtract } from './decimal.ts';
import type { LineAmounts, LineTable } from './line-amounts.ts';

/** What the level of a visit follows from; all by the date of the visit. */
export interface LevelFacts {
  /** Level of the card in percent: 80, 95, 100; 0 without insurance. */
  cardLevel: Decimal;
  /** Rate of the patient category in percent (Decision 3276/2025): 100, 50, 40, 0. */
  routeRate: Decimal;
  /** Category 1.2: the whole scope is paid whatever the card (commune station and the like). */
  wholeScope: boolean;
  /** A visit below 15 % of the base salary is paid wholly only on the right route. */
  rightRoute: boolean;
  /** Five continuous years and more than six base salaries co-paid this year. */
  exempt: boolean;
  /** 15 % of the base salary in force, đồng. */
  smallVisitLimit: Decimal;
}

/** Why a level applies; shown on the statement and in the pre-audit. */
export type LevelReason = 'no-insurance' | 'whole-scope' | 'small-visit' | 'exempt' | 'card';

/**
 * MUC_HUONG of a visit: 100 at the listed initial-level places, below 15 % of the base salary on the right route
 * (strictly below), and when exempt; else card level × rate of the category (80 × 40 % = 32, 95 × 50 % = 47.5).
 * @param insuredTotal sum of THANH_TIEN_BH of all lines
 */
export function benefitLevel(
  facts: LevelFacts,
  insuredTotal: Decimal,
): { level: Decimal; reason: LevelReason } {
  if (facts.cardLevel.digits === 0n) return { level: decimal(0), reason: 'no-insurance' };
  if (facts.wholeScope) return { level: decimal(100), reason: 'whole-scope' };
  if (facts.rightRoute && facts.exempt) return { level: decimal(100), reason: 'exempt' };
  if (facts.rightRoute && compare(insuredTotal, facts.smallVisitLimit) < 0) {
    return { level: decimal(100), reason: 'small-visit' };
  }
  return { level: multiply(facts.cardLevel, percent(facts.routeRate)), reason: 'card' };
}

/** One line as the header sums need it. */
export interface HeaderLine extends LineAmounts {
  table: LineTable;
  /** Supply lines of table 3 make up T_VTYT. */
  isSupply: boolean;
  /** MA_PTTT: 1 fee for service, 2 capitation, 3 case group. */
  paymentMethod: number;
}

/** The money fields of table 1. */
export interface VisitAmounts {
  /** T_THUOC. */
  drugs: Decimal;
  /** T_VTYT. */
  supplies: Decimal;
  /** T_TONGCHI_BV. */
  total: Decimal;
  /** T_TONGCHI_BH. */
  insured: Decimal;
  /** T_BNTT. */
  own: Decimal;
  /** T_BNCCT. */
  copay: Decimal;
  /** T_NGUONKHAC. */
  otherSources: Decimal;
  /** Sum of the lines' T_BHTT: what the fund really pays. */
  fund: Decimal;
  /** T_BHTT as the decision prints it: T_TONGCHI_BH − T_BNCCT. Differs from `fund` when another source paid co-payment. */
  fundAsPrinted: Decimal;
  /** T_BHTT_GDV: lines with MA_PTTT = 1 only. */
  fundByService: Decimal;
}

export function visitAmounts(lines: readonly HeaderLine[]): VisitAmounts {
  const sum = (pick: (line: HeaderLine) => Decimal, keep: (line: HeaderLine) => boolean = () => true) =>
    round(add(...lines.filter(keep).map(pick)), 2);
  const insured = sum((line) => line.insured);
  const copay = sum((line) => line.copay);
  return {
    drugs: sum(
      (line) => line.total,
      (line) => line.table === 'XML2',
    ),
    supplies: sum(
      (line) => line.total,
      (line) => line.table === 'XML3' && line.isSupply,
    ),
    total: sum((line) => line.total),
    insured,
    own: sum((line) => line.own),
    copay,
    otherSources: sum((line) => line.otherSources),
    fund: sum((line) => line.fund),
    fundAsPrinted: subtract(insured, copay),
    fundByService: sum(
      (line) => line.fund,
      (line) => line.paymentMethod === 1,
    ),
  };
}
