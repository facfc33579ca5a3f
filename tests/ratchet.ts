/**
 * Counts of passed cases that only rise: `tests/ratchet.json` holds them. Fewer fail the test that counts; more are told,
 * and written down by `YBA_RATCHET=raise node tests/run.ts <folder>`.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const FILE = join(import.meta.dirname, 'ratchet.json');

export type Counts = Record<string, number>;

/** What becomes of a count: kept, to be raised, or the sentence that fails the test. */
export function judge(counts: Counts, name: string, passed: number): 'kept' | 'higher' | { fault: string } {
  const known = counts[name] ?? 0;
  if (passed === known) return 'kept';
  if (passed > known) return 'higher';
  return { fault: `${name}: ${passed} cases passed, ${known} did before (tests/ratchet.json).` };
}

/** Fails the test when fewer cases passed than the file says. */
export function ratchet(context: TestContext, name: string, passed: number): void {
  const counts = JSON.parse(readFileSync(FILE, 'utf8')) as Counts;
  const verdict = judge(counts, name, passed);
  if (typeof verdict === 'object') assert.fail(verdict.fault);
  if (verdict === 'kept') return;
  if (process.env.YBA_RATCHET === 'raise') {
    const sorted = Object.entries({ ...counts, [name]: passed }).sort(([a], [b]) => (a < b ? -1 : 1));
    writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
  }
  context.diagnostic(
    `${name}: ${passed} cases passed, tests/ratchet.json says ${counts[name] ?? 0}: raise it.`,
  );
}
