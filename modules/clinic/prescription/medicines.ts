/** Search in the facility's list of medicines: by name or ingredient, folded, any word order. */
import type { Content, Row } from '../../../kernel/content/content.ts';
import { foldText, foldWords } from '../../../kernel/text/fold.ts';
import type { MedicineRow } from '../contract.ts';

const MOST = 30;

/** Names that begin with what was typed first, then other names, then ingredients; medicines of the fund first. */
export function searchMedicines(content: Content, text: string, day: string): MedicineRow[] {
  const words = foldWords(text).map(single);
  if (words.length === 0) return [];
  const whole = single(foldText(text));
  const names = otherNames(content, day);
  const found = content.inForce('drug/medicines', day).flatMap((row) => {
    const rank = rankOf(row, words, whole, names);
    return rank === null ? [] : [{ row, rank }];
  });
  return found
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        b.row.insured!.localeCompare(a.row.insured!) ||
        a.row.name!.localeCompare(b.row.name!, 'vi'),
    )
    .slice(0, MOST)
    .map(({ row }) => medicineRow(row));
}

/** Doubled letters count once: "amoxicillin" of the international name is "amoxicilin" of the Vietnamese one. */
export function single(folded: string): string {
  return folded.replace(/([a-z])\1+/g, '$1');
}

/** International names and synonyms of each ingredient. */
function otherNames(content: Content, day: string): Map<string, string> {
  const rows = content.inForce('drug/ingredients', day);
  return new Map(rows.map((row) => [row.code!, `${row.inn} ${row.synonyms}`]));
}

function rankOf(row: Row, words: string[], whole: string, names: Map<string, string>): number | null {
  const name = single(foldText(row.name!));
  if (row.code === whole.toUpperCase() || name.startsWith(whole)) return 0;
  if (hasWords(name, words)) return 1;
  const others = row.ingredients!.split('+').map((code) => names.get(code) ?? '');
  const rest = single(foldText([row.ingredient_names, row.strength, ...others].join(' ')));
  return hasWords(`${name} ${rest}`, words) ? 2 : null;
}

/** Every typed word is the beginning of a word of the text. */
export function hasWords(text: string, words: string[]): boolean {
  const known = text.split(' ');
  return words.every((word) => known.some((one) => one.startsWith(word)));
}

export function medicineRow(row: Row): MedicineRow {
  return {
    code: row.code!,
    name: row.name!,
    ingredients: row.ingredient_names!,
    strength: row.strength!,
    form: row.form!,
    doseUnit: row.dose_unit!,
    unit: row.unit!,
    route: row.route!,
    insured: row.insured === '1',
    dosePerUnit: Number(row.dose_per_unit),
    divisible: Number(row.divisible),
  };
}
