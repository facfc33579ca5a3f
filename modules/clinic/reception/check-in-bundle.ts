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
import { identifierOf } from '../text.ts';
import { OPEN } from './arrival.ts';
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
  /** The person's open visits here beside which this one may stand. */
  beside: Encounter[];
}

/**
 * The visit is created only when no other one of the person is open here. The condition is asked inside the commit, so
 * that of two desks at once, also of two programs on one database, one makes the visit and the other finds it.
 */
export function checkInBundle(facts: CheckInFacts, content: Content): Bundle {
  const entry: BundleEntry[] = [
    {
      fullUrl: `urn:uuid:${crypto.randomUUID()}`,
      resource: encounterOf(facts, content),
      request: { method: 'POST', url: 'Encounter', ifNoneExist: noOtherOpen(facts) },
    },
  ];
  const coverage = facts.request.coverage && coverageEntry(facts.request.coverage, facts);
  if (coverage) entry.push(coverage);
  return { resourceType: 'Bundle', type: 'transaction', entry };
}

/** A visit of a partner's system may have no episode number: then only the same number is not made twice. */
function noOtherOpen({ patient, unit, room, ticket, beside }: CheckInFacts): string {
  const own = (episode: string) => `${sid.episode}|${episode.replace(/[\\,|$]/g, '\\$&')}`;
  const numbers = beside.map((visit) => identifierOf(visit, sid.episode)).sort();
  if (numbers.includes('')) {
    return String(new URLSearchParams({ identifier: own(episodeNumber(unit.code, room.id, ticket)) }));
  }
  return String(
    new URLSearchParams({
      patient: `Patient/${patient.id}`,
      'service-provider': `Organization/${unit.id}`,
      status: OPEN,
      ...(numbers.length > 0 ? { 'identifier:not': numbers.map(own).join(',') } : {}),
    }),
  );
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
      request: { method: 'POST', url: 'Coverage', ...ifUnknown(next) },
    };
  }
  if (sameCoverage(next, previous)) return null;
  const ifMatch = `W/"${previous.meta?.versionId}"`;
  return { resource: next, request: { method: 'PUT', url: `Coverage/${previous.id}`, ifMatch } };
}

/** Of two desks at once that are shown one card, one writes it. */
function ifUnknown({ identifier, beneficiary }: Coverage): { ifNoneExist?: string } {
  const number = identifier?.find((each) => each.system === sid.bhyt)?.value;
  return number
    ? { ifNoneExist: `beneficiary=${beneficiary.reference}&identifier=${sid.bhyt}|${number}` }
    : {};
}

/** A demo person's records are demo records. */
function labelOf(patient: Patient): { meta?: Meta } {
  const security = patient.meta?.security;
  return security && security.length > 0 ? { meta: { security } } : {};
}
