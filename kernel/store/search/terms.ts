/**
 * Texts of coded elements that many say in the same words ("Huyết áp", "Sởi") are words of the dictionary: one token a row
 * instead of a row of `str` with its index entries, three quarters fewer bytes. A text becomes a term once records of so many
 * persons have it: what few have may tell of a person, and the dictionary outlives an erasure. `:text` asks both places,
 * so it does not matter which rows were written before a program knew a term.
 */
import { textParameter, tokenKey } from './keys.ts';
import type { CodeEntry } from './sink.ts';

/** Persons whose records must have a text. */
const PERSONS = 8;
/** Texts that are remembered, terms and others; beyond that they are counted from the beginning. */
const MOST = 20_000;

/** Parameter → folded text → its word, or the persons seen with it so far. */
const seen = new Map<string, Map<string, CodeEntry | string[]>>();
let count = 0;

/**
 * The word of a text.
 * @param q the parameter, `Observation.code`
 * @param text folded
 * @param person whose resource it stands in; null = nobody's
 * @returns null while it is no term
 */
export function termOf(q: string, text: string, person: string | null): CodeEntry | null {
  const known = seen.get(q)?.get(text);
  if (known !== undefined && !Array.isArray(known)) return known;
  if (person === null || known?.includes(person)) return null;
  if (known === undefined) return begin(q, text, person);
  known.push(person);
  if (known.length < PERSONS) return null;
  const p = textParameter(q);
  const term = { h: tokenKey(p, '', text), p, sys: '', code: text, display: '' };
  seen.get(q)!.set(text, term);
  return term;
}

function begin(q: string, text: string, person: string): null {
  if (count >= MOST) seen.clear();
  count = seen.size === 0 ? 1 : count + 1;
  const ofParameter = seen.get(q) ?? new Map<string, CodeEntry | string[]>();
  seen.set(q, ofParameter.set(text, [person]));
  return null;
}
