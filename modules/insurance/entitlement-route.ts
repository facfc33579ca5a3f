/** The route of the visit (patient category, Decision 3276/QĐ-BYT annex 1) and the percent that follows from it. */
import type { Content } from '../../kernel/content/content.ts';
import type { Remark } from '../../kernel/text/remark.ts';
import type { CardState } from './entitlement-card.ts';
import type { SixMonths } from './entitlement-exemption.ts';
import type { EntitlementRule, VisitFacts } from './entitlement-facts.ts';
import { isSure, ruleOn, viDay, viMoney, viPercent } from './entitlement-rules.ts';

export interface Route {
  name: string;
  rightRoute: boolean;
  /** Percent. */
  rate: number;
  /** card-level: rate × level; scope: rate of all costs in scope whatever the card; none; by-case: not stated, full level assumed. */
  appliedTo: 'card-level' | 'scope' | 'none' | 'by-case';
}

/** The category in force on the day, or null. Check-in refuses what this does not know. */
export function categoryOn(
  code: string,
  date: string,
  content: Content,
): { code: string; name: string } | null {
  const row = content.inForce('catalog/doi-tuong-kcb', date).find((each) => each.code === code);
  return row ? { code, name: row.display ?? '' } : null;
}

export function routeOn(visit: VisitFacts, date: string, content: Content, warnings: Remark[]): Route {
  const category = categoryOn(visit.category, date, content);
  const rate = content
    .inForce('insurance/category-rates', date)
    .find(
      (each) => each.code === visit.category && (each.setting === 'any' || each.setting === visit.setting),
    );
  const name = category?.name ?? '';
  const rightRoute = rate?.right_route === 'yes';
  if (!rate) {
    warnings.push(noRate(visit, date, category !== null));
    return { name, rightRoute, rate: 0, appliedTo: 'none' };
  }
  const appliedTo = rate.applied_to as Route['appliedTo'];
  if (appliedTo === 'by-case' || !isSure(rate.status)) {
    warnings.push({
      code: 'rate-by-case',
      vi: `Mã đối tượng ${visit.category}: văn bản không ghi tỷ lệ, tạm tính đủ mức hưởng của thẻ; cần người giám định xem.`,
      en: `Category ${visit.category}: the decision states no rate; the card's full level is assumed, to be reviewed.`,
    });
    return { name, rightRoute, rate: 100, appliedTo: 'by-case' };
  }
  return { name, rightRoute, rate: Number(rate.rate_percent), appliedTo };
}

function noRate(visit: VisitFacts, date: string, known: boolean): Remark {
  const setting = visit.setting === 'inpatient' ? 'nội trú' : 'ngoại trú';
  return known
    ? {
        code: 'category-other-setting',
        vi: `Mã đối tượng ${visit.category} không dùng cho ${setting} ngày ${viDay(date)}: chọn mã khác.`,
        en: `Category ${visit.category} does not apply to an ${visit.setting} visit on ${date}: choose another.`,
      }
    : {
        code: 'category-unknown',
        vi: `Mã đối tượng ${visit.category} không có trong danh mục ngày ${viDay(date)}: chọn mã khác.`,
        en: `Category ${visit.category} is not in the list of ${date}: choose another.`,
      };
}

interface Known {
  card: CardState | null;
  route: Route;
  visit: VisitFacts;
  smallBillLimit: number | null;
  exemption: SixMonths;
  date: string;
  content: Content;
  warnings: Remark[];
}

interface Decided {
  insured: boolean;
  effective: number;
  rule: EntitlementRule;
  reasons: Remark[];
}

/** Steps 4–6 of bhyt-benefits.md section 5. */
export function decidePercent(known: Known): Decided {
  const { card, route, visit } = known;
  if (!card?.valid || visit.category === '9') return notInsured(known);
  const reasons = [cardReason(card), routeReason(visit, route)];
  const decided = (rule: EntitlementRule, effective: number, reason: Remark): Decided => {
    return { insured: true, effective, rule, reasons: [...reasons, reason] };
  };
  if (route.appliedTo === 'none' || route.rate === 0) return decided('no-benefit', 0, noBenefit(visit));
  if (route.appliedTo === 'scope') return decided('whole-scope', route.rate, wholeScope(visit, route));
  if (isSmallBill(known)) return decided('small-bill', 100, smallBill(known));
  if (isExempt(known)) return decided('exempt', 100, exemptReason(known.exemption));
  const effective = (card.level * route.rate) / 100;
  if (mayBecomeSmallBill(known)) reasons.push(smallBillAhead(known));
  return decided('card-level', effective, levelReason(card, route, effective));
}

function isSmallBill({ visit, route, smallBillLimit, date, content, warnings }: Known): boolean {
  if (visit.insuredTotal === null || smallBillLimit === null || visit.insuredTotal >= smallBillLimit)
    return false;
  if (route.rightRoute || !ruleOn('small-bill-right-route-only', date, content)?.value) return true;
  if (route.rate === 100) {
    warnings.push({
      code: 'small-bill-route-unverified',
      vi: `Mã đối tượng ${visit.category}, chi phí dưới 15 % lương cơ sở: giữ mức của thẻ; chưa rõ trường hợp này có được 100 % không.`,
      en: `Category ${visit.category} below 15 % of the base salary: the card's level is kept; whether 100 % applies is not verified.`,
    });
  }
  return false;
}

