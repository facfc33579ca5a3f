/**
 * Makes `content/insurance/category-rates.csv` from the shared catalogue: `node content/convert/entitlement.ts [shared folder]`.
 * `base-salary.csv` and `entitlement-rules.csv` beside it are kept by hand: few rows, each with its source.
 */
import { readShared, sharedFolder, writeContent } from './files.ts';

/** Categories that reach the facility by the right route: Decision 3276/QĐ-BYT annex 1, wording of each row. */
const RIGHT_ROUTE = new Set(['1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7', '2', '7']);
const DECISION = 'QĐ 3276/QĐ-BYT 17/10/2025 Phụ lục 1';
const COLUMNS = [
  'code',
  'setting',
  'rate_percent',
  'applied_to',
  'right_route',
  'valid_from',
  'valid_to',
  'source',
  'status',
];

const rows = readShared(sharedFolder(process.argv[2]), 'catalog/doi-tuong-kcb-3276-2025-rates.csv').map(
  (row) => ({
    code: row.code!,
    setting: row.setting!,
    rate_percent: row.rate_percent!,
    applied_to: appliedTo(row.applied_to!),
    right_route: RIGHT_ROUTE.has(row.code!) ? 'yes' : 'no',
    valid_from: row.valid_from!,
    valid_to: row.valid_to!,
    source: row.rate_percent === '' ? `${DECISION}: không ghi tỷ lệ` : DECISION,
    status: row.rate_percent === '' ? 'unverified' : 'sourced',
  }),
);
writeContent('insurance/category-rates.csv', COLUMNS, rows);

/** The catalogue's words as one of four codes: card-level, scope (whatever the card), none, by-case. */
function appliedTo(words: string): string {
  if (words === 'card level' || words === 'none') return words.replace(' ', '-');
  return words.startsWith('scope') ? 'scope' : 'by-case';
}
