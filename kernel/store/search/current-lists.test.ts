/** Functional lists: `_list=$current-…` (R4 search.html#list). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idsOf, withStored } from './stored.testing.ts';

const state = (kind: string, code: string | undefined) =>
  code === undefined ? {} : { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${kind}`, code }] };

const problem = (id: string, clinical: string | undefined, verification?: string) => ({
  resourceType: 'Condition',
  id,
  subject: { reference: 'Patient/an' },
  ...(clinical ? { clinicalStatus: state('condition-clinical', clinical) } : {}),
  ...(verification ? { verificationStatus: state('condition-ver-status', verification) } : {}),
});

const allergy = (id: string, clinical: string, category: string, more = {}) => ({
  resourceType: 'AllergyIntolerance',
  id,
  patient: { reference: 'Patient/an' },
  clinicalStatus: state('allergyintolerance-clinical', clinical),
  category: [category],
  ...more,
});

const medication = (id: string, status: string) => ({
  resourceType: 'MedicationStatement',
  id,
  status,
  subject: { reference: 'Patient/an' },
});

const resources = [
  { resourceType: 'Patient', id: 'an' },
  problem('now', 'active', 'confirmed'),
  problem('again', 'relapse'),
  problem('unsaid', undefined),
  problem('over', 'resolved', 'confirmed'),
  problem('refuted', 'active', 'refuted'),
  problem('mistake', undefined, 'entered-in-error'),
  allergy('shrimp', 'active', 'food'),
  allergy('penicillin', 'active', 'medication'),
  allergy('once', 'resolved', 'medication'),
  medication('taken', 'active'),
  medication('done', 'completed'),
];

const { search } = withStored(async (store) => {
  await store.commit(
    resources.map((resource) => ({ op: 'update' as const, resource: resource as never })),
    [],
  );
});

const CASES: [address: string, found: string][] = [
  ['Condition?patient=an&_list=$current-problems', 'again now unsaid'],
  ['Condition?patient=nobody&_list=$current-problems', ''],
  ['AllergyIntolerance?patient=an&_list=$current-allergies', 'penicillin shrimp'],
  ['AllergyIntolerance?patient=an&_list=$current-drug-allergies', 'penicillin'],
  ['AllergyIntolerance?_list=$current-allergies&category=food', 'shrimp'],
  ['MedicationStatement?patient=an&_list=$current-medications', 'taken'],
  ['Patient?_has:Condition:patient:_list=$current-problems', 'an'],
];

test('a current list holds what is current by its own state', async () => {
  for (const [address, expected] of CASES) {
    assert.equal(
      idsOf(await search(address))
        .sort()
        .join(' '),
      expected,
      address,
    );
    const { total } = await search(`${address}&_summary=count`);
    assert.equal(total, expected.split(' ').filter(Boolean).length, `${address} counted`);
  }
});
