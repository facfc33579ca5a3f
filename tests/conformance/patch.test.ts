/** Published cases of JSON Patch (RFC 6902), counted: each by itself is a test in kernel/fhir/patch. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../kernel/failure.ts';
import { applyJsonPatch } from '../../kernel/fhir/patch/json-patch.ts';
import { ratchet } from '../ratchet.ts';

interface Case {
  comment: string;
  doc: unknown;
  patch: unknown;
  expected?: unknown;
  error?: string;
}

const root = join(import.meta.dirname, '../..');
const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const { cases } = readJson(join(root, 'kernel/fhir/patch/cases/json-patch-tests.json')) as { cases: Case[] };
const PUBLISHED = join(root, '../shared/conformance/patch/json-patch-tests.json');

function passes({ doc, patch, expected, error }: Case): boolean {
  try {
    assert.deepEqual(applyJsonPatch(structuredClone(doc), patch), expected);
    return error === undefined;
  } catch (thrown) {
    return error !== undefined && thrown instanceof Failure;
  }
}

test('every published case of JSON Patch passes, none is left out', (context) => {
  const failed = cases.filter((one) => !passes(one)).map(({ comment }) => comment);
  assert.deepEqual(failed, []);
  if (existsSync(PUBLISHED)) assert.deepEqual(cases, readJson(PUBLISHED));
  else context.diagnostic(`the folder shared/conformance is not here: ${cases.length} cases of the copy`);
  ratchet(context, 'JSON Patch cases', cases.length);
});
