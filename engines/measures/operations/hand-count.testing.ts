/** A population small enough to be counted by hand, a measure over it, and how tests ask: for the tests of this folder. */
import assert from 'node:assert/strict';
import { type AccessWorld, openAccessWorld } from '../../../kernel/access/testing.ts';
import type { HttpAnswer } from '../../../kernel/fhir/testing.ts';
import type { Measure, MeasureReport, Resource } from '../../../kernel/fhir/types.ts';
import { fhirPath, measure, population } from '../testing.ts';

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
export const COUNTS = {
  'initial-population': 11,
  denominator: 10,
  'denominator-exclusion': 1,
  numerator: 6,
  'numerator-exclusion': 1,
  'denominator-exception': 1,
};
/** (6 - 1) / (10 - 1 - 1) */
export const SCORE = 0.625;

export interface HandCount extends AccessWorld {
  /** Evaluates CONTROL for 2026. */
  evaluate(more?: string, headers?: Record<string, string>): Promise<HttpAnswer>;
  /** Keeps a measure and evaluates it for 2026; fails unless a report comes. */
  counted(one: Measure, more?: string): Promise<MeasureReport>;
  /** Keeps a measure under a new id. */
  keep(one: Measure): Promise<string>;
  /** What R4 says against a report. */
  faults(report: MeasureReport): Promise<string>;
}

export async function openHandCount(): Promise<HandCount> {
  const world = await openAccessWorld();
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
  let kept = 0;
  const keep: HandCount['keep'] = async (one) => {
    const id = `m-${++kept}`;
    const answer = await world.send('PUT', `/fhir/Measure/${id}`, { ...one, id });
    assert.equal(answer.status, 201, answer.text);
    return id;
  };
  return {
    ...world,
    keep,
    evaluate: (more = '', headers = {}) =>
      world.send('GET', `/fhir/Measure/control/$evaluate-measure?${YEAR}${more}`, undefined, headers),
    counted: async (one, more = '') =>
      reported(world.send('GET', `/fhir/Measure/${await keep(one)}/$evaluate-measure?${YEAR}${more}`)),
    async faults(report) {
      const { body } = await world.send('POST', '/fhir/MeasureReport/$validate', report);
      const errors = body.issue.filter(({ severity }: { severity: string }) => severity === 'error');
      return errors.map(({ diagnostics }: { diagnostics: string }) => diagnostics).join('\n');
    },
  };
}

export const YEAR = 'periodStart=2026&periodEnd=2026';
export const has = (code: string) => `Condition.where(code.coding.exists(code = '${code}')).exists()`;
const REACHED = `Observation.where(code.coding.exists(code = '8480-6') and value.ofType(Quantity).value < 140
  and effective >= %periodStart and effective <= %periodEnd).exists()`;
export const CONTROL: Measure = measure(
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

export const reported = async (answer: HttpAnswer | Promise<HttpAnswer>): Promise<MeasureReport> => {
  const { status, body, text } = await answer;
  assert.equal(status, 200, text);
  assert.equal(body.resourceType, 'MeasureReport');
  return body;
};
const of = (id: string, report: MeasureReport) => {
  const list = report.contained!.find((one) => `#${one.id}` === id);
  assert.equal(list?.resourceType, 'List');
  return list.resourceType === 'List' ? (list.entry ?? []).map(({ item }) => item!.reference!).sort() : [];
};
/** `Patient/x` of those behind a number of a group or stratum. */
export const peopleOf = (report: MeasureReport, code: string, part = report.group![0]) =>
  of(
    part!.population!.find((one) => one.code!.coding![0]!.code === code)!.subjectResults!.reference!,
    report,
  );
export const patients = (...ids: string[]) => ids.map((id) => `Patient/${id}`).sort();
