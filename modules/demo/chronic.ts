/** Long diseases of a life: who has them since when, and the visits of those whom the station follows. */

import { type Body, oneDecimal, readPressure } from './body.ts';
import { ageOn, daysFrom, plusDays } from './days.ts';
import { labOrders } from './labs.ts';
import type { Person } from './person.ts';
import { type Random, randomOf } from './random.ts';
import { type Chronic, type DemoTables, type Dose, fits } from './tables.ts';
import { type LabOrder, openDay, type Span, type Visit, visitTime } from './visit.ts';

export interface LongDisease {
  row: Chronic;
  /** Day of diagnosis. */
  since: string;
  managed: boolean;
}

/** Visit types of the list loai-kcb: examination, and long treatment with medicines or with services. */
const LONG_WITH_SERVICE = '08';
const LONG_WITH_MEDICINE = '05';

/** Which long diseases a person has, each by the prevalence of age and sex. */
export function longDiseases(person: Person, today: string, seed: string, tables: DemoTables): LongDisease[] {
  const until = person.deathDate ?? today;
  const age = ageOn(person.birthDate, until);
  const diseases: LongDisease[] = [];
  for (const row of tables.chronic) {
    if (!fits(row, age, person.sex) || diseases.some((other) => other.row.key === row.key)) continue;
    const random = randomOf(seed, 'chronic', row.key, person.serial);
    if (!random.chance(row.percent / 100)) continue;
    const years = Math.min(age - row.ageFrom + 3, 12) * random.next();
    diseases.push({
      row,
      since: plusDays(until, -Math.round(30 + years * 365)),
      managed: random.chance(row.managedPercent / 100),
    });
  }
  return diseases;
}

/** Follow-up visits; a person with several followed diseases is seen for all of them at once. */
export function chronicVisits(
  person: Person,
  diseases: LongDisease[],
  body: Body,
  span: Span,
  seed: string,
  tables: DemoTables,
): Visit[] {
  const followed = diseases.filter((disease) => disease.managed && disease.row.intervalDays > 0);
  const first = followed[0];
  if (!first) return [];
  const random = randomOf(seed, 'follow-up', person.serial);
  const regimens = followed.map((disease) => regimenOf(disease, tables, random));
  const course = courseOf(body, ageOn(person.birthDate, span.to), random);
  const since = followed.map((disease) => disease.since).sort()[0]!;
  const start = since > span.from ? since : span.from;
  const visits: Visit[] = [];
  let day = plusDays(start, random.int(0, first.row.intervalDays));
  for (let number = 0; day <= span.to; number += 1) {
    const seen = openDay(day, span);
    const due = followed
      .map((disease, at) => ({ disease, doses: regimens[at]! }))
      .filter((each) => each.disease.since <= seen);
    const progress = Math.min(1, daysFrom(start, seen) / 365);
    if (due.length > 0 && seen >= span.from)
      visits.push(followUp(person, due, body, course, { seen, number, progress }, tables, random));
    day = plusDays(day, Math.max(20, Math.round(random.normal(first.row.intervalDays, 9))));
  }
  return visits.map((visit, number) => ({ ...visit, lastOfKind: number === visits.length - 1 }));
}

/** All lines of one regimen of the disease, chosen by its weight. */
function regimenOf(disease: LongDisease, tables: DemoTables, random: Random): Dose[] {
  const lines = tables.chronicDoses.filter((dose) => dose.key === disease.row.key);
  if (lines.length === 0) return [];
  const first = random.weighted(lines, (dose) => dose.percent);
  return lines.filter((dose) => dose.regimen === first.regimen);
}

/** Where pressure and sugar begin, and where treatment brings them within a year. */
interface Course {
  pressure: { begin: [number, number]; end: [number, number] };
  sugar: { begin: number; end: number };
}

function courseOf(body: Body, age: number, random: Random): Course {
  const [systolic, diastolic] = body.pressureAt(age);
  const controlled = random.chance(0.6);
  const begin = Math.max(6.4, random.normal(8.4, 1.1));
  return {
    pressure: {
      begin: [systolic + random.normal(30, 8), diastolic + random.normal(15, 4)],
      end: controlled ? [systolic + 5, diastolic + 3] : [systolic + 22, diastolic + 11],
    },
    sugar: {
      begin,
      end: random.chance(0.6)
        ? Math.max(5.9, begin - random.normal(1.4, 0.4))
        : begin + random.normal(0.2, 0.3),
    },
  };
}

function followUp(
  person: Person,
  due: { disease: LongDisease; doses: Dose[] }[],
  body: Body,
  course: Course,
  at: { seen: string; number: number; progress: number },
  tables: DemoTables,
  random: Random,
): Visit {
  const age = ageOn(person.birthDate, at.seen);
  const keys = new Set(due.map((each) => each.disease.row.key));
  const { station } = person.household;
  const between = (begin: number, end: number) => begin + (end - begin) * at.progress;
  const { begin, end } = course.pressure;
  const pressure: [number, number] = keys.has('hypertension')
    ? [between(begin[0], end[0]), between(begin[1], end[1])]
    : body.pressureAt(age);
  const labs = keys.has('diabetes')
    ? sugarLabs(between(course.sugar.begin, course.sugar.end), at.number, tables, random)
    : [];
  return {
    facility: station,
    location: `${station.code}-kham`,
    day: at.seen,
    time: visitTime(random),
    minutes: random.int(15, 50),
    kind: 'AMB',
    type: labs.length > 0 ? LONG_WITH_SERVICE : LONG_WITH_MEDICINE,
    reason: 'Khám lại, lĩnh thuốc định kỳ',
    diagnoses: due.map((each) => each.disease.row.icd10),
    illDays: 0,
    lastOfKind: true,
    vitals: {
      ...(age >= 16 ? readPressure(pressure, random) : {}),
      ...(random.chance(0.35) ? { pulse: Math.round(random.normal(76, 7)) } : {}),
      ...(at.number % 3 === 0 ? { weight: oneDecimal(body.weightAt(age) * random.normal(1, 0.015)) } : {}),
    },
    measures: [],
    labs,
    doses: due.flatMap((each) => each.doses).map((dose) => givenOn(dose, at.seen)),
    outcome: '2',
    discharge: '1',
  };
}

/** The dose with the days that may be given on the day of the visit. */
function givenOn(dose: Dose, day: string): Dose {
  return dose.long && dose.long.from <= day ? { ...dose, days: dose.long.days } : dose;
}

/**
 * Sugar at each visit, HbA1c at every third one. Average glucose of an HbA1c by the ADAG line (Nathan 2008): mmol/L =
 * 1.59 × HbA1c − 2.59; a morning value is lower.
 */
function sugarLabs(hba1c: number, number: number, tables: DemoTables, random: Random): LabOrder[] {
  const glucose = Math.max(3.6, random.normal(1.59 * hba1c - 3.6, 0.8));
  const sugar = labOrders(tables.labs, 'glucose', random, glucose);
  if (number % 3 !== 0) return sugar;
  return [...sugar, ...labOrders(tables.labs, 'hba1c', random, Math.max(4.8, random.normal(hba1c, 0.15)))];
}
