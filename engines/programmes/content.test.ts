/** Every programme of the content can be carried out. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openContent } from '../../kernel/content/content.ts';
import { datedFiles } from '../../kernel/content/dated.ts';
import type { PlanDefinition } from '../../kernel/fhir/types.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';
import { checkProgramme } from './check.ts';
import { productsOf } from './products.ts';

const content = openContent(join(import.meta.dirname, '../../content'));
const products = productsOf(content.table('vaccines/products'));

for (const { file, from, value } of datedFiles<PlanDefinition>(content, 'programmes')) {
  test(`${file} is valid by R4 and can be carried out`, () => {
    assert.deepEqual(validateResource({ ...value, id: 'x' }), []);
    assert.deepEqual(checkProgramme(value, products), []);
    assert.equal(value.version, from);
  });
}
