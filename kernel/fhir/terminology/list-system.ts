/** A list of the content as it stands on one day, asked as a code system. Pure. */
import type { ConceptTable } from './concept-table.ts';
import { type CodeSystemView, type ConceptProperty, climbs, type SystemConcept } from './system.ts';

export interface ListSource {
  system: string;
  title: string;
  content: 'complete' | 'fragment';
  valueSet: string;
  /** `prefix`: a code lies below the codes that it begins with; a column that names the parent; '' = no hierarchy. */
  parent: string;
  table: ConceptTable;
  /** Codes by what is typed, best first, of whatever day. */
  search(text: string): string[];
}

const COMMON_PROPERTIES = [
  ['note', 'note'],
  ['valid_from', 'validFrom'],
  ['valid_to', 'validTo'],
  ['source', 'source'],
] as const;

/**
 * Each code once: by its row in force on the day, else by the newest row that began before, which is then inactive. What begins
 * later is not there yet.
 * @param date ISO day
 */
export function listSystem(source: ListSource, date: string): CodeSystemView {
  const { table } = source;
  const rows = rowsOn(table, date);
  const tree = lazily(() => hierarchyOf(source, rows));
  const parents = (code: string): readonly string[] => tree().parents.get(code) ?? [];
  const concepts = new Map<string, SystemConcept>();
  const concept = (code: string): SystemConcept | undefined => {
    const row = rows.get(code);
    if (row === undefined) return undefined;
    const known = concepts.get(code) ?? conceptOf(source, row, date);
    concepts.set(code, known);
    return known;
  };
  return {
    url: source.system,
    version: versionOn(table, date),
    name: source.title,
    language: 'vi',
    content: source.content,
    valueSet: source.valueSet,
    dated: true,
    size: rows.size,
    codes: () => rows.keys(),
    concept,
    has: (code) => rows.has(code),
    parents,
    children: (code) => tree().children.get(code) ?? [],
    isBelow: source.parent === 'prefix' ? isPrefixed : (inner, outer) => climbs(parents, inner, outer),
    search: (text) => source.search(text).filter((code) => rows.has(code)),
  };
}

/** Code → row, in code order. */
function rowsOn(table: ConceptTable, date: string): Map<string, number> {
  const rows = new Map<string, number>();
  for (const row of table.inOrder()) {
    if (table.cell(row, 'valid_from') > date) continue;
    const code = table.cell(row, 'code');
    // A row of a decision may come without a code: nothing can name it.
    if (code === '') continue;
    const known = rows.get(code);
    if (known === undefined || (!table.isInForce(known, date) && table.isInForce(row, date)))
      rows.set(code, row);
  }
  return rows;
}

/** The version of a list whose rows do not say since when. */
export const UNDATED = '1';

/** The day on which its newest row of the day began. */
function versionOn(table: ConceptTable, date: string): string {
  let newest = '';
  for (const row of table.inOrder()) {
    const from = table.cell(row, 'valid_from');
    if (from <= date && from > newest) newest = from;
  }
  return newest || UNDATED;
}

/**
 * ICD says by the code itself what lies below a category: subcategories extend it (E11 ⊃ E11.9). A category has three
 * characters; the asked code may be shorter (`E1`), for a block.
 */
export function isPrefixed(inner: string, outer: string): boolean {
  const [a, b] = [inner.replace('.', ''), outer.replace('.', '')];
  return inner === outer || (a.startsWith(b) && a.length >= 3);
}

interface Tree {
  parents: Map<string, readonly string[]>;
  children: Map<string, string[]>;
}

function hierarchyOf({ parent, table }: ListSource, rows: Map<string, number>): Tree {
  const tree: Tree = { parents: new Map(), children: new Map() };
  if (parent === '') return tree;
  for (const [code, row] of rows) {
    const above = parent === 'prefix' ? longestPrefix(code, rows) : table.cell(row, parent);
    if (above === undefined || !rows.has(above)) continue;
    tree.parents.set(code, [above]);
    const below = tree.children.get(above);
    if (below) below.push(code);
    else tree.children.set(above, [code]);
  }
  return tree;
}

function longestPrefix(code: string, rows: Map<string, number>): string | undefined {
  for (let end = code.length - 1; end > 0; end -= 1) {
    const one = code.slice(0, end);
    if (rows.has(one)) return one;
  }
  return undefined;
}

function conceptOf({ table }: ListSource, row: number, date: string): SystemConcept {
  const { code, display, displayEn, properties } = table.concept(row);
  const listed: ConceptProperty[] = COMMON_PROPERTIES.flatMap(([column, name]) => {
    const value = table.cell(row, column);
    const kind = name.startsWith('valid') ? 'valueDateTime' : 'valueString';
    return value === '' ? [] : [{ code: name, kind, value }];
  });
  for (const [name, value] of Object.entries(properties)) {
    listed.push({ code: name, kind: 'valueString', value });
  }
  return {
    code,
    display,
    designations: displayEn === undefined ? [] : [{ language: 'en', value: displayEn }],
    inactive: !table.isInForce(row, date),
    abstract: false,
    properties: listed,
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
