/**
 * The pre-audit of a visit: every fault of its tables, in Vietnamese, with the field and what to do. Driven by the field
 * table of the release and by `content/insurance/check-rules.csv`; pure.
 */
import type { Content } from '../../../kernel/content/content.ts';
import { fieldFaults } from './check-fields.ts';
import { ruleFaults } from './check-rules.ts';
import type { ClaimTables } from './condition.ts';
import type { Fault } from './fault.ts';
import type { Release } from './release.ts';

/** Errors first, then warnings, each in the order of tables, rows and fields. */
export function checkClaim(tables: ClaimTables, release: Release, content: Content): Fault[] {
  const faults = [...fieldFaults(tables, release, content), ...ruleFaults(tables, release, content)];
  const place = (fault: Fault) => release.tables.findIndex((table) => table.name === fault.table);
  const weight = (fault: Fault) => (fault.severity === 'error' ? 0 : 1);
  return faults.sort((a, b) => weight(a) - weight(b) || place(a) - place(b) || (a.row ?? 0) - (b.row ?? 0));
}
