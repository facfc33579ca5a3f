/** Measures of the content: sound, readable, and counting what their titles say, on children and patients written out by hand. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import type {
  Condition,
  Immunization,
  Measure,
  Observation,
  Patient,
  Resource,
} from '../../kernel/fhir/types.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';
import { contentMeasures } from './content.ts';
import { periodOf } from './period.ts';
import { planMeasure } from './plan.ts';
import { resultOf } from './subject.ts';
import { GroupTally } from './tally.ts';

const measures = contentMeasures(openContent(join(import.meta.dirname, '../../content')));
const period = periodOf(
  { start: '2026-01-01', end: '2026-12-31' },
  Date.parse('2026-01-01T00:00:00+07:00'),
  Date.parse('2027-01-01T00:00:00+07:00'),
);

/** Counts of each group of a measure over persons, by the group's id: `[initial, denominator, excluded, numerator]` as the measure has them. */
function counted(id: string, people: Resource[][]) {
  const measure = measures.find((one) => one.id === id)!.make() as Measure;
  const { groups } = planMeasure(measure, { ...period, now: new Date(0) });
  return Object.fromEntries(
    groups.map((group) => {
      const tally = new GroupTally(group, null);
      for (const [patient, ...record] of people) {
        const found = ({ type }: { type: string }) =>
          record.filter(({ resourceType }) => resourceType === type);
        const result = resultOf(group, { patient: patient as Patient, found, memberOf: () => null });
        if (result) tally.add(result, patient!.id!);
      }
      return [group.id, tally.total.counts];
    }),
  );
}

let number = 0;
const id = () => `r${++number}`;
const subject = { reference: 'Patient/x' };
const person = (birthDate: string, more: Partial<Patient> = {}): Patient => ({
  resourceType: 'Patient',
  id: id(),
  birthDate,
  gender: 'female',
  ...more,
});
const diagnosis = (code: string, more: Partial<Condition> = {}): Condition => ({
  resourceType: 'Condition',
  id: id(),
  subject,
  code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code }] },
  recordedDate: '2024-05-01',
  ...more,
});
const quantity = (value: number) => ({ valueQuantity: { value } });
const loinc = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
const pressure = (
  systolic: number,
  diastolic: number,
  effectiveDateTime: string,
  more: Partial<Observation> = {},
): Observation => ({
  resourceType: 'Observation',
  id: id(),
  status: 'final',
  subject,
  code: loinc('85354-9'),
  effectiveDateTime,
  component: [
    { code: loinc('8480-6'), ...quantity(systolic) },
    { code: loinc('8462-4'), ...quantity(diastolic) },
  ],
  ...more,
});
const hba1c = (value: number, effectiveDateTime: string): Observation => ({
  resourceType: 'Observation',
  id: id(),
  status: 'final',
  subject,
  code: loinc('4548-4'),
  effectiveDateTime,
  ...quantity(value),
});

test('every measure of the content is sound, says its source, and can be carried out', () => {
  assert.ok(measures.length >= 3);
  for (const one of measures) {
    const measure = one.make() as Measure;
    assert.deepEqual(validateResource(measure), [], one.id);
    assert.equal(measure.url, `http://yba.vn/fhir/Measure/${one.id}`);
    assert.match(measure.title!, /[à-ỹ]/i);
    assert.ok(measure.relatedArtifact!.some(({ type, citation }) => type === 'citation' && citation));
    assert.ok(measure.effectivePeriod?.start);
    planMeasure(measure, { ...period, now: new Date(0) });
  }
});

