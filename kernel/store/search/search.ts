/** A search: parse → plan → resolve → act. */

import type { SearchAnswer, SearchRequest, StoredVersion } from '../contract.ts';
import { toVersion } from '../rows.ts';
import { and, type Condition } from './condition.ts';
import { type Cursor, readCursor, signingKey, writeCursor } from './cursor.ts';
import { type Recheck, rechecksOf, testOf } from './exact.ts';
import { findIncludes, personsOf } from './include.ts';
import { namedStatements } from './named.ts';
import {
  chooseDriver,
  type Driver,
  NAME_KEYS,
  type NameQuestion,
  namePageSql,
  nameQuestion,
  WordCounts,
} from './names.ts';
import { countSql, isOfOnePerson, isWalk, type PageRow, pageSql, personPageSql } from './page.ts';
import { parseQuery } from './parse.ts';
import { planCriteria, planPersons } from './plan.ts';
import type { Query } from './query.ts';
import { resolve } from './resolve.ts';
import { type KeyValue, orderOf } from './sort.ts';
import { MOST_SORTED, needsBodies, sortByBodies, tooManyToSort } from './sort-body.ts';
import { Statement } from './statement.ts';
import type { SearchTools } from './tools.ts';

/** A search made ready: everything that does not change from page to page. */
export interface PreparedSearch {
  query: Query;
  /** The row after which the page begins. */
  from: Cursor | undefined;
  condition: Condition;
  persons: bigint[] | undefined;
  rechecks: Recheck[];
  name: { question: NameQuestion; driver: Driver } | null;
}

/**
 * Answers a search of one type.
 * @throws Failure `unknown-parameter` or `invalid-parameter`, naming the parameter
 */
export async function runSearch(tools: SearchTools, request: SearchRequest): Promise<SearchAnswer> {
  const search = await prepareSearch(tools, request);
  const { query, from } = search;
  if (query.count === 0) return { matches: [], includes: [], total: await countAll(tools, search) };
  const { rows, more } = await collectPage(tools, search, from);
  const matches = rows.map((row) => row.version);
  const includes = await findIncludes(tools, matches, query.includes, request.patients);
  const answer: SearchAnswer = { matches, includes };
  if (!more && from === undefined) answer.total = matches.length;
  else if (query.total === 'estimate' || query.total === 'accurate')
    answer.total = await countAll(tools, search);
  if (more) {
    const key = await signingKey(tools.codecs, tools.db);
    const cursor = writeCursor(rows.at(-1)!.cursor, questionOf(query, request), key);
    answer.next = new URLSearchParams([...query.params, ['_cursor', cursor]]).toString();
  }
  return answer;
}

/** What a cursor belongs to. */
function questionOf(query: Query, request: SearchRequest): string {
  return JSON.stringify([query.type, query.params, request.patients]);
}

/** Parses, plans, reads the cursor and asks the dictionary. */
export async function prepareSearch(tools: SearchTools, request: SearchRequest): Promise<PreparedSearch> {
  const query = parseQuery(request);
  const from = query.cursor === undefined ? undefined : await cursorOf(tools, query, query.cursor, request);
  const name = await nameOf(tools, query, from);
  const planned = and([planPersons(request.patients), planCriteria(name ? name.others : query.criteria)]);
  return {
    query,
    from,
    condition: await resolve(planned, tools),
    persons: personsOf(request.patients),
    rechecks: rechecksOf(query.criteria),
    name: name && { question: name.question, driver: name.driver },
  };
}

/** The name as the way in; null when there is none, or when the other criteria are the better way. */
async function nameOf(tools: SearchTools, query: Query, from: Cursor | undefined) {
  const asked = nameQuestion(query);
  if (!asked) return null;
  const driver = await chooseDriver(asked.question, from, tools.db, wordCountsOf(tools));
  return asked.narrow && !driver.rare ? null : { ...asked, driver };
}

/** One for each open store. */
const wordCounts = new WeakMap<SearchTools['codecs'], WordCounts>();

function wordCountsOf({ codecs }: SearchTools): WordCounts {
  const known = wordCounts.get(codecs) ?? new WordCounts();
  wordCounts.set(codecs, known);
  return known;
}

async function cursorOf(
  tools: SearchTools,
  query: Query,
  text: string,
  request: SearchRequest,
): Promise<Cursor> {
  return readCursor(text, questionOf(query, request), await signingKey(tools.codecs, tools.db));
}

interface Match {
  version: StoredVersion;
  cursor: Cursor;
}

/** Enough rows for a page that also stand the tests on the resource itself, and whether there are more. */
async function collectPage(
  tools: SearchTools,
  search: PreparedSearch,
  from: Cursor | undefined,
): Promise<{ rows: Match[]; more: boolean }> {
  const { query, rechecks } = search;
  if (needsBodies(query.sort)) return sortedPage(tools, search, from);
  const rows: Match[] = [];
  let after = from;
  for (;;) {
    const limit = query.count + 1;
    const page = await fetchPage(tools, search, limit, after);
    for (const match of page) {
      if (rechecks.length > 0 && !stands(match.version, rechecks)) continue;
      if (rows.length === query.count) return { rows, more: true };
      rows.push(match);
    }
    if (page.length < limit) return { rows, more: false };
    after = page.at(-1)!.cursor;
  }
}

