/** Random `_include` and `_revinclude`, and what they bring along. */
import type { World } from './criteria.ts';
import { PARAMETERS } from './parameters.ts';
import type { Any, WorldType } from './people.ts';
import { pick, type Random } from './random.ts';

export interface Include {
  name: string;
  value: string;
  reverse: boolean;
  iterate: boolean;
  source: WorldType;
  code: string;
  /** Undefined = any. */
  target: string | undefined;
}

const LINKS = (Object.keys(PARAMETERS) as WorldType[]).flatMap((source) =>
  Object.entries(PARAMETERS[source]).flatMap(([code, one]) =>
    one.kind === 'reference' ? one.targets.map((target) => ({ source, code, target })) : [],
  ),
);

/** One that concerns the type itself, or any with `:iterate`. */
export function randomInclude(type: WorldType, random: Random): Include {
  const iterate = random() < 0.4;
  const fitting = LINKS.filter(({ source, target }) => iterate || source === type || target === type);
  const { source, code, target } = pick(random, fitting.length > 0 ? fitting : LINKS);
  const reverse = iterate ? random() < 0.3 : source !== type;
  const named = random() < 0.3;
  return {
    name: `${reverse ? '_revinclude' : '_include'}${iterate ? ':iterate' : ''}`,
    value: `${source}:${code}${named ? `:${target}` : ''}`,
    reverse,
    iterate,
    source,
    code,
    target: named ? target : undefined,
  };
}

/** `Type/id` of everything that comes with the matches, without them. */
export function included(world: World, matches: readonly Any[], includes: readonly Include[]): Set<string> {
  const found = new Set<string>();
  const own = new Set(matches.map(keyOf));
  const take = (from: readonly Any[], by: readonly Include[]) =>
    by
      .flatMap((include) => from.flatMap((one) => follow(world, one, include)))
      .filter((one) => !own.has(keyOf(one)) && !found.has(keyOf(one)));
  const add = (more: readonly Any[]) => {
    const fresh = [...new Map(more.map((one) => [keyOf(one), one])).values()];
    for (const one of fresh) found.add(keyOf(one));
    return fresh;
  };
  let last = add(take(matches, includes));
  const iterating = includes.filter(({ iterate }) => iterate);
  while (last.length > 0 && iterating.length > 0) last = add(take(last, iterating));
  return found;
}

const keyOf = ({ resourceType, id }: Any) => `${resourceType}/${id}`;

function follow(world: World, one: Any, { reverse, source, code, target }: Include): Any[] {
  const parameter = PARAMETERS[source][code]!;
  if (parameter.kind !== 'reference') return [];
  if (reverse) {
    if (target !== undefined && one.resourceType !== target) return [];
    return world.all.filter(
      (other) => other.resourceType === source && parameter.values(other).includes(keyOf(one)),
    );
  }
  if (one.resourceType !== source) return [];
  return parameter
    .values(one)
    .filter((key) => target === undefined || key.startsWith(`${target}/`))
    .flatMap((key) => world.byKey.get(key) ?? []);
}
