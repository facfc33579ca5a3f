/** The house's code lists: look a code up, search as one types, check a code on a day. */
import type { Content, Row } from '../../content/content.ts';
import { Failure } from '../../failure.ts';
import { foldText, foldWords } from '../../text/fold.ts';
import { type Concept, type ConceptTable, readConceptTable } from './concept-table.ts';
import { listSystem } from './list-system.ts';
import { score, type Texts } from './ranking.ts';
import type { CodeSystemView } from './system.ts';
import { queryOf } from './text-search.ts';
import { buildWordIndex, type WordIndex } from './word-index.ts';

export interface ListInfo {
  list: string;
  system: string;
  title: string;
  titleEn: string;
  /** Whether the list holds every code of its system; a `fragment` cannot prove a code wrong. */
  content: 'complete' | 'fragment';
  /** Copyright notice to show beside the codes; '' when none is asked for. */
  notice: string;
  /** Canonical of the value set that holds every code of the list. */
  valueSet: string;
  /** How its codes lie below each other: `prefix`, the column that names the parent, or ''. */
  parent: string;
  /** Content path of its table. */
  file: string;
}

/** `unverified`: the list is a fragment of its system and does not hold the code. */
export type Validation =
  | { result: 'valid'; concept: Concept }
  | { result: 'not-in-force'; concept: Concept }
  | { result: 'unknown-code' | 'unknown-list' | 'unverified' };

export interface Terminology {
  lists(): ListInfo[];
  /** The list of a system's URL or of a list's name. */
  list(system: string): ListInfo | null;
  /**
   * The row of a code in force on an ISO date; without a date the newest row. Null when there is none.
   * ICD codes are found with or without their dot and their marks † *.
   */
  lookup(system: string, code: string, date?: string): Concept | null;
  /**
   * Concepts by code prefix or by words (folded, any order, prefix per word), best first. An empty text gives the
   * list in code order. Without a date: rows without an end; `any`: every version of every row. Fails with
   * `not-found` for an unknown list.
   */
  search(system: string, text: string, options?: { limit?: number; date?: string | 'any' }): Concept[];
  /** The list as a code system on an ISO day; null when there is none of that URL or name. */
  system(system: string, date: string): CodeSystemView | null;
  /** Whether a code may be used on a day. */
  validate(system: string, code: string, date: string): Validation;
}

interface SearchIndex {
  words: WordIndex;
  /** By row: what ranking compares. */
  texts: Texts[];
}

interface LoadedList {
  info: ListInfo;
  table: ConceptTable;
  /** Built at the first search by words. */
  index(): SearchIndex;
  /** The days that were asked for last. */
  days: Map<string, CodeSystemView>;
}

const LIST_SYSTEM = 'http://yba.vn/fhir/cs/';
const LIST_VALUE_SET = 'http://yba.vn/fhir/vs/';
const MOST_DAYS = 4;
const NO_SYNONYMS: readonly string[] = [];
const OPEN_END = '9999-12-31';
const opened = new WeakMap<Content, Terminology>();

/** One terminology per content: every caller shares its tables and indexes, which load at first use. */
export function openTerminology(content: Content): Terminology {
  const known = opened.get(content);
  if (known) return known;
  const terminology = createTerminology(content);
  opened.set(content, terminology);
  return terminology;
}

function createTerminology(content: Content): Terminology {
  const rows = new Map<string, Row>();
  for (const row of content.table('terminology/lists')) {
    rows.set(row.list!, row);
    rows.set(infoOf(row).system, row);
  }
  const loaded = new Map<string, LoadedList>();
  const load = (system: string): LoadedList | null => {
    const row = rows.get(system);
    if (!row) return null;
    const list = loaded.get(row.list!) ?? loadList(content, row);
    loaded.set(row.list!, list);
    return list;
  };
  return {
    lists: () => content.table('terminology/lists').map(infoOf),
    list: (system) => (rows.has(system) ? infoOf(rows.get(system)!) : null),
    lookup: (system, code, date) => {
      const list = load(system);
      const row = list?.table.rowsOf(code).find((at) => date === undefined || list.table.isInForce(at, date));
      return list && row !== undefined ? list.table.concept(row) : null;
    },
    search: (system, text, options = {}) => {
      const list = load(system);
      if (!list) {
        throw new Failure('not-found', `Không có danh mục "${system}". Xem /api/terminology/lists.`, {
          textEn: `There is no code list "${system}". See /api/terminology/lists.`,
        });
      }
      const rows = searchRows(list, text, options.date ?? OPEN_END);
      return rows.slice(0, options.limit ?? 20).map(list.table.concept);
    },
    system: (system, date) => {
      const list = load(system);
      return list && systemOn(list, date);
    },
    validate: (system, code, date) => validateIn(load(system), code, date),
  };
}

