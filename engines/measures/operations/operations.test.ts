/** `$evaluate-measure` over HTTP: a population small enough to be counted by hand, forms, policy, audit, bad input. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type AccessWorld, openAccessWorld } from '../../../kernel/access/testing.ts';
import { type HttpAnswer, issueOf } from '../../../kernel/fhir/testing.ts';
import type { Measure, MeasureReport, Resource } from '../../../kernel/fhir/types.ts';
import { basis, countsIn, fhirPath, measure, population, query } from '../testing.ts';

/**
 * The population, as a person would count it. Hypertension = I10; systolic pressure and when it was taken; pregnant = Z34 (excluded);
 * declined = a cancelled visit (excepted, unless the target is reached); white coat = R03 (not counted as success).
 *
 *  id  sex birth  I10  systolic  taken                         other        | initial denominator excluded numerator excepted
 *  p1  F   1960   yes  130       2026-03-01T08:00+07:00                     |    x         x                  x
 *  p2  M   1955   yes  150       2026-05-02T08:00+07:00                     |    x         x
 *  p3  F   1990   yes  120       2026-05-02T08:00+07:00        pregnant     |    x         x          x
 *  p4  M   1970   no                                                        |    x
 *  p5  M   2015   yes  110       2026-05-02T08:00+07:00        a child      |
 *  p6  F   1948   yes                                          declined     |    x         x                           x
 *  p7  M   1966   yes  135       2026-12-31T23:30+07:00        last minutes |    x         x                  x
 *  p8  F   1966   yes  135       2027-01-01T00:30+07:00        too late     |    x         x
 *  p9  M   1950   yes  128       2025-12-31T17:30Z             = 1 January  |    x         x                  x
 *  p10 F   1951   yes  128       2026-12-31                    a day        |    x         x                  x
 *  p11 M   1980   yes  125       2026-06-01T08:00+07:00        white coat   |    x         x                  x (and excluded from it)
 *  p12 F   1985   yes  129       2026-06-01T08:00+07:00        declined     |    x         x                  x
 *                                                                            |   11        10          1       6        1
 */
const PEOPLE: [
  id: string,
  sex: 'F' | 'M',
  birth: string,
  codes: string[],
  systolic: [number, string] | null,
  visits: string[],
][] = [
  ['p1', 'F', '1960-02-01', ['I10'], [130, '2026-03-01T08:00:00+07:00'], ['finished', 'finished']],
  ['p2', 'M', '1955-02-01', ['I10'], [150, '2026-05-02T08:00:00+07:00'], ['finished']],
  ['p3', 'F', '1990-02-01', ['I10', 'Z34'], [120, '2026-05-02T08:00:00+07:00'], ['planned']],
  ['p4', 'M', '1970-02-01', [], null, []],
  ['p5', 'M', '2015-02-01', ['I10'], [110, '2026-05-02T08:00:00+07:00'], ['finished']],
  ['p6', 'F', '1948-02-01', ['I10'], null, ['cancelled']],
  ['p7', 'M', '1966-02-01', ['I10'], [135, '2026-12-31T23:30:00+07:00'], []],
  ['p8', 'F', '1966-02-01', ['I10'], [135, '2027-01-01T00:30:00+07:00'], []],
  ['p9', 'M', '1950-02-01', ['I10'], [128, '2025-12-31T17:30:00Z'], []],
  ['p10', 'F', '1951-02-01', ['I10'], [128, '2026-12-31'], []],
  ['p11', 'M', '1980-02-01', ['I10', 'R03'], [125, '2026-06-01T08:00:00+07:00'], []],
  ['p12', 'F', '1985-02-01', ['I10'], [129, '2026-06-01T08:00:00+07:00'], ['cancelled', 'finished']],
];
const COUNTS = {
  'initial-population': 11,
  denominator: 10,
  'denominator-exclusion': 1,
  numerator: 6,
  'numerator-exclusion': 1,
  'denominator-exception': 1,
};
/** (6 - 1) / (10 - 1 - 1) */
const SCORE = 0.625;

