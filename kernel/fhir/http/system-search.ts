/** `GET /fhir?_type=Patient,Encounter&…`: one type after the other, page by page. R4 http.html#search. */
import { Failure } from '../../failure.ts';
import type { SearchAnswer, StoredVersion } from '../../store/contract.ts';
import { resourceTypeNames } from '../definitions/index.ts';
import { localParams } from '../local.ts';
import { CARRIERS, isResourceType, RENDERED } from '../names.ts';
import type { ResourceType } from '../types.ts';
import { type EntryBytes, type Link, searchEntry } from './bundle-bytes.ts';
import { type Answer, type GetContext, queryText } from './context.ts';
import type { Demand } from './demand.ts';
import { type Asked, explained, readAsked, searchset, warningEntries } from './search.ts';
import { collectSorted, ofType, onceEach } from './sorted-search.ts';

const STANDARD_COUNT = 20;
/** Pages that a cursor remembers for the way back; further back leads `first`. */
const MOST_REMEMBERED = 20;

type Params = [string, string][];

/** Where a page begins: a type by its place in the list, and its cursor; '' = at its beginning. */
export interface Place {
  at: number;
  cursor: string;
}

/** A page of several types. */
export interface Found {
  matches: StoredVersion[];
  /** Of which type each match is, by its place in the list. */
  places: number[];
  includes: StoredVersion[];
  total: number | undefined;
  next: Place | undefined;
}

/** Which types are searched, and where. */
export interface Scope {
  types: readonly ResourceType[];
  /** What stands before the query in the links, '' for the base itself. */
  address: string;
  /** Parameters that the address says. @param at place of the type in `types` */
  fixed(type: ResourceType, at: number): Params;
}

/** Every parameter must be known to every type. Without `_type` it is asked of all types that the actor may search. */
export async function answerSystemSearch(context: GetContext, demand: Demand): Promise<Answer> {
  const types = namesOf(demand).length > 0 ? typesOf(demand) : everyType(context, demand);
  return answerAllTypes(context, demand, { types, address: '', fixed: () => [] });
}

/** R4 search.html: "only the parameters defined for all resources" of those that an index answers. */
const OF_ALL = /^_(id|lastUpdated|tag|profile|security|source|text|list)(:|$)/;
const OF_PAGES: ReadonlySet<string> = new Set([
  '_count',
  '_sort',
  '_total',
  '_summary',
  '_cursor',
  '_explain',
]);

function everyType({ session, lenient }: GetContext, { params }: Demand): ResourceType[] {
  // Lenient, what some type does not know is left out later.
  const other = lenient ? undefined : params.find(([name]) => !OF_ALL.test(name) && !OF_PAGES.has(name));
  if (other) {
    throw new Failure(
      'invalid-parameter',
      `${other[0]}: tìm mọi loại tài nguyên cần _type, hoặc chỉ _id, _lastUpdated, _tag, _profile, _security, _source, _text, _list.`,
      {
        textEn: `${other[0]}: a search of all resource types needs _type, or takes only _id, _lastUpdated, _tag, _profile, _security, _source, _text, _list.`,
        expression: other[0],
      },
    );
  }
  if (params.every(([name]) => OF_PAGES.has(name))) throw needsTypes();
  return resourceTypeNames.filter(
    (type): type is ResourceType =>
      isResourceType(type) &&
      !RENDERED.has(type) &&
      !CARRIERS.has(type) &&
      session.reach('search', type) !== 'none',
  );
}

/** The types of a scope one after the other, or in one order; `_type` leaves some of them out. */
export async function answerAllTypes(context: GetContext, demand: Demand, scope: Scope): Promise<Answer> {
  const types = narrowed(demand, scope.types);
  const asked = readAsked(context, types, demand);
  const address = scope.address === '' ? context.base : `${context.base}/${scope.address}`;
  const link = (query: Params) => `${address}${queryText([...query, ...asked.demand.form])}`;
  const links: Link[] = [{ relation: 'self', url: link(asked.params) }];
  const own = asked.params.filter(([name]) => name !== '_type' && name !== '_cursor');
  if (asked.explain) {
    const plans = types.map((type, at) =>
      context.session.explainStored(type, [
        ...scope.fixed(type, at),
        ...localParams(type, own, context.base),
      ]),
    );
    return explained(await Promise.all(plans), links);
  }
  const base = asked.params.filter(([name]) => name !== '_cursor');
  if (types.length > 1 && isSorted(own)) {
    const found = await sortedPage(context, { ...scope, types }, own, asked.params);
    if (found.isFirst === false || found.next !== undefined)
      links.push({ relation: 'first', url: link(base) });
    if (found.next !== undefined)
      links.push({ relation: 'next', url: link([...base, ['_cursor', found.next]]) });
    return searchset(found.total, links, entriesOf(context, asked, found));
  }
  const way = wayOf(asked.params, types.length);
  const found = await collect(context, { ...scope, types }, own, way.at(-1)!);
  if (!asked.demand.countOnly) {
    if (way.length > 1 || found.next !== undefined) links.push({ relation: 'first', url: link(base) });
    if (way.length > 1)
      links.push({ relation: 'previous', url: link([...base, ...cursorOf(way.slice(0, -1))]) });
    if (found.next !== undefined)
      links.push({ relation: 'next', url: link([...base, ...cursorOf([...way, found.next])]) });
  }
  return searchset(found.total, links, entriesOf(context, asked, found));
}

