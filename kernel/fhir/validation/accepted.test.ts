/** What looks odd and is valid. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults, observation, patient } from './faults.testing.ts';

const accepted: [name: string, resource: unknown][] = [
  [
    'an extension on a primitive without a value',
    {
      ...patient,
      birthDate: undefined,
      _birthDate: { extension: [{ url: 'http://x', valueCode: 'unknown' }] },
    },
  ],
  [
    'extensions beside a primitive array, null for none',
    {
      ...patient,
      name: [
        { given: ['Thị', null], _given: [null, { extension: [{ url: 'http://x', valueString: 'a' }] }] },
      ],
    },
  ],
  [
    'a required primitive with an extension only',
    { ...observation, status: undefined, _status: { extension: [{ url: 'http://x', valueCode: 'masked' }] } },
  ],
  ['29 February of a leap year', { ...patient, birthDate: '2024-02-29' }],
  ['dates of less precision', { ...patient, birthDate: '1985' }],
  ['an absolute reference', { ...observation, subject: { reference: 'https://example.org/fhir/Patient/1' } }],
  ['a versioned reference', { ...observation, subject: { reference: 'Patient/1/_history/2' } }],
  [
    'a reference by identifier',
    { ...observation, subject: { identifier: { system: 'http://x', value: '1' } } },
  ],
  [
    'a contained resource that is referred to',
    {
      ...patient,
      managingOrganization: { reference: '#o' },
      contained: [{ resourceType: 'Organization', id: 'o', name: 'x' }],
    },
  ],
  [
    'a period within one day of lesser precision',
    { ...patient, name: [{ family: 'x', period: { start: '2026-02-10', end: '2026-02' } }] },
  ],
  [
    'a quantity of a profile under its base name',
    {
      resourceType: 'MedicationAdministration',
      status: 'completed',
      subject: { reference: 'Patient/p1' },
      medicationCodeableConcept: { text: 'x' },
      effectiveDateTime: '2026',
      dosage: { rateQuantity: { value: 1 } },
    },
  ],
  [
    'a content reference to its own parent',
    {
      resourceType: 'Questionnaire',
      status: 'active',
      item: [{ linkId: '1', type: 'group', item: [{ linkId: '1.1', type: 'string' }] }],
    },
  ],
  [
    'a transaction with urn:uuid and a reference by search',
    {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        {
          fullUrl: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520',
          resource: { ...observation, subject: { reference: 'Patient?identifier=x|1' } },
          request: { method: 'POST', url: 'Observation' },
        },
      ],
    },
  ],
];

for (const [name, resource] of accepted) {
  test(`accepted: ${name}`, () => assert.deepEqual(faults(resource), []));
}
