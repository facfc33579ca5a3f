/**
 * The texts that index tokens are hashes of: one place, so that what is written and what is asked for agree. `q` is the
 * qualified parameter, `Observation.code`. Rows on disk carry these hashes: a change here means a reindex.
 */
import { hash64 } from '../hash.ts';

/** A token in its system; the system of a code, boolean or string is ''. */
export function tokenKey(q: string, system: string, code: string): bigint {
  return hash64(`${q}|${system}|${code}`);
}

/** An identifier or contact point by its value alone. */
export function bareKey(q: string, code: string): bigint {
  return hash64(`${q}|${code}`);
}

/** Any identifier of a system. */
export function systemKey(q: string, system: string): bigint {
  return hash64(`${q}|${system}|`);
}

/** An identifier with its type (`:of-type`). */
export function typedIdentifierKey(q: string, system: string, code: string, value: string): bigint {
  return hash64(`${q}:of-type|${system}|${code}|${value}`);
}

/** A literal reference `Type/id`, a canonical or an absolute URL. */
export function referenceKey(q: string, target: string): bigint {
  return hash64(`${q}|${target}`);
}

/** Token of a row that is not the person's own and refers to the person, by whatever parameter. @param target `Patient/x` */
export function elsewhereKey(target: string): bigint {
  return hash64(`elsewhere|${target}`);
}

/** The parameter that holds identifiers of references (`:identifier`). */
export function identifierParameter(q: string): string {
  return `${q}:identifier`;
}

/** A string kept in the dictionary (family names, cities): folded. */
export function wordKey(q: string, folded: string): bigint {
  return hash64(`${q}|${folded}`);
}

/** Column `p` of `ord` and `str`. */
export function parameterKey(q: string): bigint {
  return hash64(q);
}

/** Column `p` of a quantity in its unit, or of a composite with its leading token. */
export function unitKey(q: string, system: string, code: string): bigint {
  return hash64(`${q}|${system}|${code}`);
}

/** Column `p` of the free texts of a coded parameter (`:text`). */
export function textKey(q: string): bigint {
  return hash64(textParameter(q));
}

/** Parameter of the texts of a coded parameter that are words of the dictionary (`terms.ts`). */
export function textParameter(q: string): string {
  return `${q}:text`;
}

/** A sound of a name (`phonetic.ts`). */
export function soundKey(q: string, sound: string): bigint {
  return hash64(`${q}|${sound}`);
}

/** Column `p` of values that are kept for their order alone. */
export function orderKey(q: string): bigint {
  return hash64(`${q}:order`);
}

/** Says that a resource inside another has the parameter: its bit in `has` belongs to the outer one. */
export function presentKey(q: string): bigint {
  return hash64(`${q}:present`);
}

/** Parameter of the words with their marks, beside that of the folded words. */
export function markedParameter(q: string): string {
  return `${q}:marks`;
}

/** Column `p` of the narrative's text (`_text`). */
export function narrativeKey(type: string): bigint {
  return hash64(`${type}._text`);
}

/** Joins the parts of a composite inside one dictionary entry. */
export const PART = '\u001f';

const SEPARATORS = /[\s().-]+/g;

/** Value of a contact point as it is indexed and asked for: numbers without blanks and dashes, addresses in lower case. */
export function contactValue(value: string): string {
  if (value.includes('@')) return value.trim().toLowerCase();
  return /^\+?[\d\s().-]+$/.test(value) ? value.replace(SEPARATORS, '') : value.trim();
}

/** Longest folded text a row of `str` keeps; `:contains` sees no further. */
export const STRING_LIMIT = 500;

/** Marks rows whose clinical date covers more than a day: a search for a span must look at them wherever they begin. */
export function longKey(type: string): bigint {
  return hash64(`${type}|long`);
}
