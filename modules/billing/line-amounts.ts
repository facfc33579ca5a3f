/**
 * The money fields of one line of table 2 (drugs) or table 3 (services, supplies), Decision 3176/QĐ-BYT of 29/10/2024,
 * in the rounding order that the decision prints for each table. Pure; every amount is a `Decimal` in đồng.
 */
import {
  add,
  compare,
  type Decimal,
  decimal,
  larger,
  multiply,
  percent,
  round,
  subtract,
  ZERO,
} from './decimal.ts';

/** Drugs go to table 2 (XML2), services and supplies to table 3 (XML3). */
export type LineTable = 'XML2' | 'XML3';

/** Parts paid by others than fund and patient, đồng. */
export interface OtherSources {
  /** T_NGUONKHAC_NSNN: state budget. */
  stateBudget: Decimal;
  /** T_NGUONKHAC_VTNN: foreign donors. */
  foreignAid: Decimal;
  /** T_NGUONKHAC_VTTN: domestic donors. */
  domesticAid: Decimal;
  /** T_NGUONKHAC_CL: anything else. */
  remaining: Decimal;
}

export interface LineInput {
  table: LineTable;
  /** SO_LUONG, 3 decimals. */
  quantity: Decimal;
  /** DON_GIA (table 2) or DON_GIA_BV (table 3), 3 decimals. */
  price: Decimal;
  /** DON_GIA_BH, 3 decimals; table 3 only. */
  insuredPrice: Decimal;
  /** TYLE_TT_DV in percent; table 3 only, 100 in table 2. */
  serviceRate: Decimal;
  /** TYLE_TT_BH in percent: 0 outside the fund's scope. */
  insuredRate: Decimal;
  /** MUC_HUONG in percent (80, 95, 100, 47.5 …). */
  level: Decimal;
  /**
   * Third case of THANH_TIEN_BV in table 3: at a special TYLE_TT_DV (second examination, shared bed) the facility does
   * not charge the patient the part the fund no longer pays.
   */
  lostPartNotCharged?: boolean;
  otherSources?: OtherSources;
}

export interface LineAmounts {
  /** THANH_TIEN_BV. */
  total: Decimal;
  /** THANH_TIEN_BH. */
  insured: Decimal;
  /** T_NGUONKHAC. */
  otherSources: Decimal;
  /** T_BNTT: the patient's own cost outside the scope. */
  own: Decimal;
  /** T_BNCCT: the patient's share inside the scope. */
  copay: Decimal;
  /** T_BHTT: claimed from the fund. */
  fund: Decimal;
}

const HUNDRED = decimal(100);
export const NO_OTHER_SOURCES: OtherSources = {
  stateBudget: ZERO,
  foreignAid: ZERO,
  domesticAid: ZERO,
  remaining: ZERO,
};

/**
 * All amounts of a line, 2 decimals each. The sum own + copay + fund + otherSources is always `total`.
 * @throws RangeError when other sources pay more than the line costs
 */
export function lineAmounts(line: LineInput): LineAmounts {
  const total = lineTotal(line);
  const insured = lineInsured(line);
  const before = line.table === 'XML2' ? drugShares(line, total) : serviceShares(line, total, insured);
  const others = sumOfSources(line.otherSources ?? NO_OTHER_SOURCES);
  if (compare(others, total) > 0) throw new RangeError('other sources pay more than the line costs');
  return { total, insured, otherSources: others, ...deductOthers(before, others) };
}

/** THANH_TIEN_BV. */
export function lineTotal(line: LineInput): Decimal {
  const gross = multiply(line.quantity, line.price);
  if (line.table === 'XML2') return round(gross, 2);
  if (!line.lostPartNotCharged) return round(multiply(gross, percent(line.serviceRate)), 2);
  const lost = multiply(line.quantity, line.insuredPrice, percent(subtract(HUNDRED, line.serviceRate)));
  return round(subtract(gross, lost), 2);
}

/** THANH_TIEN_BH; needs no MUC_HUONG, so that the 15 % test can come before the level is known. */
export function lineInsured(line: Omit<LineInput, 'level'>): Decimal {
  const rate = percent(line.insuredRate);
  if (line.table === 'XML2') return round(multiply(line.quantity, line.price, rate), 2);
  return round(multiply(line.quantity, line.insuredPrice, percent(line.serviceRate), rate), 2);
}

type Shares = Pick<LineAmounts, 'own' | 'copay' | 'fund'>;

/** Table 2: both parts come from THANH_TIEN_BV, THANH_TIEN_BH is not rounded in between (worked case M32). */
function drugShares(line: LineInput, total: Decimal): Shares {
  const rate = percent(line.insuredRate);
  const own = round(multiply(total, subtract(decimal(1), rate)), 2);
  const fund = round(multiply(total, rate, percent(line.level)), 2);
  return { own, fund, copay: subtract(total, add(fund, own)) };
}

/** Table 3: both parts come from the rounded THANH_TIEN_BH. */
function serviceShares(line: LineInput, total: Decimal, insured: Decimal): Shares {
  const fund = round(multiply(insured, percent(line.level)), 2);
  return { own: subtract(total, insured), fund, copay: subtract(insured, fund) };
}

/** T_NGUONKHAC reduces T_BNTT, then T_BNCCT, then T_BHTT, until it is used up (one order for all since 3176). */
function deductOthers(before: Shares, others: Decimal): Shares {
  const afterOwn = larger(ZERO, subtract(others, before.own));
  const afterCopay = larger(ZERO, subtract(afterOwn, before.copay));
  return {
    own: larger(ZERO, subtract(before.own, others)),
    copay: larger(ZERO, subtract(before.copay, afterOwn)),
    fund: subtract(before.fund, afterCopay),
  };
}

function sumOfSources(sources: OtherSources): Decimal {
  return round(add(sources.stateBudget, sources.foreignAid, sources.domesticAid, sources.remaining), 2);
}
