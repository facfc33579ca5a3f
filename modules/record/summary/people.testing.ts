/** People whose records test a summary: of every kind of entry some that have all elements, and some that lack what IPS wants. */
import type { Resource } from '../../../kernel/fhir/types.ts';

/** A small generator of equal numbers for equal seeds (mulberry32). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const clinical = (kind: string, code: string) => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${kind}`, code }],
});
const named = (text: string) => ({ coding: [{ system: 'urn:ma', code: text.slice(0, 2) }], text });

/** What belongs to nobody. */
export const SHARED: Resource[] = [
  { resourceType: 'Organization', id: 'ips-tram', name: 'Trạm y tế' },
  { resourceType: 'Organization', id: 'ips-khong-ten', identifier: [{ system: 'urn:cs', value: '1' }] },
  { resourceType: 'Practitioner', id: 'ips-bs', name: [{ family: 'An' }] },
  { resourceType: 'Practitioner', id: 'ips-khong-ten' },
  {
    resourceType: 'PractitionerRole',
    id: 'ips-vai',
    practitioner: { reference: 'Practitioner/ips-bs' },
    organization: { reference: 'Organization/ips-tram' },
  },
  { resourceType: 'Medication', id: 'ips-thuoc', code: { text: 'Insulin' } },
  { resourceType: 'Medication', id: 'ips-khong-ma' },
  { resourceType: 'Device', id: 'ips-may', deviceName: [{ name: 'Máy trợ tim', type: 'other' }] },
];

