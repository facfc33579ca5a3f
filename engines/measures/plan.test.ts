/** Measures that cannot be carried out are refused whole, before the first person, with the place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../kernel/failure.ts';
import type { Measure } from '../../kernel/fhir/types.ts';
import { periodOf } from './period.ts';
import { planMeasure } from './plan.ts';
import { basis, fhirPath, measure, population, query } from './testing.ts';

const period = periodOf(
  { start: '2026-01-01', end: '2026-12-31' },
  Date.parse('2026-01-01T00:00:00+07:00'),
  Date.parse('2027-01-01T00:00:00+07:00'),
);
const plan = (one: Measure) => planMeasure(one, { ...period, now: new Date(0) });

function refused(one: Measure, place: string, word: RegExp): void {
  assert.throws(
    () => plan(one),
    (error) => {
      assert.ok(error instanceof Failure, String(error));
      assert.equal(error.status, 422);
      const [issue] = error.issues;
      assert.equal(issue!.expression, place);
      assert.match(issue!.textEn!, word);
      assert.match(issue!.text, /[à-ỹ]/i);
      return true;
    },
  );
}

const all = population('initial-population', 'true');
const denominator = population('denominator', 'true');
const numerator = population('numerator', 'true');
const cohort = (criteria: Parameters<typeof population>[1], more: Partial<Measure> = {}) =>
  measure('cohort', [{ population: [population('initial-population', criteria)] }], more);
const AT = 'Measure.group[0].population[0].criteria';

test('a measure of each scoring is planned, with what has to be read', () => {
  const { groups, criteria } = plan(
    measure('proportion', [
      {
        population: [
          all,
          population('denominator', "Condition.where(code.coding.exists(code = 'I10')).exists()"),
          population('numerator', query('Observation?code=8480-6')),
        ],
        stratifier: [{ criteria: fhirPath('Patient.gender') }],
      },
    ]),
  );
  assert.deepEqual(
    criteria.flatMap(({ sources }) => sources.map(({ key }) => key)),
    ['Condition', 'Observation?code=8480-6'],
  );
  assert.equal(groups[0]!.basis, 'boolean');
});

test('what the record is asked for: type names and %Type, not the types of casts nor of references', () => {
  const keys = (text: string) =>
    plan(cohort(text)).criteria.flatMap(({ sources }) => sources.map(({ key }) => key));
  assert.deepEqual(keys("Patient.gender = 'male'"), []);
  assert.deepEqual(keys('%Encounter.exists()'), ['Encounter']);
  assert.deepEqual(keys('Observation.where(value.ofType(Quantity).value > 5).exists() and Patient.active'), [
    'Observation',
  ]);
  assert.deepEqual(keys('Encounter.exists() or Encounter.empty()'), ['Encounter']);
  assert.deepEqual(keys('Device.exists() and Group.exists()'), ['Device', 'Group']);
});

test('scoring: missing, unknown and composite', () => {
  const { scoring: _, ...none } = cohort('true');
  refused(none as Measure, 'Measure.scoring', /is missing/);
  refused(measure('composite', [{ population: [all] }]), 'Measure.scoring', /"composite" is not carried out/);
  refused(cohort('true', { compositeScoring: { text: 'x' } }), 'Measure.compositeScoring', /composite/);
});

test('groups and populations: missing, unknown, out of place, twice', () => {
  refused(measure('cohort', []), 'Measure.group', /at least one group/);
  refused(
    measure('proportion', [{ population: [all, numerator] }]),
    'Measure.group[0].population',
    /no "denominator"/,
  );
  refused(
    measure('ratio', [{ population: [denominator, numerator] }]),
    'Measure.group[0].population',
    /no "initial-population"/,
  );
  refused(measure('cohort', [{}]), 'Measure.group[0].population', /no "initial-population"/);
  refused(
    measure('cohort', [{ population: [all, numerator] }]),
    'Measure.group[0].population[1].code',
    /no place in a cohort/,
  );
  refused(
    measure('proportion', [{ population: [all, denominator, numerator, numerator] }]),
    'Measure.group[0].population',
    /2 times|has 2/,
  );
  refused(
    measure('cohort', [{ population: [{ ...all, code: { coding: [{ code: 'everybody' }] } }] }]),
    'Measure.group[0].population[0].code',
    /"everybody"/,
  );
  const { code: _, ...nameless } = all;
  refused(
    measure('cohort', [{ population: [nameless] }]),
    'Measure.group[0].population[0].code',
    /is missing/,
  );
});

test('ratio with two initial populations, and observations, must say what is drawn from what', () => {
  const two = [
    population('initial-population', 'true', { id: 'a' }),
    population('initial-population', 'true', { id: 'b' }),
  ];
  refused(
    measure('ratio', [{ population: [...two, denominator, numerator] }]),
    'Measure.group[0].population[2].extension(cqfm-criteriaReference)',
    /must name the id/,
  );
  const observation = population('measure-observation', '1');
  refused(
    measure('ratio', [{ population: [all, denominator, numerator, observation] }]),
    'Measure.group[0].population[3].extension(cqfm-criteriaReference)',
    /numerator or denominator/,
  );
  refused(
    measure('continuous-variable', [
      {
        population: [
          all,
          population('measure-population', 'true'),
          population('measure-observation', '1', { aggregate: 'mode' }),
        ],
      },
    ]),
    'Measure.group[0].population[2].extension(cqfm-aggregateMethod)',
    /"mode"/,
  );
});

test('languages other than FHIRPath and x-fhir-query are refused, and an expression that is not there', () => {
  const of = (criteria: object) =>
    measure('cohort', [{ population: [{ ...all, criteria: criteria as never }] }]);
  refused(
    of({ language: 'text/cql', expression: 'InPopulation' }),
    `${AT}.language`,
    /"text\/cql" is not carried out/,
  );
  refused(of({ expression: 'true' }), `${AT}.language`, /is missing/);
  refused(of({ language: 'text/fhirpath' }), `${AT}.expression`, /is missing/);
  refused(
    of({ language: 'text/fhirpath', reference: 'http://example.org/library' }),
    `${AT}.expression`,
    /is missing/,
  );
});

test('expressions that are no FHIRPath, name what is not there, or ask for what is of no person', () => {
  refused(cohort('Patient.gender ='), `${AT}.expression`, /FHIRPath/);
  refused(cohort('Patient.sex'), `${AT}.expression`, /"sex"/);
  refused(cohort('Condition.codes.exists()'), `${AT}.expression`, /"codes"/);
  refused(cohort('%population'), `${AT}.expression`, /population/);
  refused(cohort('Organization.exists()'), `${AT}.expression`, /kept of no person/);
  refused(cohort('AuditEvent.exists()'), `${AT}.expression`, /kept of no person/);
});

test('queries that are none, of unknown parameters, or of the form of an answer', () => {
  refused(cohort(query('Condition?colour=red')), `${AT}.expression`, /colour/);
  refused(cohort(query('Everything?x=1')), `${AT}.expression`, /no resource type/);
  refused(cohort(query('Condition?_count=5')), `${AT}.expression`, /_count/);
  refused(cohort(query('Condition?code={{today()}}')), `${AT}.expression`, /periodStart/);
});

test('the basis is known under the addresses of all editions of the measure guides', () => {
  for (const base of [
    'http://hl7.org/fhir/us/cqfmeasures/StructureDefinition/cqfm-',
    'http://hl7.org/fhir/uv/cqm/StructureDefinition/cqm-',
    'http://hl7.org/fhir/StructureDefinition/cqf-',
  ]) {
    const extension = [{ url: `${base}populationBasis`, valueCode: 'Encounter' }];
    assert.equal(plan(cohort('Encounter', { extension })).groups[0]!.basis, 'Encounter');
    const [group] = cohort('Encounter').group!;
    assert.equal(plan(measure('cohort', [{ ...group!, extension }])).groups[0]!.basis, 'Encounter');
  }
});

test('bases, subjects and stratifiers that cannot be carried out', () => {
  refused(cohort('true', basis('Visit')), 'Measure.extension(cqfm-populationBasis)', /"Visit"/);
  refused(
    cohort('true', { subjectCodeableConcept: { coding: [{ code: 'Location' }] } }),
    'Measure.subject',
    /must be Patient/,
  );
  refused(
    measure('cohort', [{ population: [all], stratifier: [{}] }]),
    'Measure.group[0].stratifier[0]',
    /either criteria or components/,
  );
});

test('more criteria than a measure may have', () => {
  const stratifier = Array.from({ length: 201 }, () => ({ criteria: fhirPath('gender') }));
  refused(measure('cohort', [{ population: [all], stratifier }]), 'Measure.group', /more than 200/);
});
