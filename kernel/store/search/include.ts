/** Resources that come with the matches: `_include` follows references in the bodies, `_revinclude` asks who refers to them. */
import { shardKey } from '../compartment.ts';
import type { SearchRequest, StoredVersion } from '../contract.ts';
import { Places } from '../locate.ts';
import { readMany } from '../read.ts';
import { isResourceType, type StoredType, typeNumber } from '../resource-types.ts';
import { toVersions, type VersionRow, versionColumns } from '../rows.ts';
import {
  allowedRows,
  type Definition,
  definedByAny,
  definitionOf,
  definitionTypes,
  isCanonical,
  isNamed,
  refersTo,
} from './canonical.ts';
import { type Condition, or } from './condition.ts';
import { referenceTarget } from './emit-reference.ts';
import { unsupported } from './faults.ts';
import { namedStatements } from './named.ts';
import type { IndexedParameter } from './parameters.ts';
import { valuesAt } from './paths.ts';
import { planTargets } from './plan-reference.ts';
import type { Include } from './query.ts';
import { render, tablesOf } from './render.ts';
import { seenAmong, seenTools } from './seen.ts';
import { sighted } from './sight.ts';
import { Statement } from './statement.ts';
import type { SearchTools } from './tools.ts';

export const MAX_INCLUDED = 2000;
const MAX_ROUNDS = 8;

/** Addresses that are read at once, and tokens that are looked for at once: after each the bound is looked at. */
const MOST_READ = 500;
const MOST_TOKENS = 20_000;

/** What is not seen is neither answered nor followed further. */
export type IncludeBounds = Pick<SearchRequest, 'patients' | 'granted' | 'sight' | 'judgeIncluded'>;

/** What comes with the matches, within what the request may see; given up as soon as it is too much. */
export async function findIncludes(
  tools: SearchTools,
  matches: StoredVersion[],
  includes: readonly Include[],
  bounds: IncludeBounds,
): Promise<StoredVersion[]> {
  if (includes.length === 0 || matches.length === 0) return [];
  const search: Following = {
    tools,
    bounds,
    seen: new Set(matches.map(nameOf)),
    // What is known may be found again, so that more rows than these hold too much that is new.
    limit: MAX_INCLUDED + matches.length + 1,
    tooMany: () => tooMany(includes),
  };
  const found: StoredVersion[] = [];
  let edge = matches;
  for (let round = 0; round < MAX_ROUNDS && edge.length > 0; round++) {
    const begin = found.length;
    const active = includes.filter((include) => round === 0 || include.iterate);
    for await (const piece of follow(search, edge, active)) {
      for (const version of await within(bounds, piece)) {
        if (search.seen.has(nameOf(version))) continue;
        search.seen.add(nameOf(version));
        found.push(version);
      }
      if (found.length > MAX_INCLUDED) throw search.tooMany();
    }
    edge = found.slice(begin);
  }
  return found;
}

interface Following {
  tools: SearchTools;
  bounds: IncludeBounds;
  /** What is answered already, `Type/id`. */
  seen: Set<string>;
  /** So many rows of one step are too many. */
  limit: number;
  tooMany(): Error;
}

const nameOf = (version: StoredVersion) => `${version.type}/${version.id}`;

function tooMany(includes: readonly Include[]) {
  return unsupported(
    includes[0]!.name,
    `hơn ${MAX_INCLUDED} tài nguyên kèm theo; hãy giảm _count.`,
    `more than ${MAX_INCLUDED} included resources; lower _count.`,
  );
}

/** One step along all includes, piece by piece, so that who has enough stops. */
async function* follow(
  search: Following,
  edge: StoredVersion[],
  includes: readonly Include[],
): AsyncGenerator<StoredVersion[]> {
  const { tools, bounds } = search;
  const forward = includes.filter((include) => !include.reverse);
  const shown = async (some: StoredVersion[]) => {
    const seen = bounds.sight ? await seenAmong(seenTools(tools), some, bounds.sight) : undefined;
    return seen ? some.filter((_, at) => seen[at]) : some;
  };
  for await (const { found, versions } of referred(search, edge, forward)) {
    // What is hidden now is not shown as it was before.
    const now = await shown(found);
    const named = await asNamed(tools, now, versions);
    yield named === now ? now : shown(named);
  }
  const reverse = includes.filter((include) => include.reverse);
  if (reverse.length === 0) return;
  const step = Math.max(1, Math.floor((edge.length * MOST_TOKENS) / (tokensOf(edge, reverse) || 1)));
  for (let at = 0; at < edge.length; at += step) yield referring(search, edge.slice(at, at + step), reverse);
}

