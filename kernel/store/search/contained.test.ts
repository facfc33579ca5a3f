/** Chains that lead into contained resources (R4 search.html#contained: "a chained condition will be evaluated inside contained resources"). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '../../fhir/types.ts';
import type { Store } from '../contract.ts';
import { extractIndexes } from './extract.ts';
import { idsOf, withStored } from './stored.testing.ts';

const LOINC = 'http://loinc.org';
const code = (value: string) => ({ coding: [{ system: LOINC, code: value }] });
const observation = (id: string, more: object) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: code('1-1'),
  ...more,
});
const held = (id: string, family: string, more: object = {}) => ({
  resourceType: 'Patient',
  id,
  name: [{ family, given: ['Văn'] }],
  address: [{ city: 'Huế' }],
  telecom: [{ system: 'phone', value: '0912 345 678' }],
  identifier: [{ system: 'urn:x', value: '7' }],
  birthDate: '1980-02-03',
  ...more,
});

const resources = [
  { resourceType: 'Organization', id: 'tram', name: 'Trạm y tế' },
  { resourceType: 'Patient', id: 'p1', name: [{ family: 'Lê' }], gender: 'female' },
  observation('outside', { subject: { reference: 'Patient/p1' } }),
  observation('inside', {
    contained: [held('c', 'Đinh', { managingOrganization: { reference: 'Organization/tram' } })],
    subject: { reference: '#c' },
  }),
  observation('other', {
    contained: [
      { resourceType: 'Patient', id: 'c', gender: 'male' },
      { resourceType: 'Practitioner', id: 'd', name: [{ family: 'Đinh' }] },
    ],
    subject: { reference: '#c' },
    performer: [{ reference: '#d' }],
  }),
  observation('unused', { subject: { reference: 'Patient/p1' }, contained: [held('z', 'Không')] }),
  observation('series', {
    contained: [
      observation('m', {
        code: code('9-9'),
        valueQuantity: { value: 5, unit: 'g', system: 'http://unitsofmeasure.org', code: 'g' },
      }),
    ],
    hasMember: [{ reference: '#m' }],
  }),
];

const stored = withStored(async (store: Store) => {
  await store.commit(
    resources.map((resource) => ({ op: 'update' as const, resource: resource as never })),
    [],
  );
});

const found: [address: string, ids: string][] = [
  ['Observation?subject.name=dinh', 'inside'],
  ['Observation?subject:Patient.family=Đinh', 'inside'],
  ['Observation?patient.family=dinh', 'inside'],
  ['Observation?performer.name=dinh', 'other'],
  ['Observation?performer:Patient.name=dinh', ''],
  ['Observation?subject:Patient.name:exact=Đinh', 'inside'],
  ['Observation?subject:Patient.name:exact=Dinh', ''],
  ['Observation?subject.address=hue', 'inside'],
  ['Observation?subject.phone=0912345678', 'inside'],
  ['Observation?subject.identifier=urn:x|7', 'inside'],
  ['Observation?patient.birthdate=1980-02', 'inside'],
  ['Observation?patient.birthdate=ge1990', ''],
  ['Observation?patient.gender=male', 'other'],
  ['Observation?patient.gender=male,female', 'other outside unused'],
  ['Observation?patient.gender:missing=true', 'inside'],
  ['Observation?patient.gender:not=female', 'inside other'],
  ['Observation?patient.organization.name=tram', 'inside'],
  ['Observation?patient._id=c', ''],
  ['Observation?subject.name=khong', ''],
  ['Observation?has-member.code=9-9', 'series'],
  ['Observation?has-member:Observation.value-quantity=5||g', 'series'],
  ['Observation?has-member.combo-code=9-9', 'series'],
  ['Observation?has-member.code-value-quantity=9-9$5||g', 'series'],
  ['Observation?_filter=subject:Patient.family eq "dinh"', 'inside'],
  // What lies inside is not what the resource itself says.
  ['Observation?code=9-9', ''],
  ['Observation?value-quantity=5||g', ''],
  ['Patient?name=dinh', ''],
];

const { search } = stored;

for (const [address, ids] of found)
  test(`${address} → ${ids || 'nothing'}`, async () => {
    assert.deepEqual(idsOf(await search(address)).sort(), ids.split(' ').filter(Boolean));
  });

test('a resource that contains none has the rows it had', () => {
  const plain = observation('x', { subject: { reference: 'Patient/p1' } }) as unknown as Resource;
  const empty = { ...plain, contained: [] } as unknown as Resource;
  assert.deepEqual(extractIndexes(empty), extractIndexes(plain));
});

test('holdersOf: which types contain one of a type', async () => {
  assert.deepEqual(await stored.store.holdersOf('Patient'), ['Observation']);
  assert.deepEqual(await stored.store.holdersOf('Device'), []);
});
