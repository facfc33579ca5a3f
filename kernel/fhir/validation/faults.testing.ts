/** Two valid resources, and what the validation finds wrong with a changed one. */
import { validateResource } from './index.ts';

export type Json = Record<string, unknown>;

export const patient: Json = {
  resourceType: 'Patient',
  id: 'p1',
  identifier: [{ system: 'http://yba.vn/fhir/sid/cccd', value: '099123456789' }],
  name: [{ text: 'Nguyễn Thị Ánh Đào', family: 'Nguyễn', given: ['Thị', 'Ánh', 'Đào'] }],
  gender: 'female',
  birthDate: '1985-02',
};

export const observation: Json = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference: 'Patient/p1' },
  effectiveDateTime: '2026-11-22T08:00:00+07:00',
  valueQuantity: { value: 80, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
};

/** `code expression` of every issue. */
export function faults(resource: unknown): string[] {
  return validateResource(resource).map((issue) => `${issue.code} ${issue.expression}`);
}
