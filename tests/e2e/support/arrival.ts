/** Somebody of the demo ranges who has checked in at the station of the demo staff: written, not typed at the desk. */
import { cs, DEMO_LABEL, ext, sid } from '../../../kernel/fhir/systems.ts';
import type { Resource } from '../../../kernel/fhir/types.ts';
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import type { Province } from './province.ts';

export const ROOM = '25D01-kham';

export interface Arrival {
  name: string;
  /** Twelve digits of a reserved range. */
  citizenNumber: string;
  ticket: string;
  /** FHIR date; default a woman of 1968. */
  birthDate?: string;
  gender?: 'male' | 'female';
  reason?: string;
  at?: Date;
}

/** The person and their visit that waits in the examination room. */
export function arrivalOf(province: Province, person: Arrival) {
  const { store } = province.program.kernel;
  const patient = store.newId('Patient');
  const encounter = store.newId('Encounter', patient);
  const subject = { reference: `Patient/${patient}` };
  const meta = { security: [DEMO_LABEL] };
  const [family, ...given] = person.name.split(' ');
  const resources: Resource[] = [
    {
      resourceType: 'Patient',
      id: patient,
      meta,
      identifier: [{ system: sid.cccd, value: person.citizenNumber }],
      name: [{ text: person.name, family, given }],
      gender: person.gender ?? 'female',
      birthDate: person.birthDate ?? '1968-04-12',
    },
    {
      resourceType: 'Encounter',
      id: encounter,
      meta,
      identifier: [
        { system: sid.episode, value: `25D01.e2e.${person.ticket}` },
        { system: sid.ticket, value: person.ticket },
      ],
      status: 'arrived',
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      type: [{ coding: [{ system: cs.visitType, code: '01' }] }],
      subject,
      serviceProvider: { reference: 'Organization/cs-25D01' },
      location: [{ location: { reference: `Location/${ROOM}`, display: 'Phòng khám' }, status: 'active' }],
      period: { start: vietnamInstant(person.at ?? new Date()) },
      reasonCode: [{ text: person.reason ?? 'Sốt, ho' }],
      extension: [{ url: ext.patientCategory, valueCoding: { system: cs.patientCategory, code: '9' } }],
    },
  ];
  return { patient, encounter, subject, meta, resources };
}

/** All of them in one transaction. */
export async function putAll(province: Province, resources: readonly Resource[]): Promise<void> {
  await province.program.kernel.gate.system('e2e').transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  });
}
