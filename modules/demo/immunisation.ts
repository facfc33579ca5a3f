/** A child's injections by the national schedule (Circular 10/2024/TT-BYT), and the tetanus doses of a pregnancy. */
import { plusDays, weekday } from './days.ts';
import type { Person } from './person.ts';
import { randomOf } from './random.ts';
import type { DemoTables, Facility } from './tables.ts';

export interface Injection {
  vaccine: DemoTables['vaccines'][number];
  day: string;
  place: Facility;
}

/** Children born before were registered on paper. */
const REGISTERED_FROM = '2017-01-01';
const NEVER = 0.015;
const MISSED = 0.04;

/** In order of day; each dose at least the schedule's interval after the one before. */
export function injectionsOf(person: Person, until: string, seed: string, tables: DemoTables): Injection[] {
  if (person.birthDate < REGISTERED_FROM) return [];
  const random = randomOf(seed, 'vaccine', person.serial);
  if (random.chance(NEVER)) return [];
  const { station } = person.household;
  const injections: Injection[] = [];
  let late = random.int(0, 12);
  const schedule = tables.vaccines
    .filter((vaccine) => vaccine.ageDays >= 0)
    .sort((a, b) => a.ageDays - b.ageDays);
  for (const vaccine of schedule) {
    const atBirth = vaccine.latestDays <= 1;
    if (!atBirth) late += random.int(0, 3);
    const day = atBirth
      ? plusDays(person.birthDate, random.int(0, 1))
      : notSunday(plusDays(person.birthDate, vaccine.ageDays + late));
    const tooLate = day > plusDays(person.birthDate, vaccine.latestDays);
    if (tooLate || day > until || random.chance(MISSED)) continue;
    injections.push({ vaccine, day, place: atBirth ? tables.maternity : station });
  }
  return injections;
}

/** Two tetanus doses of a first pregnancy, one month apart, one month before birth at the latest. */
export function tetanusOf(
  mother: Person,
  conceived: string,
  span: { from: string; to: string },
  tables: DemoTables,
): Injection[] {
  const doses = tables.vaccines.filter((vaccine) => vaccine.key === 'UV1' || vaccine.key === 'UV2');
  return doses
    .map((vaccine, at) => ({
      vaccine,
      day: notSunday(plusDays(conceived, 140 + 35 * at)),
      place: mother.household.station,
    }))
    .filter((injection) => span.from <= injection.day && injection.day <= span.to);
}

function notSunday(day: string): string {
  return weekday(day) === 0 ? plusDays(day, 1) : day;
}
