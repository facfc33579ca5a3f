/** A measure carried over persons: page after page, so that memory holds counts, lists and one page. */

import { setImmediate as turn } from 'node:timers/promises';
import type { Failure } from '../../../kernel/failure.ts';
import type { MemberOf } from '../../../kernel/fhir/person/index.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { Measure, MeasureReport, Observation } from '../../../kernel/fhir/types.ts';
import type { MeasurePlan } from '../plan.ts';
import { tooCostly } from '../refusal.ts';
import { reportOf } from '../report.ts';
import { resultOf } from '../subject.ts';
import { DataTally, dataOf } from '../supplemental.ts';
import { GroupTally, Room } from '../tally.ts';
import type { MeasureAsk } from './ask.ts';
import { personsOf, type ReadPerson } from './persons.ts';
import { sourcesOf } from './sources.ts';

export interface Evaluation {
  session: FhirSession;
  ask: MeasureAsk;
  measure: Measure;
  plan: MeasurePlan;
  /** What of terminology the criteria ask. */
  memberOf: MemberOf;
  canonical: string;
  /** ISO instant with offset, of the report. */
  date: string;
  /** Milliseconds that it may take. */
  most: number;
  /** What to do when it takes longer. */
  hint: { vi: string; en: string };
  /** Told after each page of persons; fails when nobody waits any more. */
  report(persons: number): Promise<void>;
}

/** How long the counting of persons keeps others waiting, in milliseconds. */
const TURN_MS = 20;

/** @throws Failure of the policy, of the measure with its place, `too-costly` when it takes longer than it may */
export async function evaluateMeasure(evaluation: Evaluation): Promise<MeasureReport> {
  const { session, ask, plan, measure, canonical, date } = evaluation;
  await session.note(
    'evaluate',
    describe(evaluation),
    ask.subject?.type === 'Patient' ? ask.subject.id : null,
  );
  const room = ask.type === 'subject-list' ? new Room() : null;
  const groups = plan.groups.map((group) => new GroupTally(group, room));
  const data = new DataTally(plan.supplemental);
  let only: ReadPerson | null = null;
  for await (const person of countedPersons(evaluation)) {
    if (countPerson(plan, groups, person) && ask.type !== 'individual') data.add(person);
    if (ask.type === 'individual') only = person;
  }
  return reportOf({
    measure,
    canonical,
    plan,
    type: ask.type,
    ...(ask.subject === undefined ? {} : { subject: `${ask.subject.type}/${ask.subject.id}` }),
    period: ask.period.told,
    date,
    ...(session.actor.unit === null ? {} : { reporter: `Organization/${session.actor.unit}` }),
    groups,
    supplemental: supplementalOf(plan, ask, data, only),
    evaluated: only === null ? [] : evaluatedOf(only, ask.lastReceivedOn),
  });
}

/** For the audit: `$evaluate-measure http://…|1.0 2026-01-01..2026-12-31 subject-list Group/g`. */
function describe({ ask: { period, type, subject }, canonical }: Evaluation): string {
  const of = subject === undefined ? '' : ` ${subject.type}/${subject.id}`;
  return `$evaluate-measure ${canonical} ${period.told.start}..${period.told.end} ${type}${of}`.slice(
    0,
    1000,
  );
}

/** Person after person, with a look at the clock and a turn for others in between. */
async function* countedPersons({
  session,
  ask,
  plan,
  memberOf,
  date,
  most,
  hint,
  report,
}: Evaluation): AsyncGenerator<ReadPerson> {
  const began = performance.now();
  let turned = began;
  let count = 0;
  for await (const persons of personsOf(
    session,
    ask,
    { sources: sourcesOf(plan), memberOf },
    Date.parse(date),
  )) {
    for (const person of persons) {
      yield person;
      const now = performance.now();
      if (now - began > most) throw tooLong(most, hint);
      if (now - turned < TURN_MS) continue;
      await turn();
      turned = performance.now();
    }
    count += persons.length;
    await report(count);
  }
}

/** True for who is in an initial population. */
function countPerson({ groups }: MeasurePlan, tallies: readonly GroupTally[], person: ReadPerson): boolean {
  let counted = false;
  for (const [at, group] of groups.entries()) {
    const result = resultOf(group, person);
    if (result === null) continue;
    tallies[at]!.add(result, person.id);
    counted = true;
  }
  return counted;
}

function supplementalOf(
  plan: MeasurePlan,
  { type }: MeasureAsk,
  data: DataTally,
  only: ReadPerson | null,
): Observation[] {
  if (type !== 'individual') return data.observations();
  return only === null ? [] : dataOf(plan.supplemental, only);
}

function evaluatedOf(person: ReadPerson, since: number | undefined): string[] {
  return person
    .versions()
    .filter(({ lastUpdated }) => since === undefined || Date.parse(lastUpdated) > since)
    .map(({ type, id }) => `${type}/${id}`);
}

function tooLong(most: number, { vi, en }: Evaluation['hint']): Failure {
  const seconds = most / 1000;
  return tooCostly(
    `Tính chỉ số này lâu hơn ${seconds} giây. ${vi}`,
    `The measure takes longer than ${seconds} seconds. ${en}`,
  );
}