let world: AccessWorld;

before(async () => {
  world = await openAccessWorld();
  const made: Resource[] = [];
  for (const [id, sex, birthDate, codes, systolic, visits] of PEOPLE) {
    const subject = { reference: `Patient/${id}` };
    made.push({
      resourceType: 'Patient',
      id,
      birthDate,
      gender: sex === 'F' ? 'female' : 'male',
      ...(id === 'p1' || id === 'p2' ? { generalPractitioner: [{ reference: 'Practitioner/gp' }] } : {}),
    });
    for (const code of codes)
      made.push({
        resourceType: 'Condition',
        id: `${id}-${code}`,
        subject,
        code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code }] },
      });
    if (systolic)
      made.push({
        resourceType: 'Observation',
        id: `${id}-bp`,
        status: 'final',
        subject,
        code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
        effectiveDateTime: systolic[1],
        valueQuantity: {
          value: systolic[0],
          unit: 'mmHg',
          system: 'http://unitsofmeasure.org',
          code: 'mm[Hg]',
        },
      });
    for (const [at, status] of visits.entries())
      made.push({
        resourceType: 'Encounter',
        id: `${id}-v${at}`,
        status: status as 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject,
        length: { value: 10 * (at + 1), unit: 'min', system: 'http://unitsofmeasure.org', code: 'min' },
      });
  }
  made.push(
    {
      resourceType: 'Group',
      id: 'g',
      type: 'person',
      actual: true,
      member: [
        ...['p1', 'p2', 'p4'].map((id) => ({ entity: { reference: `Patient/${id}` } })),
        { entity: { reference: 'Patient/p7' }, inactive: true },
      ],
    },
    { ...CONTROL, id: 'control' },
  );
  const bundle = {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: made.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  };
  const written = await world.send('POST', '/fhir', bundle);
  assert.equal(written.status, 200, written.text);
});
after(() => world.stop());

const has = (code: string) => `Condition.where(code.coding.exists(code = '${code}')).exists()`;
const REACHED = `Observation.where(code.coding.exists(code = '8480-6') and value.ofType(Quantity).value < 140
  and effective >= %periodStart and effective <= %periodEnd).exists()`;
const CONTROL: Measure = measure(
  'proportion',
  [
    {
      id: 'main',
      code: { text: 'Kiểm soát huyết áp' },
      population: [
        population('initial-population', 'Patient.birthDate <= @2008-12-31', { id: 'ip' }),
        population('denominator', has('I10')),
        population('denominator-exclusion', has('Z34')),
        population('numerator', REACHED),
        population('numerator-exclusion', has('R03')),
        population('denominator-exception', "Encounter.where(status = 'cancelled').exists()"),
      ],
      stratifier: [
        { id: 'gender', code: { text: 'giới' }, criteria: fhirPath('Patient.gender') },
        {
          component: [
            { code: { text: 'giới' }, criteria: fhirPath('gender') },
            { code: { text: 'từ 65 tuổi' }, criteria: fhirPath('birthDate <= @1961-12-31') },
          ],
        },
      ],
    },
  ],
  {
    url: 'http://partner.example/measures/control',
    version: '1.2',
    improvementNotation: {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/measure-improvement-notation', code: 'increase' },
      ],
    },
    supplementalData: [{ code: { text: 'giới' }, criteria: fhirPath('Patient.gender') }],
  },
);

const YEAR = 'periodStart=2026&periodEnd=2026';
const evaluate = (more = '', headers = {}) =>
  world.send('GET', `/fhir/Measure/control/$evaluate-measure?${YEAR}${more}`, undefined, headers);
