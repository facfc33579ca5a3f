/** RFC 4180 reading and writing of the content tables. */

/** Header names become keys; missing trailing cells become ''. A byte-order mark is dropped. */
export function parseCsv(text: string): Record<string, string>[] {
  const [header, ...lines] = parseLines(text);
  if (!header) return [];
  return lines.map((cells) => {
    const row: Record<string, string> = {};
    for (const [index, name] of header.entries()) row[name] = cells[index] ?? '';
    return row;
  });
}

/** Cells line by line, the head first; lines without any are passed over. A byte-order mark is dropped. */
export const parseLines = (text: string): string[][] => parseCells(text.replace(/^\uFEFF/, ''));

/** Rows to text, with LF as our own tables have; a cell is quoted only where RFC 4180 asks for it. */
export function formatCsv(columns: string[], rows: Iterable<Record<string, string>>, end = '\n'): string {
  const lines = [columns.join(',')];
  for (const row of rows) lines.push(columns.map((name) => quote(row[name] ?? '')).join(','));
  return `${lines.join(end)}${end}`;
}

/**
 * The same as it leaves the house: lines end with CRLF (RFC 4180 §2.1), a byte-order mark lets spreadsheets read Vietnamese letters as such,
 * and a text that a spreadsheet would carry out as a formula begins with an apostrophe (OWASP, CSV injection). Numbers stay numbers.
 */
export function spreadsheetCsv(columns: string[], rows: Iterable<Record<string, string>>): string {
  const harmless = function* () {
    for (const row of rows) yield Object.fromEntries(columns.map((name) => [name, asText(row[name] ?? '')]));
  };
  return `\uFEFF${formatCsv(columns, harmless(), '\r\n')}`;
}

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

const asText = (cell: string) =>
  /^[=+\-@\t\r＝＋－＠]/.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;

function quote(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function parseCells(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let at = 0;
  while (at < text.length) {
    const [cell, after] = text[at] === '"' ? quotedCell(text, at + 1) : plainCell(text, at);
    line.push(cell);
    at = after;
    if (text[at] === ',') {
      at += 1;
      if (at === text.length) line.push('');
      continue;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    if (line.length > 1 || line[0] !== '') lines.push(line);
    line = [];
  }
  return lines;
}

function plainCell(text: string, from: number): [string, number] {
  let end = from;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return [text.slice(from, end), end];
}

function quotedCell(text: string, from: number): [string, number] {
  let cell = '';
  let start = from;
  for (;;) {
    const end = text.indexOf('"', start);
    if (end < 0) return [cell + text.slice(start), text.length];
    cell += text.slice(start, end);
    if (text[end + 1] !== '"') return [cell, end + 1];
    cell += '"';
    start = end + 2;
  }
}
