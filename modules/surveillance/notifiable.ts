/** Which disease of the notifiable list a diagnosis belongs to. Pure; the list is `content/surveillance/notifiable.csv`. */
import type { Row } from '../../kernel/content/content.ts';

export interface Notifiable {
  disease: string;
  name: string;
  /** A, B or C of the Law on Disease Prevention. */
  group: string;
  /** Hours within which the case must be reported; null when it is only counted. */
  withinHours: number | null;
}

/**
 * The row whose ICD-10 range holds the code, the narrowest range first (A83.0 Japanese encephalitis before A83–A86).
 *
 * @param rows rows of the list in force on the day of the diagnosis
 * @param code ICD-10 code with its dot, `A91.0`
 */
export function notifiableOf(rows: readonly Row[], code: string): Notifiable | null {
  const found = rows
    .filter((row) => inRange(code, row.icd_from ?? '', row.icd_to ?? ''))
    .sort(
      (a, b) => rangeWidth(a) - rangeWidth(b) || (b.icd_from ?? '').length - (a.icd_from ?? '').length,
    )[0];
  return found ? toNotifiable(found) : null;
}

/** A row of the list. */
export function toNotifiable(row: Row): Notifiable {
  return {
    disease: row.disease ?? '',
    name: row.name ?? '',
    group: row.group ?? '',
    withinHours: row.within_hours ? Number(row.within_hours) : null,
  };
}

/**
 * The ICD-10 categories (letter and two digits) that the ranges of the list touch, to leave out other diagnoses cheaply.
 * A range stays within its letter.
 */
export function categoriesOf(rows: readonly Row[]): string[] {
  const categories = rows.flatMap(({ icd_from = '', icd_to = '' }) => {
    const first = Number(icd_from.slice(1, 3));
    const count = Number(icd_to.slice(1, 3)) - first + 1;
    return Array.from({ length: icd_from === '' ? 0 : count }, (_, index) => {
      return icd_from.slice(0, 1) + String(first + index).padStart(2, '0');
    });
  });
  return [...new Set(categories)];
}

/** A three-character bound covers all its subdivisions: A90–A91 holds A91.0. */
function inRange(code: string, from: string, to: string): boolean {
  if (from === '') return false;
  return code.slice(0, from.length) >= from && code.slice(0, to.length) <= to;
}

function rangeWidth(row: Row): number {
  return row.icd_from === row.icd_to ? 0 : 1;
}

/** Instant by which the case must be reported, or null when it is only counted. */
export function reportDeadline(diagnosed: string, notifiable: Notifiable): string | null {
  if (notifiable.withinHours === null) return null;
  return new Date(Date.parse(diagnosed) + notifiable.withinHours * 3_600_000).toISOString();
}
