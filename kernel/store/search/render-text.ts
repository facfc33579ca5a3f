/** Texts → SQL. All values are bound. */
import type { TextMatch } from './condition.ts';
import { MARKS, TURN } from './emit-text.ts';
import type { Statement } from './statement.ts';

/** Half-open range of all texts with a beginning, in byte order. */
export function prefixTest(column: string, prefix: string, statement: Statement): string {
  return `(${column} >= ${statement.text(prefix)} and ${column} < ${statement.text(`${prefix}\u{10ffff}`)})`;
}

/** Every given word begins a word of the name after the first. Folded words have no LIKE characters. */
export function wordsTest(column: string, words: readonly string[], statement: Statement): string {
  return `${column} like all (${statement.texts(words.map((word) => `% ${word}%`))})`;
}

/** Test of a row of `str`: folded, and what was written with marks behind MARKS. */
export function textTest(match: TextMatch, column: string, statement: Statement): string {
  switch (match.kind) {
    case 'equals':
      return `(${prefixTest(column, match.s, statement)} and ${foldedPart(column, statement)} = ${statement.text(match.s)})`;
    case 'unequal':
      return `${foldedPart(column, statement)} <> ${statement.text(match.s)}`;
    case 'suffix':
      return `${foldedPart(column, statement)} like ${statement.text(`%${match.s}`)}`;
    case 'whole':
      return `(${prefixTest(column, match.s, statement)}
        and substr(${column}, ${statement.int4([...match.s].length + 1)}, 1) in ('', ' ', ${statement.text(TURN)}, ${statement.text(MARKS)}))`;
    case 'name-unequal':
      return `(${isUnturned(column, statement)} and ${foldedPart(column, statement)} <> ${statement.text(match.s)})`;
    case 'name-suffix':
      return `(${isUnturned(column, statement)} and ${foldedPart(column, statement)} like ${statement.text(`%${match.s}`)})`;
    case 'prefix':
      return prefixTest(column, match.s, statement);
    case 'contains':
      return `${column} like ${statement.text(`%${match.s}%`)}`;
    case 'word':
      return `(' ' || ${column}) like ${statement.text(`% ${match.s}%`)}`;
    case 'name': {
      const [first = '', ...others] = match.words;
      const start = prefixTest(column, first, statement);
      return others.length === 0 ? start : `${start} and ${wordsTest(column, others, statement)}`;
    }
  }
}

function foldedPart(column: string, statement: Statement): string {
  return `split_part(${column}, ${statement.text(MARKS)}, 1)`;
}

/** The one row of a name that has its words as they were written. */
function isUnturned(column: string, statement: Statement): string {
  return `strpos(${column}, ${statement.text(TURN)}) = 0`;
}

/** Every word as typed begins a word of the text as written. */
export function markedTest(column: string, words: readonly string[], statement: Statement): string {
  const patterns = words.map((word) => `%${MARKS}% ${word.replace(/[\\%_]/g, '\\$&')}%`);
  return `(${column} like all (${statement.texts(patterns)}))`;
}
