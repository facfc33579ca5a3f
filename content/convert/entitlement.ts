/**
 * Makes `content/insurance/{card-levels,patient-categories,category-rates}.csv` from the shared catalogues:
 * `node content/convert/entitlement.ts [shared folder]`. `base-salary.csv` and `entitlement-rules.csv` are kept by hand: they hold few
 * rows, each with its source.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCsv, parseCsv } from '../../kernel/content/csv.ts';

const shared = process.argv[2] ?? '../shared';
const target = join(import.meta.dirname, '..', 'insurance');
const read = (name: string) => parseCsv(readFileSync(join(shared, 'data/catalog', name), 'utf8'));

/** Categories that reach the facility by the right route: Decision 3276/QĐ-BYT annex 1, wording of each row. */
const RIGHT_ROUTE = new Set(['1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7', '2', '7']);
const DECISION = 'QĐ 3276/QĐ-BYT 17/10/2025, phụ lục 1';
/** Decision 3276 classifies data from this day on (bhyt-benefits.md section 1). */
const SINCE = '2025-07-01';

writeCardLevels();
writeCategories();
writeRates();

function writeCardLevels(): void {
  const rows = read('the-bhyt-quyen-loi.csv').map((row) => ({
    digit: row.code ?? '',
    level_percent: row.benefit_percent ?? '',
    note: row.note ?? '',
    groups: row.examples ?? '',
    valid_from: '',
    valid_to: '',
    status: 'secondary',
    source: 'QĐ 1351/QĐ-BHXH; catalog/the-bhyt-quyen-loi.csv (groups from memory)',
  }));
  write(
    'card-levels',
    ['digit', 'level_percent', 'note', 'groups', 'valid_from', 'valid_to', 'status', 'source'],
    rows,
  );
}

function writeCategories(): void {
  const rows = read('doi-tuong-kcb-3276-2025.csv').map((row) => ({
    code: row.code ?? '',
    name: row.case_vi ?? '',
    legal_basis: row.legal_basis ?? '',
    benefit: row.benefit_vi ?? '',
    right_route: RIGHT_ROUTE.has(row.code ?? '') ? 'yes' : 'no',
    valid_from: SINCE,
    valid_to: '',
    status: 'official',
    source: DECISION,
  }));
  write(
    'patient-categories',
    ['code', 'name', 'legal_basis', 'benefit', 'right_route', 'valid_from', 'valid_to', 'status', 'source'],
    rows,
  );
}

function writeRates(): void {
  const rows = read('doi-tuong-kcb-3276-2025-rates.csv').map((row) => ({
    code: row.code ?? '',
    setting: row.setting ?? '',
    rate_percent: row.rate_percent ?? '',
    applied_to: appliedTo(row.applied_to ?? ''),
    valid_from: row.valid_from ?? '',
    valid_to: row.valid_to ?? '',
    status: row.rate_percent === '' ? 'unverified' : 'sourced',
    source: row.rate_percent === '' ? `${DECISION}: ${row.applied_to}` : DECISION,
  }));
  write(
    'category-rates',
    ['code', 'setting', 'rate_percent', 'applied_to', 'valid_from', 'valid_to', 'status', 'source'],
    rows,
  );
}

/** The catalogue's words as one of four codes: card-level, scope (whatever the card), none, by-case. */
function appliedTo(words: string): string {
  if (words === 'card level' || words === 'none') return words.replace(' ', '-');
  return words.startsWith('scope') ? 'scope' : 'by-case';
}

function write(name: string, columns: string[], rows: Record<string, string>[]): void {
  writeFileSync(join(target, `${name}.csv`), formatCsv(columns, rows));
}
