/**
 * Whose rows a resource lies among. Not the FHIR Patient compartment of a search (a resource may be in several), but
 * the one person by whom it is stored, found and protected.
 */
import type { Resource } from '../fhir/types.ts';
import { hash64 } from './hash.ts';

/**
 * Elements that name the person, most specific first. Only a literal `Patient/x` counts; a subject that is a Group,
 * Location or Device leaves the resource among the shared ones.
 */
export const SUBJECT_PATHS: readonly string[][] = [
  ['subject'],
  ['patient'],
  ['beneficiary'],
  ['individual'],
  ['candidate'],
  ['for'],
  ['participant', 'actor'],
  ['actor'],
  ['target'],
  ['deliverTo'],
  ['entity', 'what'],
];

/** Types that speak of many persons or of none, whatever they refer to. */
const SHARED_TYPES: ReadonlySet<string> = new Set([
  'Bundle',
  'Endpoint',
  'Group',
  'HealthcareService',
  'Linkage',
  'Location',
  'MessageHeader',
  'Organization',
  'OrganizationAffiliation',
  'Parameters',
  'PaymentNotice',
  'PaymentReconciliation',
  'Person',
  'PlanDefinition',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
  'ResearchStudy',
  'Slot',
  'Substance',
  'ValueSet',
]);

const PATIENT = 'Patient/';
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const VERSION = /^Patient\/([A-Za-z0-9\-.]{1,64})\/_history\/[A-Za-z0-9\-.]{1,64}$/;

/** True when resources of the type never belong to one person; they lie in table `shared`. */
export function isSharedType(type: string): boolean {
  return SHARED_TYPES.has(type);
}

/**
 * Id of the person a resource is stored under: a Patient's own id, else the first of its subject, patient,
 * beneficiary … that refers to a Patient; null for resources of no one person.
 */
export function patientOf(resource: Resource): string | null {
  if (resource.resourceType === 'Patient') return resource.id ?? null;
  if (SHARED_TYPES.has(resource.resourceType)) return null;
  for (const path of SUBJECT_PATHS) {
    const found = firstPatient(resource, path, 0);
    if (found !== null) return found;
  }
  return null;
}

/** Shard key of a person (`pt`); 0 is nobody's and marks shared resources. */
export function shardKey(patientId: string | null): bigint {
  return patientId === null ? 0n : hash64(`Patient/${patientId}`);
}

function firstPatient(node: unknown, path: string[], depth: number): string | null {
  if (typeof node !== 'object' || node === null) return null;
  if (Array.isArray(node)) {
    for (const item of node) {
      const found = firstPatient(item, path, depth);
      if (found !== null) return found;
    }
    return null;
  }
  const members = node as Record<string, unknown>;
  if (depth < path.length) return firstPatient(members[path[depth]!], path, depth + 1);
  return typeof members.reference === 'string' ? patientIn(members.reference) : null;
}

/** Asked four times of every resource that is written: hardly any names a version, and a test makes no garbage. */
function patientIn(reference: string): string | null {
  if (!reference.startsWith(PATIENT)) return null;
  const id = reference.slice(PATIENT.length);
  return ID.test(id) ? id : (VERSION.exec(reference)?.[1] ?? null);
}
