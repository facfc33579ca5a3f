/** A visit as 12 resources of docs/model.md, with numbers that differ from one to the next. Deterministic by its serial. */

import { cs, ext, sid } from '../kernel/fhir/systems.ts';
import type { Resource } from '../kernel/fhir/types.ts';

const VITALS = [
  ['8867-4', 'Mạch', '/min', 60],
  ['8310-5', 'Nhiệt độ', 'Cel', 36],
  ['9279-1', 'Nhịp thở', '/min', 14],
  ['59408-5', 'SpO2', '%', 94],
  ['29463-7', 'Cân nặng', 'kg', 50],
] as const;
const DIAGNOSES = [
  ['I10', 'Bệnh lý tăng huyết áp nguyên phát (vô căn)'],
  ['J06.9', 'Nhiễm trùng hô hấp trên cấp, không phân loại'],
  ['E11', 'Bệnh đái tháo đường không phụ thuộc insulin'],
  ['K29.7', 'Viêm dạ dày, không đặc hiệu'],
] as const;
const NAMES = ['Nguyễn Thị Ánh', 'Trần Văn Bình', 'Lê Thị Đào', 'Phạm Quốc Dũng', 'Hoàng Minh Châu'];
const HTEST = { security: [{ system: cs.actReason, code: 'HTEST', display: 'test health data' }] };

let serial = 0;

/** @param newId reserves an id for a resource of the patient */
export function visitBundle(patient: string, newId: (type: Resource['resourceType']) => string): Resource[] {
  const n = serial++;
  const minute = String(n % 60).padStart(2, '0');
  const at = `2026-11-22T${String(7 + (n % 9)).padStart(2, '0')}:${minute}:00+07:00`;
  const subject = { reference: `Patient/${patient}` };
  const encounter = newId('Encounter');
  const context = { reference: `Encounter/${encounter}` };
  const performer = [{ reference: `Practitioner/bs-${n % 300}` }];
  const diagnosis = DIAGNOSES[n % DIAGNOSES.length]!;
  const name = NAMES[n % NAMES.length]!;
  const vitals = VITALS.map(
    ([code, text, unit, low], i): Resource => ({
      resourceType: 'Observation',
      id: newId('Observation'),
      meta: HTEST,
      status: 'final',
      category: [
        {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' },
          ],
        },
      ],
      code: { coding: [{ system: cs.loinc, code }], text },
      subject,
      encounter: context,
      effectiveDateTime: at,
      performer,
      valueQuantity: { value: low + ((n * 7 + i) % 40), unit, system: cs.ucum, code: unit },
    }),
  );
  const request = newId('MedicationRequest');
  return [
    {
      resourceType: 'Patient',
      id: patient,
      meta: HTEST,
      identifier: [
        { system: sid.cccd, value: `099${String(n).padStart(9, '0')}` },
        { system: sid.bhxh, value: `00${String(n).padStart(8, '0')}` },
      ],
      name: [{ text: name, family: name.split(' ')[0]!, given: name.split(' ').slice(1) }],
      gender: n % 2 ? 'female' : 'male',
      birthDate: `19${40 + (n % 60)}-0${1 + (n % 9)}-1${n % 10}`,
      telecom: [{ system: 'phone', value: `0000${String(n % 1_000_000).padStart(6, '0')}` }],
      address: [
        {
          text: `Thôn ${n % 20}, xã Tam Dương`,
          line: [`Thôn ${n % 20}`],
          city: 'Tam Dương',
          state: 'Phú Thọ',
          country: 'VN',
          extension: [{ url: ext.unit, valueCoding: { system: cs.unit, code: `0${8000 + (n % 40)}` } }],
        },
      ],
    },
    {
      resourceType: 'Encounter',
      id: encounter,
      meta: HTEST,
      identifier: [
        { system: sid.episode, value: `25D01.20261122${n}` },
        { system: sid.ticket, value: String(n % 500).padStart(3, '0') },
      ],
      status: 'finished',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      type: [{ coding: [{ system: cs.visitType, code: '01' }] }],
      subject,
      period: { start: at, end: at },
      reasonCode: [{ text: 'Đau đầu, chóng mặt' }],
      serviceProvider: { reference: 'Organization/cs-25D01' },
      location: [{ location: { reference: 'Location/25D01-kham' } }],
    },
    ...vitals,
    {
      resourceType: 'Condition',
      id: newId('Condition'),
      meta: HTEST,
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
      verificationStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'confirmed' }],
      },
      category: [
        {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/condition-category',
              code: 'encounter-diagnosis',
            },
          ],
        },
      ],
      code: { coding: [{ system: cs.icd10, code: diagnosis[0], display: diagnosis[1] }] },
      subject,
      encounter: context,
      recordedDate: at,
    },
    {
      resourceType: 'ServiceRequest',
      id: newId('ServiceRequest'),
      meta: HTEST,
      status: 'completed',
      intent: 'order',
      category: [{ coding: [{ system: cs.snomed, code: '108252007' }] }],
      code: {
        coding: [
          { system: cs.loinc, code: '2345-7' },
          { system: cs.service, code: '23.0075.1494' },
        ],
        text: 'Định lượng Glucose',
      },
      subject,
      encounter: context,
      authoredOn: at,
      requester: performer[0]!,
    },
    {
      resourceType: 'MedicationRequest',
      id: request,
      meta: HTEST,
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: {
        coding: [
          { system: cs.medicine, code: `T${n % 200}` },
          { system: cs.ingredient, code: `40.${n % 900}` },
        ],
        text: 'Amlodipin 5 mg',
      },
      subject,
      encounter: context,
      authoredOn: at,
      requester: performer[0]!,
      groupIdentifier: { system: sid.episode, value: `DT${n}` },
      dosageInstruction: [
        {
          text: 'Uống 1 viên sau ăn sáng',
          timing: { repeat: { when: ['MORN'], duration: 30, durationUnit: 'd' } },
          doseAndRate: [{ doseQuantity: { value: 1, unit: 'viên' } }],
        },
      ],
      dispenseRequest: { quantity: { value: 30, unit: 'viên' } },
    },
    {
      resourceType: 'ChargeItem',
      id: newId('ChargeItem'),
      meta: HTEST,
      status: 'billable',
      code: {
        coding: [
          { system: cs.service, code: '23.0075.1494' },
          { system: cs.costGroup, code: '1' },
        ],
      },
      subject,
      context,
      occurrenceDateTime: at,
      quantity: { value: 1 },
      priceOverride: { value: 22400, currency: 'VND' },
    },
    {
      resourceType: 'Claim',
      id: newId('Claim'),
      meta: HTEST,
      status: 'active',
      type: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/claim-type', code: 'professional' }],
      },
      use: 'claim',
      patient: subject,
      created: at,
      provider: { reference: 'Organization/cs-25D01' },
      priority: { coding: [{ code: 'normal' }] },
      insurance: [{ sequence: 1, focal: true, coverage: { display: 'BHYT' } }],
      item: [
        {
          sequence: 1,
          productOrService: { coding: [{ system: cs.service, code: '23.0075.1494' }] },
          net: { value: 22400, currency: 'VND' },
        },
      ],
      total: { value: 22400, currency: 'VND' },
    },
  ];
}
