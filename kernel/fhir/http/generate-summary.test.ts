import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { summarySource } from './generate-summary.ts';

test('the committed elements of _summary=true are what the generator makes of the R4 definitions', () => {
  const committed = readFileSync(new URL('summary.gen.json', import.meta.url), 'utf8');
  assert.equal(committed, summarySource(), 'run generate-summary.ts');
});
