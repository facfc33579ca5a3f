/** A form that is itself a visit: who was seen at home or came without the desk has an Encounter, and everything typed belongs to it. Pure. */
import type { BundleEntry, Encounter, QuestionnaireResponse } from '../../kernel/fhir/types.ts';

const WRONG = 'entered-in-error';

const isVisit = (one: BundleEntry): one is BundleEntry & { resource: Encounter } =>
  one.resource?.resourceType === 'Encounter';

/**
 * What of a form's extraction is written. The Encounter of its template counts only where the response has no visit yet: one that
 * was opened in a visit, or falls on one, makes no second; taking a visit back stays.
 * @param facts extracted from the response as it is
 */
export function factsOf(response: QuestionnaireResponse, facts: readonly BundleEntry[]): BundleEntry[] {
  return facts.filter(
    (one) => !isVisit(one) || response.encounter === undefined || one.resource.status === WRONG,
  );
}

/**
 * The visit that a form makes, at the unit of who fills it; null when it has one, the form makes none, or nobody's unit could have it.
 * The response takes its `fullUrl` as its encounter, and is extracted again, so that each fact names the visit.
 */
export function ownVisit(
  response: QuestionnaireResponse,
  facts: readonly BundleEntry[],
  unit: string | null,
): (BundleEntry & { fullUrl: string; resource: Encounter }) | null {
  const made = facts.find(isVisit);
  if (response.encounter !== undefined || unit === null || made?.fullUrl === undefined) return null;
  const serviceProvider = made.resource.serviceProvider ?? { reference: `Organization/${unit}` };
  return { ...made, fullUrl: made.fullUrl, resource: { ...made.resource, serviceProvider } };
}

/** Without the visit that nobody's unit could have. */
export const withoutVisits = (facts: readonly BundleEntry[]): BundleEntry[] =>
  facts.filter((one) => !isVisit(one));
