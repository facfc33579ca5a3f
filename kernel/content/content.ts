/**
 * Dated content: CSV and JSON files under `content/`, read once and kept. A row may carry `valid_from` and `valid_to`
 * (ISO dates, both inclusive, empty = open); `inForce` picks the rows that are the law on a day.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseCsv } from './csv.ts';

export type Row = Readonly<Record<string, string>>;

export interface Content {
  /** All rows of `content/<name>.csv` or `.csv.gz`, header names as keys. Fails when the file is missing. */
  table(name: string): readonly Row[];
  /** Rows valid on an ISO date (`yyyy-mm-dd`). */
  inForce(name: string, date: string): Row[];
  /** Parsed `content/<name>.json`. */
  json<T>(name: string): T;
  /** Absolute path of a content file, for templates and fonts. */
  path(name: string): string;
}

/** @param folder absolute path of `content/` */
export function openContent(folder: string): Content {
  const tables = new Map<string, readonly Row[]>();
  const documents = new Map<string, unknown>();
  const path = (name: string) => join(folder, name);

  const table = (name: string): readonly Row[] => {
    const known = tables.get(name);
    if (known) return known;
    const rows = parseCsv(readTableText(path(name)));
    tables.set(name, rows);
    return rows;
  };

  return {
    table,
    inForce: (name, date) => table(name).filter((row) => isInForce(row, date)),
    json: <T>(name: string): T => {
      if (!documents.has(name)) documents.set(name, JSON.parse(readFileSync(path(`${name}.json`), 'utf8')));
      return documents.get(name) as T;
    },
    path,
  };
}

/** A row without `valid_from`/`valid_to` is always in force. Both ends are inclusive. */
export function isInForce(row: Row, date: string): boolean {
  const from = row.valid_from ?? '';
  const to = row.valid_to ?? '';
  return (from === '' || from <= date) && (to === '' || date <= to);
}

function readTableText(pathWithoutEnding: string): string {
  try {
    return readFileSync(`${pathWithoutEnding}.csv`, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return gunzipSync(readFileSync(`${pathWithoutEnding}.csv.gz`)).toString('utf8');
  }
}
