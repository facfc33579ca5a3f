/** Index entries of token values: CodeableConcept, Coding, Identifier, ContactPoint, code, boolean, string. */
import { foldText } from '../../text/fold.ts';
import {
  bareKey,
  contactValue,
  STRING_LIMIT,
  systemKey,
  textKey,
  tokenKey,
  typedIdentifierKey,
} from './keys.ts';
import type { CodeEntry, Sink } from './sink.ts';
import { termOf } from './terms.ts';

interface CodingJson {
  system?: unknown;
  code?: unknown;
  display?: unknown;
}

/** Entries already made, so that a repeated code costs one look-up. Emptied when it has grown too large. */
export class EntryCache {
  readonly #entries = new Map<string, CodeEntry>();
  readonly #limit: number;

  constructor(limit = 20_000) {
    this.#limit = limit;
  }

  entry(key: string, make: () => CodeEntry): CodeEntry {
    const known = this.#entries.get(key);
    if (known) return known;
    if (this.#entries.size >= this.#limit) this.#entries.clear();
    const entry = make();
    this.#entries.set(key, entry);
    return entry;
  }
}

/** Parameter → system → code: no text is put together for a code that was met before. */
const entries = new Map<string, Map<string, Map<string, CodeEntry>>>();
const MOST_ENTRIES = 20_000;
let entryCount = 0;
/** The same codes with another display than the first. */
const others = new EntryCache();

/** The dictionary entry of a code in a parameter. */
export function codeEntry(q: string, system: string, code: string, display: string): CodeEntry {
  const known = entries.get(q)?.get(system)?.get(code);
  if (known && (display === '' || known.display === display)) return known;
  if (known) return others.entry(`${known.h}|${display}`, () => ({ ...known, display }));
  if (entryCount >= MOST_ENTRIES) entries.clear();
  entryCount = entries.size === 0 ? 1 : entryCount + 1;
  const entry = { h: tokenKey(q, system, code), p: q, sys: system, code, display };
  const ofParameter = entries.get(q) ?? new Map<string, Map<string, CodeEntry>>();
  const ofSystem = ofParameter.get(system) ?? new Map<string, CodeEntry>();
  entries.set(q, ofParameter.set(system, ofSystem.set(code, entry)));
  return entry;
}

/** Texts and displays of concepts repeat; folding one takes a microsecond. Emptied when it has grown too large. */
const folded = new Map<string, string>();
const MOST_FOLDED = 10_000;
const LONGEST_FOLDED = 120;

function foldRepeated(text: string): string {
  const known = folded.get(text);
  if (known !== undefined) return known;
  const made = foldText(text);
  if (text.length > LONGEST_FOLDED) return made;
  if (folded.size >= MOST_FOLDED) folded.clear();
  folded.set(text, made);
  return made;
}

export type TokenEmitter = (value: unknown, sink: Sink) => void;

/** What a value of a data type adds to the index of a token parameter; undefined for types that are no token. */
export function tokenEmitter(q: string, type: string, isMainCode: boolean): TokenEmitter | undefined {
  switch (type) {
    case 'CodeableConcept':
      return (value, sink) => emitConcept(q, value as { coding?: unknown; text?: unknown }, sink, isMainCode);
    case 'Coding':
      return (value, sink) => emitCoding(q, value as CodingJson, sink, isMainCode);
    case 'Identifier':
      return (value, sink) => emitIdentifier(q, value, sink);
    case 'ContactPoint':
      return (value, sink) => emitContact(q, value as { system?: unknown; value?: unknown }, sink);
    case 'code':
    case 'boolean':
      return (value, sink) => add(codeEntry(q, '', String(value), ''), sink);
    case 'string':
    case 'id':
    case 'uri':
      return (value, sink) => void sink.tok.add(tokenKey(q, '', String(value)));
    default:
      return undefined;
  }
}

function emitConcept(
  q: string,
  value: { coding?: unknown; text?: unknown },
  sink: Sink,
  isMainCode: boolean,
): void {
  const codings = Array.isArray(value.coding) ? value.coding : [];
  for (const coding of codings) emitCoding(q, coding as CodingJson, sink, isMainCode);
  emitConceptText(q, value.text, codings, sink);
}

/** For `:text`: a term, or a row of its own; what a display says already is in the dictionary. */
function emitConceptText(q: string, value: unknown, codings: readonly CodingJson[], sink: Sink): void {
  if (typeof value !== 'string') return;
  const text = foldRepeated(value).slice(0, STRING_LIMIT);
  const said = codings.some((c) => typeof c?.display === 'string' && foldRepeated(c.display) === text);
  if (text === '' || said) return;
  const term = termOf(q, text, sink.own);
  if (term) add(term, sink);
  else sink.str.push({ p: textKey(q), s: text });
}

function emitCoding(q: string, { system, code, display }: CodingJson, sink: Sink, isMainCode: boolean): void {
  const inSystem = typeof system === 'string' ? system : '';
  if (typeof code !== 'string') return;
  const entry = codeEntry(q, inSystem, code, typeof display === 'string' ? display : '');
  if (isMainCode) sink.c0 ??= entry.h;
  add(entry, sink);
}

function add(entry: CodeEntry, sink: Sink): void {
  sink.tok.add(entry.h);
  sink.word(entry);
}

/** Identifiers are many: no dictionary, but a token by value alone and one for the system. */
export function emitIdentifier(q: string, identifier: unknown, sink: Sink): void {
  const { system, value, type } = identifier as {
    system?: unknown;
    value?: unknown;
    type?: { coding?: unknown; text?: unknown };
  };
  const inSystem = typeof system === 'string' ? system : '';
  if (inSystem !== '') sink.tok.add(systemKey(q, inSystem));
  emitConceptText(q, type?.text, [], sink);
  if (typeof value !== 'string') return;
  sink.tok.add(tokenKey(q, inSystem, value));
  sink.tok.add(bareKey(q, value));
  for (const coding of Array.isArray(type?.coding) ? type.coding : []) {
    if (typeof coding?.code === 'string')
      sink.tok.add(typedIdentifierKey(q, String(coding.system ?? ''), coding.code, value));
  }
}

/** The value of an identifier as it stands, for `_sort`. */
export function emitOrder(p: bigint, identifier: unknown, sink: Sink): void {
  const { value } = identifier as { value?: unknown };
  if (typeof value === 'string' && value !== '') sink.str.push({ p, s: value.slice(0, STRING_LIMIT) });
}

function emitContact(q: string, contact: { system?: unknown; value?: unknown }, sink: Sink): void {
  if (typeof contact.value !== 'string') return;
  const value = contactValue(contact.value);
  sink.tok.add(tokenKey(q, typeof contact.system === 'string' ? contact.system : '', value));
  sink.tok.add(bareKey(q, value));
}
