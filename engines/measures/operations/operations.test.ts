/** `$evaluate-measure` over HTTP: what it counts, in all forms. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { basis, countsIn, fhirPath, measure, population, query } from '../testing.ts';
import {
  COUNTS,
  type HandCount,
  has,
  openHandCount,
  patients,
  peopleOf,
  reported,
  SCORE,
} from './hand-count.testing.ts';

let world: HandCount;
before(async () => {
  world = await openHandCount();
});
after(() => world.stop());

test('a proportion agrees with the hand count: exclusions, exceptions, both ends of the period in Vietnam’s time', async () => {
  const report = await reported(world.evaluate());
  assert.equal(report.status, 'complete');
  assert.equal(report.type, 'summary');
  assert.equal(report.measure, 'http://partner.example/measures/control|1.2');
  assert.deepEqual(report.period, { start: '2026-01-01', end: '2026-12-31' });
  assert.match(report.date!, /T\d\d:\d\d:\d\d\+07:00$/);
  assert.equal(report.improvementNotation!.coding![0]!.code, 'increase');
  const [group] = report.group!;
  assert.deepEqual(countsIn(group), COUNTS);
  assert.equal(group!.id, 'main');
  assert.equal(group!.population![0]!.id, 'ip');
  assert.equal(group!.measureScore!.value, SCORE);
  assert.equal(report.subject, undefined);
});

test('strata, of one criterion and of components, have their own numbers and scores', async () => {
  const [byGender, byTwo] = (await reported(world.evaluate())).group![0]!.stratifier!;
  assert.deepEqual(byGender!.code, [{ text: 'giới' }]);
  const [female, male] = byGender!.stratum!;
  assert.equal(female!.value!.text, 'female');
  // p1 p3 p6 p8 p10 p12 · all of them · p3 · p1 p10 p12 · nobody · p6
  assert.deepEqual(countsIn(female), {
    'initial-population': 6,
    denominator: 6,
    'denominator-exclusion': 1,
    numerator: 3,
    'numerator-exclusion': 0,
    'denominator-exception': 1,
  });
  assert.equal(female!.measureScore!.value, 0.75);
  // p2 p4 p7 p9 p11 · without p4 · nobody · p7 p9 p11 · p11 · nobody
  assert.deepEqual(countsIn(male), {
    'initial-population': 5,
    denominator: 4,
    'denominator-exclusion': 0,
    numerator: 3,
    'numerator-exclusion': 1,
    'denominator-exception': 0,
  });
  assert.equal(male!.measureScore!.value, 0.5);
  const two = byTwo!.stratum!.map(({ component }) => component!.map(({ value }) => value.text).join('/'));
  assert.deepEqual(two, ['female/false', 'female/true', 'male/false', 'male/true']);
  assert.deepEqual(
    byTwo!.stratum!.map((stratum) => countsIn(stratum)['initial-population']),
    // p3 p8 p12 · p1 p6 p10 · p4 p7 p11 · p2 p9
    [3, 3, 3, 2],
  );
});

test('subject-list names the people behind each number, also of strata', async () => {
  const report = await reported(world.evaluate('&reportType=subject-list'));
  assert.equal(report.type, 'subject-list');
  assert.deepEqual(peopleOf(report, 'numerator'), patients('p1', 'p7', 'p9', 'p10', 'p11', 'p12'));
  assert.deepEqual(peopleOf(report, 'denominator-exclusion'), patients('p3'));
  assert.deepEqual(peopleOf(report, 'denominator-exception'), patients('p6'));
  const male = report.group![0]!.stratifier![0]!.stratum![1]!;
  assert.deepEqual(peopleOf(report, 'denominator', male), patients('p2', 'p7', 'p9', 'p11'));
  assert.equal(await world.faults(report), '');
});

test('the report of one person: counts of 0 and 1, what was evaluated, lastReceivedOn', async () => {
  const report = await reported(world.evaluate('&subject=Patient/p11'));
  assert.equal(report.type, 'individual');
  assert.deepEqual(report.subject, { reference: 'Patient/p11' });
  assert.deepEqual(countsIn(report.group![0]), {
    'initial-population': 1,
    denominator: 1,
    'denominator-exclusion': 0,
    numerator: 1,
    'numerator-exclusion': 1,
    'denominator-exception': 0,
  });
  assert.equal(report.group![0]!.measureScore!.value, 0);
  const evaluated = report.evaluatedResource!.map(({ reference }) => reference!);
  assert.deepEqual(evaluated.toSorted(), [
    '#supplemental-1-1',
    'Condition/p11-I10',
    'Condition/p11-R03',
    'Observation/p11-bp',
    'Patient/p11',
  ]);
  const [gender] = report.contained!;
  assert.equal(gender!.resourceType === 'Observation' && gender.valueString, 'male');
  assert.equal(await world.faults(report), '');
  const later = await reported(world.evaluate('&subject=p11&lastReceivedOn=2100-01-01T00:00:00%2B07:00'));
  assert.deepEqual(
    later.evaluatedResource!.map(({ reference }) => reference),
    ['#supplemental-1-1'],
  );
  assert.deepEqual(countsIn(later.group![0]), countsIn(report.group![0]));
  const summary = await reported(world.evaluate('&subject=Patient/p11&reportType=population'));
  assert.equal(summary.type, 'summary');
});

test('supplemental data of many are told as how often each value is there', async () => {
  const report = await reported(world.evaluate());
  const genders = report.contained![0]!;
  assert.equal(genders.resourceType, 'Observation');
  assert.deepEqual(
    genders.resourceType === 'Observation' &&
      genders.component!.map(({ code, valueInteger }) => [code.text, valueInteger]),
    [
      ['female', 6],
      ['male', 5],
    ],
  );
  assert.deepEqual(report.evaluatedResource, [{ reference: '#supplemental-1' }]);
  assert.equal(await world.faults(report), '');
});

test('a Group is counted by its members of now, a practitioner by who has it as general practitioner', async () => {
  const group = await reported(world.evaluate('&subject=Group/g'));
  assert.equal(group.type, 'summary');
  assert.deepEqual(group.subject, { reference: 'Group/g' });
  assert.equal(countsIn(group.group![0])['initial-population'], 3);
  assert.equal(group.group![0]!.measureScore!.value, 0.5);
  const mine = await reported(world.evaluate('&practitioner=Practitioner/gp'));
  assert.equal(countsIn(mine.group![0])['initial-population'], 2);
  const both = await reported(world.evaluate('&practitioner=gp&subject=Patient/p4'));
  assert.equal(countsIn(both.group![0])['initial-population'], 0);
});

test('periods of any precision: a month, days, instants', async () => {
  const reach = async (start: string, end: string) => {
    const answer = world.send(
      'GET',
      `/fhir/Measure/control/$evaluate-measure?periodStart=${encodeURIComponent(start)}&periodEnd=${encodeURIComponent(end)}`,
    );
    const { period, group } = await reported(answer);
    return [period.start, period.end, countsIn(group![0]).numerator];
  };
  // p11 p12 in June; p7 p10 in December; p9 on 1 January
  assert.deepEqual(await reach('2026-06', '2026-06'), ['2026-06-01', '2026-06-30', 2]);
  assert.deepEqual(await reach('2026-12-31', '2026-12-31'), ['2026-12-31', '2026-12-31', 2]);
  assert.deepEqual(await reach('2026-01-01', '2026-01-01'), ['2026-01-01', '2026-01-01', 1]);
  assert.deepEqual(await reach('2025', '2025-12-31'), ['2025-01-01', '2025-12-31', 0]);
  const [start, end, count] = await reach('2026-06-01T08:00:00+07:00', '2026-06-01T01:00:00Z');
  assert.deepEqual([start, end, count], ['2026-06-01T08:00:00+07:00', '2026-06-01T01:00:00Z', 2]);
});

test('a ratio of visits: populations that have nothing to do with each other, counted by visit', async () => {
  const one = measure(
    'ratio',
    [
      {
        population: [
          population('initial-population', 'Encounter'),
          population('denominator', "Encounter.where(status = 'finished')"),
          population('denominator-exclusion', 'Encounter.where(%Patient.birthDate > @2010)'),
          population('numerator', "Encounter.where(status = 'cancelled')"),
          population('numerator-exclusion', 'Encounter.where(length.value > 100)'),
        ],
        stratifier: [
          { criteria: fhirPath('Patient.gender') },
          { criteria: fhirPath('Encounter.where(length.value >= 20)') },
        ],
      },
    ],
    basis('Encounter'),
  );
  const report = await world.counted(one, '&reportType=subject-list');
  // Visits: p1 f f, p2 f, p3 planned, p5 f (a child), p6 c, p12 c f
  assert.deepEqual(countsIn(report.group![0]), {
    'initial-population': 8,
    denominator: 5,
    'denominator-exclusion': 1,
    numerator: 2,
    'numerator-exclusion': 0,
  });
  assert.equal(report.group![0]!.measureScore!.value, 2 / 4);
  assert.deepEqual(peopleOf(report, 'denominator'), patients('p1', 'p2', 'p5', 'p12'));
  const [byGender, byLength] = report.group![0]!.stratifier!;
  assert.deepEqual(
    byGender!.stratum!.map((stratum) => [
      stratum.value!.text,
      countsIn(stratum).denominator,
      countsIn(stratum).numerator,
    ]),
    [
      ['female', 3, 2],
      ['male', 2, 0],
    ],
  );
  assert.deepEqual(
    byLength!.stratum!.map((stratum) => [stratum.value!.text, countsIn(stratum)['initial-population']]),
    [
      ['false', 6],
      ['true', 2],
    ],
  );
  assert.equal(await world.faults(report), '');
});

test('a ratio of what is observed: minutes of visits by finished visits', async () => {
  const report = await world.counted(
    measure(
      'ratio',
      [
        {
          population: [
            population('initial-population', 'Encounter'),
            population('denominator', "Encounter.where(status = 'finished')", { id: 'd' }),
            population('numerator', "Encounter.where(status = 'finished')", { id: 'n' }),
            population('measure-observation', 'length.value', { of: 'n', aggregate: 'sum' }),
            population('measure-observation', 'length.value', { of: 'd', aggregate: 'count' }),
          ],
        },
      ],
      basis('Encounter'),
    ),
  );
  // 10 + 20 + 10 + 10 + 20 minutes, five visits
  assert.equal(report.group![0]!.measureScore!.value, 70 / 5);
});

test('a cohort has a number and no score', async () => {
  const report = await world.counted(
    measure('cohort', [{ population: [population('initial-population', has('I10'))] }]),
  );
  assert.deepEqual(countsIn(report.group![0]), { 'initial-population': 11 });
  assert.equal(report.group![0]!.measureScore, undefined);
});

test('a continuous variable is observed and put together by its method', async () => {
  const pressure = (aggregate: string) =>
    world.counted(
      measure('continuous-variable', [
        {
          population: [
            population('initial-population', 'birthDate <= @2008'),
            population('measure-population', 'Observation.exists()'),
            population('measure-population-exclusion', has('Z34')),
            population('measure-observation', 'Observation.value.ofType(Quantity)', { aggregate }),
          ],
        },
      ]),
    );
  // 130 150 135 135 128 128 125 129
  const median = await pressure('median');
  assert.deepEqual(countsIn(median.group![0]), {
    'initial-population': 11,
    'measure-population': 9,
    'measure-population-exclusion': 1,
    'measure-observation': 8,
  });
  assert.deepEqual(median.group![0]!.measureScore, { value: 129.5, unit: 'mm[Hg]' });
  assert.equal((await pressure('maximum')).group![0]!.measureScore!.value, 150);
  assert.equal((await pressure('average')).group![0]!.measureScore!.value, 132.5);
});

test('divided by nothing there is no score, and the report says so', async () => {
  const none = measure('proportion', [
    {
      population: [
        population('initial-population', 'true'),
        population('denominator', has('A00')),
        population('numerator', 'true'),
      ],
    },
  ]);
  const report = await world.counted(none);
  assert.equal(countsIn(report.group![0]).denominator, 0);
  assert.deepEqual(report.group![0]!.measureScore, {
    extension: [
      { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'not-a-number' },
    ],
  });
  assert.equal(await world.faults(report), '');
});

test('criteria as searches among what is kept of the person count the same', async () => {
  const one = measure('proportion', [
    {
      population: [
        population('initial-population', query('Patient?birthdate=le2008-12-31')),
        population('denominator', query('Condition?code=http://hl7.org/fhir/sid/icd-10|I10')),
        population('denominator-exclusion', query('Condition?code=Z34')),
        population(
          'numerator',
          query('Observation?code=8480-6&value-quantity=lt140&date=ge{{%periodStart}}&date=le{{%periodEnd}}'),
        ),
        population('numerator-exclusion', query('Condition?code=R03')),
        population('denominator-exception', query('Encounter?status=cancelled')),
      ],
    },
  ]);
  const report = await world.counted(one);
  assert.deepEqual(countsIn(report.group![0]), COUNTS);
  assert.equal(report.group![0]!.measureScore!.value, SCORE);
});

test('value sets are asked with memberOf() and with :in', async () => {
  const set = {
    resourceType: 'ValueSet',
    id: 'pressure',
    url: 'http://partner.example/value-sets/pressure',
    status: 'active',
    compose: {
      include: [{ system: 'http://hl7.org/fhir/sid/icd-10', concept: [{ code: 'R03' }, { code: 'Z34' }] }],
    },
  };
  assert.equal((await world.send('PUT', '/fhir/ValueSet/pressure', set)).status, 201);
  const initial = (criteria: Parameters<typeof population>[1]) => ({
    population: [population('initial-population', criteria)],
  });
  const report = await world.counted(
    measure('cohort', [
      initial(`Condition.where(code.memberOf('${set.url}')).exists()`),
      initial(`Condition.code.coding.where(memberOf('${set.url}')).exists()`),
      initial(query(`Condition?code:in=${set.url}`)),
    ]),
  );
  assert.deepEqual(
    report.group!.map((one) => countsIn(one)['initial-population']),
    [2, 2, 2],
  );
});
