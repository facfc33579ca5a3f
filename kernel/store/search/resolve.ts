/** Replaces what the SQL cannot say by itself: words of the dictionary by hashes, ids by the places of their rows. */

import { shardKey } from '../compartment.ts';
import { isId } from '../ids.ts';
import { Places } from '../locate.ts';
import type { Queryable } from '../rows.ts';
import { type Condition, FALSE, mapCondition, or, type WordQuery } from './condition.ts';
import { rowKey } from './plan.ts';

interface Word {
  h: string;
  sys: string;
  code: string;
  display: string;
}

/** One round trip for all words, one for ids that do not say where they lie; none when the condition has neither. */
export async function resolve(condition: Condition, db: Queryable): Promise<Condition> {
  const asked = new Set<WordQuery>();
  const ids: (Condition & { op: 'ids' })[] = [];
  mapCondition(condition, (part) => {
    if (part.op === 'words') for (const query of part.queries) asked.add(query);
    if (part.op === 'ord' || part.op === 'str') for (const query of part.words) asked.add(query);
    if (part.op === 'ids') ids.push(part);
    return part;
  });
  const hashes = await findWords([...asked], db);
  const places = await findPlaces(ids, db);
  return mapCondition(condition, (part) => {
    if (part.op === 'words')
      return or([{ op: 'tok', any: part.queries.flatMap((query) => hashes.get(query)!) }]);
    if (part.op === 'ord' || part.op === 'str') {
      const p = [...part.p, ...part.words.flatMap((query) => hashes.get(query)!)];
      return p.length === 0 ? FALSE : { ...part, p, words: [] };
    }
    return part.op === 'ids' ? places.get(part)! : part;
  });
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

async function findWords(queries: WordQuery[], db: Queryable): Promise<Map<WordQuery, bigint[]>> {
  const found = new Map(queries.map((query) => [query, [] as bigint[]]));
  if (queries.length === 0) return found;
  const column = (pick: (query: WordQuery) => string | undefined) =>
    queries.map((query) => pick(query) ?? null);
  const answer = await db.query<Word & { i: string }>({
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
    if (!query.accept || query.accept(row)) found.get(query)!.push(BigInt(row.h));
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
      found.set(part, {
        op: 'row',
        places: ids.map((id) => ({ pt: shardKey(id), idh: rowKey('Patient', id) })),
      });
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
