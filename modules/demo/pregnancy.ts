/** Pregnancies of the last years: antenatal visits at the station, birth at the maternity hospital. */
import { dosesFor } from './acute.ts';
import { type Body, oneDecimal, readPressure } from './body.ts';
import { ageOn, daysFrom, plusDays } from './days.ts';
import type { Person } from './person.ts';
import { antenatalForm, birthForms, FORM_DAYS } from './pregnancy-forms.ts';
import { type Random, randomOf } from './random.ts';
import type { DemoTables } from './tables.ts';
import { type Measure, openDay, type Span, type Visit, visitTime } from './visit.ts';

export interface Pregnancy {
  /** First day of the last period. */
  lastPeriod: string;
  due: string;
  /** The child, when it is born. */
  child: Person | null;
  caesarean: boolean;
}

const TERM_DAYS = 280;
const ANTENATAL_WEEKS = [9, 16, 24, 31, 36];
const CAESAREAN = 0.28;
/** Chance that a woman of an age is pregnant today (births a year × 0.7 years; WPP 2019 pattern, total 2.0). */
const PREGNANT_NOW: [age: number, chance: number][] = [
  [18, 0],
  [20, 0.05],
  [24, 0.085],
  [30, 0.075],
  [35, 0.03],
  [40, 0],
];

/** Pregnancies that fall into the recorded time: of the children born in it, and the one of today. */
export function pregnanciesOf(mother: Person, children: Person[], span: Span, seed: string): Pregnancy[] {
  const born = children
    .filter((child) => child.mother === mother && child.birthDate >= span.from && child.birthDate <= span.to)
    .map((child): Pregnancy => {
      const random = randomOf(seed, 'birth', child.serial);
      const lastPeriod = plusDays(
        child.birthDate,
        -Math.round(Math.min(292, Math.max(245, random.normal(275, 9)))),
      );
      return { lastPeriod, due: plusDays(lastPeriod, TERM_DAYS), child, caesarean: random.chance(CAESAREAN) };
    });
  const now = pregnantNow(mother, children, span.to, seed);
  return now ? [...born, now] : born;
}

function pregnantNow(mother: Person, children: Person[], today: string, seed: string): Pregnancy | null {
  if (mother.sex !== 'female' || mother.deathDate !== null) return null;
  const age = ageOn(mother.birthDate, today);
  const chance = PREGNANT_NOW.findLast(([from]) => from <= age)?.[1] ?? 0;
  const own = children.filter((child) => child.mother === mother);
  if (own.some((child) => daysFrom(child.birthDate, today) < 480) || own.length >= 3) return null;
  const random = randomOf(seed, 'pregnant', mother.serial);
  if (!random.chance(chance)) return null;
  const lastPeriod = plusDays(today, -random.int(40, 270));
  return { lastPeriod, due: plusDays(lastPeriod, TERM_DAYS), child: null, caesarean: false };
}

/** Antenatal visits, and the stay for the birth. */
export function pregnancyVisits(
  mother: Person,
  pregnancy: Pregnancy,
  body: Body,
  span: Span,
  seed: string,
  tables: DemoTables,
): Visit[] {
  const random = randomOf(seed, 'antenatal', mother.serial, pregnancy.lastPeriod);
  const end = pregnancy.child?.birthDate ?? plusDays(span.to, 1);
  const visits: Visit[] = [];
  for (const week of ANTENATAL_WEEKS) {
    const day = openDay(plusDays(pregnancy.lastPeriod, week * 7 + random.int(-4, 9)), span);
    if (day < span.from || day >= end || day > span.to || random.chance(0.08)) continue;
    visits.push(antenatal(mother, pregnancy, body, day, span, random, tables));
  }
  const followed = visits.map((visit, at) => ({
    ...visit,
    lastOfKind: pregnancy.child === null && at === visits.length - 1,
  }));
  if (!pregnancy.child) return followed;
  const born = delivery(pregnancy, pregnancy.child, random, tables);
  const after = postnatal(mother, pregnancy.child, pregnancy, span, random);
  return [...followed, born, ...(after ? [after] : [])];
}

