/** How each search parameter is kept: the one table that extraction, planning and the capability statement share. */
import {
  elementsOf,
  hasStructure,
  type SearchParameter,
  searchParametersOf,
} from '../../fhir/definitions/index.ts';
import { isSharedType, SUBJECT_PATHS } from '../compartment.ts';
import { isResourceType } from '../resource-types.ts';
import { parameterKey } from './keys.ts';
import { mainDateOf } from './main-columns.ts';
import { ownParametersOf, registryState, unreadyOf } from './own-parameters.ts';
import { ownPaths } from './own-paths.ts';
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
  | 'contact'
  /** `tok`, the sounds of each word (`phonetic.ts`). */
  | 'sounds'
  /** `ord`, latitude and longitude of one place. */
  | 'position'
  /** `ord` under a token, start and end of a stretch of a sequence: each is asked for by itself. */
  | 'stretch'
  /** A resource inside this one (the first of a Bundle), indexed under the parameters of its own type. */
  | 'carried';

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
interface Known {
  /** What it was made from; see `registryState`. */
  state: object;
  written: ReadonlyMap<string, IndexedParameter>;
  answered: ReadonlyMap<string, IndexedParameter>;
}

const base = new Map<string, ReadonlyMap<string, IndexedParameter>>();
const cache = new Map<string, Known>();

/** Parameters of a type that this store answers, by name: those of R4 and this province's own. */
export function indexedParametersOf(type: string): ReadonlyMap<string, IndexedParameter> {
  return knownOf(type).answered;
}

/** Parameters by which rows are written: also those that older rows do not follow yet (`unreadyOf`). */
export function writtenParametersOf(type: string): ReadonlyMap<string, IndexedParameter> {
  return knownOf(type).written;
}

function knownOf(type: string): Known {
  const state = registryState();
  const known = cache.get(type);
  if (known?.state === state) return known;
  const own = ownParametersOf(type);
  const unready = unreadyOf(type);
  const written = own.length === 0 ? baseParametersOf(type) : withOwn(baseParametersOf(type), own);
  const answered =
    unready.size === 0 ? written : new Map([...written].filter(([code]) => !unready.has(code)));
  const made = { state, written, answered };
  cache.set(type, made);
  return made;
}

/** Those of R4. */
export function baseParametersOf(type: string): ReadonlyMap<string, IndexedParameter> {
  const known = base.get(type);
  if (known) return known;
  const map = new Map<string, IndexedParameter>();
  for (const parameter of searchParametersOf(type).values()) map.set(parameter.code, describe(parameter));
  base.set(type, map);
  return map;
}

function withOwn(parameters: ReadonlyMap<string, IndexedParameter>, own: readonly SearchParameter[]) {
  const map = new Map(parameters);
  for (const parameter of own) map.set(parameter.code, describeOwn(parameter));
  return map;
}

/** A parameter that this province adds: no column of the row is its own, whatever it is called. */
function describeOwn(parameter: SearchParameter): IndexedParameter {
  const q = `${parameter.type}.${parameter.code}`;
  const paths = ownPaths(parameter.type, parameter.kind, parameter.expression);
  return {
    ...parameter,
    q,
    p: parameterKey(q),
    paths,
    parts: [],
    system: '',
    own: parameter.kind === 'reference' && isOwnPatient(parameter.type, paths),
    storage: OWN_STORAGE[parameter.kind] ?? 'tokens',
  };
}

/** `Bundle.entry[0].resource`: no path that the grammar knows, for the value is a resource. */
const CARRIED = 'Bundle.entry[0].resource';

/** What a parameter's place in the index is, from its definition. Pure. */
function describe(parameter: SearchParameter): IndexedParameter {
  const q = `${parameter.type}.${parameter.code}`;
  const isPlain = q !== 'Patient.deceased' && parameter.expression !== CARRIED;
  const paths = isPlain ? resolvePaths(parameter.type, parameter.expression) : [];
  const base = { ...parameter, q, p: parameterKey(q), paths, parts: [] as string[], system: '', own: false };
  if (parameter.expression === CARRIED) return { ...base, storage: 'carried' };
  const combo = COMBO.exec(parameter.code);
  if (combo) return { ...base, storage: 'union', parts: comboParts(combo[1]!) };
  if (parameter.code === 'phonetic') return { ...base, storage: 'sounds' };
  if (parameter.kind === 'composite' && parameter.components.length === 3) {
    return { ...base, storage: 'stretch' };
  }
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
  special: 'position',
};

const OWN_STORAGE: Record<string, Storage> = {
  ...STORAGE,
  string: 'strings',
  reference: 'references',
  date: 'dates',
};

const PART_OF = ['partof', 'part-of'];

/** The parameter by which a resource names the one it is part of; undefined when the type is no hierarchy. */
export function hierarchyOf(type: string): IndexedParameter | undefined {
  const parameters = indexedParametersOf(type);
  const parameter = PART_OF.map((code) => parameters.get(code)).find((one) => one !== undefined);
  return parameter?.targets.length === 1 && parameter.targets[0] === type ? parameter : undefined;
}

/**
 * The parameter as it is kept for a resource inside another: nothing of it is a column of the row, for those are the outer
 * resource's.
 */
export function carriedView(parameter: IndexedParameter): IndexedParameter {
  const storage = parameter.storage === 'main-date' ? 'dates' : parameter.storage;
  return { ...parameter, storage, own: false };
}

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

/**
 * True for identifiers that have rows for their order: those of people and of what belongs to nobody. Of what happens to
 * people (prescriptions, charges) there are thousands for each of these, and they are listed by person or visit.
 */
export function hasOrderRows({ storage, paths, type }: IndexedParameter): boolean {
  if (storage !== 'tokens' || paths.length === 0 || paths.some((path) => path.type !== 'Identifier'))
    return false;
  return type === 'Patient' || (isResourceType(type) && isSharedType(type));
}

/** True when the dictionary holds every value of the parameter, so that codes can be compared and put in order. */
export function isInDictionary({ storage, paths, q }: IndexedParameter): boolean {
  if (storage === 'words' || storage === 'uris' || q === 'Patient.deceased') return true;
  return storage === 'tokens' && paths.every((path) => DICTIONARY_TYPES.has(path.type));
}

const DICTIONARY_TYPES = new Set(['CodeableConcept', 'Coding', 'code', 'boolean']);
