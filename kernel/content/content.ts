/**
 * Dated content: CSV and JSON files under `content/`, read once and kept. A row may carry `valid_from` and `valid_to`
 * (ISO dates, both inclusive, empty = open); `inForce` picks the rows that are the law on a day.
 *
 * Further folders (a province's own, a test's) add to the first: rows to its tables, files beside its files. None changes what
 * another says.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Failure } from '../failure.ts';
import { parseCsv } from './csv.ts';
import { filesIn, type LeftOut, layersOf } from './layers.ts';

export type Row = Readonly<Record<string, string>>;

export interface Content {
  /** All rows of `<name>.csv` or `.csv.gz` of every folder, header names as keys. Fails when no folder has the file. */
  table(name: string): readonly Row[];
  /** The same rows, those of each folder by themselves, read anew and kept by nobody: for who keeps them in another shape. */
  parts(name: string): Record<string, string>[][];
  /** Rows valid on an ISO date (`yyyy-mm-dd`). */
  inForce(name: string, date: string): Row[];
  /** Parsed `<name>.json`. Fails with a sentence that names the file and the place where it is no JSON. */
  json<T>(name: string): T;
  /** Absolute path of a content file, for templates and fonts: in the folder that has it, else in the first. */
  path(name: string): string;
  /** Names of the files in a folder and below, of all content folders, sorted, read once: `files('forms')` → `['kham/2026-01-01.json']`. */
  files(folder: string): string[];
  /** Absolute paths of the content folders, the program's own first. */
  folders: readonly string[];
}

/**
 * @param folder absolute path of `content/`
 * @param further absolute paths of folders of the same form
 * @param without files that are passed over (absolute paths): what a start leaves out because it is wrong (main/sound-content.ts)
 * @throws Failure `business-rule` when a folder is missing, or has a file (other than a table) that an earlier one has
 */
export function openContent(folder: string, further: readonly string[] = [], without?: LeftOut): Content {
  const tables = new Map<string, readonly Row[]>();
  const documents = new Map<string, unknown>();
  const names = new Map<string, string[]>();
  const layers = layersOf(folder, further, without);

  const parts = (name: string) => layers.tablesOf(name).map((file) => parseCsv(readTable(file)));

  const table = (name: string): readonly Row[] => {
    const known = tables.get(name);
    if (known) return known;
    const rows = parts(name).flat();
    tables.set(name, rows);
    return rows;
  };

  return {
    table,
    parts,
    inForce: (name, date) => table(name).filter((row) => isInForce(row, date)),
    json: <T>(name: string): T => {
      if (!documents.has(name)) documents.set(name, parseFile(layers.path(`${name}.json`)));
      return documents.get(name) as T;
    },
    path: layers.path,
    files: (inside) => {
      const known = names.get(inside) ?? filesIn(layers.folders, inside, without);
      names.set(inside, known);
      return [...known];
    },
    folders: layers.folders,
  };
}

function parseFile(file: string): unknown {
  // Editors of Windows begin a file with a byte-order mark.
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    throw new Failure('business-rule', `Tệp nội dung ${file} viết sai JSON: ${message}.`, {
      textEn: `Content file ${file} is no JSON: ${message}`,
      cause: error,
    });
  }
}

/** A row without `valid_from`/`valid_to` is always in force. Both ends are inclusive. */
export function isInForce(row: Row, date: string): boolean {
  const from = row.valid_from ?? '';
  const to = row.valid_to ?? '';
  return (from === '' || from <= date) && (to === '' || date <= to);
}

function readTable(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
