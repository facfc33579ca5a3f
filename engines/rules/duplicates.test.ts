import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MedicationRequest } from '../../kernel/fhir/types.ts';
import { checkPrescription, listed, medicineNamed, order, rules } from './testing.ts';

const patient = { resourceType: 'Patient', id: 'p', birthDate: '1970-05-01' } as const;

function duplicates(requests: MedicationRequest[], activeRequests: MedicationRequest[] = []) {
  const alerts = checkPrescription(
    { requests, activeRequests, allergies: [], patient, conditions: [] },
    rules,
  );
  return alerts.filter((alert) => alert.kind === 'trung-hoat-chat');
}

test('one ingredient under two brand names: Mobic and Meloxicam', () => {
  const requests = ['Mobic 7,5 mg', 'Meloxicam 7,5 mg'].map((name) =>
    listed(medicineNamed(name), 1, ['MORN']),
  );
  const [alert] = duplicates(requests);
  assert.match(alert!.title, /Meloxicam/);
  assert.match(alert!.reason, /Mobic 7,5 mg và Meloxicam 7,5 mg/);
});

test('an ingredient hidden in a combination: Calmezin and Paracetamol 500 mg', () => {
  const requests = ['Calmezin', 'Paracetamol 500 mg'].map((name) => listed(medicineNamed(name), 1, ['MORN']));
  assert.match(duplicates(requests)[0]!.title, /Paracetamol/);
});

test('by mouth and by rectum is a duplicate; a gel beside tablets is not', () => {
  assert.equal(duplicates([order('paracetamol'), order('paracetamol', { route: '4.02' })]).length, 1);
  assert.deepEqual(duplicates([order('diclofenac'), order('diclofenac', { route: '3.01' })]), []);
});

test('an earlier prescription that still runs counts until its last day', () => {
  const old = (days: number) => [
    order('amlodipin', { id: 'old', status: 'active', start: '2026-11-01', days }),
  ];
  assert.equal(duplicates([order('amlodipin')], old(22)).length, 1);
  assert.match(duplicates([order('amlodipin')], old(22))[0]!.reason, /còn đến 22\/11\/2026/);
  assert.deepEqual(duplicates([order('amlodipin')], old(21)), []);
});

test('two combinations sharing two ingredients are one finding', () => {
  const both = ['sulfamethoxazol', 'trimethoprim'];
  const alerts = duplicates([order(both, { name: 'Carbotrim' }), order(both, { name: 'Co-trimoxazol' })]);
  assert.equal(alerts.length, 1);
  assert.match(alerts[0]!.title, /Sulfamethoxazol, Trimethoprim/);
});

test('fluids given side by side on purpose are no duplicate; different insulins are different ingredients', () => {
  assert.deepEqual(
    duplicates([order('natri-clorid', { route: '2.15' }), order('natri-clorid', { route: '2.15' })]),
    [],
  );
  assert.deepEqual(duplicates([order('insulin-glargin'), order('insulin-aspart')]), []);
});

test('different ingredients of one class are not a duplicate ingredient', () => {
  assert.deepEqual(duplicates([order('enalapril'), order('losartan')]), []);
});
