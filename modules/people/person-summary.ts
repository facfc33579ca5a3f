/** What is shown of a person: little in a list (enough to choose), more in the banner. Pure. */
import { DEMO_LABEL, sid } from '../../kernel/fhir/systems.ts';
import type { AllergyIntolerance, Encounter, Flag, Patient } from '../../kernel/fhir/types.ts';
import { saysNone, stands } from './allergy-facts.ts';
import { currentAddress, factsOf } from './person-facts.ts';

/** One line of a list of people: no whole number, no phone, no street. */
export interface PersonLine {
  id: string;
  name: string;
  gender: string;
  birthDate: string | null;
  /** ISO day, or `true` when only the fact is known; null = alive. */
  deceased: string | true | null;
  /** Masked: `CCCD ····0001`. */
  identifiers: { label: string; value: string }[];
  /** Commune and no more. */
  address: string | null;
  /** An open visit at the asking unit. */
  openVisit: { id: string; ticket: string | null; room: string | null } | null;
  /** Version of the Patient, for If-Match. */
  version: number;
}

const LABELS: [string, string][] = [
  [sid.cccd, 'CCCD'],
  [sid.bhxh, 'BHXH'],
  [sid.patientCode, 'Mã BN'],
  [sid.cmnd, 'CMND'],
  [sid.passport, 'Hộ chiếu'],
];

export function lineOf(patient: Patient, openVisit: PersonLine['openVisit']): PersonLine {
  const facts = factsOf(patient);
  return {
    id: patient.id ?? '',
    name: facts.name,
    gender: patient.gender ?? 'unknown',
    birthDate: facts.birthDate,
    deceased: deceasedOf(patient),
    identifiers: identifiersOf(patient).map(({ label, value }) => ({ label, value: masked(value) })),
    address: currentAddress(patient)?.city ?? null,
    openVisit,
    version: Number(patient.meta?.versionId ?? 0),
  };
}

/** Last four characters after four dots; shorter numbers show their last two. */
export function masked(value: string): string {
  return `····${value.slice(value.length > 6 ? -4 : -2)}`;
}

/** Numbers in use, most telling first. */
export function identifiersOf(patient: Patient): { label: string; value: string }[] {
  return LABELS.flatMap(([system, label]) => {
    const value = patient.identifier?.find((each) => each.system === system && each.use !== 'old')?.value;
    return value ? [{ label, value }] : [];
  });
}

/** `true` when the record says that the person died and not when; null = alive as far as is known. */
export function deceasedOf(patient: Patient): string | true | null {
  if (patient.deceasedDateTime) return patient.deceasedDateTime;
  return patient.deceasedBoolean ? true : null;
}

/** Answer of `GET /api/people/:id/banner`: what `PatientBanner` draws, and what the desk asks for besides. */
export interface Banner {
  id: string;
  version: number;
  name: string;
  gender: string;
  birthDate: string | null;
  deceased: string | null;
  identifiers: { label: string; value: string }[];
  allergies: { text: string; high: boolean }[];
  /** False: nobody asked yet, or the reader may not see. */
  allergiesKnown: boolean;
  /** True: the record is closed to this reader, so nothing is known of none; it tells nothing of what it holds. */
  allergiesClosed: boolean;
  flags: { text: string; tone: 'danger' | 'look' | 'info' }[];
  phone: string | null;
  address: string | null;
  commune: { code: string | null; name: string | null };
  openVisits: {
    id: string;
    ticket: string | null;
    room: string | null;
    status: string;
    start: string | null;
  }[];
  demo: boolean;
}

interface Around {
  allergies: AllergyIntolerance[];
  flags: Flag[];
  visits: Encounter[];
  /** The record holds allergies that this reader may not see. */
  closed?: boolean;
}

export function bannerOf(patient: Patient, { allergies, flags, visits, closed = false }: Around): Banner {
  const facts = factsOf(patient);
  const deceased = deceasedOf(patient);
  const standing = allergies.filter(stands);
  return {
    id: patient.id ?? '',
    version: Number(patient.meta?.versionId ?? 0),
    name: facts.name,
    gender: patient.gender ?? 'unknown',
    birthDate: facts.birthDate,
    deceased: deceased === true ? 'unknown' : deceased,
    identifiers: identifiersOf(patient),
    allergies: standing
      .filter((each) => !saysNone(each))
      .map((each) => ({
        text: each.code?.text ?? each.code?.coding?.[0]?.display ?? each.code?.coding?.[0]?.code ?? '?',
        high: each.criticality === 'high',
      })),
    allergiesKnown: standing.length > 0,
    allergiesClosed: closed,
    flags: flags
      .filter((flag) => flag.status === 'active')
      .map((flag) => ({
        text: flag.code.text ?? flag.code.coding?.[0]?.display ?? '?',
        tone: 'look' as const,
      })),
    phone: facts.phones[0] ?? null,
    address: facts.address,
    commune: { code: facts.commune, name: currentAddress(patient)?.city ?? null },
    openVisits: visits.map(openVisitOf),
    demo: patient.meta?.security?.some((each) => each.code === DEMO_LABEL.code) ?? false,
  };
}

export function openVisitOf(visit: Encounter): Banner['openVisits'][number] {
  return {
    id: visit.id ?? '',
    ticket: visit.identifier?.find((each) => each.system === sid.ticket)?.value ?? null,
    room: visit.location?.at(-1)?.location.reference?.replace('Location/', '') ?? null,
    status: visit.status,
    start: visit.period?.start ?? null,
  };
}
