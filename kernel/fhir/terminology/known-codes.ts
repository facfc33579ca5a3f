/** Codes that are known without being stored in the record: the content's lists. */
import type { ValueSetJson } from './code-set.ts';
import type { CodeSystemView } from './system.ts';
import type { ListInfo, Terminology } from './terminology.ts';

/** What the search of the store needs; it knows neither content nor days. */
export interface KnownCodes {
  /** Null for a system that is not known here. A list stands as it is today. */
  system(url: string): CodeSystemView | null;
  valueSet(url: string): ValueSetJson | null;
}

/** @param today ISO day, asked at each question */
export function knownCodes(terminology: Terminology, today: () => string): KnownCodes {
  return {
    system: (url) => listOf(terminology, url) && terminology.system(url, today()),
    valueSet: (url) => {
      const list = terminology.lists().find(({ valueSet }) => valueSet === url);
      return list ? wholeSystem(list) : null;
    },
  };
}

/** By its URL alone; the name of a list is no canonical. */
export function listOf(terminology: Terminology, url: string): ListInfo | null {
  const list = terminology.list(url);
  return list?.system === url ? list : null;
}

/** The value set of all codes of a list, as a resource (R4 codesystem.html, CodeSystem.valueSet). */
export function wholeSystem(list: ListInfo) {
  return {
    resourceType: 'ValueSet' as const,
    url: list.valueSet,
    name: nameOf(list.list),
    title: list.title,
    status: 'active' as const,
    immutable: true,
    ...(list.notice === '' ? {} : { copyright: list.notice }),
    compose: { include: [{ system: list.system }] },
  };
}

/** A name for machines (R4 vsd-0): `icd-10` → `Icd10`. */
export function nameOf(list: string): string {
  return list
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
