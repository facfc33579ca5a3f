/**
 * The table that a spreadsheet puts on the clipboard beside its plain text. LibreOffice, Excel and Google Sheets say there what number a
 * cell holds, however it is shown: `1,234.50` of an English spreadsheet is told apart from `1.234,50` of a Vietnamese one. Pure.
 */

const ROW = /<tr\b[^>]*>([\s\S]*?)(?=<tr\b|<\/tr>|<\/table>|$)/gi;
const CELL = /<t[dh]\b([^>]*)>([\s\S]*?)(?=<t[dh]\b|<\/t[dh]>|<\/tr>|$)/gi;
const LONGEST = 2_000_000;

interface Read {
  text: string;
  isExact: boolean;
}

/** Its cells as they would be typed in Vietnam, lines of them; null when no cell says its number: then the plain text says as much. */
export function cellsOfHtml(html: string): string[][] | null {
  if (html.length > LONGEST || !/<table\b/i.test(html)) return null;
  const rows = [...html.matchAll(ROW)].map(([, inner = '']) => [...inner.matchAll(CELL)]);
  const held = new Map<string, true>();
  let exact = false;
  const lines = rows.map((cells, down) => {
    const line: string[] = [];
    for (const [, attributes = '', inner = ''] of cells) {
      while (held.has(`${down} ${line.length}`)) line.push('');
      const read = readCell(attributes, inner);
      exact ||= read.isExact;
      const [across, deep] = [spanOf(attributes, 'colspan'), spanOf(attributes, 'rowspan')];
      for (let below = 1; below < deep; below += 1)
        for (let beside = 0; beside < across; beside += 1)
          held.set(`${down + below} ${line.length + beside}`, true);
      line.push(read.text, ...Array.from({ length: across - 1 }, () => ''));
    }
    return line;
  });
  return exact ? lines : null;
}

function readCell(attributes: string, inner: string): Read {
  const number = numberOf(attributes);
  if (number !== null) return { text: String(number).replace('.', ','), isExact: true };
  const shown = inner
    .replace(/<br\b[^>]*>/gi, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ');
  return { text: decoded(shown).trim(), isExact: false };
}

/** LibreOffice says `sdval`, Excel `x:num`, Google Sheets a value of kind 3. */
function numberOf(attributes: string): number | null {
  const said = attributeOf(attributes, 'sdval') ?? attributeOf(attributes, 'x:num');
  if (said !== null && said !== '' && Number.isFinite(Number(said))) return Number(said);
  const sheets = attributeOf(attributes, 'data-sheets-value');
  if (sheets === null) return null;
  const [, value] = /^\{"1":3,"3":(-?[\d.eE+-]+)\}$/.exec(decoded(sheets)) ?? [];
  return value === undefined || !Number.isFinite(Number(value)) ? null : Number(value);
}

function attributeOf(attributes: string, name: string): string | null {
  const [, quoted, single, bare] =
    new RegExp(`(?:^|\\s)${name}=(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(attributes) ?? [];
  return quoted ?? single ?? bare ?? null;
}

const MOST_SPAN = 200;

function spanOf(attributes: string, name: string): number {
  const span = Number(attributeOf(attributes, name) ?? 1);
  return Number.isInteger(span) && span > 0 ? Math.min(span, MOST_SPAN) : 1;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
