/** The form that a canonical address names: of the record, or of the content. */
import type { Content } from '../../kernel/content/content.ts';
import { readStoredJson } from '../../kernel/fhir/json/read.ts';
import type { Questionnaire } from '../../kernel/fhir/types.ts';
import type { StoredVersion } from '../../kernel/store/contract.ts';
import { contentForm } from './content.ts';

/** Finds Questionnaires in the record. */
export type FindForms = (params: [string, string][]) => Promise<{ matches: StoredVersion[] }>;

export interface FormSource {
  content: Content;
  /** ISO day in Viet Nam. */
  today(): string;
  search: FindForms;
}

/** Forms of the record that were read, by the version that was read: an object once compiled stays compiled. */
const MOST_KEPT = 200;
const kept = new Map<string, Questionnaire>();

export function storedForm({ id, version, body }: StoredVersion): Questionnaire {
  const key = `${id}/${version}/${body.length}`;
  let form = kept.get(key);
  if (!form) {
    if (kept.size >= MOST_KEPT) kept.clear();
    form = readStoredJson(body) as Questionnaire;
    kept.set(key, form);
  }
  return form;
}

export function splitCanonical(canonical: string): [url: string, version: string | undefined] {
  const [whole = ''] = canonical.split('#');
  const [url = '', version] = whole.split('|');
  return [url, version];
}

/**
 * By its version exactly; without one the version in force. What stands in the record goes before the content. Null for what nobody
 * knows.
 */
export async function findForm(source: FormSource, canonical: string): Promise<Questionnaire | null> {
  const [url, version] = splitCanonical(canonical);
  if (url === '') return null;
  const { matches } = await source.search([
    ['url', url],
    ...(version === undefined ? [] : ([['version', version]] as [string, string][])),
    ['_sort', '-_lastUpdated'],
    ['_count', '50'],
  ]);
  const stored = matches.map(storedForm);
  const day = source.today();
  const best =
    stored.find((one) => one.status === 'active' && isInForce(one, day)) ??
    stored.find(({ status }) => status === 'active');
  if (best && version === undefined) return newest(best, contentForm(source.content, url, version, day));
  return best ?? contentForm(source.content, url, version, day) ?? stored[0] ?? null;
}

function isInForce({ effectivePeriod }: Questionnaire, day: string): boolean {
  const { start, end } = effectivePeriod ?? {};
  return (start === undefined || start.slice(0, 10) <= day) && (end === undefined || day <= end.slice(0, 10));
}

const beginOf = ({ effectivePeriod, version }: Questionnaire) => effectivePeriod?.start ?? version ?? '';

/** Of two that are in force the one that began later. */
function newest(stored: Questionnaire, content: Questionnaire | null): Questionnaire {
  return content && beginOf(content) > beginOf(stored) ? content : stored;
}
