/** Criteria on tokens → conditions. Pure. */
import { requiredCodes } from '../../fhir/definitions/index.ts';
import { foldText } from '../../text/fold.ts';
import { type Condition, or, type WordQuery } from './condition.ts';
import { invalidValue } from './faults.ts';
import {
  bareKey,
  contactValue,
  systemKey,
  textKey,
  textParameter,
  tokenKey,
  typedIdentifierKey,
} from './keys.ts';
import type { IndexedParameter } from './parameters.ts';
import type { JsonPath } from './paths.ts';
import { type AskedToken, parseToken, splitUnescaped, unescapeValue } from './values.ts';

const SPECIAL_VALUES = 'http://terminology.hl7.org/CodeSystem/special-values';

/** One value of a token parameter. */
export function planToken(
  parameter: IndexedParameter,
  name: string,
  modifier: string | undefined,
  value: string,
): Condition {
  if (modifier === 'text') return planTokenText(parameter, name, value);
  if (modifier === 'of-type') return planTyped(parameter, name, value);
  if (modifier === 'in' || modifier === 'not-in') return planMembers(parameter, name, value);
  const asked = parseToken(value);
  if (!asked)
    throw invalidValue(name, value, 'mã, hệ|mã, |mã hoặc hệ|', 'code, system|code, |code or system|');
  if (modifier === 'below' || modifier === 'above')
    return parameter.paths.some(({ codes }) => codes === MIME_TYPES)
      ? planMimeType(parameter, modifier, asked)
      : planSubsumption(parameter, name, modifier, asked, value);
  if (parameter.storage === 'contact') return planContact(parameter, asked);
  return or(
    parameter.paths.length === 0
      ? [plain(parameter.q, asked)]
      : perType(parameter).map((path) => one(parameter.q, path, asked)),
  );
}

const distinct = new WeakMap<IndexedParameter, JsonPath[]>();

/** One path for each data type and value set: several paths with the same index entries are asked once. */
function perType(parameter: IndexedParameter): JsonPath[] {
  const known = distinct.get(parameter);
  if (known) return known;
  const paths = new Map(parameter.paths.map((path) => [`${path.type} ${path.codes ?? ''}`, path]));
  const found = [...paths.values()];
  distinct.set(parameter, found);
  return found;
}

function one(q: string, path: JsonPath, asked: AskedToken): Condition {
  switch (path.type) {
    case 'CodeableConcept':
    case 'Coding':
      return planCoding(q, asked);
    case 'Identifier':
      return planIdentifier(q, asked);
    case 'ContactPoint':
      return planIdentifier(
        q,
        asked.code === undefined ? asked : { ...asked, code: contactValue(asked.code) },
      );
    case 'code':
      return isInSystem(path.codes, asked) ? plain(q, asked) : or([]);
    case 'boolean':
      return asked.system === undefined || asked.system === '' || asked.system === SPECIAL_VALUES
        ? plain(q, asked)
        : or([]);
    default:
      return asked.system === undefined || asked.system === '' ? plain(q, asked) : or([]);
  }
}

/** A code, boolean or string has no system in the resource: its token lies under ''. */
function plain(q: string, { code }: AskedToken): Condition {
  return code === undefined ? or([]) : { op: 'tok', any: [tokenKey(q, '', code)] };
}

/** The system of a `code` is implied by its value set. */
function isInSystem(codes: string | undefined, { system, code }: AskedToken): boolean {
  if (system === undefined || system === '') return true;
  const set = codes === undefined ? undefined : requiredCodes(codes);
  return code !== undefined && set?.get(system)?.has(code) === true;
}

function planCoding(q: string, { system, code }: AskedToken): Condition {
  if (system !== undefined && code !== undefined) return { op: 'tok', any: [tokenKey(q, system, code)] };
  if (code === undefined) return { op: 'words', queries: [{ p: q, sys: system! }] };
  return or([
    { op: 'tok', any: [tokenKey(q, '', code)] },
    { op: 'words', queries: [{ p: q, code }] },
  ]);
}

/** Identifiers by system and value, by value alone, or by system alone. */
export function planIdentifier(q: string, { system, code }: AskedToken): Condition {
  if (code === undefined) return { op: 'tok', any: [systemKey(q, system!)] };
  return {
    op: 'tok',
    any: [system === undefined ? bareKey(q, code) : tokenKey(q, system, code)],
    rare: true,
  };
}

