import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJson } from '../json/read.ts';
import { faults, type Json, observation, patient } from './faults.testing.ts';
import { validateResource } from './index.ts';

test('a valid resource has no issues', () => {
  assert.deepEqual(faults(patient), []);
  assert.deepEqual(faults(observation), []);
});

test('every issue says in Vietnamese and in English what is wrong and what would be right', () => {
  const [issue] = validateResource({ ...patient, gender: 'nam' });
  assert.equal(issue?.severity, 'error');
  assert.match(issue?.text ?? '', /Mã "nam" không có.*male, female, other, unknown/);
  assert.match(issue?.textEn ?? '', /"nam" is not in the required value set/);
  const [mistyped] = validateResource({ ...patient, gendr: 'male' });
  assert.match(mistyped?.text ?? '', /có phải "gender"/);
});

const cases: [name: string, resource: unknown, expected: string[]][] = [
  ['not an object', null, ['structure ']],
  ['an array', [patient], ['structure ']],
  ['no resourceType', {}, ['required Resource.resourceType']],
  ['an unknown resourceType', { resourceType: 'Pacient' }, ['value Resource.resourceType']],
  ['a type of another release', { resourceType: 'SubscriptionStatus' }, ['value Resource.resourceType']],
  ['an unknown element', { ...patient, gendr: 'x' }, ['structure Patient.gendr']],
  [
    'an unknown nested element',
    { ...patient, name: [{ first: 'x' }] },
    ['structure Patient.name[0].first', 'invariant Patient.name[0]'],
  ],
  [
    'an element of another product',
    { ...patient, meta: { project: 'x' } },
    ['structure Patient.meta.project', 'invariant Patient.meta'],
  ],
  ['an object where an array belongs', { ...patient, name: { family: 'x' } }, ['structure Patient.name']],
  ['an array where one value belongs', { ...patient, gender: ['male'] }, ['structure Patient.gender']],
  [
    'an array where one object belongs',
    { ...patient, maritalStatus: [{ text: 'x' }] },
    ['structure Patient.maritalStatus'],
  ],
  ['a string for a boolean', { ...patient, active: 'true' }, ['value Patient.active']],
  ['a number for a string', { ...patient, name: [{ family: 5 }] }, ['value Patient.name[0].family']],
  [
    'a string for a decimal',
    { ...observation, valueQuantity: { value: '80' } },
    ['value Observation.valueQuantity.value'],
  ],
  ['a null', { ...patient, gender: null }, ['structure Patient.gender']],
  ['an empty string', { ...patient, name: [{ family: '' }] }, ['value Patient.name[0].family']],
  ['a string of blanks', { ...patient, name: [{ family: '  ' }] }, ['value Patient.name[0].family']],
  ['a control character', { ...patient, name: [{ family: 'a\u0000b' }] }, ['value Patient.name[0].family']],
  ['an empty array', { ...patient, name: [] }, ['structure Patient.name']],
  ['an empty object (ele-1)', { ...patient, maritalStatus: {} }, ['invariant Patient.maritalStatus']],
  [
    'an object with an id only (ele-1)',
    { ...patient, maritalStatus: { id: 'a' } },
    ['invariant Patient.maritalStatus'],
  ],
  ['a missing required element', { ...observation, status: undefined }, ['required Observation.status']],
  [
    'a missing required choice',
    {
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      subject: { reference: 'Patient/p1' },
    },
    ['required MedicationRequest.medication'],
  ],
  [
    'two types of one choice',
    { ...patient, deceasedBoolean: true, deceasedDateTime: '2020' },
    ['structure Patient.deceased'],
  ],
  [
    'a choice of a type it does not have',
    { ...patient, deceasedString: 'x' },
    ['structure Patient.deceasedString'],
  ],
  ['30 February', { ...patient, birthDate: '2026-02-30' }, ['value Patient.birthDate']],
  ['29 February of a year without it', { ...patient, birthDate: '2026-02-29' }, ['value Patient.birthDate']],
  [
    '31 April',
    { ...observation, effectiveDateTime: '2026-04-31T08:00:00Z' },
    ['value Observation.effectiveDateTime'],
  ],
  ['month 13', { ...patient, birthDate: '2026-13' }, ['value Patient.birthDate']],
  ['a date in the Vietnamese order', { ...patient, birthDate: '07/02/1985' }, ['value Patient.birthDate']],
  [
    'a time without a zone',
    { ...observation, effectiveDateTime: '2026-11-22T08:00:00' },
    ['value Observation.effectiveDateTime'],
  ],
  [
    'a time without seconds',
    { ...observation, effectiveDateTime: '2026-11-22T08:00+07:00' },
    ['value Observation.effectiveDateTime'],
  ],
  [
    'hour 25',
    { ...observation, effectiveDateTime: '2026-11-22T25:00:00Z' },
    ['value Observation.effectiveDateTime'],
  ],
  ['an instant that is a date', { ...observation, issued: '2026-11-22' }, ['value Observation.issued']],
  ['an id with a blank', { ...patient, id: 'a b' }, ['value Patient.id']],
  ['an id of 65 characters', { ...patient, id: 'a'.repeat(65) }, ['value Patient.id']],
  ['a uri with a blank', { ...patient, implicitRules: 'http://a b' }, ['value Patient.implicitRules']],
  ['a code with two blanks', { ...patient, language: 'vi  VN' }, ['value Patient.language']],
  [
    'a fraction for an integer',
    { ...patient, multipleBirthInteger: 1.5 },
    ['value Patient.multipleBirthInteger'],
  ],
  [
    'a zero for a positiveInt',
    { ...patient, telecom: [{ system: 'phone', value: '1', rank: 0 }] },
    ['value Patient.telecom[0].rank'],
  ],
  ['bad base64', { resourceType: 'Binary', contentType: 'text/plain', data: 'a*b' }, ['value Binary.data']],
  ['a code outside a required set', { ...patient, gender: 'nam' }, ['code-invalid Patient.gender']],
  [
    'a concept outside a required set',
    {
      resourceType: 'Condition',
      subject: { reference: 'Patient/p1' },
      clinicalStatus: { coding: [{ system: 'http://x', code: 'active' }] },
    },
    ['code-invalid Condition.clinicalStatus.coding'],
  ],
  [
    'a reference to a type that is not allowed',
    { ...observation, subject: { reference: 'Encounter/1' } },
    ['value Observation.subject.reference'],
  ],
  [
    'a reference to an unknown type',
    { ...observation, subject: { reference: 'Pacient/1' } },
    ['value Observation.subject.reference'],
  ],
  [
    'a reference that is none',
    { ...observation, subject: { reference: 'Nguyễn Văn A' } },
    ['value Observation.subject.reference'],
  ],
  [
    'a reference by search outside a Bundle',
    { ...observation, subject: { reference: 'Patient?identifier=1' } },
    ['value Observation.subject.reference'],
  ],
  [
    'a local reference to nothing (ref-1)',
    { ...patient, managingOrganization: { reference: '#o' } },
    ['invariant Patient.managingOrganization.reference'],
  ],
  [
    'a script in the narrative (txt-1)',
    {
      ...patient,
      text: {
        status: 'generated',
        div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>',
      },
    },
    ['invariant Patient.text'],
  ],
  [
    'a narrative that is no string',
    { ...patient, text: { status: 'generated', div: { p: 'x' } } },
    ['structure Patient.text.div'],
  ],
  [
    'an empty narrative (txt-2)',
    { ...patient, text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"> </div>' } },
    ['invariant Patient.text'],
  ],
  [
    'an extension with value and extensions (ext-1)',
    {
      ...patient,
      extension: [{ url: 'http://x', valueString: 'a', extension: [{ url: 'b', valueString: 'c' }] }],
    },
    ['invariant Patient.extension[0]'],
  ],
  [
    'an extension with neither (ext-1)',
    { ...patient, extension: [{ url: 'http://x' }] },
    ['invariant Patient.extension[0]'],
  ],
  [
    'an extension without a url',
    { ...patient, extension: [{ valueString: 'a' }] },
    ['required Patient.extension[0].url'],
  ],
  [
    'a contained resource nobody refers to (dom-3)',
    { ...patient, contained: [{ resourceType: 'Organization', id: 'o', name: 'x' }] },
    ['invariant Patient.contained[0]'],
  ],
  [
    'a contained resource with a version (dom-4)',
    {
      ...patient,
      managingOrganization: { reference: '#o' },
      contained: [{ resourceType: 'Organization', id: 'o', name: 'x', meta: { versionId: '1' } }],
    },
    ['invariant Patient.contained[0]'],
  ],
  [
    'a contained resource in a contained one (dom-2)',
    {
      ...patient,
      managingOrganization: { reference: '#o' },
      contained: [
        {
          resourceType: 'Organization',
          id: 'o',
          name: 'x',
          partOf: { reference: '#i' },
          contained: [{ resourceType: 'Organization', id: 'i', name: 'y' }],
        },
      ],
    },
    ['invariant Patient.contained[0].partOf.reference', 'invariant Patient.contained[0].contained'],
  ],
  [
    'a fault in a contained resource',
    {
      ...patient,
      managingOrganization: { reference: '#o' },
      contained: [{ resourceType: 'Organization', id: 'o', name: 5 }],
    },
    ['value Patient.contained[0].name'],
  ],
  [
    'a period that ends before it starts (per-1)',
    { ...patient, name: [{ family: 'x', period: { start: '2026-02-01', end: '2026-01-01' } }] },
    ['invariant Patient.name[0].period'],
  ],
  [
    'a quantity with a code without a system (qty-3)',
    { ...observation, valueQuantity: { value: 1, code: 'mg' } },
    ['invariant Observation.valueQuantity'],
  ],
  [
    'a value beside dataAbsentReason (obs-6)',
    { ...observation, dataAbsentReason: { text: 'x' } },
    ['invariant Observation'],
  ],
  [
    'a component with the code of the observation (obs-7)',
    { ...observation, component: [{ code: observation.code, valueString: 'x' }] },
    ['invariant Observation'],
  ],
  [
    'a contact with nothing to reach it by (pat-1)',
    { ...patient, contact: [{ gender: 'male' }] },
    ['invariant Patient.contact[0]'],
  ],
  [
    'a comparator in a SimpleQuantity (sqty-1)',
    { ...observation, referenceRange: [{ low: { value: 1, comparator: '<' } }] },
    ['structure Observation.referenceRange[0].low.comparator'],
  ],
  [
    'a profiled quantity under its profile name',
    {
      resourceType: 'MedicationAdministration',
      status: 'completed',
      subject: { reference: 'Patient/p1' },
      medicationCodeableConcept: { text: 'x' },
      effectiveDateTime: '2026',
      dosage: { rateSimpleQuantity: { value: 1 } },
    },
    [
      'structure MedicationAdministration.dosage.rateSimpleQuantity',
      'invariant MedicationAdministration.dosage',
    ],
  ],
];

for (const [name, resource, expected] of cases) {
  test(`refused: ${name}`, () => {
    assert.deepEqual(
      faults(resource).filter((fault, i) => i < expected.length || !fault.startsWith('invariant')),
      expected,
    );
  });
}

test('a fault in an entry of a Bundle has the place of the entry', () => {
  const bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource: patient }, { resource: { ...patient, gender: 'x' } }],
  };
  assert.deepEqual(faults(bundle), ['code-invalid Bundle.entry[1].resource.gender']);
});

