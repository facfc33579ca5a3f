/**
 * Keeps the demo province going: at the first start of a day it writes who came until now and who waits, and before that
 * what the days since the last start were like. A second start on the same day writes nothing.
 */
import type { Coverage, Encounter, Patient, Resource } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Store, StoredVersion, Write } from '../../kernel/store/contract.ts';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { ticketsGivenUpTo, ticketText } from '../clinic/index.ts';
import { coverageFacts, coverageOn } from '../insurance/index.ts';
import { cardHolders } from './cards.ts';
import { type Arrival, drawDay } from './day.ts';
import { arrivalResources, type Known } from './day-resources.ts';
import { daysFrom, plusDays } from './days.ts';
import { auditLine, eachAtOnce, openMaking, placeRecords } from './generate.ts';
import { type Posts, visitDays } from './life.ts';
import type { Making } from './making.ts';
import { personId } from './numbers.ts';
import type { Person } from './person.ts';
import { BLOCK_SIZE, drawBlock } from './population.ts';
import { type Progress, progressResource, readProgress } from './progress.ts';

export interface DaySummary {
  day: string;
  /** Visits of the day so far, and how many of them are not over. */
  visits: number;
  present: number;
}

/** Days before the first start, or without a start, that are drawn. */
const DAYS_BACK = 30;
/** People among whom a day is drawn: a larger province has the day of so many. */
const MOST_BLOCKS = 25;
/** Days before and after a visit in which the same person does not come again. */
const REST_DAYS = 2;
const WHOLE_DAY = '24:00';

interface Keeping {
  kernel: Kernel;
  progress: Progress;
  making: Making;
  posts: Posts;
  people: Person[];
  isFree(person: Person, day: string): boolean;
}

/** @returns null when the day is there already, or there are no people yet */
export async function keepDay(kernel: Kernel): Promise<DaySummary | null> {
  const progress = await readProgress(kernel.store);
  const now = vietnamInstant(kernel.settings.now());
  const today = now.slice(0, 10);
  if (!progress || progress.people === 0 || progress.people < progress.target) return null;
  if (progress.day > today || (progress.day === today && progress.dayWritten)) return null;
  const keeping = openKeeping(kernel, progress, today, now.slice(11, 16));
  if (progress.day !== '' && progress.day < today) await endDay(keeping, progress.day, progress.dayTime);
  for (let day = firstDay(progress, today); day < today; day = plusDays(day, 1)) {
    await note(keeping, day, WHOLE_DAY, false);
    await writeArrivals(keeping, arrivalsOf(keeping, day, WHOLE_DAY), null, opOf(progress, day));
  }
  const time = progress.day === today ? progress.dayTime : now.slice(11, 16);
  return await writeToday(keeping, today, time);
}

/** The month before the first start, else what follows the last day; one that was not written to its end is done again. */
function firstDay({ day, dayTime, dayWritten }: Progress, today: string): string {
  const earliest = plusDays(today, -DAYS_BACK);
  const next = day === '' ? earliest : dayWritten || dayTime !== WHOLE_DAY ? plusDays(day, 1) : day;
  return next > earliest ? next : earliest;
}

/** What an interrupted start may have left is written over; anything else is new, which is faster. */
function opOf(progress: Progress, day: string): 'create' | 'update' {
  return day <= progress.day ? 'update' : 'create';
}

async function writeToday(keeping: Keeping, today: string, time: string): Promise<DaySummary> {
  await note(keeping, today, time, false);
  const arrivals = arrivalsOf(keeping, today, time);
  const tickets = ticketsOf(arrivals);
  const visits = await writeArrivals(keeping, arrivals, tickets, opOf(keeping.progress, today));
  for (const [place, last] of lastTickets(arrivals, tickets)) {
    const room = `${place.code}-kham`;
    await ticketsGivenUpTo(keeping.kernel.pool, { unit: place.id, room, day: today, last });
  }
  await note(keeping, today, time, true);
  return { day: today, visits, present: arrivals.filter((each) => each.state !== 'finished').length };
}

function openKeeping(kernel: Kernel, progress: Progress, today: string, time: string): Keeping {
  const lives = openMaking(kernel, progress);
  const making = { ...lives, today, time };
  const holders = new Set(
    cardHolders(progress, today, lives.tables).map(({ person }) => personId(person.serial)),
  );
  const seen = new Map<Person, string[]>();
  return {
    kernel,
    progress,
    making,
    posts: placeRecords(making).posts,
    people: livingPeople(progress, lives).filter((person) => !holders.has(personId(person.serial))),
    isFree: (person, day) => {
      const days = seen.get(person) ?? visitDays(person, lives);
      seen.set(person, days);
      return person.birthDate < day && days.every((each) => Math.abs(daysFrom(each, day)) > REST_DAYS);
    },
  };
}

function livingPeople(progress: Progress, making: Making): Person[] {
  const blocks = Math.min(MOST_BLOCKS, Math.ceil(progress.people / BLOCK_SIZE));
  return Array.from({ length: blocks }, (_, block) => {
    const first = block * BLOCK_SIZE;
    const count = Math.min(BLOCK_SIZE, progress.people - first);
    return drawBlock(progress.seed, block, count, first, making.tables).flatMap(({ members }) => members);
  })
    .flat()
    .filter((person) => person.deathDate === null && person.birthDate <= making.today);
}

