/** Whether the card is valid on a day, and the level its third character carries (Decision 1351/QĐ-BHXH). */
import type { Content } from '../../kernel/content/content.ts';
import type { Remark } from '../../kernel/text/remark.ts';
import { addDays } from '../../kernel/text/vietnam-time.ts';
import type { CoverageFacts, VisitFacts } from './entitlement-facts.ts';
import { isSure, ruleOn, viDay } from './entitlement-rules.ts';

export interface CardState {
  number: string | null;
  /** Two letters of the group, for example `HT`; null for a 10-digit number. */
  group: string | null;
  /** `1`–`5`; null when the number shows none. */
  levelDigit: string | null;
  level: number;
  levelKnown: boolean;
  /** Valid on the day, or inside the days of grace of a stay. */
  valid: boolean;
  /** Why it is not valid; null when it is. */
  invalid: Remark | null;
  /** Last day a stay is still paid after the card ended; null unless that is the case on this day. */
  graceUntil: string | null;
  validFrom: string | null;
  validTo: string | null;
}

const FULL_NUMBER = /^([A-Z]{2})(\d)(\d{2})(\d{10})$/;

/** @param warnings gets a remark for every thing that is unknown or unverified */
export function cardOn(
  coverage: CoverageFacts,
  visit: VisitFacts,
  date: string,
  content: Content,
  warnings: Remark[],
): CardState {
  const parts = FULL_NUMBER.exec(coverage.cardNumber ?? '');
  const level = levelOf(parts?.[2] ?? null, date, content, warnings);
  const graceUntil = graceOf(coverage, visit, date, content);
  const invalid = graceUntil ? null : whyInvalid(coverage, date);
  if (!invalid && !coverage.validTo) {
    warnings.push({
      code: 'card-end-unknown',
      vi: 'Không biết ngày hết hạn của thẻ: tra thẻ trên cổng tiếp nhận trước khi quyết toán.',
      en: 'The last day of the card is not known: look it up on the portal before the claim.',
    });
  }
  return {
    number: coverage.cardNumber,
    group: parts?.[1] ?? null,
    levelDigit: parts?.[2] ?? null,
    ...level,
    valid: !invalid,
    invalid,
    graceUntil,
    validFrom: coverage.validFrom,
    validTo: coverage.validTo,
  };
}

function levelOf(digit: string | null, date: string, content: Content, warnings: Remark[]) {
  const levels = content.inForce('catalog/the-bhyt-quyen-loi', date);
  const row = levels.find((each) => each.code === digit);
  if (row) {
    if (digit === '1' && !isSure(row.status)) {
      warnings.push({
        code: 'digit-1-unverified',
        vi: 'Thẻ mức 1: việc không áp dụng tỷ lệ và trần thanh toán chưa được đối chiếu với văn bản gốc.',
        en: 'Card level 1: that payment rates and caps do not apply was not checked against the original text.',
      });
    }
    return { level: Number(row.benefit_percent), levelKnown: true };
  }
  const lowest = Math.min(...levels.map((each) => Number(each.benefit_percent)));
  warnings.push({
    code: 'level-unknown',
    vi: `Số thẻ không cho biết mức hưởng: tạm tính mức thấp nhất ${lowest} %, tra thẻ trên cổng trước khi thanh toán.`,
    en: `The card number shows no benefit level: the lowest, ${lowest} %, is assumed; look the card up before payment.`,
  });
  return { level: lowest, levelKnown: false };
}

/** Whether a visit that begins on the day is an insurance visit. */
export function isValidOn(coverage: CoverageFacts, date: string): boolean {
  return whyInvalid(coverage, date) === null;
}

function whyInvalid(coverage: CoverageFacts, date: string): Remark | null {
  if (!coverage.active) {
    return { code: 'card-inactive', vi: 'Thẻ đã bị thu hồi hoặc báo giảm.', en: 'The card was withdrawn.' };
  }
  if (coverage.validFrom && date < coverage.validFrom) {
    return {
      code: 'card-not-yet',
      vi: `Thẻ chỉ có giá trị từ ${viDay(coverage.validFrom)}.`,
      en: `The card is valid only from ${coverage.validFrom}.`,
    };
  }
  if (coverage.validTo && date > coverage.validTo) {
    return {
      code: 'card-expired',
      vi: `Thẻ đã hết hạn ngày ${viDay(coverage.validTo)}: hỏi thẻ mới hoặc tra thẻ trên cổng.`,
      en: `The card ended on ${coverage.validTo}: ask for the new card or look it up.`,
    };
  }
  return null;
}

/** Decree 188/2025/NĐ-CP article 50: a card that ends during a stay is paid up to 15 more days. */
function graceOf(coverage: CoverageFacts, visit: VisitFacts, date: string, content: Content): string | null {
  const { validTo, validFrom, active } = coverage;
  if (!active || visit.setting !== 'inpatient' || !validTo || date <= validTo) return null;
  const wasValidOnArrival = visit.arrivedOn <= validTo && (!validFrom || visit.arrivedOn >= validFrom);
  const days = ruleOn('grace-days', date, content);
  if (!wasValidOnArrival || !days) return null;
  const last = addDays(validTo, days.value);
  return date <= last ? last : null;
}
