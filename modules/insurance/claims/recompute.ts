/** Recomputes the money of a written line to the đồng by the formulas of Decision 3176 (modules/billing). */
import {
  type Decimal,
  decimal,
  equal,
  type LineAmounts,
  type LineInput,
  type LineTable,
  lineAmounts,
  NO_OTHER_SOURCES,
} from '../../billing/index.ts';
import type { ClaimRow } from './condition.ts';

const AMOUNT_OF: Record<string, keyof LineAmounts> = {
  THANH_TIEN_BV: 'total',
  THANH_TIEN_BH: 'insured',
  T_NGUONKHAC: 'otherSources',
  T_BNTT: 'own',
  T_BNCCT: 'copay',
  T_BHTT: 'fund',
};

/**
 * True when the amount in `field` is what the line's own quantity, prices and rates give; also true when a number it
 * needs is missing, which the field table reports. A table 3 line may follow either form of THANH_TIEN_BV: with or
 * without charging the patient the lost insurance part.
 */
export function lineMoneyIsRight(field: string, row: ClaimRow, table: LineTable): boolean {
  const written = numberIn(row, field);
  const amount = AMOUNT_OF[field];
  if (!written || !amount) return true;
  const input = inputOf(row, table);
  if (!input) return true;
  const forms = table === 'XML3' ? [false, true] : [false];
  return forms.some((lostPartNotCharged) => {
    const right = amountsOrNull({ ...input, lostPartNotCharged });
    return right !== null && equal(right[amount], written);
  });
}

/** Other sources above the total have no right amounts: every field of such a line is wrong. */
function amountsOrNull(input: LineInput): LineAmounts | null {
  try {
    return lineAmounts(input);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function inputOf(row: ClaimRow, table: LineTable): LineInput | null {
  const price = numberIn(row, table === 'XML2' ? 'DON_GIA' : 'DON_GIA_BV');
  const needed = {
    quantity: numberIn(row, 'SO_LUONG'),
    insuredPrice: table === 'XML2' ? price : numberIn(row, 'DON_GIA_BH'),
    serviceRate: table === 'XML2' ? decimal(100) : numberIn(row, 'TYLE_TT_DV'),
    insuredRate: numberIn(row, 'TYLE_TT_BH'),
    level: numberIn(row, 'MUC_HUONG'),
    others: numberIn(row, 'T_NGUONKHAC'),
  };
  if (!price || !needed.quantity || !needed.insuredPrice || !needed.serviceRate) return null;
  if (!needed.insuredRate || !needed.level || !needed.others) return null;
  return {
    table,
    price,
    quantity: needed.quantity,
    insuredPrice: needed.insuredPrice,
    serviceRate: needed.serviceRate,
    insuredRate: needed.insuredRate,
    level: needed.level,
    otherSources: { ...NO_OTHER_SOURCES, remaining: needed.others },
  };
}

function numberIn(row: ClaimRow, field: string): Decimal | null {
  const text = row[field] ?? '';
  return /^\d+(\.\d+)?$/.test(text) ? decimal(text) : null;
}
