/** What is to be done besides doses: visits, tests, calls; once or again and again. Pure. */
import { type Day, plus } from './days.ts';
import { daysAt, type Facts, holds } from './facts.ts';
import type { Act, Programme } from './model.ts';
import { type AnchorDay, type Dates, datesOf, withFloor } from './windows.ts';

export type ActStatus = 'done' | 'due' | 'overdue' | 'not-yet-due' | 'missed' | 'waiting' | 'not-applicable';

export interface ActCourse {
  key: string;
  stage: string;
  title: string;
  status: ActStatus;
  /** Days on which it was done. */
  done: readonly Day[];
  /** When it is to be done (again); null when it is done, missed, or waits for something that is not known. */
  dates: Dates | null;
}

/** In the order of the programme. @param start first day that counts: of the enrolment, or of life */
export function actCourses(
  programme: Programme,
  facts: Facts,
  anchorDay: AnchorDay,
  start: Day,
  day: Day,
): ActCourse[] {
  const taken = new Map<string, Set<Day>>();
  const done = new Map<string, readonly Day[]>();
  const courses = new Map<string, ActCourse>();
  for (const act of inOrderOfNeed(programme.acts)) {
    const anchor: AnchorDay = (key) => done.get(key)?.at(-1) ?? anchorDay(key);
    const course = courseOf(act, { facts, anchor, start, day, taken, isAct: (key) => courses.has(key) });
    courses.set(act.key, course);
    done.set(act.key, course.done);
  }
  return programme.acts.map(({ key }) => courses.get(key)!);
}

/** What others wait for stands before them; a definition with a loop is refused by `checkProgramme`. */
function inOrderOfNeed(acts: readonly Act[]): Act[] {
  const byKey = new Map(acts.map((act) => [act.key, act]));
  const ordered = new Set<Act>();
  const open = new Set<Act>();
  const add = (act: Act) => {
    if (ordered.has(act) || open.has(act)) return;
    open.add(act);
    for (const key of [...act.after.map((one) => one.key), ...act.windows.map(({ anchor }) => anchor)]) {
      const before = byKey.get(key);
      if (before) add(before);
    }
    ordered.add(act);
  };
  for (const act of acts) add(act);
  return [...ordered];
}

interface About {
  facts: Facts;
  anchor: AnchorDay;
  start: Day;
  day: Day;
  /** Days of each question that another act has taken. */
  taken: Map<string, Set<Day>>;
  isAct(key: string): boolean;
}

function courseOf(act: Act, about: About): ActCourse {
  const { facts, day, start } = about;
  const shell = { key: act.key, stage: act.stage, title: act.title };
  const idle = (status: ActStatus): ActCourse => ({ ...shell, status, done: [], dates: null });
  if (!act.applies.every(({ place }) => holds(facts, place))) return idle('not-applicable');
  const floors = act.after.map(({ key, span }) => {
    const before = about.anchor(key);
    return before === null ? null : plus(before, span);
  });
  const own = datesOf(act.windows, about.anchor, start);
  if (own === null || floors.includes(null)) return idle('waiting');
  const dates = withFloor(own, Math.max(own.earliest, ...(floors as Day[])), 'kept');
  const days = evidenceDays(act, about).filter((one) => one <= day);
  return act.recurs ? recurring(act, shell, dates, days, about) : once(act, shell, dates, days, about);
}

function evidenceDays({ evidence }: Act, { facts }: About): Day[] {
  return evidence ? [...new Set(daysAt(facts, evidence.place))].sort((a, b) => a - b) : [];
}

type Shell = Pick<ActCourse, 'key' | 'stage' | 'title'>;

/** The first day within its window that no act before it has taken for the same thing. */
function once(act: Act, shell: Shell, dates: Dates, days: readonly Day[], about: About): ActCourse {
  const place = act.evidence?.place ?? '';
  const taken = about.taken.get(place) ?? new Set<Day>();
  about.taken.set(place, taken);
  const inWindow = (one: Day) => one >= dates.earliest && (dates.latest === null || one <= dates.latest);
  const found = days.find((one) => inWindow(one) && !taken.has(one));
  if (found !== undefined) {
    taken.add(found);
    return { ...shell, status: 'done', done: [found], dates: null };
  }
  if (dates.latest !== null && dates.latest < about.day)
    return { ...shell, status: 'missed', done: [], dates: null };
  return { ...shell, status: statusOf(dates, about.day), done: [], dates };
}

/** Counted from when it was last done; before the first time from its window. */
function recurring(act: Act, shell: Shell, dates: Dates, days: readonly Day[], about: About): ActCourse {
  const done = days.filter((one) => one >= dates.earliest);
  const last = done.at(-1);
  const grace = dates.overdue - dates.due;
  const due = last === undefined ? dates.due : plus(last, act.recurs!);
  const earliest = last === undefined ? dates.earliest : last + 1;
  if (dates.latest !== null && due > dates.latest) return { ...shell, status: 'done', done, dates: null };
  if (dates.latest !== null && dates.latest < about.day)
    return { ...shell, status: 'missed', done, dates: null };
  const next = { earliest, due, overdue: due + grace, latest: dates.latest };
  return { ...shell, status: statusOf(next, about.day), done, dates: next };
}

function statusOf({ due, overdue }: Dates, day: Day): ActStatus {
  return due > day ? 'not-yet-due' : overdue < day ? 'overdue' : 'due';
}
