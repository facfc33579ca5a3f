/** What a cell is called: its row and its column. */
import type { SheetAnswer } from '../routes-sheet.ts';

export function titleOf(sheet: SheetAnswer, cell: string): string {
  const [row, column] = cell.split('.');
  const titles = [
    sheet.rows.find(({ code }) => code === row)?.title,
    sheet.columns.find(({ code }) => code === column)?.title,
  ];
  return titles.filter(Boolean).join(' · ');
}
