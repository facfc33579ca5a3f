/** Search in the facility's list of medicines: by name or ingredient, folded, any word order. */
import type { Content, Row } from '../../../kernel/content/content.ts';
import { foldText, foldWords } from '../../../kernel/text/fold.ts';
import type { MedicineRow } from '../contract.ts';

const MOST = 30;

/** Names that begin with what was typed first, then other names, then ingredients; medicines of the fund first. */
export function searchMedicines(content: Content, text: string, day: string): MedicineRow[] {
  const words = foldWords(text);
  if (words.length === 0) return [];
  const whole = foldText(text);
  const found = content.inForce('drug/medicines', day).flatMap((row) => {
    const rank = rankOf(row, words, whole);
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

function rankOf(row: Row, words: string[], whole: string): number | null {
  const name = foldText(row.name!);
  if (row.code === whole.toUpperCase() || name.startsWith(whole)) return 0;
  if (hasWords(name, words)) return 1;
  return hasWords(`${name} ${foldText(row.ingredient_names!)} ${foldText(row.strength!)}`, words) ? 2 : null;
}

/** Every typed word is the beginning of a word of the text. */
function hasWords(text: string, words: string[]): boolean {
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
