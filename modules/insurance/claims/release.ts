/**
 * A release of the insurance data standard is content: `content/insurance/xml/releases.csv` (which, when), `tables.csv`
 * (tables, inner element path, when a table is sent) and `<release>.csv` (fields in order). No table or field name
 * stands in the builder or in the checks of fields; a new release is a new file.
 */
import { type Content, isInForce, type Row } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';

/** How a value is written; see format.ts. */
export type FieldFormat =
  | 'text'
  | 'codes'
  | 'integer'
  | 'percent'
  | 'quantity'
  | 'price'
  | 'amount'
  | 'weight'
  | 'birth'
  | 'date'
  | 'dates'
  | 'datetime';

export interface Field {
  name: string;
  /** Vietnamese name for people. */
  label: string;
  isNumber: boolean;
  /** Largest number of characters; null = no limit. */
  maxLength: number | null;
  format: FieldFormat;
  /** `yes`, `no` or a condition in the language of condition.ts. */
  required: string;
  /** Content table of the codes that are allowed, '' = free. */
  list: string;
  /** Name of the fact that fills it (visit-facts.ts, line-facts.ts, result-facts.ts); '' = always empty. */
  fact: string;
  /** Where the value comes from in law. */
  rule: string;
}

/** What the rows of a table are made of. */
export type RowSource = 'visit' | 'drug-lines' | 'service-lines' | 'results' | 'notes';

export interface Table {
  name: string;
  label: string;
  /** Elements from the root of the inner file down to one row. */
  path: string[];
  rows: RowSource;
  /** Visit types that send it; empty = all. */
  visitTypes: string[];
  fields: Field[];
}

export interface Release {
  name: string;
  title: string;
  /** ISO day it was asked for; lists and dated fields are those of this day. */
  date: string;
  tables: Table[];
}

/**
 * The release in force on a day.
 * @throws Failure `business-rule` when no release covers the day
 */
export function releaseOn(date: string, content: Content): Release {
  const row = content.inForce('insurance/xml/releases', date)[0];
  if (!row) {
    throw new Failure(
      'business-rule',
      `Chưa có chuẩn dữ liệu BHYT cho ngày ${date.split('-').reverse().join('/')}: thêm bảng của chuẩn đó vào content/insurance/xml.`,
      { textEn: `No release of the insurance data standard covers ${date}` },
    );
  }
  const name = row.release ?? '';
  const fields = content.table(`insurance/xml/${name}`).filter((each) => isInForce(each, date));
  const tables = content.table('insurance/xml/tables').filter((each) => each.release === name);
  return {
    name,
    title: row.name ?? name,
    date,
    tables: tables.map((table) => ({
      name: table.table ?? '',
      label: table.label ?? '',
      path: (table.path ?? '').split('/'),
      rows: table.rows as RowSource,
      visitTypes: table.visit_types ? table.visit_types.split(';') : [],
      fields: fields
        .filter((each) => each.table === table.table)
        .sort((a, b) => Number(a.order) - Number(b.order))
        .map(fieldOf),
    })),
  };
}

function fieldOf(row: Row): Field {
  return {
    name: row.field ?? '',
    label: row.label ?? '',
    isNumber: row.type === 'number',
    maxLength: row.max_length ? Number(row.max_length) : null,
    format: row.format as FieldFormat,
    required: row.required || 'no',
    list: row.list ?? '',
    fact: row.fact ?? '',
    rule: row.rule ?? '',
  };
}