const reported = async (answer: HttpAnswer | Promise<HttpAnswer>): Promise<MeasureReport> => {
  const { status, body, text } = await answer;
  assert.equal(status, 200, text);
  assert.equal(body.resourceType, 'MeasureReport');
  return body;
};
/** Keeps a measure and evaluates it for the year. */
async function counted(one: Measure, more = ''): Promise<MeasureReport> {
  const id = `m-${++counted.kept}`;
  const kept = await world.send('PUT', `/fhir/Measure/${id}`, { ...one, id });
  assert.equal(kept.status, 201, kept.text);
  return reported(world.send('GET', `/fhir/Measure/${id}/$evaluate-measure?${YEAR}${more}`));
}
counted.kept = 0;
const of = (id: string, report: MeasureReport) => {
  const list = report.contained!.find((one) => `#${one.id}` === id);
  assert.equal(list?.resourceType, 'List');
  return list.resourceType === 'List' ? (list.entry ?? []).map(({ item }) => item!.reference!).sort() : [];
};
const peopleOf = (report: MeasureReport, code: string, part = report.group![0]) =>
  of(
    part!.population!.find((one) => one.code!.coding![0]!.code === code)!.subjectResults!.reference!,
    report,
  );
const patients = (...ids: string[]) => ids.map((id) => `Patient/${id}`).sort();

test('a proportion agrees with the hand count: exclusions, exceptions, both ends of the period in Vietnam’s time', async () => {
  const report = await reported(evaluate());
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
  const [byGender, byTwo] = (await reported(evaluate())).group![0]!.stratifier!;
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
  const report = await reported(evaluate('&reportType=subject-list'));
  assert.equal(report.type, 'subject-list');
  assert.deepEqual(peopleOf(report, 'numerator'), patients('p1', 'p7', 'p9', 'p10', 'p11', 'p12'));
  assert.deepEqual(peopleOf(report, 'denominator-exclusion'), patients('p3'));
  assert.deepEqual(peopleOf(report, 'denominator-exception'), patients('p6'));
  const male = report.group![0]!.stratifier![0]!.stratum![1]!;
  assert.deepEqual(peopleOf(report, 'denominator', male), patients('p2', 'p7', 'p9', 'p11'));
  assert.equal(await validity(report), '');
});

/** What R4 says against a resource. */
async function validity(report: MeasureReport): Promise<string> {
  const checked = await world.send('POST', '/fhir/MeasureReport/$validate', report);
  return checked.body.issue
    .filter((one: { severity: string }) => one.severity === 'error')
    .map((one: { diagnostics: string }) => one.diagnostics)
    .join('\n');
}

test('the report of one person: counts of 0 and 1, what was evaluated, lastReceivedOn', async () => {
  const report = await reported(evaluate('&subject=Patient/p11'));
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
  assert.equal(await validity(report), '');
  const later = await reported(evaluate('&subject=p11&lastReceivedOn=2100-01-01T00:00:00%2B07:00'));
  assert.deepEqual(
    later.evaluatedResource!.map(({ reference }) => reference),
    ['#supplemental-1-1'],
  );
  assert.deepEqual(countsIn(later.group![0]), countsIn(report.group![0]));
  const summary = await reported(evaluate('&subject=Patient/p11&reportType=population'));
  assert.equal(summary.type, 'summary');
});

test('supplemental data of many are told as how often each value is there', async () => {
  const report = await reported(evaluate());
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
  assert.equal(await validity(report), '');
});

test('a Group is counted by its members of now, a practitioner by who has it as general practitioner', async () => {
  const group = await reported(evaluate('&subject=Group/g'));
  assert.equal(group.type, 'summary');
  assert.deepEqual(group.subject, { reference: 'Group/g' });
  assert.equal(countsIn(group.group![0])['initial-population'], 3);
  assert.equal(group.group![0]!.measureScore!.value, 0.5);
  const mine = await reported(evaluate('&practitioner=Practitioner/gp'));
  assert.equal(countsIn(mine.group![0])['initial-population'], 2);
  const both = await reported(evaluate('&practitioner=gp&subject=Patient/p4'));
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
  const report = await counted(one, '&reportType=subject-list');
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
  assert.equal(await validity(report), '');
});

