/** What the billing of a visit reads. Plain FHIR resources, so that the same facts bill a live visit and a loaded one. */
import type {
  Condition,
  Coverage,
  Encounter,
  MedicationRequest,
  Observation,
  Organization,
  Patient,
  Practitioner,
  Resource,
  ServiceRequest,
} from '../../kernel/fhir/types.ts';
import type { Benefit } from './visit-amounts.ts';

export interface VisitFacts {
  patient: Patient;
  /** As it will stand when the visit is finished: period.end, type, extensions set. */
  encounter: Encounter;
  coverage?: Coverage;
  /** `entitlementOn(…)` of modules/insurance for the day of the visit; insuredTotal may have been null. */
  entitlement: Benefit;
  conditions: readonly Condition[];
  observations: readonly Observation[];
  serviceRequests: readonly ServiceRequest[];
  medicationRequests: readonly MedicationRequest[];
  practitioner: Practitioner;
  organization: Organization;
  /** ISO day whose prices apply. */
  date: string;
  /** Reference of a resource; default `Type/id`. A transaction passes its own for resources that have no id yet. */
  referenceTo?: (resource: Resource) => string;
}
