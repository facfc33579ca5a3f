/** Every form and book of the content as it leaves the house: ADX by the rules of its schema, spreadsheets that a reader opens without repair. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { openContent } from '../../../kernel/content/content.ts';
import { datedFiles } from '../../../kernel/content/dated.ts';
import type { RegisterDefinition, ReportDefinition } from '../definition.ts';
import { planReport } from '../plan.ts';
import { adxLines } from '../read/adx.ts';
import { unzip } from '../read/unzip.ts';
import { makeSheet } from '../sheet.ts';
import { viewsOf } from '../views.ts';
import { adx, adxPeriod } from './adx.ts';
import { type Grid, type GridCell, registerGrid, reportGrid } from './grid.ts';
import { xlsx } from './xlsx.ts';

const content = openContent(join(import.meta.dirname, '../../../content'));
const forms = datedFiles<ReportDefinition>(content, 'reports');
const books = datedFiles<RegisterDefinition>(content, 'registers');
const heading = { left: ['SỞ Y TẾ', 'TRẠM'], unit: 'Đơn vị: Trạm <A> & B', period: 'Tháng 10' };
const parser = new XMLParser({
  ignoreAttributes: false,
  isArray: (tag) => ['row', 'c', 'mergeCell', 'xf', 'group', 'dataValue'].includes(tag),
});

/** Numbers in every cell that takes one. */
function filled(definition: ReportDefinition) {
  const { plan } = planReport(definition, viewsOf(content));
  const names = [...plan.cells.values()];
  const counted = new Map(names.map(({ cell }, at) => [cell, at * 3]));
  const typed = new Map(
    names.flatMap(({ cell, kind }, at) => (kind === 'typed' ? [[cell, at] as const] : [])),
  );
  return { plan, sheet: makeSheet(plan, counted, typed) };
}

