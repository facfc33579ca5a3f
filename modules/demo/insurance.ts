/** The insurance card of a demo person: group, level, registered facility and days. Pure. */
import { ageOn, plusDays, plusYears } from './days.ts';
import { cardNumber } from './numbers.ts';
import type { Person } from './person.ts';
import { type Random, randomOf } from './random.ts';
import type { DemoTables } from './tables.ts';

export interface Card {
  number: string;
  group: string;
  /** ISO days, both inclusive. */
  validFrom: string;
  validTo: string;
  /** Facility code of first registration. */
  facility: string;
  /** Day on which five continuous years were reached; null when not yet. */
  fiveYearsOn: string | null;
}

/** Share of household cards that ran out and were not renewed. */
const LAPSED = 0.05;
const AT_STATION = 0.8;
/** Children keep their card until they are 72 months old (Law on Health Insurance, article 12). */
const CHILD_YEARS = 6;

/** The card in force on `today`, or the lapsed one; null for who never had one. */
export function drawCard(person: Person, seed: string, today: string, tables: DemoTables): Card | null {
  const random = randomOf(seed, 'insurance', person.serial);
  const age = ageOn(person.birthDate, person.deathDate ?? today);
  const row = tables.insurance.find(
    (each) => matches(each.rule, person, age) && random.chance(each.percent / 100),
  );
  if (!row) return null;
  const facility = random.chance(AT_STATION) ? person.household.station.code : tables.hospital.code;
  return {
    number: cardNumber(row.group, row.digit, person.serial),
    group: row.group,
    ...periodOf(row.group, person, today, random),
    facility,
    fiveYearsOn: age >= 12 && random.chance(0.8) ? `${random.int(2018, 2025)}-01-01` : null,
  };
}

/** `age 0-5`, `poor`, `near-poor`, `occupation DN`. */
function matches(rule: string, person: Person, age: number): boolean {
  const [kind, value = ''] = rule.split(' ');
  if (kind === 'occupation') return person.insuredAs === value;
  if (kind !== 'age') return person.household.poverty === kind;
  const [from, to] = value.split('-').map(Number);
  return from! <= age && age <= to!;
}

/** Children: from birth to 72 months; households: twelve months from any month; the others: the calendar year. */
function periodOf(
  group: string,
  person: Person,
  today: string,
  random: Random,
): Pick<Card, 'validFrom' | 'validTo'> {
  const last = person.deathDate ?? today;
  const year = last.slice(0, 4);
  if (group === 'TE') {
    return { validFrom: person.birthDate, validTo: plusDays(plusYears(person.birthDate, CHILD_YEARS), -1) };
  }
  if (group !== 'GD') return { validFrom: `${year}-01-01`, validTo: `${year}-12-31` };
  const months = random.int(0, 11);
  const back = random.chance(LAPSED) ? 12 : 0;
  const start = firstOfMonth(last, months + back);
  return { validFrom: start, validTo: plusDays(plusYears(start, 1), -1) };
}

/** First day of the month that lies some months before a day. */
function firstOfMonth(day: string, monthsBefore: number): string {
  const months = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - monthsBefore;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}-01`;
}
