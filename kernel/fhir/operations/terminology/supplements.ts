/** Which supplements one question uses: those that are in use here, and those that it names. */
import { Failure } from '../../../failure.ts';
import type { StoredVersion } from '../../../store/contract.ts';
import type { CodeLists } from '../../terminology/code-lists.ts';
import { type Supplement, supplementOf } from '../../terminology/supplement.ts';

export interface SupplementSource {
  readonly lists: CodeLists;
  /** Resources by canonical, the one changed last. */
  stored(kind: 'CodeSystem', url: string, version: string | undefined): Promise<StoredVersion | undefined>;
  /** CodeSystems by search. */
  search(params: [string, string][]): Promise<readonly StoredVersion[]>;
}

/** R5's parameter: supplements that must be used. */
export const USE_SUPPLEMENT = 'useSupplement';

/** Supplements of one system that are used together. */
const MOST = 20;
const MOST_PARSED = 40;
const parsed = new WeakMap<CodeLists, Map<string, Supplement | null>>();

/** The active supplements of a system. */
export async function supplementsInUse(source: SupplementSource, system: string): Promise<Supplement[]> {
  const exact = system.replaceAll(/[\\$,|]/g, '\\$&');
  const found = await source.search([
    ['supplements', exact],
    ['content-mode', 'supplement'],
    ['status', 'active'],
    ['_sort', '-_lastUpdated'],
    ['_count', String(MOST)],
  ]);
  const byUrl = new Map<string, Supplement>();
  // Of several versions of one supplement the one changed last.
  for (const one of found) {
    const supplement = read(source.lists, one);
    if (supplement && !byUrl.has(supplement.names.url)) byUrl.set(supplement.names.url, supplement);
  }
  return [...byUrl.values()];
}

/**
 * A supplement by its canonical, whatever its status.
 * @param parameter that names it
 * @throws Failure `not-found`, or `business-rule` when it is no supplement
 */
export async function namedSupplement(
  source: SupplementSource,
  canonical: string,
  parameter: string,
): Promise<Supplement> {
  const [url = '', version] = canonical.split('|');
  const stored = await source.stored('CodeSystem', url, version);
  if (stored === undefined) {
    throw new Failure('not-found', `Không có phần bổ sung "${canonical}" ở đây.`, {
      textEn: `There is no supplement "${canonical}" here.`,
      expression: parameter,
    });
  }
  const supplement = read(source.lists, stored);
  if (supplement) return supplement;
  throw new Failure(
    'business-rule',
    `CodeSystem "${canonical}" không phải là phần bổ sung (content=supplement).`,
    {
      textEn: `CodeSystem "${canonical}" is no supplement (content=supplement, supplements, concept).`,
      expression: parameter,
    },
  );
}

/** A long supplement is parsed once. */
function read(lists: CodeLists, { id, version, lastUpdated, body }: StoredVersion): Supplement | null {
  const known = parsed.get(lists) ?? new Map<string, Supplement | null>();
  parsed.set(lists, known);
  const key = `${id}/${version}/${lastUpdated}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = supplementOf(JSON.parse(body.toString())) ?? null;
  if (known.size >= MOST_PARSED) known.delete([...known.keys()][0]!);
  known.set(key, made);
  return made;
}
