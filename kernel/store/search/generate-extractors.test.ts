import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { resourceTypeNames } from '../../fhir/definitions/index.ts';
import { extractorSource } from './generate-extractors.ts';
import { baseParametersOf } from './parameters.ts';

const FOLDER = join(import.meta.dirname, 'generated');

test('the committed extractors are what the generator makes of the definitions of R4, one for each type', () => {
  assert.deepEqual(
    readdirSync(FOLDER).sort(),
    resourceTypeNames.map((type) => `${type}.gen.ts`),
  );
  for (const type of resourceTypeNames) {
    const file = join(FOLDER, `${type}.gen.ts`);
    assert.equal(readFileSync(file, 'utf8'), extractorSource(type), `${type}: run generate-extractors.ts`);
  }
});

test('every parameter that has entries of its own is named in the extractor of its type', () => {
  const elsewhere = new Set(['union', 'contact', 'carried']);
  for (const type of resourceTypeNames) {
    const source = extractorSource(type);
    for (const { code, storage } of baseParametersOf(type).values()) {
      if (!elsewhere.has(storage)) assert.ok(source.includes(`'${code}')`), `${type}.${code}`);
    }
  }
});
