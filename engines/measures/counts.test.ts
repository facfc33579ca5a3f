/**
 * Reports of random measures over random populations against a naive count: each person's facts are kept beside her resources,
 * and the numbers are counted from the facts by plain filters, which share nothing with the engine.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Subject } from '../../kernel/fhir/person/index.ts';
import type { MeasureGroup, MeasureReportGroup, Patient, Resource } from '../../kernel/fhir/types.ts';
import { periodOf } from './period.ts';
import { planMeasure } from './plan.ts';
import { reportOf } from './report.ts';
import type { PopulationCode, Scoring } from './scoring.ts';
import { resultOf } from './subject.ts';
import { GroupTally, Room } from './tally.ts';
import { basis, countsIn, fhirPath, measure, population } from './testing.ts';

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const period = periodOf(
  { start: '2026-01-01', end: '2026-12-31' },
  Date.parse('2026-01-01T00:00:00+07:00'),
  Date.parse('2027-01-01T00:00:00+07:00'),
);

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The facts of a person, as the naive count sees them. */
interface Facts {
  id: string;
  female: boolean;
  active: boolean;
  codes: string[];
  /** Each visit: its name, whether finished, its length. */
  visits: { id: string; finished: boolean; minutes: number }[];
}

function factsOf(random: () => number, at: number): Facts {
  const chance = (of: number) => random() < of;
  return {
    id: `p${at}`,
    female: chance(0.5),
    active: chance(0.7),
    codes: ['I10', 'E11', 'Z34'].filter(() => chance(0.4)),
    visits: Array.from({ length: Math.floor(random() * 4) }, (_, visit) => ({
      id: `p${at}-${visit}`,
      finished: chance(0.6),
      minutes: Math.floor(random() * 90),
    })),
  };
}

function subjectOf({ id, female, active, codes, visits }: Facts): Subject {
  const record: Record<string, Resource[]> = {
    Condition: codes.map((code, at) => ({
      resourceType: 'Condition',
      id: `${id}-c${at}`,
      subject: { reference: `Patient/${id}` },
      code: { coding: [{ code }] },
    })),
    Encounter: visits.map((visit) => ({
      resourceType: 'Encounter',
      id: visit.id,
      status: visit.finished ? 'finished' : 'planned',
      class: { code: 'AMB' },
      length: { value: visit.minutes, unit: 'min' },
    })),
  };
  const patient: Patient = { resourceType: 'Patient', id, active, gender: female ? 'female' : 'male' };
  return { patient, found: ({ type }) => record[type] ?? [], memberOf: () => null };
}

type Visit = Facts['visits'][number];

/** Criteria of persons, and what they say of the facts. */
const OF_PERSONS: [string, (facts: Facts) => boolean][] = [
  ['true', () => true],
  ['Patient.active', ({ active }) => active],
  ["gender = 'female'", ({ female }) => female],
  ["Condition.where(code.coding.exists(code = 'I10')).exists()", ({ codes }) => codes.includes('I10')],
  ["%Condition.code.coding.exists(code = 'E11')", ({ codes }) => codes.includes('E11')],
  ['Encounter.count() > 1', ({ visits }) => visits.length > 1],
  [
    "Encounter.where(status = 'finished').exists() or Condition.empty()",
    ({ visits, codes }) => visits.some(({ finished }) => finished) || codes.length === 0,
  ],
  ['Condition.first().code.coding.first().code', ({ codes }) => codes.length > 0],
];

/** Criteria of visits. */
const OF_VISITS: [string, (facts: Facts, visit: Visit) => boolean][] = [
  ['Encounter', () => true],
  ["Encounter.where(status = 'finished')", (_, { finished }) => finished],
  ['Encounter.where(length.value > 30)', (_, { minutes }) => minutes > 30],
  ['Encounter.where(%Patient.active)', ({ active }) => active],
  [
    "Encounter.where(Condition.exists(code.coding.exists(code = 'E11')))",
    ({ codes }) => codes.includes('E11'),
  ],
];

