import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Resource } from '../../../kernel/fhir/types.ts';
import { validateResource } from '../../../kernel/fhir/validation/index.ts';
import { changeOf } from './provenance.ts';
import { isTakenBack, takenBack } from './retract.ts';

const code = { coding: [{ system: 'http://loinc.org', code: '8310-5' }] };
const subject = { reference: 'Patient/p' } as const;
const meta = { versionId: '3' };

const FACTS: readonly (readonly [Resource, object])[] = [
  [
    { resourceType: 'Observation', id: 'o', meta, status: 'final', code, subject },
    { status: 'entered-in-error' },
  ],
  [
    {
      resourceType: 'Condition',
      id: 'c',
      meta,
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
      },
      code,
      subject,
    },
    {
      verificationStatus: {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status',
            code: 'entered-in-error',
          },
        ],
      },
    },
  ],
  [{ resourceType: 'RelatedPerson', id: 'r', meta, active: true, patient: subject }, { active: false }],
];

test('a fact is taken back by the status that its type has for it, of the version that was read', () => {
  for (const [resource, said] of FACTS) {
    assert.equal(isTakenBack(resource), false);
    const entry = takenBack(resource);
    assert.deepEqual(entry.request, {
      method: 'PUT',
      url: `${resource.resourceType}/${resource.id}`,
      ifMatch: 'W/"3"',
    });
    assert.partialDeepStrictEqual(entry.resource, said);
    assert.equal(isTakenBack(entry.resource!), true);
    // con-5: no clinical status beside it.
    assert.ok(!('clinicalStatus' in entry.resource!));
    assert.deepEqual(
      validateResource(entry.resource!).filter(({ severity }) => severity === 'error'),
      [],
    );
  }
});

test('of a type that cannot say so the resource is deleted', () => {
  const deleted = takenBack({ resourceType: 'Basic', id: 'b', meta, code, subject } as Resource);
  assert.deepEqual(deleted, { request: { method: 'DELETE', url: 'Basic/b', ifMatch: 'W/"3"' } });
});

test('a Provenance names what was updated, another what was taken back, with the version that they came of', () => {
  const [[observation]] = FACTS as [[Resource, object]];
  const response = {
    resourceType: 'QuestionnaireResponse',
    id: 'q',
    meta: { versionId: '1' },
    status: 'amended',
    authored: '2026-07-01T08:00:00+07:00',
    author: { reference: 'Practitioner/d' },
    subject,
  } as const;
  const update = { resource: observation, request: { method: 'PUT', url: 'Observation/o' } } as const;
  const made = changeOf(response, [update, takenBack({ ...observation, id: 'x' } as Resource)], 'x');
  assert.deepEqual(
    made.map(({ resource }) => {
      const { activity, target, agent, entity } = resource as Extract<
        Resource,
        { resourceType: 'Provenance' }
      >;
      return [
        activity!.coding![0]!.code,
        target.map(({ reference }) => reference),
        agent[0]!.who.reference,
        entity![0]!.what.reference,
      ];
    }),
    [
      [
        'UPDATE',
        ['QuestionnaireResponse/q', 'Observation/o', 'Patient/p'],
        'Practitioner/d',
        'QuestionnaireResponse/q/_history/1',
      ],
      [
        'NULLIFY',
        ['QuestionnaireResponse/q', 'Observation/x', 'Patient/p'],
        'Practitioner/d',
        'QuestionnaireResponse/q/_history/1',
      ],
    ],
  );
  assert.deepEqual(changeOf(response, [], 'x'), []);
});
