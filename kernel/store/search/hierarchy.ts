/**
 * `:above` and `:below` of references (R4 search.html#reference): types whose resources are parts of others of the same
 * type. `location:below=Location/tinh` asks for the place itself and everything inside it.
 */
import type { StoredVersion } from '../contract.ts';
import { Places } from '../locate.ts';
import { readMany } from '../read.ts';
import { isResourceType, type StoredType, typeNumber } from '../resource-types.ts';
import type { Sight } from '../sight.ts';
import { type Condition, FALSE, or, TRUE } from './condition.ts';
import { referenceTarget } from './emit-reference.ts';
import { unsupported } from './faults.ts';
import { referenceKey } from './keys.ts';
import { hierarchyOf, type IndexedParameter } from './parameters.ts';
import { valuesAt } from './paths.ts';
import { planTargets } from './plan-reference.ts';
import { render, tablesOf } from './render.ts';
import { seenAmong, seenTools } from './seen.ts';
import { sighted } from './sight.ts';
import { Statement } from './statement.ts';
import type { SearchTools } from './tools.ts';

const MOST_LEVELS = 50;
const MOST_FOUND = 5_000;

/** References to a resource or to any that it is part of (above), or that is part of it (below). */
export async function findHierarchy(
  tools: SearchTools,
  { parameter, direction, targets, name, sight }: Condition & { op: 'hierarchy' },
): Promise<Condition> {
  const found: string[] = [];
  for (const { type, id } of targets) {
    const partOf = hierarchyOf(type);
    if (!partOf) continue;
    found.push(...(await climb({ ...tools, sight }, partOf, type, id, direction)));
    if (found.length > MOST_FOUND) throw tooMany(name);
  }
  return found.length === 0 ? FALSE : or([planTargets(parameter, found)]);
}

/** What the reader does not see is no step. */
type Climber = SearchTools & { sight: Sight | undefined };

/** Breadth first; a circle ends where it began. */
async function climb(
  tools: Climber,
  partOf: IndexedParameter,
  type: StoredType,
  id: string,
  direction: 'above' | 'below',
): Promise<string[]> {
  const seen = new Set([id]);
  let edge = [id];
  for (let level = 0; level < MOST_LEVELS && edge.length > 0 && seen.size <= MOST_FOUND; level++) {
    const next =
      direction === 'below'
        ? await partsOf(tools, partOf, type, edge)
        : await wholesOf(tools, partOf, type, edge);
    edge = next.filter((one) => !seen.has(one));
    for (const one of edge) seen.add(one);
  }
  return [...seen].map((one) => `${type}/${one}`);
}

async function partsOf(
  { db, sight }: Climber,
  { q }: IndexedParameter,
  type: StoredType,
  ids: readonly string[],
): Promise<string[]> {
  const statement = new Statement();
  const keys = statement.int8s(ids.map((id) => referenceKey(q, `${type}/${id}`)));
  const seen = render(sighted(TRUE, type, sight), 'r', { statement, persons: undefined });
  const parts = tablesOf(type).map(
    (table) => `select r.id from ${table} r where r.t = ${typeNumber(type)} and r.tok && ${keys} and ${seen}`,
  );
  const answer = await db.query<{ id: string }>(
    `${parts.join(' union all ')} limit ${MOST_FOUND + 1}`,
    statement.values,
  );
  return answer.rows.map((row) => row.id);
}

async function wholesOf(
  { db, codecs, sight }: Climber,
  partOf: IndexedParameter,
  type: StoredType,
  ids: readonly string[],
): Promise<string[]> {
  const versions = await readMany(
    { codecs, places: new Places() },
    db,
    ids.map((id) => ({ type, id })),
  );
  const seen = sight ? await seenAmong(seenTools({ db, codecs }), versions, sight) : undefined;
  const steps = seen ? versions.filter((_, at) => seen[at]) : versions;
  return steps.flatMap((version) => wholesIn(version, partOf));
}

function wholesIn(version: StoredVersion, { paths }: IndexedParameter): string[] {
  if (version.deleted) return [];
  const resource: unknown = JSON.parse(version.body.toString());
  return paths
    .flatMap((path) => valuesAt(resource, path))
    .flatMap((value) => {
      const { reference } = value as { reference?: unknown };
      const target = typeof reference === 'string' ? referenceTarget(reference) : null;
      const [type = '', id] = target?.split('/') ?? [];
      return isResourceType(type) && type === version.type && id !== undefined ? [id] : [];
    });
}

function tooMany(name: string) {
  return unsupported(
    name,
    `hơn ${MOST_FOUND} nơi nằm bên dưới; hãy hỏi một nơi nhỏ hơn.`,
    `more than ${MOST_FOUND} resources below; ask for a smaller part.`,
  );
}
