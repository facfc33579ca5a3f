/** Index entries of string values: plain strings, addresses, names of people. */
import { foldKeepingMarks, foldText, foldWords } from '../../text/fold.ts';
import { EntryCache } from './emit-token.ts';
import { markedParameter, STRING_LIMIT, wordKey } from './keys.ts';
import type { CodeEntry, Sink } from './sink.ts';

/** Before the words that a rotation has moved to the back. A blank follows, as before every word but the first. */
export const TURN = '\u001e';
/** Before the name as written, with its marks. A blank follows. */
export const MARKS = '\u001f';

const MOST_ROTATIONS = 8;
const CONTROL = /\p{Cc}/gu;
const words = new EntryCache();

/** Longer texts are ordered without their marks: the row must fit the index. */
const MARKED_LIMIT = 250;

/** A string, folded; behind it, after MARKS, as it was written when it was written with marks. */
export function emitString(p: bigint, value: unknown, sink: Sink): void {
  if (typeof value !== 'string') return;
  const s = foldText(value).slice(0, STRING_LIMIT);
  if (s !== '') sink.str.push({ p, s: s.length <= MARKED_LIMIT ? s + marksOf(value) : s });
}

function marksOf(value: string): string {
  const marked = foldKeepingMarks(value.slice(0, MARKED_LIMIT)).replace(CONTROL, ' ');
  return isMarked(marked) ? `${MARKS} ${marked}` : '';
}

/** True for a text with letters that folding may change: tone marks, vowel marks, đ. */
export function isMarked(text: string): boolean {
  return /[^\0-\x7f]/.test(text);
}

/**
 * A string of few different values (family name, city): a token and a word of the dictionary, folded, and one more as it
 * was written when it was written with marks.
 */
export function emitWord(q: string, value: unknown, sink: Sink): void {
  if (typeof value !== 'string') return;
  for (const entry of wordsOf(q, value)) {
    sink.tok.add(entry.h);
    sink.word(entry);
  }
}

const written = new Map<string, readonly CodeEntry[]>();
const MOST_WRITTEN = 20_000;

/** The entries of a spelling, made once: the same few thousand come again and again. */
function wordsOf(q: string, value: string): readonly CodeEntry[] {
  const key = `${q}|${value}`;
  const known = written.get(key);
  if (known) return known;
  if (written.size >= MOST_WRITTEN) written.clear();
  const folded = foldText(value).slice(0, STRING_LIMIT);
  const entries = folded === '' ? [] : [wordEntry(q, folded, value)];
  const marked = foldKeepingMarks(value).slice(0, STRING_LIMIT);
  if (folded !== '' && isMarked(marked)) entries.push(wordEntry(markedParameter(q), marked, value));
  written.set(key, entries);
  return entries;
}

function wordEntry(p: string, code: string, display: string): CodeEntry {
  return words.entry(`${p}|${code}`, () => ({ h: wordKey(p, code), p, sys: '', code, display }));
}

interface AddressJson {
  text?: unknown;
  line?: unknown;
}

/** Text and lines; the further parts are words of their own parameters and join in at the search. */
export function emitAddress(p: bigint, value: unknown, sink: Sink): void {
  const { text, line } = value as AddressJson;
  emitString(p, text, sink);
  for (const item of Array.isArray(line) ? line : []) emitString(p, item, sink);
}

/** Parts of an address that a parameter `address` covers beyond those with a parameter of their own. */
export function emitAddressParts(p: bigint, value: unknown, sink: Sink): void {
  const { city, district, state, postalCode, country } = value as Record<string, unknown>;
  for (const part of [city, district, state, postalCode, country]) emitString(p, part, sink);
}

interface HumanNameJson {
  text?: unknown;
  family?: unknown;
  given?: unknown;
  prefix?: unknown;
  suffix?: unknown;
}

/**
 * One row for each word a name can be found by: the words from there on, TURN, the words before, MARKS, the name as
 * written. So any word is a prefix search, the other words are a filter on the same row, and rows with the marks that
 * were typed can come first.
 */
export function emitName(p: bigint, value: unknown, sink: Sink): void {
  const name = value as HumanNameJson;
  const parts = [name.family, ...strings(name.given)].filter((s) => typeof s === 'string').join(' ');
  const written = typeof name.text === 'string' ? name.text : parts;
  emitRotations(p, written, sink);
  if (typeof name.text === 'string' && !sameWords(name.text, parts)) emitRotations(p, parts, sink);
  for (const affix of [...strings(name.prefix), ...strings(name.suffix)]) emitRotations(p, affix, sink);
}

/** A name under a parameter of our own: as written, and each part. */
export function emitNameParts(p: bigint, value: unknown, sink: Sink): void {
  const name = value as HumanNameJson;
  const parts = [name.family, ...strings(name.given)].filter((s) => typeof s === 'string');
  const all = [name.text, parts.join(' '), ...parts, ...strings(name.prefix), ...strings(name.suffix)];
  for (const text of new Set(all)) emitString(p, text, sink);
}

function emitRotations(p: bigint, written: string, sink: Sink): void {
  const all = foldWords(written.slice(0, STRING_LIMIT / 2));
  const marks = `${MARKS} ${foldKeepingMarks(written.slice(0, STRING_LIMIT / 2)).replace(CONTROL, ' ')}`;
  for (let i = 0; i < Math.min(all.length, MOST_ROTATIONS); i++) {
    const before = i === 0 ? '' : `${TURN} ${all.slice(0, i).join(' ')}`;
    sink.str.push({ p, s: all.slice(i).join(' ') + before + marks });
  }
}

function sameWords(a: string, b: string): boolean {
  return foldWords(a).sort().join(' ') === foldWords(b).sort().join(' ');
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
