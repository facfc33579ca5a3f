/** A visit of a demo person before it becomes resources, and the hours at which visits happen. */
import { plusDays, weekday } from './days.ts';
import type { Random } from './random.ts';
import type { Dose } from './tables.ts';

export interface LabResult {
  /** Key of the test in content/clinic/lab-tests.csv. */
  test: string;
  value: number | string;
}

export interface LabOrder {
  /** Code of the service in content/clinic/services.csv. */
  service: string;
  results: LabResult[];
}

/** A vital sign or other measurement by its key in content/clinic/vitals.csv; pressure is two keys. */
export type Vitals = Partial<
  Record<'systolic' | 'diastolic' | 'pulse' | 'temperature' | 'weight' | 'height', number>
>;

/** A measurement outside the vital signs: LOINC code, Vietnamese name, number with UCUM unit or day. */
export interface Measure {
  loinc: string;
  name: string;
  value?: { value: number; unit: string };
  date?: string;
}

/** A form of the content, and what was typed: codes of choices, numbers, ISO days, somebody of the record. */
export interface FilledForm {
  key: string;
  typed: Readonly<Record<string, string | number | boolean | { reference: string }>>;
}

export interface Visit {
  /** Organization of the visit and its room. */
  facility: { id: string; code: string; name: string };
  location: string;
  /** ISO day and `hh:mm` in Viet Nam. */
  day: string;
  time: string;
  minutes: number;
  kind: 'AMB' | 'IMP';
  /** Code of the list loai-kcb. */
  type: string;
  /** Code of the list doi-tuong-kcb of an insured person, when it is not that of the own station. */
  category?: string;
  /** Number in the queue, when it was counted. */
  ticket?: string;
  /** Name of the room. */
  room?: string;
  reason: string;
  /** ICD-10 codes, the main one first. */
  diagnoses: string[];
  /** Days after which an acute illness is over; 0 = it lasts. */
  illDays: number;
  /** False when a later visit for the same long disease carries its diagnosis on. */
  lastOfKind: boolean;
  vitals: Vitals;
  measures: Measure[];
  /** Forms that were filled in; the first, where it is in force, says what vital signs and measures would. */
  forms?: FilledForm[];
  labs: LabOrder[];
  doses: Dose[];
  /** Codes of the lists ket-qua-dieu-tri and loai-ra-vien. */
  outcome: string;
  discharge: string;
}

/** Days on which a life is recorded, both included. */
export interface Span {
  from: string;
  to: string;
}

/**
 * Stations see only who cannot wait on Sunday: any other visit moves to Monday, or back to Saturday when Monday is
 * outside the span.
 */
export function openDay(day: string, span: Span): string {
  if (weekday(day) !== 0) return day;
  const monday = plusDays(day, 1);
  return monday <= span.to ? monday : plusDays(day, -1);
}

/** `hh:mm` between 7:15 and 16:30, two thirds of it in the morning. */
export function visitTime(random: Random): string {
  const minute = random.chance(0.66) ? random.int(435, 675) : random.int(810, 990);
  return clock(minute);
}

/** `hh:mm` → minutes since midnight. */
export function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** Minutes since midnight → `hh:mm`. */
export function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** Instant with +07:00, some minutes after a day and time. */
export function instantOf(day: string, time: string, minutesLater = 0): string {
  const [hours, rest] = time.split(':').map(Number);
  const minute = hours! * 60 + rest! + minutesLater;
  return `${plusDays(day, Math.floor(minute / 1440))}T${clock(minute % 1440)}:00+07:00`;
}
