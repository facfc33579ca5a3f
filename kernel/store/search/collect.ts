/** The rows of one page, forwards or backwards. */
import type { StoredVersion } from '../contract.ts';
import { toVersions } from '../rows.ts';
import { and, type Condition, looksElsewhere } from './condition.ts';
import type { Cursor } from './cursor.ts';
import { type Recheck, testOf } from './exact.ts';
import { unsupported } from './faults.ts';
import { namedStatements } from './named.ts';
import { NAME_KEYS, namePageSql } from './names.ts';
import { isWalk, onlyPerson, type PageRow, pageSql } from './page.ts';
import type { PreparedSearch } from './prepare.ts';
import type { Query } from './query.ts';
import { PersonHasRules } from './ruled.ts';
import { readSmallPage, type SmallPage, smallBy, smallPageSql } from './small-page.ts';
import { orderOf } from './sort.ts';
import { BestOf, MOST_SORTED, needsBodies, tooManyToSort } from './sort-body.ts';
import { Statement } from './statement.ts';
import type { SearchTools } from './tools.ts';

export interface Match {
  version: StoredVersion;
  readonly cursor: Cursor;
}

/** A match whose cursor is read from its row when a page begins or ends there, which few do. */
class RowMatch implements Match {
  readonly version: StoredVersion;
  readonly #row: PageRow;
  readonly #keys: number;
  readonly #back: boolean;

  constructor(version: StoredVersion, row: PageRow, keys: number, back: boolean) {
    this.version = version;
    this.#row = row;
    this.#keys = keys;
    this.#back = back;
  }

  get cursor(): Cursor {
    const values = Array.from({ length: this.#keys }, (_, i) => {
      const value = this.#row[`k${i}`] ?? null;
      return value === null ? null : String(value);
    });
    return { back: this.#back, idh: BigInt(this.#row.idh), values };
  }
}

/** Rows that are read and do not stand the tests, until the search is given up. */
const MOST_REJECTED = 50_000;

/** Rows that are read and tested in one turn: more are asked for as fewer stand, and others get their turn in between. */
const MOST_AT_ONCE = 250;

/**
 * Enough rows for a page that also stand the tests on the resource itself, and whether there are more that way. Backwards
 * they come the other way round.
 */
export async function collectPage(
  tools: SearchTools,
  search: PreparedSearch,
  from: Cursor | undefined,
): Promise<{ rows: Match[]; more: boolean }> {
  const { query, rechecks } = search;
  if (needsBodies(query.sort)) return sortedPage(tools, search, from);
  const rows: Match[] = [];
  let rejected = 0;
  let after = from;
  for (let limit = query.count + 1; ; limit = Math.max(limit, Math.min(2 * limit, MOST_AT_ONCE))) {
    const page = await fetchPage(tools, search, limit, after);
    const judged = await search.judge?.(page.map(({ version }) => version));
    for (const [at, match] of page.entries()) {
      if (judged && !judged[at]) continue;
      if (rechecks.length > 0 && !stands(match.version, rechecks)) rejected += 1;
      else if (rows.length === query.count) return { rows, more: true };
      else rows.push(match);
    }
    if (page.length < limit) return { rows, more: false };
    if (rejected > MOST_REJECTED) throw tooManyRejected(query);
    after = page.at(-1)!.cursor;
  }
}

function tooManyRejected({ criteria }: Query) {
  const name = criteria.find((criterion) => testOf(criterion) !== null)?.name ?? '_content';
  return unsupported(
    name,
    `phải đọc hơn ${MOST_REJECTED} tài nguyên mà không thấy đủ kết quả; hãy thêm điều kiện.`,
    `more than ${MOST_REJECTED} resources were read without enough matches; add criteria.`,
  );
}

/**
 * A page of an order that only the bodies know: all matches are read in turn, and the best of them kept, so that the memory
 * is that of a page whatever their number.
 */
async function sortedPage(
  tools: SearchTools,
  search: PreparedSearch,
  from: Cursor | undefined,
): Promise<{ rows: Match[]; more: boolean }> {
  const { query } = search;
  const best = new BestOf(query.sort, query.count + 1, from);
  const all = { ...search, query: { ...query, sort: [], count: SORT_BATCH }, name: null };
  let after: Cursor | undefined;
  for (let read = 0; ; read += SORT_BATCH) {
    if (read >= MOST_SORTED) throw tooManyToSort();
    const { rows, more } = await collectPage(tools, all, after);
    for (const { version, cursor } of rows) best.offer(version, cursor.idh);
    if (!more) break;
    after = rows.at(-1)!.cursor;
  }
  const rows = best.matches();
  return { rows: rows.slice(0, query.count), more: rows.length > query.count };
}

const SORT_BATCH = 2_000;

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

/** The same with bodies and all, as a table; only for a search that finds few rows. */
export function smallTable(
  { query, condition, persons }: PreparedSearch,
  limit: number,
  after: Cursor | undefined,
  statement: Statement,
): string {
  const keys = orderOf(query, statement);
  return smallPageSql({ type: query.type, condition, keys, limit, after }, { statement, persons });
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
  if (name || after?.back || key?.parameter !== '_lastUpdated' || !key.descending) return [];
  if (!isWalk(condition)) return [];
  if (onlyPerson(condition) !== null) return [];
  const from = after ? Number(after.values[0]) : Date.now();
  return [from - HOUR_MS, from - 24 * HOUR_MS, from - 720 * HOUR_MS];
}

async function readPage(
  tools: SearchTools,
  search: PreparedSearch,
  limit: number,
  after: Cursor | undefined,
): Promise<Match[]> {
  const back = after?.back === true;
  const { rows, keys } = await readRows(tools, search, limit, after);
  const versions = await toVersions(rows, tools.codecs);
  return rows.map((row, at) => new RowMatch(versions[at]!, row, keys, back));
}

/** The page as a small one; null when many rows may be found. */
export function smallPageOf(
  search: PreparedSearch,
  limit: number,
  after: Cursor | undefined,
): SmallPage | null {
  if (search.name || smallBy(search.condition) === null) return null;
  const write = (statement: Statement) => smallTable(search, limit, after, statement);
  const kinds = orderOf(search.query, new Statement()).map(({ kind }) => kind);
  return { person: onlyPerson(search.condition), tellsRules: search.tellsRules, kinds, write };
}

async function readRows(
  { db, pages }: SearchTools,
  search: PreparedSearch,
  limit: number,
  after: Cursor | undefined,
): Promise<{ rows: PageRow[]; keys: number }> {
  const page = smallPageOf(search, limit, after);
  if (page) {
    // What may take long is asked alone, by who keeps the time (`patience.ts`).
    const together = pages && !looksElsewhere(search.condition) ? pages : undefined;
    const { rows, ruled } = await (together ? together.rows(page) : readSmallPage(db, page));
    if (ruled) throw new PersonHasRules();
    return { rows, keys: page.kinds.length };
  }
  if (search.tellsRules) throw new PersonHasRules();
  const { text, statement, keys } = pageStatement(search, limit, after);
  const { values } = statement;
  const answer = await db.query<PageRow>(
    isSmall(search.condition) ? namedStatements.of(text, values) : { text, values },
  );
  return { rows: answer.rows, keys };
}

/**
 * True when single rows are asked for: then every plan goes by the primary key, whatever the values are. Wider searches are
 * planned each time, by their values.
 */
function isSmall(condition: Condition): boolean {
  const parts = condition.op === 'and' ? condition.of : [condition];
  return parts.some((part) => part.op === 'row');
}
