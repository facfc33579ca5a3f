/** Whether a row of a waiting list is one that somebody looks for. Pure. */
import { foldWords } from '../../../kernel/text/fold.ts';

/**
 * @param text words of the name, folded, each the beginning of one, in any order; or the ticket (`7` finds `007`).
 * Nothing typed means everybody.
 */
export function isMeant(row: { name: string; ticket: string }, text: string): boolean {
  const words = foldWords(text);
  const names = foldWords(row.name);
  return words.every(
    (word) =>
      names.some((name) => name.startsWith(word)) ||
      (/^\d+$/.test(word) && Number(word) === Number(row.ticket)),
  );
}
