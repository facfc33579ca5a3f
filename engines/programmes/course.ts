/**
 * How a person stands in a programme on a day: membership, doses, acts, warnings, targets, and the tasks that follow.
 * Pure: the same on the server and in the browser.
 */
import { type ActCourse, actCourses } from './acts.ts';
import { type Day, plus } from './days.ts';
import { daysAt, type Facts, holds, type NotGiven } from './facts.ts';
import { forecast, type SeriesCourse } from './forecast.ts';
import {
  callAgain,
  type Membership,
  membershipOf,
  nextAgeChange,
  type Silence,
  silenceOf,
} from './membership.ts';
import type { Priority, Product, Programme } from './model.ts';
import type { AnchorDay, Dates } from './windows.ts';

/** What is to be done with a person, with its window. */
export interface CourseTask extends Dates {
  /** Stable while the same thing is to be done: `act:kham-thai-2`, `dose:<product>:<label>`. */
  key: string;
  title: string;
  /** Act, or series that the dose is for. */
  about: readonly string[];
  product: string | null;
  priority: Priority;
  reason: string;
  /** Key of the form that is filled in for it; null = none. */
  form: string | null;
  /** From a call: when to ask again; until then nobody is called for it. */
  nextCall: Day | null;
}

export interface Course {
  programme: string;
  version: string;
  day: Day;
  membership: Membership;
  silence: Silence | null;
  anchors: Readonly<Record<string, Day | null>>;
  series: readonly SeriesCourse[];
  acts: readonly ActCourse[];
  /** Doses of its series that were not given, of a campaign in its days, oldest first. */
  notGiven: readonly NotGiven[];
  advice: readonly { key: string; title: string; description: string; priority: Priority; reason: string }[];
  targets: readonly { key: string; text: string; met: boolean | null }[];
  /** Open tasks, the soonest first; none of who is not in, or is silent. */
  tasks: readonly CourseTask[];
  /** The first later day on which all this changes although nothing was written; null = none. */
  changes: Day | null;
}

export interface Shelf {
  programme: Programme;
  products: ReadonlyMap<string, Product>;
}

/** @param day on which it is judged; what is dated later is not looked at */
export function courseOf({ programme, products }: Shelf, facts: Facts, day: Day): Course {
  const membership = membershipOf(programme, facts, day);
  const anchors = anchorsOf(programme, facts, membership);
  const anchorDay: AnchorDay = (key) => anchors[key] ?? null;
  const series = forecast(programme, products, facts, anchorDay, day);
  const start = membership.since ?? facts.birth ?? day;
  const acts = actCourses(programme, facts, anchorDay, start, day);
  const silence = silenceOf(facts, '', lastDone(series, acts), day);
  const tasks =
    membership.state === 'enrolled' && silence === null
      ? tasksOf(programme, products, { series, acts, facts, day })
      : [];
  return {
    programme: programme.key,
    version: programme.version,
    day,
    membership,
    silence,
    anchors,
    series,
    acts,
    notGiven: notGivenIn({ programme, products }, facts, day),
    advice: programme.advice
      .filter(({ when }) => when.every(({ place }) => holds(facts, place)))
      .map(({ key, title, description, priority, reason }) => ({
        key,
        title,
        description,
        priority,
        reason,
      })),
    targets: programme.targets.map(({ key, text, met }) => {
      const answer = facts.answers[met.place];
      return { key, text, met: typeof answer === 'boolean' ? answer : null };
    }),
    tasks,
    changes: nextChange({ programme, products }, facts, { series, acts, silence, day }),
  };
}

function notGivenIn({ programme, products }: Shelf, facts: Facts, day: Day): NotGiven[] {
  const { campaign, series } = programme;
  const [from, to] = campaign ? [campaign.from, Math.min(day, campaign.to)] : [-Infinity, day];
  const isOurs = (code: string) =>
    series.some(({ component }) => products.get(code)?.components.includes(component));
  return facts.notGiven.filter((one) => one.day >= from && one.day <= to && one.products.some(isOurs));
}

/** `birth`, `enrolment`, and the programme's own. */
function anchorsOf(programme: Programme, facts: Facts, { since }: Membership): Record<string, Day | null> {
  const anchors: Record<string, Day | null> = { birth: facts.birth, enrolment: since };
  for (const { key, from } of programme.anchors) {
    const found = from
      .map(({ question, add }) => {
        const last = daysAt(facts, question.place).at(-1);
        return last === undefined ? null : add ? plus(last, add) : last;
      })
      .find((day) => day !== null);
    anchors[key] = found ?? null;
  }
  return anchors;
}

