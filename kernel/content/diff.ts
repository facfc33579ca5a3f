/** What changed between two versions of the content: tables by their rows, documents by their text. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseCsv } from './csv.ts';

type Row = Record<string, string>;

export interface TableDiff {
  kind: 'table';
  /** `terminology/icd10` */
  name: string;
  added: Row[];
  removed: Row[];
  /** Rows with the same key and other cells. */
  changed: { key: string; before: Row; after: Row; columns: string[] }[];
}

export interface FileDiff {
  kind: 'file';
  name: string;
  what: 'added' | 'removed' | 'changed';
}

/** The folder of the content in a tree: itself, or `content/` in it. Null when there is none. */
export function contentFolder(path: string): string | null {
  const folder = [join(path, 'content'), path].find((one) => existsSync(one) && statSync(one).isDirectory());
  return folder ?? null;
}

/** @param before @param after folders of content; names in order, what is equal is left out */
export function diffContent(before: string, after: string): (TableDiff | FileDiff)[] {
  const [old, now] = [filesOf(before), filesOf(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  return names.flatMap((name): (TableDiff | FileDiff)[] => {
    const [was, is] = [old.get(name), now.get(name)];
    if (was === undefined || is === undefined)
      return [{ kind: 'file', name, what: was === undefined ? 'added' : 'removed' }];
    const [a, b] = [textOf(was), textOf(is)];
    if (a.equals(b)) return [];
    if (!isTable(was) || !isTable(is)) return [{ kind: 'file', name, what: 'changed' }];
    return [diffTable(name, parseCsv(a.toString('utf8')), parseCsv(b.toString('utf8')))];
  });
}

/**
 * Rows are the same by their first column and `valid_from`; where that does not tell rows apart, by all their cells.
 * Pure.
 */
export function diffTable(name: string, before: readonly Row[], after: readonly Row[]): TableDiff {
  const keyOf = keyFor(before, after);
  const old = Map.groupBy(before, keyOf);
  const now = Map.groupBy(after, keyOf);
  const diff: TableDiff = { kind: 'table', name, added: [], removed: [], changed: [] };
  for (const [key, rows] of now) {
    const was = old.get(key) ?? [];
    diff.added.push(...rows.slice(was.length));
    for (const [at, row] of rows.slice(0, was.length).entries()) {
      const columns = columnsThatDiffer(was[at]!, row);
      if (columns.length > 0) diff.changed.push({ key, before: was[at]!, after: row, columns });
    }
  }
  for (const [key, rows] of old) diff.removed.push(...rows.slice(now.get(key)?.length ?? 0));
  return diff;
}

function keyFor(...tables: (readonly Row[])[]): (row: Row) => string {
  const first = Object.keys(tables.flat()[0] ?? {})[0] ?? '';
  const short = (row: Row) => [row[first] ?? '', row.valid_from ?? ''].filter((one) => one !== '').join(' ');
  const isUnique = tables.every((rows) => new Set(rows.map(short)).size === rows.length);
  return isUnique ? short : (row) => Object.values(row).join('\u0000');
}

function columnsThatDiffer(before: Row, after: Row): string[] {
  const columns = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...columns].filter((column) => (before[column] ?? '') !== (after[column] ?? ''));
}

/** Name without the endings of tables → path. Converters and notes are no content. */
function filesOf(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1).replaceAll('\\', '/');
    if (!entry.isFile() || name.startsWith('convert/') || name.endsWith('.md')) continue;
    files.set(isTable(path) ? name.replace(/\.csv(\.gz)?$/, '') : name, path);
  }
  return files;
}

function isTable(path: string): boolean {
  return path.endsWith('.csv') || path.endsWith('.csv.gz');
}

function textOf(path: string): Buffer {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}
