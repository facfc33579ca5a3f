/** What a filled form is to whoever draws it, stores it or checks it: plain data. */
import type { Issue } from '../../../kernel/failure.ts';
import type {
  Coding,
  Observation,
  Questionnaire,
  QuestionnaireItem,
  QuestionnaireResponse,
  Resource,
} from '../../../kernel/fhir/types.ts';
import type { UnitOpen } from './units.ts';

/** A sentence about a place: `expression` is FHIRPath into the Questionnaire, or into the response. */
export type Fault = Issue;

/**
 * Where a field stands: linkIds from the root, joined by `/`; a repeat of a group, or an answer that has questions of its own,
 * adds `#n`, where n is given once and is never used again: `thuoc#0/ten`. Signs `/ # %` in a linkId are percent-encoded.
 */
export type Path = string;

/** A value as FHIR's JSON has it: 3, "a", "2026-01-31", a Coding, Quantity, Reference or Attachment. */
export type Value = unknown;

/** A picture or the like that accompanies a question or a choice. */
export interface Media {
  /** MIME type. */
  type: string;
  /** What it shows, for those who cannot see it; '' when the form does not say. */
  title: string;
  /** `data:…` of what lies in the form, else its address. */
  source: string;
}

export interface Option {
  value: Value;
  /** What is shown, in the form's language. */
  label: string;
  prefix: string | null;
  /** Chosen alone: it takes the others away. */
  exclusive: boolean;
  initial: boolean;
  weight: number | null;
  /** False when the form does not allow it at the moment (answerOptionsToggleExpression). */
  enabled: boolean;
  media: Media | null;
  /** What stands in each column of the item (SDC choiceColumn); left out where it has none. */
  cells?: readonly string[];
}

/** A column of a table of choices. */
export interface ChoiceColumn {
  label: string;
  /** As CSS writes it: `30%`, `8em`; null = as wide as it needs. */
  width: string | null;
}

export interface Repeat {
  /** Of the repeat itself: what `remove` takes. */
  path: Path;
  children: readonly Path[];
}

/** Everything about one field at one moment. A change makes a new object; what did not change stays the same object. */
export interface FieldState {
  path: Path;
  linkId: string;
  /** Type of R4: `group`, `decimal`, `open-choice` … */
  type: QuestionnaireItem['type'];
  enabled: boolean;
  /** Never drawn, but calculated and stored. */
  hidden: boolean;
  required: boolean;
  readOnly: boolean;
  text: string;
  prefix: string | null;
  values: readonly Value[];
  /** Of a quantity or of a number with a unit: what is written behind it. */
  unit: Coding | null;
  /** Units to choose from; null when there is no choice. */
  units: readonly Coding[] | null;
  /** Answers to choose from; null where they are free, or come from `valueSet`. */
  options: readonly Option[] | null;
  /** Canonical address of the value set that answers come from, where the form does not hold them itself. */
  valueSet: string | null;
  /** Suggestions (candidateExpression): the answer is not bound to them. */
  candidates: readonly Option[];
  min: Value | null;
  max: Value | null;
  /** What is wrong with it now; `required` is told only by `issues()` of the form, so that nobody is scolded before typing. */
  issues: readonly Fault[];
  /** Repeats of a group with the fields in them; answers with the fields under them. */
  repeats: readonly Repeat[];
  /** Can `add` make one more of this group? */
  canAdd: boolean;
  /** Calculated, and not overwritten by a person. */
  calculated: boolean;
  /** What of the record helps to answer it, where whoever opened the form shows that. */
  asides: readonly Aside[];
}

/** SDC contextExpression: a search with its name for people. */
export interface Aside {
  label: string;
  /** Null until the search is answered. */
  found: readonly Resource[] | null;
}

