/** Forms by key, canonical address and day: those of the content and those stored in the record stand beside each other by version. */
import { formVersions } from '../../engines/forms/index.ts';
import type { Gate } from '../../kernel/access/contract.ts';
import type { Content } from '../../kernel/content/content.ts';
import type { Questionnaire } from '../../kernel/fhir/types.ts';

export const FORM_BASE = 'http://yba.vn/fhir/Questionnaire/';

/** One version of a form. */
export interface Definition {
  /** Last part of the canonical address; of a form of another house its id in the record. */
  key: string;
  url: string;
  version: string;
  /** First and last day, ISO, inclusive; '' = since ever, null = open. */
  from: string;
  to: string | null;
  /** Id in the record; null = a file of the content. */
  id: string | null;
  form: Questionnaire;
}

export interface Definitions {
  /** Every version that was ever in force or will be, by key and first day. */
  all(): Promise<Definition[]>;
  /** What is filled in on a day: of every form the version that began last. */
  inForce(day: string): Promise<Definition[]>;
  /** The version in force on a day; null when there is none. */
  find(key: string, day: string): Promise<Definition | null>;
  /** The very version of `url|version`, whether it is in force or not. */
  pinned(canonical: string): Promise<Questionnaire | null>;
}

/** Most forms of the record that are looked at; a province has some hundred. */
const MOST = '1000';

export function openDefinitions(content: Content, gate: Gate): Definitions {
  const stored = async (more: [string, string][]): Promise<Definition[]> => {
    const found = await gate.system('forms').search('Questionnaire', [...more, ['_count', MOST]]);
    return found.matches.flatMap((form) => storedDefinition(form));
  };
  const all = async () => {
    const own = contentDefinitions(content);
    const known = new Set(own.map(({ form }) => canonicalOf(form)));
    const others = (await stored([['status', 'active,retired']])).filter(
      ({ form }) => !known.has(canonicalOf(form)),
    );
    return [...own, ...others].sort(
      (a, b) => compare(a.key, b.key) || compare(a.from, b.from) || byNumber.compare(a.version, b.version),
    );
  };
  const inForce = async (day: string) => [...newestOn(await all(), day).values()];
  return {
    all,
    inForce,
    find: async (key, day) => (await inForce(day)).find((one) => one.key === key || one.id === key) ?? null,
    async pinned(canonical) {
      const [url, version] = splitCanonical(canonical);
      const versions = [
        ...contentDefinitions(content).filter((one) => one.url === url),
        ...(await stored([['url', url]])),
      ];
      const found = versions.filter((one) => one.version === version).at(-1);
      return found?.form ?? null;
    },
  };
}

/** `url|version` of a form; the address alone for one that has no version. */
export function canonicalOf({ url = '', version }: Pick<Questionnaire, 'url' | 'version'>): string {
  return version ? `${url}|${version}` : url;
}

export function splitCanonical(canonical: string): [url: string, version: string] {
  const at = canonical.lastIndexOf('|');
  return at < 0 ? [canonical, ''] : [canonical.slice(0, at), canonical.slice(at + 1)];
}

/** Of each address the version in force on a day. A version that has ended leaves no gap for an older one to come back. */
export function newestOn(definitions: readonly Definition[], day: string): Map<string, Definition> {
  const newest = new Map<string, Definition>();
  for (const one of definitions) {
    const known = newest.get(one.url);
    if (one.from <= day && (!known || known.from <= one.from)) newest.set(one.url, one);
  }
  for (const [url, { to, form }] of newest) {
    if ((to !== null && to < day) || form.status === 'retired') newest.delete(url);
  }
  return newest;
}

function contentDefinitions(content: Content): Definition[] {
  return formVersions(content).map(({ key, from, to, value }) => ({
    key,
    url: value.url!,
    version: value.version!,
    from,
    to,
    id: null,
    form: value,
  }));
}

function storedDefinition(form: Questionnaire): Definition[] {
  if (!form.url || !form.id) return [];
  const key = form.url.startsWith(FORM_BASE) ? form.url.slice(FORM_BASE.length) : form.id;
  const from = (form.effectivePeriod?.start ?? form.date ?? '').slice(0, 10);
  const to = form.effectivePeriod?.end?.slice(0, 10) ?? null;
  return [{ key, url: form.url, version: form.version ?? '', from, to, id: form.id, form }];
}

/** `2026-12-01.10` comes after `2026-12-01.2`. */
const byNumber = new Intl.Collator('en', { numeric: true });

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
