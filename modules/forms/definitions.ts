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

const PUBLISHED: [string, string] = ['status', 'active,retired'];

/** Most forms of the record that are looked at; a province has some hundred. */
const MOST = '1000';
/** Forms of the record that stay in memory with their rules; a long one takes a megabyte. */
const MOST_KEPT = 100;

export function openDefinitions(content: Content, gate: Gate): Definitions {
  const same = keptForms();
  const stored = async (more: [string, string][]): Promise<Definition[]> => {
    const found = await gate.system('forms').search('Questionnaire', [...more, ['_count', MOST]]);
    return found.matches.flatMap((form) => storedDefinition(form));
  };
  const all = async () => together(contentDefinitions(content), await stored([PUBLISHED]));
  const inForce = async (day: string) => [...newestOn(await all(), day).values()];
  /** Of one address. */
  const ofAddress = async (url: string, day: string) => {
    const own = contentDefinitions(content).filter((one) => one.url === url);
    const found = newestOn(together(own, await stored([['url', url], PUBLISHED])), day).get(url);
    return found ? { ...found, form: same(found.form) } : null;
  };
  return {
    all,
    inForce,
    async find(key, day) {
      const ours = await ofAddress(FORM_BASE + key, day);
      if (ours) return ours;
      const [named] = await stored([['_id', key], PUBLISHED]);
      const found = named ? await ofAddress(named.url, day) : null;
      return found && (found.key === key || found.id === key) ? found : null;
    },
    async pinned(canonical) {
      const [url, version] = splitCanonical(canonical);
      const versions = [
        ...contentDefinitions(content).filter((one) => one.url === url),
        ...(await stored([['url', url]])),
      ];
      const found = versions.filter((one) => one.version === version).at(-1);
      return found ? same(found.form) : null;
    },
  };
}

/** Of the content and of the record, oldest first; what stands in both is the content's. */
function together(own: readonly Definition[], stored: readonly Definition[]): Definition[] {
  const known = new Set(own.map(({ form }) => canonicalOf(form)));
  return [...own, ...stored.filter(({ form }) => !known.has(canonicalOf(form)))].sort(
    (a, b) => compare(a.key, b.key) || compare(a.from, b.from) || byNumber.compare(a.version, b.version),
  );
}

/** The same object for the same stored version, so that its rules are compiled once. */
function keptForms(): (form: Questionnaire) => Questionnaire {
  const kept = new Map<string, { version: string; form: Questionnaire }>();
  return (form) => {
    const { id, meta } = form;
    const version = meta?.versionId;
    // A form of the content is the same object already.
    if (id === undefined || version === undefined) return form;
    const before = kept.get(id);
    if (before?.version === version) return before.form;
    // The one that was kept longest makes room.
    const [oldest] = kept.size < MOST_KEPT ? [] : kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
    kept.set(id, { version, form });
    return form;
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