/** `phone=…` are the telecoms of that system. */
function planContact(parameter: IndexedParameter, { system, code }: AskedToken): Condition {
  if (code === undefined || (system !== undefined && system !== '' && system !== parameter.system))
    return or([]);
  return {
    op: 'tok',
    any: [tokenKey(`${parameter.type}.${parameter.parts[0]}`, parameter.system, contactValue(code))],
  };
}

/** `:text`: the beginning of the display, of the text of a concept or of an identifier's type, or of a word in them. */
function planTokenText(parameter: IndexedParameter, name: string, value: string): Condition {
  const text = foldText(unescapeValue(value));
  if (text === '') throw invalidValue(name, value, 'chữ', 'text');
  const accept = ({ display }: { display: string }) =>
    display.split('\n').some((line) => ` ${foldText(line)}`.includes(` ${text}`));
  const shown: WordQuery = { p: parameter.q, accept };
  const term: WordQuery = {
    p: textParameter(parameter.q),
    contains: text,
    accept: ({ code }) => ` ${code}`.includes(` ${text}`),
  };
  return or([
    { op: 'words', queries: [shown, term] },
    { op: 'str', p: [textKey(parameter.q)], words: [], match: { kind: 'word', s: text } },
  ]);
}

/** `:of-type=system|code|value` of the identifier's type. */
function planTyped(parameter: IndexedParameter, name: string, value: string): Condition {
  const [system = '', code = '', number = '', ...more] = splitUnescaped(value, '|').map(unescapeValue);
  if (code === '' || number === '' || more.length > 0) {
    throw invalidValue(name, value, 'hệ|mã loại|giá trị', 'system|type code|value');
  }
  return { op: 'tok', any: [typedIdentifierKey(parameter.q, system, code, number)] };
}

/** `:in` and `:not-in`: a value set by its address or as `ValueSet/id`. The caller turns `:not-in` around. */
function planMembers(parameter: IndexedParameter, name: string, value: string): Condition {
  const valueSet = unescapeValue(value).trim();
  if (valueSet === '')
    throw invalidValue(name, value, 'địa chỉ của một ValueSet', 'the address of a ValueSet');
  return { op: 'members', parameter, valueSet, name };
}

const MIME_TYPES = 'mimetypes';

/** R4 search.html#mimetype: `:below=text/xml` is that type with whatever parameters, `:below=image` any image. */
function planMimeType(
  { q }: IndexedParameter,
  direction: 'below' | 'above',
  { code = '' }: AskedToken,
): Condition {
  const asked = mimeType(code);
  const accept = (word: { code: string }) => {
    const own = mimeType(word.code);
    return direction === 'below' ? isOfType(own, asked) : isOfType(asked, own);
  };
  return { op: 'words', queries: [{ p: q, accept }] };
}

interface MimeType {
  base: string;
  parameters: string;
}

/** Blanks and upper case mean nothing (RFC 2045). */
function mimeType(text: string): MimeType {
  const [base = '', ...parameters] = text.toLowerCase().replace(/\s+/g, '').split(';');
  return { base: base.replace(/\/\*$/, ''), parameters: parameters.join(';') };
}

function isOfType(one: MimeType, wider: MimeType): boolean {
  if (wider.parameters !== '' && wider.parameters !== one.parameters) return false;
  return one.base === wider.base || (!wider.base.includes('/') && one.base.startsWith(`${wider.base}/`));
}

/**
 * `:below` and `:above`: the system decides what lies below what. A `code` says it by its value set; where nobody says it, each
 * system that the parameter is in use with is asked (R4 search.html#token has `code:below=126851005`).
 */
function planSubsumption(
  parameter: IndexedParameter,
  name: string,
  direction: 'below' | 'above',
  { system, code }: AskedToken,
  value: string,
): Condition {
  const implied = parameter.paths.flatMap(({ codes }) => [
    ...(codes ? (requiredCodes(codes)?.keys() ?? []) : []),
  ]);
  const known = system ?? (implied.length === 1 ? implied[0] : undefined);
  if (known === '' || code === undefined)
    throw invalidValue(name, value, 'mã hoặc hệ|mã', 'code or system|code');
  return { op: 'subsumed', parameter, direction, system: known, code, name };
}
