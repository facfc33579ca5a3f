/** Index entries of token values: CodeableConcept, Coding, Identifier, ContactPoint, code, boolean, string. */
import { foldText } from '../../text/fold.ts';
import { bareKey, contactValue, STRING_LIMIT, tokenKey, typedIdentifierKey } from './keys.ts';
import type { Sink } from './sink.ts';
import type { Site } from './site.ts';
import { termOf } from './terms.ts';

interface CodingJson {
  system?: unknown;
  code?: unknown;
  display?: unknown;
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

/** @param isMain true for the parameter whose first coding is `c0` */
export function emitConcept(site: Site, value: unknown, sink: Sink, isMain = false): void {
  const { coding, text } = value as { coding?: unknown; text?: unknown };
  const codings: readonly CodingJson[] = Array.isArray(coding) ? coding : [];
  for (let i = 0; i < codings.length; i++) emitCoding(site, codings[i], sink, isMain);
  emitConceptText(site, text, codings, sink);
}

/** For `:text`: a term, or a row of its own; what a display says already is in the dictionary. */
function emitConceptText(site: Site, value: unknown, codings: readonly CodingJson[], sink: Sink): void {
  if (typeof value !== 'string') return;
  const text = foldRepeated(value).slice(0, STRING_LIMIT);
  const said = codings.some((c) => typeof c?.display === 'string' && foldRepeated(c.display) === text);
  if (text === '' || said) return;
  const term = termOf(site.q, text, sink.own);
  if (term) sink.entry(term);
  else sink.str.push({ p: site.text, s: text });
}

export function emitCoding(site: Site, value: unknown, sink: Sink, isMain = false): void {
  const { system, code, display } = value as CodingJson;
  if (typeof code !== 'string') return;
  const inSystem = typeof system === 'string' ? system : '';
  const entry = site.code(inSystem, code, typeof display === 'string' ? display : '');
  if (isMain) sink.c0 ??= entry.h;
  sink.entry(entry);
}

/** A code without a system: `code`, `boolean`. */
export function emitCode(site: Site, value: unknown, sink: Sink): void {
  sink.entry(site.code('', String(value), ''));
}

/** A string, id or uri of a token parameter: too many different ones for the dictionary. */
export function emitToken(site: Site, value: unknown, sink: Sink): void {
  sink.token(tokenKey(site.q, '', String(value)));
}

/** Identifiers are many: no dictionary, but a token by value alone and one for the system. */
export function emitIdentifier(site: Site, identifier: unknown, sink: Sink): void {
  const { system, value, type } = identifier as {
    system?: unknown;
    value?: unknown;
    type?: { coding?: unknown; text?: unknown };
  };
  const inSystem = typeof system === 'string' ? system : '';
  if (inSystem !== '') sink.token(site.system(inSystem));
  if (type) emitConceptText(site, type.text, NO_CODINGS, sink);
  if (typeof value !== 'string') return;
  sink.token(tokenKey(site.q, inSystem, value));
  sink.token(bareKey(site.q, value));
  for (const coding of Array.isArray(type?.coding) ? type.coding : []) {
    if (typeof coding?.code === 'string')
      sink.token(typedIdentifierKey(site.q, String(coding.system ?? ''), coding.code, value));
  }
}

const NO_CODINGS: readonly CodingJson[] = [];

/** An identifier that is also put in order by its value as it stands (`_sort`). */
export function emitOrderedIdentifier(site: Site, identifier: unknown, sink: Sink): void {
  emitIdentifier(site, identifier, sink);
  const { value } = identifier as { value?: unknown };
  if (typeof value === 'string' && value !== '')
    sink.str.push({ p: site.order, s: value.slice(0, STRING_LIMIT) });
}

export function emitContact(site: Site, contact: unknown, sink: Sink): void {
  const { system, value } = contact as { system?: unknown; value?: unknown };
  if (typeof value !== 'string') return;
  const said = contactValue(value);
  sink.token(tokenKey(site.q, typeof system === 'string' ? system : '', said));
  sink.token(bareKey(site.q, said));
}
