/**
 * Texts of coded elements that many say in the same words ("Huyết áp", "Sởi") are words of the dictionary: one token a row
 * instead of a row of `str` with its index entries, three quarters fewer bytes. A text becomes a term once records of so many
 * persons have it: what few have may tell of a person, and the dictionary outlives an erasure. `:text` asks both places,
 * so it does not matter which rows were written before a program knew a term.
 */
import { textParameter, tokenKey } from './keys.ts';
import { Shelf } from './shelf.ts';
import type { CodeEntry } from './sink.ts';

/** Persons whose records must have a text. */
const PERSONS = 8;

/** Texts that stand in one record only must not push out the terms. */
const terms = new Shelf<CodeEntry>();
const others = new Shelf<string[]>();
/** Parameter → folded text → its word, or the persons seen with it so far. */
const parameters = new Map<string, { terms: Map<string, CodeEntry>; others: Map<string, string[]> }>();

/**
 * The word of a text.
 * @param q the parameter, `Observation.code`
 * @param text folded
 * @param person whose resource it stands in; null = nobody's
 * @returns null while it is no term
 */
export function termOf(q: string, text: string, person: string | null): CodeEntry | null {
  const texts = parameters.get(q) ?? begin(q);
  const known = texts.terms.get(text);
  if (known || person === null) return known ?? null;
  const persons = texts.others.get(text) ?? others.keep(texts.others, text, []);
  if (!persons.includes(person)) persons.push(person);
  if (persons.length < PERSONS) return null;
  texts.others.delete(text);
  const p = textParameter(q);
  return terms.keep(texts.terms, text, { h: tokenKey(p, '', text), p, sys: '', code: text, display: '' });
}

function begin(q: string) {
  const texts = { terms: terms.map(), others: others.map() };
  parameters.set(q, texts);
  return texts;
}
