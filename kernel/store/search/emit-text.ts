/** Index entries of string values: plain strings, addresses, names of people. */
import { foldKeepingMarks, foldText, foldWords } from '../../text/fold.ts';
import { markedParameter, STRING_LIMIT, wordKey } from './keys.ts';
import { Shelf } from './shelf.ts';
import type { CodeEntry, Sink } from './sink.ts';
import type { Site } from './site.ts';

/** Before the words that a rotation has moved to the back. A blank follows, as before every word but the first. */
export const TURN = '\u001e';
/** Before the name as written, with its marks. A blank follows. */
export const MARKS = '\u001f';

const MOST_ROTATIONS = 8;
const CONTROL = /\p{Cc}/gu;

/** Longer texts are ordered without their marks: the row must fit the index. */
const MARKED_LIMIT = 250;

/** A string, folded; behind it, after MARKS, as it was written when it was written with marks. */
export function emitString(site: Site, value: unknown, sink: Sink): void {
  if (typeof value !== 'string') return;
  const s = foldText(value).slice(0, STRING_LIMIT);
  if (s !== '') sink.str.push({ p: site.p, s: s.length <= MARKED_LIMIT ? s + marksOf(value) : s });
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
export function emitWord(site: Site, value: unknown, sink: Sink): void {
  if (typeof value !== 'string') return;
  for (const entry of site.words(value, wordsOf)) sink.entry(entry);
}

/** The same few thousand spellings come again and again. */
function wordsOf(q: string, value: string): readonly CodeEntry[] {
  const folded = foldText(value).slice(0, STRING_LIMIT);
  if (folded === '') return [];
  const marked = foldKeepingMarks(value).slice(0, STRING_LIMIT);
  const plain = wordEntry(q, folded, value);
  return isMarked(marked) ? [plain, wordEntry(markedParameter(q), marked, value)] : [plain];
}

const shelf = new Shelf<CodeEntry>();
const entries = shelf.map();

/** One for all spellings that fold to the same. */
function wordEntry(p: string, code: string, display: string): CodeEntry {
  const key = `${p}|${code}`;
  return entries.get(key) ?? shelf.keep(entries, key, { h: wordKey(p, code), p, sys: '', code, display });
}

interface AddressJson {
  text?: unknown;
  line?: unknown;
}

/** Text and lines; the further parts are words of their own parameters and join in at the search. */
export function emitAddress(site: Site, value: unknown, sink: Sink): void {
  const { text, line } = value as AddressJson;
  emitString(site, text, sink);
  for (const item of Array.isArray(line) ? line : []) emitString(site, item, sink);
}

/** An address of a type whose parameters do not have its parts: those too. */
export function emitWholeAddress(site: Site, value: unknown, sink: Sink): void {
  emitAddress(site, value, sink);
  const { city, district, state, postalCode, country } = value as Record<string, unknown>;
  for (const part of [city, district, state, postalCode, country]) emitString(site, part, sink);
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
export function emitName(site: Site, value: unknown, sink: Sink): void {
  const name = value as HumanNameJson;
  const parts = [name.family, ...strings(name.given)].filter((s) => typeof s === 'string').join(' ');
  const written = typeof name.text === 'string' ? name.text : parts;
  emitRotations(site.p, written, sink);
  if (typeof name.text === 'string' && !sameWords(name.text, parts)) emitRotations(site.p, parts, sink);
  for (const affix of [...strings(name.prefix), ...strings(name.suffix)]) emitRotations(site.p, affix, sink);
}

/** A name under a parameter of our own: as written, and each part. */
export function emitNameParts(site: Site, value: unknown, sink: Sink): void {
  const name = value as HumanNameJson;
  const parts = [name.family, ...strings(name.given)].filter((s) => typeof s === 'string');
  const all = [name.text, parts.join(' '), ...parts, ...strings(name.prefix), ...strings(name.suffix)];
  for (const text of new Set(all)) emitString(site, text, sink);
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
  return a === b || foldWords(a).sort().join(' ') === foldWords(b).sort().join(' ');
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
