/** Passing illnesses of a life: how often, in which season, with what the station gives. */

import { type Body, oneDecimal, readPressure } from './body.ts';
import { ageOn, dayNumber, dayOfNumber } from './days.ts';
import { labOrders } from './labs.ts';
import type { Person } from './person.ts';
import { type Random, randomOf } from './random.ts';
import { type DemoTables, type Dose, fits, type Illness } from './tables.ts';
import { openDay, type Span, type Visit, type Vitals, visitTime } from './visit.ts';

/** Days within which the same person does not come again for something new. */
const REST_DAYS = 6;
/** Share of Sunday's illnesses that come to the station on duty instead of waiting. */
const ON_DUTY = 0.35;

/**
 * Visits as a Poisson process thinned by age and season: candidates at the highest rate any age has, each kept with the
 * share that the person's rates on its day are of it.
 */
export function acuteVisits(
  person: Person,
  body: Body,
  span: Span,
  seed: string,
  tables: DemoTables,
): Visit[] {
  const random = randomOf(seed, 'acute', person.serial);
  const days = dayNumber(span.to) - dayNumber(span.from) + 1;
  const highest = highestRate(tables);
  const candidates = random.poisson((highest / 1000) * (days / 365.25));
  const visits: Visit[] = [];
  for (let at = 0; at < candidates; at += 1) {
    const drawn = dayOfNumber(dayNumber(span.from) + random.int(0, days - 1));
    const day = random.chance(ON_DUTY) ? drawn : openDay(drawn, span);
    const age = ageOn(person.birthDate, day);
    const rates = tables.illnesses.map((illness) => rateOn(illness, age, person, day));
    const total = rates.reduce((sum, rate) => sum + rate, 0);
    const illness = pickBy(tables.illnesses, rates, random.next() * highest);
    if (!illness || total === 0) continue;
    const near = visits.some((visit) => Math.abs(dayNumber(visit.day) - dayNumber(day)) < REST_DAYS);
    if (near || day < span.from) continue;
    visits.push(acuteVisit(person, body, illness, day, age, tables, random));
  }
  return visits;
}

const highestOf = new WeakMap<DemoTables, number>();

/** The largest sum of rates at any age, at the peak of every season. */
function highestRate(tables: DemoTables): number {
  const known = highestOf.get(tables);
  if (known !== undefined) return known;
  let highest = 0;
  for (let age = 0; age <= 100; age += 1) {
    for (const sex of ['male', 'female'] as const) {
      const sum = tables.illnesses
        .filter((illness) => fits(illness, age, sex))
        .reduce((total, illness) => total + illness.rate * (1 + illness.amplitude), 0);
      highest = Math.max(highest, sum);
    }
  }
  highestOf.set(tables, highest);
  return highest;
}

/** Visits in a thousand person-years on this day; the season is a cosine around the peak month. */
function rateOn(illness: Illness, age: number, person: Person, day: string): number {
  if (!fits(illness, age, person.sex)) return 0;
  if (illness.peakMonth === 0) return illness.rate;
  const months = Number(day.slice(5, 7)) + Number(day.slice(8)) / 31 - 0.5 - illness.peakMonth;
  return illness.rate * (1 + illness.amplitude * Math.cos((2 * Math.PI * months) / 12));
}

/** The item in whose part of the line the place falls; null beyond the end (the candidate is not kept). */
function pickBy<T>(items: readonly T[], weights: readonly number[], place: number): T | null {
  let left = place;
  for (const [at, item] of items.entries()) {
    left -= weights[at]!;
    if (left < 0) return item;
  }
  return null;
}

/** What somebody who comes on this day comes for; null when nobody of this age falls ill. */
export function drawIllness(person: Person, day: string, tables: DemoTables, random: Random): Illness | null {
  const age = ageOn(person.birthDate, day);
  const rates = tables.illnesses.map((illness) => rateOn(illness, age, person, day));
  const total = rates.reduce((sum, rate) => sum + rate, 0);
  return pickBy(tables.illnesses, rates, random.next() * total);
}

/** The visit for a passing illness at the person's own station. */
export function acuteVisit(
  person: Person,
  body: Body,
  illness: Illness,
  day: string,
  age: number,
  tables: DemoTables,
  random: Random,
): Visit {
  const doses = dosesFor(tables.illnessDoses, illness.key, age, person.sex, random);
  const { station } = person.household;
  return {
    facility: station,
    location: `${station.code}-kham`,
    day,
    time: visitTime(random),
    minutes: random.int(12, 45),
    kind: 'AMB',
    type: '01',
    reason: illness.reason,
    diagnoses: [illness.icd10],
    illDays: Math.max(5, ...doses.map((dose) => dose.days)),
    lastOfKind: true,
    vitals: vitalsFor(person, body, illness, age, random),
    measures: [],
    labs: labOrders(tables.labs, illness.lab, random),
    doses,
    outcome: random.chance(0.25) ? '1' : '2',
    discharge: '1',
  };
}

export function dosesFor(
  doses: Dose[],
  key: string,
  age: number,
  sex: Person['sex'],
  random: Random,
): Dose[] {
  return doses.filter(
    (dose) => dose.key === key && fits(dose, age, sex) && random.chance(dose.percent / 100),
  );
}

function vitalsFor(person: Person, body: Body, illness: Illness, age: number, random: Random): Vitals {
  const [low, high] = illness.temperature;
  const feverish = high > 37.6;
  const exactAge = age + 0.5;
  return {
    ...(age >= 16 ? readPressure(body.pressureAt(exactAge), random) : {}),
    ...(feverish || random.chance(0.3)
      ? { temperature: oneDecimal(low + random.next() * (high - low)) }
      : {}),
    ...(age < 12 ? { weight: oneDecimal(body.weightAt(exactAge) * random.normal(1, 0.01)) } : {}),
    ...(age >= 16 && random.chance(0.4)
      ? { pulse: Math.round(random.normal(person.sex === 'female' ? 80 : 76, 7)) }
      : {}),
  };
}
