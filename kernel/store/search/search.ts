/** A search: parse → plan → resolve → act. */
import type { SearchAnswer, SearchRequest } from '../contract.ts';
import { collectPage, type Match } from './collect.ts';
import { and } from './condition.ts';
import { type Cursor, signingKey, writeCursor } from './cursor.ts';
import { testOf } from './exact.ts';
import { explainSearch } from './explain.ts';
import { findIncludes } from './include.ts';
import { countSql } from './page.ts';
import { planCriteria } from './plan.ts';
import { type PreparedSearch, prepareSearch, questionOf } from './prepare.ts';
import type { Criterion } from './query.ts';
import { resolve } from './resolve.ts';
import { type RulesManner, unlessRuled } from './ruled.ts';
import { sortValues } from './sort-values.ts';
import { Statement } from './statement.ts';
import type { SearchTools } from './tools.ts';

/**
 * Answers a search of one type.
 * @throws Failure `unknown-parameter` or `invalid-parameter`, naming the parameter
 */
export async function runSearch(tools: SearchTools, request: SearchRequest): Promise<SearchAnswer> {
  if (request.explain) return { matches: [], includes: [], explanation: await explainSearch(tools, request) };
  return unlessRuled((manner) => answerOf(tools, request, manner));
}

async function answerOf(
  tools: SearchTools,
  request: SearchRequest,
  manner: RulesManner,
): Promise<SearchAnswer> {
  const search = await prepareSearch(tools, request, manner);
  const { query } = search;
  if (query.count === 0) {
    return {
      matches: [],
      includes: [],
      ...(query.total === 'none' ? {} : { total: await countAll(tools, search) }),
    };
  }
  const page = await readPage(tools, search);
  const matches = page.rows.map((row) => row.version);
  const includes = await findIncludes(tools, matches, query.includes, request);
  const answer: SearchAnswer = { matches, includes };
  if (query.total === 'estimate' || query.total === 'accurate' || query.total === undefined) {
    if (!page.next && !page.previous) answer.total = matches.length;
    else if (query.total !== undefined) answer.total = await countAll(tools, search);
  }
  const key = await signingKey(tools.codecs, tools.db);
  const link = (cursor: Cursor) => {
    const text = writeCursor(cursor, questionOf(query), key);
    return new URLSearchParams([...query.params, ['_cursor', text]]).toString();
  };
  if (page.next) answer.next = link(page.next);
  if (page.previous) answer.previous = link(page.previous);
  if (query.sort.length > 0)
    answer.placeOf = (at) => {
      const { cursor } = page.rows[at]!;
      const next = writeCursor({ ...cursor, back: false }, questionOf(query), key);
      return { values: sortValues(query.sort, cursor.values), cursor: next };
    };
  return answer;
}

interface Page {
  rows: Match[];
  next: Cursor | undefined;
  previous: Cursor | undefined;
}

/** The rows in order, and where the pages beside them begin; a page before the first whole one is the first page. */
async function readPage(tools: SearchTools, search: PreparedSearch): Promise<Page> {
  const { from, query } = search;
  if (!from?.back) return pageAfter(tools, search, from);
  const { rows, more } = await collectPage(tools, search, from);
  if (rows.length < query.count) return pageAfter(tools, search, undefined);
  rows.reverse();
  return {
    rows,
    next: { ...rows.at(-1)!.cursor, back: false },
    previous: more ? { ...rows[0]!.cursor, back: true } : undefined,
  };
}

async function pageAfter(
  tools: SearchTools,
  search: PreparedSearch,
  from: Cursor | undefined,
): Promise<Page> {
  const { rows, more } = await collectPage(tools, search, from);
  const first = rows[0]?.cursor ?? from;
  return {
    rows,
    next: more ? rows.at(-1)!.cursor : undefined,
    previous: from && first ? { ...first, back: true } : undefined,
  };
}

/** Number of all matches; by going through them when the resource itself must be looked at. */
async function countAll(tools: SearchTools, search: PreparedSearch): Promise<number> {
  const { query, persons } = search;
  if (search.judge || query.criteria.some(isRead)) return countExact(tools, search);
  const all = and([
    search.condition,
    await resolve(planCriteria(search.name ? query.criteria : []), tools, search.persons),
  ]);
  if (all.op === 'false') return 0;
  const statement = new Statement();
  const text = countSql(query.type, all, { statement, persons });
  const answer = await tools.db.query<{ total: number }>(text, statement.values);
  return answer.rows[0]!.total;
}

async function countExact(tools: SearchTools, search: PreparedSearch): Promise<number> {
  const wide = { ...search, query: { ...search.query, count: 500 } };
  let total = 0;
  let after: Cursor | undefined;
  for (;;) {
    const { rows, more } = await collectPage(tools, wide, after);
    total += rows.length;
    if (!more) return total;
    after = rows.at(-1)!.cursor;
  }
}

/** True for a criterion that only the resource itself can tell. */
function isRead(criterion: Criterion): boolean {
  return criterion.kind === 'holds' || testOf(criterion) !== null;
}
