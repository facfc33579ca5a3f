/** What the makers of a visit's resources share. */
import type {
  CodeableConcept,
  Coverage,
  Encounter,
  Observation,
  Organization,
  Patient,
  Practitioner,
  Reference,
} from '../../kernel/fhir/types.ts';
import type { Making, Shelf } from './making.ts';
import type { Person } from './person.ts';
import type { Visit } from './visit.ts';

export const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';

export interface VisitContext {
  making: Making;
  person: Person;
  shelf: Shelf;
  insured: boolean;
  doctor: Reference<Practitioner>;
  /** Null for visits that are older than the bills. */
  billing: BillingFacts | null;
}

/** What a bill needs besides the visit's own resources. */
export interface BillingFacts {
  patient: Patient;
  /** Undefined for who has none that is in force on the day. */
  coverage: Coverage | undefined;
  practitioner: Practitioner;
  organization: Organization;
}

/** What the parts of a visit share. */
export interface VisitPart extends VisitContext {
  visit: Visit;
  encounter: Reference<Encounter>;
  /** Start and end with +07:00. */
  start: string;
  end: string;
}

export function concept(system: string, code: string): CodeableConcept {
  return { coding: [{ system, code }] };
}

/** An Observation of the visit without code and value. */
export function observation(category: string, part: VisitPart): Observation {
  return {
    resourceType: 'Observation',
    status: 'final',
    category: [concept(`${TERMINOLOGY}/observation-category`, category)],
    code: {},
    subject: part.shelf.patient,
    encounter: part.encounter,
    effectiveDateTime: part.start,
    performer: [part.doctor],
  };
}
