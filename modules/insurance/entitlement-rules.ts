/** Dated numbers of the entitlement rules, each with how sure we are of it. */
import type { Content } from '../../kernel/content/content.ts';
import type { Remark } from '../../kernel/text/remark.ts';

export interface DatedNumber {
  value: number;
  /** True unless the source column says official or sourced. */
  unverified: boolean;
  source: string;
}

/** Rules of `content/insurance/entitlement-rules.csv`. */
export type RuleName =
  | 'small-bill-share'
  | 'exemption-months'
  | 'grace-days'
  | 'small-bill-right-route-only'
  | 'exemption-right-route-only';

/** The rule in force on a day, or null when the law of that day is not in the content. */
export function ruleOn(name: RuleName, date: string, content: Content): DatedNumber | null {
  const row = content.inForce('insurance/entitlement-rules', date).find((each) => each.rule === name);
  return row ? { value: Number(row.value), unverified: !isSure(row.status), source: row.source ?? '' } : null;
}

/** Base salary (lương cơ sở) of a day in đồng; warns when it is unknown or its decree was not seen. */
export function baseSalaryOn(date: string, content: Content, warnings: Remark[]): { amount: number } | null {
  const row = content.inForce('insurance/base-salary', date)[0];
  if (!row) {
    warnings.push({
      code: 'base-salary-unknown',
      vi: `Chưa có mức lương cơ sở của ngày ${viDay(date)}: không tính được ngưỡng 15 %.`,
      en: `No base salary is known for ${date}: the 15 % threshold cannot be computed.`,
    });
    return null;
  }
  const amount = Number(row.amount_vnd);
  if (!isSure(row.status)) {
    warnings.push({
      code: 'base-salary-unverified',
      vi: `Mức lương cơ sở ${viMoney(amount)} (${row.legal_basis}) chưa được đối chiếu với văn bản gốc.`,
      en: `The base salary ${viMoney(amount)} (${row.legal_basis}) was not checked against the original text.`,
    });
  }
  return { amount };
}

/** Smallest and largest base salary that hold on some day of the calendar year of `date`. */
export function baseSalariesOfYear(date: string, content: Content): number[] {
  const year = date.slice(0, 4);
  return content
    .table('insurance/base-salary')
    .filter(
      (row) =>
        (row.valid_from ?? '') <= `${year}-12-31` && (!row.valid_to || row.valid_to >= `${year}-01-01`),
    )
    .map((row) => Number(row.amount_vnd));
}

export function isSure(status: string | undefined): boolean {
  return status === 'official' || status === 'sourced';
}

/** `2026-11-22` → `22/11/2026`. */
export function viDay(date: string): string {
  return date.split('-').reverse().join('/');
}

/** Đồng in the Vietnamese manner: `379.500 ₫`. */
export function viMoney(amount: number): string {
  return `${String(amount).replace(/\B(?=(\d{3})+$)/g, '.')} ₫`;
}

/** A percent in the Vietnamese manner: `47,5`. */
export function viPercent(percent: number): string {
  return String(percent).replace('.', ',');
}
