/**
 * The pre-audit of a visit: every fault of its tables, in Vietnamese, with the field and what to do. Driven by the field
 * table of the release and by `content/insurance/check-rules.csv`; pure.
 */
import type { Content } from '../../../kernel/content/content.ts';
import { fieldFaults } from './check-fields.ts';
import { ruleFaults } from './check-rules.ts';
import type { ClaimTables } from './condition.ts';
import type { Release } from './release.ts';

export interface Fault {
  /** Stable: FIELD-REQUIRED, FIELD-TYPE, FIELD-LENGTH, FIELD-FORMAT, FIELD-CODE, TABLE-MISSING or the code of a rule. */
  code: string;
  /** An error is against the standard or the law; a warning is practice, to be looked at. */
  severity: 'error' | 'warning';
  table: string;
  /** 1-based row, null for a table of one row. */
  row: number | null;
  field: string;
  /** Vietnamese name of the field. */
  label: string;
  value: string;
  /** What is wrong and what to do. */
  text: string;
  /** The law or the practice behind it. */
  basis: string;
}

/** Errors first, then warnings, each in the order of tables, rows and fields. */
export function checkClaim(tables: ClaimTables, release: Release, content: Content): Fault[] {
  const faults = [...fieldFaults(tables, release, content), ...ruleFaults(tables, release, content)];
  const place = (fault: Fault) => release.tables.findIndex((table) => table.name === fault.table);
  const weight = (fault: Fault) => (fault.severity === 'error' ? 0 : 1);
  return faults.sort((a, b) => weight(a) - weight(b) || place(a) - place(b) || (a.row ?? 0) - (b.row ?? 0));
}
