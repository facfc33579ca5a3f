/** Who is followed by the forms of the content alone, without a diagnosis that only a doctor may write: one typed fact carries her through. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition, EpisodeOfCare, Observation } from '../../kernel/fhir/types.ts';
import { dayText } from './days.ts';
import { programmeCs } from './systems.ts';
import { course, shelfOf } from './testing.ts';

const subject = { reference: 'Patient/p' };
const anc = shelfOf('cham-soc-thai-san', '2026-11-23');
const mother = { birthDate: '1998-04-01', gender: 'female' as const };
const enrolled: EpisodeOfCare = {
  resourceType: 'EpisodeOfCare',
  id: 'e',
  status: 'active',
  type: [{ coding: [{ system: programmeCs.programme, code: 'cham-soc-thai-san' }] }],
  patient: subject,
  period: { start: '2026-04-01' },
};
const observed = (code: string, on: string, value: object, system = 'http://loinc.org'): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  subject,
  code: { coding: [{ system, code }] },
  effectiveDateTime: on,
  ...value,
});
const visit = (on: string, week: number) => observed('11885-1', on, { valueQuantity: { value: week } });
const lastPeriod = observed('8665-2', '2026-04-01', { valueDateTime: '2026-02-01' });
const born = observed('93857-1', '2026-11-12', { valueDateTime: '2026-11-10' });
const flag = (code: string, on = '2026-04-01') =>
  observed(
    'nguy-co',
    on,
    { valueCodeableConcept: { coding: [{ code }] } },
    'http://yba.vn/fhir/cs/kham-thai',
  );

const first = [lastPeriod, visit('2026-04-01', 8)];
const stateOn = (day: string, ...facts: Parameters<typeof course>[2]) =>
  course(anc, mother, facts, day).membership.state;

test('a form makes her proposed, an enrolment followed; she stays until 42 days after the birth', () => {
  assert.equal(stateOn('2026-06-01'), 'none');
  assert.equal(stateOn('2026-06-01', ...first), 'proposed');
  assert.equal(stateOn('2026-06-01', ...first, enrolled), 'enrolled');
  assert.equal(stateOn('2026-11-20', ...first, enrolled, born), 'enrolled');
  assert.equal(stateOn('2026-12-30', ...first, enrolled, born), 'left');
});

test('the next pregnancy begins with its first visit, though the last birth is not a year ago', () => {
  const again = { ...enrolled, id: 'e2', period: { start: '2027-06-01' } };
  const before = [...first, { ...enrolled, status: 'finished' as const }, born];
  assert.equal(stateOn('2027-06-02', ...before), 'left');
  assert.equal(stateOn('2027-06-02', ...before, visit('2027-06-01', 8), again), 'enrolled');
});

test('antenatal visits that are due open the form of the visit, the due day that of the birth', () => {
  const forms = (day: string) =>
    course(anc, mother, [...first, enrolled], day).tasks.map(({ key, form }) => [key, form]);
  assert.ok(forms('2026-06-25').some(([key, form]) => key === 'act:kham-thai-2' && form === 'kham-thai'));
  assert.ok(forms('2026-11-10').some(([key, form]) => key === 'act:du-sinh' && form === 'ghi-nhan-sinh'));
});

test('the birth is asked for on the day it is expected, not since she was enrolled; tests that the visit writes lead to its form', () => {
  const task = (day: string, wanted: string) =>
    course(anc, mother, [...first, enrolled], day).tasks.find(({ key }) => key === wanted);
  const birth = task('2026-06-01', 'act:du-sinh')!;
  assert.deepEqual([dayText(birth.due), dayText(birth.overdue!)], ['2026-11-08', '2026-11-15']);
  assert.equal(task('2026-06-01', 'act:xet-nghiem-hiv')!.form, 'kham-thai');
});

test('who is enrolled before anything is known of the pregnancy is followed; ten months later she is not', () => {
  assert.equal(stateOn('2026-04-02', enrolled), 'enrolled');
  assert.equal(stateOn('2027-03-01', enrolled), 'left');
});

test('a pregnancy that ends early is over that day, also when it was a diagnosis; the next one begins with its first visit', () => {
  const ended = observed('ket-thuc', '2026-05-10T09:00:00+07:00', {}, 'http://yba.vn/fhir/cs/kham-thai');
  const diagnosed: Condition = {
    resourceType: 'Condition',
    subject,
    code: { coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'Z34.9' }] },
    recordedDate: '2026-04-01',
  };
  assert.equal(stateOn('2026-05-11', ...first, diagnosed, enrolled), 'enrolled');
  assert.equal(stateOn('2026-05-11', ...first, diagnosed, enrolled, ended), 'left');
  assert.equal(stateOn('2026-05-11', ...first, diagnosed, ended), 'none', 'nor is she proposed again');
  const again = visit('2026-08-20', 8);
  assert.equal(stateOn('2026-08-21', ...first, diagnosed, enrolled, ended, again), 'enrolled');
});

test('flags of the form are warnings; haemoglobin is judged by the trimester (WHO: 110, in the second 105 g/L)', () => {
  const warned = (day: string, ...more: Observation[]) =>
    course(anc, mother, [...first, enrolled, ...more], day).advice.map(({ key }) => key);
  assert.deepEqual(warned('2026-06-01'), []);
  assert.deepEqual(warned('2026-06-01', flag('mo-cu'), flag('giang-mai')), [
    'nguy-co-mo-cu',
    'nguy-co-giang-mai',
  ]);
  assert.deepEqual(warned('2026-06-01', flag('mo-cu', '2025-05-01')), [], 'of an earlier pregnancy');
  const blood = (on: string, value: number) => observed('718-7', on, { valueQuantity: { value } });
  assert.deepEqual(warned('2026-04-02', blood('2026-04-01', 107)), ['nguy-co-thieu-mau']);
  assert.deepEqual(warned('2026-06-20', visit('2026-06-19', 19), blood('2026-06-19', 107)), []);
  assert.deepEqual(warned('2026-06-20', visit('2026-06-19', 19), blood('2026-06-19', 104)), [
    'nguy-co-thieu-mau',
  ]);
});
