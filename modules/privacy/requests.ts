/** Requests of citizens under Law 91/2025, as FHIR Tasks with clocks in working days. Pure. */
import { cs } from '../../kernel/fhir/systems.ts';
import type { Task } from '../../kernel/fhir/types.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { afterWorkingDays, workingDaysBetween } from './working-days.ts';

/** A right and its terms: content `access/rights`. */
export interface Right {
  code: string;
  words: string;
  wordsEn: string;
  /** Working days until the first answer, until it is carried out, and at the longest. */
  answerDays: number;
  days: number;
  longestDays: number;
}

export function rightsOf(rows: readonly Readonly<Record<string, string>>[]): Right[] {
  return rows.map((row) => ({
    code: row.right!,
    words: row.words!,
    wordsEn: row.words_en!,
    answerDays: Number(row.answer_days),
    days: Number(row.days),
    longestDays: Number(row.longest_days),
  }));
}

/** Codes of rights; a Task with one is a request of a citizen. */
export const RIGHT_SYSTEM = cs.right;

export function taskOf(asked: {
  right: Right;
  patient: string;
  by: string;
  /** ISO instant with zone. */
  at: string;
  text: string;
  /** What was looked at, in the words of the log. */
  look?: string;
}): Task {
  const { right, patient, by, at, text, look } = asked;
  return {
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: RIGHT_SYSTEM, code: right.code, display: right.words }] },
    for: { reference: `Patient/${patient}` },
    requester: { reference: `Patient/${by}` },
    authoredOn: at,
    ...(look !== undefined && { reasonCode: { text: look } }),
    description: text === '' ? right.words : text,
  };
}

/** What the officer may make of a request: acknowledge, extend, carry out, refuse with a ground. */
export const STEPS = {
  accept: 'accepted',
  extend: 'on-hold',
  complete: 'completed',
  refuse: 'rejected',
} as const;
export type Step = keyof typeof STEPS;

/** The Task after a step, with what the officer wrote. */
export function stepped(task: Task, step: Step, note: string, by: string, at: string): Task {
  return {
    ...task,
    status: STEPS[step],
    lastModified: at,
    ...(note === '' ? {} : { note: [...(task.note ?? []), { authorString: by, time: at, text: note }] }),
    ...(step === 'refuse' || step === 'extend' ? { statusReason: { text: note } } : {}),
  };
}

export interface RequestLine {
  id: string;
  version: number;
  code: string;
  vi: string;
  en: string;
  patient: string;
  status: Task['status'];
  text: string;
  look: string | null;
  askedOn: string;
  /** Working day on which the first answer, and the act, are due. */
  answerDue: string;
  due: string;
  /** Working days that are left until what comes next; negative = late; null = nothing more comes. */
  left: number | null;
  notes: { by: string; at: string; text: string }[];
}

/** A request with its clocks on a day. */
export function lineOf(
  task: Task,
  rights: readonly Right[],
  holidays: ReadonlySet<string>,
  today: string,
): RequestLine {
  const code = task.code?.coding?.find(({ system }) => system === RIGHT_SYSTEM)?.code ?? '';
  const right = rights.find((one) => one.code === code);
  const askedOn = vietnamDay(new Date(task.authoredOn ?? 0));
  const extended = task.status === 'on-hold';
  const answerDue = afterWorkingDays(askedOn, right?.answerDays ?? 2, holidays);
  const due = afterWorkingDays(askedOn, (extended ? right?.longestDays : right?.days) ?? 10, holidays);
  const next = task.status === 'requested' ? answerDue : due;
  const done = task.status === 'completed' || task.status === 'rejected';
  return {
    id: task.id!,
    version: Number(task.meta?.versionId),
    code,
    vi: right?.words ?? code,
    en: right?.wordsEn ?? code,
    patient: task.for?.reference?.replace(/^Patient\//, '') ?? '',
    status: task.status,
    text: task.description ?? '',
    look: task.reasonCode?.text ?? null,
    askedOn,
    answerDue,
    due,
    left: done ? null : workingDaysBetween(today, next, holidays),
    notes: (task.note ?? []).map(({ authorString, time, text }) => ({
      by: authorString ?? '',
      at: time ?? '',
      text: text ?? '',
    })),
  };
}
