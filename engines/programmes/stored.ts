/**
 * Programmes that are carried out on a day: those of the content, and those that are stored in the record under the same canonical
 * (`http://yba.vn/fhir/PlanDefinition/<key>`), each by its version and days. The version that began last counts; one that has ended
 * or is retired leaves no gap for an older one. What stands in the content under a version is not replaced by the record.
 */
import type { Content } from '../../kernel/content/content.ts';
import { Failure } from '../../kernel/failure.ts';
import { readStoredJson } from '../../kernel/fhir/json/read.ts';
import type { PlanDefinition } from '../../kernel/fhir/types.ts';
import type { Store, StoredVersion } from '../../kernel/store/contract.ts';
import { isProgramme } from './check.ts';
import { catalogueOn, type OpenProgramme, openProgramme, programmeVersions } from './content.ts';
import { type Begun, firstDayOfVersion, inForce, PROGRAMME_URL } from './versions.ts';

export interface ProgrammeSources {
  content: Content;
  store: Pick<Store, 'search'>;
}

/** A version of a programme, wherever it lies. */
interface Version extends Begun {
  value: PlanDefinition;
  /** Tells one text from another under the same version. */
  mark: string;
}

/** How long what another program stored may go unnoticed. */
const KEPT_MS = 5_000;
const PAGE = '200';
/** Of all days that were asked about. */
const MOST_OPEN = 200;

const kept = new WeakMap<Content, { at: number; stored: Promise<Version[]> }>();
const opened = new WeakMap<Content, Map<string, OpenProgramme | null>>();

/** Those in force on an ISO day, by key. Definitions are nobody's: they are read for the program itself, whoever asks. */
export async function programmesOn(
  sources: ProgrammeSources,
  day: string,
): Promise<readonly OpenProgramme[]> {
  const { content } = sources;
  const own = programmeVersions(content).map(
    ({ key, from, value }): Version => ({
      key,
      from,
      end: endOf(value),
      retired: false,
      value,
      mark: 'content',
    }),
  );
  const known = new Set(own.map(({ key, value }) => `${key}|${value.version}`));
  const stored = (await storedVersions(sources)).filter(
    ({ key, value }) => !known.has(`${key}|${value.version}`),
  );
  return inForce([...own, ...stored], day).flatMap((version) => openOf(content, version, day) ?? []);
}

/** What was read of the record is read again by whoever asks next. */
export function forgetProgrammes(content: Content): void {
  kept.delete(content);
}

const endOf = ({ effectivePeriod }: PlanDefinition) => effectivePeriod?.end?.slice(0, 10) ?? null;

function storedVersions({ content, store }: ProgrammeSources): Promise<Version[]> {
  const now = performance.now();
  const known = kept.get(content);
  if (known && now - known.at < KEPT_MS) return known.stored;
  const stored = readStored(store);
  kept.set(content, { at: now, stored });
  stored.catch(() => kept.delete(content));
  return stored;
}

async function readStored(store: ProgrammeSources['store']): Promise<Version[]> {
  const found: StoredVersion[] = [];
  let params: [string, string][] | undefined = [
    ['status', 'active,retired'],
    ['_count', PAGE],
  ];
  while (params) {
    const { matches, next } = await store.search({ type: 'PlanDefinition', params });
    found.push(...matches);
    params = next === undefined ? undefined : ([...new URLSearchParams(next)] as [string, string][]);
  }
  return found.flatMap(({ id, version, body }) => {
    const value = readStoredJson(body) as PlanDefinition;
    const from = firstDayOfVersion(value);
    if (!value.url?.startsWith(PROGRAMME_URL) || !isProgramme(value) || from === '') return [];
    const key = value.url.slice(PROGRAMME_URL.length);
    return [
      { key, from, end: endOf(value), retired: value.status === 'retired', value, mark: `${id}/${version}` },
    ];
  });
}

/** Compiled once; null for one that can no longer be carried out: it was checked when it was stored. */
function openOf(content: Content, { key, value, mark }: Version, day: string): OpenProgramme | null {
  const known = opened.get(content) ?? new Map<string, OpenProgramme | null>();
  opened.set(content, known);
  const products = catalogueOn(content, day);
  const name = `${day}|${key}|${value.version}|${mark}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  if (known.size >= MOST_OPEN) known.clear();
  const made = attempt(() => openProgramme(value, products, mark));
  known.set(name, made);
  return made;
}

function attempt(open: () => OpenProgramme): OpenProgramme | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
