/**
 * Who comes on a day of the running province, where and when. Lives (life.ts) end on the eve; a day is drawn by itself, so
 * that there is one on whatever day the program is started, Sundays and nights included. Pure and repeatable.
 */
import { weekday } from './days.ts';
import type { Person } from './person.ts';
import { type Random, randomOf } from './random.ts';
import type { Busyness } from './tables.ts';
import { clock, minuteOf, visitTime } from './visit.ts';

export interface Arrival {
  person: Person;
  place: Busyness;
  day: string;
  /** Arrival, `hh:mm`. */
  time: string;
  /** Minutes until the end, or until now for who is still there. */
  minutes: number;
  state: 'finished' | 'in-progress' | 'arrived';
}

export interface DayQuestion {
  day: string;
  /** `hh:mm`: nothing happens later; `24:00` is the whole day. */
  now: string;
  seed: string;
  /** Living people who may come. */
  people: readonly Person[];
  places: readonly Busyness[];
  /** False for who was seen elsewhere in these days. */
  isFree(person: Person): boolean;
}

/** People to which the numbers of content/demo/day.csv belong. */
const PEOPLE_OF_TABLE = 2_000;
const SUNDAY = 0;
const OPEN_FROM = 7 * 60;
const OPEN_TO = 17 * 60;
/** The last visit of a day begins early enough to end on it. */
const LAST_MINUTE = 23 * 60 + 10;
const TRIES = 12;

/** Visits that are over by now, then those who wait or are being seen now; both in the order in which they came. */
export function drawDay(question: DayQuestion): Arrival[] {
  const taken = new Set<Person>();
  const wholeDay = question.places.flatMap((place) => visitsAt(place, question, taken));
  const present = question.places.flatMap((place) => queueAt(place, question, taken));
  const now = minuteOf(question.now);
  const over = wholeDay.filter((each) => minuteOf(each.time) + each.minutes <= now);
  return [...over.sort(byTime), ...present.sort(byTime)];
}

function byTime(a: Arrival, b: Arrival): number {
  return a.time === b.time ? a.person.serial - b.person.serial : a.time < b.time ? -1 : 1;
}

function visitsAt(place: Busyness, question: DayQuestion, taken: Set<Person>): Arrival[] {
  const { day, seed, people } = question;
  const random = randomOf(seed, 'day', day, place.code);
  const mean = weekday(day) === SUNDAY ? place.sunday : place.weekday;
  const count = random.poisson((mean * people.length) / PEOPLE_OF_TABLE);
  return Array.from({ length: count }).flatMap((): Arrival[] => {
    const time = place.night && random.chance(0.5) ? clock(random.int(0, LAST_MINUTE)) : visitTime(random);
    const minutes = random.int(12, 45);
    const person = somebodyFor(place, question, taken, random);
    return person ? [{ person, place, day, time, minutes, state: 'finished' }] : [];
  });
}

/** Whoever came longest ago is with the doctor, when there is more than one. A whole day leaves nobody behind. */
function queueAt(place: Busyness, question: DayQuestion, taken: Set<Person>): Arrival[] {
  const { day, seed, now } = question;
  if (now === '24:00') return [];
  const minute = minuteOf(now);
  const random = randomOf(seed, 'queue', day, place.code);
  const isOpen = weekday(day) !== SUNDAY && minute >= OPEN_FROM && minute < OPEN_TO;
  const level = isOpen ? place.queueOpen : place.queueDuty;
  const count = level >= 1 ? level : Number(random.chance(level));
  return Array.from({ length: count }).flatMap((_, at): Arrival[] => {
    const waited = Math.min(minute, (count - at) * 8 + random.int(-3, 3));
    const person = somebodyFor(place, question, taken, random);
    if (!person) return [];
    const state = at === 0 && count > 1 && waited > 1 ? 'in-progress' : 'arrived';
    return [{ person, place, day, time: clock(minute - waited), minutes: waited, state }];
  });
}

/** Stations see people of their own commune, the others anybody; nobody comes twice on a day. */
function somebodyFor(
  place: Busyness,
  { people, isFree }: DayQuestion,
  taken: Set<Person>,
  random: Random,
): Person | null {
  const own = peopleOf(place, people);
  for (let attempt = 0; attempt < TRIES && own.length > 0; attempt += 1) {
    const person = random.pick(own);
    if (taken.has(person) || !isFree(person)) continue;
    taken.add(person);
    return person;
  }
  return null;
}

const known = new WeakMap<readonly Person[], Map<string, readonly Person[]>>();

function peopleOf(place: Busyness, people: readonly Person[]): readonly Person[] {
  if (place.type !== 'tram-y-te') return people;
  const byStation = known.get(people) ?? Map.groupBy(people, (person) => person.household.station.id);
  known.set(people, byStation);
  return byStation.get(place.id) ?? [];
}
