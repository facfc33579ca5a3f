/** F2: the abbreviation before the caret becomes its sentence. Pure. */
import { foldText } from '../../../../kernel/text/fold.ts';
import type { ClinicLists } from '../../contract.ts';

export interface Expanded {
  text: string;
  /** Where the caret stands afterwards. */
  caret: number;
}

/** @returns null when the word before the caret is no abbreviation of this field */
export function expandAbbreviation(
  text: string,
  caret: number,
  field: string,
  abbreviations: ClinicLists['abbreviations'],
): Expanded | null {
  const before = text.slice(0, caret);
  const word = /[\p{L}\p{N}]+$/u.exec(before)?.[0];
  if (!word) return null;
  const known = abbreviations.find((one) => one.short === foldText(word) && one.fields.includes(field));
  if (!known) return null;
  const start = before.slice(0, before.length - word.length);
  const sentence = isMiddle(start) ? lowered(known.text) : known.text;
  return { text: start + sentence + text.slice(caret), caret: start.length + sentence.length };
}

/** Inside a sentence an expansion does not begin with a capital. */
function isMiddle(start: string): boolean {
  return /[^\s.!?:\n]\s*$/u.test(start);
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
