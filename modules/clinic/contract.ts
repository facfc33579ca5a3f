/** What the clinic's routes take and give: the one vocabulary of server and screens. Types only. */
import type { Severity } from '../../engines/rules/index.ts';

/** By the keys of `content/clinic/measured.csv`; what is not there was not measured. */
export type Vitals = Record<string, number | null>;

/** Something that is measured or calculated, with its limits for a person's age on the day of the visit; null = none stated. */
export interface VitalLimits {
  key: string;
  /** FHIRPath over what is measured (`%weight`) by which it is calculated; null = it is measured. */
  calculated: string | null;
  name: string;
  nameEn: string;
  unit: string;
  decimals: number;
  plausible: [number | null, number | null];
  normal: [number | null, number | null];
  critical: [number | null, number | null];
}

export interface DiagnosisInput {
  /** ICD-10; the first of the list is the main one. */
  code: string;
  status: 'confirmed' | 'provisional';
}

/** The whole consultation as the screen holds it: what is empty is removed from the record when it is saved. */
export interface ConsultationInput {
  vitals: Vitals;
  /** By the keys of `content/clinic/notes.csv`. */
  notes: Record<string, string>;
  diagnoses: DiagnosisInput[];
}

/** Something that is written down in words: what is asked, found and advised. */
export interface NoteField {
  key: string;
  name: string;
  nameEn: string;
  /** Lines of its box; 1 = a single line. */
  lines: number;
  /** Column of the page, from 1. */
  column: number;
  /** Abbreviations that F2 expands there, as `fields` of `content/clinic/abbreviations.csv` names them. */
  abbreviations: string;
  /** What was said at reception stands in the empty box. */
  fromReception: boolean;
}

export interface Person {
  id: string;
  name: string;
  gender: string;
  birthDate: string | null;
  deceased: string | null;
  identifiers: { label: string; value: string }[];
  allergies: { text: string; high: boolean }[];
  allergiesKnown: boolean;
  flags: { text: string; tone: 'danger' | 'look' | 'info' }[];
  demo: boolean;
}

/** A sentence about something that is allowed but should be looked at; `field` names its place in the form. */
export interface Warning {
  field: string;
  text: string;
  textEn: string;
}

export type VisitState = 'waiting' | 'seeing' | 'done' | 'away';

export interface TestView {
  key: string;
  name: string;
  kind: 'quantity' | 'coded';
  unit: string;
  options: string[];
  /** Reference range of this person, as printed; '' when none is stated for the age. */
  range: string;
  result: ResultView | null;
}

export interface ResultView {
  value: string;
  /** HL7 v3 ObservationInterpretation: N, L, H, LL, HH, A. Empty when it cannot be judged. */
  flag: string;
  words: string;
}

export interface OrderView {
  id: string;
  version: number;
  service: string;
  name: string;
  status: string;
  orderedAt: string;
  resultAt: string | null;
  tests: TestView[];
}

/** An order that waits for its result, as the laboratory sees it. */
export interface WaitingOrder {
  encounter: string;
  ticket: string;
  name: string;
  gender: string;
  birthDate: string | null;
  orderedBy: string;
  order: OrderView;
}

export type DoseKey = 'morning' | 'noon' | 'afternoon' | 'evening';

/** One line as it is typed. Amounts are text: `1`, `1/2`, `1,5`. */
export interface LineInput {
  medicine: string;
  morning: string;
  noon: string;
  afternoon: string;
  evening: string;
  /** For medicines without an exact dose (ointments, drops): times a day. */
  perDay: number | null;
  days: number | null;
  /** Stated by the prescriber only where it cannot be computed; whole units. */
  quantity: number | null;
  advice: string;
}

/** A line as the server understands it. */
export interface LineView {
  medicine: string;
  name: string;
  ingredients: string;
  strength: string;
  unit: string;
  quantity: number;
  quantityText: string;
  usage: string;
  advice: string;
  insured: boolean;
}

export interface AlertView {
  key: string;
  kind: string;
  severity: Severity;
  needsReason: boolean;
  /** Nobody signs against it: who approved that; null for any other. */
  hardStop: { by: string; on: string; source: string } | null;
  title: string;
  reason: string;
  management: string;
  source: { label: string; url: string | null };
  /** Lines of the new prescription, from 0. */
  lines: number[];
  /** One press takes a line out of the prescription. */
  removes: { line: number; label: string }[];
  /** Earlier prescriptions it concerns. */
  earlier: { name: string; until: string | null }[];
  /** Codes of `content/clinic/override-reasons.csv` that fit this kind. */
  reasons: OverrideReason[];
}

export interface OverrideReason {
  code: string;
  name: string;
  nameEn: string;
  textRequired: boolean;
}

export interface OverrideInput {
  alert: string;
  reason: string;
  text: string;
}

export interface CheckInput {
  lines: LineInput[];
}

export interface CheckView {
  lines: LineView[];
  alerts: AlertView[];
  warnings: Warning[];
}

export interface SignInput {
  lines: LineInput[];
  overrides: OverrideInput[];
  /** Adult who came with a child under 72 months (Circular 26/2025, article 6.4). */
  companion: string;
  /** Number of the signed prescription that this one replaces. */
  replaces: string | null;
  replaceReason: string;
}

