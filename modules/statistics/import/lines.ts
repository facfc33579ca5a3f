/** A file of numbers as lines that each say where a number belongs: CSV of our own columns, ADX, or a form's spreadsheet. */
import {
  adxLines,
  type Plan,
  periodOfAdx,
  type SheetValue,
  sheetRows,
  tableLines,
} from '../../../engines/reports/index.ts';
import { parseCsv } from '../../../kernel/content/csv.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { SheetKey } from '../entries.ts';

export interface FileLine extends SheetKey {
  /** Line of the CSV, row of the spreadsheet, dataValue of the ADX, from 1. */
  line: number;
  cell: string;
  /** As it stands in the file. */
  value: string | number | null;
  /** What is wrong with the line itself. */
  fault?: { text: string; textEn: string };
}

export interface FileRead {
  kind: 'csv' | 'adx' | 'xlsx';
  lines: FileLine[];
  /** What the file lacks or has beside the form, as sentences. */
  notes: { text: string; textEn: string }[];
}

const COLUMNS = ['form', 'unit', 'period', 'cell', 'value'] as const;
const MOST_LINES = 50_000;

/**
 * @param sheet the report that is open: a spreadsheet is read into it; lines of other files say their own
 * @throws Failure `invalid-parameter` for bytes that are none of the three
 */
export function readFile(bytes: Buffer, sheet: (SheetKey & { plan: Plan }) | null): FileRead {
  const read = bytes.subarray(0, 2).toString('latin1') === 'PK' ? readXlsx(bytes, sheet) : readText(bytes);
  if (read.lines.length > MOST_LINES)
    throw new Failure('invalid-parameter', `Tệp có hơn ${MOST_LINES} dòng. Hãy chia tệp.`, {
      textEn: `the file has more than ${MOST_LINES} lines: divide it`,
      expression: 'content',
    });
  return read;
}

function readText(bytes: Buffer): FileRead {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  return text.trimStart().startsWith('<') ? readAdx(text) : readCsv(text);
}

function readCsv(text: string): FileRead {
  const rows = parseCsv(text);
  const lacking = COLUMNS.filter((name) => rows[0] !== undefined && !(name in rows[0]));
  if (rows.length === 0 || lacking.length > 0)
    throw new Failure(
      'invalid-parameter',
      `Tệp CSV cần dòng đầu với các cột ${COLUMNS.join(', ')}${lacking.length > 0 ? `; thiếu ${lacking.join(', ')}` : ''}.`,
      {
        textEn: `a CSV file begins with a line that names the columns ${COLUMNS.join(', ')}`,
        expression: 'content',
      },
    );
  const lines = rows.map(
    ({ form = '', unit = '', period = '', cell = '', value = '' }, at): FileLine => ({
      line: at + 2,
      form: form.trim(),
      unit: unit.trim(),
      period: period.trim(),
      cell: cell.trim(),
      value: value.trim() === '' ? null : value.trim(),
    }),
  );
  return { kind: 'csv', lines, notes: [] };
}

function readAdx(text: string): FileRead {
  const lines = adxLines(text);
  if (lines === null)
    throw new Failure('invalid-parameter', 'Tệp XML này không phải ADX, hoặc không đọc được.', {
      textEn: 'this XML is no ADX (IHE QRPH), or cannot be read',
      expression: 'content',
    });
  return {
    kind: 'adx',
    lines: lines.map(({ line, unit, period, form, cell, value }): FileLine => {
      const known = periodOfAdx(period);
      const place = { line, unit, form: form.split('|')[0]!, cell, value: value === '' ? null : value };
      if (known !== '') return { ...place, period: known };
      return {
        ...place,
        period,
        fault: {
          text: `Kỳ “${period}” không phải tháng, quý hay năm tròn.`,
          textEn: `period "${period}" is no whole month, quarter or year`,
        },
      };
    }),
    notes: [],
  };
}

function readXlsx(bytes: Buffer, sheet: (SheetKey & { plan: Plan }) | null): FileRead {
  if (sheet === null)
    throw new Failure('invalid-parameter', 'Hãy mở báo cáo cần nhập rồi mới chọn tệp bảng tính.', {
      textEn: 'a spreadsheet does not say its unit and period: open the report first (form, unit, period)',
      expression: 'form',
    });
  const rows = sheetRows(bytes);
  const table = rows && tableLines(sheet.plan, rows);
  if (table === null || table.lines.length === 0)
    throw new Failure('invalid-parameter', 'Không thấy dòng nào của biểu trong tệp bảng tính.', {
      textEn: 'the spreadsheet cannot be read, or none of its rows bears the name of a row of the form',
      expression: 'content',
    });
  const { form, unit, period } = sheet;
  const asRead = (value: SheetValue) => (typeof value === 'string' && value.trim() === '' ? null : value);
  return {
    kind: 'xlsx',
    lines: table.lines.map((line) => ({ ...line, value: asRead(line.value), form, unit, period })),
    notes: [
      ...table.missing.map((title) => ({
        text: `Tệp không có dòng “${title}”: số của dòng này giữ nguyên.`,
        textEn: `the file has no row "${title}": its numbers stay as they are`,
      })),
      ...table.strange.map(({ line, text }) => ({
        text: `Dòng ${line} “${text}” không thuộc biểu nên không được đọc.`,
        textEn: `row ${line} "${text}" is no row of the form and was not read`,
      })),
    ],
  };
}

/** A number as a file writes it: `1234.5`; also `1.234,5` of Vietnam where it can be nothing else. Undefined for anything else. */
export function numberIn(value: string | number | null): number | null | undefined {
  if (value === null || typeof value === 'number') return value;
  if (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return Number(value);
  if (/^-?\d+,\d+$/.test(value)) return Number(value.replace(',', '.'));
  if (/^-?\d{1,3}(\.\d{3})+,\d+$/.test(value) || /^-?\d{1,3}(\.\d{3}){2,}$/.test(value))
    return Number(value.replaceAll('.', '').replace(',', '.'));
  return undefined;
}
