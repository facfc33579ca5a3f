/**
 * Makes the field table of a release of the insurance data standard, `content/insurance/xml/<release>.csv`, from the
 * shared copy of its annex and the bindings beside this script (Vietnamese labels, which fact of the record fills a
 * field, value lists, conditions): `node content/convert/insurance-xml.ts [shared folder]`.
 * `releases.csv` and `tables.csv` of the same folder and `check-rules.csv` are kept by hand; each row has its source.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from '../../kernel/content/csv.ts';
import { type Cells, readShared, sharedFolder, writeContent } from './files.ts';

const RELEASE = '3176-2024';
const SINCE = '2025-01-01';
const TABLES = ['XML1', 'XML2', 'XML3', 'XML4', 'XML5'];
const COLUMNS = [
  'table',
  'order',
  'field',
  'label',
  'type',
  'max_length',
  'format',
  'required',
  'list',
  'fact',
];
const TAIL = ['meaning', 'rule', 'valid_from', 'valid_to', 'source'];

const shared = sharedFolder(process.argv[2]);
const bindings = parseCsv(readFileSync(join(import.meta.dirname, 'insurance/bindings.csv'), 'utf8'));

const rows = readShared(shared, 'bhyt/xml-3176-fields.csv')
  .filter((row) => TABLES.includes(row.table!))
  .flatMap((row) => periods(row, fieldRow(row)));
writeContent(`insurance/xml/${RELEASE}.csv`, [...COLUMNS, ...TAIL], rows);

function fieldRow(row: Cells): Cells {
  const binding = bindingOf(row.table!, row.field!);
  return {
    table: row.table!,
    order: row.order!,
    field: row.field!,
    label: binding.label!,
    type: row.type!,
    max_length: row.max_length === 'n' ? '' : row.max_length!.replace(/ .*/, ''),
    format: binding.format!,
    required: binding.required || plainRequirement(row),
    list: binding.list!,
    fact: binding.fact!,
    meaning: row.meaning!,
    rule: row.rule_or_code_list!,
    valid_from: SINCE,
    valid_to: '',
    source: 'QĐ 3176/QĐ-BYT 29/10/2024 (bản chép thứ cấp); cột required theo kiểm tra của cổng QĐ 4750',
  };
}

function bindingOf(table: string, field: string): Cells {
  const found =
    bindings.find((each) => each.table === table && each.field === field) ??
    bindings.find((each) => each.table === '*' && each.field === field);
  if (!found) throw new Error(`bindings.csv has no row for ${table}.${field}`);
  return found;
}

/** `yes` and `no` are taken as they stand; every condition must be written out in the bindings. */
function plainRequirement(row: Cells): string {
  if (row.required === 'yes' || row.required === 'no') return row.required;
  throw new Error(`${row.table}.${row.field}: condition "${row.required}" is not in bindings.csv`);
}

/** Two fields changed while the release was in force. */
function periods(row: Cells, made: Cells): Cells[] {
  if (row.field === 'MUC_HUONG') {
    const source = 'QĐ 1931/QĐ-BYT 29/06/2026 (nguồn thứ cấp)';
    return [
      { ...made, valid_to: '2026-06-30' },
      { ...made, max_length: '4', valid_from: '2026-07-01', source },
    ];
  }
  if (row.field === 'MAHUYEN_CU_TRU') {
    const source = 'Không còn cấp huyện từ 01/07/2025 (QĐ 19/2025/QĐ-TTg)';
    return [
      { ...made, valid_to: '2025-06-30' },
      { ...made, required: 'no', valid_from: '2025-07-01', source },
    ];
  }
  return [made];
}
