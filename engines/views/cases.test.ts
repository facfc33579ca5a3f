import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishedCases } from './cases.testing.ts';

for (const { name, fault } of publishedCases())
  test(`SQL on FHIR v2, ${name}`, () => assert.equal(fault(), null));
