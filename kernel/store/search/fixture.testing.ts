/** A small record for the tests of search: two persons with a life, some who only have names, and the shared world. */
import type { Resource } from '../../fhir/types.ts';
import type { Store, Write } from '../contract.ts';

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const ICD10 = 'http://hl7.org/fhir/sid/icd-10';
const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';

const coded = (system: string, code: string, display?: string) => ({
  coding: [{ system, code, ...(display ? { display } : {}) }],
});

const patient = (id: string, name: string, more: object = {}) => ({
  resourceType: 'Patient',
  id,
  name: [{ text: name, family: name.split(' ')[0], given: name.split(' ').slice(1) }],
  ...more,
});

const observation = (id: string, person: string | null, code: string, date: object, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: coded(LOINC, code),
  ...(person ? { subject: { reference: `Patient/${person}` } } : {}),
  ...date,
  ...more,
});

const quantity = (value: number, unit: string, code = unit, system = UCUM) => ({ value, unit, system, code });

const people: object[] = [
  patient('lan', 'Nguyễn Thị Lan', {
    gender: 'female',
    active: true,
    birthDate: '1985-02-07',
    identifier: [
      { system: 'http://yba.vn/fhir/sid/cccd', value: '099185000001' },
      {
        system: 'http://yba.vn/fhir/sid/bhxh',
        value: '0012345678',
        type: coded('http://terminology.hl7.org/CodeSystem/v2-0203', 'SB'),
      },
    ],
    telecom: [
      { system: 'phone', value: '0000 123 456' },
      { system: 'email', value: 'Lan@Example.org' },
    ],
    address: [
      {
        text: 'Thôn Đông, xã Tam Đảo, tỉnh Phú Thọ',
        line: ['Thôn Đông'],
        city: 'Xã Tam Đảo',
        state: 'Tỉnh Phú Thọ',
        country: 'VN',
      },
    ],
    maritalStatus: { text: 'Đã kết hôn' },
    managingOrganization: { reference: 'Organization/tram' },
    meta: {
      tag: [{ system: 'http://t', code: 'demo' }],
      profile: ['http://yba.vn/p|1.0'],
      source: 'http://yba.vn/source',
    },
  }),
  patient('minh', 'Trần Văn Minh', {
    gender: 'male',
    birthDate: '1985',
    deceasedDateTime: '2026-01-05',
    identifier: [{ system: 'http://other', value: '099185000001' }],
  }),
  patient('dao', 'Đào Thị Nguyên', { gender: 'female', birthDate: '1990-05' }),
  patient('anh1', 'Lê Văn Anh', { gender: 'male' }),
  patient('anh2', 'Lê Thị Ánh', { gender: 'female' }),
];

const world: object[] = [
  {
    resourceType: 'Organization',
    id: 'so',
    name: 'Sở Y tế Phú Thọ',
    identifier: [{ system: 'http://cskcb', value: '25000' }],
  },
  {
    resourceType: 'Organization',
    id: 'tram',
    name: 'Trạm Y tế xã Tam Đảo',
    partOf: { reference: 'Organization/so' },
    active: true,
  },
  {
    resourceType: 'Practitioner',
    id: 'bs',
    name: [{ text: 'Phạm Thu Hà', family: 'Phạm', given: ['Thu', 'Hà'] }],
  },
  {
    resourceType: 'Location',
    id: 'phong',
    name: 'Phòng khám',
    managingOrganization: { reference: 'Organization/tram' },
  },
  { resourceType: 'ValueSet', id: 'vs', url: 'http://yba.vn/vs', version: '2', status: 'active', name: 'Vs' },
  {
    resourceType: 'Questionnaire',
    id: 'q',
    url: 'http://yba.vn/q',
    version: '3',
    status: 'active',
    useContext: [
      {
        code: { system: 'http://c', code: 'age' },
        valueRange: { low: quantity(18, 'a'), high: quantity(60, 'a') },
      },
    ],
  },
  { resourceType: 'ChargeItemDefinition', id: 'cid', url: 'http://yba.vn/cid', status: 'active' },
];

