/** What a screen wants to know of one person, in one round trip: policy for each search, one line of the audit for all. */
import { auditLine } from '../../access/audit.ts';
import { unitParam } from '../../access/bounds.ts';
import type { AboutQuery, Actor } from '../../access/contract.ts';
import type { Judge, SearchRequest, StoredVersion } from '../../store/contract.ts';
import type { ResourceType } from '../types.ts';
import { boundSearch, judgesMatches, limitsOf, type Parts } from './reads.ts';

/** A query without `_count` is read to its end, in pages of so many. */
const PAGE = 200;

interface Asked {
  request: SearchRequest;
  /** Only the first page is wanted. */
  limited: boolean;
}

/**
 * The matches of each query that the actor may see, in the order of the queries. Fails with `forbidden`, and with what a
 * search fails with.
 */
export async function searchAbout(
  parts: Parts,
  actor: Actor,
  patient: string,
  queries: readonly AboutQuery[],
): Promise<StoredVersion[][]> {
  const asked = await Promise.all(queries.map((query) => bound(parts, actor, patient, query)));
  const answers = await parts.store.searchTogether(asked.map(({ request }) => request));
  const found = await Promise.all(
    answers.map(async ({ matches, next }, at) =>
      next === undefined || asked[at]!.limited
        ? matches
        : [...matches, ...(await rest(parts, asked[at]!.request, next))],
    ),
  );
  await parts.store.audit([auditLine(actor, 'search', describe(patient, queries), patient)]);
  return found;
}

async function bound(parts: Parts, actor: Actor, patient: string, query: AboutQuery): Promise<Asked> {
  const [type, more = {}] = query;
  const limited = more._count !== undefined;
  const params: [string, string][] = [
    [type === 'Patient' ? '_id' : 'patient', patient],
    ...Object.entries(more),
    ...(limited ? [] : ([['_count', String(PAGE)]] as [string, string][])),
  ];
  const bounds = await boundSearch(parts, actor, type, params);
  if (bounds === 'unit') params.push([unitParam(type)!, `Organization/${actor.unit}`]);
  const limits = await limitsOf(parts, actor, bounds, type, params);
  const judge: Judge = (versions) => parts.guard.covered(actor, versions, 'search');
  const judges = judgesMatches(parts.guard, actor, type, bounds) ? { judge } : {};
  return { request: { type, params, ...limits, ...judges, onlyPage: limited }, limited };
}

/** The pages behind the first. */
async function rest(parts: Parts, request: SearchRequest, first: string): Promise<StoredVersion[]> {
  const versions: StoredVersion[] = [];
  let next: string | undefined = first;
  while (next !== undefined) {
    const page: { matches: StoredVersion[]; next?: string } = await parts.store.search({
      ...request,
      params: [...new URLSearchParams(next)] as [string, string][],
    });
    versions.push(...page.matches);
    next = page.next;
  }
  return versions;
}

/** `Patient/x: Flag Encounter?_sort=-date` */
function describe(patient: string, queries: readonly AboutQuery[]): string {
  const one = ([type, more]: AboutQuery): string | ResourceType => {
    const query = Object.entries(more ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join('&');
    return query === '' ? type : `${type}?${query}`;
  };
  return `Patient/${patient}: ${queries.map(one).join(' ')}`;
}
