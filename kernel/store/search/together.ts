/**
 * Several small searches in one statement: one round trip and one plan for what a screen wants to know of a person.
 * A search that needs more than a page of rows (includes, tests on the bodies, a total) is answered by itself.
 */
import type { SearchAnswer, SearchRequest } from '../contract.ts';
import { toVersions, type VersionRow } from '../rows.ts';
import { newestWindows, pageStatement, smallTable } from './collect.ts';
import { namedStatements } from './named.ts';
import { onlyPerson } from './page.ts';
import { type PreparedSearch, prepareSearch } from './prepare.ts';
import { rulesAskedOnce } from './ruled.ts';
import { runSearch } from './search.ts';
import { needsBodies } from './sort-body.ts';
import { Statement } from './statement.ts';
import type { SearchTools } from './tools.ts';

const COLUMNS = 'f.t, f.ver, f.ts, f.codec, f.id, f.body';
/** The same of a small table, whose instants are as they are stored. */
const SMALL_COLUMNS = 'f.t, f.ver, extract(epoch from f.ts)::float8 * 1000 as ts, f.codec, f.id, f.body';

interface TogetherRow extends VersionRow {
  /** Which search the row answers. */
  q: number;
}

/**
 * Answers in the order of the requests. Meant for shapes that the program knows: their text is planned once a connection.
 * @throws Failure `unknown-parameter` or `invalid-parameter`, naming the parameter
 */
export async function runTogether(
  tools: SearchTools,
  requests: readonly SearchRequest[],
): Promise<SearchAnswer[]> {
  const rules = rulesAskedOnce(tools.db);
  const prepared = await Promise.all(requests.map((request) => prepareSearch(tools, request, 'ask', rules)));
  const plain = prepared.flatMap((search, q) => (isPlain(search) ? [{ search, q }] : []));
  const rows = await readRows(tools, plain);
  return Promise.all(
    requests.map(async (request, q) => {
      const found = rows.get(q);
      const { count } = prepared[q]!.query;
      const more = found !== undefined && found.length > count;
      if (!found || (more && !request.onlyPage)) return runSearch(tools, request);
      const matches = await toVersions(found.slice(0, count), tools.codecs);
      return { matches, includes: [], ...(more ? {} : { total: matches.length }) };
    }),
  );
}

function isPlain(search: PreparedSearch): boolean {
  const { query, from, rechecks, name } = search;
  return (
    query.count > 0 &&
    query.includes.length === 0 &&
    rechecks.length === 0 &&
    !search.judge &&
    !name &&
    from === undefined &&
    !needsBodies(query.sort) &&
    newestWindows(search, undefined).length === 0
  );
}

/** At most one row more than its page for each search. */
async function readRows(
  tools: SearchTools,
  searches: readonly { search: PreparedSearch; q: number }[],
): Promise<Map<number, TogetherRow[]>> {
  const rows = new Map<number, TogetherRow[]>(searches.map(({ q }) => [q, []]));
  const statement = new Statement();
  /** By person, so that each statement names whom it is about. */
  const ofOne = new Map<bigint, string[]>();
  const wide: string[] = [];
  for (const { search, q } of searches) {
    if (search.condition.op === 'false') continue;
    const limit = search.query.count + 1;
    const person = onlyPerson(search.condition);
    if (person !== null) {
      const others = ofOne.get(person) ?? [];
      const one = smallTable(search, limit, undefined, statement);
      ofOne.set(person, [...others, `select ${q} as q, f.n, ${COLUMNS} from ${one} as f`]);
    } else {
      const { text } = pageStatement(search, limit, undefined, statement);
      wide.push(`select ${q} as q, f.n, ${COLUMNS}, f.patient from (${text}) as f`);
    }
  }
  for (const [person, parts] of ofOne) {
    wide.push(`select f.q, f.n, ${SMALL_COLUMNS}, person.id as patient
      from (${parts.join(' union all ')}) as f left join person on person.pt = ${statement.int8(person)}`);
  }
  if (wide.length === 0) return rows;
  const text = `${wide.join(' union all ')} order by 1, 2`;
  const answer = await tools.db.query<TogetherRow>(namedStatements.of(text, statement.values));
  for (const row of answer.rows) rows.get(row.q)!.push(row);
  return rows;
}
