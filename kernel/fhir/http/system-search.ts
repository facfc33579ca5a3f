/** `GET /fhir?_type=Patient,Encounter&…`: one type after the other, page by page. R4 http.html#search. */
import { Failure } from '../../failure.ts';
import type { StoredVersion } from '../../store/contract.ts';
import { localParams } from '../local.ts';
import { asResourceType } from '../names.ts';
import type { ResourceType } from '../types.ts';
import { bundleBytes, type Link, searchEntry } from './bundle-bytes.ts';
import { type Answer, type GetContext, queryText } from './context.ts';
import type { Demand } from './demand.ts';

const MOST_TYPES = 20;
const STANDARD_COUNT = 20;

interface Found {
  matches: StoredVersion[];
  includes: StoredVersion[];
  total: number | undefined;
  next: [string, string][] | undefined;
}

/** Every parameter must be known to every type. Fails with `invalid-parameter` without `_type`. */
export async function answerSystemSearch(context: GetContext, demand: Demand): Promise<Answer> {
  const types = (demand.params.find(([name]) => name === '_type')?.[1] ?? '')
    .split(',')
    .filter((one) => one !== '');
  if (types.length === 0 || types.length > MOST_TYPES) {
    throw new Failure(
      'invalid-parameter',
      `Tìm toàn hệ thống cần _type với 1 đến ${MOST_TYPES} loại tài nguyên.`,
      {
        textEn: `A search of the whole system needs _type with 1 to ${MOST_TYPES} resource types.`,
        expression: '_type',
      },
    );
  }
  const params = demand.params.filter(([name]) => name !== '_type');
  const found = await collect(context, types.map(asResourceType), params);
  const link = (query: readonly [string, string][]) =>
    `${context.base}${queryText([...query, ...demand.form])}`;
  const links: Link[] = [{ relation: 'self', url: link(demand.params) }];
  if (found.next !== undefined) links.push({ relation: 'next', url: link(found.next) });
  const entries = demand.countOnly
    ? []
    : [
        ...found.matches.map((version) => searchEntry(context.base, version, 'match', demand.subset)),
        ...found.includes.map((version) => searchEntry(context.base, version, 'include', demand.subset)),
      ];
  const more = { total: found.total, links, timestamp: new Date().toISOString() };
  return { status: 200, body: bundleBytes('searchset', more, entries) };
}

/** The first type of the list is the one whose page is being read: its cursor stands among the parameters. */
async function collect(
  context: GetContext,
  types: ResourceType[],
  params: [string, string][],
): Promise<Found> {
  const count = Number(params.find(([name]) => name === '_count')?.[1] ?? STANDARD_COUNT) || STANDARD_COUNT;
  const isFirst = !params.some(([name]) => name === '_cursor');
  const found: Found = { matches: [], includes: [], total: isFirst ? 0 : undefined, next: undefined };
  for (const [at, type] of types.entries()) {
    const own = at === 0 ? params : params.filter(([name]) => name !== '_cursor');
    const answer = await context.session.searchStored(type, localParams(type, own, context.base));
    found.matches.push(...answer.matches);
    found.includes.push(...answer.includes);
    found.total =
      found.total === undefined || answer.total === undefined ? undefined : found.total + answer.total;
    const rest = types.slice(answer.next === undefined ? at + 1 : at);
    if (answer.next === undefined && (found.matches.length < count || rest.length === 0)) continue;
    const following =
      answer.next === undefined
        ? own.filter(([name]) => name !== '_cursor')
        : new URLSearchParams(answer.next);
    found.next = [['_type', rest.join(',')], ...following];
    if (answer.next !== undefined || rest.length > 0) found.total = undefined;
    break;
  }
  return found;
}
