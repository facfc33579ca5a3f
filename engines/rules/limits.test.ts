import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cs } from '../../kernel/fhir/systems.ts';
import type { Condition, MedicationRequest } from '../../kernel/fhir/types.ts';
import { longestSupply } from './days.ts';
import { icdMatches } from './icd.ts';
import { checkPrescription, listed, medicineNamed, order, rules } from './testing.ts';

function kinds(
  requests: MedicationRequest[],
  birthDate: string,
  more: { weightKg?: number; icd10?: string[] } = {},
) {
  const conditions = (more.icd10 ?? []).map(
    (code): Condition => ({
      resourceType: 'Condition',
      subject: { reference: 'Patient/p' },
      code: { coding: [{ system: cs.icd10, code }] },
    }),
  );
  const patient = { resourceType: 'Patient', id: 'p', birthDate } as const;
  const check = { requests, activeRequests: [], allergies: [], patient, conditions, weightKg: more.weightKg };
  return checkPrescription(check, rules).map((alert) => alert.kind);
}

/** What is said of doses from the day on which limits of one dose began; each dose in mg, at even hours. */
function doses(ingredient: string, mg: number, everyHours: number, birthDate: string, weightKg: number) {
  const request: MedicationRequest = {
    ...order(ingredient),
    dosageInstruction: [
      {
        timing: { repeat: { frequency: 1, period: everyHours, periodUnit: 'h' } },
        doseAndRate: [{ doseQuantity: { value: mg, unit: 'mg', system: cs.ucum, code: 'mg' } }],
      },
    ],
  };
  const patient = { resourceType: 'Patient', id: 'p', birthDate } as const;
  const check = {
    requests: [request],
    activeRequests: [],
    allergies: [],
    patient,
    conditions: [],
    weightKg,
  };
  return checkPrescription(check, { day: '2026-11-23' })
    .filter(({ kind }) => kind === 'qua-lieu')
    .map(({ title }) => title.split(' – ')[0]);
}

const CHILD = '2022-11-01';
const ADULT = '1980-01-01';

test('paracetamol for 12 kg: 250 mg four times a day is 83 mg/kg/day and warns; 150 mg four times does not', () => {
  const fourTimes = (name: string) => [listed(medicineNamed(name), 1, ['MORN', 'NOON', 'AFT', 'EVE'])];
  assert.deepEqual(kinds(fourTimes('Paracetamol 250 mg gói'), CHILD, { weightKg: 12 }), ['qua-lieu']);
  assert.deepEqual(kinds(fourTimes('Paracetamol 150 mg gói'), CHILD, { weightKg: 12 }), []);
});

test('one dose is limited beside the day: the vectors of section 13', () => {
  assert.deepEqual(doses('paracetamol', 250, 6, CHILD, 12), [
    'Quá liều: tổng 1000 mg/ngày, tức 83,3 mg/kg/ngày',
  ]);
  assert.deepEqual(doses('paracetamol', 250, 12, CHILD, 12), [
    'Quá liều một lần: 250 mg/lần, tức 20,8 mg/kg/lần',
  ]);
  assert.deepEqual(doses('paracetamol', 160, 6, CHILD, 12), []);
  assert.deepEqual(doses('ibuprofen', 100, 6, CHILD, 10), []);
  assert.deepEqual(doses('ibuprofen', 120, 6, CHILD, 10), ['Quá liều: tổng 480 mg/ngày, tức 48 mg/kg/ngày']);
  assert.deepEqual(doses('ibuprofen', 120, 12, CHILD, 10), [
    'Quá liều một lần: 120 mg/lần, tức 12 mg/kg/lần',
  ]);
});

test('what is taken at one time is added over all medicines; at other times it is not', () => {
  const two = (when: string) => {
    const requests = [
      listed(medicineNamed('Paracetamol 500 mg'), 2, ['MORN']),
      listed(medicineNamed('Calmezin'), 1, [when]),
    ];
    const patient = { resourceType: 'Patient', id: 'p', birthDate: ADULT } as const;
    const check = { requests, activeRequests: [], allergies: [], patient, conditions: [] };
    return checkPrescription(check, { day: '2026-11-23' }).filter(({ title }) => /một lần/.test(title))
      .length;
  };
  assert.equal(two('MORN'), 1);
  assert.equal(two('EVE'), 0);
});

