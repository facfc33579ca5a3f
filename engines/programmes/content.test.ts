/** Every programme of the content can be carried out. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openContent } from '../../kernel/content/content.ts';
import { datedFiles } from '../../kernel/content/dated.ts';
import type { Patient, PlanDefinition } from '../../kernel/fhir/types.ts';
import { validateResource } from '../../kernel/fhir/validation/index.ts';
import { checkProgramme } from './check.ts';
import { openProgramme } from './content.ts';
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

test('nothing of a person is kept once the programmes have been asked', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const [first] = datedFiles<PlanDefinition>(content, 'programmes');
  const { asker } = openProgramme(first!.value, products, 'content');
  const ask = () => {
    const patient: Patient = { resourceType: 'Patient', id: 'p', birthDate: '1980-05-01' };
    asker.factsOf(patient, [patient], new Date('2026-11-22T09:00:00+07:00'));
    return new WeakRef(patient);
  };
  const patient = ask();
  await setImmediate();
  collect();
  assert.equal(patient.deref(), undefined);
});
