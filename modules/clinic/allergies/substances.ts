/** Substances an allergy can be to, as the rules know them: ingredients, and groups that cross-react. Pure. */
import type { Content } from '../../../kernel/content/content.ts';
import { foldText, foldWords } from '../../../kernel/text/fold.ts';
import type { SubstanceRow } from '../contract.ts';
import { hasWords, single } from '../prescription/medicines.ts';

const MOST = 20;

interface Known extends SubstanceRow {
  /** Every name it goes by, folded. */
  words: string;
}

/** In force on a day, by name, international name, synonym or alias; names that begin with what was typed come first. */
export function searchSubstances(content: Content, text: string, day: string): SubstanceRow[] {
  const words = foldWords(text).map(single);
  if (words.length === 0) return [];
  const whole = single(foldText(text));
  const rank = (one: Known) => (single(foldText(one.name)).startsWith(whole) ? 0 : 1);
  return known(content, day)
    .filter((one) => hasWords(one.words, words))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'vi'))
    .slice(0, MOST)
    .map(({ words: _words, ...row }) => row);
}

/** The substance of a code; undefined when none of that code is in force. */
export function substanceOf(content: Content, code: string, day: string): SubstanceRow | undefined {
  return known(content, day).find((one) => one.code === code);
}

/** A group without an alias only says which ingredients resemble each other: nobody calls an allergy by it. */
function known(content: Content, day: string): Known[] {
  const groups = content.inForce('drug/cross-reactivity', day).filter((row) => row.aliases !== '');
  return [
    ...content.inForce('drug/ingredients', day).map((row) => ({
      code: row.code!,
      name: row.name_vi!,
      inn: row.inn!,
      kind: 'ingredient' as const,
      words: single(foldText([row.name_vi, row.inn, row.synonyms].join(' '))),
    })),
    ...groups.map((row) => ({
      code: row.group!,
      name: row.name_vi!,
      inn: '',
      kind: 'group' as const,
      words: single(foldText([row.name_vi, row.aliases].join(' '))),
    })),
  ];
}