test('ADX: what the mandatory schema of the profile asks for, and the same numbers when it is read again', () => {
  for (const { key, file, value } of forms) {
    const { sheet } = filled(value);
    const values = [...sheet].flatMap(([cell, one]) =>
      one.value === null ? [] : [{ cell, value: one.value }],
    );
    const period = adxPeriod('2026-10-01', value.period);
    const text = adx(
      [{ unit: 'cs-1 & "2"', period, form: `${key}|2026-01-01`, values }],
      '2026-11-06T08:00:00+07:00',
    );
    assert.ok(text.startsWith('<?xml version="1.0" encoding="UTF-8"?>'));
    const { adx: root } = parser.parse(text, true);
    assert.deepEqual(Object.keys(root).sort(), ['@_exported', '@_xmlns', 'group'], file);
    assert.equal(root['@_xmlns'], 'urn:ihe:qrph:adx:2015');
    assert.match(root['@_exported'], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
    for (const group of root.group) {
      assert.deepEqual(Object.keys(group).sort(), ['@_dataSet', '@_orgUnit', '@_period', 'dataValue']);
      assert.match(group['@_period'], /^\d{4}-\d\d-\d\d\/P\d+[DWMY]$/);
      const names = group.dataValue.map((one: Record<string, string>) => one['@_dataElement']);
      assert.equal(new Set(names).size, names.length, `${file}: a data element twice`);
      for (const one of group.dataValue) assert.match(one['@_value'], /^-?\d+(\.\d+)?$/, 'xs:decimal');
    }
    assert.deepEqual(
      adxLines(text)!.map(({ cell, value: said }) => [cell, Number(said)]),
      values.map(({ cell, value: number }) => [cell, number]),
    );
    assert.equal(adxLines(text)![0]!.unit, 'cs-1 & "2"');
  }
});

test('ADX: a number too small or too great for plain digits has no exponent', () => {
  const values = [1e-7, -2.5e-9, 1e21, 0].map((value, at) => ({ cell: `c${at}`, value }));
  const lines = adxLines(adx([{ unit: 'u', period: '2026-10-01/P1M', form: 'f', values }], 'x'))!;
  assert.deepEqual(
    lines.map(({ value }) => value),
    ['0.0000001', '-0.0000000025', '1000000000000000000000', '0'],
  );
});

/** `AB12` → column from 1, row. */
function placeOf(ref: string): [column: number, row: number] {
  const [, letters = '', row = ''] = /^([A-Z]+)(\d+)$/.exec(ref) ?? assert.fail(ref);
  return [[...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0), Number(row)];
}

/** @throws AssertionError for what makes Excel offer a repair */
function assertOpens(grid: Grid, name: string): number {
  const parts = unzip(xlsx(grid, name)) ?? assert.fail(`${name} is no archive`);
  const part = (path: string) => parser.parse(parts.get(path)!.toString('utf8'), true);
  const [{ worksheet }, { styleSheet }] = [part('xl/worksheets/sheet1.xml'), part('xl/styles.xml')];
  const { '@_name': sheetName } = part('xl/workbook.xml').workbook.sheets.sheet;
  assert.match(sheetName, /^[^[\]:*?/\\]{1,31}$/);
  const formats = new Set(styleSheet.numFmts.numFmt.map((one: Record<string, string>) => one['@_numFmtId']));
  assert.equal(styleSheet.cellStyles.cellStyle['@_name'], 'Normal', 'the style that cells without one have');
  const styles = styleSheet.cellXfs.xf.length;
  assert.equal(Number(styleSheet.cellXfs['@_count']), styles);
  let numbers = 0;
  for (const row of worksheet.sheetData.row) {
    let before = 0;
    for (const cell of row.c ?? []) {
      const [column, line] = placeOf(cell['@_r']);
      assert.equal(line, Number(row['@_r']));
      assert.ok(column > before, `${name}: ${cell['@_r']} after column ${before}`);
      before = column;
      assert.ok(Number(cell['@_s']) < styles);
      if (cell.v === undefined) continue;
      assert.equal(cell['@_t'], undefined, 'a number is a number');
      assert.ok(Number.isFinite(cell.v));
      const format = styleSheet.cellXfs.xf[Number(cell['@_s'])]['@_numFmtId'];
      assert.ok(format === '3' || formats.has(format), 'and looks like one');
      numbers += 1;
    }
  }
  const held = new Set<string>();
  const merges = worksheet.mergeCells?.mergeCell ?? [];
  assert.equal(Number(worksheet.mergeCells?.['@_count'] ?? 0), merges.length);
  for (const { '@_ref': ref } of merges) {
    const [from, to] = String(ref).split(':').map(placeOf) as [[number, number], [number, number]];
    assert.ok(from[0] <= to[0] && from[1] <= to[1] && ref.split(':')[0] !== ref.split(':')[1], ref);
    for (let column = from[0]; column <= to[0]; column += 1)
      for (let row = from[1]; row <= to[1]; row += 1) {
        assert.ok(!held.has(`${column} ${row}`), `${name}: ${ref} overlaps another`);
        held.add(`${column} ${row}`);
      }
  }
  return numbers;
}

/** Every line of a grid fills its width, spans of the lines above counted. */
function assertWhole(grid: Grid, name: string): void {
  const reach = new Array<number>(grid.widths.length).fill(0);
  for (const line of [...grid.head, ...grid.body]) {
    const cells = [...line];
    for (let at = 0; at < reach.length; ) {
      if (reach[at]! > 0) {
        reach[at]! -= 1;
        at += 1;
        continue;
      }
      const cell =
        cells.shift() ?? assert.fail(`${name}: a line ends at column ${at + 1} of ${reach.length}`);
      for (let part = 0; part < cell.across; part += 1) reach[at + part] = cell.down - 1;
      at += cell.across;
    }
    assert.equal(cells.length, 0, `${name}: a line is wider than the form`);
  }
}

test('spreadsheets of every form and book: numbers are numbers, merged cells lie apart, every line is as wide as the form', () => {
  for (const { file, value } of forms) {
    const { plan, sheet } = filled(value);
    const grid = reportGrid(plan, sheet, heading);
    assertWhole(grid, file);
    const shown = [...sheet.values()].filter((one) => one.value !== null).length;
    assert.equal(assertOpens(grid, value.code), shown, file);
  }
  for (const { file, value } of books) {
    const cells = Object.fromEntries(value.columns.map(({ key }) => [key, '=1+1 <b>']));
    const grid = registerGrid(value, [{ cells }, { cells }], heading);
    assertWhole(grid, file);
    assert.equal(assertOpens(grid, value.code), 0, 'texts of a book are no numbers');
  }
});

test('a book with one column, and a name that no sheet may have', () => {
  const [{ value }] = books as [(typeof books)[number]];
  const narrow = { ...value, columns: [{ key: 'a', title: 'A', titleEn: 'A', value: 'number' }] };
  for (const name of ['A/B:C*?[x]\\', '', 'x'.repeat(50)])
    assertOpens(registerGrid(narrow, [{ cells: { a: '1' } }], heading), name);
});

const cell = (text: string, kind: GridCell['kind'], more: Partial<GridCell> = {}): GridCell => ({
  text,
  across: 1,
  down: 1,
  kind,
  ...more,
});

test('a spreadsheet shows every digit that the form has, and repeats its headings on each page and above a long table', () => {
  const grid = (lines: number): Grid => ({
    left: ['SỞ Y TẾ'],
    right: [],
    title: 'Thu chi',
    subtitle: ['Năm 2026'],
    widths: [2, 1],
    head: [[cell('Chỉ tiêu', 'title'), cell('Triệu đồng', 'title')]],
    body: Array.from({ length: lines }, (_, at) => [
      cell(`Dòng ${at}`, 'row-title'),
      cell('340,125', 'number', { number: 340.125, decimals: at % 7 }),
    ]),
    notes: [],
    signatures: [],
  });
  const partsOf = (lines: number) => {
    const parts = unzip(xlsx(grid(lines), "Biểu 2/BCX 'năm'"))!;
    return (path: string) => parser.parse(parts.get(path)!.toString('utf8'), true);
  };
  const long = partsOf(40);
  const { styleSheet } = long('xl/styles.xml');
  const { worksheet } = long('xl/worksheets/sheet1.xml');
  const codes = new Map<string, string>(
    styleSheet.numFmts.numFmt.map((one: Record<string, string>) => [one['@_numFmtId'], one['@_formatCode']]),
  );
  const rows = worksheet.sheetData.row.slice(5, 12);
  assert.deepEqual(
    rows.map(({ c }: { c: Record<string, string>[] }) => {
      const format = styleSheet.cellXfs.xf[Number(c[1]!['@_s'])]['@_numFmtId'];
      return codes.get(format) ?? format;
    }),
    ['3', ...[1, 2, 3, 4, 5, 6].map((digits) => `#,##0.${'0'.repeat(digits)}`)],
  );
  const { definedName } = long('xl/workbook.xml').workbook.definedNames;
  assert.deepEqual(
    [definedName['@_name'], definedName['#text']],
    ['_xlnm.Print_Titles', "'Biểu 2 BCX  năm '!$5:$5"],
  );
  const { pane } = worksheet.sheetViews.sheetView;
  assert.deepEqual([pane['@_ySplit'], pane['@_topLeftCell'], pane['@_state']], ['5', 'A6', 'frozen']);
  const short = partsOf(8)('xl/worksheets/sheet1.xml').worksheet.sheetViews.sheetView;
  assert.equal(short.pane, undefined, 'what is seen whole needs no frozen heading');
});

test('words that XML cannot hold do not make a file unreadable', () => {
  const comment = 'sổ\u0000 giấy\u000b <b> & "c"';
  const text = adx(
    [{ unit: 'u', period: '2026-10-01/P1M', form: 'f', values: [{ cell: 'a', value: 1, comment }] }],
    '2026-11-06T08:00:00+07:00',
  );
  assert.equal(parser.parse(text, true).adx.group[0].dataValue[0].annotation, 'sổ giấy <b> & "c"');
});