test('hypertension: the last measurement in the period decides; pregnancy is excluded; who is young, dead or not diagnosed is not counted', () => {
  const people: Resource[][] = [
    // reached: the last one is below the target
    [
      person('1960-01-01'),
      diagnosis('I10'),
      pressure(160, 95, '2026-02-01T08:00:00+07:00'),
      pressure(138, 85, '2026-09-01T08:00:00+07:00'),
    ],
    // not reached: the last one is above, though an earlier one was below; written in another order
    [
      person('1960-01-01'),
      diagnosis('I10'),
      pressure(150, 80, '2026-09-01T08:00:00+07:00'),
      pressure(130, 80, '2026-02-01T08:00:00+07:00'),
    ],
    // not reached: the lower value is too high
    [person('1960-01-01'), diagnosis('I11.9'), pressure(130, 92, '2026-09-01T08:00:00+07:00')],
    // measured before the period only
    [person('1960-01-01'), diagnosis('I10'), pressure(130, 80, '2025-12-31T23:00:00+07:00')],
    // entered in error
    [
      person('1960-01-01'),
      diagnosis('I10'),
      pressure(130, 80, '2026-09-01T08:00:00+07:00', { status: 'entered-in-error' }),
    ],
    // with child
    [
      person('1995-01-01'),
      diagnosis('I10'),
      diagnosis('Z34.9', { recordedDate: '2026-03-01' }),
      pressure(130, 80, '2026-09-01T08:00:00+07:00'),
    ],
    // with child years ago: counted, and reached
    [
      person('1995-01-01'),
      diagnosis('I10'),
      diagnosis('Z34.9', { recordedDate: '2020-03-01', abatementDateTime: '2020-11-01' }),
      pressure(130, 80, '2026-09-01T08:00:00+07:00'),
    ],
    // 17 years on the last day; 18 on the last day
    [person('2009-01-01'), diagnosis('I10'), pressure(130, 80, '2026-09-01T08:00:00+07:00')],
    [person('2008-12-31'), diagnosis('I10'), pressure(130, 80, '2026-12-31')],
    // died before the period, and in it
    [person('1940-01-01', { deceasedDateTime: '2025-12-31T10:00:00+07:00' }), diagnosis('I10')],
    [person('1940-01-01', { deceasedDateTime: '2026-05-01T10:00:00+07:00' }), diagnosis('I10')],
    // refuted, diagnosed after the period, another disease
    [person('1960-01-01'), diagnosis('I10', { verificationStatus: { coding: [{ code: 'refuted' }] } })],
    [person('1960-01-01'), diagnosis('I10', { recordedDate: '2027-01-01' })],
    [person('1960-01-01'), diagnosis('I25.9')],
  ];
  assert.deepEqual(counted('kiem-soat-tang-huyet-ap', people), {
    'muc-tieu': [9, 9, 1, 3],
    'duoc-do': [9, 9, 6],
  });
});

test('diabetes: the last HbA1c in the period decides', () => {
  const people: Resource[][] = [
    [person('1960-01-01'), diagnosis('E11.9'), hba1c(8, '2026-02-01'), hba1c(6.9, '2026-08-01')],
    [person('1960-01-01'), diagnosis('E11.9'), hba1c(6.5, '2026-02-01'), hba1c(7, '2026-08-01')],
    [person('1960-01-01'), diagnosis('E10.1'), hba1c(6.5, '2025-02-01')],
    [person('1960-01-01'), diagnosis('R73'), hba1c(5, '2026-02-01')],
  ];
  assert.deepEqual(counted('kiem-soat-dai-thao-duong', people), {
    'muc-tieu': [3, 3, 0, 1],
    'duoc-xet-nghiem': [3, 3, 2],
  });
});

test('immunisation before the first birthday, of children who reach it in the period', () => {
  const dose = (
    code: string,
    occurrenceDateTime: string,
    status: Immunization['status'] = 'completed',
  ): Immunization => ({
    resourceType: 'Immunization',
    id: id(),
    status,
    patient: subject,
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code }] },
    occurrenceDateTime,
  });
  /** All doses of a child, by months after birth in 2025. */
  const all = (measles: string) => [
    dose('19', '2025-06-10'),
    ...['2025-08-05', '2025-09-05', '2025-10-05'].flatMap((day) => [dose('102', day), dose('02', day)]),
    dose('05', measles),
  ];
  const people: Resource[][] = [
    [person('2025-06-01'), ...all('2026-03-05')],
    // measles on the birthday itself is too late; the day before is not
    [person('2025-06-01'), ...all('2026-06-01')],
    [person('2025-06-01'), ...all('2026-05-31')],
    // two doses of three; one that was not given
    [person('2025-06-01'), ...all('2026-03-05').slice(0, -2), dose('05', '2026-03-05')],
    [person('2025-06-01'), ...all('2026-03-05').slice(0, -1), dose('05', '2026-03-05', 'not-done')],
    // one year old before and after the period
    [person('2024-12-31'), ...all('2025-11-05')],
    [person('2026-01-01')],
    // on its first and last day
    [person('2025-01-01')],
    [person('2025-12-31')],
  ];
  assert.deepEqual(counted('tiem-chung-day-du-duoi-1-tuoi', people), {
    'day-du': [7, 7, 2],
    bcg: [7, 7, 5],
    '5-trong-1': [7, 7, 5],
    'bai-liet': [7, 7, 4],
    soi: [7, 7, 3],
  });
});