const visit: object[] = [
  {
    resourceType: 'Encounter',
    id: 'e1',
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: { reference: 'Patient/lan' },
    serviceProvider: { reference: 'Organization/tram' },
    location: [{ location: { reference: 'Location/phong' } }],
    participant: [{ individual: { reference: 'Practitioner/bs' } }],
    period: { start: '2026-11-20T08:00:00+07:00', end: '2026-11-20T08:30:00+07:00' },
    length: { value: 30, unit: 'min', system: UCUM, code: 'min' },
    reasonCode: [{ text: 'Đau đầu, sốt nhẹ' }],
  },
  {
    resourceType: 'Encounter',
    id: 'e2',
    status: 'in-progress',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
    subject: { reference: 'Patient/minh' },
    serviceProvider: { reference: 'Organization/tram' },
    period: { start: '2026-11-01' },
  },
  {
    resourceType: 'Condition',
    id: 'c1',
    clinicalStatus: coded(CLINICAL, 'active'),
    code: coded(ICD10, 'E11.9', 'Đái tháo đường típ 2 không biến chứng'),
    subject: { reference: 'Patient/lan' },
    encounter: { reference: 'Encounter/e1' },
    recordedDate: '2026-11-20',
    onsetAge: { value: 40, unit: 'a', system: UCUM, code: 'a' },
  },
  {
    resourceType: 'Condition',
    id: 'c2',
    clinicalStatus: coded(CLINICAL, 'inactive'),
    code: coded(ICD10, 'E10', 'Đái tháo đường típ 1'),
    subject: { reference: 'Patient/minh' },
    recordedDate: '2020-01-01',
    onsetDateTime: '2019-12',
  },
];

const facts: object[] = [
  observation(
    'pulse',
    'lan',
    '8867-4',
    { effectiveDateTime: '2026-11-20T08:05:00+07:00' },
    { valueQuantity: quantity(80, '/min'), encounter: { reference: 'Encounter/e1' } },
  ),
  observation(
    'glucose',
    'lan',
    '2339-0',
    { effectiveDateTime: '2026-11-20' },
    { valueQuantity: quantity(5.4, 'mmol/L'), performer: [{ reference: 'Practitioner/bs' }] },
  ),
  observation(
    'glucose2',
    'minh',
    '2339-0',
    { effectiveDateTime: '2026-11-21' },
    { valueQuantity: { ...quantity(5.44, 'mmol/L') } },
  ),
  observation(
    'bp',
    'lan',
    '85354-9',
    { effectivePeriod: { start: '2026-11-19T23:00:00+07:00', end: '2026-11-20T01:00:00+07:00' } },
    {
      component: [
        { code: coded(LOINC, '8480-6'), valueQuantity: quantity(150, 'mmHg', 'mm[Hg]') },
        { code: coded(LOINC, '8462-4'), valueQuantity: quantity(95, 'mmHg', 'mm[Hg]') },
      ],
    },
  ),
  observation(
    'blood-group',
    'minh',
    '882-1',
    { effectiveDateTime: '2026-10' },
    { valueCodeableConcept: coded('http://b', 'A', 'Nhóm A') },
  ),
  observation('note', 'lan', '10154-3', {}, { valueString: 'Sốt cao' }),
  observation(
    'below',
    'lan',
    '1988-5',
    { effectiveDateTime: '2026' },
    { valueQuantity: { ...quantity(5, 'mg/L'), comparator: '<' } },
  ),
  observation(
    'nobody',
    null,
    '8867-4',
    { effectiveDateTime: '2026-11-22' },
    { valueQuantity: quantity(70, '/min') },
  ),
  observation(
    'dated',
    'minh',
    '3141-9',
    { effectiveDateTime: '2026-11-02' },
    { valueDateTime: '2026-12-24' },
  ),
  {
    resourceType: 'QuestionnaireResponse',
    id: 'qr',
    status: 'completed',
    questionnaire: 'http://yba.vn/q|3',
    subject: { reference: 'Patient/lan' },
    authored: '2026-11-20',
  },
  {
    resourceType: 'RiskAssessment',
    id: 'risk',
    status: 'final',
    subject: { reference: 'Patient/lan' },
    prediction: [{ probabilityDecimal: 0.25 }],
  },
  {
    resourceType: 'DocumentReference',
    id: 'doc',
    status: 'current',
    subject: { identifier: { system: 'http://yba.vn/fhir/sid/cccd', value: '099185000001' } },
    relatesTo: [{ code: 'replaces', target: { reference: 'DocumentReference/old' } }],
    content: [{ attachment: { contentType: 'text/plain', url: 'http://x/1' } }],
  },
  {
    resourceType: 'Task',
    id: 'task',
    status: 'requested',
    intent: 'order',
    focus: { reference: 'Encounter/e1' },
    for: { reference: 'Patient/lan' },
  },
];

export async function loadFixture(store: Store): Promise<void> {
  for (const resources of [people, world, visit, facts]) {
    await store.commit(
      resources.map((resource): Write => ({ op: 'update', resource: resource as Resource })),
      [],
    );
  }
}

/** Every resource of the fixture, for the oracle. */
export const fixture: readonly Record<string, unknown>[] = [
  ...people,
  ...world,
  ...visit,
  ...facts,
] as Record<string, unknown>[];
