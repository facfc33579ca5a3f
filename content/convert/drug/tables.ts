/** Reading of the shared tables and of the hand-kept inputs beside this script. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCsv, parseCsv } from '../../../kernel/content/csv.ts';
import { foldText } from '../../../kernel/text/fold.ts';

export type Cells = Record<string, string>;

/** Rows of a CSV file; fails when it is missing. */
export function readTable(...path: string[]): Cells[] {
  return parseCsv(readFileSync(join(...path), 'utf8'));
}

/** Hand-kept input beside the script: names, formulary, limits. */
export function readInput(name: string): Cells[] {
  return readTable(import.meta.dirname, `${name}.csv`);
}

export function writeTable(path: string, columns: string[], rows: Cells[]): void {
  writeFileSync(path, formatCsv(columns, rows));
}

/** `'Acid clavulanic'` → `'acid-clavulanic'`: the stable code of an ingredient is its folded Vietnamese name. */
export function slug(name: string): string {
  return foldText(name).replaceAll(' ', '-');
}