test('a ratio of what is observed: minutes of visits by finished visits', async () => {
  const report = await counted(
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
  const report = await counted(
    measure('cohort', [{ population: [population('initial-population', has('I10'))] }]),
  );
  assert.deepEqual(countsIn(report.group![0]), { 'initial-population': 11 });
  assert.equal(report.group![0]!.measureScore, undefined);
});

test('a continuous variable is observed and put together by its method', async () => {
  const pressure = (aggregate: string) =>
    counted(
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
  const report = await counted(none);
  assert.equal(countsIn(report.group![0]).denominator, 0);
  assert.deepEqual(report.group![0]!.measureScore, {
    extension: [
      { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'not-a-number' },
    ],
  });
  assert.equal(await validity(report), '');
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
  const report = await counted(one);
  assert.deepEqual(countsIn(report.group![0]), COUNTS);
  assert.equal(report.group![0]!.measureScore!.value, SCORE);
});

test('several groups are counted side by side', async () => {
  const group = (code: string) => ({ population: [population('initial-population', has(code))] });
  const report = await counted(measure('cohort', [group('I10'), group('Z34'), group('A00')]));
  assert.deepEqual(
    report.group!.map((one) => countsIn(one)['initial-population']),
    [11, 1, 0],
  );
});

test('on the type: by canonical address with and without version, by id; by POST with Parameters', async () => {
  const on = async (measureName: string) => {
    const answer = await world.send(
      'GET',
      `/fhir/Measure/$evaluate-measure?${YEAR}&measure=${encodeURIComponent(measureName)}`,
    );
    return answer.status === 200 ? answer.body.group[0].measureScore.value : answer.status;
  };
  assert.equal(await on('http://partner.example/measures/control'), SCORE);
  assert.equal(await on('http://partner.example/measures/control|1.2'), SCORE);
  assert.equal(await on('http://partner.example/measures/control|9'), 404);
  assert.equal(await on('Measure/control'), SCORE);
  assert.equal(await on('control'), SCORE);
  assert.equal(await on('nobody'), 404);
  const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });
  const posted = await reported(
    world.send(
      'POST',
      '/fhir/Measure/$evaluate-measure',
      parameters(
        { name: 'periodStart', valueDate: '2026-01-01' },
        { name: 'periodEnd', valueDate: '2026-12-31' },
        { name: 'measure', valueCanonical: 'http://partner.example/measures/control' },
        { name: 'reportType', valueCode: 'subject-list' },
        { name: 'subject', valueReference: { reference: 'Group/g' } },
      ),
    ),
  );
  assert.deepEqual(peopleOf(posted, 'numerator'), patients('p1'));
  const instance = await reported(
    world.send(
      'POST',
      '/fhir/Measure/control/$evaluate-measure',
      parameters({ name: 'periodStart', valueDate: '2026' }, { name: 'periodEnd', valueDate: '2026' }),
    ),
  );
  assert.deepEqual(countsIn(instance.group![0]), COUNTS);
});

test('later: 202, then the report; a cancelled one is gone; nobody else reads it', async () => {
  const taken = await evaluate('', { prefer: 'respond-async' });
  assert.equal(taken.status, 202, taken.text);
  const path = new URL(taken.headers.get('content-location')!).pathname;
  let answer = await world.send('GET', path);
  for (let i = 0; i < 600 && answer.status === 202; i++) {
    await pause(20);
    answer = await world.send('GET', path);
  }
  assert.equal(answer.status, 200, answer.text);
  const report = answer.body.entry[0].resource as MeasureReport;
  assert.deepEqual(countsIn(report.group![0]), COUNTS);
  const other = { authorization: `Bearer ${await world.token('system/Patient.rs')}` };
  assert.equal((await world.bare('GET', path, undefined, other)).status, 404);
  assert.equal((await world.send('DELETE', path)).status, 202);
  assert.equal((await world.send('GET', path)).status, 404);
});

