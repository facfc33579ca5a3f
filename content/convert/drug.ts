/**
 * Makes `content/drug/` and the service tables of `content/clinic/` from the shared reference data and from the
 * hand-kept inputs in `content/convert/drug/`. Run: `node content/convert/drug.ts [shared folder]`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildIngredients, INGREDIENT_COLUMNS, type Ingredients } from './drug/ingredients.ts';
import {
  buildLongPrescriptions,
  DAYS_COLUMNS,
  LONG_COLUMNS,
  PRESCRIPTION_DAYS,
} from './drug/long-prescriptions.ts';
import { buildMedicines, buildRoutes, MEDICINE_COLUMNS, ROUTE_COLUMNS } from './drug/medicines.ts';
import { buildPairs, PAIR_COLUMNS } from './drug/pairs.ts';
import { buildServices, buildTests, SERVICE_COLUMNS, TEST_COLUMNS } from './drug/services.ts';
import { type Cells, readInput, writeTable } from './drug/tables.ts';

const shared = process.argv[2] ?? join(import.meta.dirname, '../../../shared');
const drug = join(import.meta.dirname, '../drug');
const clinic = join(import.meta.dirname, '../clinic');
mkdirSync(drug, { recursive: true });
mkdirSync(clinic, { recursive: true });

const ingredients = buildIngredients(shared);
const pairs = buildPairs(shared, ingredients);
const medicines = buildMedicines(ingredients);
const unmapped = [...pairs.unmapped, ...medicines.unmapped];
if (unmapped.length > 0) throw new Error(`Ingredients without a code: ${[...new Set(unmapped)].join(', ')}`);

writeTable(join(drug, 'ingredients.csv'), INGREDIENT_COLUMNS, ingredients.rows);
writeTable(join(drug, 'contraindicated-pairs.csv'), PAIR_COLUMNS, pairs.rows);
writeTable(join(drug, 'medicines.csv'), MEDICINE_COLUMNS, medicines.rows);
writeTable(join(drug, 'routes.csv'), ROUTE_COLUMNS, buildRoutes(shared));
writeTable(join(drug, 'long-prescriptions.csv'), LONG_COLUMNS, buildLongPrescriptions(shared));
writeTable(join(drug, 'prescription-days.csv'), DAYS_COLUMNS, PRESCRIPTION_DAYS);
for (const name of ['cross-reactivity', 'dose-limits', 'renal-limits', 'age-limits', 'condition-limits']) {
  writeCoded(name, ingredients);
}
writeTable(join(clinic, 'services.csv'), SERVICE_COLUMNS, buildServices(shared));
writeTable(join(clinic, 'lab-tests.csv'), TEST_COLUMNS, buildTests(shared));
console.log(
  `${ingredients.rows.length} ingredients, ${pairs.rows.length} pairs, ${medicines.rows.length} medicines`,
);

/** A hand-kept limit table with its ingredient names turned into codes; put together by hand until the drug council approves it. */
function writeCoded(name: string, known: Ingredients): void {
  const rows = readInput(name);
  const columns = name === 'cross-reactivity' ? ['ingredients', 'reaches'] : ['ingredient'];
  const codesOf = (names: string): string =>
    names
      .split('|')
      .filter((one) => one !== '')
      .map((one) => known.codeOf(one) ?? fail(`${name}: ${one}`))
      .join('|');
  const coded = rows.map((row): Cells => {
    const codes = Object.fromEntries(columns.map((column) => [column, codesOf(row[column]!)]));
    const from = row.valid_from ? row.valid_from : '2026-01-01';
    return { ...row, ...codes, valid_from: from, valid_to: '', status: 'compiled' };
  });
  const own = Object.keys(rows[0]!).filter((column) => column !== 'valid_from');
  writeTable(join(drug, `${name}.csv`), [...own, 'valid_from', 'valid_to', 'status'], coded);
}

function fail(what: string): never {
  throw new Error(`Unknown ingredient in ${what}`);
}
