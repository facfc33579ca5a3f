/** Lists of the content among the answers of a search: `CodeSystem?url=…` finds what is stored nowhere. */
import type { SearchAnswer } from '../../store/contract.ts';
import { foldText } from '../../text/fold.ts';
import type { ResourceType } from '../types.ts';
import { type CodeLists, type Rendered, versionOf } from './code-lists.ts';

type Params = [string, string][];

/** Parameters that say nothing of what is found. */
const FORM = new Set(['_count', '_sort', '_total', '_summary', '_elements', '_cursor']);
const CURSOR = 'lists.';
const USUAL_COUNT = 20;
const MAX_COUNT = 1_000;

/**
 * The lists that fit and are not stored by somebody stand before what is stored, whatever the order asked for. A search by other parameters than `url`, `_id`,
 * `name`, `title`, `version`, `status`, `system` (of profiles also `type`, `base`, `kind`, `derivation`) finds what is stored alone.
 * @param searchStore the same search in the store
 */
export async function withRendered(
  lists: CodeLists,
  type: ResourceType,
  params: Params,
  searchStore: (params: Params) => Promise<SearchAnswer>,
): Promise<SearchAnswer> {
  const one = (name: string) => params.find(([key]) => key === name)?.[1];
  const cursor = one('_cursor');
  const all = await notStored(matching(lists.all(type), params), searchStore);
  if (all.length === 0) return searchStore(params);
  const counted = (answer: SearchAnswer): SearchAnswer =>
    answer.total === undefined ? answer : { ...answer, total: answer.total + all.length };
  const count = Math.min(Number(one('_count') ?? USUAL_COUNT), MAX_COUNT);
  const isOfStore = cursor !== undefined && !cursor.startsWith(CURSOR);
  // What is no number is refused by the store.
  if (isOfStore || !(count > 0) || one('_summary') === 'count') return counted(await searchStore(params));
  const rest = params.filter(([name]) => name !== '_cursor' && name !== '_count');
  const from = cursor === undefined ? 0 : Number(cursor.slice(CURSOR.length));
  const page = all.slice(from, from + count).map((each) => versionOf(each, lists.started));
  const asked: Params = [...rest, ['_count', String(count)]];
  const stored = counted(await searchStore(asked));
  if (page.length === 0) return stored;
  const fits = stored.next === undefined && page.length + stored.matches.length <= count;
  if (fits && from + count >= all.length) {
    const { placeOf: _, ...rest } = stored;
    return { ...rest, matches: [...page, ...stored.matches] };
  }
  // What is stored begins on a page of its own: its cursors belong to pages of this size.
  const hasMore = from + count < all.length || stored.matches.length > 0;
  const next = new URLSearchParams([...asked, ['_cursor', `${CURSOR}${from + page.length}`]]).toString();
  return {
    matches: page,
    includes: [],
    ...(stored.total === undefined ? {} : { total: stored.total }),
    ...(hasMore ? { next } : {}),
  };
}

/** What somebody has stored under the same address is the one that counts. */
async function notStored(
  fitting: readonly Rendered[],
  searchStore: (params: Params) => Promise<SearchAnswer>,
): Promise<readonly Rendered[]> {
  if (fitting.length === 0) return fitting;
  if (fitting[0]!.type === 'Basic') return notStoredById(fitting, searchStore);
  const urls = fitting.map(({ url }) => url.replace(/[\\$,|]/g, '\\$&')).join(',');
  const { matches } = await searchStore([
    ['url', urls],
    ['_count', String(MAX_COUNT)],
  ]);
  if (matches.length === 0) return fitting;
  const stored = new Set(
    matches.map(({ body }) => (JSON.parse(body.toString('utf8')) as { url?: string }).url),
  );
  return fitting.filter(({ url }) => !stored.has(url));
}

/** A Basic has no address to be searched by. */
async function notStoredById(
  fitting: readonly Rendered[],
  searchStore: (params: Params) => Promise<SearchAnswer>,
): Promise<readonly Rendered[]> {
  const { matches } = await searchStore([
    ['_id', fitting.map(({ id }) => id).join(',')],
    ['_count', String(MAX_COUNT)],
  ]);
  const stored = new Set(matches.map(({ id }) => id));
  return fitting.filter(({ id }) => !stored.has(id));
}

function matching(all: readonly Rendered[], params: Params): readonly Rendered[] {
  const asked = params.filter(([name]) => !FORM.has(name));
  return all.filter((one) => asked.every(([name, value]) => fits(one, name, value)));
}

function fits(one: Rendered, name: string, value: string): boolean {
  const [parameter = '', modifier] = name.split(':');
  const values = value.split(/(?<!\\),/).map((each) => each.replaceAll(/\\([\\$,|])/g, '$1'));
  if (parameter === 'name' || parameter === 'title') {
    return values.some((each) => isNamed(one[parameter], each, modifier));
  }
  if (modifier !== undefined) return false;
  const own = {
    ...one.facets,
    url: one.url,
    _id: one.id,
    version: one.version,
    status: 'active',
    system: one.type === 'CodeSystem' ? one.url : one.system,
  }[parameter];
  return own !== undefined && values.some((each) => each === own || each === `|${own}`);
}

/** R4 search.html#string: the beginning, without case and marks. */
function isNamed(own: string, asked: string, modifier: string | undefined): boolean {
  if (modifier === 'exact') return own === asked;
  const [a, b] = [foldText(own), foldText(asked)];
  if (modifier === 'contains') return a.includes(b);
  return modifier === undefined && a.startsWith(b);
}
