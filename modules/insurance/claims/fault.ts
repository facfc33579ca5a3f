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
