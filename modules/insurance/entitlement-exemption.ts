/** Exemption from co-payment (miễn cùng chi trả): five continuous years and more than six base salaries in the calendar year. */
import type { Content } from '../../kernel/content/content.ts';
import type { Remark } from '../../kernel/text/remark.ts';
import type { CoverageFacts, VisitFacts } from './entitlement-facts.ts';
import { baseSalariesOfYear, ruleOn, viDay, viMoney } from './entitlement-rules.ts';

export interface SixMonths {
  exempt: boolean;
  /** ISO day from which it holds (NGAY_MIEN_CCT), null when not exempt or when it began before this visit at an unknown day. */
  from: string | null;
  /** Six base salaries of the day in đồng; co-payment must be strictly more. Null: base salary unknown. */
  limit: number | null;
  /** Five continuous years are reached on the day; null = the card does not say. */
  fiveYears: boolean | null;
}

/** Decree 188/2025/NĐ-CP article 18: from the moment both conditions hold until 31 December of that year. */
export function exemptionOn(
  coverage: CoverageFacts | null,
  visit: VisitFacts,
  date: string,
  content: Content,
  warnings: Remark[],
): SixMonths {
  const salaries = baseSalariesOfYear(date, content);
  const months = ruleOn('exemption-months', date, content);
  const today = content.inForce('insurance/base-salary', date)[0];
  const limit = months && today ? Number(today.amount_vnd) * months.value : null;
  if (!coverage) return { exempt: false, from: null, limit, fiveYears: null };

  const fiveYears = coverage.fiveYearsOn ? coverage.fiveYearsOn <= date : null;
  const { exemptFrom } = coverage;
  if (exemptFrom && exemptFrom <= date && exemptFrom.slice(0, 4) === date.slice(0, 4)) {
    return { exempt: true, from: exemptFrom, limit, fiveYears };
  }
  const copaid = visit.copaidThisYear;
  if (!fiveYears || copaid === null || limit === null || !months) {
    return { exempt: false, from: null, limit, fiveYears };
  }
  const certain = Math.max(...salaries) * months.value;
  if (copaid > certain) return { exempt: true, from: null, limit, fiveYears };
  if (copaid > Math.min(...salaries) * months.value) warnings.push(conversionUnknown(copaid, certain, date));
  return { exempt: false, from: null, limit, fiveYears };
}

/** Article 18 clause 2 c converts the sum when the base salary changes inside a year; the formula was not seen. */
function conversionUnknown(copaid: number, certain: number, date: string): Remark {
  return {
    code: 'conversion-unknown',
    vi:
      `Đã cùng chi trả ${viMoney(copaid)} trong năm ${date.slice(0, 4)}, lương cơ sở đổi trong năm và chưa rõ cách quy đổi ` +
      `(mức chắc chắn: trên ${viMoney(certain)}). Chỉ miễn khi cổng BHXH xác nhận; tính đến ${viDay(date)} chưa miễn.`,
    en:
      `${viMoney(copaid)} co-paid in a year whose base salary changed; how to convert is not known (certain above ` +
      `${viMoney(certain)}). Not exempt until the portal says so.`,
  };
}
