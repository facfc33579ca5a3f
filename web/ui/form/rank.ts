/** Order of what a search found: exact marks first (ui.md, Behaviour 1), the server's order otherwise. Pure. */
import { foldKeepingMarks, foldText } from '../../../kernel/text/fold.ts';

/**
 * 0 the code itself · 1 begins with the typed marks · 2 contains them · 3 begins without marks · 4 the rest.
 * Typed without any marks, `ho` and `hồ` are equally good, so 1/3 and 2/4 do not differ from the server's order.
 */
export function closeness(typed: string, code: string, label: string): number {
  const marked = foldKeepingMarks(typed);
  const plain = foldText(typed);
  const text = foldKeepingMarks(label);
  if (marked !== '' && foldKeepingMarks(code) === marked) return 0;
  if (text.startsWith(marked)) return 1;
  if (` ${text}`.includes(` ${marked}`)) return 2;
  return foldText(label).startsWith(plain) ? 3 : 4;
}

/** Sorts by closeness and keeps the server's order among equals. */
export function rankFound<T>(
  typed: string,
  found: readonly T[],
  code: (one: T) => string,
  label: (one: T) => string,
): T[] {
  return found
    .map((one, index) => ({ one, index, rank: closeness(typed, code(one), label(one)) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ one }) => one);
}

/** True when there is enough to search with: three letters, or anything that looks like a code (a digit in it). */
export function isSearchable(typed: string, least = 3): boolean {
  const folded = foldText(typed).replaceAll(' ', '');
  return folded.length >= least || (folded.length >= 2 && /\d/.test(folded));
}
