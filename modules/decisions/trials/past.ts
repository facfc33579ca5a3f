/** What was known of a person at an instant of the past: resources that are not younger. Pure. */
import type { Resource } from '../../../kernel/fhir/types.ts';

/** When a resource came to be known, by the elements that say so; null when none does. */
function instantOf(resource: Resource): number | null {
  const dated = resource as unknown as Record<string, string | { start?: string } | undefined>;
  for (const name of [
    'authoredOn',
    'effectiveDateTime',
    'recordedDate',
    'dateTime',
    'dateWritten',
    'whenHandedOver',
    'occurrenceDateTime',
    'issued',
    'onsetDateTime',
    'period',
    'effectivePeriod',
    'date',
  ]) {
    const value = dated[name];
    const text = typeof value === 'string' ? value : value?.start;
    const at = text === undefined ? Number.NaN : Date.parse(text);
    if (!Number.isNaN(at)) return at;
  }
  return null;
}

/** @param at epoch milliseconds; what carries no date counts as known */
export function knownAt<T extends Resource>(resources: readonly T[], at: number): T[] {
  return resources.filter((one) => (instantOf(one) ?? at) <= at);
}
