/** Published cases of SQL on FHIR v2, counted: each by itself is a test in engines/views. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { publishedCases } from '../../engines/views/cases.testing.ts';
import { ratchet } from '../ratchet.ts';

const root = join(import.meta.dirname, '../..');
const OURS = join(root, 'engines/views/cases');
const PUBLISHED = join(root, '../shared/conformance/sql-on-fhir-v2');

test('every published case of SQL on FHIR v2 passes, none is left out', (context) => {
  const cases = publishedCases();
  const failed = cases.filter(({ fault }) => fault() !== null).map(({ name }) => name);
  assert.deepEqual(failed, []);
  if (!existsSync(PUBLISHED))
    context.diagnostic(`the folder shared/conformance is not here: ${cases.length} cases of the copy`);
  else
    for (const name of globSync('*.json', { cwd: PUBLISHED }))
      assert.equal(readFileSync(join(OURS, name), 'utf8'), readFileSync(join(PUBLISHED, name), 'utf8'), name);
  ratchet(context, 'SQL on FHIR cases', cases.length);
});
