/**
 * Notifiable diseases: `catalog/benh-truyen-nhiem-bao-cao.csv` of the reference data → `content/surveillance/notifiable.csv`,
 * one row per ICD-10 range. `node content/convert/surveillance.ts [shared folder]`
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCsv, parseCsv } from '../../kernel/content/csv.ts';

const COLUMNS = [
  'disease',
  'name',
  'group',
  'icd_from',
  'icd_to',
  'within_hours',
  'valid_from',
  'valid_to',
  'source',
  'status',
];
const HOURS: Record<string, string> = { '24h': '24', '48h': '48' };
const SOURCE = 'Thông tư 54/2015/TT-BYT';

/** Where the code list in force (QĐ 4469/QĐ-BYT, 2020) puts a disease that the notifiable list names by an older code. */
const MOVED: Record<string, { from: string; to: string }[]> = { '13': [{ from: 'A97', to: 'A97' }] };

/** `A90-A91` → one range; `U04.9/B97.2` → two; an empty cell (unknown agent) → none. */
export function icdRanges(cell: string): { from: string; to: string }[] {
  return cell
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      const [from = '', to = from] = part.split('-');
      return { from, to };
    });
}

export function convertNotifiable(source: string): string {
  const rows = parseCsv(source).flatMap((row) =>
    [...icdRanges(row.icd10 ?? ''), ...(MOVED[row.no ?? ''] ?? [])].map((range) => ({
      disease: row.no ?? '',
      name: row.name ?? '',
      group: (row.group ?? '').slice(0, 1),
      icd_from: range.from,
      icd_to: range.to,
      // Monthly and specially regulated diseases are counted, not alerted.
      within_hours: HOURS[row.report_within ?? ''] ?? '',
      valid_from: '2016-07-01',
      valid_to: '',
      source: SOURCE,
      // The circular ended on 2026-07-01; the list of Decision 1965/QĐ-BYT (2026) has not been seen yet.
      status: `icd10 ${row.source_confidence ?? ''}; list to be replaced by QĐ 1965/QĐ-BYT (2026), not seen`,
    })),
  );
  return formatCsv(COLUMNS, rows);
}

if (import.meta.main) {
  const shared = process.argv[2] ?? '../shared';
  const target = join(import.meta.dirname, '../surveillance');
  mkdirSync(target, { recursive: true });
  const source = readFileSync(join(shared, 'data/catalog/benh-truyen-nhiem-bao-cao.csv'), 'utf8');
  writeFileSync(join(target, 'notifiable.csv'), convertNotifiable(source));
}
