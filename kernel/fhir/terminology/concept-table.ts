/** One code list in memory: columns of strings, found by code and by day. */
/** A row of a list as callers see it. */
export interface Concept {
  list: string;
  system: string;
  code: string;
  display: string;
  displayEn?: string;
  /** What the person who picks the code should know, in Vietnamese. */
  note?: string;
  /** ISO dates, inclusive; '' = open. */
  validFrom: string;
  validTo: string;
  source: string;
  status: string;
  /** The list's own columns that are filled in this row. */
  properties: Record<string, string>;
}

const COMMON = new Set([
  'code',
  'display',
  'display_en',
  'note',
  'valid_from',
  'valid_to',
  'source',
  'status',
  'rank',
]);

export interface ConceptTable {
  readonly size: number;
  /** Cell of a row; '' for a column the list does not have. */
  cell(row: number, column: string): string;
  concept(row: number): Concept;
  /** Rows of a code (one a version), newest first. Separators and the marks † * are ignored. */
  rowsOf(code: string): number[];
  /** Rows whose code begins with the text, in code order. */
  rowsByCodePrefix(text: string): number[];
  /** Rows in code order. */
  inOrder(): number[];
  isInForce(row: number, date: string): boolean;
}

/**
 * @param parts rows of each content folder that has some; one may have columns that another has not
 * @param names the columns that hold the display and its English, where they are called otherwise
 */
export function readConceptTable(
  list: string,
  system: string,
  parts: readonly Record<string, string>[][],
  names: readonly string[] = [],
): ConceptTable {
  const columns = columnsOf(parts);
  for (const [at, name] of ['display', 'display_en'].entries()) {
    const own = names[at];
    if (own === undefined) continue;
    columns.set(name, columns.get(own) ?? []);
    columns.delete(own);
  }
  const size = columns.get('code')?.length ?? 0;
  const codes = Array.from({ length: size }, (_, row) => bareCode(columns.get('code')![row]!));
  const from = columns.get('valid_from');
  const order = Array.from({ length: size }, (_, row) => row).sort(
    (a, b) => compare(codes[a]!, codes[b]!) || compare(from?.[b] ?? '', from?.[a] ?? '') || a - b,
  );
  const cell = (row: number, column: string) => columns.get(column)?.[row] ?? '';

  /** First place in `order` whose code is not before the text. */
  const placeOf = (text: string): number => {
    let low = 0;
    let high = size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (codes[order[middle]!]! < text) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const collect = (text: string, fits: (code: string) => boolean): number[] => {
    const rows: number[] = [];
    for (let at = placeOf(text); at < size && fits(codes[order[at]!]!); at += 1) rows.push(order[at]!);
    return rows;
  };

  return {
    size,
    cell,
    concept: (row) => conceptOf(list, system, columns, row),
    rowsOf: (code) => {
      const bare = bareCode(code);
      return bare === '' ? [] : collect(bare, (other) => other === bare);
    },
    rowsByCodePrefix: (text) => {
      const bare = bareCode(text);
      return bare === '' ? [] : collect(bare, (other) => other.startsWith(bare));
    },
    inOrder: () => [...order],
    isInForce: (row, date) => {
      const to = cell(row, 'valid_to');
      return cell(row, 'valid_from') <= date && (to === '' || date <= to);
    },
  };
}

/** What codes are compared by: `'J06.9'` → `'J069'`, `'G01*'` → `'G01'`, `'đt'` → `'ĐT'`. */
export function bareCode(code: string): string {
  return code
    .normalize('NFC')
    .toUpperCase()
    .replace(/[\s.,†*+-]/g, '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Rows to columns; equal short cells (dates, sources, flags) share one string. */
function columnsOf(parts: readonly Record<string, string>[][]): Map<string, string[]> {
  const rows = parts.flat();
  const names = new Set(parts.flatMap(([first]) => Object.keys(first ?? {})));
  const columns = new Map<string, string[]>();
  const seen = new Map<string, string>();
  for (const name of names) {
    const shared = !['code', 'display', 'display_en'].includes(name);
    columns.set(
      name,
      rows.map((row) => {
        const text = row[name] ?? '';
        if (!shared) return text;
        const known = seen.get(text);
        if (known === undefined) seen.set(text, text);
        return known ?? text;
      }),
    );
  }
  return columns;
}

function conceptOf(list: string, system: string, columns: Map<string, string[]>, row: number): Concept {
  const at = (name: string) => columns.get(name)?.[row] ?? '';
  const properties: Record<string, string> = {};
  for (const [name, cells] of columns) {
    if (!COMMON.has(name) && cells[row] !== '') properties[name] = cells[row]!;
  }
  return {
    list,
    system,
    code: at('code'),
    display: at('display'),
    ...(at('display_en') === '' ? {} : { displayEn: at('display_en') }),
    ...(at('note') === '' ? {} : { note: at('note') }),
    validFrom: at('valid_from'),
    validTo: at('valid_to'),
    source: at('source'),
    status: at('status'),
    properties,
  };
}
