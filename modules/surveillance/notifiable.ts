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
  if (!found) return null;
  return {
    disease: found.disease ?? '',
    name: found.name ?? '',
    group: found.group ?? '',
    withinHours: found.within_hours ? Number(found.within_hours) : null,
  };
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