/** How many tokens are looked for when it is asked who refers to the edge. */
function tokensOf(edge: readonly StoredVersion[], includes: readonly Include[]): number {
  const byType = Map.groupBy(edge, ({ type }) => type);
  let tokens = 0;
  for (const { target, parameters } of includes)
    for (const parameter of parameters)
      for (const [type, some] of byType) if (leadsTo(parameter, type, target)) tokens += some.length;
  return tokens;
}

/** @param only target that the include names */
function leadsTo({ targets }: IndexedParameter, type: string, only: string | undefined): boolean {
  return (only === undefined || only === type) && (targets.length === 0 || targets.includes(type));
}

/** What of a piece may be answered. */
async function within(
  { patients, granted = [], judgeIncluded }: IncludeBounds,
  found: StoredVersion[],
): Promise<StoredVersion[]> {
  const near =
    patients === undefined
      ? found
      : found.filter(
          ({ patient }) => patient === null || patients.includes(patient) || granted.includes(patient),
        );
  const judged = await judgeIncluded?.(near);
  return judged ? near.filter((_, at) => judged[at]) : near;
}

/** Which version a reference names, by `Type/id`. */
type Versions = ReadonlyMap<string, number>;

/** Versions other than the current one are read one by one. */
const MOST_VERSIONS = 200;

/** R4 search.html#versions: what is named with a version comes in that version, as long as it is there at all. */
async function asNamed(
  tools: SearchTools,
  found: StoredVersion[],
  versions: Versions,
): Promise<StoredVersion[]> {
  const others = found.filter((one) => (versions.get(nameOf(one)) ?? one.version) !== one.version);
  if (others.length === 0) return found;
  const before = new Map<StoredVersion, StoredVersion>();
  for (const one of others.slice(0, MOST_VERSIONS)) {
    const named = await seenTools(tools).vread(one.type, one.id, versions.get(nameOf(one))!);
    if (named && !named.deleted) before.set(one, named);
  }
  return found.map((one) => before.get(one) ?? one);
}

/** Targets named in the bodies, but for those that are known. */
async function* referred(
  { tools, seen, limit, tooMany, bounds }: Following,
  edge: StoredVersion[],
  includes: readonly Include[],
): AsyncGenerator<{ found: StoredVersion[]; versions: Versions }> {
  const refs = new Map<string, { type: StoredType; id: string }>();
  const versions = new Map<string, number>();
  const definitions: { include: Include; addresses: Set<string> }[] = [];
  const bodies = new Map<StoredVersion, unknown>();
  for (const include of includes) {
    const addresses = new Set<string>();
    for (const version of edge) {
      if (version.type !== include.source) continue;
      const resource: unknown = bodies.get(version) ?? JSON.parse(version.body.toString());
      bodies.set(version, resource);
      for (const path of include.parameters.flatMap((parameter) => parameter.paths))
        for (const value of valuesAt(resource, path))
          collect(value, include.target, { refs, versions, addresses });
    }
    if (addresses.size > 0) definitions.push({ include, addresses });
  }
  for (const name of refs.keys()) if (seen.has(name)) refs.delete(name);
  const wanted = [...refs.values()];
  for (let at = 0; at < wanted.length; at += MOST_READ)
    yield {
      found: await readMany(
        { codecs: tools.codecs, places: new Places() },
        tools.db,
        wanted.slice(at, at + MOST_READ),
      ),
      versions,
    };
  for (const { include, addresses } of definitions) {
    const found = await canonicals(tools, addresses, include, { limit, persons: personsWithin(bounds) });
    if (found.length >= limit) throw tooMany();
    yield { found, versions };
  }
}

interface Named {
  refs: Map<string, { type: StoredType; id: string }>;
  versions: Map<string, number>;
  /** Canonical ones. */
  addresses: Set<string>;
}

