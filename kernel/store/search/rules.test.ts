import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { resourceTypeNames } from '../../fhir/definitions/index.ts';
import type { Resource } from '../../fhir/types.ts';
import { randomFrom, randomResource } from '../../fhir/validation/random.testing.ts';
import { extractIndexes } from './extract.ts';
import { CONTAINED_RULE, ELSEWHERE_RULE, RULES } from './rules.ts';

/** What `extractIndexes` made of the resources below when RULES was last raised. */
const MADE = { rules: '13111212112', digest: 'jKkQBirHCTbzTAwqG2Gb' };

/** References of random resources lead nowhere. */
const CONTAINING = {
  resourceType: 'MedicationRequest',
  id: 'holds-its-medicine',
  contained: [
    {
      resourceType: 'Medication',
      id: 'm',
      code: { coding: [{ system: 'http://example.org/m', code: 'a' }] },
    },
  ],
  status: 'active',
  intent: 'order',
  medicationReference: { reference: '#m' },
  subject: { reference: 'Patient/an' },
} as unknown as Resource;

function digestOfRows(): string {
  const hash = createHash('sha256');
  for (const type of resourceTypeNames) {
    const random = [11, 12, 13].map(
      (seed) => randomResource(type, randomFrom(seed), 0.9) as unknown as Resource,
    );
    for (const resource of type === CONTAINING.resourceType ? [...random, CONTAINING] : random) {
      const { tok, ord, str, codes, ...columns } = extractIndexes(resource);
      // The order of entries says nothing.
      const entries = [
        tok.map(String),
        ord.map(({ p, lo, hi }) => `${p} ${lo} ${hi}`),
        str.map(({ p, s }) => `${p} ${s}`),
      ];
      hash.update(
        JSON.stringify([type, entries.map((list) => list.sort()), codes.map(({ h }) => String(h)).sort()]),
      );
      hash.update(
        JSON.stringify(columns, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
      );
    }
  }
  return hash.digest('base64url').slice(0, 20);
}

test('rows look as they did when RULES was last raised: otherwise databases in use would silently find less', () => {
  const made = {
    rules: [...Object.values(RULES), ELSEWHERE_RULE, CONTAINED_RULE].join(''),
    digest: digestOfRows(),
  };
  assert.deepEqual(
    made,
    MADE,
    'extractIndexes gives other rows than before. Raise the number of each kind of parameter concerned in rules.ts ' +
      '(unless only random.testing.ts or the definitions changed), then write these values into MADE.',
  );
});