test('parameters that are missing, unknown, twice or wrong are refused by name', async () => {
  const refused = async (url: string, status: number, name: string | undefined) => {
    const answer = await world.send('GET', `/fhir/Measure/${url}`);
    assert.equal(answer.status, status, `${url}: ${answer.text}`);
    assert.equal(issueOf(answer).expression?.[0], name, url);
  };
  const on = 'control/$evaluate-measure?';
  await refused(`${on}periodEnd=2026`, 400, 'periodStart');
  await refused(`${on}periodStart=2026`, 400, 'periodEnd');
  await refused(`${on}periodStart=2026&periodEnd=2025`, 400, 'periodEnd');
  await refused(`${on}periodStart=2026-13&periodEnd=2026`, 400, 'periodStart');
  await refused(`${on}periodStart=2026&periodStart=2026&periodEnd=2026`, 400, 'periodStart');
  await refused(`${on}${YEAR}&colour=red`, 400, 'colour');
  await refused(`${on}${YEAR}&reportType=everything`, 400, 'reportType');
  await refused(`${on}${YEAR}&reportType=subject`, 400, 'subject');
  await refused(`${on}${YEAR}&reportType=subject&subject=Group/g`, 400, 'subject');
  await refused(`${on}${YEAR}&subject=Organization/x`, 400, 'subject');
  await refused(`${on}${YEAR}&practitioner=Patient/x`, 400, 'practitioner');
  await refused(`${on}${YEAR}&lastReceivedOn=2026`, 400, 'lastReceivedOn');
  await refused(`${on}${YEAR}&subject=p1&lastReceivedOn=yesterday`, 400, 'lastReceivedOn');
  await refused(`${on}${YEAR}&measure=control`, 400, 'measure');
  await refused(`$evaluate-measure?${YEAR}`, 400, 'measure');
  await refused(`nobody/$evaluate-measure?${YEAR}`, 404, undefined);
  await refused(`${on}${YEAR}&subject=Patient/nobody`, 404, undefined);
  await refused(`${on}${YEAR}&subject=Group/nobody`, 404, undefined);
  const body = await world.send('POST', '/fhir/Measure/control/$evaluate-measure', {
    resourceType: 'Patient',
  });
  assert.equal(body.status, 400);
});

test('measures that cannot be carried out are refused with 422 and the place, before and while persons are read', async () => {
  const refused = async (expression: string, word: RegExp, more: Partial<Measure> = {}) => {
    const id = `m-${++counted.kept}`;
    const one = measure('cohort', [{ population: [population('initial-population', expression)] }], more);
    await world.send('PUT', `/fhir/Measure/${id}`, { ...one, id });
    const answer = await world.send('GET', `/fhir/Measure/${id}/$evaluate-measure?${YEAR}`);
    assert.equal(answer.status, 422, answer.text);
    assert.match(
      issueOf(answer).expression![0]!,
      /^Measure\.(group\[0\]\.population\[0\]\.criteria|scoring)/,
    );
    assert.match(issueOf(answer).diagnostics!, word);
  };
  await refused('Patient.sex', /"sex"/);
  await refused('Condition.code.coding.code', /2 values/);
  await refused('Condition', /Encounter, but gives something else/, basis('Encounter'));
  await refused('(1).repeat($this + 1).exists()', /does not end, or costs too much/);
  await refused('Organization.exists()', /kept of no person/);
});

test('an answer at once has a limit in time, and says what to do instead', async () => {
  const { evaluateMeasure } = await import('./evaluate.ts');
  const { planMeasure } = await import('../plan.ts');
  const { readMeasureAsk } = await import('./ask.ts');
  const ask = readMeasureAsk(
    [
      ['periodStart', '2026'],
      ['periodEnd', '2026'],
    ],
    true,
  );
  const evaluation = {
    session: world.program.kernel.gate.system('test') as never,
    ask,
    measure: CONTROL,
    plan: planMeasure(CONTROL, { ...ask.period, now: new Date(0) }),
    canonical: 'x',
    date: '2027-02-01T08:00:00+07:00',
    most: -1,
    hint: { vi: 'Hãy dùng Prefer: respond-async.', en: 'Use Prefer: respond-async.' },
    report: async () => undefined,
  };
  await assert.rejects(evaluateMeasure(evaluation), /takes longer than .* respond-async/);
  // Nobody waits any more: the first page is the last.
  const stopped = { ...evaluation, most: 60_000, report: () => Promise.reject(new Error('cancelled')) };
  await assert.rejects(evaluateMeasure(stopped), /cancelled/);
});

