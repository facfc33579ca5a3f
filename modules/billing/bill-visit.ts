/** The bill of a visit: lines, level, amounts, and the FHIR resources that carry them. Pure. */
import type { Content } from '../../kernel/content/content.ts';
import type { ChargeItem, Claim } from '../../kernel/fhir/types.ts';
import { type BillFault, type BillLine, billLines } from './bill-lines.ts';
import { chargeItems, claimOf } from './claim-resources.ts';
import { add, type Decimal, formatDecimal, toNumber, ZERO } from './decimal.ts';
import type { VisitFacts } from './facts.ts';
import { type LineAmounts, type LineInput, lineAmounts, lineInsured } from './line-amounts.ts';
import { priceBook } from './prices.ts';
import { benefitLevel, type VisitAmounts, visitAmounts } from './visit-amounts.ts';

/** A line with its money; `amounts` is null when the price list has no price for it. */
export interface PricedLine extends BillLine {
  /** MUC_HUONG, percent. */
  level: Decimal;
  amounts: LineAmounts | null;
}

/** What screens and the statement show; đồng, at most two decimals. */
export interface BillSummary {
  lines: {
    number: number;
    kind: BillLine['kind'];
    code: string;
    name: string;
    unit: string;
    quantity: number;
    price: number | null;
    total: number | null;
    insurer: number | null;
    copay: number | null;
    own: number | null;
  }[];
  /** T_TONGCHI_BV. */
  total: number;
  /** T_TONGCHI_BH. */
  insured: number;
  /** What the fund pays: sum of the lines' T_BHTT. */
  insurer: number;
  /** T_BNCCT. */
  copay: number;
  /** T_BNTT. */
  own: number;
  otherSources: number;
  /** MUC_HUONG in percent and the rule behind it. */
  level: number;
  rule: string;
}

export interface Bill {
  /** ChargeItems in the order of the lines, then the Claim; without ids: the caller gives them. */
  resources: (ChargeItem | Claim)[];
  summary: BillSummary;
  /** Empty when everything could be priced. A visit with faults is finished, never billed silently. */
  faults: BillFault[];
}

/**
 * Bills a visit by the prices in force on `facts.date` and the formulas of Decision 3176/QĐ-BYT.
 * The same facts give the same resources; ChargeItem.identifier and Claim.identifier come from MA_LK, so that a visit
 * billed again updates what is there (conditional update by identifier).
 */
export function billVisit(facts: VisitFacts, content: Content): Bill {
  const { lines, faults } = billLines(facts, priceBook(content, facts.organization, facts.date));
  const insuredTotal = add(ZERO, ...lines.filter(isPriced).map((line) => lineInsured(lineInput(line, ZERO))));
  const { level, rule } = benefitLevel(facts.entitlement, insuredTotal);
  const priced: PricedLine[] = lines.map((line) => ({
    ...line,
    level,
    amounts: isPriced(line) ? lineAmounts(lineInput(line, level)) : null,
  }));
  const amounts = visitAmounts(
    priced.flatMap((line) =>
      line.amounts
        ? [{ ...line.amounts, table: line.table, isSupply: false, paymentMethod: Number(line.paymentMethod) }]
        : [],
    ),
  );
  return {
    resources: [...chargeItems(facts, priced), claimOf(facts, priced, amounts)],
    summary: summaryOf(priced, amounts, level, rule),
    faults,
  };
}

function isPriced(line: BillLine): boolean {
  return line.price !== null;
}

function lineInput(line: BillLine, level: Decimal): LineInput {
  return {
    table: line.table,
    quantity: line.quantity,
    price: line.price ?? ZERO,
    insuredPrice: line.insuredPrice,
    serviceRate: line.serviceRate,
    insuredRate: line.insuredRate,
    level,
  };
}

function summaryOf(lines: PricedLine[], amounts: VisitAmounts, level: Decimal, rule: string): BillSummary {
  const part = (line: PricedLine, name: keyof LineAmounts) =>
    line.amounts ? toNumber(line.amounts[name]) : null;
  return {
    lines: lines.map((line) => ({
      number: line.number,
      kind: line.kind,
      code: line.code,
      name: line.name,
      unit: line.unit,
      quantity: toNumber(line.quantity),
      price: line.price && toNumber(line.price),
      total: part(line, 'total'),
      insurer: part(line, 'fund'),
      copay: part(line, 'copay'),
      own: part(line, 'own'),
    })),
    total: toNumber(amounts.total),
    insured: toNumber(amounts.insured),
    insurer: toNumber(amounts.fund),
    copay: toNumber(amounts.copay),
    own: toNumber(amounts.own),
    otherSources: toNumber(amounts.otherSources),
    level: Number(formatDecimal(level)),
    rule,
  };
}
