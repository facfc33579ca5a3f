/** What the screens of forms are told. */
import type { Questionnaire, QuestionnaireResponse, Resource } from '../../kernel/fhir/types.ts';

/** Stands for a patient's id where a form is about the own unit and no person; no FHIR id holds `_`. */
export const OF_UNIT = '_unit';

/** A draft as its owner's browser sees it. */
export interface DraftView {
  /** `url|version`. */
  form: string;
  patient: string;
  /** Response that is amended; '' = a new one. */
  answer: string;
  version: number;
  /** ISO instants. */
  begunAt: string;
  savedAt: string;
  /** The browser that saved it last. */
  place: string;
  response: QuestionnaireResponse;
}

/** A line of "what I have begun". */
export interface DraftRow {
  form: string;
  key: string;
  title: string;
  patient: string;
  name: string;
  answer: string;
  savedAt: string;
  place: string;
  /** ISO day on which it is cleaned; with `cleaned` the day on which this line goes, too. */
  until: string;
  cleaned: boolean;
}

/** A form that can be filled in today. */
export interface FormRow {
  key: string;
  url: string;
  version: string;
  title: string;
  description: string;
}

/** Everything that a form needs to be filled in. */
export interface OpenedForm {
  form: Questionnaire;
  /** `url|version` of `form`. */
  canonical: string;
  /** The version in force today, when that is a newer one than `form`'s. */
  newer: string | null;
  /** What to begin with: populated from the record, or the response that is amended. */
  start: QuestionnaireResponse;
  draft: DraftView | null;
  /** The newest finished response to the same form: offered beside each field, never filled in. */
  previous: QuestionnaireResponse | null;
  /** What expressions name: patient, encounter, user. */
  context: Record<string, Resource>;
  /** Version of the response that is amended. */
  answerVersion: number | null;
}

/** A line of the forms that a person has answered. */
export interface AnswerRow {
  id: string;
  version: number;
  title: string;
  form: string;
  status: string;
  at: string;
  author: string;
  encounter: string | null;
}

/** An answered form to read. */
export interface AnswerView {
  form: Questionnaire;
  response: QuestionnaireResponse;
  /** Patient id, or `OF_UNIT`. */
  patient: string;
  /** Newest first; the first is what stands. */
  history: { version: number; at: string; status: string; author: string }[];
  mayAmend: boolean;
  /** People who were made of this form, a child of a birth for one. */
  people: MadePerson[];
}

export interface MadePerson {
  id: string;
  name: string;
}
