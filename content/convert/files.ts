/** Reading the shared reference data and writing content tables: the same few lines for every converter. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { formatCsv, parseCsv } from '../../kernel/content/csv.ts';

export type Cells = Record<string, string>;

/** Folder of the shared reference data: first argument of the script, default `../shared`. */
export function sharedFolder(argument: string | undefined): string {
  return join(argument ?? '../shared', 'data');
}

/** Rows of `<shared>/data/<name>`; `.gz` is unpacked. */
export function readShared(shared: string, name: string): Cells[] {
  const bytes = readFileSync(join(shared, name));
  return parseCsv((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}

/** The columns every list begins and ends with; a list's own columns stand between. */
export const LIST_HEAD = ['code', 'display'];
export const LIST_TAIL = ['valid_from', 'valid_to', 'source', 'status'];

/**
 * Writes `content/<name>.csv`, or `.csv.gz` when `name` ends so, sorted as given. Gzip carries no time, so that the
 * same rows give the same bytes.
 */
export function writeContent(name: string, columns: string[], rows: Cells[]): void {
  const path = join(import.meta.dirname, '..', name);
  mkdirSync(dirname(path), { recursive: true });
  const text = formatCsv(columns, rows);
  const bytes = name.endsWith('.gz') ? gzipSync(text, { level: 9 }) : Buffer.from(text);
  if (existsSync(path) && readFileSync(path).equals(bytes)) return;
  writeFileSync(path, bytes);
  process.stdout.write(`${name}: ${rows.length} rows, ${bytes.length} bytes\n`);
}

/** Writes a code list with the common columns around the list's own. */
export function writeList(name: string, own: string[], rows: Cells[]): void {
  writeContent(name, [...LIST_HEAD, ...own, ...LIST_TAIL], rows);
}

/** The day before an ISO date: where the previous version of a list ends. */
export function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
