/** Codes of content tables by code: built once per content and table, because a day's claims ask thousands of times. */
import { type Content, isInForce, type Row } from '../../../kernel/content/content.ts';

const indexes = new WeakMap<Content, Map<string, Map<string, Row[]>>>();

/** The row of a code that is in force on a day, or undefined. */
export function codeOn(content: Content, table: string, code: string, date: string): Row | undefined {
  return versionsOf(content, table, code).find((row) => isInForce(row, date));
}

/** Every version of a code, whatever its dates. */
export function versionsOf(content: Content, table: string, code: string): readonly Row[] {
  const tables = indexes.get(content) ?? new Map<string, Map<string, Row[]>>();
  indexes.set(content, tables);
  const index = tables.get(table) ?? Map.groupBy(content.table(table), (row) => row.code ?? '');
  tables.set(table, index);
  return index.get(code) ?? [];
}
