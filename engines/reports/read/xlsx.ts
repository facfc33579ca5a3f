/** The first sheet of a spreadsheet (ECMA-376, SpreadsheetML) as rows of values: texts and numbers, formulas by the value kept with them. */
import { XMLParser } from 'fast-xml-parser';
import { unzip } from './unzip.ts';

export type SheetValue = string | number | null;

const MOST_ROWS = 20_000;
const MOST_COLUMNS = 500;

interface Text {
  t?: unknown;
  r?: { t?: unknown }[];
}

interface XmlCell {
  '@_r'?: string;
  '@_t'?: string;
  v?: unknown;
  is?: Text;
}

interface XmlRow {
  '@_r'?: string;
  c?: XmlCell[];
}

/** Rows from the first, each from column A; null for bytes that are no spreadsheet or a larger one than is read. */
export function sheetRows(bytes: Buffer): SheetValue[][] | null {
  const parts = unzip(bytes);
  const name = [...(parts?.keys() ?? [])]
    .filter((part) => /^xl\/worksheets\/sheet\d+\.xml$/.test(part))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))[0];
  if (!parts || name === undefined) return null;
  const sheet = parse(parts.get(name)!)?.worksheet as { sheetData?: { row?: XmlRow[] } } | undefined;
  if (!sheet) return null;
  const shared = sharedTexts(parts.get('xl/sharedStrings.xml'));
  const rows: SheetValue[][] = [];
  for (const row of sheet.sheetData?.row ?? []) {
    const at = Number(row['@_r'] ?? rows.length + 1) - 1;
    if (!(at >= 0 && at < MOST_ROWS)) return null;
    while (rows.length <= at) rows.push([]);
    for (const cell of row.c ?? []) {
      const column = columnOf(cell['@_r'] ?? '', rows[at]!.length);
      if (column >= MOST_COLUMNS) return null;
      while (rows[at]!.length <= column) rows[at]!.push(null);
      rows[at]![column] = valueIn(cell, shared);
    }
  }
  return rows;
}

const LISTS = new Set(['row', 'c', 'si', 'r']);

/** No entity of the file is followed; every value stays text. */
function parse(bytes: Buffer): Record<string, unknown> | null {
  const text = bytes.toString('utf8');
  if (text.includes('<!DOCTYPE')) return null;
  const parser = new XMLParser({
    ignoreAttributes: false,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    removeNSPrefix: true,
    isArray: (tag) => LISTS.has(tag),
  });
  try {
    return parser.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function sharedTexts(bytes: Buffer | undefined): string[] {
  const table = bytes && (parse(bytes)?.sst as { si?: Text[] } | undefined);
  return table ? (table.si ?? []).map(textOf) : [];
}

/** A text may be cut in runs of different letters. */
function textOf({ t, r }: Text): string {
  const one = (part: unknown) =>
    typeof part === 'object' && part !== null
      ? String((part as { '#text'?: unknown })['#text'] ?? '')
      : String(part ?? '');
  return r ? r.map((run) => one(run.t)).join('') : one(t);
}

/** `AB3` → 27. */
function columnOf(place: string, next: number): number {
  const letters = /^[A-Z]+/.exec(place)?.[0];
  if (letters === undefined) return next;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function valueIn(cell: XmlCell, shared: readonly string[]): SheetValue {
  if (cell['@_t'] === 'inlineStr') return textOf(cell.is ?? {});
  if (cell.v === undefined || cell.v === '') return null;
  const text = textOf({ t: cell.v });
  if (cell['@_t'] === 's') return shared[Number(text)] ?? null;
  const number = Number(text);
  return cell['@_t'] === undefined || cell['@_t'] === 'n' ? (Number.isFinite(number) ? number : text) : text;
}