/** What never changes while the form is open: how it is drawn. */
export interface FieldFace {
  item: QuestionnaireItem;
  /** `help`, `flyover`, `unit`, `instructions` … that stand under it as display items, in the form's language. */
  help: string | null;
  flyover: string | null;
  instructions: string | null;
  lower: string | null;
  upper: string | null;
  /** `drop-down`, `radio-button`, `check-box`, `autocomplete`, `slider`, `spinner`, `text-area`, `gtable`, `table`, `page`, `header` … */
  control: string | null;
  orientation: 'horizontal' | 'vertical' | null;
  step: number | null;
  shortText: string | null;
  entryFormat: string | null;
  openLabel: string | null;
  collapsible: 'default-open' | 'default-closed' | null;
  displayCategory: string | null;
  repeats: boolean;
  maxLength: number | null;
  maxDecimalPlaces: number | null;
  /** Bytes. */
  maxSize: number | null;
  mimeTypes: readonly string[];
  targets: readonly string[];
  supportLink: string | null;
  /** Form by which the thing that a reference names is described (SDC lookupQuestionnaire). */
  lookup: string | null;
  /** Letters that a keyboard on glass shows first (SDC keyboard): `number`, `phone`, `email`, `url`, `chat`. */
  keyboard: string | null;
  /** What may be written besides the offered units. */
  unitOpen: UnitOpen;
  media: Media | null;
  /** Named columns in which the choices stand (SDC choiceColumn). */
  columns: readonly ChoiceColumn[];
}

export interface FormStart {
  /** A response that is resumed or checked; initial values are then left alone. */
  response?: QuestionnaireResponse;
  /** What `launchContext` and expressions may name: `patient`, `encounter`, `user`, and others; resources. */
  context?: Readonly<Record<string, Resource | readonly Resource[] | undefined>>;
  /** One moment for the whole form: `now()` and `today()`. */
  now: Date;
  /** `vi` when left out. */
  language?: string;
  /** Answers of an earlier response to the same questions, by linkId: offered, never filled in. */
  previous?: QuestionnaireResponse;
  /** A person will look at the form: what helps to answer is searched, too. */
  asides?: boolean;
  /** Members of a value set; null or undefined when nobody here knows it. */
  options?(valueSet: string): readonly Coding[] | null | undefined;
  /** Is a Coding in the value set? null when nobody here knows it: not judged then. */
  memberOf?(value: Value, valueSet: string): boolean | null;
  /** The Bundle or resources that a search finds (`Observation?code=…`, filled); undefined when it was not asked yet. */
  found?(query: string): Resource | readonly Resource[] | null | undefined;
  /** The newest Observation of any of these codes not older than `since` (an instant): observation-based population. */
  observation?(codes: readonly Coding[], since: string): Observation | null;
}

/** SDC entryMode: one after the other without going back, one after the other, or in any order. */
export type EntryMode = 'sequential' | 'prior-edit' | 'random';

/** A form that is being filled. Nothing in it does I/O; all calls are synchronous. */
export interface Form {
  readonly questionnaire: Questionnaire;
  readonly language: string;
  /** Whether its questions may be seen at once, or one after the other. */
  readonly entryMode: EntryMode;
  /** Of the form as a whole: what of the record helps to answer it, where whoever opened it shows that. */
  readonly asides: readonly Aside[];
  /** Top-level fields in order. */
  readonly paths: readonly Path[];
  /** Null when the path leads nowhere (any more). */
  read(path: Path): FieldState | null;
  face(path: Path): FieldFace | null;
  /** Called after the state of the field changed. @returns what ends it */
  subscribe(path: Path, listener: () => void): () => void;
  /** Called after any answer changed (drafts). @returns what ends it */
  onChange(listener: () => void): () => void;
  /** Values that a person gives; an empty list clears. A calculated field that is set stays as it was set until it is cleared. */
  set(path: Path, values: readonly Value[]): void;
  /** One more repeat of a repeating group. @returns its path; null when there may be no more */
  add(path: Path): Path | null;
  /** Takes a repeat away: the path of a `Repeat`. */
  remove(repeat: Path): void;
  /** Answers of the earlier response to this question. */
  previous(path: Path): readonly Value[];
  /** Searches that expressions need and nobody has answered. */
  wanted(): readonly string[];
  /** Answers a search that was wanted. */
  supply(query: string, found: Resource | readonly Resource[] | null): void;
  /** Everything that is wrong. @param whole also what is missing; `field` is the path to go to */
  issues(whole?: boolean): readonly (Fault & { field: Path })[];
  /** The response as it stands, enabled items with answers alone; pinned to `url|version`. */
  response(status: QuestionnaireResponse['status']): QuestionnaireResponse;
}
