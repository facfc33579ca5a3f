/** Where one stands in a grid, and what a spreadsheet's clipboard holds. Pure. */
export interface Place {
  row: number;
  column: number;
}

export interface Extent {
  rows: number;
  columns: number;
}

/** The place that a key leads to; null when the key moves nothing. */
export function movedBy(key: string, at: Place, { rows, columns }: Extent, page = 10): Place | null {
  const row = (to: number) => ({ ...at, row: Math.min(rows - 1, Math.max(0, to)) });
  const column = (to: number) => ({ ...at, column: Math.min(columns - 1, Math.max(0, to)) });
  switch (key) {
    case 'ArrowUp':
      return row(at.row - 1);
    case 'ArrowDown':
    case 'Enter':
      return row(at.row + 1);
    case 'ArrowLeft':
      return column(at.column - 1);
    case 'ArrowRight':
      return column(at.column + 1);
    case 'PageUp':
      return row(at.row - page);
    case 'PageDown':
      return row(at.row + page);
    case 'Home':
      return column(0);
    case 'End':
      return column(columns - 1);
    default:
      return null;
  }
}

/** Tab goes on through the lines; null at either end, so that it leaves the grid. */
export function tabbed(at: Place, back: boolean, { rows, columns }: Extent): Place | null {
  const next = at.row * columns + at.column + (back ? -1 : 1);
  if (next < 0 || next >= rows * columns) return null;
  return { row: Math.floor(next / columns), column: next % columns };
}

/** All places between two corners, line by line. */
export function block(a: Place, b: Place): Place[] {
  const [top, bottom] = [Math.min(a.row, b.row), Math.max(a.row, b.row)];
  const [left, right] = [Math.min(a.column, b.column), Math.max(a.column, b.column)];
  const places: Place[] = [];
  for (let row = top; row <= bottom; row += 1)
    for (let column = left; column <= right; column += 1) places.push({ row, column });
  return places;
}

/** What a spreadsheet puts on the clipboard: tabs between cells, quotes around texts with line ends. */
export function cellsOfClipboard(text: string): string[][] {
  const lines: string[][] = [[]];
  const pattern = /("(?:[^"]|"")*"|[^\t\n\r]*)(\t|\r\n|\n|\r|$)/gy;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const [whole, cell = '', end = ''] = found;
    lines.at(-1)!.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end !== '' && end !== '\t') lines.push([]);
    if (end === '' || whole === '') break;
  }
  // The last line ends with a line end in most programs.
  const last = lines.at(-1)!;
  return lines.length > 1 && last.length <= 1 && (last[0] ?? '') === '' ? lines.slice(0, -1) : lines;
}

/** The same for others to paste. */
export function clipboardOf(cells: readonly (readonly string[])[]): string {
  return cells.map((line) => line.join('\t')).join('\n');
}
