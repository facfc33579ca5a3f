/** A person's standing as rows of `programmes.member` and `programmes.task`. Pure. */
import { createHash } from 'node:crypto';
import {
  type Course,
  type Day,
  dayText,
  type Facts,
  type Programme,
  type Taken,
  takenOf,
} from '../../engines/programmes/index.ts';

export interface MemberRow {
  patient: string;
  programme: string;
  version: string;
  state: string;
  unit: string;
  village: string;
  birth: string | null;
  since: string | null;
  reason: string;
  silence: string;
  silent_since: string | null;
  silent_until: string | null;
  last_call: string;
  last_called: string | null;
  next_call: string | null;
  targets: string;
  advice: string;
  look_again: string | null;
  content: string;
}

export interface TaskRow {
  key: string;
  title: string;
  product: string;
  about: string[];
  priority: string;
  reason: string;
  earliest: string;
  due: string;
  overdue: string;
  latest: string | null;
  /** Agreed in a call: nobody is asked before. */
  next_call: string | null;
}

export interface Where {
  patient: string;
  /** Station of the residence; '' = none. */
  station: string;
  village: string;
}

export interface StandingRows {
  member: MemberRow;
  tasks: TaskRow[];
  doses: Taken[];
  notGiven: NotGivenRow[];
}

/** A dose that was not given. */
export interface NotGivenRow {
  immunization: string;
  product: string;
  reason: string;
  day: string;
  unit: string;
}

/** Conditions may look back in time: who is followed is judged again at least so often. */
const LOOK_DAYS = 28;

const text = (day: Day | null) => (day === null ? null : dayText(day));

/** Null: nothing is known of the person that concerns the programme. */
export function rowsOf(
  programme: Programme,
  course: Course,
  facts: Facts,
  where: Where,
): StandingRows | null {
  const { membership, silence } = course;
  const waits = membership.state === 'none' && waitsForAge(programme, course, facts);
  if ((membership.state === 'none' && !waits) || membership.state === 'excluded') return null;
  const enrolment = facts.enrolments.find(({ id }) => id === membership.enrolment);
  const call = facts.calls
    .filter(({ day }) => day <= course.day)
    .sort((a, b) => a.day - b.day || a.at - b.at || (a.id < b.id ? -1 : 1))
    .at(-1);
  const tasks = course.tasks.map((task) => ({
    key: task.key,
    title: task.title,
    product: task.product ?? '',
    about: [...task.about],
    priority: task.priority,
    reason: task.reason,
    earliest: dayText(task.earliest),
    due: dayText(task.due),
    overdue: dayText(task.overdue),
    latest: text(task.latest),
    next_call: text(task.nextCall),
  }));
  const followed = membership.state === 'enrolled' || membership.state === 'proposed';
  const look = Math.min(
    course.changes ?? Number.POSITIVE_INFINITY,
    followed ? course.day + LOOK_DAYS : Number.POSITIVE_INFINITY,
  );
  const member = {
    patient: where.patient,
    programme: programme.key,
    version: programme.version,
    state: membership.state,
    unit: enrolment?.unit ?? where.station,
    village: where.village,
    birth: text(facts.birth),
    since: text(membership.since),
    reason: membership.reason,
    silence: silence?.reason ?? '',
    silent_since: text(silence?.since ?? null),
    silent_until: text(silence?.until ?? null),
    last_call: call?.result ?? '',
    last_called: text(call?.day ?? null),
    next_call: text(call?.next ?? null),
    targets: JSON.stringify(course.targets),
    advice: JSON.stringify(course.advice.map(({ key, title, priority }) => ({ key, title, priority }))),
    look_again: Number.isFinite(look) ? dayText(look) : null,
  };
  const doses = takenOf(course);
  const notGiven = course.notGiven.map(({ id, products, reason, day, unit }) => ({
    immunization: id,
    product: products[0] ?? '',
    reason,
    day: dayText(day),
    unit,
  }));
  const content = contentOf({ ...member, look_again: null }, [tasks, doses, notGiven]);
  return { member: { ...member, content }, tasks, doses, notGiven };
}

/** Who fits but for the age comes in on a day on which nothing is written. */
function waitsForAge({ enrolment }: Programme, { changes }: Course, { answers }: Facts): boolean {
  return (
    changes !== null &&
    enrolment.automatic &&
    enrolment.proposed.every(({ place }) => answers[place] === true)
  );
}

function contentOf(member: object, others: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify([member, ...others]))
    .digest('base64url')
    .slice(0, 22);
}
