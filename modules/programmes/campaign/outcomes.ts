/** What came of a person in a campaign, and what a day brought. Pure; runs in the browser. */
import type { Taken } from '../../../engines/programmes/browser.ts';
import type { Reason } from '../not-given.ts';
import type { NotGivenRow } from '../projection.ts';

/** What came of a person of the target; a dose that counts is before all. */
export const OUTCOMES = [
  'given',
  'contraindicated',
  'refused',
  'moved',
  'died',
  'postponed',
  'absent',
  'left',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** By the last dose that was not given and by the calls; pure; `queries.ts` asks the same in SQL. */
export function outcomeOf(
  {
    doses,
    notGiven,
    silence,
  }: { doses: readonly Taken[]; notGiven: readonly NotGivenRow[]; silence: string },
  reasons: readonly Reason[],
): Outcome {
  if (doses.some(({ verdict }) => verdict === 'valid')) return 'given';
  if (silence !== '') return silence as Outcome;
  const last = notGiven.at(-1);
  return last === undefined
    ? 'left'
    : (reasons.find(({ code }) => code === last.reason)?.kind ?? 'postponed');
}

export interface CampaignDay {
  day: string;
  /** Persons who got a dose from this unit on the day: of the target, and others (of other units). */
  given: number;
  others: number;
  /** By code of the reason. */
  reasons: Record<string, number>;
}

export interface CampaignRow {
  patient: string;
  fullName: string;
  gender: string | null;
  birthDate: string | null;
  village: string;
  outcome: Outcome;
  /** Of the last dose that was not given. */
  reason: string;
  doses: Taken[];
}