const CODES: Record<Scoring, PopulationCode[]> = {
  proportion: [
    'initial-population',
    'denominator',
    'denominator-exclusion',
    'denominator-exception',
    'numerator',
    'numerator-exclusion',
  ],
  ratio: ['initial-population', 'denominator', 'denominator-exclusion', 'numerator', 'numerator-exclusion'],
  'continuous-variable': [
    'initial-population',
    'measure-population',
    'measure-population-exclusion',
    'measure-observation',
  ],
  cohort: ['initial-population'],
};

interface Item {
  person: Facts;
  visit: Visit | null;
  meets: Record<string, boolean>;
}

/** The definitions of the populations, as one question for each item. */
const IN: Record<Scoring, Partial<Record<PopulationCode, (m: Item['meets']) => boolean>>> = {
  proportion: {
    'initial-population': (m) => m['initial-population']!,
    denominator: (m) => m['initial-population']! && m.denominator!,
    'denominator-exclusion': (m) => m['initial-population']! && m.denominator! && m['denominator-exclusion']!,
    numerator: (m) =>
      m['initial-population']! && m.denominator! && !m['denominator-exclusion'] && m.numerator!,
    'numerator-exclusion': (m) =>
      m['initial-population']! &&
      m.denominator! &&
      !m['denominator-exclusion'] &&
      m.numerator! &&
      m['numerator-exclusion']!,
    'denominator-exception': (m) =>
      m['initial-population']! &&
      m.denominator! &&
      !m['denominator-exclusion'] &&
      !m.numerator &&
      m['denominator-exception']!,
  },
  ratio: {
    'initial-population': (m) => m['initial-population']!,
    denominator: (m) => m['initial-population']! && m.denominator!,
    'denominator-exclusion': (m) => m['initial-population']! && m.denominator! && m['denominator-exclusion']!,
    numerator: (m) => m['initial-population']! && m.numerator!,
    'numerator-exclusion': (m) => m['initial-population']! && m.numerator! && m['numerator-exclusion']!,
  },
  'continuous-variable': {
    'initial-population': (m) => m['initial-population']!,
    'measure-population': (m) => m['initial-population']! && m['measure-population']!,
    'measure-population-exclusion': (m) =>
      m['initial-population']! && m['measure-population']! && m['measure-population-exclusion']!,
    'measure-observation': (m) =>
      m['initial-population']! && m['measure-population']! && !m['measure-population-exclusion'],
  },
  cohort: { 'initial-population': (m) => m['initial-population']! },
};

function naiveScore(
  scoring: Scoring,
  items: Item[],
  count: (code: PopulationCode) => number,
): number | null | undefined {
  if (scoring === 'cohort') return undefined;
  if (scoring === 'continuous-variable') {
    const values = items
      .filter(({ meets }) => IN[scoring]['measure-observation']!(meets))
      .map(({ person, visit }) => visit?.minutes ?? person.visits.length);
    return values.length === 0 ? null : values.reduce((a, b) => a + b) / values.length;
  }
  const below =
    count('denominator') -
    count('denominator-exclusion') -
    (scoring === 'proportion' ? count('denominator-exception') : 0);
  return below === 0 ? null : (count('numerator') - count('numerator-exclusion')) / below;
}

/** Numbers, people and score of some items. */
function naive(scoring: Scoring, items: Item[]) {
  const among = (code: PopulationCode) => items.filter(({ meets }) => IN[scoring][code]!(meets));
  const counts = Object.fromEntries(CODES[scoring].map((code) => [code, among(code).length]));
  const people = Object.fromEntries(
    CODES[scoring].map((code) => [code, [...new Set(among(code).map(({ person }) => person.id))].sort()]),
  );
  return { counts, people, score: naiveScore(scoring, items, (code) => counts[code]!) };
}

function shown(
  part: Pick<MeasureReportGroup, 'population' | 'measureScore'> | undefined,
  contained: readonly Resource[],
) {
  const people = Object.fromEntries(
    (part?.population ?? []).map(({ code, subjectResults }) => {
      const list = contained.find(({ id }) => `#${id}` === subjectResults?.reference);
      assert.equal(list?.resourceType, 'List');
      const entries = list.resourceType === 'List' ? (list.entry ?? []) : [];
      return [
        code!.coding![0]!.code!,
        entries.map(({ item }) => item!.reference!.replace('Patient/', '')).sort(),
      ];
    }),
  );
  const score = part?.measureScore;
  return { counts: countsIn(part), people, score: score === undefined ? undefined : (score.value ?? null) };
}