function collect(value: unknown, target: StoredType | undefined, { refs, versions, addresses }: Named): void {
  if (typeof value === 'string') {
    addresses.add(value);
    return;
  }
  const reference = (value as { reference?: unknown } | null)?.reference;
  const name = typeof reference === 'string' ? referenceTarget(reference) : null;
  const [type = '', id = ''] = name?.split('/') ?? [];
  if (name === null || !isResourceType(type) || (target !== undefined && target !== type)) return;
  refs.set(name, { type, id });
  const version = (reference as string).slice(name.length + '/_history/'.length);
  if (/^[1-9]\d{0,8}$/.test(version)) versions.set(name, Number(version));
}

/** Definitions are referred to by their `url`, with or without a version. */
async function canonicals(
  tools: SearchTools,
  addresses: Set<string>,
  include: Include,
  room: Room,
): Promise<StoredVersion[]> {
  const types = new Set(include.parameters.filter(isCanonical).flatMap(definitionTypes));
  const wanted = [...types]
    .filter((type) => include.target === undefined || include.target === type)
    .map((type) => ({ type, condition: definedByAny(type, addresses) }));
  const found = await select(tools, wanted, room);
  return found.filter((version) => {
    const definition = definitionOf(version);
    return definition !== null && isNamed(definition, addresses);
  });
}

/** What of the given resources a parameter may refer to by canonical address. */
function definitionsIn(versions: readonly StoredVersion[], parameter: IndexedParameter): Definition[] {
  const types: ReadonlySet<string> = new Set(definitionTypes(parameter));
  return versions.flatMap((version) => (types.has(version.type) ? (definitionOf(version) ?? []) : []));
}

/** Rows of the source types that refer to the given ones. */
async function referring(
  { tools, bounds, limit, tooMany }: Following,
  edge: StoredVersion[],
  includes: readonly Include[],
): Promise<StoredVersion[]> {
  const bySource = new Map<StoredType, Condition[]>();
  for (const { source, target, parameters } of includes) {
    const conditions: Condition[] = [];
    for (const parameter of parameters) {
      const asked = edge.filter(({ type }) => leadsTo(parameter, type, target));
      if (asked.length === 0) continue;
      conditions.push(planTargets(parameter, asked.map(nameOf)));
      if (isCanonical(parameter))
        conditions.push(await refersTo(tools, parameter, definitionsIn(asked, parameter)));
    }
    bySource.set(source, [...(bySource.get(source) ?? []), ...conditions]);
  }
  const wanted = [...bySource].map(([type, of]) => ({
    type,
    condition: sighted(or(of), type, bounds.sight),
  }));
  const found = await select(
    tools,
    wanted.filter(({ condition }) => condition.op !== 'false'),
    { limit, persons: personsWithin(bounds) },
  );
  if (found.length >= limit) throw tooMany();
  return found;
}

interface Room {
  limit: number;
  /** Whose rows may be answered; undefined = all. */
  persons: bigint[] | undefined;
}

function personsWithin({ patients, granted = [] }: IncludeBounds): bigint[] | undefined {
  return patients && personsOf([...patients, ...granted]);
}

/**
 * Type by type, the newest first; no more than the limit is given of them together. No index has this order: a plan that hopes to
 * meet enough rows early, and reads the whole table when there are few, is never one.
 */
async function select(
  { db, codecs }: SearchTools,
  wanted: readonly { type: StoredType; condition: Condition }[],
  { limit, persons }: Room,
): Promise<StoredVersion[]> {
  if (wanted.length === 0) return [];
  const statement = new Statement();
  const context = { statement, persons: undefined };
  const most = statement.int4(limit);
  const parts = wanted.flatMap(({ type, condition }, n) =>
    tablesOf(type).map(
      (
        table,
      ) => `(select ${n} as n, r.d0, r.idh, ${versionColumns('r')} from ${table} r left join person on person.pt = r.pt
      where r.t = ${typeNumber(type)}${allowedRows(table, 'r', persons, statement)} and ${render(condition, 'r', context)}
      order by r.d0 desc nulls last, r.idh limit ${most})`,
    ),
  );
  const text = `select * from (select * from (${parts.join(' union all ')}) as any_of limit ${most}) as found
    order by found.n, found.d0 desc nulls last, found.idh`;
  const answer = await db.query<VersionRow>(namedStatements.of(text, statement.values));
  return toVersions(answer.rows, codecs);
}

/** Shard keys of the persons a search is limited to. */
export function personsOf(patients: readonly string[] | undefined): bigint[] | undefined {
  return patients?.map((id) => shardKey(id));
}