/** A page of an order that only the bodies know: all matches are read, and the cursor is a place among them. */
async function sortedPage(
  tools: SearchTools,
  search: PreparedSearch,
  from: Cursor | undefined,
): Promise<{ rows: Match[]; more: boolean }> {
  const { query } = search;
  const wide = { ...search, query: { ...query, sort: [], count: MOST_SORTED } };
  const { rows, more } = await collectPage(tools, wide, undefined);
  if (more) throw tooManyToSort();
  const versions = sortByBodies(
    rows.map((row) => row.version),
    query.sort,
  );
  const start = Number(from?.values[0] ?? 0);
  const end = start + query.count;
  const page = versions
    .slice(start, end)
    .map((version) => ({ version, cursor: { idh: 0n, values: [String(end)] } }));
  return { rows: page, more: end < versions.length };
}

function stands(version: StoredVersion, rechecks: readonly Recheck[]): boolean {
  const resource: unknown = JSON.parse(version.body.toString());
  return rechecks.every((test) => test(resource));
}

/** The statement of one page, for running and for showing; `statement` gathers the values. */
export function pageStatement(
  search: PreparedSearch,
  limit: number,
  after: Cursor | undefined,
  statement = new Statement(),
) {
  const { query, condition, persons, name } = search;
  const context = { statement, persons };
  if (name) {
    const text = namePageSql({ query, condition, limit, after, ...name }, context);
    return { text, statement, keys: NAME_KEYS };
  }
  const keys = orderOf(query, statement);
  return {
    text: pageSql({ type: query.type, condition, keys, limit, after }, context),
    statement,
    keys: keys.length,
  };
}

/** The same for one person's rows, bodies and all; null when the search is not bound to one person. */
export function personStatement(search: PreparedSearch, limit: number, statement: Statement): string | null {
  const { query, condition, persons } = search;
  if (!isOfOnePerson(condition)) return null;
  const keys = orderOf(query, statement);
  return personPageSql(
    { type: query.type, condition, keys, limit, after: undefined },
    { statement, persons },
  );
}

async function fetchPage(
  tools: SearchTools,
  search: PreparedSearch,
  limit: number,
  after: Cursor | undefined,
): Promise<Match[]> {
  if (search.condition.op === 'false') return [];
  for (const since of newestWindows(search, after)) {
    const recent: Condition = { op: 'updated', bounds: { prefix: 'ge', low: since, high: since } };
    const page = await readPage(
      tools,
      { ...search, condition: and([search.condition, recent]) },
      limit,
      after,
    );
    if (page.length === limit) return page;
  }
  return readPage(tools, search, limit, after);
}

const HOUR_MS = 3_600_000;

/**
 * `_sort=-_lastUpdated` over a whole type has no index of its own: rows are appended in that order, so the newest are
 * looked for in the last hour, day and month first (the BRIN index on `ts`), and only then among all.
 */
export function newestWindows(
  { query, condition, name }: PreparedSearch,
  after: Cursor | undefined,
): number[] {
  const [key] = query.sort;
  if (name || key?.parameter !== '_lastUpdated' || !key.descending || !isWalk(condition)) return [];
  if (condition.op === 'person') return [];
  const from = after ? Number(after.values[0]) : Date.now();
  return [from - HOUR_MS, from - 24 * HOUR_MS, from - 720 * HOUR_MS];
}

async function readPage(
  { db, codecs }: SearchTools,
  search: PreparedSearch,
  limit: number,
  after: Cursor | undefined,
): Promise<Match[]> {
  const { text, statement, keys } = pageStatement(search, limit, after);
  const answer = await db.query<PageRow>(
    isSmall(search.condition)
      ? namedStatements.of(text, statement.values)
      : { text, values: statement.values },
  );
  return Promise.all(
    answer.rows.map(async (row) => {
      const values: KeyValue[] = Array.from({ length: keys }, (_, i) => row[`k${i}`] ?? null);
      return { version: await toVersion(row, codecs), cursor: { idh: BigInt(row.idh), values } };
    }),
  );
}

/**
 * True when one person or one row is asked for: then every plan goes by the primary key, whatever the values are. Wider
 * searches are planned each time, by their values.
 */
function isSmall(condition: Condition): boolean {
  const parts = condition.op === 'and' ? condition.of : [condition];
  return parts.some((part) => part.op === 'row' || (part.op === 'person' && part.pts.length === 1));
}

/** Number of all matches; by going through them when the resource itself must be looked at. */
async function countAll(tools: SearchTools, search: PreparedSearch): Promise<number> {
  const { query, persons } = search;
  if (query.criteria.some((criterion) => testOf(criterion) !== null)) return countExact(tools, search);
  const all = and([search.condition, await resolve(planCriteria(search.name ? query.criteria : []), tools)]);
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
