/** How each search parameter is kept: the one table that extraction, planning and the capability statement share. */
import {
  elementsOf,
  hasStructure,
  type SearchParameter,
  searchParametersOf,
} from '../../fhir/definitions/index.ts';
import { SUBJECT_PATHS } from '../compartment.ts';
import { parameterKey } from './keys.ts';
import { mainDateOf } from './main-columns.ts';
import { type JsonPath, resolvePaths } from './paths.ts';

/** Where the values of a parameter lie. */
export type Storage =
  /** `tok`, and the dictionary for codes. */
  | 'tokens'
  /** `tok` through the dictionary of folded words: family names, cities. */
  | 'words'
  /** `str`, folded. */
  | 'strings'
  /** `str`, every rotation of a person's name. */
  | 'names'
  /** `tok`, literal references. */
  | 'references'
  /** `tok`, exact addresses. */
  | 'uris'
  /** `d0`, `d1`. */
  | 'main-date'
  /** `ord`. */
  | 'dates'
  | 'numbers'
  | 'quantities'
  /** `ord`, `str` or `tok` with the leading token in the key. */
  | 'composite'
  /** Nothing of its own: the union of `parts`. */
  | 'union'
  /** Nothing of its own: contact points of one system in the parameter `telecom`. */
  | 'contact';

export interface IndexedParameter extends SearchParameter {
  /** `Observation.code`. */
  readonly q: string;
  readonly p: bigint;
  readonly storage: Storage;
  /** Parameters whose union this one is; for `strings` the further ones that an address consists of. */
  readonly parts: readonly string[];
  /** phone or email, for `contact`. */
  readonly system: string;
  readonly paths: readonly JsonPath[];
  /** True when a reference to the person a row belongs to is not in `tok`, because it is `pt`. */
  readonly own: boolean;
}

const WORDS = /^(family|address-(city|country|postalcode|state|district))$/;
const COMBO = /^combo-(.*)$/;
const cache = new Map<string, ReadonlyMap<string, IndexedParameter>>();

/** Parameters of a type that this store answers, by name. */
export function indexedParametersOf(type: string): ReadonlyMap<string, IndexedParameter> {
  const known = cache.get(type);
  if (known) return known;
  const map = new Map<string, IndexedParameter>();
  for (const parameter of searchParametersOf(type).values()) {
    if (isSupported(parameter)) map.set(parameter.code, describe(parameter));
  }
  cache.set(type, map);
  return map;
}

/**
 * Not answered: phonetic (no phonetic index), near (no positions), parameters whose value is a resource inside a
 * Bundle, and composites that pair two numbers or look outside their own element.
 */
function isSupported(parameter: SearchParameter): boolean {
  if (parameter.code === 'phonetic' || parameter.kind === 'special') return false;
  if (parameter.expression.includes('[')) return false;
  return (
    parameter.kind !== 'composite' ||
    (parameter.components.length === 2 && parameter.type !== 'MolecularSequence')
  );
}

function describe(parameter: SearchParameter): IndexedParameter {
  const q = `${parameter.type}.${parameter.code}`;
  const paths = q === 'Patient.deceased' ? [] : resolvePaths(parameter.type, parameter.expression);
  const base = { ...parameter, q, p: parameterKey(q), paths, parts: [] as string[], system: '', own: false };
  const combo = COMBO.exec(parameter.code);
  if (combo) return { ...base, storage: 'union', parts: comboParts(combo[1]!) };
  if (parameter.kind === 'string') return { ...base, ...stringStorage(parameter) };
  if (parameter.kind === 'token' && (parameter.code === 'phone' || parameter.code === 'email')) {
    return { ...base, storage: 'contact', system: parameter.code, parts: ['telecom'] };
  }
  if (parameter.kind === 'reference')
    return { ...base, storage: 'references', own: isOwnPatient(parameter.type, paths) };
  if (parameter.kind === 'date') {
    return { ...base, storage: mainDateOf(parameter.type)?.code === parameter.code ? 'main-date' : 'dates' };
  }
  return { ...base, storage: STORAGE[parameter.kind] ?? 'tokens' };
}

const STORAGE: Record<string, Storage> = {
  token: 'tokens',
  uri: 'uris',
  number: 'numbers',
  quantity: 'quantities',
  composite: 'composite',
};

/** `combo-code` = `code` or `component-code`; `combo-code-value-quantity` likewise. */
function comboParts(rest: string): string[] {
  return [rest, `component-${rest}`];
}

function stringStorage(parameter: SearchParameter): { storage: Storage; parts: string[] } {
  if (WORDS.test(parameter.code)) return { storage: 'words', parts: [] };
  const person = parameter.code === 'name' && isPersonName(parameter);
  if (parameter.code !== 'address') return { storage: person ? 'names' : 'strings', parts: [] };
  const parts = [...searchParametersOf(parameter.type).keys()].filter(
    (code) => WORDS.test(code) && code !== 'family',
  );
  return { storage: 'strings', parts };
}

function isPersonName(parameter: SearchParameter): boolean {
  return resolvePaths(parameter.type, parameter.expression).every((path) => path.type === 'HumanName');
}

/** True when `pt` alone says it: the type has one element that names its person, not repeating, and this is it. */
function isOwnPatient(type: string, paths: readonly JsonPath[]): boolean {
  if (type === 'Patient') return false;
  const places = SUBJECT_PATHS.filter((place) => leadsToReference(type, place));
  const [place] = places;
  if (places.length !== 1 || place?.length !== 1 || paths.length !== 1) return false;
  const [path] = paths;
  const step = path!.steps[0];
  const elsewhere = step?.filter?.kind === 'target' && step.filter.type !== 'Patient';
  return path!.single && path!.steps.length === 1 && step?.key === place[0] && !elsewhere;
}

function leadsToReference(type: string, place: readonly string[]): boolean {
  let structure = type;
  for (const name of place) {
    if (!hasStructure(structure)) return false;
    const next = elementsOf(structure).find((element) => element.name === name)?.types[0];
    if (!next) return false;
    structure = next.code;
  }
  return structure === 'Reference';
}
