/** Writing of the inner files and of the envelope (letter 1245/BHXH-CNTT of 03/05/2024). */
import { sid } from '../../../kernel/fhir/systems.ts';
import type { ClaimRow, ClaimTables } from './condition.ts';
import { type ClaimFacts, episodeDay, identifierOf } from './facts.ts';
import type { Release, Table } from './release.ts';

const PROLOG = '<?xml version="1.0" encoding="utf-8"?>';
const NAMESPACES =
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"';

/** Inner XML by table name, in the order of the release. */
export function innerFiles(tables: ClaimTables, release: Release): Record<string, string> {
  const files: Record<string, string> = {};
  for (const table of release.tables) {
    const rows = tables[table.name];
    if (rows) files[table.name] = innerFile(table, rows);
  }
  return files;
}

/** `<ROOT><LIST><ROW>…</ROW><ROW>…</ROW></LIST></ROOT>`: the last step of the path repeats. */
function innerFile(table: Table, rows: readonly ClaimRow[]): string {
  const outer = table.path.slice(0, -1);
  const last = table.path.at(-1) ?? '';
  const body = rows
    .map((row) =>
      element(last, table.fields.map((field) => textElement(field.name, row[field.name] ?? '')).join('')),
    )
    .join('');
  return PROLOG + outer.reduceRight((inner, name) => element(name, inner), body);
}

/**
 * One HOSO with a FILEHOSO a table. NGAYLAP is the day on which the episode ended, not the day of the download, so
 * that the file made again is the same file.
 */
export function envelope(facts: ClaimFacts, files: Readonly<Record<string, string>>): string {
  const record = Object.entries(files)
    .map(([name, xml]) =>
      element('FILEHOSO', textElement('LOAIHOSO', name) + textElement('NOIDUNGFILE', base64(xml))),
    )
    .join('');
  return (
    PROLOG +
    `<GIAMDINHHS ${NAMESPACES}>` +
    element('THONGTINDONVI', textElement('MACSKCB', identifierOf(facts.organization, sid.cskcb))) +
    element(
      'THONGTINHOSO',
      textElement('NGAYLAP', episodeDay(facts.encounter).replaceAll('-', '')) +
        textElement('SOLUONGHOSO', '1') +
        element('DANHSACHHOSO', element('HOSO', record)),
    ) +
    '<CHUKYDONVI/></GIAMDINHHS>'
  );
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function element(name: string, inner: string): string {
  return `<${name}>${inner}</${name}>`;
}

function textElement(name: string, text: string): string {
  return text === '' ? `<${name}/>` : element(name, escapeXml(text));
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}