function entriesOf(
  { base }: GetContext,
  { demand, warnings }: Asked,
  { matches, includes }: Pick<Found, 'matches' | 'includes'>,
): EntryBytes[] {
  const { countOnly, subset } = demand;
  const entries = countOnly
    ? []
    : [
        ...matches.map((version) => searchEntry(base, version, 'match', subset)),
        ...includes.map((version) => searchEntry(base, version, 'include', subset)),
      ];
  return [...entries, ...warningEntries(warnings)];
}

/** True when matches of all types stand in one order; what is only counted has none. */
function isSorted(params: Params): boolean {
  const isOrder = ([name, value]: [string, string]) => name === '_sort' && !/^-?_score$/.test(value);
  return params.some(isOrder) && !isCountedOnly(params);
}

const isCountedOnly = (params: Params) =>
  params.some(([name, value]) => name === '_summary' || (name === '_count' && Number(value) === 0));

interface SortedPage extends Pick<Found, 'matches' | 'includes' | 'total'> {
  isFirst: boolean;
  next: string | undefined;
}

/** A page of all types in one order; its cursor names each type that has more, and where it goes on. */
async function sortedPage(
  context: GetContext,
  scope: Scope,
  own: Params,
  asked: Params,
): Promise<SortedPage> {
  const { types } = scope;
  const isFirst = !asked.some(([name]) => name === '_cursor');
  const from = isFirst ? [...types.keys()].map((at) => ({ at, cursor: '' })) : placesOf(asked, types.length);
  const { matches, includes, next } = await collectSorted(context, scope, own, from, countOf(own));
  const isWhole = isFirst && next.length === 0;
  const isCounted = own.some(([name, value]) => name === '_total' && value !== 'none');
  const total = isWhole ? matches.length : isCounted ? await countAll(context, scope, own) : undefined;
  return { matches, includes, total, isFirst, next: next.length === 0 ? undefined : cursorText(next) };
}

/** `_type` that stands twice names the types of both. */
function namesOf({ params }: Demand): string[] {
  const values = params.filter(([name]) => name === '_type').flatMap(([, value]) => value.split(','));
  return values.filter((one) => one !== '');
}

function checkTypes(names: readonly string[]): asserts names is readonly ResourceType[] {
  const wrong = names.find((name) => !isResourceType(name));
  if (wrong === undefined) return;
  throw new Failure('invalid-parameter', `_type: không có loại tài nguyên "${wrong}" trong FHIR R4.`, {
    textEn: `_type: "${wrong}" is not an R4 resource type.`,
    expression: '_type',
  });
}

function narrowed(demand: Demand, types: readonly ResourceType[]): readonly ResourceType[] {
  const names = namesOf(demand);
  checkTypes(names);
  return names.length === 0 ? types : types.filter((type) => names.includes(type));
}

function typesOf(demand: Demand): ResourceType[] {
  const names = namesOf(demand);
  checkTypes(names);
  return [...new Set(names)];
}

function needsTypes(): Failure {
  return new Failure(
    'invalid-parameter',
    'Tìm toàn hệ thống cần _type, hoặc một điều kiện như _lastUpdated.',
    {
      textEn: 'A search of the whole system needs _type, or a criterion such as _lastUpdated.',
      expression: '_type',
    },
  );
}

/** The pages that led here, the asked one last. The cursors of the types inside are signed. */
export function wayOf(params: Params, types: number): Place[] {
  if (!params.some(([name]) => name === '_cursor')) return [{ at: 0, cursor: '' }];
  const places = placesOf(params, types);
  if (places.length <= MOST_REMEMBERED) return places;
  throw badCursor();
}