function lastDone(series: readonly SeriesCourse[], acts: readonly ActCourse[]): Day | null {
  const days = [
    ...series.flatMap(({ judged }) => judged.map(({ dose }) => dose.day)),
    ...acts.flatMap(({ done }) => done),
  ];
  return days.length === 0 ? null : days.reduce((a, b) => Math.max(a, b));
}

interface Parts {
  series: readonly SeriesCourse[];
  acts: readonly ActCourse[];
  facts: Facts;
  day: Day;
}

function tasksOf(programme: Programme, products: ReadonlyMap<string, Product>, parts: Parts): CourseTask[] {
  const tasks = [...doseTasks(programme, products, parts), ...actTasks(programme, parts)];
  return tasks.sort((a, b) => a.due - b.due || (a.key < b.key ? -1 : 1));
}

/** One product on one day is one task, whatever number of series it is for. */
function doseTasks(
  programme: Programme,
  products: ReadonlyMap<string, Product>,
  { series, facts, day }: Parts,
): CourseTask[] {
  const tasks = new Map<string, CourseTask>();
  for (const [at, one] of series.entries()) {
    const [next] = one.next;
    const lastDose = one.judged.at(-1)?.dose.day ?? null;
    if (!next || silenceOf(facts, one.key, lastDose, day)) continue;
    const { priority } = programme.series[at]!;
    const name = next.product ? (products.get(next.product)?.name ?? one.title) : one.title;
    const key = next.product ? `dose:${next.product}:${next.due}` : `dose:${one.key}:${next.due}`;
    const known = tasks.get(key);
    const task: CourseTask = {
      key,
      title: known?.title ?? `${name}, ${next.title}`,
      about: [...(known?.about ?? []), one.key],
      product: next.product,
      earliest: Math.max(known?.earliest ?? next.earliest, next.earliest),
      due: next.due,
      overdue: Math.min(known?.overdue ?? next.overdue, next.overdue),
      latest:
        known?.latest != null && next.latest !== null
          ? Math.min(known.latest, next.latest)
          : (next.latest ?? known?.latest ?? null),
      priority: known && RANK[known.priority] > RANK[priority] ? known.priority : priority,
      reason: known ? `${known.reason}, ${one.componentTitle}` : one.componentTitle,
      form: null,
      nextCall: later(known?.nextCall, callAgain(facts, one.key, lastDose, day)),
    };
    tasks.set(key, task);
  }
  return [...tasks.values()];
}

const later = (a: Day | null | undefined, b: Day | null) => (a == null ? b : b === null ? a : Math.max(a, b));

const RANK: Record<Priority, number> = { routine: 0, urgent: 1, asap: 2, stat: 3 };

function actTasks(programme: Programme, { acts, facts, day }: Parts): CourseTask[] {
  return acts.flatMap((one, at) => {
    const act = programme.acts[at]!;
    if (!one.dates || silenceOf(facts, one.key, one.done.at(-1) ?? null, day)) return [];
    return [
      {
        ...one.dates,
        key: `act:${one.key}`,
        title: one.title,
        about: [one.key],
        product: null,
        priority: act.priority,
        reason: act.reason,
        form: act.form,
        nextCall: callAgain(facts, one.key, one.done.at(-1) ?? null, day),
      },
    ];
  });
}

interface Changing extends Omit<Parts, 'facts'> {
  silence: Silence | null;
}

/** Due and overdue need no change: they are read off the dates. */
function nextChange({ programme, products }: Shelf, facts: Facts, parts: Changing): Day | null {
  const { series, acts, silence, day } = parts;
  let soonest: Day | null = null;
  const offer = (one: Day | null | undefined) => {
    if (one != null && one > day && (soonest === null || one < soonest)) soonest = one;
  };
  const offerAfter = (last: Day | null | undefined) => offer(last == null ? null : last + 1);
  offer(nextAgeChange(programme, facts, day));
  offer(silence?.until);
  for (const { next, until } of series) {
    const [first] = next;
    offer(until);
    offerAfter(first?.latest);
    const ageTo = first?.product ? products.get(first.product)?.ageTo : null;
    if (ageTo && facts.birth !== null) offerAfter(plus(facts.birth, ageTo));
  }
  for (const { dates } of acts) offerAfter(dates?.latest);
  return soonest;
}