test('nonsense of any depth or length is answered, not thrown on', () => {
  let deep: Json = { url: 'http://x', valueString: 'a' };
  for (let i = 0; i < 20_000; i++) deep = { url: 'http://x', extension: [deep] };
  assert.ok(faults({ ...patient, extension: [deep] }).length > 0);
  const many = validateResource({ ...patient, name: Array.from({ length: 5000 }, () => ({ x: 1 })) });
  assert.equal(many.length, 100);
  assert.ok(faults(JSON.parse('{"resourceType":"Patient","__proto__":{"a":1},"constructor":1}')).length > 0);
});

test('a no-break space is no white space of a code (XSD); a narrative may be longer than a string', () => {
  const system = (code: string, div = '<div>x</div>') => ({
    resourceType: 'CodeSystem',
    status: 'active',
    content: 'complete',
    text: { status: 'generated', div },
    concept: [{ code }],
  });
  assert.deepEqual(validateResource(system('CHEST\u00a0')), []);
  for (const code of ['a ', ' a', 'a  b', 'a\tb'])
    assert.equal(validateResource(system(code))[0]?.expression, 'CodeSystem.concept[0].code', code);
  const long = 'x'.repeat(1024 * 1024 + 1);
  assert.deepEqual(validateResource(system('a', `<div>${long}</div>`)), []);
  assert.equal(
    validateResource({ ...patient, name: [{ family: long }] })[0]?.expression,
    'Patient.name[0].family',
  );
});

test('a whole number is written as one: 1.0 and 1e0 are decimals', () => {
  const at = (written: string) =>
    faults(readJson(Buffer.from(`{"resourceType":"Patient","multipleBirthInteger":${written}}`)));
  for (const written of ['1.0', '1e0', '10E-1'])
    assert.deepEqual(at(written), ['value Patient.multipleBirthInteger'], written);
  for (const written of ['1', '0', '-3']) assert.deepEqual(at(written), [], written);
});