function placesOf(params: Params, types: number): Place[] {
  const text = params.find(([name]) => name === '_cursor')?.[1] ?? '';
  const places = text.split('~').map((part): Place => {
    const [at = '', ...cursor] = part.split('!');
    return { at: /^\d{1,3}$/.test(at) ? Number(at) : types, cursor: cursor.join('!') };
  });
  if (places.every(({ at }) => at < types)) return places;
  throw badCursor();
}

function badCursor(): Failure {
  return new Failure(
    'invalid-parameter',
    'Tham số _cursor không đúng: chỉ dùng địa chỉ trang (next, previous) mà máy chủ đã trả. Hãy tìm lại không có _cursor.',
    {
      textEn:
        'Parameter _cursor is not valid: use the links (next, previous) that this server returned. Repeat the search without _cursor.',
      expression: '_cursor',
    },
  );
}

/** The first page needs no cursor. */
export function cursorOf(way: readonly Place[]): Params {
  if (way.length === 1 && way[0]!.at === 0 && way[0]!.cursor === '') return [];
  return [['_cursor', cursorText(way.slice(-MOST_REMEMBERED))]];
}

function cursorText(places: readonly Place[]): string {
  return places.map(({ at, cursor }) => `${at}!${cursor}`).join('~');
}

/** A page from one place on: of further types as long as it is not full. */
export async function collect(
  context: GetContext,
  scope: Scope,
  params: Params,
  from: Place,
): Promise<Found> {
  const { types } = scope;
  const isCounted = isCountedOnly(params) || params.some(([name]) => name === '_total');
  const count = countOf(params);
  const isFirst = from.at === 0 && from.cursor === '';
  const found: Found = {
    matches: [],
    places: [],
    includes: [],
    total: isFirst || isCounted ? 0 : undefined,
    next: undefined,
  };
  for (let at = from.at; at < types.length; at++) {
    // R4 search.html#count: a page never holds more than was asked for.
    const room = count - found.matches.length;
    const asked =
      room === count ? params : [...params.filter(([name]) => name !== '_count'), countedAs(room)];
    const answer = await searchOne(context, scope, at, asked, at === from.at ? from.cursor : '');
    found.matches.push(...answer.matches);
    found.places.push(...answer.matches.map(() => at));
    found.includes.push(...answer.includes);
    if (found.total !== undefined)
      found.total = answer.total === undefined ? undefined : found.total + answer.total;
    if (answer.next !== undefined) {
      found.next = { at, cursor: new URLSearchParams(answer.next).get('_cursor') ?? '' };
    } else if (found.matches.length >= count && at + 1 < types.length) {
      found.next = { at: at + 1, cursor: '' };
    }
    if (found.next !== undefined) break;
  }
  found.includes = onceEach(
    found.includes,
    new Map(found.matches.map((one) => [`${one.type}/${one.id}`, one])),
  );
  if (isCounted && (found.next !== undefined || !isFirst)) {
    found.total = await countAll(context, scope, params);
  } else if (found.next !== undefined || !isFirst) found.total = undefined;
  return found;
}

const countedAs = (count: number): [string, string] => ['_count', String(count)];

/** Matches of a page; what is no number is refused when it is searched for. */
function countOf(params: Params): number {
  return Number(params.findLast(([name]) => name === '_count')?.[1] ?? STANDARD_COUNT) || STANDARD_COUNT;
}

function searchOne(
  context: GetContext,
  { types, fixed }: Scope,
  at: number,
  params: Params,
  cursor: string,
): Promise<SearchAnswer> {
  const type = types[at]!;
  const asked = ofType(params, type, types);
  const own: Params = cursor === '' ? asked : [...asked, ['_cursor', cursor]];
  return context.session.searchStored(type, [...fixed(type, at), ...localParams(type, own, context.base)]);
}

/** The matches of all types together, where the page does not show them all and the number was asked for. */
async function countAll(context: GetContext, scope: Scope, params: Params): Promise<number | undefined> {
  if (params.some(([name, value]) => name === '_total' && value === 'none')) return undefined;
  const counted: Params = [...params.filter(([name]) => name !== '_total'), ['_summary', 'count']];
  let total = 0;
  for (const at of scope.types.keys()) {
    const answer = await searchOne(context, scope, at, counted, '');
    if (answer.total === undefined) return undefined;
    total += answer.total;
  }
  return total;
}
