/** How well a concept answers what was typed. Pure: texts in, a number out; higher stands first. */

/** A query prepared once: folded text and, when marks were typed, the text with its marks. */
export interface Query {
  folded: string;
  /** Lower case with marks; '' when none were typed, so that marks never count against plain typing. */
  marked: string;
  markedWords: string[];
}

/** Texts of a concept, `folded` by foldText; `display` as written. */
export interface Texts {
  display: string;
  folded: string;
  foldedEnglish: string;
  foldedSynonyms: readonly string[];
  /** Weight from the list's `rank` column: usual codes up, codes with restrictions down. */
  rank: number;
}

/**
 * Whole text 100, its beginning 70, a phrase inside 55, words scattered 30; English counts 0.8 of it, a colloquial
 * name a little more; marks that agree add up to 25; long names lose up to 25.
 */
export function score(texts: Texts, query: Query): number {
  let best = closeness(texts.folded, query.folded);
  best = Math.max(best, closeness(texts.foldedEnglish, query.folded) * 0.8);
  for (const synonym of texts.foldedSynonyms) {
    const close = closeness(synonym, query.folded);
    if (close > 30) best = Math.max(best, close * 1.2);
  }
  return best + markBonus(texts.display, query) + texts.rank - Math.min(25, texts.display.length / 6);
}

function closeness(text: string, query: string): number {
  if (text === query) return 100;
  if (text.startsWith(query)) return text[query.length] === ' ' ? 75 : 70;
  const at = text.indexOf(` ${query}`);
  if (at < 0) return 30;
  const end = at + 1 + query.length;
  return end === text.length || text[end] === ' ' ? 58 : 55;
}

function markBonus(display: string, query: Query): number {
  if (query.marked === '') return 0;
  const text = ` ${display.toLowerCase()}`;
  if (text.includes(` ${query.marked}`)) return 25;
  const agreeing = query.markedWords.filter((word) => text.includes(` ${word}`)).length;
  return (15 * agreeing) / query.markedWords.length;
}
