/** A grid as a spreadsheet (ECMA-376, SpreadsheetML): the layout with merged cells, numbers as numbers, text never as a formula. */
import { type ZipEntry, zip } from '../../../kernel/text/zip.ts';
import type { Grid, GridCell } from './grid.ts';
import { escaped } from './xml.ts';

/** Styles of `styles.xml` by what a cell is. */
const STYLE = {
  plain: 0,
  heading: 1,
  title: 2,
  name: 3,
  text: 4,
  number: 5,
  centre: 6,
  sign: 7,
  cross: 8,
  /** Numbers with one digit after the comma; those with two follow, and so on. */
  decimal: 9,
} as const;
const MOST_NAME = 31;
const MOST_DECIMALS = 6;
/** A longer table is read with its headings in sight. */
const LONG = 30;

/** Bytes of an .xlsx with one sheet. The same grid gives the same bytes. */
export function xlsx(grid: Grid, sheetName: string): Buffer {
  const { xml, head } = sheetXml(grid);
  const name = escaped(sheetName.replace(/[[\]:*?/\\']/g, ' ').slice(0, MOST_NAME)) || 'Biểu';
  const titles = `<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">'${name}'!$${head.from}:$${head.to}</definedName></definedNames>`;
  return zip([
    part('[Content_Types].xml', CONTENT_TYPES),
    part('_rels/.rels', RELATIONS),
    part(
      'xl/workbook.xml',
      `<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets>${titles}</workbook>`,
    ),
    part('xl/_rels/workbook.xml.rels', WORKBOOK_RELATIONS),
    part('xl/styles.xml', STYLES),
    part('xl/worksheets/sheet1.xml', xml),
  ]);
}

const part = (name: string, xml: string): ZipEntry => ({
  name,
  bytes: Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${xml}`, 'utf8'),
});

/** Rows from the top: who and which form, title, the table, notes, who signs; and in which rows the table's headings stand. */
function sheetXml(grid: Grid): { xml: string; head: { from: number; to: number } } {
  const page = new Page(grid.widths.length);
  const half = Math.max(1, Math.ceil(grid.widths.length / 2));
  for (let at = 0; at < Math.max(grid.left.length, grid.right.length); at += 1)
    page.line([
      { text: grid.left[at] ?? '', style: STYLE.plain, from: 0, across: half },
      { text: grid.right[at] ?? '', style: STYLE.plain, from: half, across: grid.widths.length - half },
    ]);
  page.line([{ text: grid.title.toUpperCase(), style: STYLE.heading, from: 0, across: grid.widths.length }]);
  for (const text of grid.subtitle)
    page.line([{ text, style: STYLE.centre, from: 0, across: grid.widths.length }]);
  page.line([]);
  const head = { from: page.rows.length + 1, to: page.rows.length + grid.head.length };
  page.table([...grid.head, ...grid.body]);
  page.line([]);
  for (const text of grid.notes)
    page.line([{ text, style: STYLE.plain, from: 0, across: grid.widths.length }]);
  const signs = grid.signatures.length;
  if (signs > 0) {
    const share = Math.max(1, Math.floor(grid.widths.length / signs));
    page.line(
      grid.signatures.map((text, at) => ({
        text,
        style: STYLE.sign,
        from: at * share,
        across: at === signs - 1 ? grid.widths.length - at * share : share,
      })),
    );
  }
  const columns = grid.widths
    .map(
      (width, at) =>
        `<col min="${at + 1}" max="${at + 1}" width="${(width * 11).toFixed(1)}" customWidth="1"/>`,
    )
    .join('');
  const frozen =
    grid.body.length > LONG
      ? `<pane ySplit="${head.to}" topLeftCell="A${head.to + 1}" activePane="bottomLeft" state="frozen"/>`
      : '';
  const view = `<sheetViews><sheetView showGridLines="0" workbookViewId="0">${frozen}</sheetView></sheetViews>`;
  const setup =
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.2" footer="0.2"/><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>';
  const xml = `<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>${view}<cols>${columns}</cols><sheetData>${page.rows.join('')}</sheetData>${page.merged()}${setup}</worksheet>`;
  return { xml, head };
}

interface Placed {
  text: string;
  style: number;
  from: number;
  across: number;
}

class Page {
  readonly rows: string[] = [];
  private readonly merges: string[] = [];
  private readonly columns: number;

  constructor(columns: number) {
    this.columns = columns;
  }

  line(cells: readonly Placed[]): void {
    const row = this.rows.length + 1;
    for (const { from, across } of cells) if (across > 1) this.merge(row, from, across, 1);
    const written = cells.map(({ text, style, from }) => stringCell(row, from, text, style)).join('');
    this.rows.push(`<row r="${row}">${written}</row>`);
  }

  /** Cells stand where no cell above reaches down; the borders of what is merged are drawn on every part. */
  table(lines: readonly (readonly GridCell[])[]): void {
    const reach = new Array<{ down: number; style: number }>(this.columns).fill({ down: 0, style: 0 });
    for (const line of lines) {
      const row = this.rows.length + 1;
      const written: string[] = [];
      const cells = [...line];
      for (let at = 0; at < this.columns; ) {
        if (reach[at]!.down > 0) {
          written.push(`<c r="${place(row, at)}" s="${reach[at]!.style}"/>`);
          reach[at] = { ...reach[at]!, down: reach[at]!.down - 1 };
          at += 1;
          continue;
        }
        const cell = cells.shift();
        if (!cell) break;
        const style = styleOf(cell);
        written.push(tableCell(row, at, cell, style));
        if (cell.across > 1 || cell.down > 1) this.merge(row, at, cell.across, cell.down);
        for (let part = 0; part < cell.across; part += 1) {
          if (part > 0) written.push(`<c r="${place(row, at + part)}" s="${style}"/>`);
          reach[at + part] = { down: cell.down - 1, style };
        }
        at += cell.across;
      }
      this.rows.push(`<row r="${row}">${written.join('')}</row>`);
    }
  }

  merged(): string {
    if (this.merges.length === 0) return '';
    return `<mergeCells count="${this.merges.length}">${this.merges.map((one) => `<mergeCell ref="${one}"/>`).join('')}</mergeCells>`;
  }

  private merge(row: number, from: number, across: number, down: number): void {
    this.merges.push(`${place(row, from)}:${place(row + down - 1, from + across - 1)}`);
  }
}

function tableCell(row: number, at: number, cell: GridCell, style: number): string {
  if (cell.number !== undefined) return `<c r="${place(row, at)}" s="${style}"><v>${cell.number}</v></c>`;
  const indent = cell.kind === 'row-title' ? '   '.repeat(cell.depth ?? 0) : '';
  return stringCell(row, at, `${indent}${cell.text}`, style);
}

/** An inline string is text whatever it begins with. */
function stringCell(row: number, at: number, text: string, style: number): string {
  if (text === '') return `<c r="${place(row, at)}" s="${style}"/>`;
  return `<c r="${place(row, at)}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

function styleOf(cell: GridCell): number {
  switch (cell.kind) {
    case 'title':
      return STYLE.title;
    case 'row-title':
      return STYLE.name;
    case 'text':
      return STYLE.text;
    case 'none':
      return STYLE.cross;
    default:
      return cell.decimals ? STYLE.decimal + Math.min(cell.decimals, MOST_DECIMALS) - 1 : STYLE.number;
  }
}

/** `A1`, `AB12`. */
export function place(row: number, column: number): string {
  let letters = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return `${letters}${row}`;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const CONTENT_TYPES = `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`;
const RELATIONS = `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;
const WORKBOOK_RELATIONS = `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${REL}/styles" Target="styles.xml"/></Relationships>`;

const align = (horizontal: string, vertical = 'center') =>
  `<alignment horizontal="${horizontal}" vertical="${vertical}" wrapText="1"/>`;
const style = (font: number, border: number, alignment: string, format = 0) =>
  `<xf numFmtId="${format}" fontId="${font}" fillId="0" borderId="${border}" xfId="0" applyAlignment="1" applyNumberFormat="1" applyBorder="1" applyFont="1">${alignment}</xf>`;
const THIN = ['left', 'right', 'top', 'bottom'].map((side) => `<${side} style="thin"/>`).join('');
const FONT = (bold: boolean, size: number) =>
  `<font>${bold ? '<b/>' : ''}<sz val="${size}"/><name val="Times New Roman"/></font>`;
/** Ids below this are the standard's own formats. */
const FIRST_FORMAT = 164;
/** Of so many digits after the comma, from one on. */
const DECIMALS = Array.from({ length: MOST_DECIMALS }, (_, at) => ({
  id: FIRST_FORMAT + at,
  code: `#,##0.${'0'.repeat(at + 1)}`,
}));
/** Format 3 is #,##0: the program of the reader writes it, and those with a comma, as its country does. */
const CELLS = [
  style(0, 0, align('left')),
  style(1, 0, align('center')),
  style(2, 1, align('center')),
  style(0, 1, align('left')),
  style(0, 1, align('left')),
  style(0, 1, align('right'), 3),
  style(0, 0, align('center')),
  style(2, 0, align('center')),
  style(0, 1, align('center')),
  ...DECIMALS.map(({ id }) => style(0, 1, align('right'), id)),
];
const STYLES = `<styleSheet xmlns="${MAIN}"><numFmts count="${DECIMALS.length}">${DECIMALS.map(({ id, code }) => `<numFmt numFmtId="${id}" formatCode="${code}"/>`).join('')}</numFmts><fonts count="3">${FONT(false, 11)}${FONT(true, 14)}${FONT(true, 11)}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>${THIN}<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${CELLS.length}">${CELLS.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
