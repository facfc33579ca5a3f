/**
 * The small language of conditions in the content of claims: clauses joined with ` and `.
 * `FIELD filled` · `FIELD empty` · `FIELD in a;b` · `FIELD not-in a;b` · `FIELD starts a;b` · `FIELD not-starts a;b`.
 * `XML1.FIELD` looks into
 * the first row of another table.
 */
import { Failure } from '../../../kernel/failure.ts';

/** Fields of one row by name; every value is the text that stands in the file. */
export type ClaimRow = Readonly<Record<string, string>>;
/** Rows of each table of one record, by table name. */
export type ClaimTables = Readonly<Record<string, readonly ClaimRow[]>>;

/** The value of `FIELD` of the row or of `TABLE.FIELD`; '' when it is not there. */
export function fieldValue(name: string, row: ClaimRow, tables: ClaimTables): string {
  const dot = name.indexOf('.');
  if (dot < 0) return row[name] ?? '';
  return tables[name.slice(0, dot)]?.[0]?.[name.slice(dot + 1)] ?? '';
}

/** @throws Failure `invalid-parameter` for a clause that is not in the language (a fault of the content) */
export function holds(condition: string, row: ClaimRow, tables: ClaimTables): boolean {
  if (condition === 'yes' || condition === '') return true;
  if (condition === 'no') return false;
  return condition.split(' and ').every((clause) => clauseHolds(clause.trim(), row, tables));
}

function clauseHolds(clause: string, row: ClaimRow, tables: ClaimTables): boolean {
  const [name = '', operator = '', ...rest] = clause.split(' ');
  const value = fieldValue(name, row, tables);
  const values = rest.join(' ').split(';');
  switch (operator) {
    case 'filled':
      return value !== '';
    case 'empty':
      return value === '';
    case 'in':
      return values.includes(value);
    case 'not-in':
      return !values.includes(value);
    case 'starts':
      return values.some((start) => value.startsWith(start));
    case 'not-starts':
      return !values.some((start) => value.startsWith(start));
    default:
      throw new Failure('invalid-parameter', `Điều kiện “${clause}” trong content không hiểu được.`, {
        textEn: `Condition "${clause}" in the content is not understood`,
      });
  }
}
