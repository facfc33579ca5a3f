/** A grid as a table that a reader of the screen hears right: headings with their scope, a caption, spans. */
import type { Grid, GridCell } from './grid.ts';
import { escaped } from './xml.ts';

/** The table alone, no page around it. */
export function htmlTable(grid: Grid): string {
  const head = grid.head.map((row) => `<tr>${row.map((cell) => headCell(cell)).join('')}</tr>`).join('');
  const body = grid.body.map((row) => `<tr>${row.map(bodyCell).join('')}</tr>`).join('');
  const caption = [grid.title, ...grid.subtitle].map(escaped).join(' · ');
  return `<table><caption>${caption}</caption><thead>${head}</thead><tbody>${body}</tbody></table>`;
}

function headCell(cell: GridCell): string {
  return `<th scope="${cell.across > 1 ? 'colgroup' : 'col'}"${spans(cell)}>${escaped(cell.text)}</th>`;
}

function bodyCell(cell: GridCell): string {
  if (cell.kind === 'row-title')
    return `<th scope="row" data-depth="${cell.depth ?? 0}"${spans(cell)}>${escaped(cell.text)}</th>`;
  const of = cell.cell === undefined ? '' : ` data-cell="${escaped(cell.cell)}"`;
  return `<td data-kind="${cell.kind}"${of}${spans(cell)}>${escaped(cell.text)}</td>`;
}

function spans({ across, down }: GridCell): string {
  return `${across > 1 ? ` colspan="${across}"` : ''}${down > 1 ? ` rowspan="${down}"` : ''}`;
}
