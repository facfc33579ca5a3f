/** Resources that come with the matches: `_include` follows references in the bodies, `_revinclude` asks who refers to them. */
import { shardKey } from '../compartment.ts';
import type { SearchRequest, StoredVersion } from '../contract.ts';
import { Places } from '../locate.ts';
import { readMany } from '../read.ts';
import { isResourceType, type StoredType, typeNumber } from '../resource-types.ts';
import { toVersions, type VersionRow, versionColumns } from '../rows.ts';
import type { Sight } from '../sight.ts';
import {
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

/** What is not seen is neither answered nor followed further. */
export type IncludeBounds = Pick<SearchRequest, 'patients' | 'granted' | 'sight' | 'judgeIncluded'>;

/** What comes with the matches, within what the request may see. */
export async function findIncludes(
  tools: SearchTools,
  matches: StoredVersion[],
  includes: readonly Include[],
  bounds: IncludeBounds,
): Promise<StoredVersion[]> {
  if (includes.length === 0 || matches.length === 0) return [];
  const seen = new Set(matches.map(nameOf));
  const found: StoredVersion[] = [];
  let edge = matches;
  for (let round = 0; round < MAX_ROUNDS && edge.length > 0; round++) {
    const next: StoredVersion[] = [];
    const active = includes.filter((include) => round === 0 || include.iterate);
    for (const version of await follow(tools, edge, active, bounds, seen)) {
      if (seen.has(nameOf(version))) continue;
      seen.add(nameOf(version));
      next.push(version);
    }
    found.push(...next);
    if (found.length > MAX_INCLUDED) throw tooMany(includes);
    edge = next;
  }
  return found;
}

const nameOf = (version: StoredVersion) => `${version.type}/${version.id}`;

function tooMany(includes: readonly Include[]) {
  return unsupported(
    includes[0]!.name,
    `hơn ${MAX_INCLUDED} tài nguyên kèm theo; hãy giảm _count.`,
    `more than ${MAX_INCLUDED} included resources; lower _count.`,
  );
}

/** One step along all includes: two round trips, and one for each that leads to definitions or must be looked at. */
async function follow(
  tools: SearchTools,
  edge: StoredVersion[],
  includes: readonly Include[],
  { patients, granted = [], sight, judgeIncluded }: IncludeBounds,
  known: ReadonlySet<string>,
): Promise<StoredVersion[]> {
  const forward = includes.filter((include) => !include.reverse);
  const named = await referred(tools, edge, forward, known);
  const seen = sight ? await seenAmong(seenTools(tools), named, sight) : undefined;
  const found = seen ? named.filter((_, at) => seen[at]) : named;
  found.push(
    ...(await referring(
      tools,
      edge,
      includes.filter((include) => include.reverse),
      sight,
    )),
  );
  const near =
    patients === undefined
      ? found
      : found.filter(
          ({ patient }) => patient === null || patients.includes(patient) || granted.includes(patient),
        );
  const judged = await judgeIncluded?.(near);
  return judged ? near.filter((_, at) => judged[at]) : near;
}

/** Targets named in the bodies, but for those that are known. */
async function referred(
  tools: SearchTools,
  edge: StoredVersion[],
  includes: readonly Include[],
  known: ReadonlySet<string>,
): Promise<StoredVersion[]> {
  const refs = new Map<string, { type: StoredType; id: string }>();
  const definitions: { include: Include; addresses: Set<string> }[] = [];
  const bodies = new Map<StoredVersion, unknown>();
  for (const include of includes) {
    const addresses = new Set<string>();
    for (const version of edge) {
      if (version.type !== include.source) continue;
      const resource: unknown = bodies.get(version) ?? JSON.parse(version.body.toString());
      bodies.set(version, resource);
      for (const path of include.parameters.flatMap((parameter) => parameter.paths))
        for (const value of valuesAt(resource, path)) collect(value, include.target, refs, addresses);
    }
    if (addresses.size > 0) definitions.push({ include, addresses });
  }
  for (const name of refs.keys()) if (known.has(name)) refs.delete(name);
  const found =
    refs.size === 0
      ? []
      : await readMany({ codecs: tools.codecs, places: new Places() }, tools.db, [...refs.values()]);
  for (const { include, addresses } of definitions)
    found.push(...(await canonicals(tools, addresses, include)));
  return found;
}

function collect(
  value: unknown,
  target: StoredType | undefined,
  refs: Map<string, { type: StoredType; id: string }>,
  addresses: Set<string>,
): void {
  if (typeof value === 'string') {
    addresses.add(value);
    return;
  }
  const reference = (value as { reference?: unknown } | null)?.reference;
  const name = typeof reference === 'string' ? referenceTarget(reference) : null;
  const [type = '', id = ''] = name?.split('/') ?? [];
  if (name !== null && isResourceType(type) && (target === undefined || target === type))
    refs.set(name, { type, id });
}

/** Definitions are referred to by their `url`, with or without a version. */
async function canonicals(
  tools: SearchTools,
  addresses: Set<string>,
  include: Include,
): Promise<StoredVersion[]> {
  const types = new Set(include.parameters.filter(isCanonical).flatMap(definitionTypes));
  const wanted = [...types]
    .filter((type) => include.target === undefined || include.target === type)
    .map((type) => ({ type, condition: definedByAny(type, addresses) }));
  const found = await select(tools, wanted);
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
  tools: SearchTools,
  edge: StoredVersion[],
  includes: readonly Include[],
  sight: Sight | undefined,
): Promise<StoredVersion[]> {
  const wanted: { type: StoredType; condition: Condition }[] = [];
  for (const { source, target, parameters } of includes) {
    const asked = edge.filter((v) => target === undefined || v.type === target);
    const conditions = parameters.map((parameter) => planTargets(parameter, asked.map(nameOf)));
    for (const parameter of parameters.filter(isCanonical))
      conditions.push(await refersTo(tools, parameter, definitionsIn(asked, parameter)));
    wanted.push({ type: source, condition: sighted(or(conditions), source, sight) });
  }
  return select(
    tools,
    wanted.filter(({ condition }) => condition.op !== 'false'),
  );
}

async function select(
  { db, codecs }: SearchTools,
  wanted: readonly { type: StoredType; condition: Condition }[],
): Promise<StoredVersion[]> {
  if (wanted.length === 0) return [];
  const statement = new Statement();
  const context = { statement, persons: undefined };
  const parts = wanted.flatMap(({ type, condition }) =>
    tablesOf(type).map(
      (table) => `(select ${versionColumns('r')} from ${table} r left join person on person.pt = r.pt
      where r.t = ${typeNumber(type)} and ${render(condition, 'r', context)} order by r.d0 desc nulls last, r.idh limit ${MAX_INCLUDED + 1})`,
    ),
  );
  const answer = await db.query<VersionRow>(namedStatements.of(parts.join(' union all '), statement.values));
  return toVersions(answer.rows, codecs);
}

/** Shard keys of the persons a search is limited to. */
export function personsOf(patients: readonly string[] | undefined): bigint[] | undefined {
  return patients?.map((id) => shardKey(id));
}
