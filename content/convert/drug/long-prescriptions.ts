/** Circular 26/2025/TT-BYT: days a prescription may last (article 6.8) and the 252 diseases of annex VII. */
import { type Cells, readTable } from './tables.ts';

export const LONG_COLUMNS = ['code', 'disease_vi', 'icd10', 'except', 'source', 'valid_from', 'valid_to'];

/** ICD-10 as printed ("B20 đến B24, Z21", "E10 - E14 (trừ E10.0, …)") to ranges joined with "|". */
export function buildLongPrescriptions(shared: string): Cells[] {
  return readTable(shared, 'data/law/prescription-26-2025-annex7.csv').map((row) => {
    const printed = row.icd10_as_printed!;
    const [listed = '', excluded = ''] = printed.split(/\(?\s*trừ/u);
    return {
      code: row.code!,
      disease_vi: row.disease_vi!,
      icd10: ranges(listed),
      except: ranges(excluded),
      source: `TT 26/2025/TT-BYT Phụ lục VII mục ${row.code}`,
      valid_from: '2025-07-01',
      valid_to: '',
    };
  });
}

const CODE = '[A-Z]\\d{2}(?:\\.\\d{1,2})?';

export function ranges(text: string): string {
  const found: string[] = [];
  const pattern = new RegExp(`(${CODE})(?:\\s*(?:đến|-|–)\\s*(${CODE}))?`, 'gu');
  for (const [, from, to] of text.matchAll(pattern)) found.push(to ? `${from}-${to}` : from!);
  return found.join('|');
}

export const DAYS_COLUMNS = ['rule', 'max_days', 'text_vi', 'source', 'valid_from', 'valid_to'];

export const PRESCRIPTION_DAYS: Cells[] = [
  {
    rule: 'ordinary',
    max_days: '30',
    text_vi: 'Mỗi thuốc kê tối đa 30 ngày',
    source: 'TT 26/2025/TT-BYT Điều 6 khoản 8',
    valid_from: '2025-07-01',
    valid_to: '',
  },
  {
    rule: 'long',
    max_days: '90',
    text_vi: 'Bệnh thuộc Phụ lục VII: tối đa 90 ngày',
    source: 'TT 26/2025/TT-BYT Điều 6 khoản 8 và Phụ lục VII',
    valid_from: '2025-07-01',
    valid_to: '',
  },
];
