/** Every step of a search in print: what was understood, what is asked of the rows, the SQL, and how PostgreSQL runs it. */
import type { SearchRequest } from '../contract.ts';
import { pageStatement, smallPageOf } from './collect.ts';
import { type PreparedSearch, prepareSearch } from './prepare.ts';
import { smallStatement } from './small-page.ts';
import type { SearchTools } from './tools.ts';

export interface Explanation {
  /** The parsed query. */
  query: unknown;
  /** The condition with its hashes. */
  condition: unknown;
  sql: string;
  /** Lines of EXPLAIN. */
  plan: string[];
}

/** @param analyze true = run it and show the times */
export async function explainSearch(
  tools: SearchTools,
  request: SearchRequest,
  analyze = false,
): Promise<Explanation> {
  const search = await prepareSearch(tools, request);
  const { text, values } = statementOf(search);
  const answer = await tools.db.query<{ 'QUERY PLAN': string }>(
    `explain ${analyze ? '(analyze, buffers) ' : ''}${text}`,
    values,
  );
  return {
    query: plain(search.query),
    condition: plain(search.name ? { name: search.name, and: search.condition } : search.condition),
    sql: text,
    plan: answer.rows.map((row) => row['QUERY PLAN']),
  };
}

function statementOf(search: PreparedSearch): { text: string; values: unknown[] } {
  const limit = Math.max(1, search.query.count) + 1;
  const page = smallPageOf(search, limit, undefined);
  if (page) return smallStatement(page);
  const { text, statement } = pageStatement(search, limit, undefined);
  return { text, values: statement.values };
}

/** Bigints as text, parameters by their name. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, item: unknown) => {
      if (typeof item === 'bigint') return String(item);
      if (typeof item === 'object' && item !== null && 'storage' in item && 'q' in item) return item.q;
      return item;
    }),
  );
}
