/** Resources that come with the matches: `_include` follows references in the bodies, `_revinclude` asks who refers to them. */
import { shardKey } from '../compartment.ts';
import type { StoredVersion } from '../contract.ts';
import { Places } from '../locate.ts';
import { readMany } from '../read.ts';
import { isResourceType, type StoredType, typeNumber } from '../resource-types.ts';
import { toVersion, type VersionRow, versionColumns } from '../rows.ts';
import { or } from './condition.ts';
import { referenceTarget } from './emit-reference.ts';
import { unsupported } from './faults.ts';
import { referenceKey } from './keys.ts';
import { namedStatements } from './named.ts';
import { indexedParametersOf } from './parameters.ts';
import { valuesAt } from './paths.ts';
import { planTargets } from './plan-reference.ts';
import type { Include } from './query.ts';
import { render, tablesOf } from './render.ts';
import { Statement } from './statement.ts';
import type { SearchTools } from './tools.ts';

export const MAX_INCLUDED = 2000;
const MAX_ROUNDS = 8;

/** @param patients ids of the persons whose rows may be answered; undefined = all */
export async function findIncludes(
  tools: SearchTools,
  matches: StoredVersion[],
  includes: readonly Include[],
  patients: readonly string[] | undefined,
): Promise<StoredVersion[]> {
  if (includes.length === 0 || matches.length === 0) return [];
  const seen = new Set(matches.map(nameOf));
  const found: StoredVersion[] = [];
  let edge = matches;
  for (let round = 0; round < MAX_ROUNDS && edge.length > 0; round++) {
    const next: StoredVersion[] = [];
    for (const include of includes) {
      if (round > 0 && !include.iterate) continue;
      for (const version of await follow(tools, edge, include, patients)) {
        if (seen.has(nameOf(version))) continue;
        seen.add(nameOf(version));
        next.push(version);
      }
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

async function follow(
  tools: SearchTools,
  edge: StoredVersion[],
  include: Include,
  patients: readonly string[] | undefined,
): Promise<StoredVersion[]> {
  const found = include.reverse
    ? await referring(tools, edge, include)
    : await referred(tools, edge, include);
  return patients === undefined
    ? found
    : found.filter((v) => v.patient === null || patients.includes(v.patient));
}

/** Targets named in the bodies. */
async function referred(
  tools: SearchTools,
  edge: StoredVersion[],
  include: Include,
): Promise<StoredVersion[]> {
  const refs = new Map<string, { type: StoredType; id: string }>();
  const addresses = new Set<string>();
  for (const version of edge) {
    if (version.type !== include.source) continue;
    const resource: unknown = JSON.parse(version.body.toString());
    for (const parameter of include.parameters) {
      for (const path of parameter.paths) {
        for (const value of valuesAt(resource, path)) collect(value, include.target, refs, addresses);
      }
    }
  }
  const literal =
    refs.size === 0
      ? []
      : await readMany({ codecs: tools.codecs, places: new Places() }, tools.db, [...refs.values()]);
  return [...literal, ...(await canonicals(tools, addresses, include))];
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
  if (addresses.size === 0) return [];
  const types = new Set(include.parameters.flatMap((parameter) => parameter.targets));
  const found: StoredVersion[] = [];
  for (const type of types) {
    if (!isResourceType(type) || (include.target !== undefined && include.target !== type)) continue;
    const url = indexedParametersOf(type).get('url');
    if (url?.storage !== 'uris') continue;
    const keys = [...addresses].map((address) => referenceKey(url.q, address.replace(/\|.*$/, '')));
    found.push(...(await select(tools, type, (r, statement) => `${r}.tok && ${statement.int8s(keys)}`)));
  }
  return found;
}

/** Rows of the source type that refer to the given ones. */
async function referring(
  tools: SearchTools,
  edge: StoredVersion[],
  include: Include,
): Promise<StoredVersion[]> {
  const targets = edge.filter((v) => include.target === undefined || v.type === include.target).map(nameOf);
  if (targets.length === 0) return [];
  const condition = or(include.parameters.map((parameter) => planTargets(parameter, targets)));
  if (condition.op === 'false') return [];
  return select(tools, include.source, (r, statement) =>
    render(condition, r, { statement, persons: undefined }),
  );
}

async function select(
  { db, codecs }: SearchTools,
  type: StoredType,
  test: (r: string, statement: Statement) => string,
): Promise<StoredVersion[]> {
  const statement = new Statement();
  const parts = tablesOf(type).map(
    (table) => `(select ${versionColumns('r')} from ${table} r left join person on person.pt = r.pt
      where r.t = ${typeNumber(type)} and ${test('r', statement)} order by r.d0 desc nulls last, r.idh limit ${MAX_INCLUDED + 1})`,
  );
  const answer = await db.query<VersionRow>(namedStatements.of(parts.join(' union all '), statement.values));
  return Promise.all(answer.rows.map((row) => toVersion(row, codecs)));
}

/** Shard keys of the persons a search is limited to. */
export function personsOf(patients: readonly string[] | undefined): bigint[] | undefined {
  return patients?.map((id) => shardKey(id));
}