test('without a weight the dose of a child is said to be unchecked, never assumed', () => {
  const requests = [listed(medicineNamed('Paracetamol 250 mg gói'), 1, ['MORN'])];
  assert.deepEqual(kinds(requests, CHILD), ['khong-kiem-tra-duoc']);
});

test('the dose of an ingredient is added over all lines: 4 × 1 g paracetamol and Calmezin', () => {
  const gram = listed(medicineNamed('Paracetamol 500 mg'), 2, ['MORN', 'NOON', 'AFT', 'EVE']);
  assert.ok(!kinds([gram], ADULT).includes('qua-lieu'));
  const calmezin = listed(medicineNamed('Calmezin'), 1, ['EVE']);
  assert.ok(kinds([gram, calmezin], ADULT).includes('qua-lieu'));
});

test('methotrexat every day is stopped, once a week is not', () => {
  const daily = listed(medicineNamed('Methotrexat 2,5 mg'), 3, ['MORN']);
  assert.ok(kinds([daily], ADULT).includes('qua-lieu'));
  const weekly: MedicationRequest = {
    ...daily,
    dosageInstruction: [
      { ...daily.dosageInstruction![0]!, timing: { repeat: { frequency: 1, period: 1, periodUnit: 'wk' } } },
    ],
  };
  assert.ok(!kinds([weekly], ADULT).includes('qua-lieu'));
});

test('doxycyclin under 8 years, aspirin under 16, codein under 12', () => {
  assert.ok(kinds([order('doxycyclin')], CHILD).includes('chong-chi-dinh-tuoi'));
  assert.ok(kinds([order('acid-acetylsalicylic')], '2012-01-01').includes('chong-chi-dinh-tuoi'));
  assert.ok(kinds([order('codein')], '2015-01-01').includes('chong-chi-dinh-tuoi'));
  assert.deepEqual(kinds([order('doxycyclin')], ADULT), []);
});

test('several diagnoses are told once each and in one order, however the record gives them', () => {
  const told = (...icd10: string[]) => {
    const conditions = icd10.map(
      (code): Condition => ({
        resourceType: 'Condition',
        subject: { reference: 'Patient/p' },
        code: { coding: [{ system: cs.icd10, code }] },
      }),
    );
    const patient = { resourceType: 'Patient', id: 'p', birthDate: '1995-01-01' } as const;
    const check = { requests: [order('losartan')], activeRequests: [], allergies: [], patient, conditions };
    return checkPrescription(check, rules).map(({ title }) => title);
  };
  assert.deepEqual(told('Z34.9', 'Z34.0', 'Z34.9'), told('Z34.0', 'Z34.9'));
  assert.match(told('Z34.9', 'Z34.0')[0]!, /Z34\.0, Z34\.9/);
});

test('losartan in pregnancy, propranolol in asthma', () => {
  assert.deepEqual(kinds([order('losartan')], '1995-01-01', { icd10: ['Z34.0'] }), ['chong-chi-dinh-benh']);
  assert.deepEqual(kinds([order('propranolol')], ADULT, { icd10: ['J45.9'] }), ['chong-chi-dinh-benh']);
  assert.deepEqual(kinds([order('propranolol')], ADULT, { icd10: ['I10'] }), []);
});

test('a medicine without a known ingredient is said to be unchecked', () => {
  assert.deepEqual(kinds([order('x-y-z', { name: 'Thuốc lạ' })], ADULT), ['khong-kiem-tra-duoc']);
});

test('30 days, or 90 for the diseases of annex VII (Circular 26/2025, article 6.8)', () => {
  assert.equal(longestSupply(['J06.9'], rules).days, 30);
  assert.equal(longestSupply(['J06.9', 'I10'], rules).days, 90);
  assert.equal(longestSupply(['E11.9'], rules).days, 90);
  assert.equal(longestSupply(['E11.1'], rules).days, 30);
  assert.equal(longestSupply([], rules).days, 30);
});

test('ICD-10 ranges: ends included, three characters cover their subcategories', () => {
  assert.ok(icdMatches('E14.9', 'E10-E14'));
  assert.ok(icdMatches('I10', 'I10'));
  assert.ok(icdMatches('B18.1', 'B18.1'));
  assert.ok(!icdMatches('B18.2', 'B18.1'));
  assert.ok(!icdMatches('F11.0', 'F11.2-F11.9'));
  assert.ok(icdMatches('F11.5', 'F11.2-F11.9'));
  assert.ok(!icdMatches('J450', ''));
});
