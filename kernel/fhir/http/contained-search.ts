/**
 * `_contained=true|both` (R4 search.html#contained): resources that lie inside others, by themselves. The types that hold some
 * are searched one after the other; the answer is the resources that hold them, or with `_containedType=contained` what
 * they hold.
 */
import { Failure } from '../../failure.ts';
import type { StoredVersion } from '../../store/contract.ts';
import { heldIn } from '../../store/search/index.ts';
import { readStoredJson } from '../json/read.ts';
import { localParams } from '../local.ts';
import type { Resource, ResourceType } from '../types.ts';
import { type EntryBytes, type Link, searchEntry } from './bundle-bytes.ts';
import { type Answer, type GetContext, queryText } from './context.ts';
import type { Demand } from './demand.ts';
import { readAsked, searchset, warningEntries } from './search.ts';
import { type Subset, subsetOf } from './subset.ts';
import { collect, cursorOf, type Found, type Place, type Scope, wayOf } from './system-search.ts';

type Params = [string, string][];

/** What `_contained` and `_containedType` say. */
export interface ContainedAsk {
  /** Resources that are not contained are found, too. */
  both: boolean;
  /** What is inside is answered, and not what holds it. */
  inner: boolean;
}

const VALUES: Record<string, readonly string[]> = {
  _contained: ['false', 'true', 'both'],
  _containedType: ['container', 'contained'],
};

const isOfContained = ([name]: [string, string]) => Object.hasOwn(VALUES, name);

/** Undefined where contained resources are not asked for. Fails with `invalid-parameter`. */
export function readContained({ params }: Demand): ContainedAsk | undefined {
  const [contained, inner] = ['_contained', '_containedType'].map((name) => onlyValue(params, name));
  if (contained === undefined || contained === 'false') return undefined;
  const wrong = params.find(([name]) => /^_(sort|include|revinclude|explain)(:|$)/.test(name))?.[0];
  if (wrong === undefined) return { both: contained === 'both', inner: inner === 'contained' };
  throw new Failure('invalid-parameter', `${wrong} không đi cùng _contained=${contained}.`, {
    textEn: `${wrong} does not go together with _contained=${contained}.`,
    expression: wrong,
  });
}

function onlyValue(params: Params, name: string): string | undefined {
  const values = params.filter(([one]) => one === name).map(([, value]) => value);
  const allowed = VALUES[name]!;
  if (values.length <= 1 && values.every((value) => allowed.includes(value))) return values[0];
  throw new Failure('invalid-parameter', `Tham số ${name} nhận một trong: ${allowed.join(', ')}.`, {
    textEn: `Parameter ${name} takes one of: ${allowed.join(', ')}.`,
    expression: name,
  });
}

/** What is left for a search of resources that are not contained. */
export function withoutContained(demand: Demand): Demand {
  return demand.params.some(isOfContained)
    ? { ...demand, params: demand.params.filter((one) => !isOfContained(one)) }
    : demand;
}

/** Parameters of the answer; every other is a criterion. */
const OF_PAGES: ReadonlySet<string> = new Set(['_count', '_total', '_summary', '_cursor']);
const isOfPages = ([name]: [string, string]) => OF_PAGES.has(name);

