/** Rules of emergency openings: dated content. */
import type { Content } from '../../content/content.ts';

export interface EmergencyRules {
  /** How long an opening lasts. */
  minutes: number;
  /** Persons whom one account may open within an hour. */
  openingsAnHour: number;
  /** Days after which an opening without a review is late. */
  reviewDays: number;
  reasons: readonly EmergencyReason[];
}

export interface EmergencyReason {
  code: string;
  words: string;
  wordsEn: string;
}

/**
 * Rules in force on an ISO date. Throws a plain Error when one is missing: a faulty delivery.
 * @param minutes from `access/limits`
 */
export function readEmergencyRules(content: Content, date: string, minutes: number): EmergencyRules {
  const rows = new Map(content.inForce('access/emergency', date).map((row) => [row.name, Number(row.value)]));
  const value = (name: string): number => {
    const found = rows.get(name);
    if (found === undefined || !Number.isFinite(found))
      throw new Error(`access/emergency.csv has no "${name}" on ${date}`);
    return found;
  };
  return {
    minutes,
    openingsAnHour: value('openings_an_hour'),
    reviewDays: value('review_time'),
    reasons: content.inForce('access/emergency-reasons', date).map((row) => ({
      code: row.code!,
      words: row.words!,
      wordsEn: row.words_en!,
    })),
  };
}