/** Person number n with a record that the seed decides: the first three have nothing, only a death, and no birth date. */
export function lifeOf(n: number): Resource[] {
  const id = `ips-${n}`;
  const random = randomOf(n + 1);
  const some = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const maybe = (more: object): object => (random(2) === 0 ? more : {});
  const subject = { reference: `Patient/${id}` };
  const day = () => `20${String(10 + random(16))}-0${1 + random(9)}-1${random(9)}`;
  const performer = () => [
    { reference: some(['Practitioner/ips-bs', 'PractitionerRole/ips-vai', 'Practitioner/ips-khong-ten']) },
  ];
  const encounter = { encounter: { reference: `Encounter/${id}-kham` } };
  const patient = {
    resourceType: 'Patient',
    id,
    ...(n === 0
      ? {}
      : { name: [{ text: `Người <${n}> & "bạn"` }, ...(random(3) === 0 ? [{ use: 'old' }] : [])] }),
    ...(n % 5 === 2 ? {} : { birthDate: some(['1950', '1980-02', '2001-02-28']) }),
    ...(n % 4 === 1 && { deceasedDateTime: '2025-06-01T10:00:00+07:00' }),
    ...maybe({
      managingOrganization: { reference: some(['Organization/ips-tram', 'Organization/ips-khong-ten']) },
    }),
    ...maybe({ generalPractitioner: [{ reference: 'Practitioner/ips-bs' }] }),
    ...maybe({ link: [{ other: { reference: 'Patient/ips-0' }, type: 'seealso' }] }),
  };
  const visit = {
    resourceType: 'Encounter',
    id: `${id}-kham`,
    status: 'finished',
    class: { code: 'AMB' },
    subject,
  };
  const kinds: ((at: string) => object)[] = [
    (at) => ({
      resourceType: 'Condition',
      id: at,
      subject,
      ...maybe({ code: named(some(['Tăng huyết áp', 'Đái tháo đường', 'Viêm họng'])) }),
      clinicalStatus: clinical('condition-clinical', some(['active', 'resolved', 'inactive', 'relapse'])),
      ...maybe({
        recordedDate: day(),
        ...encounter,
        recorder: { reference: 'Practitioner/ips-bs/_history/1' },
      }),
    }),
    (at) => ({
      resourceType: 'AllergyIntolerance',
      id: at,
      patient: subject,
      ...maybe({ code: named(some(['Penicillin', 'Tôm'])) }),
      clinicalStatus: clinical('allergyintolerance-clinical', some(['active', 'resolved'])),
      verificationStatus: clinical('allergyintolerance-verification', some(['confirmed', 'unconfirmed'])),
      ...maybe({ reaction: [{ manifestation: [{ text: 'Phát ban' }], severity: 'severe' }] }),
    }),
    (at) => ({
      resourceType: 'MedicationStatement',
      id: at,
      subject,
      status: some(['active', 'completed', 'entered-in-error']),
      ...(random(2) === 0
        ? { medicationReference: { reference: some(['Medication/ips-thuoc', 'Medication/ips-khong-ma']) } }
        : { medicationCodeableConcept: named('Metformin 500 mg') }),
      ...maybe({ effectivePeriod: { start: day() } }),
      ...maybe({ dosage: [{ text: 'Sáng 1 viên', route: { text: 'Uống' } }] }),
    }),
    (at) => ({
      resourceType: 'MedicationRequest',
      id: at,
      subject,
      status: some(['active', 'on-hold', 'stopped']),
      intent: 'order',
      medicationCodeableConcept: named(some(['Amlodipin 5 mg', 'Aspirin 81 mg'])),
      ...maybe({ doNotPerform: true }),
      ...maybe({ ...encounter, requester: { reference: 'PractitionerRole/ips-vai' } }),
      ...maybe({
        dosageInstruction: [
          { text: 'Tối 1 viên', timing: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } } },
        ],
      }),
    }),
    (at) => ({
      resourceType: 'Immunization',
      id: at,
      patient: subject,
      status: 'completed',
      vaccineCode: named('Sởi'),
      ...(random(2) === 0 ? { occurrenceDateTime: day() } : { occurrenceString: 'lúc còn nhỏ' }),
      ...maybe({ performer: [{ actor: performer()[0] }], protocolApplied: [{ doseNumberPositiveInt: 1 }] }),
    }),
    (at) => ({
      resourceType: 'Procedure',
      id: at,
      subject,
      status: some(['completed', 'in-progress']),
      ...maybe({ code: named('Cắt ruột thừa') }),
      ...maybe({ performedDateTime: day(), performer: [{ actor: performer()[0] }] }),
    }),
    (at) => ({
      resourceType: 'Observation',
      id: at,
      subject,
      status: some(['final', 'amended', 'entered-in-error']),
      category: [
        clinical('observation-category', some(['laboratory', 'vital-signs', 'imaging', 'social-history'])),
      ],
      code: some([
        named('Glucose'),
        { coding: [{ system: 'http://loinc.org', code: '82810-3' }] },
        named('Khói thuốc'),
      ]),
      ...some([
        {},
        { effectiveDateTime: day() },
        { effectiveInstant: `${day()}T08:00:00+07:00` },
        { effectivePeriod: { start: day() } },
        { effectiveTiming: { event: [`${day()}T08:00:00+07:00`] } },
      ]),
      ...some([
        {},
        { valueQuantity: { value: 5.5, unit: 'mmol/L' } },
        {
          component: [
            { code: named('Tâm thu'), valueQuantity: { value: 120 } },
            { code: named('Tâm trương') },
          ],
        },
        { valueString: 'Âm tính' },
      ]),
      ...maybe({ performer: performer(), ...encounter, device: { reference: 'Device/ips-may' } }),
    }),
    (at) => ({
      resourceType: 'DiagnosticReport',
      id: at,
      subject,
      status: some(['final', 'preliminary']),
      code: named('Công thức máu'),
      ...maybe({ effectiveDateTime: day() }),
      ...maybe({
        result: [{ reference: `Observation/${id}-thanh-phan` }],
        specimen: [{ reference: `Specimen/${id}-mau` }],
      }),
    }),
    (at) => ({
      resourceType: 'DeviceUseStatement',
      id: at,
      subject,
      status: 'active',
      device: { reference: 'Device/ips-may' },
      ...maybe({ timingDateTime: day() }),
    }),
    (at) => ({
      resourceType: 'Flag',
      id: at,
      subject,
      status: some(['active', 'inactive']),
      code: named('Dễ ngã'),
    }),
    (at) => ({
      resourceType: 'CarePlan',
      id: at,
      subject,
      status: 'active',
      intent: 'plan',
      ...maybe({ activity: [{ reference: { reference: `ServiceRequest/khong-kem` } }] }),
    }),
  ];
  const parts = [
    { resourceType: 'Specimen', id: `${id}-mau`, subject },
    {
      resourceType: 'Observation',
      id: `${id}-thanh-phan`,
      status: 'final',
      subject,
      code: named('Hồng cầu'),
      specimen: { reference: `Specimen/${id}-mau` },
      valueQuantity: { value: 4.5 },
    },
  ];
  const count = n < 3 ? 0 : 4 + random(26);
  const entries = Array.from({ length: count }, (_, k) => some(kinds)(`${id}-${k}`));
  return [patient, visit, ...parts, ...entries] as unknown as Resource[];
}
