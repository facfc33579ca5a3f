/** Which of a person's cards counts on a day, and the category a kind of facility begins with. Pure. */
import type { Content } from '../../kernel/content/content.ts';
import type { Coverage } from '../../kernel/fhir/types.ts';
import { coverageFacts } from './entitlement-coverage.ts';

/**
 * The card valid on the day with the highest level (Decree 188/2025 article 21: the highest level of several groups
 * applies), else the one that ended last; null when there is none.
 */
export function coverageOn(coverages: Coverage[], date: string, content: Content): Coverage | null {
  const levels = new Map(
    content.inForce('catalog/the-bhyt-quyen-loi', date).map((row) => [row.code, Number(row.benefit_percent)]),
  );
  const rank = (coverage: Coverage): [number, number, string] => {
    const facts = coverageFacts(coverage);
    const begun = !facts.validFrom || facts.validFrom <= date;
    const valid = facts.active && begun && (!facts.validTo || date <= facts.validTo);
    const level = levels.get(facts.cardNumber?.length === 15 ? facts.cardNumber[2] : '') ?? 0;
    return [valid ? 1 : 0, valid ? level : 0, facts.validTo ?? '9999'];
  };
  const ranked = coverages
    .map((coverage) => ({ coverage, rank: rank(coverage) }))
    .sort((a, b) => b.rank[0] - a.rank[0] || b.rank[1] - a.rank[1] || b.rank[2].localeCompare(a.rank[2]));
  return ranked[0]?.coverage ?? null;
}

/**
 * MA_DOITUONG_KCB to begin with at a facility of this kind; null = the desk must choose. The code is fixed when the visit
 * ends (Decision 3276/QĐ-BYT), so this is a beginning and not a decision.
 */
export function defaultCategory(
  facilityType: string,
  insured: boolean,
  date: string,
  content: Content,
): string | null {
  if (!insured) return '9';
  const rows = content.inForce('insurance/default-category', date);
  return rows.find((row) => row.facility_type === facilityType)?.category ?? null;
}
