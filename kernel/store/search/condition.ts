/**
 * What a row must fulfil, as plain data: between the parsed query and the SQL. Words of the dictionary are still open
 * (`words`), and so is what other resources must be asked for; `resolve` replaces them.
 */
import type { StoredType } from '../resource-types.ts';
import type { Sight } from '../sight.ts';
import type { IndexedParameter } from './parameters.ts';
import type { Prefix } from './values.ts';

/** Entries of the dictionary that are meant; everything given must hold. */
export interface WordQuery {
  /** `Observation.code` */
  p: string;
  code?: string;
  /** Codes with this beginning. */
  prefix?: string;
  /** Codes with this inside. */
  contains?: string;
  sys?: string;
  /** Further test on the entry, in the program. */
  accept?: (word: Word) => boolean;
  /** The bounds in the unit of the entry, where they depend on it. */
  boundsFor?: (word: Word) => Bounds;
  /** What rows carry of the entry, where it is not its own hash. */
  keyFor?: (hash: bigint) => bigint;
}

/** What an entry of the dictionary says. */
export interface Word {
  sys: string;
  code: string;
  display: string;
}

/** An interval compared by R4 rules. Dates in epoch ms ([low, high)), numbers with their precision. */
export interface Bounds {
  prefix: Prefix;
  low: number;
  high: number;
  /** The number itself, for prefixes that ignore its precision; undefined for dates. */
  value?: number;
}

export type Condition =
  | { op: 'true' }
  | { op: 'false' }
  | { op: 'and' | 'or'; of: Condition[] }
  | { op: 'not'; of: Condition }
  /** One of the hashes is in `tok`. `rare`: of identifiers and of references to a person, which few rows share. */
  | { op: 'tok'; any: bigint[]; rare?: boolean }
  /** One of the words' hashes is in `tok`. */
  | { op: 'words'; queries: WordQuery[] }
  /** The row belongs to one of these persons. */
  | { op: 'person'; pts: bigint[] }
  /** The row belongs to one of these persons, or with 0 among them to nobody. */
  | { op: 'of'; pts: bigint[] }
  /**
   * The reader sees the row (`sight.ts`): it is not `unmasked` by a category that is hidden, the person's consent has
   * `permitted` it; or it is the reader's `own`, or opened to the reader by name (`granted`).
   */
  | {
      op: 'seen';
      type: StoredType;
      sight: Sight;
      only: 'unmasked' | 'permitted' | 'unveiled' | 'own' | 'granted';
    }
  | { op: 'present'; bits: bigint }
  | { op: 'row'; places: { pt: bigint; idh: bigint }[] }
  | { op: 'ids'; type: StoredType; ids: string[] }
  | { op: 'updated'; bounds: Bounds }
  | { op: 'main-date'; type: StoredType; bounds: Bounds }
  /** An interval in `ord` under one of `p`, or under the hashes of words. */
  | { op: 'ord'; p: bigint[]; words: WordQuery[]; bounds: Bounds }
  | { op: 'str'; p: bigint[]; words: WordQuery[]; match: TextMatch }
  /** A row of `ord` that is a pair of points: start and end. */
  | { op: 'stretch'; p: bigint[]; words: WordQuery[]; start: Bounds; end: Bounds }
  /** A row of `ord` that is a place: latitude in `lo`, longitude in `hi`, degrees. */
  | { op: 'near'; p: bigint; latitude: number; longitude: number; meters: number }
  /** References to or from rows that fulfil `inner`; `reference` is `q` of the parameter, or `own` when `pt` says it. */
  | { op: 'refers'; reference: string; target: StoredType; inner: Condition }
  | { op: 'referred'; reference: string; target: StoredType; source: StoredType; inner: Condition }
  | OpenCondition;

/** What other resources must be asked for before the rows can be. */
export type OpenCondition =
  /** Codes of the parameter that are in a value set. */
  | { op: 'members'; parameter: IndexedParameter; valueSet: string; name: string }
  /** Codes of the parameter that a code subsumes (below) or that subsume it (above), itself included. */
  | {
      op: 'subsumed';
      parameter: IndexedParameter;
      direction: 'above' | 'below';
      /** Undefined = whichever knows the code. */
      system: string | undefined;
      code: string;
      name: string;
    }
  /** References to a resource or to what is above or below it. */
  | {
      op: 'hierarchy';
      parameter: IndexedParameter;
      direction: 'above' | 'below';
      targets: { type: StoredType; id: string }[];
      name: string;
      sight?: Sight;
    }
  /** References by canonical address to definitions that fulfil `inner`. */
  | { op: 'defined'; parameter: IndexedParameter; target: StoredType; inner: Condition; name: string }
  /** Definitions that rows of `source` which fulfil `inner` refer to by canonical address. */
  | {
      op: 'defining';
      parameter: IndexedParameter;
      target: StoredType;
      source: StoredType;
      inner: Condition;
      name: string;
    }
  /** Rows of a type that fulfil `of` and whose resource stands a test of its own; `what` is for people who read the plan. */
  | {
      op: 'checked';
      type: StoredType;
      of: Condition;
      what: string;
      name: string;
      test: (resource: unknown) => boolean;
    };

