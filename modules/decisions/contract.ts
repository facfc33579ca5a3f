/** What the routes of decision support take and give. Types only. */
import type { Approval, RuleState } from '../../engines/rules/index.ts';
import type { TrialState } from './trials/table.ts';
import type { Rate } from './trials/tally.ts';

export interface RoleCount {
  /** '' = another system. */
  role: string;
  shown: number;
  overridden: number;
}

/** Of a unit, a practitioner or a month. */
export interface Share {
  /** Organization id, Practitioner id, or `2026-11`; '' = not known. */
  name: string;
  title: string;
  shown: number;
  overridden: number;
}

export interface ReasonCount {
  code: string;
  name: string;
  nameEn: string;
  count: number;
}

export interface RuleRow {
  key: string;
  version: string;
  /** First day of validity, ISO. */
  from: string;
  title: string;
  titleEn: string;
  description: string;
  descriptionEn: string;
  owner: string;
  source: string;
  hooks: string[];
  state: RuleState;
  /** Who decided it; null: as the definition says. */
  decided: { name: string; at: string; note: string } | null;
  /** Who approved that nobody signs against it; null when somebody may. */
  hardStop: Approval | null;
  shown: number;
  overridden: number;
  accepted: number;
  /** Overridden of shown, per cent; null when nothing was shown. */
  overrideRate: number | null;
  /** More than 90 % are overridden: to be reviewed. */
  toReview: boolean;
  byRole: RoleCount[];
  reasons: ReasonCount[];
  /** By unit and practitioner of 90 days, by month of a year; empty in lists. */
  byUnit: Share[];
  byPerson: Share[];
  byMonth: Share[];
  trial: TrialView | null;
}

export interface TrialView {
  id: string;
  state: TrialState;
  name: string;
  from: string;
  to: string;
  beganAt: string;
  acts: number;
  alerted: number;
  faults: number;
  /** Alerts per 100 orders (or visits); null when there were none. */
  rate: number | null;
  /** At which hook how often; empty for runs that asked at one alone. */
  byHook: (Rate & { rate: number | null })[];
  byRole: (Rate & { rate: number | null })[];
  byUnit: (Rate & { rate: number | null; title: string })[];
  /** Only those that the reader may see. */
  examples: { reference: string; at: string; summary: string }[];
  /** Examples that the reader may not see. */
  hidden: number;
}
