/**
 * Makes the price lists of the demo province, `content/prices/{services,medicines}.csv`, one row per class of facility,
 * from the services and medicines of the clinic: `node content/convert/prices.ts`. A province that goes live replaces
 * both files by the prices its People's Council approved (Law 15/2023, Circular 21/2024/TT-BYT); nothing else changes.
 * `facility-classes.csv`, `examinations.csv` and `examination-rates.csv` are kept by hand.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from '../../kernel/content/csv.ts';
import { type Cells, writeContent } from './files.ts';

const content = (name: string) =>
  parseCsv(readFileSync(join(import.meta.dirname, '..', `${name}.csv`), 'utf8'));
const classes = content('prices/facility-classes');
const TAIL = ['valid_from', 'valid_to', 'status', 'source'];

writeContent(
  'prices/services.csv',
  ['price_class', 'code', 'name', 'unit', 'cost_group', 'price', 'insured_price', 'insured_rate', ...TAIL],
  content('clinic/services').flatMap((row) =>
    classes
      .filter((each) => isOffered(row, each.facility_type!))
      .map((each) => servicePrice(row, each.price_class!)),
  ),
);
writeContent(
  'prices/medicines.csv',
  ['price_class', 'code', 'cost_group', 'price', 'insured_rate', ...TAIL],
  content('drug/medicines').flatMap((row) =>
    classes.map((each) => ({
      price_class: each.price_class!,
      code: row.code!,
      cost_group: row.cost_group!,
      price: row.price!,
      insured_rate: row.insured === '1' ? row.pay_rate! : '0',
      valid_from: row.valid_from!,
      valid_to: row.valid_to!,
      status: 'demo',
      source: row.source!,
    })),
  ),
);

/** Examinations are priced for the facilities that give them, everything else for all. */
function isOffered(row: Cells, facilityType: string): boolean {
  return row.facility_types === '' || row.facility_types!.split('|').includes(facilityType);
}

/** A plain insured service of a public facility has one price: DON_GIA_BV = DON_GIA_BH (bhyt-xml.md section 5). */
function servicePrice(row: Cells, priceClass: string): Cells {
  const insured = row.insured === '1';
  return {
    price_class: priceClass,
    code: row.code!,
    name: row.name_vi!,
    unit: 'Lần',
    cost_group: row.cost_group!,
    price: row.price!,
    insured_price: insured ? row.price! : '0',
    insured_rate: insured ? row.pay_rate! : '0',
    valid_from: row.valid_from!,
    valid_to: row.valid_to!,
    status: 'demo',
    source: row.source!,
  };
}