export async function answerContained(
  context: GetContext,
  type: ResourceType,
  demand: Demand,
  ask: ContainedAsk,
): Promise<Answer> {
  const { base } = context;
  const asked = readAsked(context, [type], withoutContained(demand));
  const pages = asked.params.filter(isOfPages);
  const criteria = localParams(
    type,
    asked.params.filter((one) => !isOfPages(one)),
    base,
  );
  // Whether the type may be searched so at all is said wherever anything is contained or not.
  await context.session.searchStored(type, [...criteria, ['_count', '0'], ['_total', 'none']]);
  const held = await heldScope(context, type, criteria, ask);
  const way = wayOf(pages, held.types.length);
  const rest = pages.filter(([name]) => name !== '_cursor');
  const found = await collect(context, held, rest, way.at(-1)!);
  const own = demand.params.filter(isOfContained);
  const link = (query: Params) => `${base}/${type}${queryText([...query, ...own, ...asked.demand.form])}`;
  const { countOnly, subset } = asked.demand;
  const total = ask.inner ? await totalOf(context, held, found, rest) : found.total;
  if (countOnly) return searchset(total, [{ relation: 'self', url: link(asked.params) }], []);
  const entries = found.matches.flatMap((version, at) => {
    const inner = ask.inner ? held.inside(version, found.places[at]!) : undefined;
    if (inner === undefined) return [searchEntry(base, version, 'match', subset)];
    return inner.map((one) => innerEntry(base, version, one, subset));
  });
  return searchset(total, linksOf(asked.params, way, found, link), [
    ...entries,
    ...warningEntries(asked.warnings),
  ]);
}

/** A scope, and what a match was found for that lies inside it; undefined when it is the match itself. */
interface HeldScope extends Scope {
  inside(version: StoredVersion, at: number): Resource[] | undefined;
}

async function heldScope(
  { session }: GetContext,
  type: ResourceType,
  criteria: Params,
  { both }: ContainedAsk,
): Promise<HeldScope> {
  const holders = await session.holdersOf(type);
  const criterion: [string, string] = [`_contained:${type}`, new URLSearchParams(criteria).toString()];
  const inside = new Map(holders.map((holder) => [holder as string, heldIn(holder, criterion)]));
  const isPlain = (at: number) => both && at === 0;
  return {
    types: both ? [type, ...holders] : holders,
    address: type,
    fixed: (_type, at) => (isPlain(at) ? criteria : [criterion]),
    inside: (version, at) =>
      isPlain(at) ? undefined : inside.get(version.type)?.(readStoredJson(version.body)),
  };
}

function linksOf(params: Params, way: Place[], { next }: Found, link: (query: Params) => string): Link[] {
  const base = params.filter(([name]) => name !== '_cursor');
  const links: Link[] = [{ relation: 'self', url: link(params) }];
  if (way.length > 1 || next) links.push({ relation: 'first', url: link(base) });
  if (way.length > 1)
    links.push({ relation: 'previous', url: link([...base, ...cursorOf(way.slice(0, -1))]) });
  if (next) links.push({ relation: 'next', url: link([...base, ...cursorOf([...way, next])]) });
  return links;
}

/** R4: the address of what lies inside is that of its container with the id behind `#`. */
function innerEntry(
  base: string,
  version: StoredVersion,
  inner: Resource,
  subset: Subset | null,
): EntryBytes {
  const shown = subset === null ? inner : subsetOf(inner, subset);
  const fullUrl = `${base}/${version.type}/${version.id}#${inner.id}`;
  return [
    `{"fullUrl":${JSON.stringify(fullUrl)},"resource":${JSON.stringify(shown)},"search":{"mode":"match"}}`,
  ];
}

const ALL = '500';

/** A container may hold several matches: they are counted one by one, where a number is asked for or everything is at hand. */
async function totalOf(
  context: GetContext,
  held: HeldScope,
  found: Found,
  pages: Params,
): Promise<number | undefined> {
  const counted = ({ matches, places }: Found) =>
    matches.reduce((sum, version, at) => sum + (held.inside(version, places[at]!)?.length ?? 1), 0);
  const isAsked = pages.some(
    ([name, value]) => name === '_summary' || (name === '_total' && value !== 'none'),
  );
  if (!isAsked) return found.total === undefined ? undefined : counted(found);
  let total = 0;
  for (let from: Place | undefined = { at: 0, cursor: '' }; from !== undefined; ) {
    const page: Found = await collect(context, held, [['_count', ALL]], from);
    total += counted(page);
    from = page.next;
  }
  return total;
}
