/** A check-in as one transaction: the visit and, when the card says something new, the coverage. Pure. */
import type { Content } from '../../../kernel/content/content.ts';
import { cs, ext, sid } from '../../../kernel/fhir/systems.ts';
import type { Bundle, BundleEntry, Coverage, Encounter, Meta, Patient } from '../../../kernel/fhir/types.ts';
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import {
  type CoverageFacts,
  categoryOn,
  coverageOf,
  isSameCard,
  sameCoverage,
} from '../../insurance/index.ts';
import { nameOf as personName } from '../../people/index.ts';
import type { CheckInRequest } from './check-in-request.ts';
import { ticketText } from './tickets.ts';

export interface CheckInFacts {
  request: CheckInRequest;
  patient: Patient;
  /** All coverages of the person. */
  coverages: Coverage[];
  /** Organization id and insurer's code of the unit. */
  unit: { id: string; code: string; name: string };
  room: { id: string; name: string };
  /** MA_DOITUONG_KCB that was decided. */
  category: string;
  ticket: { number: number; at: Date };
  /** ISO day. */
  today: string;
}

/** The visit is created only when none has its episode number, so that a repeated request writes nothing. */
export function checkInBundle(facts: CheckInFacts, content: Content): Bundle {
  const encounter = encounterOf(facts, content);
  const episode = encounter.identifier?.find((each) => each.system === sid.episode)?.value;
  const entry: BundleEntry[] = [
    {
      fullUrl: `urn:uuid:${crypto.randomUUID()}`,
      resource: encounter,
      request: { method: 'POST', url: 'Encounter', ifNoneExist: `identifier=${sid.episode}|${episode}` },
    },
  ];
  const coverage = facts.request.coverage && coverageEntry(facts.request.coverage, facts);
  if (coverage) entry.push(coverage);
  return { resourceType: 'Bundle', type: 'transaction', entry };
}

function encounterOf(
  { request, patient, unit, room, category, ticket, today }: CheckInFacts,
  content: Content,
): Encounter {
  const number = ticketText(ticket.number);
  const start = vietnamInstant(ticket.at);
  const type = content.inForce('catalog/loai-kcb', today).find((row) => row.code === request.visitType);
  return {
    resourceType: 'Encounter',
    ...labelOf(patient),
    extension: [
      {
        url: ext.patientCategory,
        valueCoding: {
          system: cs.patientCategory,
          code: category,
          display: categoryOn(category, today, content)?.name,
        },
      },
      { url: ext.identifiedBy, valueCode: request.identifiedBy },
    ],
    identifier: [
      { system: sid.episode, value: episodeNumber(unit.code, room.id, ticket) },
      { system: sid.ticket, value: number },
    ],
    status: 'arrived',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'ambulatory' },
    type: [{ coding: [{ system: cs.visitType, code: request.visitType, display: type?.display }] }],
    priority: {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/v3-ActPriority',
          code: request.urgent ? 'EM' : 'R',
          display: request.urgent ? 'emergency' : 'routine',
        },
      ],
    },
    subject: { reference: `Patient/${patient.id}`, display: personName(patient) },
    period: { start },
    reasonCode: [{ text: request.reason }],
    location: [{ location: { reference: `Location/${room.id}`, display: room.name }, status: 'active' }],
    serviceProvider: { reference: `Organization/${unit.id}`, display: unit.name },
  };
}

/** MA_LK: `25D01.202611220805.kham-007`. Tickets are counted per room, so the room makes it unique. */
export function episodeNumber(code: string, room: string, ticket: { number: number; at: Date }): string {
  const inUnit = room.startsWith(`${code}-`) ? room.slice(code.length + 1) : room;
  return `${code}.${stamp(vietnamInstant(ticket.at))}.${inUnit}-${ticketText(ticket.number)}`;
}

/** `2026-11-22T08:05:09+07:00` → `202611220805`. */
function stamp(instant: string): string {
  return instant.slice(0, 16).replace(/[-T:]/g, '');
}

/** Null when the record already says what the card says. */
function coverageEntry(said: CoverageFacts, { patient, coverages }: CheckInFacts): BundleEntry | null {
  const previous = coverages.find((each) => isSameCard(said, each));
  const next = { ...labelOf(patient), ...coverageOf(said, patient.id ?? '', previous) };
  if (!previous) {
    return {
      fullUrl: `urn:uuid:${crypto.randomUUID()}`,
      resource: next,
      request: { method: 'POST', url: 'Coverage' },
    };
  }
  if (sameCoverage(next, previous)) return null;
  const ifMatch = `W/"${previous.meta?.versionId}"`;
  return { resource: next, request: { method: 'PUT', url: `Coverage/${previous.id}`, ifMatch } };
}

/** A demo person's records are demo records. */
function labelOf(patient: Patient): { meta?: Meta } {
  const security = patient.meta?.security;
  return security && security.length > 0 ? { meta: { security } } : {};
}