function antenatal(
  mother: Person,
  pregnancy: Pregnancy,
  body: Body,
  day: string,
  span: Span,
  random: Random,
  tables: DemoTables,
): Visit {
  const { station } = mother.household;
  const week = Math.floor(daysFrom(pregnancy.lastPeriod, day) / 7);
  const age = ageOn(mother.birthDate, day);
  const gained = week < 12 ? 0.5 : 0.5 + (week - 12) * 0.42;
  const vitals = {
    ...readPressure(body.pressureAt(age), random),
    weight: oneDecimal(Math.min(75, body.weightAt(age)) + gained + random.normal(0, 0.4)),
  };
  const measures = antenatalMeasures(week, pregnancy, random);
  return {
    facility: station,
    location: `${station.code}-kham`,
    day,
    time: visitTime(random),
    minutes: random.int(20, 50),
    kind: 'AMB',
    type: '01',
    reason: `Khám thai, thai ${week} tuần`,
    diagnoses: ['Z34.9'],
    illDays: 0,
    lastOfKind: true,
    vitals,
    measures,
    labs: [],
    doses: week <= 34 ? dosesFor(tables.illnessDoses, 'pregnancy', age, mother.sex, random) : [],
    outcome: '7',
    discharge: '1',
    ...(day >= plusDays(span.to, -FORM_DAYS)
      ? { forms: [antenatalForm(mother, pregnancy, day, week, vitals, measures)] }
      : {}),
  };
}

/** What is measured besides the vital signs: dates at the beginning, fundus and fetal heart from the 20th week. */
function antenatalMeasures(week: number, pregnancy: Pregnancy, random: Random): Measure[] {
  const measures: Measure[] = [
    { loinc: '11885-1', name: 'Tuổi thai (tuần)', value: { value: week, unit: 'wk' } },
  ];
  if (week < 15) {
    measures.push(
      { loinc: '8665-2', name: 'Ngày đầu kỳ kinh cuối', date: pregnancy.lastPeriod },
      { loinc: '11778-8', name: 'Ngày dự sinh', date: pregnancy.due },
    );
  }
  if (week >= 20) {
    measures.push(
      {
        loinc: '11881-0',
        name: 'Chiều cao tử cung',
        value: { value: Math.round(week - 1.5 + random.normal(0, 1)), unit: 'cm' },
      },
      {
        loinc: '55283-6',
        name: 'Tim thai',
        value: { value: Math.round(random.normal(143, 7)), unit: '/min' },
      },
    );
  }
  return measures;
}

function delivery(pregnancy: Pregnancy, child: Person, random: Random, tables: DemoTables): Visit {
  const code = pregnancy.caesarean ? 'O82.9' : 'O80.9';
  return {
    facility: tables.maternity,
    location: `${tables.maternity.code}-kham`,
    day: child.birthDate,
    time: `0${random.int(1, 6)}:${random.int(10, 59)}`,
    minutes: (pregnancy.caesarean ? 5 : 3) * 1440 + random.int(60, 400),
    kind: 'IMP',
    type: '03',
    reason: 'Đau bụng, thai đủ tháng',
    diagnoses: [code],
    illDays: 10,
    lastOfKind: true,
    vitals: {},
    measures: [],
    labs: [],
    doses: [],
    outcome: '1',
    discharge: '1',
  };
}

/** Mother and child are seen at the station in the weeks after the birth; there the birth is written down. */
function postnatal(
  mother: Person,
  child: Person,
  pregnancy: Pregnancy,
  span: Span,
  random: Random,
): Visit | null {
  const { station } = mother.household;
  const day = openDay(plusDays(child.birthDate, random.int(6, 24)), span);
  if (day > span.to || day <= child.birthDate || random.chance(0.15)) return null;
  return {
    facility: station,
    location: `${station.code}-kham`,
    day,
    time: visitTime(random),
    minutes: random.int(20, 40),
    kind: 'AMB',
    type: '01',
    reason: 'Khám sau đẻ',
    diagnoses: ['Z39.2'],
    illDays: 10,
    lastOfKind: true,
    vitals: {},
    measures: [],
    labs: [],
    doses: [],
    outcome: '7',
    discharge: '1',
    ...(day >= plusDays(span.to, -FORM_DAYS) ? { forms: birthForms(child, pregnancy) } : {}),
  };
}
