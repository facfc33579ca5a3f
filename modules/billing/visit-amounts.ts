/** The sums of a visit (table 1) and the benefit level that its lines carry. Pure. */
import { add, compare, type Decimal, decimal, round, subtract, ZERO } from './decimal.ts';
import type { LineAmounts, LineTable } from './line-amounts.ts';

/**
 * What the card gives for this visit; the answer of `entitlementOn` (modules/insurance) fits as it is. Billing does not
 * import that room: the arrow goes from claims to billing.
 */
export interface Benefit {
  insured: boolean;
  /** MUC_HUONG in percent, decided with or without knowing the sum of the visit. */
  effective: number;
  /** Which rule fixed `effective`; `card-level` may still become 100 when the visit turns out to be small. */
  rule: string;
  rightRoute: boolean;
  /** 15 % of the base salary in force, đồng; null when the base salary of the day is unknown. */
  smallBillLimit: number | null;
}

/**
 * MUC_HUONG once the sum is known: a right-route visit strictly below 15 % of the base salary is paid wholly (Law on
 * Health Insurance article 22; Decision 130/QĐ-BYT, MUC_HUONG); otherwise what the card and the category give.
 * @param insuredTotal sum of THANH_TIEN_BH of all lines
 */
export function benefitLevel(benefit: Benefit, insuredTotal: Decimal): { level: Decimal; rule: string } {
  if (!benefit.insured) return { level: ZERO, rule: benefit.rule };
  const limit = benefit.smallBillLimit;
  const small = limit !== null && compare(insuredTotal, decimal(limit)) < 0;
  if (small && benefit.rightRoute && benefit.rule === 'card-level')
    return { level: decimal(100), rule: 'small-bill' };
  return { level: decimal(benefit.effective), rule: benefit.rule };
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
