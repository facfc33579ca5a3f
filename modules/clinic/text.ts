/** Small readings of FHIR resources that every part of the clinic needs. Pure. */
import { cs, sid } from '../../kernel/fhir/systems.ts';
import type {
  CodeableConcept,
  Encounter,
  Extension,
  Identifier,
  Patient,
  Reference,
  Resource,
} from '../../kernel/fhir/types.ts';
import { firstDayOf } from '../../kernel/text/vietnam-time.ts';

export function codeOf(concept: CodeableConcept | undefined, system: string): string {
  return concept?.coding?.find((coding) => coding.system === system)?.code ?? '';
}

export function nameOf(concept: CodeableConcept | undefined): string {
  return concept?.text ?? concept?.coding?.find((coding) => coding.display)?.display ?? '';
}

export function identifierOf(holder: { identifier?: Identifier[] }, system: string): string {
  return holder.identifier?.find((one) => one.system === system)?.value ?? '';
}

export function extensionOf(holder: { extension?: Extension[] }, url: string): Extension | undefined {
  return holder.extension?.find((one) => one.url === url);
}

/** The holder's extensions with this one in place of its namesake. */
export function withExtension(holder: { extension?: Extension[] }, extension: Extension): Extension[] {
  return [...(holder.extension ?? []).filter((one) => one.url !== extension.url), extension];
}

/** `'Patient/x'` → `'x'`; '' when there is no reference. */
export function idOf(reference: { reference?: string } | undefined): string {
  return reference?.reference?.split('/').at(-1) ?? '';
}

/** meta.versionId as a number. */
export function versionOf(resource: Resource): number {
  return Number(resource.meta?.versionId ?? 0);
}

export function episodeOf(encounter: Encounter): string {
  return identifierOf(encounter, sid.episode) || (encounter.id ?? '');
}

/** The Vietnamese day on which the visit began; '' when the record does not say. */
export function dayOfVisit(encounter: Encounter): string {
  const start = encounter.period?.start;
  return start ? firstDayOf(start) : '';
}

/** Ticket of the room's day as reception gave it. */
export function ticketOf(encounter: Encounter): string {
  return identifierOf(encounter, sid.ticket);
}

/** The physician who sees the patient (participant of type ATND); of a finished visit, the last who did. */
export function attendingOf(encounter: Encounter): { id: string; name: string } | null {
  const attending = (encounter.participant ?? []).filter((one) =>
    one.type?.some((type) => type.coding?.some((coding) => coding.code === 'ATND')),
  );
  const participant = attending.find((one) => !one.period?.end) ?? attending.at(-1);
  if (!participant?.individual) return null;
  return { id: idOf(participant.individual), name: participant.individual.display ?? '' };
}

export const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';

export function isUrgent(encounter: Encounter): boolean {
  return encounter.priority?.coding?.some((coding) => coding.code === 'EM') ?? false;
}

/** The patient of a visit; visits of groups are not made here. */
export function patientReference(encounter: Encounter): Reference<Patient> {
  return { reference: encounter.subject?.reference };
}

export function visitTypeOf(encounter: Encounter): string {
  return codeOf(encounter.type?.[0], cs.visitType);
}
