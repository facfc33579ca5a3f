/** Histories of a resource, a type and the system. R4 http.html#history. */
import type { Failure } from '../../failure.ts';
import type { HistoryAsk, ResourceName } from '../../store/contract.ts';
import { intervalOf } from '../dates.ts';
import { readStoredJson } from '../json/read.ts';
import { isId, isResourceType } from '../names.ts';
import type { List, ResourceType } from '../types.ts';
import { bundleBytes, historyEntry, type Link } from './bundle-bytes.ts';
import { type Answer, type GetContext, queryText, unknownOrWrong } from './context.ts';
import type { Demand } from './demand.ts';

const MOST = 1000;
const STANDARD = 100;
const PARAMETERS = ['_count', '_since', '_at', '_list', '_sort', '_before'];

/**
 * Newest first unless `_sort=_lastUpdated`. Fails with `unknown-parameter`, `invalid-parameter`, and what the reading of a
 * List and of the history fails with.
 */
export async function answerHistory(
  context: GetContext,
  scope: { type?: ResourceType; id?: string },
  demand: Demand,
): Promise<Answer> {
  const ask = await readAsk(context, demand.params);
  const counted = ask.count > 0;
  const found = await context.session.historyStored(scope, counted ? ask : { ...ask, count: MOST });
  const { versions, next } = counted ? found : { versions: [] };
  const address = [scope.type, scope.id, '_history'].filter((part) => part !== undefined).join('/');
  const link = (query: [string, string][]) =>
    `${context.base}/${address}${queryText([...query, ...demand.form])}`;
  const rest = demand.params.filter(([name]) => name !== '_before');
  const links: Link[] = [{ relation: 'self', url: link(demand.params) }];
  if (counted) links.push({ relation: 'first', url: link(rest) });
  if (next !== undefined) links.push({ relation: 'next', url: link([...rest, ['_before', next]]) });
  const entries = versions.map((version) => historyEntry(context.base, version, demand.subset));
  // R4 bundle.html: the total is of all pages; it is said where it is known without going through them.
  const isWhole = found.next === undefined && ask.before === undefined;
  const total = isWhole ? found.versions.length : undefined;
  return {
    status: 200,
    body: bundleBytes('history', { total, links, timestamp: new Date().toISOString() }, entries),
  };
}

async function readAsk(context: GetContext, params: readonly [string, string][]): Promise<HistoryAsk> {
  const ask: HistoryAsk = { count: STANDARD };
  const seen = new Set<string>();
  for (const [name, value] of params) {
    const interval = intervalOf(value);
    const wrong = () => unknownOrWrong(name, value, PARAMETERS);
    if (seen.has(name)) throw wrong();
    seen.add(name);
    if (name === '_count' && /^\d+$/.test(value)) ask.count = Math.min(Number(value), MOST);
    else if (name === '_since' && interval) ask.since = new Date(interval.low).toISOString();
    else if (name === '_at' && interval) ask.at = interval;
    else if (name === '_list') ask.only = await namesOfList(context, value, wrong);
    else if (name === '_sort' && ['-_lastUpdated', '_lastUpdated', 'none'].includes(value))
      ask.oldestFirst = value === '_lastUpdated';
    else if (name === '_before') ask.before = value;
    else throw wrong();
  }
  return ask;
}

/** What a List names by literal references of our own; lists by function (`$current-…`) are none of ours. */
async function namesOfList(
  { session }: GetContext,
  value: string,
  wrong: () => Failure,
): Promise<ResourceName[]> {
  const id = value.replace(/^List\//, '');
  if (!isId(id)) throw wrong();
  const stored = await session.readStored('List', id);
  const { entry = [] } = readStoredJson(stored.body) as List;
  return entry.flatMap(({ item }) => {
    const [type = '', own = ''] = (item?.reference ?? '').split('/');
    return isResourceType(type) && isId(own) ? [{ type, id: own }] : [];
  });
}