/** Before the costs are known the desk tells the patient about the threshold. */
function mayBecomeSmallBill({ visit, route, card, smallBillLimit }: Known): boolean {
  return (
    visit.insuredTotal === null && smallBillLimit !== null && route.rightRoute && (card?.level ?? 100) < 100
  );
}

function isExempt({ exemption, route, date, content, warnings }: Known): boolean {
  if (!exemption.exempt) return false;
  if (route.rightRoute) return true;
  const rule = ruleOn('exemption-right-route-only', date, content);
  if (!rule?.value) return true;
  if (rule.unverified) {
    warnings.push({
      code: 'exemption-route-unverified',
      vi: 'Đã miễn cùng chi trả nhưng lần này không đúng tuyến: giữ mức của thẻ (quy định này chưa được đối chiếu).',
      en: 'Exempt from co-payment, but not by the right route: the rate is kept (rule not verified).',
    });
  }
  return false;
}

function notInsured({ card, visit }: Known): Decided {
  const reasons: Remark[] = card?.invalid ? [card.invalid] : [];
  if (visit.category === '9') {
    reasons.push({
      code: 'category-9',
      vi: 'Mã đối tượng 9: không khám BHYT.',
      en: 'Category 9: visit without insurance.',
    });
  } else if (reasons.length === 0) {
    reasons.push({
      code: 'no-card',
      vi: 'Không có thẻ BHYT: người bệnh tự trả (có thể xuất trình thẻ sau).',
      en: 'No insurance card: the patient pays (the card may be shown later).',
    });
  }
  return { insured: false, effective: 0, rule: 'not-insured', reasons };
}

function cardReason(card: CardState): Remark {
  if (card.graceUntil) {
    return {
      code: 'card-grace',
      vi: `Thẻ hết hạn trong đợt nội trú: quỹ còn chi trả đến ${viDay(card.graceUntil)} (Nghị định 188/2025, Điều 50).`,
      en: `The card ended during the stay: the fund pays until ${card.graceUntil} (Decree 188/2025 article 50).`,
    };
  }
  const until = card.validTo ? ` đến ${viDay(card.validTo)}` : '';
  return {
    code: 'card-valid',
    vi: `Thẻ có giá trị${until}.`,
    en: `Card valid${card.validTo ? ` until ${card.validTo}` : ''}.`,
  };
}

function routeReason(visit: VisitFacts, route: Route): Remark {
  const right = route.rightRoute ? 'đúng tuyến' : 'tự đến';
  return {
    code: 'route',
    vi: `Mã đối tượng ${visit.category}, ${right}: ${viPercent(route.rate)} %.`,
    en: `Category ${visit.category}, ${route.rightRoute ? 'right route' : 'self-referred'}: ${route.rate} %.`,
  };
}

function noBenefit(visit: VisitFacts): Remark {
  return {
    code: 'no-benefit',
    vi: `Mã đối tượng ${visit.category} không được quỹ chi trả ngày này.`,
    en: `The fund pays nothing for category ${visit.category} on this day.`,
  };
}

function wholeScope(visit: VisitFacts, route: Route): Remark {
  return {
    code: 'whole-scope',
    vi: `Quỹ trả ${viPercent(route.rate)} % chi phí trong phạm vi, không phụ thuộc mức trên thẻ (mã ${visit.category}).`,
    en: `The fund pays ${route.rate} % of the costs in scope whatever the card's level (category ${visit.category}).`,
  };
}

function smallBill({ visit, smallBillLimit }: Known): Remark {
  return {
    code: 'small-bill',
    vi: `Tổng chi phí ${viMoney(visit.insuredTotal ?? 0)} dưới 15 % lương cơ sở (${viMoney(smallBillLimit ?? 0)}): hưởng 100 %.`,
    en: `Total ${viMoney(visit.insuredTotal ?? 0)} is below 15 % of the base salary (${viMoney(smallBillLimit ?? 0)}): 100 %.`,
  };
}

function smallBillAhead({ smallBillLimit }: Known): Remark {
  return {
    code: 'small-bill-ahead',
    vi: `Nếu tổng chi phí dưới ${viMoney(smallBillLimit ?? 0)} (15 % lương cơ sở) thì hưởng 100 %.`,
    en: `If the total stays below ${viMoney(smallBillLimit ?? 0)} (15 % of the base salary), 100 % applies.`,
  };
}

function exemptReason(exemption: SixMonths): Remark {
  const since = exemption.from ? ` từ ${viDay(exemption.from)}` : '';
  return {
    code: 'exempt',
    vi: `Được miễn cùng chi trả${since} đến hết năm (đủ 5 năm liên tục và quá 6 tháng lương cơ sở).`,
    en: `Exempt from co-payment${exemption.from ? ` from ${exemption.from}` : ''} until 31 December.`,
  };
}

function levelReason(card: CardState, route: Route, effective: number): Remark {
  const product = route.rate === 100 ? '' : ` × ${viPercent(route.rate)} % = ${viPercent(effective)} %`;
  return {
    code: 'card-level',
    vi: `Mức hưởng của thẻ ${card.levelDigit ? `(mức ${card.levelDigit}) ` : ''}${card.level} %${product}.`,
    en: `Card level ${card.level} %${route.rate === 100 ? '' : ` × ${route.rate} % = ${effective} %`}.`,
  };
}