export interface PrescriptionView {
  number: string;
  signedAt: string;
  signedBy: string;
  lines: LineView[];
  /** The lines as they were typed, to begin a replacing prescription with. */
  inputs: LineInput[];
  overrides: { kind: string; detail: string; reason: string }[];
  /** `MedicationRequest/x` of its lines. */
  requests: string[];
}

export interface RunningMedicine {
  name: string;
  usage: string;
  until: string | null;
  /** `MedicationRequest/x`. */
  reference: string;
}

export interface FinishInput {
  outcome: string;
  dischargeType: string;
  /** ISO day, or null for none. */
  followUp: string | null;
  followUpReason: string;
}

export interface ChargeLine {
  name: string;
  quantity: number;
  unit: string;
  price: number | null;
  total: number | null;
  insurer: number | null;
  copay: number | null;
  own: number | null;
}

export interface ChargesView {
  lines: ChargeLine[];
  total: number;
  insurer: number;
  copay: number;
  own: number;
  /** Benefit in percent and the sentences behind it. */
  level: number;
  reasons: { vi: string; en: string }[];
  /** What could not be priced. */
  faults: string[];
  /** What the entitlement rests on that is not verified. */
  notes: { vi: string; en: string }[];
}

export interface HistoryLine {
  encounter: string;
  at: string;
  place: string;
  diagnoses: string;
}

export interface VisitView {
  id: string;
  /** Version of the visit: If-Match of every act on it. */
  version: number;
  state: VisitState;
  room: { id: string; name: string };
  ticket: string;
  arrivedAt: string;
  startedAt: string | null;
  endedAt: string | null;
  doctor: { id: string; name: string } | null;
  /** The signed-in person is the one who sees the patient. */
  mine: boolean;
  person: Person;
  /** Months of age under 72, else null: such prescriptions need weight and companion. */
  monthsOld: number | null;
  companion: string;
  reason: string;
  category: { code: string; name: string };
  card: { number: string; from: string; to: string; valid: boolean } | null;
  consultation: ConsultationInput;
  diagnosisNames: Record<string, string>;
  /** What follows from what was measured, by key. */
  calculated: Record<string, number>;
  /** In the order of the screen. */
  limits: VitalLimits[];
  /** In the order of the screen. */
  notes: NoteField[];
  orders: OrderView[];
  prescription: PrescriptionView | null;
  running: RunningMedicine[];
  history: HistoryLine[];
  outcome: { code: string; dischargeType: string; followUp: string | null } | null;
  charges: ChargesView | null;
  warnings: Warning[];
}

export interface WorklistRow {
  encounter: string;
  version: number;
  ticket: string;
  state: VisitState;
  urgent: boolean;
  patient: string;
  name: string;
  gender: string;
  birthDate: string | null;
  reason: string;
  arrivedAt: string;
  doctor: string;
  insured: boolean;
}

export interface Room {
  id: string;
  name: string;
  kind: string;
}

/** Everything the consultation needs to know once: small lists in force today. */
/** A public holiday. */
export interface DayOff {
  /** ISO day. */
  day: string;
  name: string;
  nameEn: string;
}

export interface ClinicLists {
  services: { code: string; name: string; tests: string[] }[];
  outcomes: { code: string; name: string }[];
  dischargeTypes: { code: string; name: string }[];
  abbreviations: { short: string; text: string; fields: string[] }[];
  /** Public holidays from this day on, for the follow-up. */
  daysOff: DayOff[];
}

export interface MedicineRow {
  code: string;
  name: string;
  ingredients: string;
  strength: string;
  form: string;
  doseUnit: string;
  unit: string;
  route: string;
  insured: boolean;
  /** Dose units in one handed-out unit: 60 ml in a bottle. */
  dosePerUnit: number;
  /** Smallest part: 1 whole, 2 halves, 4 quarters, 0 any amount. */
  divisible: number;
}

export type AllergyCategory = 'medication' | 'food' | 'environment' | 'biologic';

/** An allergy as it is typed. */
export interface AllergyInput {
  /** Code of an ingredient or of a group that cross-reacts; '' = known by its words only. */
  substance: string;
  /** What the substance is called. */
  text: string;
  category: AllergyCategory | '';
  /** FHIR AllergyIntolerance.criticality; '' = not stated, as partners may send it. */
  criticality: 'low' | 'high' | 'unable-to-assess' | '';
  reaction: string;
  /** Since when, with its own precision: `1985`, `1985-02`, `1985-02-07`. */
  onset: string | null;
}

export interface AllergyRow {
  id: string;
  version: number;
  input: AllergyInput;
  recordedAt: string;
  recordedBy: string;
}

/** What is known of a person's allergies: nobody asked, asked and none, or these. */
export interface AllergiesView {
  patient: string;
  state: 'unasked' | 'none' | 'some';
  /** The statement that no allergy is known, while it counts. */
  none: { id: string; version: number; recordedAt: string; recordedBy: string } | null;
  rows: AllergyRow[];
}

/** A substance that an allergy can be to, of the list of ingredients and of groups that cross-react. */
export interface SubstanceRow {
  code: string;
  name: string;
  /** The international name of an ingredient; '' for a group. */
  inn: string;
  kind: 'ingredient' | 'group';
}
