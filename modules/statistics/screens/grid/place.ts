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

/** A quote that is part of the text (`5" x 3`) opens nothing. */
const QUOTED = /^"(?:[^"]|"")*"$/;

/** What a spreadsheet puts on the clipboard: tabs between cells, quotes around texts with line ends. */
export function cellsOfClipboard(text: string): string[][] {
  const lines: string[][] = [[]];
  const pattern = /("(?:[^"]|"")*"(?=[\t\n\r]|$)|[^\t\n\r]*)(\t|\r\n|\n|\r|$)/gy;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const [whole, cell = '', end = ''] = found;
    lines.at(-1)!.push(QUOTED.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end !== '' && end !== '\t') lines.push([]);
    if (end === '' || whole === '') break;
  }
  // The last line ends with a line end in most programs.
  const last = lines.at(-1)!;
  return lines.length > 1 && last.length <= 1 && (last[0] ?? '') === '' ? lines.slice(0, -1) : lines;
}

/** Where the cells of a clipboard come to stand. What has no place is counted, so that nobody takes it for written. */
export interface Pasted<Cell> {
  cells: { cell: Cell; text: string }[];
  /** Texts that would stand beyond the last row or column. */
  outside: number;
  /** Texts for cells in which nobody writes, other than what stands there. */
  closed: number;
}

/**
 * @param selected a single text fills all of these
 * @param cellAt the cell of a place, whether one writes in it, and whether it holds what a text says
 */
export function pastedAt<Cell>(
  lines: readonly (readonly string[])[],
  at: Place,
  { rows, columns }: Extent,
  selected: readonly Place[],
  cellAt: (place: Place) => { cell: Cell; open: boolean; says: (text: string) => boolean },
): Pasted<Cell> {
  const single = lines.length === 1 && lines[0]!.length === 1 && selected.length > 1;
  const placed = single
    ? selected.map((place) => ({ place, text: lines[0]![0]! }))
    : lines.flatMap((line, down) =>
        line.map((text, across) => ({ place: { row: at.row + down, column: at.column + across }, text })),
      );
  const pasted: Pasted<Cell> = { cells: [], outside: 0, closed: 0 };
  for (const { place, text } of placed) {
    if (place.row >= rows || place.column >= columns) {
      if (text.trim() !== '') pasted.outside += 1;
      continue;
    }
    const { cell, open, says } = cellAt(place);
    if (open) pasted.cells.push({ cell, text });
    else if (text.trim() !== '' && !says(text)) pasted.closed += 1;
  }
  return pasted;
}

/** The same for others to paste. */
export function clipboardOf(cells: readonly (readonly string[])[]): string {
  return cells.map((line) => line.join('\t')).join('\n');
}