test('who asks counts whom they may see: persons in care alone, and a line of the audit for each', async () => {
  const here = await world.arrive('cs-1');
  const there = await world.arrive('cs-2');
  for (const { patient } of [here, there])
    await world.send('POST', '/fhir/Condition', {
      resourceType: 'Condition',
      subject: { reference: `Patient/${patient}` },
      code: { coding: [{ code: 'J00' }] },
    });
  await world.program.kernel.events.settled();
  const one = {
    ...measure('cohort', [{ population: [population('initial-population', has('J00'))] }]),
    id: 'cold',
  };
  await world.send('PUT', '/fhir/Measure/cold', one);
  const nobody = {
    ...measure('cohort', [{ population: [population('initial-population', 'Condition.empty()')] }]),
    id: 'well',
  };
  await world.send('PUT', '/fhir/Measure/well', nobody);
  const doctor = await world.staff('doctor', 'cs-1');
  const ask = (id: string, more = '') =>
    doctor.call('GET', `/fhir/Measure/${id}/$evaluate-measure?${YEAR}${more}`);
  const mine = await reported(ask('cold', '&reportType=subject-list'));
  assert.deepEqual(peopleOf(mine, 'initial-population'), patients(here.patient));
  assert.deepEqual(mine.reporter, { reference: 'Organization/cs-1' });
  // Whose record is closed to the unit is not counted as being without diagnoses.
  assert.equal(countsIn((await reported(ask('well'))).group![0])['initial-population'], 0);
  const closed = await ask('cold', `&subject=Patient/${there.patient}`);
  assert.equal(closed.status, 403, closed.text);
  const whole = await reported(world.send('GET', `/fhir/Measure/cold/$evaluate-measure?${YEAR}`));
  assert.equal(countsIn(whole.group![0])['initial-population'], 2);

  const lines = async (patient: string) =>
    (
      await world.program.kernel.pool.query<{ who: string; action: string }>(
        "select who, action from audit where patient = $1 and what like 'Condition?%'",
        [patient],
      )
    ).rows.filter(({ who }) => who.startsWith('doctor'));
  assert.ok((await lines(here.patient)).length > 0);
  assert.deepEqual(await lines(there.patient), []);

  const laboratory = await world.staff('administrator', null);
  assert.equal((await laboratory.call('GET', `/fhir/Measure/cold/$evaluate-measure?${YEAR}`)).status, 403);
  const scope = { authorization: `Bearer ${await world.token('system/Measure.rs system/Patient.rs')}` };
  const narrow = await world.bare('GET', `/fhir/Measure/cold/$evaluate-measure?${YEAR}`, undefined, scope);
  assert.equal(narrow.status, 403);
  assert.match(narrow.text, /Condition/);
  assert.equal((await world.bare('GET', `/fhir/Measure/cold/$evaluate-measure?${YEAR}`)).status, 401);
});

test('the operation is announced, with a definition that is read and valid', async () => {
  const { body } = await world.bare('GET', '/fhir/metadata');
  const { operation } = body.rest[0].resource.find(({ type }: { type: string }) => type === 'Measure');
  assert.ok(operation.some(({ name }: { name: string }) => name === 'evaluate-measure'));
  const definition = await world.send('GET', '/fhir/OperationDefinition/Measure-evaluate-measure');
  assert.equal(definition.body.code, 'evaluate-measure');
  const checked = await world.send('POST', '/fhir/OperationDefinition/$validate', definition.body);
  assert.ok(!checked.text.includes('"severity":"error"'), checked.text);
});