test(`random measures over random populations count what a naive count counts (SEED=${SEED})`, () => {
  const random = randomOf(SEED);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  for (let round = 0; round < 150; round++) {
    const scoring = pick(Object.keys(CODES) as Scoring[]);
    const ofVisits = random() < 0.5;
    const codes = CODES[scoring];
    const people = Array.from({ length: Math.floor(random() * 40) }, (_, at) => factsOf(random, at));
    const chosen = codes.map((code) => ({
      code,
      person: pick(OF_PERSONS),
      visit: pick(OF_VISITS),
    }));
    const observation = ofVisits ? 'length.value' : 'Encounter.count()';
    const group: MeasureGroup = {
      population: chosen.map(({ code, person, visit }) =>
        population(code, code === 'measure-observation' ? observation : ofVisits ? visit[0] : person[0]),
      ),
      stratifier: [
        { criteria: fhirPath('Patient.gender') },
        {
          component: [
            { code: { text: 'hoạt động' }, criteria: fhirPath('Patient.active') },
            { code: { text: 'bệnh' }, criteria: fhirPath('Condition.code.coding.code.first()') },
          ],
        },
        { criteria: fhirPath(ofVisits ? "Encounter.where(status = 'finished')" : 'Encounter.empty()') },
      ],
    };
    const one = measure(scoring, [group], ofVisits ? basis('Encounter') : {});
    const plan = planMeasure(one, { ...period, now: new Date(0) });
    const room = new Room();
    const tally = new GroupTally(plan.groups[0]!, room);
    for (const facts of people) {
      const result = resultOf(plan.groups[0]!, subjectOf(facts));
      if (result) tally.add(result, facts.id);
    }
    const report = reportOf({
      measure: one,
      canonical: 'http://example.org/m',
      plan,
      type: 'subject-list',
      period: period.told,
      date: '2026-11-22T08:00:00+07:00',
      groups: [tally],
      supplemental: [],
      evaluated: [],
    });

    const items: Item[] = people.flatMap((person) =>
      (ofVisits ? person.visits : [null]).map((visit) => ({
        person,
        visit,
        meets: Object.fromEntries(
          chosen.map(({ code, person: ofPerson, visit: ofVisit }) => [
            code,
            visit ? ofVisit[1](person, visit) : ofPerson[1](person),
          ]),
        ),
      })),
    );
    const contained = report.contained ?? [];
    const where = `round ${round}: ${scoring}, ${ofVisits ? 'visits' : 'persons'}`;
    assert.deepEqual(shown(report.group![0], contained), naive(scoring, items), where);

    const [byGender, byTwo, byVisit] = report.group![0]!.stratifier!;
    const inside = items.filter(({ meets }) => meets['initial-population']);
    const gender = (item: Item) => (item.person.female ? 'female' : 'male');
    compareStrata(byGender!.stratum ?? [], (stratum) => stratum.value!.text!, Map.groupBy(inside, gender));
    const two = ({ person }: Item) => `${person.active}/${person.codes[0] ?? 'unknown'}`;
    compareStrata(
      byTwo!.stratum ?? [],
      (stratum) => stratum.component!.map(({ value }) => value.text).join('/'),
      Map.groupBy(inside, two),
    );

    compareStrata(
      byVisit!.stratum ?? [],
      (stratum) => stratum.value!.text!,
      Map.groupBy(inside, ({ visit, person }) => String(visit ? visit.finished : person.visits.length === 0)),
    );

    function compareStrata(
      strata: NonNullable<NonNullable<MeasureReportGroup['stratifier']>[number]['stratum']>,
      keyOf: (stratum: (typeof strata)[number]) => string,
      expected: Map<string, Item[]>,
    ) {
      assert.deepEqual(strata.map(keyOf).sort(), [...expected.keys()].sort(), where);
      for (const stratum of strata)
        assert.deepEqual(
          shown(stratum, contained),
          naive(scoring, expected.get(keyOf(stratum))!),
          `${where}, ${keyOf(stratum)}`,
        );
    }
  }
});
