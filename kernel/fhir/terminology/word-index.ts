/**
 * Words to rows for search as one types: folded (case, tone marks, đ), any word order, each word a prefix.
 * Sorted words with their rows in one flat array: about 2 MB for ICD-10, built in a fraction of a second.
 */
import { foldWords } from '../../text/fold.ts';

export interface WordIndex {
  /** Rows in which every word of the folded query begins a word of one of the row's texts. */
  find(words: readonly string[]): number[];
}

/** @param textsOf folded or unfolded texts of a row; their words together are what the row is found by */
export function buildWordIndex(size: number, textsOf: (row: number) => string[]): WordIndex {
  const rowsByWord = new Map<string, number[]>();
  for (let row = 0; row < size; row += 1) {
    for (const word of new Set(textsOf(row).flatMap(foldWords))) {
      const rows = rowsByWord.get(word);
      if (rows) rows.push(row);
      else rowsByWord.set(word, [row]);
    }
  }
  const words = [...rowsByWord.keys()].sort();
  const starts = new Uint32Array(words.length + 1);
  for (const [at, word] of words.entries()) starts[at + 1] = starts[at]! + rowsByWord.get(word)!.length;
  const rows = new Uint32Array(starts[words.length]!);
  for (const [at, word] of words.entries()) rows.set(rowsByWord.get(word)!, starts[at]!);

  return { find: (query) => find(query, size, words, starts, rows) };
}

function find(
  query: readonly string[],
  size: number,
  words: string[],
  starts: Uint32Array,
  rows: Uint32Array,
): number[] {
  if (query.length === 0 || query.length > 255) return [];
  // found[row] counts how many of the query's words, in order, the row has matched so far
  const found = new Uint8Array(size);
  for (const [step, prefix] of query.entries()) {
    let at = firstNotBefore(words, prefix);
    while (at < words.length && words[at]!.startsWith(prefix)) {
      for (let place = starts[at]!; place < starts[at + 1]!; place += 1) {
        const row = rows[place]!;
        if (found[row] === step) found[row] = step + 1;
      }
      at += 1;
    }
  }
  const matches: number[] = [];
  for (let row = 0; row < size; row += 1) if (found[row] === query.length) matches.push(row);
  return matches;
}

function firstNotBefore(words: string[], text: string): number {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
