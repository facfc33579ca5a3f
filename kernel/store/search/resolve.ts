/** Replaces what the SQL cannot say by itself: words of the dictionary by hashes, ids by the places of their rows, the rest by what it finds. */

import { shardKey } from '../compartment.ts';
import { isId } from '../ids.ts';
import { Places } from '../locate.ts';
import { typeNumber } from '../resource-types.ts';
import type { Queryable } from '../rows.ts';
import { toVersion, type VersionRow, versionColumns } from '../rows.ts';
import { findDefined, findDefining } from './canonical.ts';
import {
  type Bounds,
  type Condition,
  FALSE,
  mapCondition,
  or,
  type Word,
  type WordQuery,
} from './condition.ts';
import { unsupported } from './faults.ts';
import { findHierarchy } from './hierarchy.ts';
import { findMembers, findSubsumed } from './members.ts';
import { render, tablesOf } from './render.ts';
import { Statement } from './statement.ts';
import type { SearchTools } from './tools.ts';

/**
 * A condition that the SQL can say. Asks other resources first (value sets, code systems, hierarchies, tests on bodies), then
 * one round trip for all words, one for ids that do not say where they lie; none when the condition has neither.
 * @param persons whose rows may be looked at; undefined = all
 */
export async function resolve(
  condition: Condition,
  tools: SearchTools,
  persons?: readonly bigint[],
): Promise<Condition> {
  const settled = await settle(condition, tools, persons);
  const asked = new Set<WordQuery>();
  const ids: (Condition & { op: 'ids' })[] = [];
  mapCondition(settled, (part) => {
    if (part.op === 'words') for (const query of part.queries) asked.add(query);
    if (part.op === 'ord' || part.op === 'str' || part.op === 'stretch')
      for (const query of part.words) asked.add(query);
    if (part.op === 'ids') ids.push(part);
    return part;
  });
  const words = await findWords([...asked], tools.db);
  const places = await findPlaces(ids, tools.db);
  return mapCondition(settled, (part) => {
    switch (part.op) {
      case 'words':
        return or([{ op: 'tok', any: part.queries.flatMap((query) => keysOf(query, words.get(query)!)) }]);
      case 'ord':
        return inUnits(part, words);
      case 'str':
      case 'stretch': {
        const p = [...part.p, ...part.words.flatMap((query) => hashesOf(words.get(query)!))];
        return p.length === 0 ? FALSE : { ...part, p, words: [] };
      }
      case 'ids':
        return places.get(part)!;
      default:
        return part;
    }
  });
}

interface FoundWord extends Word {
  h: bigint;
}

const hashesOf = (words: readonly FoundWord[]) => words.map((word) => word.h);

function keysOf({ keyFor }: WordQuery, words: readonly FoundWord[]): bigint[] {
  return keyFor === undefined ? hashesOf(words) : words.map((word) => keyFor(word.h));
}

/** One test for each unit whose bounds are others. */
function inUnits(part: Condition & { op: 'ord' }, words: Map<WordQuery, FoundWord[]>): Condition {
  const groups = new Map<string, { p: bigint[]; bounds: Bounds }>();
  const join = (p: bigint[], bounds: Bounds) => {
    if (p.length === 0) return;
    const key = JSON.stringify(bounds);
    const group = groups.get(key) ?? { p: [], bounds };
    groups.set(key, group);
    group.p.push(...p);
  };
  join(part.p, part.bounds);
  for (const query of part.words) {
    for (const word of words.get(query)!) join([word.h], query.boundsFor?.(word) ?? part.bounds);
  }
  return or([...groups.values()].map(({ p, bounds }): Condition => ({ op: 'ord', p, words: [], bounds })));
}

/** Replaces what other resources must be asked for, each by a condition on words, tokens or rows. */
async function settle(
  condition: Condition,
  tools: SearchTools,
  persons: readonly bigint[] | undefined,
): Promise<Condition> {
  const open = new Map<Condition, Promise<Condition>>();
  mapCondition(condition, (part) => {
    if (!open.has(part)) {
      const answer = answerOf(part, tools, persons);
      if (answer) open.set(part, answer);
    }
    return part;
  });
  if (open.size === 0) return condition;
  const parts = [...open.keys()];
  const found = await Promise.all(open.values());
  const answers = new Map(parts.map((part, i) => [part, found[i]!]));
  return mapCondition(condition, (part) => answers.get(part) ?? part);
}

