/** Who stands for whom, by age: dated content, and the decision for one relation. Pure. */
import type { Content } from '../../content/content.ts';
import { intervalOfPeriod } from '../../fhir/dates.ts';
import type { RelatedPerson } from '../../fhir/types.ts';
import { firstDayOf } from '../../text/vietnam-time.ts';

export interface GuardianRule {
  /** `representative`, `beside` (together with the child), `appointed`. */
  kind: string;
  /** Codes of v3 RoleCode. */
  relationships: readonly string[];
  fromAge: number;
  /** The age at which it ends by itself. */
  toAge: number;
  /** Code of the document that it needs; null = none. */
  document: string | null;
  words: string;
  wordsEn: string;
}

/** Categories that an adolescent's guardian is not shown. */
export interface AdolescentRule {
  category: string;
  fromAge: number;
  toAge: number;
}

export interface GuardianRules {
  guardians: readonly GuardianRule[];
  adolescents: readonly AdolescentRule[];
}

export function readGuardianRules(content: Content, day: string): GuardianRules {
  return {
    guardians: content.inForce('access/guardians', day).map((row) => ({
      kind: row.kind!,
      relationships: row.relationships!.split(' '),
      fromAge: Number(row.from_age),
      toAge: Number(row.to_age),
      document: row.document === '' ? null : row.document!,
      words: row.words!,
      wordsEn: row.words_en!,
    })),
    adolescents: content.inForce('access/adolescents', day).map((row) => ({
      category: row.category!,
      fromAge: Number(row.from_age),
      toAge: Number(row.to_age),
    })),
  };
}

/**
 * The rule by which a relation makes its person the guardian of a patient on a day; null when none does. A birth date of a
 * year or a month counts from its first day, so nobody stays a child for want of a day.
 * @param birthDate of the patient; without one nobody is a child
 */
export function guardianRuleOf(
  rules: GuardianRules,
  relation: RelatedPerson,
  birthDate: string | undefined,
  now: Date,
  day: string,
): GuardianRule | null {
  if (relation.active === false || birthDate === undefined || !isDuring(relation, now)) return null;
  const age = ageOn(birthDate, day);
  const codes = (relation.relationship ?? []).flatMap(({ coding }) => (coding ?? []).map(({ code }) => code));
  const rule = rules.guardians.find(
    ({ relationships, fromAge, toAge }) =>
      age >= fromAge &&
      age < toAge &&
      codes.some((code) => code !== undefined && relationships.includes(code)),
  );
  return rule ?? null;
}

/** Categories of the patient that the guardian is not shown. */
export function veiledCategories(rules: GuardianRules, birthDate: string, day: string): string[] {
  const age = ageOn(birthDate, day);
  return rules.adolescents
    .filter(({ fromAge, toAge }) => age >= fromAge && age < toAge)
    .map(({ category }) => category);
}

/** Whole years on a day. */
export function ageOn(birthDate: string, day: string): number {
  const born = firstDayOf(birthDate);
  const years = Number(day.slice(0, 4)) - Number(born.slice(0, 4));
  return day.slice(5) < born.slice(5) ? years - 1 : years;
}

function isDuring({ period }: RelatedPerson, now: Date): boolean {
  if (period === undefined) return true;
  const bounds = intervalOfPeriod(period);
  return bounds === null || (bounds.low <= now.getTime() && now.getTime() < bounds.high);
}
