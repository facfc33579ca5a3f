/** What the designer's screens are told. */
import type { Questionnaire } from '../../../kernel/fhir/types.ts';
import type { Trial } from './trials.ts';

export type VersionState = 'in-force' | 'coming' | 'past';

export interface VersionLine {
  version: string;
  from: string;
  state: VersionState;
  reason: string;
}

/** A line of the list of forms. */
export interface DesignRow {
  key: string;
  title: string;
  versions: VersionLine[];
  /** Being written; null = nothing. */
  design: { by: string; at: string } | null;
}

export interface DesignView {
  key: string;
  url: string;
  form: Questionnaire;
  /** Of the saved design; 0 = nothing was saved yet, `form` is the newest version. */
  version: number;
  by: string;
  inForce: Questionnaire | null;
  versions: VersionLine[];
  trials: Trial[];
  /** Drafts that somebody has begun with this form. */
  drafts: number;
}