function arrivalsOf({ progress, making, people, isFree }: Keeping, day: string, now: string): Arrival[] {
  return drawDay({
    day,
    now,
    seed: progress.seed,
    people,
    places: making.tables.busyness,
    isFree: (person) => isFree(person, day),
  });
}

/** Numbers of each room in the order in which people came. */
function ticketsOf(arrivals: Arrival[]): Map<Arrival, number> {
  const last = new Map<string, number>();
  return new Map(
    [...arrivals]
      .sort((a, b) => a.time.localeCompare(b.time))
      .map((arrival) => {
        const number = (last.get(arrival.place.id) ?? 0) + 1;
        last.set(arrival.place.id, number);
        return [arrival, number];
      }),
  );
}

function lastTickets(arrivals: Arrival[], tickets: Map<Arrival, number>): Map<Arrival['place'], number> {
  const last = new Map<Arrival['place'], number>();
  for (const arrival of arrivals) {
    last.set(arrival.place, Math.max(last.get(arrival.place) ?? 0, tickets.get(arrival) ?? 0));
  }
  return last;
}

/** @returns how many were written; who is not in the record as drawn is left out */
async function writeArrivals(
  keeping: Keeping,
  arrivals: Arrival[],
  tickets: Map<Arrival, number> | null,
  op: 'create' | 'update',
): Promise<number> {
  const { kernel, posts, making } = keeping;
  let written = 0;
  await eachAtOnce(arrivals, async (arrival) => {
    const known = await knownOf(kernel, arrival);
    if (!known) return;
    const number = tickets?.get(arrival);
    const ticket = number === undefined ? null : ticketText(number);
    const resources = arrivalResources(arrival, known, ticket, posts, making);
    await commit(kernel.store, known.patient.id!, resources, op);
    written += 1;
  });
  return written;
}

/**
 * The last day goes on to its end: who waited when it was drawn and was never called has gone home, with what was ordered;
 * visits that somebody took up are left as they are.
 */
async function endDay(keeping: Keeping, day: string, time: string): Promise<void> {
  if (time === WHOLE_DAY) return;
  const { kernel, posts, making } = keeping;
  const drawn = arrivalsOf(keeping, day, time);
  await eachAtOnce(
    drawn.filter((each) => each.state !== 'finished'),
    async (arrival) => {
      const known = await knownOf(kernel, arrival);
      if (!known) return;
      const resources = arrivalResources(arrival, known, null, posts, making);
      const stored = await kernel.store.read('Encounter', resources[0]!.id!);
      if (stored?.version !== 1 || stored.deleted) return;
      const left = { ...parse<Encounter>(stored), status: 'cancelled' as const };
      const orders = resources.filter((each) => each.resourceType === 'ServiceRequest');
      const revoked = orders.map((each) => ({ ...each, status: 'revoked' as const }));
      await commit(kernel.store, known.patient.id!, [left, ...revoked], 'update');
    },
  );
  const present = new Set(drawn.map(({ person }) => person));
  const later = arrivalsOf(keeping, day, WHOLE_DAY).filter(({ person }) => !present.has(person));
  await writeArrivals(keeping, later, null, 'update');
}

/** Null when the record knows the person otherwise than drawn: another name, dead, or not there. */
async function knownOf({ store, content }: Kernel, { person, day }: Arrival): Promise<Known | null> {
  const id = personId(person.serial);
  const [stored, cards] = await Promise.all([
    store.read('Patient', id),
    store.search({ type: 'Coverage', params: [['beneficiary', `Patient/${id}`]] }),
  ]);
  if (!stored || stored.deleted) return null;
  const patient = parse<Patient>(stored);
  if (patient.name?.[0]?.text !== person.name || patient.deceasedDateTime || patient.active === false) {
    return null;
  }
  const coverage = coverageOn(cards.matches.map(parse<Coverage>), day, content);
  return { patient, coverage: coverage && isInForce(coverage, day) ? coverage : undefined };
}

function isInForce(coverage: Coverage, day: string): boolean {
  const { active, validFrom, validTo } = coverageFacts(coverage);
  return active && (!validFrom || validFrom <= day) && (!validTo || day <= validTo);
}

function parse<T>(stored: StoredVersion): T {
  return JSON.parse(stored.body.toString('utf8')) as T;
}

async function commit(
  store: Store,
  patient: string,
  resources: readonly Resource[],
  op: 'create' | 'update',
): Promise<void> {
  const what = `${resources[0]!.resourceType}/${resources[0]!.id} và ${resources.length - 1} bản ghi`;
  const writes = resources.map((resource): Write => ({ op, resource }));
  await store.commit(writes, [auditLine(patient, what)]);
}

async function note({ kernel, progress }: Keeping, day: string, dayTime: string, dayWritten: boolean) {
  const resource = progressResource({ ...progress, day, dayTime, dayWritten });
  await kernel.store.commit([{ op: 'update', resource }], [auditLine(null, 'Basic/demo-province')]);
}
