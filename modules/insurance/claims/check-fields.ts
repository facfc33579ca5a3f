/** Checks that follow from the field table alone: required, type, length, format, code lists in force on the day. */
import type { Content } from '../../../kernel/content/content.ts';
import { type ClaimRow, type ClaimTables, holds } from './condition.ts';
import type { Fault } from './fault.ts';
import { codeOn } from './lookup.ts';
import type { Field, Release, Table } from './release.ts';

export function fieldFaults(tables: ClaimTables, release: Release, content: Content): Fault[] {
  return release.tables.flatMap((table) => {
    const rows = tables[table.name];
    if (!rows) return table.rows === 'visit' ? [missingTable(table)] : [];
    return rows.flatMap((row, at) =>
      table.fields.flatMap((field) => checkField({ table, field, row, tables, release, content, at })),
    );
  });
}

interface Place {
  table: Table;
  field: Field;
  row: ClaimRow;
  tables: ClaimTables;
  release: Release;
  content: Content;
  at: number;
}

function checkField(place: Place): Fault[] {
  const { field, row, tables } = place;
  const value = row[field.name] ?? '';
  if (value === '') {
    const required = field.required !== 'no' && holds(field.required, row, tables);
    return required ? [fault(place, 'FIELD-REQUIRED', 'chưa có')] : [];
  }
  return [
    ...checkType(place, value),
    ...checkLength(place, value),
    ...checkFormat(place, value),
    ...checkCode(place, value),
  ];
}

function checkType(place: Place, value: string): Fault[] {
  if (!place.field.isNumber || /^-?\d+(\.\d+)?$/.test(value)) return [];
  return [fault(place, 'FIELD-TYPE', `“${value}” không phải là số`)];
}

function checkLength(place: Place, value: string): Fault[] {
  const limit = place.field.maxLength;
  const length = [...value].length;
  if (limit === null || length <= limit) return [];
  return [fault(place, 'FIELD-LENGTH', `dài ${length} ký tự, vượt ${limit} ký tự cho phép`)];
}

/** A day that exists, at a minute that exists. Unknown birth month and day are written 0000. */
function checkFormat(place: Place, value: string): Fault[] {
  const parts = place.field.format === 'dates' ? value.split(';') : [value];
  const wrong = parts.filter((part) => !isWellFormed(part, place.field.format));
  if (wrong.length === 0) return [];
  return [
    fault(place, 'FIELD-FORMAT', `“${wrong.join(';')}” không đúng dạng ${FORMATS[place.field.format] ?? ''}`),
  ];
}

const FORMATS: Partial<Record<Field['format'], string>> = {
  datetime: 'năm tháng ngày giờ phút (yyyymmddHHMM)',
  birth: 'năm tháng ngày giờ phút (yyyymmddHHMM)',
  date: 'năm tháng ngày (yyyymmdd)',
  dates: 'năm tháng ngày (yyyymmdd)',
};

function isWellFormed(value: string, format: Field['format']): boolean {
  switch (format) {
    case 'date':
    case 'dates':
      return /^\d{8}(\d{4})?$/.test(value) && isDay(value.slice(0, 8));
    case 'datetime':
      return /^\d{12}$/.test(value) && isDay(value.slice(0, 8)) && isMinute(value.slice(8));
    case 'birth':
      return /^\d{12}$/.test(value) && isBirthDay(value.slice(0, 8)) && isMinute(value.slice(8));
    default:
      return true;
  }
}

/** `20260230` is no day. */
export function isDay(text: string): boolean {
  const iso = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso);
}

function isBirthDay(text: string): boolean {
  if (text.endsWith('0000')) return text > '1800' && text.slice(0, 4) !== '0000';
  if (text.endsWith('00')) return isDay(`${text.slice(0, 6)}01`);
  return isDay(text);
}

function isMinute(text: string): boolean {
  return text.slice(0, 2) < '24' && text.slice(2) < '60';
}

function checkCode(place: Place, value: string): Fault[] {
  const { field, content, release } = place;
  if (field.list === '') return [];
  const codes = field.format === 'codes' ? value.split(';') : [value];
  const unknown = codes.filter((code) => !codeOn(content, field.list, code, release.date));
  if (unknown.length === 0) return [];
  const day = release.date.split('-').reverse().join('/');
  return [
    fault(place, 'FIELD-CODE', `mã “${unknown.join(';')}” không có trong danh mục còn hiệu lực ngày ${day}`),
  ];
}

function fault(place: Place, code: string, what: string): Fault {
  const { table, field, row, release, content, at } = place;
  const number = table.rows === 'visit' ? null : at + 1;
  return {
    code,
    severity: 'error',
    table: table.name,
    row: number,
    field: field.name,
    label: field.label,
    value: row[field.name] ?? '',
    text: `${field.label} (${field.name}): ${what}; ${remedyFor(field.fact, content)}.`,
    basis: release.title,
  };
}

/** The row of `insurance/remedies` whose fact begins the field's fact longest; fields that nothing fills go to the administrator. */
export function remedyFor(fact: string, content: Content): string {
  const rows = content
    .table('insurance/remedies')
    .filter((row) => fact !== '' && fact.startsWith(row.fact ?? ''));
  const best = rows.sort((a, b) => (b.fact ?? '').length - (a.fact ?? '').length)[0];
  return best?.remedy ?? 'trường này chưa có chỗ ghi trong chương trình, báo quản trị';
}

function missingTable(table: Table): Fault {
  return {
    code: 'TABLE-MISSING',
    severity: 'error',
    table: table.name,
    row: null,
    field: '',
    label: table.label,
    value: '',
    text: `Thiếu ${table.name} (${table.label}): lượt khám chưa đủ dữ liệu để lập hồ sơ, mở lượt khám và hoàn tất.`,
    basis: 'CV 1245/BHXH-CNTT 03/05/2024',
  };
}
