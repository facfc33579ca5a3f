/**
 * Definitions with a first day of validity, one file a version: `content/<folder>/<key>/<valid-from>.json`. The version in
 * force is the newest that has begun; it ends on the day before the next one begins, or earlier where it says so itself.
 */
import type { Content } from './content.ts';

export interface Dated<T> {
  key: string;
  /** First day, ISO. */
  from: string;
  /** Last day, ISO, inclusive; null = open. */
  to: string | null;
  /** Below `content/`, with ending. */
  file: string;
  value: T;
}

/** What a definition may say of its own end: FHIR's effectivePeriod, or `validTo`. ISO dates, inclusive. */
interface Ending {
  effectivePeriod?: { end?: string };
  validTo?: string;
}

const FILE = /^([a-z0-9][a-z0-9-]*)\/(\d{4}-\d{2}-\d{2})\.json$/;

/** Every version of every definition in a folder, by key and day. Other files of the folder (samples, templates) are passed over. */
export function datedFiles<T>(content: Content, folder: string): Dated<T>[] {
  const versions = content.files(folder).flatMap((name) => {
    const [, key, from] = FILE.exec(name) ?? [];
    return key !== undefined && from !== undefined ? [{ key, from, name }] : [];
  });
  return versions.map(({ key, from, name }, at) => {
    const value = content.json<T>(`${folder}/${name.slice(0, -'.json'.length)}`);
    const next = versions[at + 1];
    const before = next?.key === key ? dayBefore(next.from) : null;
    return {
      key,
      from,
      to: earlier(before, endOf(value as Ending | null)),
      file: `${folder}/${name}`,
      value,
    };
  });
}

/** The version in force on an ISO day; null when none is. */
export function datedOn<T>(content: Content, folder: string, key: string, day: string): Dated<T> | null {
  const versions = datedFiles<T>(content, folder).filter((one) => one.key === key);
  return versions.find(({ from, to }) => from <= day && (to === null || day <= to)) ?? null;
}

/** What is no text is no end: the check of the definition names it. */
function endOf(value: Ending | null): string | null {
  const end: unknown = value?.effectivePeriod?.end ?? value?.validTo;
  return typeof end === 'string' ? end.slice(0, 10) : null;
}

const earlier = (a: string | null, b: string | null) => (a === null || b === null ? (a ?? b) : a < b ? a : b);

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