export type TextMatch =
  | { kind: 'prefix'; s: string }
  | { kind: 'equals'; s: string }
  | { kind: 'unequal'; s: string }
  | { kind: 'suffix'; s: string }
  /** Of people's names: whole words that stand beside one another. */
  | { kind: 'whole'; s: string }
  | { kind: 'name-unequal'; s: string }
  | { kind: 'name-suffix'; s: string }
  | { kind: 'contains'; s: string }
  /** Some word begins with it. */
  | { kind: 'word'; s: string }
  /** Every word begins a word of the name; the first is the one to look up. */
  | { kind: 'name'; words: string[] };

export const TRUE: Condition = { op: 'true' };
export const FALSE: Condition = { op: 'false' };

export function and(of: Condition[]): Condition {
  if (of.length === 1 && of[0]!.op !== 'and') return of[0]!;
  const parts = of.filter((c) => c.op !== 'true').flatMap((c) => (c.op === 'and' ? c.of : [c]));
  if (parts.some((c) => c.op === 'false')) return FALSE;
  return parts.length === 0 ? TRUE : parts.length === 1 ? parts[0]! : { op: 'and', of: parts };
}

/** Alternatives; those on `tok`, on words and on persons are joined into one each. */
export function or(of: Condition[]): Condition {
  if (of.length === 1 && isJoined(of[0]!)) return of[0]!;
  const parts: Condition[] = of.filter((c) => c.op !== 'false').flatMap((c) => (c.op === 'or' ? c.of : [c]));
  if (parts.some((c) => c.op === 'true')) return TRUE;
  const any = parts.flatMap((c) => (c.op === 'tok' ? c.any : []));
  const rare = parts.every((c) => c.op !== 'tok' || c.rare === true);
  const queries = parts.flatMap((c) => (c.op === 'words' ? c.queries : []));
  const pts = parts.flatMap((c) => (c.op === 'person' ? c.pts : []));
  const rest: Condition[] = parts.filter((c) => c.op !== 'tok' && c.op !== 'words' && c.op !== 'person');
  if (queries.length > 0) rest.unshift({ op: 'words', queries });
  if (any.length > 0) rest.unshift({ op: 'tok', any, ...(rare ? { rare } : {}) });
  if (pts.length > 0) rest.unshift({ op: 'person', pts });
  return rest.length === 0 ? FALSE : rest.length === 1 ? rest[0]! : { op: 'or', of: rest };
}

/** True for what `or` would give back as it is, as most conditions of a search are. */
function isJoined(part: Condition): boolean {
  switch (part.op) {
    case 'or':
      return false;
    case 'tok':
      return part.any.length > 0;
    case 'words':
      return part.queries.length > 0;
    case 'person':
      return part.pts.length > 0;
    default:
      return true;
  }
}

/** True when rows of other resources decide, of which there may be many. */
export function looksElsewhere(condition: Condition): boolean {
  switch (condition.op) {
    case 'and':
    case 'or':
      return condition.of.some(looksElsewhere);
    case 'not':
      return looksElsewhere(condition.of);
    default:
      return condition.op === 'refers' || condition.op === 'referred';
  }
}

/** A copy with every part replaced, innermost first. */
export function mapCondition(condition: Condition, change: (part: Condition) => Condition): Condition {
  switch (condition.op) {
    case 'and':
      return and(condition.of.map((part) => mapCondition(part, change)));
    case 'or':
      return or(condition.of.map((part) => mapCondition(part, change)));
    case 'not': {
      const of = mapCondition(condition.of, change);
      if (of.op === 'true') return FALSE;
      return of.op === 'false' ? TRUE : { op: 'not', of };
    }
    case 'refers':
    case 'referred':
      return { ...condition, inner: mapCondition(condition.inner, change) };
    default:
      return change(condition);
  }
}

const OWN: ReadonlySet<Condition['op']> = new Set([
  'true',
  'false',
  'tok',
  'words',
  'person',
  'present',
  'ids',
  'main-date',
  'ord',
  'str',
]);

/** True when a row tells it by itself, without other rows, value sets or the resource. */
export function isOwn(condition: Condition): boolean {
  switch (condition.op) {
    case 'and':
    case 'or':
      return condition.of.every(isOwn);
    case 'not':
      return isOwn(condition.of);
    default:
      return OWN.has(condition.op);
  }
}
