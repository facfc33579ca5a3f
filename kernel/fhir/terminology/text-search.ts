/** Codes by what a person types, over texts that are not a list of the content: stored systems and enumerated sets. */
import { foldKeepingMarks, foldText, foldWords } from '../../text/fold.ts';
import { type Query, score, type Texts } from './ranking.ts';
import { buildWordIndex } from './word-index.ts';

export interface Searchable {
  code: string;
  display: string;
  /** Other names. */
  others: readonly string[];
}

/** What was typed, folded once. */
export function queryOf(text: string): Query {
  const folded = foldText(text);
  const kept = foldKeepingMarks(text);
  const marked = foldWords(kept).join(' ') === kept ? '' : kept;
  return { folded, marked, markedWords: marked === '' ? [] : marked.split(' ') };
}

/** @returns a function from a text to places in the list, best first: the code's beginning, or words in any order */
export function openTextSearch(list: readonly Searchable[]): (text: string) => number[] {
  const texts = list.map(
    ({ display, others }): Texts => ({
      display,
      folded: foldText(display),
      foldedEnglish: '',
      foldedSynonyms: others.map(foldText),
      rank: 0,
    }),
  );
  const index = buildWordIndex(list.length, (at) => [texts[at]!.folded, ...texts[at]!.foldedSynonyms]);
  const codes = list.map(({ code }) => code.toLowerCase());
  return (text) => {
    const typed = text.trim().toLowerCase();
    const query = queryOf(text);
    const byCode = codes.flatMap((code, at) => (typed !== '' && code.startsWith(typed) ? [at] : []));
    byCode.sort((a, b) => codes[a]!.length - codes[b]!.length || a - b);
    const byWords = index
      .find(foldWords(text))
      .map((at) => ({ at, points: score(texts[at]!, query) }))
      .sort((a, b) => b.points - a.points || a.at - b.at)
      .map(({ at }) => at);
    return [...new Set([...byCode, ...byWords])];
  };
}
