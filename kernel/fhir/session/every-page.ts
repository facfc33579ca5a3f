/** A whole search, page after page: for lists that a person or a file needs entire. */
import type { RecordSession } from '../../access/contract.ts';
import type { ResourceOf, ResourceType } from '../types.ts';

const PAGE = 200;

/** @returns all matches in order; every page is decided by policy and audited like any search */
export async function everyPage<T extends ResourceType>(
  session: RecordSession,
  type: T,
  params: [string, string][],
): Promise<ResourceOf<T>[]> {
  const all: ResourceOf<T>[] = [];
  let query: string | [string, string][] | undefined = [...params, ['_count', String(PAGE)]];
  while (query !== undefined) {
    const page: { matches: ResourceOf<T>[]; next?: string } = await session.search(type, query);
    all.push(...page.matches);
    query = page.next;
  }
  return all;
}
