/** How many days a prescription may last: 30, or 90 for the diseases of annex VII (Circular 26/2025, article 6.8). */
import { icdMatches } from './icd.ts';
import type { RuleTables } from './tables.ts';

export interface DayLimit {
  days: number;
  text: string;
  source: string;
}

/** @param icd10 codes of the visit's diagnoses */
export function longestSupply(icd10: string[], tables: RuleTables): DayLimit {
  const long = tables.longDiseases.some((row) =>
    icd10.some((code) => icdMatches(code, row.icd10!) && !icdMatches(code, row.except!)),
  );
  const rule = tables.prescriptionDays.find((row) => row.rule === (long ? 'long' : 'ordinary'));
  if (!rule) throw new Error(`content/drug/prescription-days.csv has no rule in force on ${tables.day}`);
  return { days: Number(rule.max_days), text: rule.text_vi!, source: rule.source! };
}
