/** The questions of the point of care and of a cohort, asked of a running program: what the benches of reading share. */
import { quantile } from './bench.ts';
import type { Lives } from './lives.ts';
import { askFor, getBytes, type Load } from './wire.ts';

export interface Asked {
  address: string;
  authorization: string;
  lives: Lives;
}

/** Least common multiple-free walk through a list: every run asks the same in the same order. */
const pick = <T>(list: readonly T[], n: number): T => list[(n * 7_919) % list.length]!;

/** Requests made ahead, so that making them is not measured. */
function prepared(asked: Asked, many: number, path: (n: number) => string): (n: number) => Buffer {
  const requests = Array.from({ length: many }, (_, n) =>
    getBytes(asked.address, path(n), asked.authorization),
  );
  return (n) => requests[n % requests.length]!;
}

const MANY = 4_000;

export const QUESTIONS = {
  /** A resource by its id. */
  read: ({ lives }: Asked, n: number) => {
    const { observations } = pick(lives.people, n);
    return `/fhir/Observation/${pick(observations, n)}`;
  },
  /** The last twenty pulses of a person, of people with long records and of others. */
  lastOfCode: ({ lives }: Asked, n: number) => {
    const { id } = n % 4 === 0 ? pick(lives.long, n) : pick(lives.people, n);
    return `/fhir/Observation?patient=${id}&code=http://loinc.org%7C8867-4&_sort=-date&_count=20`;
  },
  visits: ({ lives }: Asked, n: number) =>
    `/fhir/Encounter?patient=${pick(lives.people, n).id}&_sort=-date&_count=20`,
  everything: ({ lives }: Asked, n: number) => `/fhir/Patient/${pick(lives.long, n).id}/$everything`,
  /** Of a record as long as those of the generated province are on average. */
  everythingOfAverage: ({ lives }: Asked, n: number) =>
    `/fhir/Patient/${pick(lives.average, n).id}/$everything`,
  byNumber: ({ lives }: Asked, n: number) =>
    `/fhir/Patient?identifier=http://yba.vn/fhir/sid/cccd%7C099${String((n * 613) % lives.next).padStart(9, '0')}`,
  cohort: () =>
    '/fhir/Patient?_has:Condition:patient:code=I10&_has:Condition:patient:code=E11&_summary=count',
} as const;

export type Question = keyof typeof QUESTIONS;

export function ask(asked: Asked, question: Question, atOnce: number, seconds: number): Promise<Load> {
  return askFor(
    asked.address,
    atOnce,
    seconds,
    prepared(asked, MANY, (n) => QUESTIONS[question](asked, n)),
  );
}

export function latency(name: string, { times }: Load, share: number, atMost?: number) {
  const figure = { name: `${name}, p${share * 100}`, value: quantile(times, share), unit: 'ms' };
  return atMost === undefined ? figure : { ...figure, bar: { atMost } };
}