function infoOf(row: Row): ListInfo {
  return {
    list: row.list!,
    system: row.system || `${LIST_SYSTEM}${row.list}`,
    title: row.title!,
    titleEn: row.title_en!,
    content: row.content === 'complete' ? 'complete' : 'fragment',
    notice: row.notice!,
    valueSet: `${LIST_VALUE_SET}${row.list}`,
    parent: row.parent ?? '',
    file: row.file!,
  };
}

function systemOn(list: LoadedList, date: string): CodeSystemView {
  const { info, table, days } = list;
  const known = days.get(date);
  if (known) return known;
  const search = (text: string) => [
    ...new Set(searchRows(list, text, 'any').map((row) => table.cell(row, 'code'))),
  ];
  const view = listSystem({ ...info, table, search }, date);
  if (days.size >= MOST_DAYS) days.delete([...days.keys()][0]!);
  days.set(date, view);
  return view;
}

function loadList(content: Content, row: Row): LoadedList {
  const info = infoOf(row);
  const table = readConceptTable(
    info.list,
    info.system,
    content.parts(row.file!),
    row.names!.split(' ').filter((name) => name !== ''),
  );
  let index: SearchIndex | undefined;
  const build = (): SearchIndex => {
    const synonyms = readSynonyms(content, row.synonyms!, table);
    const texts = Array.from({ length: table.size }, (_, at) => textsOf(table, at, synonyms.get(at) ?? []));
    const words = buildWordIndex(table.size, (at) => [
      texts[at]!.folded,
      texts[at]!.foldedEnglish,
      ...texts[at]!.foldedSynonyms,
    ]);
    return { words, texts };
  };
  return {
    info,
    table,
    days: new Map(),
    index: () => {
      index ??= build();
      return index;
    },
  };
}

/** Colloquial names and abbreviations by row, folded. A synonym of a code the list does not hold is a defect. */
function readSynonyms(content: Content, name: string, table: ConceptTable): Map<number, string[]> {
  const synonyms = new Map<number, string[]>();
  if (name === '') return synonyms;
  for (const line of content.table(name)) {
    const rows = table.rowsOf(line.code!);
    if (rows.length === 0) throw new Error(`${name}: no code ${line.code} for "${line.text}"`);
    for (const row of rows) synonyms.set(row, [...(synonyms.get(row) ?? []), foldText(line.text!)]);
  }
  return synonyms;
}

/** Rows that fit, best first; in code order without a text. */
function searchRows(list: LoadedList, text: string, date: string): number[] {
  const { table } = list;
  const inForce = (row: number) => date === 'any' || table.isInForce(row, date);
  const words = foldWords(text);
  if (words.length === 0) return table.inOrder().filter(inForce);
  // A digit means a code; letters alone are a word unless they are a whole code (VN, DMD)
  const byCode = words.length > 2 ? [] : table.rowsByCodePrefix(text).filter(inForce);
  const isCode = /\d/.test(text);
  const exact = isCode ? byCode : table.rowsOf(text).filter(inForce);
  return [...new Set([...exact, ...rankedByWords(list, text, words, inForce), ...byCode])];
}

function rankedByWords(
  list: LoadedList,
  text: string,
  words: string[],
  inForce: (row: number) => boolean,
): number[] {
  const { words: index, texts } = list.index();
  const query = queryOf(text);
  const points = new Float64Array(texts.length);
  const rows = index.find(words).filter(inForce);
  for (const row of rows) points[row] = score(texts[row]!, query);
  return rows.sort((a, b) => points[b]! - points[a]! || a - b);
}

function textsOf(table: ConceptTable, row: number, foldedSynonyms: string[]): Texts {
  const display = table.cell(row, 'display');
  const english = table.cell(row, 'display_en');
  return {
    display,
    folded: foldText(display),
    foldedEnglish: english === '' ? '' : foldText(english),
    foldedSynonyms: foldedSynonyms.length === 0 ? NO_SYNONYMS : foldedSynonyms,
    rank: Number(table.cell(row, 'rank')),
  };
}

function validateIn(list: LoadedList | null, code: string, date: string): Validation {
  if (!list) return { result: 'unknown-list' };
  const rows = list.table.rowsOf(code);
  if (rows.length === 0) return { result: list.info.content === 'complete' ? 'unknown-code' : 'unverified' };
  const row = rows.find((at) => list.table.isInForce(at, date));
  if (row === undefined) return { result: 'not-in-force', concept: list.table.concept(rows[0]!) };
  return { result: 'valid', concept: list.table.concept(row) };
}
