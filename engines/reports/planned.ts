/** What a plan of a form is made of: cells, columns and rows as they stand on the page. */
import type { ReportColumn, ReportRow } from './definition.ts';
import type { Fault, Node } from './expression/node.ts';

export interface CountedCell {
  kind: 'counted';
  cell: string;
  source: string;
  measure: 'rows' | 'persons' | 'sum' | 'average';
  /** What is summed or averaged. */
  of: Node | null;
  /** All must be true: of the row, of the column, of the cell. */
  where: readonly Node[];
}

export type Cell =
  | CountedCell
  | { kind: 'typed'; cell: string; min: number | null; max: number | null }
  | { kind: 'formula'; cell: string; node: Node }
  /** × by the form, or the line of a heading. */
  | { kind: 'none'; cell: string };

export interface PlannedColumn extends ReportColumn {
  /** Titles above it, outermost first. */
  above: readonly string[];
}

export interface PlannedRow extends ReportRow {
  depth: number;
}

export function noCell(cell: string, place: string): Fault {
  return {
    expression: place,
    text: `Biểu không có ô “${cell}”.`,
    textEn: `the form has no cell "${cell}"`,
  };
}

export function usedCode(code: string, place: string): Fault {
  return {
    expression: place,
    text: `Mã “${code}” đã dùng ở trên.`,
    textEn: `code "${code}" is used above already`,
  };
}
