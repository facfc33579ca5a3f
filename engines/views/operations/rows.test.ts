/** Views of very many rows hold few of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { Patient, Resource } from '../../../kernel/fhir/types.ts';
import type { ViewDefinition } from '../view-table.ts';
import { rowsOf } from './rows.ts';

const VIEW: ViewDefinition = {
  resourceType: 'ViewDefinition',
  name: 'nhieu_dong',
  resource: 'Patient',
  status: 'active',
  select: [
    { column: [{ name: 'id', path: 'getResourceKey()' }] },
    { forEach: 'name', select: [{ forEach: 'given', column: [{ name: 'given', path: '$this' }] }] },
  ],
} as ViewDefinition;

/** 90,000 rows: a resource may give 100,000. */
const patient: Patient = {
  resourceType: 'Patient',
  id: 'nhieu',
  name: Array.from({ length: 300 }, () => ({ given: Array.from({ length: 300 }, (_, n) => `tên ${n}`) })),
};
const noSession = {} as FhirSession;

setFlagsFromString('--expose-gc');
/** What lies in memory, without what nobody holds any more. */
function heldBytes(): number {
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** The same resource again and again, as a page would hold it. */
const page = (length: number): Resource[] => Array.from({ length }, () => patient);

test('more than ten million rows pass with the rows of one resource in memory', async () => {
  const ask = { resources: page(120), patients: [], groups: [] };
  let rows = 0;
  let most = 0;
  let held = 0;
  let nextLook = 0;
  for await (const some of rowsOf(noSession, VIEW, ask, { most: Number.POSITIVE_INFINITY })) {
    rows += some.rows.length;
    most = Math.max(most, some.rows.length);
    if (rows < nextLook) continue;
    nextLook += 1_000_000;
    held = Math.max(held, heldBytes());
  }
  assert.equal(rows, 120 * 90_000);
  assert.ok(most <= 100_000, `${most} rows at once`);
  assert.ok(held < 100 * 1024 * 1024, `${held} bytes`);
});

test('a limit ends within a resource, however many rows it gives', async () => {
  let rows = 0;
  for await (const some of rowsOf(noSession, VIEW, {
    resources: page(3),
    patients: [],
    groups: [],
    limit: 100_001,
  }))
    rows += some.rows.length;
  assert.equal(rows, 100_001);
});
