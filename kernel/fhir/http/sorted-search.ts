/**
 * `_sort` over several types (R4 search.html#sort: the order is that of all matches): of each type a page is looked up in the
 * order, the best of all are read. Where a type goes on is said by the signed cursor of the last of its matches that was shown.
 */
import { Failure } from '../../failure.ts';
import type { MatchPlace, SearchAnswer, StoredVersion } from '../../store/contract.ts';
import { localParams } from '../local.ts';
import { RENDERED } from '../names.ts';
import type { ResourceType } from '../types.ts';
import type { GetContext } from './context.ts';
import type { Place, Scope } from './system-search.ts';

type Params = [string, string][];

export interface Sorted {
  matches: StoredVersion[];
  includes: StoredVersion[];
  /** Where each type that has more goes on; none at the end. */
  next: Place[];
}

const OF_ORDER: ReadonlySet<string> = new Set(['_sort', '_total', '_count']);
/** What comes with the matches or counts them says nothing of their order. */
const BESIDE = /^(_include|_revinclude)(:|$)|^(_total|_summary)$/;

/** @param from where each type begins @param count matches of a page */
export async function collectSorted(
  context: GetContext,
  scope: Scope,
  params: Params,
  from: readonly Place[],
  count: number,
): Promise<Sorted> {
  refuseRendered(scope.types);
  const asked = params.filter(([name]) => !BESIDE.test(name));
  const sources: Source[] = [];
  for (const place of from) {
    const cursor: Params = place.cursor === '' ? [] : [['_cursor', place.cursor]];
    const answer = await context.session.findUntold(
      scope.types[place.at]!,
      paramsOf(context, scope, place.at, [...asked, ...cursor]),
    );
    sources.push(new Source(place, answer));
  }
  const shown = firstOf(sources, directionsOf(params), count);
  const found = await readShown(context, scope, params, shown);
  return { ...found, next: sources.flatMap((source) => source.next()) };
}

/** The audit has an order of its own, and lines are written to it by every page. */
function refuseRendered(types: readonly ResourceType[]): void {
  const wrong = types.find((type) => RENDERED.has(type));
  if (wrong === undefined || types.length === 1) return;
  throw new Failure('invalid-parameter', `_sort không sắp xếp ${wrong} cùng các loại khác; hãy tìm riêng.`, {
    textEn: `_sort cannot put ${wrong} in one order with other types: search it by itself.`,
    expression: '_sort',
  });
}

function paramsOf(context: GetContext, { types, fixed }: Scope, at: number, params: Params): Params {
  const type = types[at]!;
  return [...fixed(type, at), ...localParams(type, params, context.base)];
}

/** The matches of a type, and how many of them are shown. */
class Source {
  readonly at: number;
  readonly answer: SearchAnswer;
  readonly #begin: Place;
  #taken = 0;

  constructor(begin: Place, answer: SearchAnswer) {
    this.#begin = begin;
    this.at = begin.at;
    this.answer = answer;
  }

  /** The match that comes next; undefined when all of the page are shown. */
  get head(): { version: StoredVersion; place: MatchPlace } | undefined {
    const version = this.answer.matches[this.#taken];
    return version && { version, place: this.answer.placeOf!(this.#taken) };
  }

  /** Definitions that are rendered from content stand before what is stored, and have no place in the order. */
  get isPlaced(): boolean {
    return this.answer.matches.length === 0 || this.answer.placeOf !== undefined;
  }

  take(): void {
    this.#taken += 1;
  }

  takeAll(): void {
    this.#taken = this.answer.matches.length;
  }

  next(): Place[] {
    const { matches, next, placeOf } = this.answer;
    if (this.#taken === matches.length) {
      const cursor = next === undefined ? undefined : new URLSearchParams(next).get('_cursor');
      return cursor ? [{ at: this.at, cursor }] : [];
    }
    return this.#taken === 0 ? [this.#begin] : [{ at: this.at, cursor: placeOf!(this.#taken - 1).cursor }];
  }
}

interface Shown {
  at: number;
  version: StoredVersion;
}

/** The first of all; ties stand in the order of the types. */
function firstOf(sources: readonly Source[], descending: readonly boolean[], count: number): Shown[] {
  const unplaced = sources.find((source) => !source.isPlaced);
  if (unplaced) {
    unplaced.takeAll();
    return unplaced.answer.matches.map((version) => ({ at: unplaced.at, version }));
  }
  const heads = new Map(sources.map((source) => [source, source.head]));
  const shown: Shown[] = [];
  while (shown.length < count) {
    let best: Source | undefined;
    for (const source of sources) {
      const head = heads.get(source);
      if (head === undefined) continue;
      if (best === undefined || isBefore(head.place, heads.get(best)!.place, descending)) best = source;
    }
    if (best === undefined) break;
    shown.push({ at: best.at, version: heads.get(best)!.version });
    best.take();
    heads.set(best, best.head);
  }
  return shown;
}

function directionsOf(params: Params): boolean[] {
  const keys = params.filter(([name]) => name === '_sort').flatMap(([, value]) => value.split(','));
  return keys.map((key) => key.startsWith('-'));
}

function isBefore(a: MatchPlace, b: MatchPlace, descending: readonly boolean[]): boolean {
  for (const [at, value] of a.values.entries()) {
    const other = b.values[at] ?? null;
    if (value === other) continue;
    if (value === null || other === null) return other === null;
    return isLess(value, other) !== descending[at];
  }
  return false;
}

/** Texts by code point, as the database compares them. */
function isLess(a: number | string, b: number | string): boolean {
  if (typeof a === 'string' && typeof b === 'string')
    return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
  return a < b;
}

/** Reads what is shown, with what comes with it: the audit tells of that and of nothing else. */
async function readShown(
  context: GetContext,
  scope: Scope,
  params: Params,
  shown: readonly Shown[],
): Promise<Pick<Sorted, 'matches' | 'includes'>> {
  const byName = new Map<string, StoredVersion>();
  const includes: StoredVersion[] = [];
  const along = params.filter(([name]) => !OF_ORDER.has(name));
  for (const [at, some] of Map.groupBy(shown, (one) => one.at)) {
    const type = scope.types[at]!;
    const ids = some.map(({ version }) => version.id);
    const answer = await context.session.searchStored(
      type,
      paramsOf(context, scope, at, [
        ...ofType(along, type, scope.types),
        ['_id', ids.join(',')],
        ['_count', String(ids.length)],
      ]),
    );
    for (const version of answer.matches) byName.set(nameOf(version), version);
    includes.push(...answer.includes);
  }
  // What was deleted in between is left out.
  const matches = shown.flatMap(({ version }) => byName.get(nameOf(version)) ?? []);
  return { matches, includes: onceEach(includes, byName) };
}

/** An include from another of the types is that type's. */
export function ofType(params: Params, type: ResourceType, types: readonly ResourceType[]): Params {
  return params.filter(([name, value]) => {
    const source = value.split(':')[0]!;
    return name !== '_include' || source === type || !(types as readonly string[]).includes(source);
  });
}

const nameOf = ({ type, id }: StoredVersion) => `${type}/${id}`;

/** What is a match, or comes with matches of several types, stands in the answer once (R4 search.html#include). */
export function onceEach(
  includes: readonly StoredVersion[],
  matches: ReadonlyMap<string, unknown>,
): StoredVersion[] {
  const others = new Map(includes.map((version) => [nameOf(version), version]));
  return [...others].flatMap(([name, version]) => (matches.has(name) ? [] : [version]));
}
