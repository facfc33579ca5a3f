/** Charges and claim of a finished visit, by the same arithmetic as those of the consulting room. Pure. */
import { ext } from '../../kernel/fhir/systems.ts';
import type { Encounter, Resource, ResourceOf, ResourceType } from '../../kernel/fhir/types.ts';
import { billVisit } from '../billing/index.ts';
import { coverageFacts, entitlementOn } from '../insurance/index.ts';
import type { BillingFacts, VisitPart } from './visit-part.ts';

/** @param resources of the visit, its Encounter first */
export function addBill(part: VisitPart, resources: readonly Resource[], facts: BillingFacts): void {
  const { visit, shelf, making } = part;
  const encounter = resources[0] as Encounter;
  const category = encounter.extension?.find((each) => each.url === ext.patientCategory)?.valueCoding?.code;
  const entitlement = entitlementOn(
    facts.coverage ? coverageFacts(facts.coverage) : null,
    {
      category: category ?? '',
      setting: 'outpatient',
      arrivedOn: visit.day,
      insuredTotal: null,
      copaidThisYear: null,
    },
    visit.day,
    making.content,
  );
  const bill = billVisit(
    {
      ...facts,
      encounter,
      entitlement,
      conditions: ofType('Condition', resources),
      observations: ofType('Observation', resources),
      serviceRequests: ofType('ServiceRequest', resources),
      medicationRequests: ofType('MedicationRequest', resources),
      date: visit.day,
    },
    making.content,
  );
  for (const resource of bill.resources) shelf.add(resource);
}

function ofType<T extends ResourceType>(type: T, resources: readonly Resource[]): ResourceOf<T>[] {
  return resources.filter((each) => each.resourceType === type) as ResourceOf<T>[];
}
