/** The list of active ingredients: reference list, its combinations taken apart, the Ministry's pairs, controlled drugs. */
import { foldText } from '../../../kernel/text/fold.ts';
import { type Cells, readInput, readTable, slug } from './tables.ts';

export const INGREDIENT_COLUMNS = [
  'code',
  'name_vi',
  'inn',
  'atc',
  'group',
  'antibiotic',
  'corticosteroid',
  'special_control',
  'otc',
  'high_alert',
  'duplicate_allowed',
  'synonyms',
  'source',
  'valid_from',
  'valid_to',
];

/** Fluids and electrolytes are given side by side on purpose: a second line of them is no duplicate. */
const DUPLICATE_ALLOWED = new Set(['natri-clorid', 'glucose', 'ringer-lactat', 'acid-amin']);

export interface Ingredients {
  rows: Cells[];
  /** Code of a name as any source spells it; undefined when it is not known. */
  codeOf(name: string): string | undefined;
  /** ATC of what holds exactly these ingredients, '' when the reference list has none. */
  atcOf(codes: string[]): string;
}

/** @param shared folder with the reference data */
export function buildIngredients(shared: string): Ingredients {
  const synonyms = readInput('ingredient-synonyms');
  const canonical = new Map(synonyms.map((row) => [foldText(row.alias!), row.name_vi!]));
  const nameOf = (name: string) => canonical.get(foldText(name)) ?? name.trim();
  const byCode = new Map<string, Cells>();
  const add = (name: string, more: Cells) => {
    const code = slug(nameOf(name));
    const known = byCode.get(code);
    if (known) fillGaps(known, more);
    else byCode.set(code, { ...emptyRow(code, nameOf(name)), ...more, code, name_vi: nameOf(name) });
  };

  for (const row of readInput('ingredient-additions')) {
    add(row.name_vi!, { inn: row.inn!, atc: row.atc!, group: row.group!, source: 'biên soạn' });
  }
  const reference = readTable(shared, 'data/drug/ingredients-reference.csv');
  for (const row of reference) addReference(row, add);
  const together = (codes: string[]) => [...codes].sort().join('+');
  const combined = new Map(
    reference.map((row) => [
      together(row.ingredient_vi!.split(' + ').map((part) => slug(nameOf(part)))),
      row.atc!,
    ]),
  );
  for (const row of readTable(shared, 'data/drug/special-control-ingredients.csv')) {
    add(capital(row.ingredient!), {
      special_control: row.category!,
      source: 'TT 20/2017/TT-BYT (biên soạn)',
    });
  }
  for (const row of byCode.values()) row.synonyms = synonymsOf(row.name_vi!, synonyms).join('|');
  return {
    rows: [...byCode.values()].sort((a, b) => a.code!.localeCompare(b.code!, 'en')),
    codeOf: (name) => {
      const code = slug(nameOf(name));
      return byCode.has(code) ? code : undefined;
    },
    atcOf: (codes) =>
      codes.length === 1 ? (byCode.get(codes[0]!)?.atc ?? '') : (combined.get(together(codes)) ?? ''),
  };
}

function addReference(row: Cells, add: (name: string, more: Cells) => void): void {
  const parts = row.ingredient_vi!.split(' + ');
  const flags = {
    antibiotic: row.antibiotic!,
    corticosteroid: row.corticosteroid!,
    special_control: row.special_control!,
    otc: row.otc!,
    high_alert: row.high_alert!,
    source: 'ingredients-reference (biên soạn)',
  };
  if (parts.length === 1) {
    add(parts[0]!, { inn: row.inn_en!, atc: row.atc!, group: row.group_vi!, ...flags });
    return;
  }
  for (const part of parts) add(capital(part), { group: row.group_vi!, source: flags.source });
}

function emptyRow(code: string, name: string): Cells {
  const row: Cells = Object.fromEntries(INGREDIENT_COLUMNS.map((column) => [column, '']));
  for (const flag of ['antibiotic', 'corticosteroid', 'otc', 'high_alert']) row[flag] = '0';
  row.duplicate_allowed = DUPLICATE_ALLOWED.has(code) ? '1' : '0';
  return { ...row, code, name_vi: name };
}

/** A later source adds what is missing and raises flags; it never lowers one. */
function fillGaps(known: Cells, more: Cells): void {
  for (const [column, value] of Object.entries(more)) {
    if (value !== '' && (known[column] === '' || known[column] === '0')) known[column] = value;
  }
}

function synonymsOf(name: string, synonyms: Cells[]): string[] {
  return synonyms.filter((row) => row.name_vi === name && row.used_for !== 'ddi').map((row) => row.alias!);
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
