/** The named predicates that rules of the pre-audit may use. True = nothing to say. Unfilled fields are left to the field table. */
import type { Content } from '../../../kernel/content/content.ts';
import { add, compare, type Decimal, decimal, equal, round, subtract, ZERO } from '../../billing/index.ts';
import { type ClaimRow, type ClaimTables, fieldValue } from './condition.ts';
import { codeOn } from './lookup.ts';
import { lineMoneyIsRight } from './recompute.ts';

export interface RuleCase {
  field: string;
  args: readonly string[];
  row: ClaimRow;
  tables: ClaimTables;
  content: Content;
  /** ISO day of the lists. */
  date: string;
}

export type Predicate = (rule: RuleCase) => boolean;

export const PREDICATES: Readonly<Record<string, Predicate>> = {
  /** FIELD ≥ another time (both written as digits, compared as far as the shorter goes). */
  'not-before': ({ field, args, row, tables }) =>
    notBefore(row[field] ?? '', fieldValue(args[0] ?? '', row, tables)),
  /** FIELD lies between two times, both included. */
  between: ({ field, args, row, tables }) => {
    const value = row[field] ?? '';
    const [from, to] = args.map((name) => fieldValue(name, row, tables));
    return notBefore(value, from ?? '') && notBefore(to ?? '', value);
  },
  /** FIELD is filled. Used with a condition. */
  filled: ({ field, row }) => row[field] !== '',
  /** FIELD is empty. Used with a condition. */
  empty: ({ field, row }) => (row[field] ?? '') === '',
  /** FIELD has the same value as another field. */
  equals: ({ field, args, row, tables }) => row[field] === fieldValue(args[0] ?? '', row, tables),
  /** FIELD is one of the listed values. */
  'one-of': ({ field, args, row }) => row[field] === '' || args.includes(row[field] ?? ''),
  /** FIELD and the other fields hold the same number of values joined with ";". */
  'same-count': ({ field, args, row }) => {
    const count = (name: string) => (row[name] === '' ? 0 : (row[name] ?? '').split(';').length);
    return args.every((name) => row[name] === '' || count(name) === count(field));
  },
  /** At most n values joined with ";". */
  'at-most': ({ field, args, row }) => (row[field] ?? '').split(';').length <= Number(args[0]),
  /** Every value of FIELD matches the regular expression. */
  pattern: ({ field, args, row }) => {
    const expression = new RegExp(args.join('|'), 'u');
    return row[field] === '' || (row[field] ?? '').split(';').every((value) => expression.test(value));
  },
  /** FIELD as a whole matches the regular expression. */
  matches: ({ field, args, row }) =>
    row[field] === '' || new RegExp(args.join('|'), 'u').test(row[field] ?? ''),
  /** FIELD stands in a column of another table. */
  'exists-in': ({ field, args, row, tables }) => {
    const [table = '', column = ''] = (args[0] ?? '').split('.');
    return row[field] === '' || (tables[table] ?? []).some((each) => each[column] === row[field]);
  },
  /** FIELD is a number between the two bounds, both included. */
  range: ({ field, args, row }) => {
    const value = numberOf(row[field]);
    if (value === null) return true;
    return compare(value, decimal(args[0] ?? '0')) >= 0 && compare(value, decimal(args[1] ?? '0')) <= 0;
  },
  /** Every code of FIELD is in a content list in force. */
  'in-list': ({ field, args, row, content, date }) =>
    codesOf(row[field]).every((code) => codeOn(content, args[0] ?? '', code, date) !== undefined),
  /** No code of FIELD has the given column of a content list set to the given value. */
  'list-column-not': ({ field, args, row, content, date }) => {
    const [list = '', column = '', value = ''] = args;
    return codesOf(row[field]).every((code) => codeOn(content, list, code, date)?.[column] !== value);
  },
  /** FIELD equals the sum of `TABLE.FIELD` of the named columns, optionally only of rows where a column is filled or has a value. */
  'sum-of': ({ field, args, row, tables }) => {
    const sum = round(add(ZERO, ...args.flatMap((column) => columnValues(column, tables))), 2);
    return sameAmount(row[field], sum);
  },
  /** FIELD = first − second, fields of the same row. */
  difference: ({ field, args, row }) => {
    const [from, what] = args.map((name) => numberOf(row[name]));
    return !from || !what || sameAmount(row[field], subtract(from, what));
  },
  /** FIELD = sum of fields of the same row. */
  'row-sum': ({ field, args, row }) => {
    const parts = args.map((name) => numberOf(row[name]));
    return parts.includes(null) || sameAmount(row[field], add(ZERO, ...(parts as Decimal[])));
  },
  /** The amount in FIELD is what the formulas of Decision 3176 give for this line. */
  'line-money': ({ field, row, args }) => lineMoneyIsRight(field, row, args[0] === 'XML2' ? 'XML2' : 'XML3'),
  /** STT counts 1, 2, 3 … within the table. */
  sequence: ({ field, args, row, tables }) => {
    const rows = tables[args[0] ?? ''] ?? [];
    return row[field] === String(rows.indexOf(row) + 1);
  },
  /** FIELD is the part of a time in another field, for example the year of NGAY_RA: `NGAY_RA|0|4`. */
  'part-of': ({ field, args, row }) => {
    const [name = '', from = '0', to = '4'] = args;
    const part = (row[name] ?? '').slice(Number(from), Number(to));
    return row[name] === '' || Number(row[field]) === Number(part);
  },
  /** Days from the day of the first field to the day of the second, both counted, equal FIELD. */
  'days-between': ({ field, args, row }) => {
    const [start, end] = args.map((name) => dayNumber(row[name] ?? ''));
    return start === undefined || end === undefined || Number(row[field]) === end - start + 1;
  },
};

function notBefore(later: string, earlier: string): boolean {
  if (later === '' || earlier === '') return true;
  const length = Math.min(later.length, earlier.length);
  return later.slice(0, length) >= earlier.slice(0, length);
}

function codesOf(value: string | undefined): string[] {
  return (value ?? '').split(';').filter(Boolean);
}

function numberOf(text: string | undefined): Decimal | null {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? decimal(text) : null;
}

function sameAmount(text: string | undefined, expected: Decimal): boolean {
  const value = numberOf(text);
  return value === null || equal(round(value, 2), round(expected, 2));
}

/** `XML3.THANH_TIEN_BV` or `XML3.THANH_TIEN_BV if MA_VAT_TU filled` / `… if MA_PTTT 1`. */
function columnValues(column: string, tables: ClaimTables): Decimal[] {
  const [path = '', condition = ''] = column.split(' if ');
  const [table = '', name = ''] = path.split('.');
  const [field = '', wanted = ''] = condition.split(' ');
  return (tables[table] ?? [])
    .filter((row) => field === '' || (wanted === 'filled' ? row[field] !== '' : row[field] === wanted))
    .map((row) => numberOf(row[name]) ?? ZERO);
}

function dayNumber(time: string): number | undefined {
  const iso = `${time.slice(0, 4)}-${time.slice(4, 6)}-${time.slice(6, 8)}`;
  const at = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(at) ? undefined : at / 86_400_000;
}