function answerOf(
  part: Condition,
  tools: SearchTools,
  persons: readonly bigint[] | undefined,
): Promise<Condition> | null {
  switch (part.op) {
    case 'members':
      return findMembers(tools, part);
    case 'subsumed':
      return findSubsumed(tools, part);
    case 'hierarchy':
      return findHierarchy(tools, part);
    case 'defined':
      return resolve(part.inner, tools, persons).then((of) => findDefined(tools, part, of, persons));
    case 'defining':
      return resolve(part.inner, tools, persons).then((of) => findDefining(tools, part, of, persons));
    case 'checked':
      return findChecked(tools, part);
    default:
      return null;
  }
}

/** Resources that are read and tested for one condition inside a chain or a filter. */
const MOST_CHECKED = 20_000;

/** The rows that stand the test: they are read, and named one by one. */
async function findChecked(
  tools: SearchTools,
  { type, of, test, name }: Condition & { op: 'checked' },
): Promise<Condition> {
  const narrow = await resolve(of, tools);
  if (narrow.op === 'false') return FALSE;
  const statement = new Statement();
  const context = { statement, persons: undefined };
  const parts = tablesOf(type).map(
    (
      table,
    ) => `(select r.pt, r.idh, ${versionColumns('r')} from ${table} r left join person on person.pt = r.pt
      where r.t = ${typeNumber(type)} and ${render(narrow, 'r', context)} limit ${MOST_CHECKED + 1})`,
  );
  const { rows } = await tools.db.query<VersionRow & { pt: string; idh: string }>(
    parts.join(' union all '),
    statement.values,
  );
  if (rows.length > MOST_CHECKED) {
    throw unsupported(
      name,
      `phải đọc hơn ${MOST_CHECKED} tài nguyên; hãy thêm điều kiện.`,
      `more than ${MOST_CHECKED} resources would have to be read; add criteria.`,
    );
  }
  const places: { pt: bigint; idh: bigint }[] = [];
  for (const row of rows) {
    const version = await toVersion(row, tools.codecs);
    if (test(JSON.parse(version.body.toString()))) places.push({ pt: BigInt(row.pt), idh: BigInt(row.idh) });
  }
  return places.length === 0 ? FALSE : { op: 'row', places };
}

const WORDS = `select q.i, c.h, c.sys, c.code, c.display
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) with ordinality as q(p, code, prefix, inside, sys, i)
  cross join lateral (
    select h, sys, code, display from code
    where code.p = q.p and code.code collate "C" = q.code and q.code is not null
    union all
    select h, sys, code, display from code
    where code.p = q.p and code.code collate "C" >= q.prefix and code.code collate "C" < q.prefix || U&'\\+10FFFF'
      and q.prefix is not null
    union all
    select h, sys, code, display from code where code.p = q.p and q.code is null and q.prefix is null
  ) c
  where (q.sys is null or c.sys = q.sys) and (q.inside is null or strpos(c.code, q.inside) > 0)`;

async function findWords(queries: WordQuery[], db: Queryable): Promise<Map<WordQuery, FoundWord[]>> {
  const found = new Map(queries.map((query) => [query, [] as FoundWord[]]));
  if (queries.length === 0) return found;
  const column = (pick: (query: WordQuery) => string | undefined) =>
    queries.map((query) => pick(query) ?? null);
  const answer = await db.query<Word & { h: string; i: string }>({
    name: 'search_words',
    text: WORDS,
    values: [
      column((q) => q.p),
      column((q) => q.code),
      column((q) => q.prefix),
      column((q) => q.contains),
      column((q) => q.sys),
    ],
  });
  for (const row of answer.rows) {
    const query = queries[Number(row.i) - 1]!;
    if (!query.accept || query.accept(row)) found.get(query)!.push({ ...row, h: BigInt(row.h) });
  }
  return found;
}

async function findPlaces(
  parts: (Condition & { op: 'ids' })[],
  db: Queryable,
): Promise<Map<Condition, Condition>> {
  const found = new Map<Condition, Condition>();
  for (const part of parts) {
    const ids = part.ids.filter(isId);
    if (ids.length === 0) found.set(part, FALSE);
    else if (part.type === 'Patient') {
      // A person's key names the row of the Patient among those of the type.
      found.set(part, { op: 'person', pts: ids.map((id) => shardKey(id)) });
    } else {
      const places = await new Places().find(
        ids.map((id) => ({ type: part.type, id })),
        db,
      );
      found.set(part, { op: 'row', places: places.map(({ pt, idh }) => ({ pt, idh })) });
    }
  }
  return found;
}
